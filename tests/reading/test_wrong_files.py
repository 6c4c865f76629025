"""Data files that cannot be what they should be are told as missing, with the reason, and harm no other."""

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow
import pytest
from pyarrow import orc, parquet

from chalicelib.adapters.bad_file import LONGEST_REASON
from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.manifest import DataFile
from chalicelib.core.summary_job import Part
from chalicelib.errors import PlatformAway, PlatformRefused
from tests.proofs import count
from tests.reading.reports import Files, task_of

SCHEMA = "Bucket, Key, Size, LastModifiedDate, IsLatest, StorageClass"
GOOD = ["photos", "a/b", "5", "2026-02-01T00:00:00.000Z", "true", "STANDARD"]
NAMES = SCHEMA.split(", ")


def text(*rows: list[str], delimiter: str = ",") -> bytes:
    return gzip.compress("".join(delimiter.join(f'"{each}"' for each in row) + "\n" for row in rows).encode())


def changed(column: str, value: str) -> list[str]:
    return [value if name == column else good for name, good in zip(NAMES, GOOD, strict=True)]


def lines(*objects: Any) -> bytes:
    return gzip.compress("".join(json.dumps(each) + "\n" for each in objects).encode())


def member(column: str, value: Any) -> dict[str, Any]:
    return dict(zip(NAMES, GOOD, strict=True)) | {column: value}


def columnar(write: Callable[..., None], **changes: Any) -> bytes:
    columns = {
        "Bucket": ["photos"],
        "Key": ["a/b"],
        "Size": [5],
        "IsLatest": [True],
        "StorageClass": ["STANDARD"],
    }
    made = {**columns, "LastModifiedDate": pyarrow.array([0], pyarrow.timestamp("ms", "UTC")), **changes}
    file = io.BytesIO()
    write(pyarrow.table({name: each for name, each in made.items() if each is not None}), file)
    return file.getvalue()


NO_KEY = pyarrow.array([None], "string")
TIME = pyarrow.array([0], pyarrow.timestamp("ns"))
GZ = text(GOOD)
PARQUET, ORC = columnar(parquet.write_table), columnar(orc.write_table)
WRONG: dict[str, tuple[str, bytes, str]] = {
    "cut off": ("CSV", GZ[:-9], "cut off"),
    "cut within the header": ("CSV", GZ[:5], "cut off"),
    "followed by something": ("CSV", GZ + b"<html>", "gzip"),
    "a broken stream": ("CSV", GZ[:20] + b"\xff\xff\xff" + GZ[23:], "gzip"),
    "a wrong checksum": ("CSV", GZ[:-8] + b"\0\0\0\0" + GZ[-4:], "gzip"),
    "a page": ("CSV", b"<html>Sign in</html>", "column"),
    "a bomb": ("CSV", gzip.compress(b"p,%b,5,,,\n" % (b"k" * 1000) * 70_000), "unfolds"),
    "a row without end": ("CSV", gzip.compress(b'"' + b"x\n" * 1_000_000), "a row has more than"),
    "a field longer than a row": ("CSV", gzip.compress(b"x" * 3_000_000 + b"\n"), "a row has more than"),
    "a longer key than there is": ("CSV", text(changed("Key", "k" * 1025)), "a key has 1025 bytes"),
    "no key": ("CSV", text(changed("Key", "")), "no key"),
    "a size of letters": ("CSV", text(changed("Size", "many")), "Size is no number"),
    "a size in another base": ("CSV", text(changed("Size", "0x10")), "Size is no number"),
    "a size that is not whole": ("CSV", text(changed("Size", "1.5")), "Size is no number"),
    "a size beyond measure": ("CSV", text(changed("Size", "9" * 30)), "9999"),
    "a negative size": ("CSV", text(changed("Size", "-1")), "less than nothing"),
    "a time that is none": ("CSV", text(changed("LastModifiedDate", "2026-13-01T00:00:00Z")), "2026-13"),
    "a time in words": ("CSV", text(changed("LastModifiedDate", "infinity")), "LastModifiedDate is no time"),
    "neither true nor false": ("CSV", text(changed("IsLatest", "yes")), "IsLatest is neither"),
    "a long storage class": ("CSV", text(changed("StorageClass", "S" * 101)), "a name has more than"),
    "too few columns": ("CSV", text(GOOD[:-1]), "6 columns"),
    "too many columns": ("TSV", text([*GOOD, "x"], delimiter="\t"), "6 columns"),
    "what is no UTF-8": ("CSV", gzip.compress(b'photos,a\xff,5,,true,STANDARD\n'), "UTF8"),
    "numbers for objects": ("JSON", lines(5), ""),
    "lists for objects": ("JSON", lines([1, 2]), ""),
    "an object without a key": ("JSON", lines({"Bucket": "photos", "Size": 5}), "no key"),
    "an object of null": ("JSON", lines(member("Key", None)), "no key"),
    "a size with a point": ("JSON", lines(member("Size", 1.5)), "Size is no number"),
    "a size of words": ("JSON", lines(member("Size", "many")), "Size is no number"),
    "a flag of numbers": ("JSON", lines(member("IsLatest", 1)), "IsLatest is neither"),
    "an object that is cut off": ("JSON", gzip.compress(b'{"Key": "a'), ""),
    "an array that is cut off": ("JSON", gzip.compress(b'[{"Key": "a"}, {"Key": "b"}'), "no end"),
    "an array of arrays": ("JSON", gzip.compress(b'[[{"Key": "a"}]]'), ""),
    "an object without end": ("JSON", gzip.compress(b'[{"Key": "' + b"x" * 5_000_000), "than"),
    "a line without end": ("JSON", gzip.compress(b'{"Key": "' + b"x" * 5_000_000), "a row has more than"),
    "no Parquet": ("Parquet", b"PAR1" + b"\0" * 100, ""),
    "Parquet cut off": ("Parquet", PARQUET[:-20], ""),
    "Parquet with noise": ("Parquet", PARQUET[:40] + b"\xff" * 60 + PARQUET[100:], ""),
    "Parquet without a column": ("Parquet", columnar(parquet.write_table, Size=None), "no column Size"),
    "Parquet with a list": ("Parquet", columnar(parquet.write_table, Size=[[1]]), "Size is list"),
    "Parquet with a broken number": ("Parquet", columnar(parquet.write_table, Size=[1.5]), "Size is double"),
    "Parquet without a key": ("Parquet", columnar(parquet.write_table, Key=NO_KEY), "no key"),
    "Parquet with other bytes": ("Parquet", columnar(parquet.write_table, Key=[b"\xff"]), "UTF8"),
    "no ORC": ("ORC", b"ORC" + b"\0" * 100, ""),
    "nothing at all": ("ORC", b"", ""),
    "ORC cut off": ("ORC", ORC[:-20], ""),
    "ORC without a column": ("ORC", columnar(orc.write_table, StorageClass=None), "no column StorageClass"),
    "ORC with a time for a size": ("ORC", columnar(orc.write_table, Size=TIME), "Size is timestamp"),
    "an unknown format": ("Avro", b"Obj\x01", "'Avro'"),
}  # fmt: skip
FORMATS_GOOD = {
    "CSV": GZ,
    "TSV": text(GOOD, delimiter="\t"),
    "JSON": lines(member("Size", 5)),
    "Parquet": PARQUET,
    "ORC": ORC,
}


def read(form: str, files: dict[str, bytes], named: tuple[DataFile, ...] | None = None) -> Part:
    task = task_of(files, form, SCHEMA)
    return ReportReader(Files(files), piece=100_000).read(replace(task, files=named or task.files))


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_missing_and_the_others_count(case: str) -> None:
    form, body, reason = WRONG[case]
    good = FORMATS_GOOD.get(form)
    files = {"wrong": body} if good is None else {"first": good, "wrong": body, "last": good}
    part = read(form, files)
    count("data files that cannot be what they should be")
    assert [each.key for each in part.missing] == ["wrong"]
    assert reason in part.missing[0].reason
    assert 0 < len(part.missing[0].reason) <= LONGEST_REASON
    assert part.missing[0].reason.isprintable()
    assert part.summary.rows == len(files) - 1


@pytest.mark.parametrize("form", FORMATS_GOOD)
@pytest.mark.parametrize("wrong", [{"md5": "0" * 32}, {"size": 7}, {"size": 10**9}, {"key": "elsewhere"}])
def test_a_file_that_is_not_the_one_in_the_manifest_is_missing(form: str, wrong: dict[str, Any]) -> None:
    files = {"first": FORMATS_GOOD[form]}
    task = task_of(files, form, SCHEMA)
    part = ReportReader(Files(files)).read(replace(task, files=(replace(task.files[0], **wrong),)))
    assert len(part.missing) == 1
    assert part.summary.rows == 0


def test_a_large_file_that_turns_out_wrong_at_its_end_counts_for_nothing() -> None:
    body = text(*[GOOD] * 5000, changed("Size", "many"))
    part = read("CSV", {"large": body, "small": GZ})
    assert [each.key for each in part.missing] == ["large"]
    assert part.summary.rows == 1


def test_a_manifest_without_sizes_and_sums_is_believed() -> None:
    part = read("CSV", {"first": GZ}, named=(DataFile("first", None, None),))
    assert (part.missing, part.summary.rows) == ((), 1)


def test_a_sum_that_is_none_is_not_compared() -> None:
    part = read("CSV", {"first": GZ}, named=(DataFile("first", len(GZ), "composite-2"),))
    assert (part.missing, part.summary.rows) == ((), 1)


@pytest.mark.parametrize("error", [PlatformAway("away"), PlatformRefused("no")])
@pytest.mark.parametrize("form", ["CSV", "ORC"])
def test_what_is_the_platforms_fault_is_no_fault_of_the_file(form: str, error: Exception) -> None:
    files = FailingFiles({"first": FORMATS_GOOD[form]}, error)
    with pytest.raises(type(error)):
        ReportReader(files).read(task_of(files.files, form, SCHEMA))


class FailingFiles(Files):
    """Fails after the first bytes."""

    def __init__(self, files: dict[str, bytes], error: Exception) -> None:
        super().__init__(files)
        self._error = error

    def stream(self, bucket: str, key: str) -> Any:
        found = super().stream(bucket, key)
        assert found is not None
        return _Failing(found, self._error)


class _Failing:
    def __init__(self, found: Any, error: Exception) -> None:
        self._found = found
        self._error = error

    def __enter__(self) -> Any:
        seen, pieces = self._found.__enter__()

        def cut() -> Any:
            yield next(pieces)[:10]
            raise self._error

        return seen, cut()

    def __exit__(self, *details: Any) -> None:
        self._found.__exit__(*details)
