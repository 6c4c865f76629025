"""What the items of the table look like: what expires when, and what stands in which index."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.codec import micros
from chalicelib.adapters.dynamodb_items import (
    channel_item,
    history_item,
    history_number,
    lease_item,
    list_name,
    notice_item,
    record_item,
    report_item,
    report_time,
    told_item,
)
from chalicelib.adapters.dynamodb_shards import DUE, SHARDS, THEN
from chalicelib.core.channel import Disabled
from chalicelib.core.notice import GIVE_UP_AFTER
from tests.samples import NOON, inventory, notice, record, replaced, report

DAY = timedelta(days=1)
EPOCH_SECONDS = micros(NOON) // 1_000_000
RESOURCES = Path(__file__).parents[2] / ".chalice" / "resources.json"


def seconds(span: timedelta) -> int:
    """Since 1970, so long after noon."""
    return EPOCH_SECONDS + round(span.total_seconds())


def test_the_table_deletes_by_the_attribute_that_is_written() -> None:
    table = json.loads(RESOURCES.read_text(encoding="utf-8"))["Resources"]["Table"]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_a_record_never_expires() -> None:
    assert "expires" not in record_item(record())


def test_what_was_replaced_never_expires_and_sorts_by_its_number() -> None:
    item = history_item("data", "daily", replaced(12))

    assert (item["pk"], item["sk"], "expires" in item) == ("history#data/daily", "0000000000012", False)
    assert history_number(9) < history_number(10) < history_number(10**12)


def test_a_report_expires_so_long_after_it_was_found_however_old_it_is() -> None:
    found = report(created_at=NOON - 4000 * DAY, found_at=NOON)

    assert report_item(record(), found, 400 * DAY)["expires"] == seconds(400 * DAY)


def test_a_notice_that_waits_does_not_expire() -> None:
    assert "expires" not in notice_item(notice(), DAY)
    assert "expires" not in notice_item(notice(claim="me", claimed_until=NOON), DAY)


@pytest.mark.parametrize("state", ["sent", "given_up"])
def test_a_settled_notice_expires_so_long_after_it_was_settled(state: str) -> None:
    assert notice_item(notice(state=state, settled_at=NOON + 2 * DAY), DAY)["expires"] == seconds(3 * DAY)


def test_that_a_notice_was_told_is_remembered_for_longer_than_the_notice() -> None:
    assert told_item(notice(), DAY)["expires"] == seconds(DAY + GIVE_UP_AFTER)
    given_up = notice(state="given_up", settled_at=NOON + 3 * DAY)
    assert told_item(given_up, DAY)["expires"] == seconds(4 * DAY + GIVE_UP_AFTER)


def test_a_lease_expires_a_day_after_it_has_run_out() -> None:
    assert lease_item("policy:data", "me", NOON)["expires"] == seconds(DAY)


def test_what_is_not_due_at_any_time_is_in_no_index_of_what_is_due() -> None:
    resting = record_item(record(next_sweep=None, next_check=None))
    sent = notice_item(notice(state="sent"), DAY)

    assert sent["list"] == "notices#sent"
    for each in (resting, sent):
        assert not {DUE.shard, DUE.time, THEN.shard, THEN.time, "open"} & each.keys()


def test_records_are_dealt_out_to_all_shards() -> None:
    items = [record_item(record(inventory(id=f"i{number}"))) for number in range(200)]

    for index in (DUE, THEN):
        dealt = [each[index.shard] for each in items]
        assert len(set(dealt)) == SHARDS
        assert min(dealt.count(each) for each in set(dealt)) > 200 / SHARDS / 2


def test_a_record_stays_in_its_shard() -> None:
    first = record_item(record())
    later = record_item(record(revision=7, next_sweep=NOON + DAY, next_check=NOON + DAY))

    assert [first[each.shard] for each in (DUE, THEN)] == [later[each.shard] for each in (DUE, THEN)]
    assert first[DUE.shard] == "sweep#0"  # stays so in every version: the table remembers it


def test_notices_of_each_state_are_a_list_of_their_own_by_time_and_id() -> None:
    made = [notice("b"), notice("c"), notice("a", created_at=NOON + DAY)]
    items = [notice_item(each, DAY) for each in made]

    assert {each["list"] for each in items} == {"notices#waiting"}
    assert sorted(items, key=lambda each: str(each["name"])) == items


def test_the_age_of_a_notice_is_counted_from_when_it_could_be_sent() -> None:
    held = notice_item(notice(held_until=NOON + DAY, not_before=NOON + 2 * DAY), DAY)

    assert held[THEN.time] == micros(NOON + DAY)
    assert held[DUE.time] == micros(NOON + 2 * DAY)


def test_that_a_channel_is_disabled_does_not_expire() -> None:
    assert channel_item(Disabled("storage-team", NOON, "404", "f")).keys() == {"pk", "sk", "document"}


def test_names_sort_by_bucket_and_then_by_id() -> None:
    names = [("b", "-"), ("b", "."), ("b", "A"), ("b-2", "a"), ("b0", "a")]

    assert sorted(names) == sorted(names, key=lambda each: list_name(*each)) == names


def test_times_of_reports_sort_as_the_numbers_do() -> None:
    moments = [(-(10**17), "b"), (-1, "a"), (0, "a"), (0, "b"), (1, ""), (10**17, "a")]

    assert sorted(moments, key=lambda each: report_time(*each)) == moments
