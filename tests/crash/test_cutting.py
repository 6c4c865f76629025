"""The harness itself: the dead do nothing more, and a flow that loses or repeats something is found out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.core.notice import Notice
from tests.crash.cut import Cut, Killed, Numbered, OutOfNowhere
from tests.crash.outside import Outside, Process
from tests.crash.playing import cuts, play
from tests.crash.scenarios import Scenario
from tests.samples import notice, record

MINUTE = timedelta(minutes=1)


def _one_notice(outside: Outside) -> None:
    outside.process().store.save(record(next_sweep=None, next_check=None), notices=[notice(channel="team")])


def _send(process: Process, message: Notice) -> None:
    channel = process.channels.get(message.channel)
    assert channel is not None
    channel.send([message])


def _settles_before_it_sends(process: Process) -> None:
    now = process.clock.now
    for each in process.store.claim(now, now + MINUTE, "me", 10):
        process.store.settle(replace(each, state="sent"), "me")
        _send(process, each)


def _sends_without_a_claim(process: Process) -> None:
    now = process.clock.now
    for each in process.store.claim(now, now, "me", 10):
        _send(process, each)


def test_a_dead_process_does_nothing_more_not_even_to_clean_up() -> None:
    done: list[str] = []
    port = Numbered("list", done, Cut(at=1))

    def live() -> None:
        try:
            port.append("first")
            port.append("second")
        finally:
            port.append("last words")

    with pytest.raises(Killed):
        live()
    assert done == ["first"]


@pytest.mark.parametrize(("way", "there"), [("raises before", []), ("raises after", ["first"])])
def test_a_call_that_raises_is_followed_by_others(way: str, there: list[str]) -> None:
    done: list[str] = []
    port = Numbered("list", done, Cut(0, way))  # type: ignore[arg-type]

    with pytest.raises(OutOfNowhere):
        port.append("first")
    port.append("second")
    assert done == [*there, "second"]


def test_a_notice_that_is_settled_before_it_is_sent_is_found_lost() -> None:
    scenario = Scenario(_one_notice, _settles_before_it_sends)
    uncut = play(scenario, "sqlite")

    ends = [play(scenario, "sqlite", each).end for each in cuts(uncut.calls, "sqlite")]
    assert any(end.told < uncut.end.told for end in ends)


def test_a_policy_that_is_replaced_without_being_kept_is_found_lost() -> None:
    def act(process: Process) -> None:
        process.setup.put_policy("reports", "{}")

    played = play(Scenario(lambda outside: outside.buckets.write("reports", "{1}"), act), "sqlite")

    assert played.lost == [("reports", "{1}")]


def test_a_notice_that_is_sent_without_a_claim_is_found_told_twice() -> None:
    played = play(Scenario(_one_notice, _sends_without_a_claim), "sqlite")

    assert played.twice
