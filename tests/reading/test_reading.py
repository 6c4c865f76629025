"""What a report says is read alike from every format, spelling of names and layout."""

import random
from dataclasses import replace
from typing import Literal

import pytest

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.summary import Column, Summary
from chalicelib.core.tally import Amount
from local.platform.options import Options
from local.platform.rows import Table
from tests.reading.by_polars import Found, found
from tests.reading.reports import ALL, FORMATS, Files, file_of, said_of, table_of, task_of
from tests.summaries import TAKEN_AT, Row, days

LAYOUTS = [
    *((form, Options()) for form in FORMATS),
    ("CSV", Options(url_encoded_keys=True)),
    ("TSV", Options(url_encoded_keys=True)),
    ("JSON", Options(json_array=True)),
]
HEADS = ("a/", "b/", "a/b/", "c d/e/", 'ü/"x"/', "//", "")
TAILS = ("x", "y\nz", "t\tt", 'q"q,', "f/g", "%41", "a+b", "\\", "},{")


def rows(count: int, seed: int = 1) -> list[Row]:
    chance = random.Random(seed)
    return [_row(chance, each) for each in range(count)]


def _row(chance: random.Random, number: int) -> Row:
    key = f"{chance.choice(HEADS)}{chance.choice(TAILS)}{number}"
    modified = days(chance.random() * 900).replace(microsecond=0)
    latest = chance.random() < 0.8
    if chance.random() < 0.1:
        return replace(
            Row(key, None, f"v{number}", latest, True, modified, None, None),
            multipart=None,
            encryption=None,
            checksum=None,
        )
    return Row(
        key,
        size=chance.choice([0, 1, 1024, 5000, 10**6, 10**10, 10**12 + number]),
        version=f"v{number}",
        latest=latest,
        modified=modified,
        accessed=chance.choice([None, *map(days, (0, 7, 7.1, 30, 31, 100, -1))]),
        storage_class=chance.choice(["STANDARD", "STANDARD_IA", None]),
        multipart=chance.random() < 0.3,
        checksum=chance.choice([None, "SHA256"]),
    )


def plain(amount: Amount) -> tuple[int, int, int]:
    return amount.objects, amount.bytes, amount.cold_bytes


def told(summary: Summary) -> Found:
    """The summary in plain values."""
    by_name = [each.rows or {} for each in (*summary.tallies.values(), *summary.prefixes)]
    amounts = [{name: plain(amount) for name, amount in each.items()} for each in by_name]
    return Found(
        rows=summary.rows,
        markers=summary.delete_markers,
        current=plain(summary.current),
        older=plain(summary.older),
        tallies=dict(zip(summary.tallies, amounts, strict=False)),
        prefixes=amounts[len(summary.tallies) :],
        largest=[(each.size, each.key, each.version) for each in summary.largest],
    )


def sampled(summary: Summary, measure: int) -> dict[str, int]:
    """What a sample says of what it measures, of prefixes that are few enough for it to be exact."""
    estimates = summary.samples[measure].estimates()
    assert all(each.exact for each in estimates)
    return {each.prefix: plain(each.amount)[measure] for each in estimates}


def files_of(table: Table, form: str, options: Options, number: int) -> dict[str, bytes]:
    """The table in so many files, of which the last one has no rows where there is more than one."""
    share = -(-len(table.rows) // max(1, number - 1))
    parts = [table.rows[each * share : (each + 1) * share] for each in range(number)]
    return {
        f"file-{each}": file_of(Table(table.columns, part), form, options) for each, part in enumerate(parts)
    }


COLUMNS: dict[str, tuple[Column, ...]] = {
    "all": ALL,
    "a few": ("Size", "LastAccessedDate"),
    "versions": ("VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate"),
    "none": (),
}


@pytest.mark.parametrize(("form", "options"), LAYOUTS)
@pytest.mark.parametrize(("names", "number"), [("short", 1), ("long", 5)])
@pytest.mark.parametrize("columns", COLUMNS)
def test_a_report_says_what_polars_finds_in_it(
    form: str, options: Options, names: Literal["short", "long"], columns: str, number: int
) -> None:
    asked = COLUMNS[columns]
    every = [each for each in rows(600) if "IsDeleteMarker" in asked or not each.marker]
    table = table_of(every, asked, names)
    files = files_of(table, form, options, number)
    task = task_of(files, form, said_of(table, form), depth=3)
    part = ReportReader(Files(files), piece=20_000).read(task)
    encoded = options.url_encoded_keys
    expected = found(list(files.values()), form, asked, TAKEN_AT, 3, encoded)
    assert part.missing == ()
    assert part.summary.columns == frozenset(asked)
    assert told(part.summary) == expected
    for measure in range(3):
        weighing = {name: each[measure] for name, each in expected.prefixes[-1].items() if each[measure]}
        assert sampled(part.summary, measure) == weighing
