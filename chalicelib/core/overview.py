"""Every inventory at a glance: one row for each, the worst first, and counts over all of them.

In come records, what waits in the outbox and the newest points; out goes what the status page shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.core.notice import Notice
from chalicelib.core.record import Page, Record
from chalicelib.core.standing import WORDS, Standing, Tone, Word, standing_of
from chalicelib.core.totals import NO_TOTALS, Totals
from chalicelib.core.trend import Point

ROWS = 100
"""On one page."""
REPORTS_DRAWN = 14
MOST_RECORDS = 5_000
"""Inventories that are looked at; of more, the first by name."""
MOST_NOTICES = 1_000
"""Notices of one state that are counted."""
MOST_SEARCHED = 200
"""Characters of what is searched for."""

Name = tuple[str, str]
"""Bucket and id."""

TONES: tuple[Tone, ...] = ("bad", "warn", "idle", "good")


def slug(word: Word) -> str:
    """A word as it stands in an address: `set-up-failed`."""
    return word.replace(" ", "-")


SHOWABLE: tuple[str, ...] = (*TONES, *map(slug, WORDS))
"""What rows can be chosen by: how bad the worst is, or one of the words that hold."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown: all where `show` is None and `search` is empty. The first page is 1."""

    show: str | None = None
    search: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether something may be left out."""
        return self.show is not None or bool(self.search)


@dataclass(frozen=True, slots=True)
class Row:
    """One inventory: how it stands, since when, and all that is remembered of it."""

    record: Record
    standing: Standing
    since: datetime

    @property
    def name(self) -> Name:
        """Bucket and id."""
        return self.record.bucket, self.record.id


@dataclass(frozen=True, slots=True)
class Counts:
    """How many inventories there are, how many by the tone of the worst that holds of them, and how many each
    word holds of: several may hold of one.
    """

    all: int
    tones: Mapping[Tone, int]
    words: Mapping[Word, int]


@dataclass(frozen=True, slots=True)
class Outbox:
    """How many notices there are of one state, by inventory; `more` says that not all were counted."""

    by_name: Mapping[Name, int] = field(default_factory=dict)
    more: bool = False

    @property
    def number(self) -> int:
        """All that were counted."""
        return sum(self.by_name.values())


@dataclass(frozen=True, slots=True)
class Looks:
    """When somebody looked last: for reports, and for drift. None for never."""

    reports: datetime | None = None
    drift: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the status page shows. `rows` are those of the page that is asked for, or of the last where there
    are fewer pages; `found` is how many there are on all of them. `beyond` says that there are more
    inventories than are looked at. `disabled` are channels to which nothing is sent, of so many `channels`.
    """

    now: datetime
    wanted: Wanted
    rows: tuple[Row, ...] = ()
    found: int = 0
    pages: int = 1
    counts: Counts = Counts(0, {}, {})
    totals: Totals = NO_TOTALS
    looks: Looks = Looks()
    waiting: Outbox = field(default_factory=Outbox)
    given_up: Outbox = field(default_factory=Outbox)
    trends: Mapping[Name, Sequence[Point]] = field(default_factory=dict)
    disabled: tuple[str, ...] = ()
    channels: int = 0
    beyond: bool = False


def rows_of(records: Iterable[Record]) -> tuple[Row, ...]:
    """A row for each: the worst first, of those that are as bad the one for which that lasts longest."""
    rows = [_row(each) for each in records]
    return tuple(sorted(rows, key=lambda row: (-row.standing.rank, row.since, row.name)))


def chosen(rows: Iterable[Row], wanted: Wanted) -> tuple[Row, ...]:
    """The rows that are wanted, of all pages, in the order in which they are."""
    search = wanted.search.casefold()
    return tuple(
        row
        for row in rows
        if _stands(row.standing, wanted.show) and search in row.record.inventory.name.casefold()
    )


def pages_of(found: int) -> int:
    """How many pages so many rows are on; one at least."""
    return max(-(-found // ROWS), 1)


def page_of(rows: Sequence[Row], number: int) -> tuple[Row, ...]:
    """The rows of a page, of the last one where there are fewer pages."""
    first = (min(number, pages_of(len(rows))) - 1) * ROWS
    return tuple(rows[first : first + ROWS])


def counts_of(rows: Sequence[Row]) -> Counts:
    """How many there are of each kind, the worst first; no tone and no word that holds of none."""
    tones = Counter(row.standing.tone for row in rows)
    words = Counter(word for row in rows for word in row.standing.words)
    return Counts(
        len(rows),
        {each: tones[each] for each in TONES if each in tones},
        {each: words[each] for each in WORDS if each in words},
    )


def outbox_of(notices: Page[Notice]) -> Outbox:
    """What there is of notices, by inventory."""
    counted = Counter((each.bucket, each.inventory_id) for each in notices.items)
    return Outbox(dict(counted), notices.next is not None)


def looks_of(records: Iterable[Record]) -> Looks:
    """The newest look at any of them."""
    known = tuple(records)
    return Looks(
        max((each.swept_at for each in known if each.swept_at), default=None),
        max((each.drift.checked_at for each in known if each.drift.checked_at), default=None),
    )


def lasts_since(record: Record, word: Word) -> datetime:
    """Since when this word holds of the record, as far as that is remembered."""
    if word in ("set-up failed", "setting up", "being removed"):
        return record.pending.since if record.pending else record.updated_at
    freshness, drift = record.freshness, record.drift
    if word == "overdue":
        return freshness.expected_by or freshness.since
    if word in ("waiting", "disabled", "in order"):
        return freshness.since
    return drift.since or drift.checked_at or record.created_at


def _row(record: Record) -> Row:
    standing = standing_of(record)
    return Row(record, standing, lasts_since(record, standing.word))


def _stands(standing: Standing, show: str | None) -> bool:
    return show is None or show == standing.tone or show in map(slug, standing.words)
