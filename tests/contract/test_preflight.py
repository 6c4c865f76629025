"""Preflight on the platform stand-in: each situation is looked at, and then the same inventory is asked for.

Where it says ready, the inventory gets through to its first report; where a check failed, it does not.
"""

from dataclasses import replace

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.core.access import Credentials
from chalicelib.core.inventory import Inventory
from chalicelib.core.preflight import Judgement
from chalicelib.errors import Refused
from chalicelib.flows.preflight import Preflight
from tests.contract.arrangements import but, organization
from tests.contract.flow_site import DEPLOYMENT, Site, to
from tests.contract.preflight_situations import FAILED, SITUATIONS, UNKNOWN, WARNING
from tests.contract.standin_world import EVE, OPS
from tests.proofs import count
from tests.samples import NOON, inventory


def look(site: Site, wanted: Inventory | None = None) -> Judgement:
    """The judgement; nothing was written anywhere by it."""
    before = len(site.platform.requests), site.writes(), site.policies(), site.store.records().items
    flow = Preflight(site.buckets, site.objects, site.store, DEPLOYMENT)
    judgement = flow.look(wanted or inventory(), site.turn())
    asked = site.platform.requests[before[0] :]
    assert all(each.operation.startswith(("Get", "Head", "List")) for each in asked)
    assert (site.writes(), site.policies(), site.store.records().items) == before[1:]
    count("situations looked at by preflight and then set up")
    return judgement


def gets_through(site: Site, wanted: Inventory) -> bool:
    """Whether asking for it ends with a report that is told."""
    try:
        site.put(wanted)
    except Refused:
        return False
    site.go_on(ticks=8)
    record = site.store.get(wanted.bucket, wanted.id)
    if record is None or record.state != "applied":
        return False
    if site.platform.inventory.run(wanted.bucket, wanted.id).outcome != "written":
        return False
    site.sweeper.check(record, site.turn())
    return "report.landed" in site.told()


def statuses(judgement: Judgement) -> dict[str, str]:
    """The checks that are not ok."""
    return {each.name: each.status for each in judgement.checks if each.status != "ok"}


def said(judgement: Judgement) -> str:
    return " ".join(f"{each.name}: {each.seen} {each.mend or ''}" for each in judgement.checks)


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_said_comes_true(site: Site, name: str) -> None:
    it = SITUATIONS[name]
    it.arrange(site)

    judgement = look(site, it.wanted)

    assert (statuses(judgement), judgement.ready) == (it.checks, it.ready), said(judgement)
    assert [words for words in it.words if words not in said(judgement)] == []
    if it.ready or FAILED in it.checks.values():
        assert gets_through(site, it.wanted) == it.ready


# What cannot be seen


@pytest.mark.parametrize(
    ("right", "bucket", "wanted"),
    [
        ("s3:PutBucketPolicy", "reports", inventory()),
        ("s3:PutInventoryConfiguration", "data", inventory()),
        ("s3:CreateBucket", "fresh-reports", to("fresh-reports", create_zone="US-EAST-04A")),
    ],
)
def test_what_cannot_be_tried_is_named(site: Site, right: str, bucket: str, wanted: Inventory) -> None:
    """Only the organization's policies forbid it here, and they cannot be read."""
    organization(but(right))(site)

    judgement = look(site, wanted)

    assert judgement.ready
    named = [(each.right, each.bucket) for check in judgement.checks for each in check.not_tried]
    assert (right, bucket) in named
    assert not gets_through(site, wanted)


# Keys


def with_keys(site: Site, id: str, secret: str, token: str | None = None) -> Judgement:
    """What is said with other keys; the connection is one of its own."""
    keys = Credentials(id, secret, token)
    connection = S3Connection(site.platform.url, "path", lambda fresh: keys)
    buckets = S3Buckets(connection)
    flow = Preflight(buckets, S3Objects(connection), site.store, DEPLOYMENT)
    judgement = flow.look(inventory(), site.turn())
    told = repr(judgement)
    assert secret not in told
    assert id not in told
    assert token is None or token not in told
    with pytest.raises(Refused):
        site.configure_with(buckets).put(inventory(), site.turn())
    return judgement


@pytest.mark.parametrize(
    ("id", "secret", "words"),
    [
        ("NOBODYS-KEY", "a-secret-of-nobody", "InvalidAccessKeyId"),
        (OPS.access_key_id, "another-secret", "SignatureDoesNotMatch"),
    ],
)
def test_keys_that_are_not_good_fail_and_nothing_more_is_tried(
    site: Site, id: str, secret: str, words: str
) -> None:
    site.platform.requests.clear()
    judgement = with_keys(site, id, secret)

    assert not judgement.ready
    assert statuses(judgement)["access_key"] == FAILED
    assert set(statuses(judgement).values()) == {FAILED, UNKNOWN}
    assert words in said(judgement)
    assert "of the secrets document" in said(judgement)
    before_put = [each.operation for each in site.platform.requests]
    assert before_put.count("ListBuckets") == 1


def test_keys_that_have_expired_fail(site: Site) -> None:
    keys = Credentials(OPS.access_key_id, OPS.secret_access_key, "a-token", NOON)
    connection = S3Connection(site.platform.url, "path", lambda fresh: keys)
    buckets, site.platform.requests[:] = S3Buckets(connection), []
    flow = Preflight(buckets, S3Objects(connection), site.store, DEPLOYMENT)

    judgement = flow.look(inventory(), site.turn())

    assert (judgement.ready, statuses(judgement)["access_key"]) == (False, FAILED)
    assert "Write newer keys into `caios`" in said(judgement)
    assert site.platform.requests == [], "the platform is not asked with them"
    assert site.configure_with(buckets).put(inventory(), site.turn()).pending


def test_keys_that_are_only_seconds_old_are_unknown(site: Site) -> None:
    known = [Credentials(OPS.access_key_id, OPS.secret_access_key)]
    connection = S3Connection(site.platform.url, "path", lambda fresh: known[-1])
    S3Buckets(connection).buckets()
    known.append(Credentials("NEWKEY", "new-secret"))
    flow = Preflight(S3Buckets(connection), S3Objects(connection), site.store, DEPLOYMENT)

    judgement = flow.look(inventory(), site.turn())

    assert (judgement.ready, statuses(judgement)["access_key"]) == (False, UNKNOWN)
    assert FAILED not in statuses(judgement).values()


def test_keys_of_another_organization_are_known_and_let_nowhere(site: Site) -> None:
    judgement = with_keys(site, EVE.access_key_id, EVE.secret_access_key)

    assert not judgement.ready
    assert "access_key" not in statuses(judgement), "a refusal proves that the key is known"
    assert statuses(judgement)["organization_access"] == FAILED


# A platform that is away


@pytest.mark.parametrize("error", ["SlowDown", 503, "InternalError", 429])
def test_a_platform_that_throttles_everything_is_unknown(site: Site, error: str | int) -> None:
    site.platform.fault("*", error=error, times=None)

    judgement = look(site)

    assert not judgement.ready
    assert FAILED not in statuses(judgement).values()
    assert {"access_key", "organization_access", "source_bucket", "source_rights"} <= set(statuses(judgement))
    unknown = [each for each in judgement.checks if each.status == UNKNOWN]
    assert all("got no answer" in each.seen for each in unknown), "unknown only with a reason"


@pytest.mark.parametrize(
    ("operation", "unknown"),
    [
        ("ListBuckets", set()),
        ("GetBucketLocation", set()),
        ("GetBucketInventoryConfiguration", {"source_rights"}),
        ("ListBucketInventoryConfigurations", {"source_rights", "quota", "shared_prefix"}),
        ("ListObjectsV2", {"destination_rights"}),
        ("GetObject", {"destination_rights"}),
    ],
)
def test_one_call_without_an_answer_is_unknown_where_it_matters(
    site: Site, operation: str, unknown: set[str]
) -> None:
    site.platform.fault(operation, error="SlowDown", times=None)

    judgement = look(site)

    assert statuses(judgement) == dict.fromkeys(unknown, UNKNOWN)
    assert judgement.ready == (unknown <= {"quota", "shared_prefix"})


def test_a_policy_without_an_answer_says_so_wherever_it_would_be_needed(site: Site) -> None:
    site.platform.fault("GetBucketPolicy", bucket="reports", error="SlowDown", times=None)

    judgement = look(site)

    unsure = {"source_rights", "destination_rights", "service_can_write", "first_policy", "policy_size"}
    assert set(statuses(judgement)) <= unsure
    assert statuses(judgement)["service_can_write"] == UNKNOWN
    assert "GetBucketPolicy on reports got no answer" in said(judgement)
    assert not judgement.ready


class Silent(S3Connection):
    """After some quick ones each call hangs, by the turn's clock, until nobody waits for it any more."""

    def __init__(self, site: Site, quick: int) -> None:
        super().__init__(site.platform.url, "path", lambda fresh: KEYS)
        self._site, self._quick = site, quick

    def call(self, method: str, bucket: str, **parameters: object) -> object:
        self._quick -= 1
        if self._quick < 0:
            self._site.clock.move(20)
            self._site.platform.fault("*", cut="before", times=2)
        return super().call(method, bucket, **parameters)


KEYS = Credentials(OPS.access_key_id, OPS.secret_access_key)


@pytest.mark.parametrize("quick", range(5))
def test_a_platform_that_falls_silent_leaves_the_rest_unknown_in_time(site: Site, quick: int) -> None:
    began = site.clock.now
    silent = Silent(site, quick)
    flow = Preflight(S3Buckets(silent), S3Objects(silent), site.store, DEPLOYMENT)

    judgement = flow.look(inventory(), site.turn())

    assert (site.clock.now - began).total_seconds() <= 20, "nothing begins after a call that hung"
    assert not judgement.ready
    assert FAILED not in statuses(judgement).values()
    assert "was not tried: the platform had taken too long" in said(judgement)


def test_a_bucket_made_moments_ago_is_unknown_and_ready_later(site: Site) -> None:
    site.clock.move(3600)
    site.platform.options.invalid_region_seconds = 40
    site.ann.create_bucket(Bucket="fresh-reports")

    judgement = look(site, to("fresh-reports"))

    assert not judgement.ready
    assert FAILED not in statuses(judgement).values()
    site.clock.move(41)
    assert look(site, to("fresh-reports")).ready


# Observed only, and asked again


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_only_observed_is_never_refused(site: Site, name: str) -> None:
    it = SITUATIONS[name]
    it.arrange(site)
    wanted = replace(it.wanted, management="observe")

    judgement = look(site, wanted)

    failed = [each for each in judgement.checks if each.status == FAILED]
    assert {each.name for each in failed} <= {"organization_access"}, said(judgement)
    assert all(each.not_tried == () for each in judgement.checks)
    site.put(wanted)


def test_what_is_set_up_already_is_ready_and_would_write_nothing(site: Site) -> None:
    site.put()

    judgement = look(site)

    assert (statuses(judgement), judgement.ready) == ({}, True)
    assert "No policy is written by this." in said(judgement)
    assert "is on the platform already, as it is asked for" in said(judgement)
    assert WARNING not in statuses(judgement).values()
