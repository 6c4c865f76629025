"""Notices: the same happening is the same notice, and trying again has its times."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.inventory import Only
from chalicelib.core.kinds import WantedKind
from chalicelib.core.notice import (
    AFTER_A_STOP,
    GIVE_UP_AFTER,
    UNATTENDED,
    Kind,
    Notice,
    attended,
    notice_id,
    notices,
    retry_at,
)
from tests.unit.wanted import NOW, inventory

ASKED = inventory(notify=("team", "mail"))


def made(
    kind: Kind = "report.landed", asked: Any = ASKED, happening: str = "r1", **how: Any
) -> tuple[Notice, ...]:
    """The notices of one happening."""
    return notices(kind, asked, happening, how.pop("facts", {}), how.pop("now", NOW), **how)


def ids(found: tuple[Notice, ...]) -> list[str]:
    """What makes them the same or not."""
    return [each.id for each in found]


def test_every_channel_that_asked_gets_a_notice_of_its_own() -> None:
    one, other = made()
    assert (one.channel, other.channel) == ("team", "mail")
    assert one.id != other.id
    assert (one.bucket, one.inventory_id, one.state, one.attempts) == ("documents", "daily", "waiting", 0)


def test_an_inventory_without_channels_tells_nobody() -> None:
    assert made(asked=inventory(notify=())) == ()


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (("report.landed",), {"report.landed"}),
        (("report.*",), {each for each in get_args(Kind) if each.startswith("report.")}),
        (("setup.*", "drift.found"), {"setup.failed", "setup.applied", "drift.found"}),
    ],
)
def test_a_channel_with_kinds_of_its_own_is_told_of_those_alone(
    kinds: tuple[WantedKind, ...], told: set[str]
) -> None:
    asked = replace(ASKED, only=(Only("mail", kinds),))
    about_mail = {kind for kind in get_args(Kind) if any(e.channel == "mail" for e in made(kind, asked))}
    assert about_mail == told
    assert all(made(kind, asked)[0].channel == "team" for kind in get_args(Kind))


def test_every_kind_that_is_about_an_inventory_can_be_wanted_by_itself_and_by_its_family() -> None:
    kinds = {each for each in get_args(Kind) if not each.startswith("channel.")}
    families = {f"{each.partition('.')[0]}.*" for each in kinds}
    assert set(get_args(WantedKind)) == kinds | families


def test_the_same_happening_is_the_same_notice_whoever_sees_it_and_when() -> None:
    later = made(now=NOW + timedelta(days=1), facts={"files": 3}, order=7)
    assert ids(later) == ids(made())


def test_a_channel_that_is_added_later_changes_no_other_notice() -> None:
    assert ids(made(asked=inventory(notify=("new", "team", "mail"))))[1:] == ids(made())


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "report.corrupt"},
        {"happening": "r2"},
        {"asked": inventory("photos", notify=("team", "mail"))},
        {"asked": inventory(id="weekly", notify=("team", "mail"))},
    ],
)
def test_anything_else_that_happened_is_another_notice(other: dict[str, Any]) -> None:
    assert not set(ids(made(**other))) & set(ids(made()))


def test_no_two_kinds_share_an_id() -> None:
    kinds = get_args(Kind)
    assert len({made(kind)[0].id for kind in kinds}) == len(kinds) == 17


def test_an_id_is_128_bits_in_hex_and_people_see_its_beginning() -> None:
    (notice, _) = made()
    assert len(notice.id) == 32
    assert int(notice.id, 16) >= 0
    assert notice.short_id == notice.id[:8]


def test_the_parts_of_an_id_do_not_run_into_each_other() -> None:
    assert notice_id("ab", "c") != notice_id("a", "bc")


def waiting(attempts: int, age: timedelta = timedelta(0)) -> Notice:
    """A notice that was tried so often, and made so long ago."""
    return replace(made()[0], attempts=attempts, created_at=NOW - age)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (0, 5),
        (1, 10),
        (2, 20),
        (3, 40),
        (4, 80),
        (5, 160),
        (6, 320),
        (7, 640),
        (8, 900),
        (9, 900),
        (10_000, 900),
    ],
)
def test_waiting_doubles_from_five_seconds_to_fifteen_minutes(attempts: int, seconds: int) -> None:
    assert retry_at(waiting(attempts), NOW, None) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("retry_after", "attempts", "seconds"),
    [
        (30.0, 0, 30),
        (1.0, 0, 5),
        (0.0, 0, 5),
        (-5.0, 0, 5),
        (2.5, 20, 900),
        (3600.0, 20, 3600),
        (1e12, 0, 3600),
        (float("inf"), 0, 3600),
        (float("nan"), 0, 5),
    ],
)
def test_never_before_the_channels_own_time_up_to_an_hour(
    retry_after: float, attempts: int, seconds: int
) -> None:
    assert retry_at(waiting(attempts), NOW, retry_after) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("age", "given_up"),
    [
        (timedelta(days=2), False),
        (GIVE_UP_AFTER - timedelta(seconds=1), False),
        (GIVE_UP_AFTER, True),
        (timedelta(days=9), True),
    ],
)
def test_after_three_days_it_is_given_up(age: timedelta, given_up: bool) -> None:
    assert (retry_at(waiting(3, age), NOW, 60.0) is None) is given_up


@pytest.mark.parametrize(
    ("age", "due", "left"),
    [
        (timedelta(days=10), UNATTENDED + timedelta(seconds=1), AFTER_A_STOP),
        (timedelta(days=10), timedelta(days=9), AFTER_A_STOP),
        (GIVE_UP_AFTER - timedelta(hours=1), timedelta(hours=3), AFTER_A_STOP),
        (timedelta(days=10), UNATTENDED, timedelta(days=-7)),
        (timedelta(days=1), timedelta(hours=3), timedelta(days=2)),
    ],
)
def test_what_was_due_for_long_has_time_left_to_be_tried(
    age: timedelta, due: timedelta, left: timedelta
) -> None:
    tried = replace(waiting(3, age=age), not_before=NOW - due)
    assert attended(tried, NOW).waits_since + GIVE_UP_AFTER - NOW == left


def test_so_has_what_nobody_ever_came_for() -> None:
    assert attended(waiting(0, age=timedelta(days=4)), NOW).waits_since == NOW - GIVE_UP_AFTER + AFTER_A_STOP
    sent_again = replace(waiting(0, age=timedelta(days=9)), held_until=NOW - timedelta(hours=1))
    assert attended(sent_again, NOW) == sent_again


@given(st.integers(0, 10**6), st.none() | st.floats())
def test_any_answer_of_a_channel_gives_a_time_that_is_later(attempts: int, retry_after: float | None) -> None:
    again = retry_at(waiting(attempts), NOW, retry_after)
    assert again is not None
    assert NOW + timedelta(seconds=5) <= again <= NOW + GIVE_UP_AFTER
