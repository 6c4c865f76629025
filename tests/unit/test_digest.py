"""Many notices as one message: when that is, what it says, and that one bad notice takes no other with it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind, Notice
from chalicelib.core.outgoing import messages
from chalicelib.errors import DeliveryDelayed, DeliveryRefused
from chalicelib.templates.digest import digest
from chalicelib.templates.mail import digest_text, message
from chalicelib.templates.slack import payload
from tests import notices as told
from tests.fakes import FakeChannel
from tests.flow_world import World
from tests.samples import NOON, notice
from tests.unit.deliveries import deliver, numbered, outbox


def ids(found: list[tuple[Notice, ...]]) -> list[list[str]]:
    return [[each.id for each in message] for message in found]


def test_few_notices_go_out_one_by_one_and_many_as_one() -> None:
    assert ids(messages(numbered(3), {"storage-team": 40}, 3)) == [["0"], ["1"], ["2"]]
    assert ids(messages(numbered(4), {"storage-team": 40}, 3)) == [["0", "1", "2", "3"]]


def test_a_message_carries_no_more_than_its_channel_takes() -> None:
    assert ids(messages(numbered(5), {"storage-team": 2}, 3)) == [["0", "1"], ["2", "3"], ["4"]]
    assert ids(messages(numbered(3), {}, 1)) == [["0"], ["1"], ["2"]]


@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 8), st.integers(0, 8))
def test_every_notice_is_in_one_message_in_the_order_of_its_channel(
    channels: list[str], most: int, over: int
) -> None:
    waiting = [notice(str(n), channel=channel) for n, channel in enumerate(channels)]
    found = messages(waiting, dict.fromkeys("abc", most), over)
    for channel in "abc":
        sent = [each for message in found for each in message if each.channel == channel]
        assert sent == [each for each in waiting if each.channel == channel]
    assert all(len({each.channel for each in message}) == 1 for message in found)
    firsts = [next(m[0].id for m in found if m[0].channel == c) for c in dict.fromkeys(channels)]
    assert [message[0].id for message in found[: len(firsts)]] == sorted(firsts, key=int)


def test_a_channel_with_many_notices_does_not_keep_the_others_waiting() -> None:
    waiting = [*numbered(3), notice("young", channel="mail", created_at=NOON + timedelta(seconds=1))]
    assert ids(messages(waiting, {}, 5)) == [["0"], ["young"], ["1"], ["2"]]


def every_kind() -> list[Notice]:
    return [told.notice(kind) for kind in get_args(Kind)]


def test_it_counts_and_names_each_notice_with_its_kind_and_id() -> None:
    said = digest(every_kind())
    assert said.title == "17 inventory notices: 5 broken, 7 to look at, 5 good"
    assert [each.footer for each in said.lines] == [f"{each.kind} · {each.short_id}" for each in every_kind()]
    assert said.tone == "bad"
    text = digest_text(said)
    assert all(each.short_id in text and each.kind in text for each in every_kind())
    assert text.splitlines()[-1] == said.footer


def test_where_all_is_good_nothing_has_to_be_done() -> None:
    said = digest([told.notice("report.landed"), told.notice("drift.resolved")])
    assert (said.tone, said.title) == ("good", "2 inventory notices: 2 good")
    assert said.next_step.startswith("Nothing has to be done.")


def test_the_same_notices_make_the_same_digest_and_others_another() -> None:
    assert digest(every_kind()) == digest(every_kind())
    assert digest(every_kind()).id != digest(every_kind()[1:]).id


def test_slack_and_mail_have_every_line() -> None:
    blocks = str(payload(every_kind())["blocks"])
    mail = message(every_kind(), "stocktake@example.com", ("a@example.com",))
    assert mail["X-Stocktake-Kind"] == "notices.digest"
    assert mail["X-Stocktake-Notices"] == ", ".join(each.short_id for each in every_kind())
    page = mail.get_body(("html",))
    assert page is not None
    for each in every_kind():
        assert f"{each.kind} · {each.short_id}" in blocks
        assert f"{each.kind} · {each.short_id}" in page.get_content()


def crowded(world: World, count: int = 12) -> FakeChannel:
    """So many notices wait for a channel that takes five in one message."""
    world.team.most = 5
    outbox(world, *numbered(count))
    return world.team


def test_what_waits_for_one_channel_goes_out_in_few_messages(world: World) -> None:
    team = crowded(world)
    assert deliver(world).sent == 12
    assert [len(each) for each in team.messages] == [5, 5, 2]
    assert deliver(world).sent == 0


def test_a_digest_that_is_put_off_is_sent_again_later_with_the_same_notices(world: World) -> None:
    team = crowded(world)
    team.errors = [DeliveryDelayed("429", retry_after=30)]
    assert deliver(world).retried == 5
    assert team.messages == []
    world.clock.move(29)
    assert deliver(world).sent == 0
    world.clock.move(1)
    deliver(world)
    assert team.ids == [str(n) for n in range(12)]


def bug(_: Sequence[Notice]) -> None:
    raise KeyError("in a template")


def refusal(_: Sequence[Notice]) -> None:
    raise DeliveryRefused("Slack answered 400 invalid_blocks: it could not read the message.")


@pytest.mark.parametrize("trouble", [bug, refusal])
def test_one_notice_that_is_not_taken_takes_no_other_with_it(
    world: World, trouble: Callable[[Sequence[Notice]], None]
) -> None:
    team = crowded(world)
    team.before = lambda sent: trouble(sent) if any(each.id == "3" for each in sent) else None
    for _ in range(12):
        try:
            deliver(world, seconds=50)
        except KeyError:
            assert trouble is bug
        world.clock.move(timedelta(minutes=15))
    assert sorted(team.ids, key=int) == [str(n) for n in range(12) if n != 3]
    (given_up,) = [each for each in world.store.settled if each.state == "given_up"]
    assert given_up.id == "3"


def test_what_is_held_back_of_one_inventory_is_not_in_the_digest(world: World) -> None:
    """The first message fails; the others of its inventory wait, those of other inventories do not."""
    team = crowded(world, 0)
    waiting = [notice(str(n), order=n, inventory_id="one" if n % 2 else f"i{n}") for n in range(12)]
    team.errors = [KeyError("a bug"), KeyError("a bug"), KeyError("a bug"), KeyError("a bug")]
    outbox(world, *waiting)
    with pytest.raises(KeyError):
        deliver(world)
    world.clock.move(3600)
    deliver(world)
    of_one = [each for each in team.ids if int(each) % 2]
    assert of_one == sorted(of_one, key=int)
    assert len(team.ids) == 12
