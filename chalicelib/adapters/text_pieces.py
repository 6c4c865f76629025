"""Text files to pieces: CSV and TSV, whose columns stand in the schema or in a first row, and JSON, whose
objects stand one a line or in an array.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

import duckdb
import pyarrow

from chalicelib.adapters.counting import Piece
from chalicelib.adapters.csv_tables import Separated, header_of
from chalicelib.adapters.json_tables import Objects, is_array
from chalicelib.adapters.key_spelling import KeySpelling
from chalicelib.adapters.row_pieces import BOM, line_end, objects, quoted_end, rows
from chalicelib.core.report_columns import reported, schema_names


def separated_pieces(
    text: Iterable[bytes], schema: str | None, delimiter: str, spelling: KeySpelling
) -> Iterator[Piece]:
    """Pieces of CSV or TSV, without the row of names, should there be one."""
    said = None if schema is None else schema_names(schema)
    first, rest = _begun(rows(text, quoted_end))
    header = header_of(first, delimiter)
    if header is not None and (said is None or header[0] == said):
        said, first = header
    parser = Separated(said or (), delimiter)
    columns = reported(parser.columns)
    if not first:
        yield Piece(pyarrow.table({}), columns)
    for each in chain((first,) if first else (), rest):
        yield Piece(spelling.mark(parser.table(each), each), columns)


def json_pieces(
    text: Iterable[bytes], schema: str | None, db: duckdb.DuckDBPyConnection, folder: str
) -> Iterator[Piece]:
    """Pieces of JSON."""
    first, rest = _begun(text)
    whole = chain((first,), rest)
    pieces = objects(whole) if is_array(first) else rows(whole, line_end)
    parser = None
    for each in pieces:
        parser = parser or Objects(db, folder, schema, each)
        yield Piece(parser.table(each), reported(parser.columns))
    if parser is None and schema is not None:
        yield Piece(pyarrow.table({}), reported(Objects(db, folder, schema, b"").columns))


def _begun(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first piece, without the mark that text may begin with, and the others."""
    left = iter(pieces)
    return next(left, b"").removeprefix(BOM), left
