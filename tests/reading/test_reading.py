"""What a report says is read alike from every format, spelling of names and layout."""

import random
from dataclasses import replace

import pytest

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.summary import Summary
from local.platform.options import Options
from local.platform.rows import Table
from tests.reading.reports import FORMATS, Files, file_of, said_of, table_of, task_of
from tests.summaries import Row, days, summary_of

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


def unsampled(summary: Summary) -> Summary:
    """Without the samples, whose draws depend on where the rows are from."""
    return replace(summary, samples=())


@pytest.mark.parametrize(("form", "options"), LAYOUTS)
@pytest.mark.parametrize("names", ["short", "long"])
def test_a_report_says_the_same_in_every_layout(form: str, options: Options, names: str) -> None:
    every = rows(300)
    table = table_of(every, names=names)
    files = {
        f"file-{start}": file_of(Table(table.columns, table.rows[start : start + 100]), form, options)
        for start in (0, 100, 200)
    }
    part = ReportReader(Files(files)).read(task_of(files, form, said_of(table, form)))
    assert part.missing == ()
    assert unsampled(part.summary) == unsampled(summary_of(every))
