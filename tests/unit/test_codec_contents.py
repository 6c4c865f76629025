"""Jobs, parts, contents and points come back equal from a store, whatever the keys in a report are."""

import json
from collections.abc import Mapping
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_bytes, from_text, to_bytes, to_text
from chalicelib.core.change import Change, Moved
from chalicelib.core.contents import Contents
from chalicelib.core.manifest import DataFile
from chalicelib.core.sample import MEASURES, Sample, Unit
from chalicelib.core.summary import DIMENSIONS, MOST_NAMES, Column, Large, Summary, nothing
from chalicelib.core.summary_job import Job, Missing, Part, Task
from chalicelib.core.tally import Amount, Tally
from chalicelib.core.trend import Point
from chalicelib.errors import Invalid
from tests.jobs import contents, job, part, point, subject
from tests.samples import NOON
from tests.summaries import Row, summary_of
from tests.unit.test_codec import TEXT, any_value, unhurried

COUNTS = st.integers(0)
AMOUNTS = st.builds(Amount, COUNTS, COUNTS, COUNTS)
ROWS: st.SearchStrategy[Mapping[str, Amount]] = st.dictionaries(TEXT, AMOUNTS, max_size=3)
UNITS = st.builds(Unit, TEXT, AMOUNTS, st.integers(1, 2**32))


def tallies(most: int) -> st.SearchStrategy[Tally]:
    return st.builds(Tally, st.just(most), st.none() | ROWS)


SUMMARIES: st.SearchStrategy[Summary] = st.builds(
    Summary,
    depth=st.just(2),
    columns=st.none() | st.frozensets(st.sampled_from(get_args(Column))),
    rows=COUNTS,
    current=AMOUNTS,
    older=AMOUNTS,
    delete_markers=COUNTS,
    tallies=st.fixed_dictionaries({each: tallies(MOST_NAMES) for each in DIMENSIONS}),
    prefixes=st.tuples(tallies(1000), tallies(1000)),
    samples=st.tuples(
        *(
            st.builds(Sample, st.just(each), st.just(9), st.lists(UNITS, max_size=2).map(tuple))
            for each in MEASURES
        )
    ),
    largest=st.lists(st.builds(Large, COUNTS, TEXT, st.none() | TEXT), max_size=2).map(tuple),
)


@unhurried
@given(SUMMARIES, TEXT)
def test_every_part_and_all_contents_come_back_equal(summary: Summary, text: str) -> None:
    moved = (Moved(text, Amount(1, 2, 3), Amount(-1)),)
    found = part(7, summary=summary, missing=(Missing(text, text),))
    whole = contents(summary=summary, missing=found.missing, change=Change(text, NOON, Amount(-3), 1, moved))

    assert from_bytes(Part, to_bytes(found)) == found
    assert from_bytes(Contents, to_bytes(whole)) == whole


@unhurried
@given(any_value(Job), any_value(Task), any_value(Point))
def test_every_job_task_and_point_comes_back_equal(one: Job, task: Task, dot: Point) -> None:
    assert from_bytes(Job, to_bytes(one)) == one
    assert from_bytes(Task, to_bytes(task)) == task
    assert from_bytes(Point, to_bytes(dot)) == dot


def test_what_comes_back_has_the_same_types_within() -> None:
    task = Task(
        subject(), NOON, 1, "reports", job().place, (DataFile("a.csv", 1, None),), "CSV", None, NOON, 2
    )

    assert repr(from_bytes(Part, to_bytes(part()))) == repr(part())
    assert repr(from_bytes(Contents, to_bytes(contents()))) == repr(contents())
    assert repr(from_bytes(Job, to_bytes(job()))) == repr(job())
    assert repr(from_bytes(Task, to_bytes(task))) == repr(task)
    assert repr(from_bytes(Point, to_bytes(point(tiers={"hot": 1})))) == repr(point(tiers={"hot": 1}))


def test_a_part_that_was_kept_adds_up_as_one_that_was_not() -> None:
    kept = from_bytes(Part, to_bytes(part(2)))

    assert kept.summary + part(3).summary == part(2).summary + part(3).summary
    assert kept.summary + nothing(1) == part(2).summary


def test_what_samples_share_with_the_exact_tables_is_kept_once() -> None:
    keys = [f"team-{number % 7}/set-{number:04}/" for number in range(500)]
    rows = [Row(f"{each}file", 2**30 + 997 * place) for place, each in enumerate(keys)]
    text = to_text(part(summary=summary_of(rows)))

    assert [text.count(each) - text.count(f"{each}file") for each in keys] == [1] * len(keys)
    assert text.count(str(rows[7].size)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"names": []},
        {"amounts": [[], [], []]},
        {"amounts": [[1], [], []]},
        {"units": [[9], [0], [1]]},
        {"units": [[0], [0], []]},
        {"rows": "many"},
    ],
)
def test_a_summary_that_refers_to_what_is_not_in_it_is_refused(changes: dict[str, object]) -> None:
    document = json.loads(to_text(part(summary=summary_of([Row("a/b", 7)]))))
    document["summary"].update(changes)

    with pytest.raises(msgspec.ValidationError):
        from_text(Part, json.dumps(document))


@pytest.mark.parametrize("text", ["{}", "[]", "7", '{"number": 1, "summary": null}', '{"summary": {}}'])
def test_a_text_without_a_part_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        from_text(Part, text)


def test_a_token_of_the_trend_says_time_and_report() -> None:
    assert codec.read_point_token(codec.point_token(point("a", taken_at=NOON))) == (codec.micros(NOON), "a")
    for token in ("", "1", "x/a", f"{10**18}/a"):
        with pytest.raises(Invalid):
            codec.read_point_token(token)
