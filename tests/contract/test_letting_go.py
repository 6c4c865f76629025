"""Taking our statements away also takes our own right to read the policy away; that is no failure."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from local.platform import StandIn
from tests.contract.flow_site import Site
from tests.contract.standin_world import ANN, OPS, ORGANIZATION
from tests.fakes import FakeClock
from tests.samples import configuration, inventory

OTHERS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "AnnAndWhoeverSetsUp",
            "Effect": "Allow",
            "Principal": {"CW": ANN.principal},
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
        }
    ],
}
READING = {
    "Sid": "LetsTheApplicationLookOnce",
    "Effect": "Allow",
    "Principal": "*",
    "Action": ["s3:GetBucketPolicy"],
    "Resource": "arn:aws:s3:::reports",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A destination with a policy of others that does not name the application."""
    clock = FakeClock()
    with (
        StandIn([OPS, ANN], ORGANIZATION, now=clock) as platform,
        closing(Site(platform, clock, tmp_path / "state.db")) as made,
    ):
        _write(made, {**OTHERS, "Statement": [*OTHERS["Statement"], READING]})
        made.put()
        _take_out(made, READING["Sid"])
        yield made


def test_the_last_inventory_goes_in_one_request(site: Site) -> None:
    outcome = site.configure.remove("data", "daily", site.turn())

    assert (outcome.record, site.store.get("data", "daily")) == (None, None)
    assert json.loads(site.platform.policy("reports") or "{}") == OTHERS


def test_a_move_to_another_destination_ends_applied(site: Site) -> None:
    site.ann.create_bucket(Bucket="elsewhere")
    outcome = site.put(inventory(configuration=configuration(destination="elsewhere")))

    assert outcome.record is not None
    assert (outcome.record.state, outcome.record.reason) == ("applied", None)
    assert json.loads(site.platform.policy("reports") or "{}") == OTHERS


def _write(site: Site, policy: Any) -> None:
    site.ann.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))


def _take_out(site: Site, sid: Any) -> None:
    policy = json.loads(site.platform.policy("reports") or "{}")
    policy["Statement"] = [each for each in policy["Statement"] if each.get("Sid") != sid]
    _write(site, policy)
