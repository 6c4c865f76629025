"""On DynamoDB the notices of one inventory are found among those of all, so many at a time."""

from datetime import timedelta

from chalicelib.adapters.dynamodb_calls import Calls, Patience
from chalicelib.adapters.dynamodb_items import notice_item
from chalicelib.adapters.dynamodb_notices import Notices
from chalicelib.adapters.dynamodb_table import Table, put
from chalicelib.core.notice import Notice
from tests.contract.dynamo_store import Rig
from tests.samples import NOON, notice

KEEP = timedelta(days=400)
SECOND = timedelta(seconds=1)


def test_notices_of_an_inventory_are_found_behind_very_many_of_others(rig: Rig) -> None:
    ours = [notice("first", created_at=NOON - SECOND), notice("last", created_at=NOON + SECOND)]
    made = [notice(f"{n:04}", inventory_id="other") for n in range(50)]
    rig.put([put(notice_item(each, KEEP)).parameters["Item"] for each in (*ours, *made)])
    calls = Calls(rig.table, lambda: rig.endpoint.client, lambda: Patience(8.0, rig.waited.append, lambda: 0))
    notices = Notices(Table(rig.table, calls), most_met=20)

    pages: list[tuple[Notice, ...]] = []
    after = None
    while not pages or after is not None:
        page = notices.page(None, None, ("data", "daily"), 5, after)
        pages.append(page.items)
        after = page.next
    assert pages == [(ours[1],), (), (ours[0],)]
    assert len(notices.page(None, None, None, 30, None).items) == 30
