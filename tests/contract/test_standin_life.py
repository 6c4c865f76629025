"""Faults, the journal, the control interface and the background service of the stand-in."""

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local.platform import Options, StandIn
from tests.contract.standin_world import (
    KEYS,
    OPS,
    ORGANIZATION,
    FakeClock,
    code,
    configuration,
    organization_grant,
    policy,
    service_grant,
)

OPEN = policy(service_grant(), organization_grant())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def platform(clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(KEYS, ORGANIZATION, now=clock, options=Options(page_size=7)) as running:
        running.client(OPS.access_key_id).create_bucket(Bucket="photos")
        yield running


@pytest.fixture
def ops(platform: StandIn) -> Any:
    return platform.client(OPS.access_key_id)


def ask(platform: StandIn, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
    """Status and text of a control call."""
    request = urllib.request.Request(
        f"{platform.url}/_standin/{path}",
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"} | headers,
        method=method,
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def fill(client: Any) -> None:
    """Everything that a journal has to remember."""
    client.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "US-WEST-01A"})
    client.put_bucket_policy(Bucket="reports", Policy=OPEN)
    client.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    for text in (b"1", b"22"):
        client.put_object(Bucket="photos", Key="a", Body=text, Metadata={"k": "v"})
    client.delete_object(Bucket="photos", Key="a")
    client.put_bucket_inventory_configuration(
        Bucket="photos", Id="daily", InventoryConfiguration=configuration()
    )


def contents(client: Any) -> list[Any]:
    """What a client sees of all that."""
    listed = client.list_object_versions(Bucket="photos")
    reports = client.list_objects_v2(Bucket="reports").get("Contents")
    return [
        listed["Versions"],
        listed["DeleteMarkers"],
        reports,
        client.list_buckets()["Buckets"],
        client.get_bucket_location(Bucket="reports")["LocationConstraint"],
        client.get_bucket_policy(Bucket="reports")["Policy"],
        client.list_bucket_inventory_configurations(Bucket="photos")["InventoryConfigurationList"],
    ]


def test_a_fault_is_answered_as_often_as_told(platform: StandIn, ops: Any) -> None:
    platform.fault("ListObjectsV2", error="SlowDown", times=2, retry_after=3)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            ops.list_objects_v2(Bucket="photos")
        assert code(caught.value) == ("SlowDown", 503)
        assert caught.value.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "3"
    ops.list_objects_v2(Bucket="photos")


def test_a_fault_may_be_a_status_for_any_call_on_one_bucket_until_cleared(
    platform: StandIn, ops: Any
) -> None:
    platform.fault("*", error=502, times=None, bucket="photos")
    for _ in range(3):
        with pytest.raises(ClientError) as caught:
            ops.head_bucket(Bucket="photos")
        assert code(caught.value) == ("502", 502)
    ops.list_buckets()
    platform.clear_faults()
    ops.head_bucket(Bucket="photos")


def test_a_cut_before_has_no_effect_and_a_cut_after_has(platform: StandIn, ops: Any) -> None:
    for cut, status in (("before", 0), ("after", 200)):
        platform.fault("PutObject", cut=cut)  # type: ignore[arg-type]
        with pytest.raises(BotoCoreError):
            ops.put_object(Bucket="photos", Key=cut, Body=b"cat")
        assert platform.requests[-1].status == status
    assert [found["Key"] for found in ops.list_objects_v2(Bucket="photos")["Contents"]] == ["after"]


def test_a_delayed_call_is_let_go_when_the_stand_in_stops(clock: FakeClock) -> None:
    with StandIn(KEYS, ORGANIZATION, now=clock) as platform:
        platform.fault("ListBuckets", delay=3600)
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(platform.url, timeout=0.2)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("standin")]


def test_a_fault_needs_something_to_go_wrong(platform: StandIn) -> None:
    with pytest.raises(ValueError, match="needs an error"):
        platform.fault("PutObject")


def test_a_start_with_the_journal_finds_what_was_there(tmp_path: Path, clock: FakeClock) -> None:
    journal = tmp_path / "journal"
    with StandIn(KEYS, ORGANIZATION, now=clock, journal=journal) as first:
        client = first.client(OPS.access_key_id)
        client.create_bucket(Bucket="photos")
        fill(client)
        (run,) = first.inventory.run_due()
        before = contents(client)
    clock.move(60)
    with StandIn(KEYS, ORGANIZATION, now=clock, journal=journal) as second:
        client = second.client(OPS.access_key_id)
        assert contents(client) == before
        assert second.inventory.run_due() == []
        client.get_object(Bucket="reports", Key=run.manifest_key)["Body"].read()
        client.put_object(Bucket="photos", Key="later", Body=b"x")
    assert OPS.secret_access_key.encode() not in journal.read_bytes()


def test_a_journal_that_was_cut_off_loses_only_its_last_line(tmp_path: Path, clock: FakeClock) -> None:
    journal = tmp_path / "journal"
    with StandIn(KEYS, ORGANIZATION, now=clock, journal=journal) as first:
        for name in ("one", "two"):
            first.client(OPS.access_key_id).create_bucket(Bucket=name)
    journal.write_bytes(journal.read_bytes()[:-10])
    for _ in range(2):
        with StandIn(KEYS, ORGANIZATION, now=clock, journal=journal) as second:
            client = second.client(OPS.access_key_id)
            assert "one" in [found["Name"] for found in client.list_buckets()["Buckets"]]
            client.create_bucket(Bucket="two")


def test_a_journal_that_is_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.write_text("nonsense\n{}\n")
    with pytest.raises(ValueError, match="Expecting"):
        StandIn(KEYS, ORGANIZATION, journal=journal).start()
    with StandIn(KEYS, ORGANIZATION) as platform:  # nothing of the first one is left behind
        assert platform.client(OPS.access_key_id).list_buckets().get("Buckets", []) == []


def test_a_port_that_is_taken_is_an_error(platform: StandIn) -> None:
    port = int(platform.url.rpartition(":")[2])
    with pytest.raises(OSError, match="is taken"):
        StandIn(KEYS, ORGANIZATION, port=port).start()


def test_kill_loses_nothing_that_was_answered(tmp_path: Path, clock: FakeClock) -> None:
    journal = tmp_path / "journal"
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom local.platform import StandIn\n"
        "from tests.contract.standin_world import KEYS, OPS, ORGANIZATION\n"
        "platform = StandIn(KEYS, ORGANIZATION, journal=Path(sys.argv[1])).start()\n"
        "client = platform.client(OPS.access_key_id)\n"
        "client.create_bucket(Bucket='photos')\n"
        "client.put_object(Bucket='photos', Key='a', Body=b'cat')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(journal)], check=False)
    assert killed.returncode == -9
    with StandIn(KEYS, ORGANIZATION, now=clock, journal=journal) as platform:
        client = platform.client(OPS.access_key_id)
        assert client.get_object(Bucket="photos", Key="a")["Body"].read() == b"cat"


def test_reset_empties_everything_and_puts_the_options_back(platform: StandIn, ops: Any) -> None:
    platform.options.page_size = 1
    platform.fault("*", error="SlowDown")
    platform.reset()
    assert ops.list_buckets().get("Buckets", []) == []
    assert (platform.options.page_size, len(platform.requests)) == (7, 1)


def test_the_control_interface_tells_and_runs(platform: StandIn, ops: Any) -> None:
    fill(ops)
    status, text = ask(platform, "POST", "run", {"bucket": "photos", "id": "daily"})
    assert (status, json.loads(text)["outcome"]) == (200, "written")
    state = json.loads(ask(platform, "GET", "state")[1])
    assert [found["name"] for found in state["buckets"]] == ["photos", "reports"]
    assert state["buckets"][1]["policy"] == OPEN
    assert state["buckets"][0]["configurations"] == [configuration()]
    assert len(state["runs"]) == 1


def test_the_control_interface_sets_options_and_faults(platform: StandIn, ops: Any) -> None:
    assert ask(platform, "POST", "options", {"visible_after": 3, "layout": "fixed"})[0] == 200
    assert (platform.options.visible_after, platform.options.layout) == (3, "fixed")
    ask(platform, "POST", "faults", {"operation": "*", "error": "SlowDown", "times": None})
    with pytest.raises(ClientError, match="SlowDown"):
        ops.list_buckets()
    assert ask(platform, "DELETE", "faults")[0] == 200
    ops.list_buckets()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("options", {"visible_after": "soon"}, 400),
        ("options", {"nonsense": 1}, 400),
        ("faults", {"operation": "*"}, 400),
        ("run", {}, 400),
        ("run", [], 400),
        ("nothing", {}, 404),
    ],
)
def test_the_control_interface_refuses_nonsense(
    platform: StandIn, path: str, body: object, status: int
) -> None:
    assert ask(platform, "POST", path, body)[0] == status


def test_the_control_interface_is_not_for_other_names_or_forms(platform: StandIn) -> None:
    assert ask(platform, "GET", "state", Host="evil.example:80")[0] == 403
    form = {"Content-Type": "text/plain"}
    assert ask(platform, "POST", "options", {"page_size": 1}, **form)[0] == 415


def test_the_page_shows_everything_escaped(platform: StandIn, ops: Any) -> None:
    fill(ops)
    ops.put_object(Bucket="photos", Key="<script>alert(1)</script>", Body=b"x")
    platform.inventory.run("photos", "daily")
    status, text = ask(platform, "GET", "")
    assert status == 200
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "manifest.json" in text


def test_the_background_service_writes_what_is_due(platform: StandIn, ops: Any) -> None:
    fill(ops)
    platform.start_service(0.01)
    waiter = threading.Event()
    for _ in range(500):
        if platform.inventory.runs:
            break
        waiter.wait(0.01)
    assert platform.inventory.runs[0].outcome == "written"
