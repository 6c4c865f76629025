"""The state store on DynamoDB: one table, for any number of functions at once.

Fulfils `StateStore`, whose docstrings say what each method means; the items are drawn in `dynamodb_items`.
What a method acknowledged by returning is kept by DynamoDB in three places. Lists of records and what is due
come from indexes that follow the table after a moment, so a change may be missed for that long; each record
is then read itself and is as it was written last. Reports and notices expire: DynamoDB deletes them some
days late at times, and until then they are read as if they did not. Lists of notices come from an index, too.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from chalicelib.adapters import codec
from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.codec import micros
from chalicelib.adapters.dynamodb_calls import Calls, Patience
from chalicelib.adapters.dynamodb_contents import DynamoContents
from chalicelib.adapters.dynamodb_contents_items import job_parts
from chalicelib.adapters.dynamodb_history import History, history_actions
from chalicelib.adapters.dynamodb_items import (
    channel_item,
    channel_key,
    is_name,
    lease_item,
    lease_key,
    placed_item,
    placed_key,
    placed_partition,
    record_item,
    record_key,
    report_item,
    report_key,
    report_partition,
    report_time,
    value_of,
)
from chalicelib.adapters.dynamodb_lists import Lists, stored_record
from chalicelib.adapters.dynamodb_notices import Notices
from chalicelib.adapters.dynamodb_outbox import Outbox
from chalicelib.adapters.dynamodb_table import (
    MOST_ACTIONS,
    Expression,
    Table,
    check,
    chunks,
    delete,
    key_of,
    put,
)
from chalicelib.adapters.dynamodb_writing import notice_parts, write
from chalicelib.core.channel import Disabled
from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice, NoticeState
from chalicelib.core.plan import Placed
from chalicelib.core.record import Page, Record, State
from chalicelib.core.report import Report
from chalicelib.core.summary_job import Job
from chalicelib.errors import Conflict, StoreBusy

KEEP = timedelta(days=400)
READ_TIMEOUT = 4.0
"""Seconds for one answer. They come within hundredths; one that takes longer was lost on its way."""

_UNSETTLED = 1000


class DynamoStore(DynamoContents):
    """Everything that is kept, in the table of that name, which is there.

    `client` makes a client of DynamoDB when one is first needed. It is to make one attempt at each call:
    trying again is done here, for `patience` seconds. Reports, what they say, and settled notices are kept
    for `keep`.
    Every method may raise `StoreBusy`, which is a `Conflict`, and `Misconfigured` where the table cannot
    be used.
    """

    def __init__(
        self,
        table: str,
        client: Callable[[], Any] | None = None,
        *,
        keep: timedelta = KEEP,
        patience: float = 8.0,
        wait: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        make = client or partial(aws_client, "dynamodb", attempts=1, read_timeout=READ_TIMEOUT)
        calls = Calls(table, make, lambda: Patience(patience, wait, clock))
        super().__init__(Table(table, calls), keep)
        self._lists = Lists(self._table)
        self._outbox = Outbox(self._table, keep)
        self._notices = Notices(self._table)
        self._history = History(self._table)

    def get(self, bucket: str, id: str) -> Record | None:
        item = stored_record(self._table, bucket, id)
        return None if item is None else value_of(Record, item)

    def save(
        self,
        record: Record,
        *,
        reports: Sequence[Report] = (),
        notices: Sequence[Notice] = (),
        replaced: Sequence[Replaced] = (),
        jobs: Sequence[Job] = (),
    ) -> Record:
        saved = replace(record, revision=record.revision + 1)
        before = set(self._as_expected(record).placed) if record.revision else set()
        head = [
            put(record_item(saved), _unchanged(record)),
            *(delete(placed_key(each, saved)) for each in before - set(saved.placed)),
            *(put(placed_item(each, saved)) for each in set(saved.placed) - before),
            *history_actions(saved, replaced),
        ]
        newest = {each.id: each for each in reports}  # one transaction takes each item once
        told = notice_parts(notices, self._keep)
        found = [(put(report_item(saved, each, self._keep)),) for each in newest.values()]
        guard = check(record_key(record.bucket, record.id), _unchanged(record))
        if not write(self._table, head, [*told, *job_parts(jobs), *found], guard=guard):
            raise _written_since(record)
        return saved

    def delete(self, record: Record, *, notices: Sequence[Notice] = ()) -> None:
        stored = self._as_expected(record)
        key = record_key(record.bucket, record.id)
        head = [
            delete(key, _unchanged(record)),
            *(delete(placed_key(each, stored)) for each in stored.placed),
        ]
        told = notice_parts(notices, self._keep)
        if not write(self._table, head, told, guard=check(key, _unchanged(record))):
            raise _written_since(record)
        with suppress(StoreBusy):  # nobody finds them any more, and they expire
            self._forget_reports(record)
            self._forget_contents(record)

    def records(
        self,
        *,
        bucket: str | None = None,
        state: State | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Record]:
        found = self._lists.named(bucket, state, codec.read_record_token(after), limit + 1)
        items = found[:limit]
        return Page(items, codec.record_token(items[-1]) if len(found) > limit else None)

    def due_for_sweep(self, now: datetime, limit: int) -> Sequence[Record]:
        return self._lists.to_sweep(now, limit)

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Record]:
        return self._lists.to_check(now, limit)

    def needed(self, buckets: Sequence[str], *, apart_from: tuple[str, str]) -> frozenset[Placed]:
        owner = "/".join(apart_from)
        return frozenset(
            Placed(bucket, str(item["sid"]))
            for bucket in dict.fromkeys(buckets)
            for item in self._table.query(Expression("#pk = :pk", {"pk": placed_partition(bucket)}))
            if item["owner"] != owner
        )

    def reports(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Report]:
        found = self._reports(bucket, id, "time", codec.read_report_token(after), limit + 1)
        items = found[:limit]
        return Page(items, codec.report_token(items[-1]) if len(found) > limit else None)

    def report(self, bucket: str, id: str, report_id: str) -> Report | None:
        item = stored_record(self._table, bucket, id) if is_name(report_id) else None
        if item is None:
            return None
        found = self._table.get(
            (report_partition(bucket, id, int(item["created_at"])), report_key(report_id))
        )
        return None if found is None else value_of(Report, found)

    def unsettled(self, bucket: str, id: str) -> Sequence[Report]:
        return self._reports(bucket, id, "open", codec.read_report_token(None), _UNSETTLED)[::-1]

    def history(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Replaced]:
        return self._history.page(bucket, id, limit, after)

    def replaced(self, bucket: str, id: str, number: int) -> Replaced | None:
        return self._history.one(bucket, id, number)

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        return self._outbox.claim(now, until, holder, limit) if limit > 0 else ()

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        self._outbox.settle(notice, holder, more)

    def oldest_waiting(self) -> datetime | None:
        return self._outbox.oldest_waiting()

    def notices(
        self,
        *,
        state: NoticeState | None = None,
        channel: str | None = None,
        about: tuple[str, str] | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Notice]:
        return self._notices.page(state, channel, about, limit, after)

    def notices_called(self, id: str) -> Sequence[Notice]:
        return self._notices.called(id)

    def redrive(self, notice: Notice) -> None:
        self._outbox.redrive(notice)

    def disabled(self, channel: str) -> Disabled | None:
        item = self._table.get(channel_key(channel)) if is_name(channel) else None
        return None if item is None else value_of(Disabled, item)

    def disable(self, disabled: Disabled) -> None:
        self._table.write([put(channel_item(disabled))])

    def enable(self, channel: str) -> None:
        self._table.write([delete(channel_key(channel))])

    def lease(self, names: Sequence[str], holder: str, now: datetime, until: datetime) -> bool:
        free = Expression(
            "attribute_not_exists(#pk) OR #holder = :holder OR #until <= :now",
            {"holder": holder, "now": micros(now)},
        )
        return write(
            self._table, [put(lease_item(each, holder, until), free) for each in dict.fromkeys(names)]
        )

    def release(self, names: Sequence[str], holder: str) -> None:
        for each in names:
            self._table.remove(lease_key(each), Expression("#holder = :holder", {"holder": holder}))

    def _as_expected(self, record: Record) -> Record:
        """The record as it is stored. Raises `Conflict` where it is not the revision that this one is of."""
        item = stored_record(self._table, record.bucket, record.id)
        if item is None or (item["revision"], item["created_at"]) != _identity(record):
            raise _written_since(record)
        return value_of(Record, item)

    def _reports(
        self, bucket: str, id: str, index: str, below: tuple[int, str], limit: int
    ) -> tuple[Report, ...]:
        """The newest reports below this time and id that are in one of the local indexes."""
        item = stored_record(self._table, bucket, id)
        if item is None:
            return ()
        where = Expression(
            f"#pk = :pk AND #{index} < :below",
            {"pk": report_partition(bucket, id, int(item["created_at"])), "below": report_time(*below)},
        )
        found = self._table.query(where, index=index, forward=False, page=limit)
        return tuple(value_of(Report, each) for each in islice(found, limit))

    def _forget_reports(self, record: Record) -> None:
        partition = report_partition(record.bucket, record.id, micros(record.created_at))
        found = self._table.query(Expression("#pk = :pk", {"pk": partition}))
        for some in chunks(found, MOST_ACTIONS):
            self._table.write([delete(key_of(each)) for each in some])


def _unchanged(record: Record) -> Expression:
    """That the record is stored as of this revision; one made anew under the same name is another."""
    if record.revision == 0:
        return Expression("attribute_not_exists(#pk)")
    revision, created_at = _identity(record)
    return Expression(
        "#revision = :revision AND #created_at = :created_at",
        {"revision": revision, "created_at": created_at},
    )


def _identity(record: Record) -> tuple[int, int]:
    return record.revision, micros(record.created_at)


def _written_since(record: Record) -> Conflict:
    return Conflict(f"{record.inventory.name} was written by somebody else in between.")
