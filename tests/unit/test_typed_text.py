"""Text made to numbers, times and truth values: only what is written plainly; all else stays text."""

from datetime import UTC, datetime

import pyarrow
import pytest

from chalicelib.adapters.typed_text import typed


def made(name: str, *texts: str | None) -> pyarrow.ChunkedArray:
    """The column of this name with these texts."""
    table = pyarrow.table({"Key": ["k"] * len(texts), name: pyarrow.array(texts, pyarrow.string())})
    found = typed(table)
    assert found.column_names == ["Key", name]
    assert found.column("Key") == table.column("Key")
    return found.column(name)


@pytest.mark.parametrize(
    ("name", "texts", "kind", "values"),
    [
        ("Size", ["0", "12", "", None], pyarrow.int64(), [0, 12, None, None]),
        ("Size", ["9223372036854775807", "-1"], pyarrow.int64(), [2**63 - 1, -1]),
        ("IsLatest", ["true", "FALSE", "", None, "True"], pyarrow.bool_(), [True, False, None, None, True]),
        (
            "LastModifiedDate",
            ["2026-03-01T12:00:00.250Z", "2026-03-01T14:00:00+02:00", "", None],
            pyarrow.timestamp("us", "UTC"),
            [datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC), datetime(2026, 3, 1, 12, tzinfo=UTC), None, None],
        ),
    ],
)
def test_what_is_plain_has_its_type(
    name: str, texts: list[str | None], kind: object, values: list[object]
) -> None:
    column = made(name, *texts)
    assert column.type == kind
    assert column.to_pylist() == values


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Size", "0x10"),
        ("Size", "1.0"),
        ("Size", " 1"),
        ("Size", "1e3"),
        ("Size", "9223372036854775808"),
        ("Size", "1-2"),
        ("IsLatest", "1"),
        ("IsLatest", "yes"),
        ("IsLatest", "tRUE"),
        ("LastModifiedDate", "infinity"),
        ("LastModifiedDate", "2026-03-01"),
        ("LastModifiedDate", "2026-03-01T12:00:00"),
        ("LastModifiedDate", "yesterday"),
    ],
)
def test_what_is_not_stays_as_it_is_written(name: str, text: str) -> None:
    column = made(name, "", text)
    assert column.type == pyarrow.string()
    assert column.to_pylist() == ["", text]


def test_names_are_told_once() -> None:
    column = made("StorageClass", "STANDARD", "", None, "STANDARD")
    assert column.type == pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    assert column.to_pylist() == ["STANDARD", "", None, "STANDARD"]


def test_keys_and_versions_are_text() -> None:
    assert made("VersionId", "12").type == pyarrow.string()
