"""Two writers of one policy: somebody else, or ourselves at the same time. Nobody's statement is lost."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.clock import ClockTurn
from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.core.inventory import Inventory
from tests.contract.flow_site import Site
from tests.contract.standin_world import OPS, organization_grant, policy
from tests.samples import configuration, inventory

BASE = organization_grant() | {"Action": "s3:GetBucketPolicy"}
THEIRS = {"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"} | {
    "Resource": "arn:aws:s3:::reports/public/*"
}


class Meddled:
    """The real adapter; `meddle(method)` is called before each call of it."""

    def __init__(self, real: S3Buckets, meddle: Callable[[str], object]) -> None:
        self._real = real
        self._meddle = meddle

    def policy(self, bucket: str) -> str | None:
        self._meddle(f"policy {bucket}")
        return self._real.policy(bucket)

    def put_policy(self, bucket: str, text: str) -> None:
        self._meddle(f"put_policy {bucket}")
        self._real.put_policy(bucket, text)

    def delete_policy(self, bucket: str) -> None:
        self._real.delete_policy(bucket)

    def configuration(self, bucket: str, id: str) -> Mapping[str, Any] | None:
        return self._real.configuration(bucket, id)

    def put_configuration(self, bucket: str, id: str, document: Mapping[str, Any]) -> None:
        self._real.put_configuration(bucket, id, document)

    def delete_configuration(self, bucket: str, id: str) -> None:
        self._real.delete_configuration(bucket, id)

    def configurations(self, bucket: str) -> Sequence[Mapping[str, Any]]:
        return self._real.configurations(bucket)

    def buckets(self) -> Sequence[str]:
        return self._real.buckets()

    def zone(self, bucket: str) -> str | None:
        return self._real.zone(bucket)

    def create_bucket(self, bucket: str, zone: str) -> None:
        self._real.create_bucket(bucket, zone)


@pytest.fixture
def site(site: Site) -> Site:
    """The destination has a policy of others."""
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(BASE))
    return site


def statements(site: Site) -> list[dict[str, Any]]:
    text = site.platform.policy("reports")
    found: list[dict[str, Any]] = json.loads(text)["Statement"] if text else []
    return found


def sids(site: Site) -> list[str]:
    return sorted(str(each.get("Sid")) for each in statements(site))


def add_theirs(site: Site) -> None:
    """Somebody reads the policy and adds a statement to it, as people do."""
    rest = [each for each in statements(site) if each["Sid"] != "Theirs"]
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(*rest, THEIRS))


def revert(site: Site) -> None:
    """Somebody's tool puts back the policy that it knows."""
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(BASE, THEIRS))


def never_rest(site: Site) -> None:
    """Somebody's tool puts a policy that is new each time."""
    site.clock.move(0.001)
    changing = THEIRS | {"Resource": f"arn:aws:s3:::reports/{site.clock.now.microsecond}/*"}
    site.ann.put_bucket_policy(Bucket="reports", Policy=policy(BASE, changing))


def meddled(site: Site, act: Callable[[Site], None], calls: Mapping[int, str] | str) -> Site:
    """Let somebody act before some calls on the policy of `reports`: before all of a kind, or by number."""
    count = 0

    def meddle(call: str) -> None:
        nonlocal count
        if call.endswith(" reports"):
            count += 1
            if call == calls or (isinstance(calls, Mapping) and count in calls):
                act(site)

    site.configure = site.configure_with(Meddled(site.buckets, meddle))
    return site


def ours_and_theirs(site: Site) -> bool:
    ours = {each.sid for each in site.record().placed if each.bucket == "reports"}
    return {"Theirs", "Organization", *ours} == set(sids(site)) and len(ours) == 2


# Calls on the policy of `reports`: 1 is the look, 2 the look again just before the write, 3 the write, 4 the
# reading back.


@pytest.mark.parametrize("at", [1, 2, 4])
@pytest.mark.parametrize("act", [add_theirs, revert])
def test_a_statement_that_somebody_adds_meanwhile_survives(
    site: Site, at: int, act: Callable[[Site], None]
) -> None:
    meddled(site, act, {at: "once"}).put()

    assert site.record().state == "applied"
    assert ours_and_theirs(site)
    assert site.run() == "written"


@pytest.mark.parametrize(
    ("act", "reason", "most"), [(never_rest, "somebody else", 3), (revert, "does not show the policy", 1)]
)
def test_somebody_who_never_rests_is_given_way_to_after_a_few_rounds(
    site: Site, act: Callable[[Site], None], reason: str, most: int
) -> None:
    outcome = meddled(site, act, "policy reports").put()

    assert outcome.pending
    assert reason in str(site.record().reason)
    ours = [each for each in site.platform.writes("reports") if each.principal == OPS.principal]
    assert len(ours) <= most
    assert sids(site) == ["Organization", "Theirs"]


def test_giving_way_ends_when_the_other_does(site: Site) -> None:
    meddled(site, revert, "policy reports").put()
    quiet = site.configure_with(site.buckets)
    site.clock.move(60)

    assert quiet.resume(site.record(), site.turn()) == site.record()
    assert (site.record().state, ours_and_theirs(site)) == ("applied", True)


def test_a_statement_added_while_ours_are_taken_out_survives(site: Site) -> None:
    site.put()

    meddled(site, add_theirs, {2: "once"})
    site.configure.remove("data", "daily", site.turn())

    assert sids(site) == ["Organization", "Theirs"]


# Ourselves, in many threads


def wanted(number: int) -> Inventory:
    """Inventories of which every second one shares its prefix with another."""
    return replace(
        inventory(), configuration=configuration(id=f"i{number}", report_prefix=f"inventory/{number // 2}/")
    )


def at_once(*calls: Callable[[], object]) -> None:
    """Make all the calls at the same time, each in its thread."""
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        ready.wait(10)
        call()

    with ThreadPoolExecutor(len(calls)) as threads:
        for each in [threads.submit(run, call) for call in calls]:
            each.result(60)


def put(site: Site, asked: Inventory) -> Callable[[], object]:
    return lambda: site.configure.put(asked, ClockTurn(15))


def remove(site: Site, id: str) -> Callable[[], object]:
    return lambda: site.configure.remove("data", id, ClockTurn(15))


def consistent(site: Site, *ids: str) -> bool:
    """Whether policy and configurations are what the records say, and others' statements stand."""
    records = site.store.records().items
    placed = {each.sid for record in records for each in record.placed if each.bucket == "reports"}
    documents = [site.platform.configuration("data", each.id) for each in records]
    return (
        [each.id for each in records] == sorted(ids)
        and all(each.state == "applied" for each in records)
        and sids(site) == sorted({"Organization", *placed})
        and documents == [each.inventory.configuration.s3_document() for each in records]
    )


def test_requests_for_one_destination_at_once_all_come_true(site: Site) -> None:
    at_once(*(put(site, wanted(n)) for n in range(4)))

    assert consistent(site, "i0", "i1", "i2", "i3")


def test_two_requests_for_the_same_inventory_at_once_leave_one_of_them_in_effect(site: Site) -> None:
    first = wanted(0)
    others = [first, replace(first, configuration=replace(first.configuration, format="ORC"))]

    at_once(*(put(site, each) for each in others))

    assert consistent(site, "i0")
    assert site.store.records().items[0].inventory in others


def test_requests_and_removals_at_once_take_away_no_more_than_they_should(site: Site) -> None:
    for number in range(3):
        site.configure.put(wanted(number), site.turn())

    at_once(remove(site, "i0"), put(site, wanted(3)), remove(site, "i2"))

    assert consistent(site, "i1", "i3")
