"""Every state store keeps what came of jobs, contents and points, as `ContentsStore` says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.codec import to_bytes
from chalicelib.core.notice import Notice
from chalicelib.errors import Conflict, Invalid
from chalicelib.ports import StateStore
from tests.contract.store_jobs import numbers, opened, stored
from tests.contract.store_notices import settle
from tests.jobs import REPORT, contents, job, large, part, point, subject
from tests.samples import NOON, inventory, notice, record

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
HELD = notice(not_before=LATER, held_until=LATER)


# The end of a job


def test_what_came_of_a_job_is_kept_and_the_job_is_closed(store: StateStore) -> None:
    opened(store, job())
    store.put_part(subject(), part())

    store.finish(stored(store), contents(), point())

    assert store.contents("data", "daily", REPORT) == contents()
    assert store.trend("data", "daily").items == (point(),)
    assert store.job(subject()) is None
    assert list(store.jobs_due(LATER, 9)) == []
    assert (store.part_numbers(subject()), numbers(store)) == (frozenset(), [])
    assert store.put_part(subject(), part(1)) == 0


def test_a_job_may_end_with_nothing(store: StateStore) -> None:
    opened(store, job())

    store.finish(stored(store), None, None)

    assert store.job(subject()) is None
    assert store.contents("data", "daily", REPORT) is None
    assert store.trend("data", "daily").items == ()


def test_of_two_who_finish_a_job_one_does(store: StateStore) -> None:
    opened(store, job())
    mine = stored(store)
    store.finish(mine, contents(), point(), notices=[notice("a" * 32)])

    with pytest.raises(Conflict):
        store.finish(mine, contents(files=2), point(files=2), notices=[notice("b" * 32)])

    assert store.contents("data", "daily", REPORT) == contents()
    assert store.trend("data", "daily").items == (point(),)
    assert [each.id for each in store.notices().items] == ["a" * 32]


def test_a_job_that_was_put_since_is_not_finished(store: StateStore) -> None:
    opened(store, job())
    before = stored(store)
    store.put_job(replace(before, tasks=2))
    store.put_part(subject(), part())

    with pytest.raises(Conflict):
        store.finish(before, contents(), point())

    assert stored(store).tasks == 2
    assert store.contents("data", "daily", REPORT) is None
    assert numbers(store) == [0]


def test_a_report_that_is_summed_up_again_has_the_newer_contents_and_none_of_the_parts(
    store: StateStore,
) -> None:
    opened(store, job())
    store.put_part(subject(), part(5))
    store.finish(stored(store), contents(), point())

    opened(store, job(made_at=LATER))

    assert numbers(store) == []
    assert store.put_part(subject(), part(1)) == 1
    store.finish(stored(store), contents(files=2), point(files=2, taken_at=LATER))
    assert store.contents("data", "daily", REPORT) == contents(files=2)
    assert store.trend("data", "daily").items == (point(files=2, taken_at=LATER),)


def test_parts_and_contents_of_megabytes_are_kept_whole(store: StateStore) -> None:
    opened(store, job())
    many = replace(part(1), summary=large())
    assert len(to_bytes(many)) > 3_000_000

    store.put_part(subject(), part(0))
    assert store.put_part(subject(), many) == 2
    assert list(store.parts(subject())) == [part(0), many]
    store.finish(stored(store), contents(summary=large()), point())

    assert store.contents("data", "daily", REPORT) == contents(summary=large())


# Notices


def richer(held: Notice = HELD, **changes: Any) -> Notice:
    return replace(held, facts={"summary": {"objects": 3}}, not_before=None, **changes)


def test_a_notice_that_waits_says_more_and_goes_out_at_once(store: StateStore) -> None:
    opened(store, job(), notices=(HELD, replace(HELD, id="f" * 32, channel="other")))
    assert list(store.claim(NOON, LATER, "me", 9)) == []
    other = notice("a" * 32, kind="report.threshold", order=1)

    store.finish(stored(store), contents(), point(), richer=[richer(held_until=None)], notices=[other])

    assert store.oldest_waiting() == NOON
    claimed = [replace(each, claim=None, claimed_until=None) for each in store.claim(NOON, LATER, "me", 9)]
    assert claimed == [richer(held_until=None), other]


@pytest.mark.parametrize(
    "became",
    [
        {"state": "sent", "settled_at": LATER},
        {"attempts": 1, "not_before": LATER + SECOND},
        {"state": "given_up", "attempts": 9, "settled_at": LATER},
    ],
)
def test_a_notice_that_was_tried_stays_as_it_is(store: StateStore, became: dict[str, Any]) -> None:
    opened(store, job(), notices=(HELD,))
    settled = settle(store, **became)

    store.finish(stored(store), contents(), point(), richer=[richer()], notices=[notice("a" * 32)])

    assert store.notices_called(HELD.id) == settled
    assert len(store.notices_called("a" * 32)) == 1
    assert store.job(subject()) is None


def test_a_notice_that_somebody_is_sending_stays_as_it_is(store: StateStore) -> None:
    opened(store, job(), notices=(HELD,))
    claimed = store.claim(LATER, LATER + SECOND, "me", 9)

    store.finish(stored(store), contents(), point(), richer=[richer()])

    assert store.notices_called(HELD.id) == claimed
    store.settle(replace(claimed[0], state="sent", settled_at=LATER), "me")


def test_a_notice_that_is_not_there_is_not_made_by_saying_more(store: StateStore) -> None:
    opened(store, job())

    store.finish(stored(store), contents(), point(), richer=[richer()])

    assert store.notices().items == ()
    assert store.contents("data", "daily", REPORT) == contents()


# The trend


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_of_the_trend_have_all_of_it_once_the_newest_first(store: StateStore, limit: int) -> None:
    times = {"a": NOON, "b": NOON, "c": NOON - SECOND}
    opened(store, *(job(each) for each in times))
    for each, time in times.items():
        store.finish(stored(store, each), None, point(each, taken_at=time))

    pages = [store.trend("data", "daily", limit=limit)]
    while pages[-1].next is not None:
        pages.append(store.trend("data", "daily", limit=limit, after=pages[-1].next))

    assert [each.report_id for page in pages for each in page.items] == ["b", "a", "c"]
    assert [len(each.items) for each in pages[:-1]] == [limit] * (len(pages) - 1)
    assert pages[-1].items


def test_a_trend_is_of_one_inventory(store: StateStore) -> None:
    opened(store, job())
    store.finish(stored(store), contents(), point())
    store.save(record(inventory(id="weekly")))

    for id in ("weekly", "other", ""):
        assert store.trend("data", id).items == ()
        assert store.contents("data", id, REPORT) is None
    assert store.contents("data", "daily", "other") is None


@pytest.mark.parametrize("token", ["", "1", "1/", "x/a", "1e3/a", f"{10**18}/a", "1/\ud800"])
def test_a_token_that_no_page_of_the_trend_gave_is_invalid(store: StateStore, token: str) -> None:
    with pytest.raises(Invalid):
        store.trend("data", "daily", after=token)


# The record


def test_what_a_deleted_record_had_is_forgotten_with_it(store: StateStore) -> None:
    opened(store, job("a"), job("b"))
    open = stored(store, "b")
    store.finish(stored(store, "a"), contents("a"), point("a"))
    store.put_part(subject("b"), part())
    found = store.get("data", "daily")
    assert found is not None

    store.delete(found)

    def nothing_there() -> bool:
        return (
            store.contents("data", "daily", "a") is None
            and store.trend("data", "daily").items == ()
            and store.job(subject("b")) is None
            and list(store.jobs_due(LATER, 9)) == []
            and store.part_numbers(subject("b")) == frozenset()
        )

    assert nothing_there()
    with pytest.raises(Conflict):
        store.finish(open, contents("b"), point("b"))
    store.save(record(created_at=LATER))
    assert nothing_there()
    with pytest.raises(Conflict):
        store.finish(open, contents("b"), point("b"))


def test_a_record_that_was_made_anew_has_jobs_of_its_own(store: StateStore) -> None:
    store.delete(opened(store, job()))
    store.save(record(created_at=LATER), jobs=[job(of=LATER, made_at=LATER)])

    with pytest.raises(Conflict):
        store.put_job(job(revision=1))
    assert list(store.jobs_due(LATER, 9)) == [job(of=LATER, made_at=LATER, revision=1)]
