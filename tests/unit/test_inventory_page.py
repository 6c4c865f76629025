"""What the page of an inventory says, from frozen values: charts, diffs, figures, and no markup of others."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.arrivals import WORDS, Window
from chalicelib.core.comparing import change
from chalicelib.core.difference import Difference
from chalicelib.core.freshness import Freshness
from chalicelib.core.heavy_prefixes import heavy_prefixes
from chalicelib.core.inventory_view import InventoryView
from chalicelib.core.policies_seen import PolicySeen, policy_seen
from chalicelib.core.prices import GIB
from chalicelib.core.record import Drift, Page
from chalicelib.core.trend import Point
from chalicelib.templates.arrivals_chart import arrivals_chart
from chalicelib.templates.drift_diff import drift_diff
from chalicelib.templates.pages import Pages
from chalicelib.templates.trend_chart import trend_charts
from tests.contents import PRICES, contents, point_of
from tests.samples import NOON, notice, record, replaced, report
from tests.summaries import Row, days

DAY = timedelta(days=1)
HOSTILE = '"><script>alert(1)</script>\u202e'


def view(**changes: Any) -> InventoryView:
    base = InventoryView(record=record(), now=NOON + DAY, prices=PRICES, may_write=True)
    return replace(base, **changes)


def made(found: InventoryView, base: str = "") -> str:
    return Pages().inventory(found, base)


def full() -> InventoryView:
    """As much of everything as there can be."""
    points = tuple(point_of(400 - number) for number in range(400))
    rows = [Row(f"{number}/{'p' * 80}/x", GIB, accessed=days(number)) for number in range(60)]
    before, after = contents(rows[:30], number=399), contents(rows, number=400)
    listed = [{"Sid": f"s{each}", "Effect": "Allow", "Resource": ["r" * 300]} for each in range(200)]
    policy = json.dumps({"Statement": listed})
    return view(
        points=points,
        contents=replace(after, change=change(before, after)),
        windows=tuple(Window(NOON + n * DAY, NOON + (n + 1) * DAY, WORDS[n % 7]) for n in range(60)),
        reports=tuple(report(f"{n:016x}", problems=("p" * 600,) * 20) for n in range(200)),
        history=Page(tuple(replaced(n, text=policy) for n in range(1, 11)), "1"),
        notices=tuple(notice(f"{n:032x}", state="given_up", last_error="e" * 2000) for n in range(20)),
        policies=(policy_seen("reports", "destination", policy, {}, "data/daily"),) * 2,
    )


def test_the_fullest_page_is_small() -> None:
    assert len(made(full()).encode()) < 150_000


@pytest.mark.parametrize("base", ["", "/api"])
def test_all_links_stay_below_the_base(base: str) -> None:
    links = re.findall(r'(?:href|action)="([^"#]*)', made(full(), base))
    assert all(each.startswith(f"{base}/") or each in ("", "data:,") for each in links), links


def test_markup_of_others_is_text() -> None:
    configured = replace(
        record().inventory.configuration,
        report_prefix=f"{HOSTILE}/",
        filter_prefix=HOSTILE,
        destination=HOSTILE,
    )
    wanted = replace(record().inventory, bucket=HOSTILE, configuration=configured, readers=(HOSTILE,))
    difference = Difference(f"/{HOSTILE}", {HOSTILE: HOSTILE}, HOSTILE)
    drift = Drift("changed", (difference,), NOON, since=NOON, warnings=(HOSTILE,), obstacles=(HOSTILE,))
    hostile_contents = contents([Row(f"{HOSTILE}/x", 5, storage_class=HOSTILE)])
    page = made(
        view(
            record=record(wanted, drift=drift, reason=HOSTILE),
            contents=hostile_contents,
            points=(point_of(2), point_of(1, tiers={HOSTILE: 7})),
            reports=(report(problems=(HOSTILE,)),),
            history=Page((replaced(1, text=HOSTILE, bucket=HOSTILE, reasons=(HOSTILE,)),)),
            notices=(notice(channel=HOSTILE, bucket=HOSTILE, state="given_up", last_error=HOSTILE),),
            policies=(PolicySeen(HOSTILE, "source", reason=HOSTILE),),
            done=HOSTILE,
        )
    )
    assert "<script" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "No report has come yet; the first is expected by 2026-03-03 12:00 UTC."),
        ({"state": "failed", "reason": "AccessDenied"}, "could not be set up on the platform. AccessDenied."),
        (
            {"freshness": Freshness("overdue", NOON, NOON, cause="the policy is gone")},
            "A report was expected by 2026-03-01 12:00 UTC and has not come. the policy is gone.",
        ),
        ({"drift": Drift("unknown", checked_at=NOON, reason="403")}, "so nobody can say whether"),
        ({"freshness": Freshness("disabled", NOON, None)}, "Reports are disabled, so none is expected."),
    ],
)
def test_each_word_is_told_with_what_it_means(changes: dict[str, Any], words: str) -> None:
    assert words in made(view(record=record(**changes)))


def test_arrivals_have_a_column_and_a_row_each() -> None:
    windows = tuple(Window(NOON + n * DAY, NOON + (n + 2) * DAY, each) for n, each in enumerate(WORDS))
    chart = arrivals_chart(windows)
    assert chart is not None
    assert chart.drawing.count("<path") == len(chart.rows) == len(chart.signs) == len(WORDS)
    assert len({str(each.shape).partition(' d="')[2] for each in chart.signs}) == len(WORDS)
    assert chart.rows[0].words == "Still expected"
    assert arrivals_chart(()) is None


def test_a_report_that_does_not_tell_is_a_gap() -> None:
    points = [point_of(4), point_of(3, missing_files=1), point_of(2), point_of(1)]
    sizes, objects = trend_charts(points)
    assert (sizes.gaps, objects.gaps) == (1, 1)
    [layer, total] = re.findall(r' d="([^"]*)"', sizes.drawing)
    assert (layer.count("M"), total.count("M")) == (2, 2)
    assert [each.kind for each in sizes.keys] == ["total", "hot"]
    assert trend_charts(points[:1]) == trend_charts(()) == ()


def test_without_sizes_there_are_objects_alone() -> None:
    points = [point_of(number, bytes=None, tiers=None) for number in (2, 1)]
    assert [each.title for each in trend_charts(points)] == ["Objects"]


@given(st.lists(st.tuples(st.none() | st.integers(0, 2**60), st.booleans()), max_size=30))
def test_no_trend_leaves_its_drawing(asked: Sequence[tuple[int | None, bool]]) -> None:
    points: list[Point] = [
        point_of(
            1000 - number,
            bytes=size,
            objects=size,
            tiers={"hot": size // 3, "cold": size - size // 3} if tiered and size is not None else None,
        )
        for number, (size, tiered) in enumerate(asked)
    ]
    for chart in trend_charts(points):
        for path in re.findall(r' d="([^"]*)"', chart.drawing):
            absolute = re.sub(r"[hv]-?\d+", " ", path)
            assert all(0 <= int(each) <= 1000 for each in re.findall(r"-?\d+", absolute)), path


def test_a_difference_is_a_diff() -> None:
    [found] = drift_diff([Difference("/configuration/X", {"a": 1, "b": 2}, {"a": 1, "b": 3})])
    assert [f"{each.mark}{each.text}" for each in found.lines] == [
        " {", '   "a": 1,', '-  "b": 3', '+  "b": 2', " }",
    ]  # fmt: skip
    [gone] = drift_diff([Difference("/configuration", {"a": 1}, None)])
    assert {each.mark for each in gone.lines} == {"+"}


def test_heavy_prefixes_are_those_that_hold_most() -> None:
    rows = [Row("a/b/1", 5), Row("a/c/1", 9), Row("d", 1)]
    found = heavy_prefixes(contents(rows).summary, 2)
    assert found is not None
    assert [(name, amount.bytes) for name, amount in found.rows] == [("a/c/", 9), ("a/b/", 5)]
    assert (found.depth, found.exact) == (2, True)
    assert heavy_prefixes(contents([]).summary, 2) is None
