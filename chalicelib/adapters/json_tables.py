"""JSON: pieces of text to tables.

In come pieces of whole objects, one a line or as an array; out come Arrow tables of the known columns, as
text: SQL makes of it what it should be. Members that are null or not there are empty. DuckDB parses from a
file, because that is how it is quickest.
"""

import json
import tempfile
from collections.abc import Mapping

import duckdb
import pyarrow

from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.row_pieces import LONGEST_ROW
from chalicelib.core.report_columns import Read, by_column, schema_names

_UNREAD = ("Bucket", "ETag")


class Objects:
    """The parser of one file. `columns` are the known ones with the names of their members."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, folder: str, schema: str | None, first: bytes, array: bool
    ) -> None:
        self._db = db
        self._folder = folder
        there = by_column(_members(first))
        said = there if schema is None else by_column(schema_names(schema))
        self.columns: Mapping[Read, str] = {each: there.get(each, name) for each, name in said.items()}
        if "Key" not in self.columns:
            raise BadFile("nothing says which of its members is the key")
        self._array = array

    def table(self, text: memoryview) -> pyarrow.Table:
        """The table of these objects. Raises `BadFile`."""
        read = [(each, name) for each, name in self.columns.items() if each not in _UNREAD]
        columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for _, name in read)
        named = ", ".join(f"{_name(name)} AS {_name(each)}" for each, name in read)
        form = "array" if self._array else "newline_delimited"
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".json") as file:
            file.write(text)
            file.flush()
            try:
                return self._db.sql(
                    f"""SELECT {named} FROM read_json({_literal(file.name)}, format = '{form}',
                    records = 'true', compression = 'uncompressed', maximum_object_size = {LONGEST_ROW},
                    columns = {{{columns}}})"""  # noqa: S608
                ).to_arrow_table()
            except duckdb.Error as exc:
                raise BadFile(str(exc).partition("\n")[0].replace(file.name, "the file")) from exc


def is_array(text: bytes) -> bool:
    """Whether a file that begins so is an array."""
    return text.lstrip()[:1] == b"["


def _members(text: bytes) -> tuple[str, ...]:
    """The names in the first object, none where there is none."""
    begun = text[:LONGEST_ROW].decode(errors="replace").lstrip().removeprefix("[").lstrip()
    try:
        found, _ = json.JSONDecoder().raw_decode(begun)
    except (ValueError, RecursionError):
        return ()
    return tuple(found) if isinstance(found, dict) else ()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
