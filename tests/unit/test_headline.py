"""The figures that a notice tells are those of the report, plain and bounded whatever the report says."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.comparing import change
from chalicelib.core.contents import Contents
from chalicelib.core.crossing import Crossing, Crossings
from chalicelib.core.headline import headline, threshold_facts
from chalicelib.core.points import point
from chalicelib.core.prices import GIB
from chalicelib.core.summary import Column, Summary
from chalicelib.core.threshold import Threshold
from tests.contents import GONE, PRICES, contents, point_of
from tests.summaries import ALL_COLUMNS, Row, days

BEFORE = [Row("raw/2025/a", 40 * GIB), Row("tmp/x/1", GIB), Row("cache/a/1", 7)]
AFTER = [
    Row("raw/2025/a", 100 * GIB),
    Row("raw/2025/a", GIB, latest=False, accessed=days(90)),
    Row("cache/a/1", 5, accessed=None),
    Row("new/a", 3, storage_class="STANDARD_IA"),
    Row("new/b", marker=True),
]


def summed_up(before: Contents, after: Contents) -> dict[str, object]:
    """The headline of a report after another one."""
    found = replace(after, change=change(before, after))
    return headline(found, [point(before)], PRICES)


def test_the_headline_of_a_report_that_tells_everything() -> None:
    before, after = contents(BEFORE, number=1), contents(AFTER, number=2)

    assert summed_up(before, after) == {
        "objects": 4,
        "bytes": 101 * GIB + 8,
        "older_objects": 1,
        "older_bytes": GIB,
        "delete_markers": 1,
        "tiers": [
            {"name": "hot", "objects": 1, "bytes": 100 * GIB},
            {"name": "cold", "objects": 1, "bytes": GIB},
            {"name": "unknown", "objects": 1, "bytes": 5},
            {"name": "STANDARD_IA", "objects": 1, "bytes": 3},
        ],
        "cold_bytes": GIB,
        "cost": {
            "amount": "6.02",
            "currency": "USD",
            "as_of": "2025-10-31",
            "without": ["unknown", "STANDARD_IA"],
        },
        "files": 10,
        "missing_files": 0,
        "change": {
            "since": "2026-03-02T01:00:00+00:00",
            "objects": 1,
            "bytes": 60 * GIB + 1,
            "cold_bytes": GIB,
            "moved": [
                {"prefix": "raw/2025/", "how": "grew", "objects": 1, "bytes": 61 * GIB},
                {"prefix": "tmp/x/", "how": "went", "objects": -1, "bytes": -GIB},
                {"prefix": "new/", "how": "came", "objects": 1, "bytes": 3},
            ],
        },
        "sparks": [41 * GIB + 7, 101 * GIB + 8],
        "sparks_of": "bytes",
    }


def test_without_sizes_nothing_is_said_in_bytes() -> None:
    columns = ALL_COLUMNS - {"Size"}
    before, after = contents(BEFORE, columns=columns), contents(AFTER, columns=columns)

    found = summed_up(before, after)

    assert [name for name in found if found[name] is None] == ["bytes", "older_bytes", "cold_bytes", "cost"]
    assert found["tiers"] == [
        {"name": "hot", "objects": 1, "bytes": None},
        {"name": "cold", "objects": 1, "bytes": None},
        {"name": "unknown", "objects": 1, "bytes": None},
        {"name": "STANDARD_IA", "objects": 1, "bytes": None},
    ]
    assert found["change"] == {
        "since": "2026-03-02T01:00:00+00:00",
        "objects": 1,
        "bytes": None,
        "cold_bytes": None,
        "moved": [
            {"prefix": "new/", "how": "came", "objects": 1, "bytes": None},
            {"prefix": "tmp/x/", "how": "went", "objects": -1, "bytes": None},
            {"prefix": "raw/2025/", "how": "grew", "objects": 1, "bytes": None},
        ],
    }
    assert (found["sparks"], found["sparks_of"]) == ([3, 4], "objects")


@pytest.mark.parametrize(
    ("column", "unknown"),
    [
        ("IsLatest", ["older_objects", "older_bytes"]),
        ("IsDeleteMarker", ["delete_markers"]),
        ("LastAccessedDate", ["tiers", "cold_bytes", "cost"]),
    ],
)
def test_what_a_report_has_no_column_for_is_none(column: Column, unknown: list[str]) -> None:
    columns = ALL_COLUMNS - {column}

    found = summed_up(contents(BEFORE, columns=columns), contents(AFTER, columns=columns))

    assert [name for name in found if found[name] is None] == unknown


def test_missing_files_are_counted_and_nothing_is_said_of_a_change() -> None:
    found = summed_up(contents(BEFORE), contents(AFTER, missing_files=2, missing=(GONE, GONE)))

    assert (found["files"], found["missing_files"], found["change"]) == (10, 2, None)


def test_the_sparks_are_those_of_the_last_fourteen_reports_that_are_whole() -> None:
    earlier = [point_of(number, bytes=number) for number in range(30, 0, -1)]
    earlier[0] = replace(earlier[0], missing_files=1)
    earlier[1] = replace(earlier[1], bytes=None)
    after = contents([Row("a", 31)], number=31, missing_files=1)

    found = headline(after, earlier, PRICES)

    assert found["sparks"] == [*range(16, 29), 31]


def test_tiers_that_are_too_many_are_added_up() -> None:
    rows = [Row(f"a/{number}", number, storage_class=f"CLASS-{number:02}") for number in range(20)]
    after = contents([*rows, Row("a", 1)])

    tiers = headline(after, [], PRICES)["tiers"]

    assert [each["name"] for each in tiers] == [
        "hot",
        *(f"CLASS-{number}" for number in range(19, 12, -1)),
        "others",
    ]
    assert tiers[-1] == {"name": "others", "objects": 13, "bytes": sum(range(13))}


def test_facts_of_thresholds_have_what_was_crossed_and_what_is_back() -> None:
    growth = Crossing(Threshold("growth_percent", over=10.0), 12.3456, None)
    cost = Crossing(Threshold("cost", under=5.5), PRICES.cost({"hot": 100 * GIB}).amount, 4, "USD")  # type: ignore[union-attr]
    found = Crossings(point_of(), (growth,), (cost,))

    facts = threshold_facts(contents(AFTER), found)

    assert facts == {
        "report": "report-1",
        "created_at": "2026-03-02T01:00:00+00:00",
        "crossed": [
            {
                "measure": "growth_percent",
                "over": 10.0,
                "under": None,
                "value": 12.35,
                "before": None,
                "currency": None,
            }
        ],
        "back": [
            {"measure": "cost", "over": None, "under": 5.5, "value": 6.0, "before": 4, "currency": "USD"}
        ],
    }
    assert json.loads(json.dumps(facts)) == facts


_hostile = st.text('a/\x00\x1b\U0001f4a1\ud800<&*"', max_size=8)
_rows = st.lists(
    st.builds(
        Row,
        key=_hostile.map(lambda text: text * 300),
        size=st.integers(0, 2**62),
        storage_class=_hostile.map(lambda text: text * 300),
        accessed=st.none() | st.just(days(90)),
    ),
    max_size=15,
)


@settings(max_examples=40)
@given(_rows, _rows)
def test_whatever_a_report_says_the_facts_are_short_and_plain(before: list[Row], after: list[Row]) -> None:
    found = summed_up(contents(before), contents(after, number=2))

    assert len(json.dumps(found)) < 30_000
    assert json.loads(json.dumps(found)) == found


def test_a_tally_that_is_full_tells_no_tiers() -> None:
    summary: Summary = contents([Row("a", 1, storage_class=f"{number}") for number in range(100)]).summary
    after = contents([], summary=summary)

    found = headline(after, [], PRICES)

    assert (found["tiers"], found["cost"], found["bytes"]) == (None, None, 100)
