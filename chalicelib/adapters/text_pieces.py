"""Text files to pieces: CSV and TSV, whose columns stand in the schema or in a first row, and JSON, whose
objects stand one a line or in an array.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain

import duckdb
import pyarrow

from chalicelib.adapters.counting import Piece
from chalicelib.adapters.csv_tables import Separated, header_of
from chalicelib.adapters.json_tables import Objects, is_array
from chalicelib.adapters.key_spelling import KeySpelling
from chalicelib.adapters.reading_ahead import ahead
from chalicelib.adapters.row_pieces import BOM, LONGEST_ROW, QuotedEnd, line_end, objects, rows
from chalicelib.core.report_columns import reported, schema_names


def separated_pieces(
    text: Iterable[bytes], schema: str | None, delimiter: str, spelling: KeySpelling, size: int
) -> Iterator[Piece]:
    """Pieces of CSV or TSV, without the row of names, should there be one."""
    said = None if schema is None else schema_names(schema)
    first, rest = _begun(text)
    header = header_of(first, delimiter)
    if header is not None and (said is None or header[0] == said):
        said, first = header
    parser = Separated(said or (), delimiter)
    columns, is_empty = reported(parser.columns), True
    with closing(ahead(rows(chain((first,), rest), QuotedEnd(delimiter), size))) as pieces:
        for each in pieces:
            yield Piece(spelling.mark(parser.table(each)), columns)
            is_empty = False
    if is_empty:
        yield Piece(pyarrow.table({}), columns)


def json_pieces(
    text: Iterable[bytes], schema: str | None, db: duckdb.DuckDBPyConnection, folder: str, size: int
) -> Iterator[Piece]:
    """Pieces of JSON."""
    first, rest = _begun(text)
    array = is_array(first)
    whole = chain((first,), rest)
    parser = None
    with closing(ahead(objects(whole, size) if array else rows(whole, line_end, size))) as pieces:
        for each in pieces:
            parser = parser or Objects(db, folder, schema, bytes(each[:LONGEST_ROW]), array)
            table = parser.table(each)
            if table.num_rows or schema is not None:
                yield Piece(table, reported(parser.columns))
    if parser is None and schema is not None:
        yield Piece(pyarrow.table({}), reported(Objects(db, folder, schema, b"", array).columns))


def _begun(text: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The beginning of a text, at least as long as a row may be where it has so much, and the rest.

    It is without the mark that text may begin with.
    """
    left = iter(text)
    begun = b""
    for each in left:
        begun += each
        if len(begun) > LONGEST_ROW:
            break
    return begun.removeprefix(BOM), left
