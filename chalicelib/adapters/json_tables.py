"""JSON: pieces of text to tables.

In come pieces of whole objects, one a line or as an array; out come Arrow tables of the known columns.
Members that are null or not there are empty. DuckDB parses from a file, because that is how it is quickest.

An object may lack what others have, so that no object alone says how members are spelled. What is empty in a
piece is looked for in other spellings: in all of the piece while nothing of its column was found in the file,
and in the beginning of the piece after that. Where a file has several spellings, all become the first one.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Mapping

import duckdb
import pyarrow

from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.row_pieces import LONGEST_ROW
from chalicelib.adapters.typed_text import typed
from chalicelib.core.report_columns import SPELLED, Read, by_column, folded, schema_names

_UNREAD = ("Bucket", "ETag")

_BEGINNING = 256 * 1024
"""Bytes of a piece in which other spellings are looked for even where a column has one already."""

_FOLD = bytes(range(256)).lower()

_MEMBERS: Mapping[Read, re.Pattern[bytes]] = {
    column: re.compile(
        rb'(?<!\\)"((?:%s))"(?=\s*:)' % "|".join(f"_*{'_*'.join(each)}_*" for each in names).encode(), re.I
    )
    for column, names in SPELLED.items()
}
"""The members of a column in any spelling. A quote that ends the name cannot be one within a string."""


class Objects:
    """The parser of one file. `columns` are the known ones with the names of their members, so far.

    Where there is a schema, it says which columns there are; else those that an object has are there.
    """

    def __init__(
        self, db: duckdb.DuckDBPyConnection, folder: str, schema: str | None, first: bytes, array: bool
    ) -> None:
        self._db = db
        self._folder = folder
        self._array = array
        self._found = {each: [name] for each, name in by_column(_members(first)).items()}
        self._said = None if schema is None else by_column(schema_names(schema))
        if self._said is not None and "Key" not in self._said:
            raise BadFile("nothing says which of its members is the key")

    @property
    def columns(self) -> Mapping[Read, str]:
        if self._said is None:
            return {each: names[0] for each, names in self._found.items()}
        return {each: self._found.get(each, [name])[0] for each, name in self._said.items()}

    def table(self, text: memoryview) -> pyarrow.Table:
        """The table of these objects. Raises `BadFile`."""
        table = self._parsed(text)
        if self._look(text, table):
            table = self._parsed(text)
        return typed(table)

    def _read(self) -> dict[Read, str]:
        said: Iterable[Read] = SPELLED if self._said is None else self._said
        return {each: self.columns.get(each, each) for each in said if each not in _UNREAD}

    def _look(self, text: memoryview, table: pyarrow.Table) -> bool:
        """Whether there are spellings that were not known before."""
        is_new = False
        beginnings: dict[int, _Beginning] = {}
        for column, name in self._read().items():
            nulls = table.column(column).null_count
            if nulls < table.num_rows:
                self._found.setdefault(column, [name])
            if not nulls:
                continue
            length = _BEGINNING if column in self._found else len(text)
            if length not in beginnings:
                beginnings[length] = _Beginning(bytes(text[:length]))
            if beginnings[length].has_others(column, self._found.get(column, ())):
                names = self._found.setdefault(column, [])
                there = {each.decode() for each in _MEMBERS[column].findall(text[:length])}
                fresh = sorted(there.difference(names))
                names.extend(fresh)
                is_new = is_new or bool(fresh)
                if not names:
                    del self._found[column]
        return is_new

    def _as_read(self, text: memoryview) -> bytes | memoryview:
        """The text with one spelling of each member."""
        changed: bytes | memoryview = text
        for column, names in self._found.items():
            if len(names) > 1 and column not in _UNREAD:
                changed = _MEMBERS[column].sub(b'"%s"' % names[0].encode(), changed)
        return changed

    def _parsed(self, text: memoryview) -> pyarrow.Table:
        read = self._read()
        columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in read.values())
        named = ", ".join(f"{_name(name)} AS {_name(each)}" for each, name in read.items())
        form = "array" if self._array else "newline_delimited"
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".json") as file:
            file.write(self._as_read(text))
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


class _Beginning:
    """The beginning of a piece, as it is and with all names folded."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._folded = text.translate(_FOLD, b"_")

    def has_others(self, column: Read, names: Iterable[str]) -> bool:
        """Whether it may have members of the column under other names than these."""
        known = (each for each in names if folded(each) in SPELLED[column])
        return _quoted(self._folded, SPELLED[column]) != _quoted(self._text, known)


def _quoted(text: bytes, names: Iterable[str]) -> int:
    """How often these names are in quotes there."""
    return sum(text.count(b'"%s"' % each.encode()) for each in names)


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
