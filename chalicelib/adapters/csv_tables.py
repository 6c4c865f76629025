"""CSV and TSV: pieces of text to tables.

In come whole rows as bytes; out come Arrow tables of the known columns. Types are tried first, because that
is quickest; where a value is not of its type, the piece is read again as text, and SQL, which knows more
spellings, has the last word.
"""

import csv
from collections.abc import Mapping, Sequence

import pyarrow
from pyarrow import csv as arrow_csv

from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.row_pieces import LONGEST_ROW
from chalicelib.adapters.typed_text import typed
from chalicelib.core.report_columns import Read, by_column, known

_TIME = pyarrow.timestamp("us", "UTC")
_NAME = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
_TEXT = pyarrow.string()
_TYPES: Mapping[Read, pyarrow.DataType] = {
    "Key": _TEXT,
    "VersionId": _TEXT,
    "IsLatest": pyarrow.bool_(),
    "IsDeleteMarker": pyarrow.bool_(),
    "Size": _TEXT,  # Arrow's numbers may be hexadecimal
    "LastModifiedDate": _TIME,
    "LastAccessedDate": _TIME,
    "StorageClass": _NAME,
    "IsMultipartUploaded": pyarrow.bool_(),
    "EncryptionStatus": _NAME,
    "ChecksumAlgorithm": _NAME,
}
"""The columns that are read."""

_NO_END = "a quoted field has no end"


class Separated:
    """The parser of one file, whose columns have these names."""

    def __init__(self, names: Sequence[str], delimiter: str) -> None:
        self.columns = by_column(names)
        if "Key" not in self.columns:
            raise BadFile("nothing says which of its columns is the key")
        place = {name: each for each, name in self.columns.items()}
        # numbers, because names may be there twice; the first one counts
        self._names = [place.pop(each, str(at)) for at, each in enumerate(names)]
        self._wanted = [each for each in self._names if each in _TYPES]
        self._delimiter = delimiter

    def table(self, text: memoryview) -> pyarrow.Table:
        """The table of these rows. Raises `BadFile`."""
        try:
            return typed(self._read(text, _TYPES))
        except pyarrow.ArrowInvalid:
            pass
        try:
            return self._read(text, dict.fromkeys(_TYPES, _TEXT))
        except pyarrow.ArrowInvalid as exc:
            said = str(exc)  # with advice for programmers, where a quoted field has no end
            raise BadFile(_NO_END if "straddl" in said else said) from exc

    def _read(self, text: memoryview, types: Mapping[Read, pyarrow.DataType]) -> pyarrow.Table:
        return arrow_csv.read_csv(
            pyarrow.BufferReader(text),
            read_options=arrow_csv.ReadOptions(
                column_names=self._names, block_size=LONGEST_ROW, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=self._wanted,
                column_types={each: types[each] for each in self._wanted},  # type: ignore[index]
                null_values=[""],
                strings_can_be_null=False,
                true_values=["true", "TRUE", "True"],
                false_values=["false", "FALSE", "False"],
            ),
        )


def header_of(text: bytes, delimiter: str) -> tuple[tuple[str, ...], bytes] | None:
    """The names in the first row and what follows it, where the first row is one of names."""
    end = text.find(b"\n", 0, LONGEST_ROW) + 1 or len(text)
    try:
        row = next(csv.reader([text[:end].decode().rstrip("\r\n")], delimiter=delimiter), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    names = [known(each) for each in row]
    if "Key" not in names or len(row) != len([each for each in names if each is not None]):
        return None
    return tuple(row), text[end:]
