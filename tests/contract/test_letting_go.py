"""Taking our statements away also takes our own right to read the policy away; that is no failure."""

import json
from typing import Any

import pytest

from tests.contract.flow_site import Site
from tests.contract.standin_world import ANN
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
def site(site: Site) -> Site:
    """A destination with a policy of others that does not name the application."""
    _write(site, {**OTHERS, "Statement": [*OTHERS["Statement"], READING]})
    site.put()
    _take_out(site, READING["Sid"])
    return site


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
