"""The largest values that others bring about still fit into an item of the table, and into an event."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.adapters.dynamodb_contents_items import job_item, point_item
from chalicelib.adapters.dynamodb_items import history_item, notice_item, record_item, report_item
from chalicelib.adapters.dynamodb_outbox import TOGETHER
from chalicelib.adapters.dynamodb_table import Item, put
from chalicelib.core import telling
from chalicelib.core.difference import Difference
from chalicelib.core.drift import looked
from chalicelib.core.excerpt import MAX_WORDS
from chalicelib.core.freshness import Times
from chalicelib.core.history import MAX_CONFIGURATION, reasons_kept
from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Notice
from chalicelib.core.plan import Placed
from chalicelib.core.policy import MAX_KEPT
from chalicelib.core.record import MAX_BACKUPS, Backup, Pending, Record, newest_backups
from chalicelib.core.repair import MOST_ROUNDS, repair_of, round_of
from chalicelib.core.repairing import in_place
from chalicelib.core.report import ManifestRef, Place, Report, bounded
from chalicelib.core.summary import MOST_NAMES
from chalicelib.core.unmanaged import MOST_KNOWN, Unmanaged, after_look, listed, unmanaged_notices
from chalicelib.templates.cloud_event import event, event_text
from tests.jobs import job, point
from tests.samples import NOON, configuration, inventory, record, replaced, report

KEEP = timedelta(days=400)
MOST = 400 * 1024
"""Bytes of one item (DynamoDB Developer Guide, "Items")."""

BACKUP_ITSELF = 200
"""Bytes that are counted for a backup, beside its text."""

MOST_EVENT = 256 * 1024
"""Bytes of a message of SNS with its attributes, and of an entry of EventBridge."""

ALPHABETS = {
    "letters": "".join(chr(each) for each in range(33, 127)),
    "umlauts": "".join(chr(each) for each in range(0xA1, 0x600)),
    "pictures": "".join(chr(each) for each in range(0x1F300, 0x1FA00)),
    "control characters": "".join(chr(each) for each in range(32)),
}


class Stranger:
    """Writes what cannot be compressed, in one alphabet.

    The text begins again only after more than the 32 KB that zlib looks back.
    """

    def __init__(self, alphabet: str) -> None:
        self._pool = "".join(Random(alphabet).choices(ALPHABETS[alphabet], k=150_000))
        self._place = 0

    def text(self, characters: int) -> str:
        if self._place + characters > len(self._pool):
            self._place = 0
        self._place += characters
        return self._pool[self._place - characters : self._place]

    def bytes_of_text(self, count: int) -> str:
        """As many characters as fit into so many bytes of UTF-8."""
        return self.text(count).encode()[:count].decode(errors="ignore")


@pytest.fixture(params=ALPHABETS)
def stranger(request: pytest.FixtureRequest) -> Stranger:
    return Stranger(request.param)


def asked(stranger: Stranger) -> Inventory:
    """An inventory of which all that is free to choose is as long as a request may be, 64 KB."""
    return inventory(
        configuration=configuration(
            report_prefix=stranger.bytes_of_text(512), filter_prefix=stranger.bytes_of_text(512)
        ),
        notify=tuple(stranger.text(100) for _ in range(20)),
        readers=tuple(stranger.bytes_of_text(600) for _ in range(100)),
    )


def differing(stranger: Stranger) -> list[Difference]:
    return [Difference(stranger.text(800), [stranger.text(800)], stranger.text(800)) for _ in range(60)]


def largest_record(stranger: Stranger) -> Record:
    many, rest = divmod(MAX_BACKUPS, MAX_KEPT + BACKUP_ITSELF)
    policies = [stranger.bytes_of_text(each) for each in (rest - BACKUP_ITSELF, *[MAX_KEPT] * many)]
    base = record(asked(stranger), placed=tuple(Placed(f"bucket-{n}", f"Stocktake{n}") for n in range(50)))
    drift, _ = looked(base, "changed", differing(stranger), NOON)
    folders = tuple(f"20{n // 12:02}-{n % 12 + 1:02}-01T{n % 24:02}-{n % 60:02}Z" for n in range(408))
    backups = newest_backups([Backup("data", each, NOON) for each in policies])
    assert len(backups) == len(policies)
    return replace(
        base,
        reason=stranger.text(MAX_WORDS),
        drift=replace(drift, reason=stranger.text(MAX_WORDS)),
        freshness=replace(base.freshness, cause=stranger.text(MAX_WORDS)),
        watch=replace(base.watch, settled=folders, place=Place("dated", stranger.bytes_of_text(700))),
        backups=backups,
        pending=Pending(NOON, repair=repair_of("changed", differing(stranger))),
        repairs=(round_of(repair_of("changed", differing(stranger)), NOON),) * MOST_ROUNDS,
        unmanaged=after_look(Unmanaged(), listed(crowd(stranger), [])),
    )


def crowd(stranger: Stranger) -> list[dict[str, Any]]:
    """As many configurations as are told apart, with the longest names."""
    named = {"Bucket": stranger.text(500), "Prefix": stranger.text(1024)}
    target = {"Destination": {"S3BucketDestination": named}}
    return [{"Id": f"{n} {stranger.text(500)}", **target} for n in range(MOST_KNOWN)]


def largest_report(stranger: Stranger) -> Report:
    return report(
        outcome="corrupt",
        manifest=ManifestRef("reports", stranger.bytes_of_text(1024), stranger.text(100)),
        schema=stranger.text(20_000),
        format=stranger.text(40),
        problems=bounded([stranger.text(5_000) for _ in range(500)]),
        bytes=2**63 - 1,
    )


def largest_notices(stranger: Stranger) -> list[Notice]:
    """One of each kind that holds what others wrote."""
    base = record(asked(stranger))
    written, long = largest_report(stranger), stranger.text(100_000)
    place = Place("dated", stranger.bytes_of_text(700))
    repair = replace(repair_of("changed", differing(stranger)), tries=1)
    contested = replace(base, repairs=(round_of(repair, NOON),) * MOST_ROUNDS)
    repaired = replace(base, pending=Pending(NOON, repair=repair))
    made = [
        *looked(base, "changed", differing(stranger), NOON, notes=[long] * 50, obstacles=[long] * 50)[1],
        *looked(contested, "changed", differing(stranger), NOON, obstacles=[long] * 50, contested=True)[1],
        *in_place(repaired, NOON, Times())[1],
        *unmanaged_notices(base.inventory, listed(crowd(stranger), []).unmanaged[:1], NOON),
        *telling.landed(base, written, place, base.freshness, NOON, healed=True),
        *telling.broken(base, written, NOON),
        *telling.setup_failed(base, long, NOON),
        *telling.blind(base, long, NOON),
        *telling.overdue(base, stranger.text(MAX_WORDS), NOON),
    ]
    return [replace(each, last_error=stranger.text(MAX_WORDS)) for each in made]


def size(item: Item) -> int:
    """About what DynamoDB counts; rather more."""
    return sum(
        len(name) + (len(str(each)) if not isinstance(each, bytes) else len(each))
        for name, each in item.items()
    )


def test_the_largest_record_fits_well(stranger: Stranger) -> None:
    assert size(record_item(largest_record(stranger))) < 0.7 * MOST


def test_the_largest_report_fits_well(stranger: Stranger) -> None:
    assert size(report_item(record(), largest_report(stranger), KEEP)) < MOST / 4


def test_the_largest_job_fits_well(stranger: Stranger) -> None:
    written = largest_report(stranger)
    place = Place("dated", stranger.bytes_of_text(1024))
    found = job(written.id, manifest=written.manifest, place=place, notices=("0" * 32,) * 20)

    assert size(job_item(found)) < MOST / 16


def test_a_point_fits_well_that_names_as_many_tiers_as_there_can_be(stranger: Stranger) -> None:
    tiers = {stranger.bytes_of_text(1024): 2**63 for _ in range(MOST_NAMES)}

    assert size(point_item(job(), point(tiers=tiers), KEEP)) < MOST / 2


@pytest.mark.parametrize("most", [MAX_KEPT, MAX_CONFIGURATION])
def test_the_largest_entry_of_a_history_fits_well(stranger: Stranger, most: int) -> None:
    reasons = reasons_kept(stranger.text(10_000) for _ in range(100))
    entry = replaced(10**12, text=stranger.bytes_of_text(most), reasons=reasons)

    assert size(history_item("data", "daily", entry)) < MOST / 4


def test_the_largest_notice_fits_well(stranger: Stranger) -> None:
    assert max(size(notice_item(each, KEEP)) for each in largest_notices(stranger)) < MOST / 8


def test_the_largest_notice_is_an_event_that_fits_whole(stranger: Stranger) -> None:
    for each in largest_notices(stranger):
        assert len(event_text(each).encode()) < MOST_EVENT - 10_000  # for attributes, and to be sure
        assert "left_out" not in event(each)["data"]


def test_as_many_of_the_largest_notices_as_are_claimed_together_fit_into_one_transaction(
    stranger: Stranger,
) -> None:
    largest = max((notice_item(each, KEEP) for each in largest_notices(stranger)), key=size)

    assert TOGETHER * 2 * put(largest).size < 4_000_000


def test_a_backup_that_does_not_fit_any_more_makes_the_oldest_go() -> None:
    large = [Backup(f"bucket-{n}", "x" * MAX_KEPT, NOON) for n in range(6)]
    small = [Backup(f"bucket-{n}", None, NOON) for n in range(100)]

    assert newest_backups(large) == tuple(large[3:])
    assert newest_backups(small) == tuple(small)
