"""The items of the table: which attributes each kind has, and under which key it stands.

In come records, reports, notices, history, statements, leases and disabled channels, out go items. Beside the
compressed `document` stands what is searched and sorted by; instants are whole microseconds since 1970, but
`expires`, which is in seconds, because DynamoDB deletes an item by it ("Using time to live (TTL)", some days
late at times).

    pk                                        sk             indexes
    record#BUCKET/ID                          record         due: next sweep, then: next check, list: name
    report#BUCKET/ID#CREATED                  report#ID      time: all of them, open: those not complete
    history#BUCKET/ID                         NUMBER
    placed#BUCKET                             SID#OWNER
    line#CHANNEL#BUCKET#ID                    notice#ID      open, due, then: while it waits, list: time
    told#NOTICE-ID                            told           list: id
    lease#NAME                                lease
    channel#NAME                              channel
    job#BUCKET/ID                             job#REPORT     due: next look
    parts#BUCKET/ID#REPORT#MADE               part#NUMBER, count
    contents#BUCKET/ID#CREATED                contents#REPORT, point#REPORT    time: all points
    slices#TOKEN                              NUMBER

NUMBER has zeros before it, and what stands there stays, whatever becomes of the record.
CREATED is when the record was made, so that the reports of one that was deleted are none of its successor's
under the same name. A line is one partition, to be read in its order and with strong consistency. `told`
makes a notice's id unique in all lines, and says in which one it stands. The notices of each
state are a list of their own. What an earlier version wrote is in no list, and its `told` names no line; a
notice that still waits gets into its list when it is claimed. The last four are in `dynamodb_contents_items`.
"""

from datetime import datetime, timedelta

from chalicelib.adapters.codec import MOST_NUMBER, Stored, from_bytes, micros, to_bytes
from chalicelib.adapters.dynamodb_shards import DUE, THEN
from chalicelib.adapters.dynamodb_table import Item, Key, Value
from chalicelib.core.channel import Disabled
from chalicelib.core.history import Replaced
from chalicelib.core.notice import GIVE_UP_AFTER, Notice, NoticeState
from chalicelib.core.plan import Placed
from chalicelib.core.record import Record
from chalicelib.core.report import Report

TOLD = "told"
"""The list of all notices by id."""

_PAST = 10**18  # makes the microseconds of any instant positive, and their text of 19 digits sort as they do
_LEASE_KEPT = timedelta(days=1)
_LONGEST_NAME = 1000  # bytes; a sort key has 1,024 at most


def value_of(kind: type[Stored], item: Item) -> Stored:
    """The record, report, notice or disabled channel of an item."""
    return from_bytes(kind, document_of(item))


def document_of(item: Item) -> bytes:
    """The document as it was written."""
    document = item["document"]
    assert isinstance(document, bytes)
    return document


def record_key(bucket: str, id: str) -> Key:
    """Where a record stands."""
    return f"record#{bucket}/{id}", "record"


def record_item(record: Record) -> Item:
    """A record. What is not due is left out of the index."""
    name = f"{record.bucket}/{record.id}"
    item: dict[str, Value] = {
        **_key(*record_key(record.bucket, record.id)),
        "revision": record.revision,
        "created_at": micros(record.created_at),
        "state": record.state,
        "list": "records",
        "name": list_name(record.bucket, record.id),
        "document": to_bytes(record),
    }
    if record.next_sweep is not None:
        item |= DUE.entry("sweep", name, micros(record.next_sweep))
    if record.next_check is not None:
        item |= THEN.entry("check", name, micros(record.next_check))
    return item


def list_name(bucket: str, id: str) -> str:
    """Sorts as (bucket, id) does: a blank comes before everything that a bucket's name can have."""
    return f"{bucket} {id}"


def is_name(text: str) -> bool:
    """Whether this can be a part of a key at all; what nobody could store is asked for, too."""
    try:
        return len(text.encode()) <= _LONGEST_NAME
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def placed_partition(bucket: str) -> str:
    """Where the statements in the policy of a bucket stand."""
    return f"placed#{bucket}"


def placed_key(placed: Placed, record: Record) -> Key:
    """Where it stands that this record has this statement."""
    return placed_partition(placed.bucket), f"{placed.sid}#{record.bucket}/{record.id}"


def placed_item(placed: Placed, record: Record) -> Item:
    """That this record has this statement."""
    return {**_key(*placed_key(placed, record)), "sid": placed.sid, "owner": f"{record.bucket}/{record.id}"}


def report_partition(bucket: str, id: str, created_at: int) -> str:
    """Where the reports of a record stand; `created_at` is the record's, in microseconds."""
    return f"report#{bucket}/{id}#{created_at}"


def report_item(record: Record, report: Report, keep: timedelta) -> Item:
    """A report, to be kept so long after it was found: it may have been written years before."""
    partition = report_partition(record.bucket, record.id, micros(record.created_at))
    time = report_time(micros(report.created_at), report.id)
    open = {} if report.outcome == "complete" else {"open": time}
    return {
        **_key(partition, report_key(report.id)),
        "time": time,
        **open,
        "expires": seconds_of(report.found_at + keep),
        "document": to_bytes(report),
    }


def report_key(id: str) -> str:
    """The sort key of a report."""
    return f"report#{id}"


def report_time(created_at: int, id: str) -> str:
    """Sorts reports by `created_at`, in microseconds, and id."""
    return f"{_sortable(created_at)}#{id}"


def history_partition(bucket: str, id: str) -> str:
    """Where the history of an inventory stands, of all records under this name one after the other."""
    return f"history#{bucket}/{id}"


def history_number(number: int) -> str:
    """The sort key of an entry; sorts as the numbers do."""
    return f"{number:0{len(str(MOST_NUMBER))}}"


def history_item(bucket: str, id: str, replaced: Replaced) -> Item:
    """An entry of a history. It never expires."""
    key = _key(history_partition(bucket, id), history_number(replaced.number))
    return {**key, "document": to_bytes(replaced)}


def line_of(notice: Notice) -> str:
    """The partition of all notices of one inventory for one channel."""
    return f"line#{notice.channel}#{notice.bucket}#{notice.inventory_id}"


def is_of_channel(item: Item, channel: str) -> bool:
    """Whether this may be a notice for the channel; a name with a `#` in it may look like another."""
    return str(item["pk"]).startswith(f"line#{channel}#")


def is_about(item: Item, bucket: str, id: str) -> bool:
    """Whether this may be a notice about the inventory; as `is_of_channel`."""
    return str(item["pk"]).endswith(f"#{bucket}#{id}")


def notice_key(line: str, id: str) -> Key:
    """Where a notice stands."""
    return line, f"notice#{id}"


def notice_item(notice: Notice, keep: timedelta) -> Item:
    """A notice. It is in the indexes while it waits, and expires only when it does so no longer."""
    line = line_of(notice)
    created_at = micros(notice.created_at)
    item: dict[str, Value] = {
        **_key(*notice_key(line, notice.id)),
        "state": notice.state,
        "list": notice_list(notice.state),
        "name": notice_time(created_at, notice.id),
        "document": to_bytes(notice),
    }
    if notice.claim is not None:
        item["claim"] = notice.claim
    if notice.state != "waiting":
        return item | {"expires": seconds_of((notice.settled_at or notice.created_at) + keep)}
    item["open"] = f"{_sortable(created_at)}#{notice.order:010}#{notice.id}"
    item |= DUE.entry("outbox", line, micros(due_at(notice)))
    return item | THEN.entry("age", line, micros(notice.waits_since))


def notice_list(state: NoticeState) -> str:
    """The list of all notices of a state."""
    return f"notices#{state}"


def notice_time(created_at: int, id: str) -> str:
    """Sorts the notices of a list by `created_at`, in microseconds, and id."""
    return f"{_sortable(created_at)}#{id}"


def time_and_id(name: str) -> tuple[int, str]:
    """What `notice_time` was made of."""
    time, _, id = name.partition("#")
    return int(time) - _PAST, id


def due_at(notice: Notice) -> datetime:
    """When a waiting notice may be claimed, as far as it depends on itself."""
    times = (notice.created_at, notice.not_before, notice.claimed_until)
    return max(each for each in times if each is not None)


def told_item(notice: Notice, keep: timedelta) -> Item:
    """That a notice of this id is there, or was, and in which line; kept for longer than the notice is."""
    return {
        **_key(*told_key(notice.id)),
        "line": line_of(notice),
        "list": TOLD,
        "name": notice.id,
        "expires": seconds_of((notice.settled_at or notice.waits_since) + keep + GIVE_UP_AFTER),
    }


def told_key(id: str) -> Key:
    """Where it stands that a notice of this id is there."""
    return f"told#{id}", "told"


def lease_key(name: str) -> Key:
    """Where a lease stands."""
    return f"lease#{name}", "lease"


def lease_item(name: str, holder: str, until: datetime) -> Item:
    """A lease. It has run out long before it is deleted."""
    return {
        **_key(*lease_key(name)),
        "holder": holder,
        "until": micros(until),
        "expires": seconds_of(until + _LEASE_KEPT),
    }


def channel_key(name: str) -> Key:
    """Where it stands that a channel is disabled."""
    return f"channel#{name}", "channel"


def channel_item(disabled: Disabled) -> Item:
    """That a channel is disabled, until it is not any more."""
    return {**_key(*channel_key(disabled.channel)), "document": to_bytes(disabled)}


def _key(pk: str, sk: str) -> dict[str, Value]:
    return {"pk": pk, "sk": sk}


def _sortable(number: int) -> str:
    return f"{number + _PAST:019}"


def seconds_of(moment: datetime) -> int:
    """Since 1970, rounded up."""
    return -(-micros(moment) // 1_000_000)
