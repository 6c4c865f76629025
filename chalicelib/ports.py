"""The ports: what the flows need of the world, as Protocols. Adapters and fakes fulfil them.

Every method may raise the errors of `errors.py` that its docstring names, and no others on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from chalicelib.contents_ports import ContentsStore

if TYPE_CHECKING:  # only names here: whoever needs no record, say, need not load what one is
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.core.access import SecretsDocument
    from chalicelib.core.channel import About, Disabled
    from chalicelib.core.history import Replaced
    from chalicelib.core.notice import Notice, NoticeState
    from chalicelib.core.plan import Placed
    from chalicelib.core.record import Page, Record, State
    from chalicelib.core.report import Listing, ObjectSeen, Report
    from chalicelib.core.summary_job import Job

Measure = Literal[
    "ReportsLanded",
    "ReportsOverdue",
    "DriftFound",
    "DriftRepaired",
    "NoticesSent",
    "NoticesRetried",
    "NoticesGivenUp",
    "OutboxAge",
    "SweepDuration",
    "RecordsLookedAt",
]
"""What is measured. `OutboxAge` is in seconds, `SweepDuration` in milliseconds, all others are counts."""


class Turn(Protocol):
    """One turn of work, a request or a tick: its id, what time it is, whether there is time left, how to
    wait, and what was measured.
    """

    @property
    def id(self) -> str:
        """Names the turn in the log and in the notices that come of it."""

    def measure(self, what: Measure, number: float = 1) -> None:
        """Add to what was measured in this turn."""

    def now(self) -> datetime:
        """The time, in UTC."""

    def has_time(self) -> bool:
        """Whether to begin something more."""

    def wait(self, seconds: float) -> None:
        """Let this many seconds pass, or what is left of the turn if that is less."""


class BucketSetup(Protocol):
    """Buckets, their policies and inventory configurations.

    All methods raise `PlatformAway` when trying again helps, `BucketMissing`, `NotYet` where an earlier
    write still spreads, and `PlatformRefused` for any other no.
    """

    def policy(self, bucket: str) -> str | None:
        """The text of the bucket's policy, None where it has none."""

    def put_policy(self, bucket: str, text: str) -> None:
        """Replace the whole policy."""

    def delete_policy(self, bucket: str) -> None:
        """Delete the policy; no error where there is none."""

    def configuration(self, bucket: str, id: str) -> Mapping[str, Any] | None:
        """The inventory configuration as the platform answers it, None where there is none."""

    def put_configuration(self, bucket: str, id: str, document: Mapping[str, Any]) -> None:
        """Create or replace it. `NotYet` while the grant to the service is not visible to the platform."""

    def delete_configuration(self, bucket: str, id: str) -> None:
        """Delete it; no error where there is none."""

    def configurations(self, bucket: str) -> Sequence[Mapping[str, Any]]:
        """All inventory configurations of the bucket by id, through all pages."""

    def buckets(self) -> Sequence[str]:
        """The names of all buckets that the keys may list, sorted, through all pages."""

    def zone(self, bucket: str) -> str | None:
        """The Availability Zone that the bucket is in, None where the platform names none."""

    def create_bucket(self, bucket: str, zone: str) -> None:
        """Create a bucket; no error where it is there already and ours, in that zone."""


class ReportSource(Protocol):
    """Objects at a destination. Errors as of `BucketSetup`."""

    def list(
        self, bucket: str, prefix: str, *, delimiter: str | None = None, after: str | None = None
    ) -> Listing:
        """Everything under the prefix, through all pages, from the key `after` on.

        A server that does not honour `after` lists more; the caller has to bear that.
        """

    def read(self, bucket: str, key: str, *, limit: int) -> tuple[ObjectSeen, bytes] | None:
        """The object and its bytes, None where it is not there. Beyond `limit` bytes nothing more is read."""

    def find(self, bucket: str, keys: Sequence[str]) -> Mapping[str, ObjectSeen]:
        """Those of the keys that are there."""


class StateStore(ContentsStore, Protocol):
    """Records, reports, their contents, notices, history and leases. One method is one transaction.

    Every method may raise `StoreBusy`, a `Conflict`, when the store does not answer for long. Lists of
    records and notices, what is due or waits longest, and notices found by a short id may be a moment
    behind; all else is as it was written last.
    """

    def get(self, bucket: str, id: str) -> Record | None:
        """The record, or None."""

    def save(
        self,
        record: Record,
        *,
        reports: Sequence[Report] = (),
        notices: Sequence[Notice] = (),
        replaced: Sequence[Replaced] = (),
        jobs: Sequence[Job] = (),
    ) -> Record:
        """Write record, reports, notices, entries of its history and jobs together, or nothing.

        The record's `revision` must be that of the stored one, 0 for a new one; else `Conflict`. Answers
        the record with its new revision. Reports replace those of the same id; a notice whose id is there
        already, whatever it is about, is left as it is, and so is a job. An entry whose number is taken is a
        `Conflict`.
        """

    def delete(self, record: Record, *, notices: Sequence[Notice] = ()) -> None:
        """Forget the record, its reports, their jobs and contents, but not its history. `Conflict` as in
        `save`.
        """

    def records(
        self,
        *,
        bucket: str | None = None,
        state: State | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Record]:
        """Records ordered by bucket and id. Raises `Invalid` for an `after` that is no page's `next`."""

    def due_for_sweep(self, now: datetime, limit: int) -> Sequence[Record]:
        """Records whose `next_sweep` is not after `now`, the longest due first."""

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Record]:
        """Records whose `next_check` is not after `now`, the longest due first."""

    def needed(self, buckets: Sequence[str], *, apart_from: tuple[str, str]) -> frozenset[Placed]:
        """The statements that all records but one have in the policies of these buckets."""

    def reports(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Report]:
        """Reports of an inventory, the newest first (by `created_at`, then id)."""

    def report(self, bucket: str, id: str, report_id: str) -> Report | None:
        """One report of an inventory, None where it has none of this id."""

    def unsettled(self, bucket: str, id: str) -> Sequence[Report]:
        """The reports of an inventory whose outcome is not `complete`, the newest 1,000, oldest first."""

    def history(self, bucket: str, id: str, *, limit: int = 100, after: str | None = None) -> Page[Replaced]:
        """What was replaced for the inventories of this name, also for those that are gone; newest first.

        A page has less than `limit` where the texts are long. Raises `Invalid` as `records`.
        """

    def replaced(self, bucket: str, id: str, number: int) -> Replaced | None:
        """One entry of that history, None where there is none of that number."""

    def claim(self, now: datetime, until: datetime, holder: str, limit: int) -> Sequence[Notice]:
        """Take waiting notices that are due and not claimed by a living claim; the oldest of them come first.

        One that may not be taken holds back the later ones of the same channel and inventory. Where more are
        due than `limit`, a store may begin with those that are due longest.
        """

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        """Write what became of a claimed notice, and further notices that follow from it.

        `Conflict` where the claim has passed to another holder.
        """

    def oldest_waiting(self) -> datetime | None:
        """The earliest `waits_since` of the notices that wait, None where none waits.

        Of one channel's notices about one inventory only the first counts: the others wait for it.
        """

    def notices(
        self,
        *,
        state: NoticeState | None = None,
        channel: str | None = None,
        about: tuple[str, str] | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[Notice]:
        """Notices, the newest first (by `created_at`, then id). Raises `Invalid` as `records`.

        `about` is the bucket and the id of an inventory. A page of its notices may have less than `limit`, or
        none, though there is a next one: where those of many others lie between.
        """

    def notices_called(self, id: str) -> Sequence[Notice]:
        """The notices whose id begins so, two at the most; none where that is shorter than a short id."""

    def redrive(self, notice: Notice) -> None:
        """Write a given-up notice as it is here, waiting again. `Conflict` where it is not given up."""

    def disabled(self, channel: str) -> Disabled | None:
        """Why nothing is sent to the channel, None where it is not disabled."""

    def disable(self, disabled: Disabled) -> None:
        """Remember that nothing is sent to the channel, in the place of what was remembered of it."""

    def enable(self, channel: str) -> None:
        """Forget that; no error where there is nothing to forget."""

    def lease(self, names: Sequence[str], holder: str, now: datetime, until: datetime) -> bool:
        """Take all these leases or none; a lease that has run out is free."""

    def release(self, names: Sequence[str], holder: str) -> None:
        """Give leases back that are still held."""


class Channel(Protocol):
    """A place for notices."""

    @property
    def most(self) -> int:
        """How many notices one message can carry; 1 where each is a message of its own."""

    def send(self, notices: Sequence[Notice]) -> None:
        """Render and send one message with these notices, one to `most`, all of them or none.

        Raises `DeliveryDelayed`, also when nobody knows whether it arrived, `DeliveryRefused` where this
        message is not taken, and `ChannelRefused` where none is.
        """


class Channels(Protocol):
    """The channels of the secrets document, by name."""

    def get(self, name: str) -> Channel | None:
        """The channel, None where nobody set one of that name."""

    def about(self, name: str) -> About | None:
        """What may be told of the channel, usable or not; None where nobody set one of that name."""

    def names(self) -> tuple[str, ...]:
        """The names of those that can be used, for messages; never an address."""

    def unusable(self) -> Mapping[str, str]:
        """Those that are set and cannot be used, by name, each with what is missing."""


class Secrets(Protocol):
    """The one secrets document."""

    def read(self, *, fresh: bool = False) -> SecretsDocument:
        """The document, which may be a minute old; with `fresh`, as it is now.

        Raises `Misconfigured`, without any of its contents.
        """
