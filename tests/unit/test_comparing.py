"""From one report to the next: what came, went, grew and shrank, and nothing that the reports do not tell."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core.change import Change, Moved
from chalicelib.core.comparing import MOST_MOVED, change
from chalicelib.core.summary import MOST_PREFIXES, Column, nothing
from chalicelib.core.tally import NOTHING, Amount
from tests.contents import GONE, contents
from tests.summaries import ALL_COLUMNS, TAKEN_AT, Row, days, summary_of

BEFORE = [Row("a/x/1", 5), Row("a/y/1", 7), Row("b/1", 10), Row("c/z/1", 3, accessed=days(90)), Row("top", 1)]
AFTER = [Row("a/x/1", 9), Row("b/1", 10), Row("b/2", 2), Row("c/z/1", 2), Row("d/n/1", 4), Row("top", 1)]


def changed(before: list[Row], after: list[Row]) -> Change:
    """The change between reports of these rows, which compare."""
    found = change(contents(before, number=1), contents(after, number=2))
    assert found is not None
    return found


def names(moved: tuple[Moved, ...]) -> list[str]:
    return [each.prefix for each in moved]


def test_each_prefix_is_told_by_what_became_of_it() -> None:
    found = changed(BEFORE, AFTER)

    assert (found.report_id, found.taken_at) == ("report-1", contents([], number=1).taken_at)
    assert found.total == Amount(1, 2, -3)
    assert (found.depth, found.more) == (2, 0)
    assert found.came == (Moved("d/n/", NOTHING, Amount(1, 4)),)
    assert found.went == (Moved("a/y/", Amount(1, 7), NOTHING),)
    assert found.grew == (
        Moved("a/x/", Amount(1, 5), Amount(1, 9)),
        Moved("b/", Amount(1, 10), Amount(2, 12)),
    )
    assert found.shrank == (Moved("c/z/", Amount(1, 3, 3), Amount(1, 2)),)


def test_a_report_against_itself_has_not_changed() -> None:
    found = changed(AFTER, AFTER)

    assert found.total == NOTHING
    assert (found.came, found.went, found.grew, found.shrank, found.more) == ((), (), (), (), 0)


def test_objects_tell_what_moved_where_the_bytes_are_the_same() -> None:
    found = changed(
        [Row("a/1", 4), Row("b/1", 2), Row("b/2", 2)], [Row("a/1", 2), Row("a/2", 2), Row("b/1", 4)]
    )

    assert (names(found.grew), names(found.shrank)) == (["a/"], ["b/"])


def test_what_only_cooled_down_has_not_moved() -> None:
    found = changed([Row("a/1", 4)], [Row("a/1", 4, accessed=days(90))])

    assert found.total == Amount(0, 0, 4)
    assert (found.grew, found.shrank) == ((), ())


def test_the_first_of_each_list_differ_most_and_the_others_are_counted() -> None:
    stays = [Row("stays/1", 1)]
    old = [Row(f"old-{number:02}/1", number) for number in range(1, 16)]
    new = [Row(f"new-{number:02}/1", 1) for number in range(12)]

    found = changed([*stays, *old], [*stays, *new])

    assert names(found.went) == [f"old-{number:02}/" for number in range(15, 5, -1)]
    assert names(found.came) == [f"new-{number:02}/" for number in range(10)]
    assert found.more == 5 + 2
    assert MOST_MOVED == 10


@pytest.mark.parametrize(
    ("before", "after", "depth"),
    [
        (2, 2, 2),
        (1, 2, 1),
        (2, 1, 1),
        (5, 3, 3),
    ],
)
def test_prefixes_are_compared_at_the_greatest_depth_that_both_have(
    before: int, after: int, depth: int
) -> None:
    rows = [Row("a/b/c/d/e/f/g", 1)]
    more = [Row("a/b/c/d/e/f/h", 1), *rows]

    found = change(contents(rows, depth=before), contents(more, depth=after))

    assert found is not None
    assert found.depth == depth
    assert names(found.grew) == ["/".join("abcde"[:depth]) + "/"]


def test_prefixes_are_compared_where_both_count_them_all() -> None:
    many = [Row(f"top/{number}/x", 1) for number in range(MOST_PREFIXES + 1)]

    found = changed(many, many[1:])

    assert found.depth == 1
    assert found.shrank == (
        Moved("top/", Amount(MOST_PREFIXES + 1, MOST_PREFIXES + 1), Amount(MOST_PREFIXES, MOST_PREFIXES)),
    )


def test_nothing_is_said_by_prefix_where_there_are_too_many_at_every_depth() -> None:
    many = [Row(f"{number}/x", 1) for number in range(MOST_PREFIXES + 1)]

    found = changed(many, [Row("a/x", 5)])

    assert found.depth == 0
    assert found.total == Amount(-MOST_PREFIXES, 4 - MOST_PREFIXES)
    assert (found.came, found.went, found.more) == ((), (), 0)


def test_reports_with_missing_files_do_not_compare() -> None:
    whole = contents(BEFORE)
    holed = replace(whole, missing_files=1, missing=(GONE,))

    assert change(holed, whole) is None
    assert change(whole, holed) is None


@pytest.mark.parametrize("swapped", [False, True])
def test_reports_of_which_only_one_lists_older_versions_do_not_compare(swapped: bool) -> None:
    versions, current = contents(BEFORE), contents(BEFORE, columns=ALL_COLUMNS - {"IsLatest"})

    assert change(*((current, versions) if swapped else (versions, current))) is None


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("column", "knows_bytes", "knows_cold_bytes"),
    [("Size", False, False), ("LastAccessedDate", True, False), ("StorageClass", True, True)],
)
def test_what_one_of_both_does_not_tell_is_not_known_of_the_difference(
    column: Column, knows_bytes: bool, knows_cold_bytes: bool, swapped: bool
) -> None:
    full, less = contents(BEFORE), contents(BEFORE, columns=ALL_COLUMNS - {column})

    found = change(*((less, full) if swapped else (full, less)))

    assert found is not None
    assert (found.knows_bytes, found.knows_cold_bytes) == (knows_bytes, knows_cold_bytes)


def test_without_sizes_objects_tell_what_moved() -> None:
    columns = ALL_COLUMNS - {"Size"}
    before = [Row(f"a/{number}", 1) for number in range(3)] + [Row("b/1", 1)]
    after = [Row("a/0", 100)] + [Row(f"c/{number}", 1) for number in range(5)]

    found = change(contents(before, columns=columns), contents([*after, *after], columns=ALL_COLUMNS))

    assert found is not None
    assert (names(found.came), names(found.went), names(found.shrank)) == (["c/"], ["b/"], ["a/"])


def test_a_report_of_nothing_compares_with_any() -> None:
    empty = replace(contents([]), summary=nothing(2))

    came, went = change(empty, contents(BEFORE)), change(contents(BEFORE), empty)

    assert came is not None
    assert went is not None
    assert names(came.came) == names(went.went) == ["b/", "a/y/", "a/x/", "c/z/", ""]
    assert came.knows_bytes
    assert went.total == Amount(-5, -26, -3)


_rows = st.lists(
    st.builds(
        Row,
        key=st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join),
        size=st.integers(0, 9),
        accessed=st.sampled_from([TAKEN_AT, days(90)]),
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(_rows, _rows, st.integers(1, 3))
def test_all_that_moved_is_told_once_and_adds_up(before: list[Row], after: list[Row], depth: int) -> None:
    one, other = contents(before, depth=depth), contents(after, depth=depth)

    found = change(one, other)

    assert found is not None
    every = (*found.came, *found.went, *found.grew, *found.shrank)
    assert len(set(names(every))) == len(every)
    moved = sum((each.difference for each in every), NOTHING)
    if not found.more:
        total = summary_of(after).total - summary_of(before).total
        assert (moved.objects, moved.bytes) == (total.objects, total.bytes)
    for each in found.grew:
        assert (each.difference.bytes, each.difference.objects) > (0, 0)
    for each in found.shrank:
        assert (each.difference.bytes, each.difference.objects) < (0, 0)


@settings(max_examples=50)
@given(_rows, _rows)
def test_the_way_back_is_the_other_way_around(before: list[Row], after: list[Row]) -> None:
    there, back = changed(before, after), changed(after, before)

    assert back.total == NOTHING - there.total
    assert sorted(names(back.came)) == sorted(names(there.went))
    assert sorted(names(back.grew)) == sorted(names(there.shrank))
