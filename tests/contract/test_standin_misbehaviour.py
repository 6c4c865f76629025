"""The inventory service goes wrong on request, in each of the ways that a report can be wrong."""

import json
from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pytest

from local.platform import StandIn
from tests.contract.standin_world import (
    KEYS,
    OPS,
    ORGANIZATION,
    FakeClock,
    body,
    data_of,
    keys,
    organization_grant,
    policy,
    put_configuration,
    service_grant,
)

DAY = 86400
OPEN = policy(service_grant(), organization_grant())
FOLDER = "inventory/photos/daily/2026-03-01T12-00Z/"


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="module")
def running(clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(KEYS, ORGANIZATION, now=clock) as platform:
        yield platform


@pytest.fixture
def platform(running: StandIn, clock: FakeClock) -> StandIn:
    clock.reset()
    running.reset()
    ops = running.client(OPS.access_key_id)
    ops.create_bucket(Bucket="photos")
    ops.create_bucket(Bucket="reports")
    ops.put_bucket_policy(Bucket="reports", Policy=OPEN)
    ops.put_object(Bucket="photos", Key="a/cat, big", Body=b"meow")
    ops.put_object(Bucket="photos", Key='b/"dog"', Body=b"woof!")
    return running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


def test_manifest_before_data(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    put_configuration(ops)
    platform.inventory.misbehave("manifest_before_data", seconds=60)
    run = platform.inventory.run("photos", "daily")
    assert (run.outcome, keys(ops)) == ("withheld", [f"{FOLDER}manifest.checksum", f"{FOLDER}manifest.json"])
    clock.move(60)
    platform.inventory.run_due()
    data_of(ops, run)


def test_late_reports_come_when_told_or_when_asked_for(platform: StandIn, ops: Any, clock: FakeClock) -> None:
    put_configuration(ops)
    platform.inventory.misbehave("late", seconds=60, times=2)
    first = platform.inventory.run("photos", "daily")
    second = platform.inventory.run("photos", "daily")
    assert first.manifest_key != second.manifest_key
    assert keys(ops) == []
    platform.inventory.finish()
    data_of(ops, first)
    data_of(ops, second)


def test_never_lasts_until_told_to_behave(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    platform.inventory.misbehave("never", times=None)
    assert [platform.inventory.run("photos", "daily").outcome for _ in range(3)] == ["withheld"] * 3
    platform.inventory.behave()
    assert platform.inventory.run("photos", "daily").outcome == "written"


def test_misbehaviour_may_concern_one_configuration(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    platform.inventory.misbehave("never", bucket="photos", id="other")
    assert platform.inventory.run("photos", "daily").outcome == "written"
    with pytest.raises(ValueError, match="is not one of"):
        platform.inventory.misbehave("politely")


@pytest.mark.parametrize("kind", ["data_never", "missing_file", "truncated_file", "wrong_md5"])
def test_data_that_disagrees_with_the_manifest(platform: StandIn, ops: Any, kind: str) -> None:
    put_configuration(ops)
    platform.inventory.misbehave(kind)
    run = platform.inventory.run("photos", "daily")
    manifest = body(ops, run.manifest_key)
    assert body(ops, f"{FOLDER}manifest.checksum").decode() == md5(manifest).hexdigest()
    (listed,) = json.loads(manifest)["files"]
    if kind in ("data_never", "missing_file"):
        assert listed["key"] not in keys(ops)
    else:
        data = body(ops, listed["key"])
        assert (listed["size"], listed["MD5checksum"]) != (len(data), md5(data).hexdigest())


def test_a_wrong_checksum_and_a_garbage_manifest(platform: StandIn, ops: Any) -> None:
    put_configuration(ops)
    platform.inventory.misbehave("wrong_checksum")
    run = platform.inventory.run("photos", "daily")
    checksum = run.manifest_key.replace(".json", ".checksum")
    assert body(ops, checksum).decode() != md5(body(ops, run.manifest_key)).hexdigest()
    platform.inventory.misbehave("garbage_manifest")
    run = platform.inventory.run("photos", "daily")
    with pytest.raises(ValueError, match=r"line 1"):
        json.loads(body(ops, run.manifest_key))
