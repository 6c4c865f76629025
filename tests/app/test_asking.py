"""The S3 document in every form that will do: what is asked for is what the platform gets."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from chalicelib.core.inventory import OptionalField
from local.platform import StandIn
from tests.app.asking import CONFIGURATION, ONE, READER, REMOVED, TEAM, Api, body, changed, touched

Shared = tuple[Api, StandIn]

GOOD = (200, 201)  # the tests replace one and the same inventory
TARGET = "/configuration/Destination/S3BucketDestination"


def written(platform: StandIn) -> Mapping[str, Any]:
    """The configuration on the platform."""
    found = platform.configuration("data", "daily")
    assert found is not None
    return found


def target(platform: StandIn) -> Any:
    return written(platform)["Destination"]["S3BucketDestination"]


@pytest.mark.parametrize("form", ["CSV", "TSV", "JSON", "ORC", "Parquet"])
def test_every_format_arrives(shared: Shared, form: str) -> None:
    api, platform = shared
    assert api.put(changed(f"{TARGET}/Format", form)).status in GOOD
    assert target(platform)["Format"] == form


@pytest.mark.parametrize("frequency", ["Daily", "Weekly"])
def test_every_frequency_arrives(shared: Shared, frequency: str) -> None:
    api, platform = shared
    assert api.put(changed("/configuration/Schedule/Frequency", frequency)).status in GOOD
    assert written(platform)["Schedule"] == {"Frequency": frequency}


@pytest.mark.parametrize(("asked", "sent"), [("All", "All"), ("Current", "Current"), ("Latest", "Current")])
def test_latest_is_a_spelling_of_current(shared: Shared, asked: str, sent: str) -> None:
    api, platform = shared
    reply = api.put(changed("/configuration/IncludedObjectVersions", asked))
    assert reply.status in GOOD
    assert reply.json["configuration"]["IncludedObjectVersions"] == sent
    assert written(platform)["IncludedObjectVersions"] == sent


@pytest.mark.parametrize("enabled", [True, False])
def test_enabled_or_not_arrives(shared: Shared, enabled: bool) -> None:
    api, platform = shared
    reply = api.put(changed("/configuration/IsEnabled", enabled))
    assert reply.json["freshness"]["status"] == ("waiting" if enabled else "disabled")
    assert written(platform)["IsEnabled"] is enabled


@pytest.mark.parametrize("name", get_args(OptionalField))
def test_each_optional_field_arrives_alone(shared: Shared, name: str) -> None:
    api, platform = shared
    assert api.put(changed("/configuration/OptionalFields", [name])).status in GOOD
    assert written(platform)["OptionalFields"] == [name]


def test_all_optional_fields_arrive_together_and_once(shared: Shared) -> None:
    api, platform = shared
    names = [*get_args(OptionalField), "Size"]
    assert len(set(names)) == 8
    assert api.put(changed("/configuration/OptionalFields", names)).status in GOOD
    assert sorted(written(platform)["OptionalFields"]) == sorted(set(names))


@pytest.mark.parametrize("value", [REMOVED, [], None])
def test_no_optional_fields_are_left_out(shared: Shared, value: Any) -> None:
    api, platform = shared
    assert api.put(changed("/configuration/OptionalFields", value)).status in GOOD
    assert "OptionalFields" not in written(platform)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({"Prefix": "documents/2026 ü+&%/"}, {"Prefix": "documents/2026 ü+&%/"}),
        ({"Prefix": ""}, None),
        ({}, None),
        (None, None),
        (REMOVED, None),
    ],
)
def test_a_filter_is_sent_as_it_is_or_not_at_all(
    shared: Shared, value: Any, sent: dict[str, str] | None
) -> None:
    api, platform = shared
    assert api.put(changed("/configuration/Filter", value)).status in GOOD
    assert written(platform).get("Filter") == sent


@pytest.mark.parametrize(
    ("value", "sent"),
    [("inv", "inv/"), ("inv/", "inv/"), ("a/b//", "a/b/"), ("", None), ("/", None), (REMOVED, None)],
)
def test_a_report_prefix_ends_with_one_slash(shared: Shared, value: Any, sent: str | None) -> None:
    api, platform = shared
    assert api.put(changed(f"{TARGET}/Prefix", value)).status in GOOD
    assert target(platform).get("Prefix") == sent


@pytest.mark.parametrize("value", ["reports", "arn:aws:s3:::reports"])
def test_a_destination_is_a_name_or_an_arn_and_answered_as_a_name(shared: Shared, value: str) -> None:
    api, platform = shared
    reply = api.put(changed(f"{TARGET}/Bucket", value))
    assert reply.status in GOOD
    assert reply.json["configuration"]["Destination"]["S3BucketDestination"]["Bucket"] == "reports"
    assert target(platform)["Bucket"] == "arn:aws:s3:::reports"


@pytest.mark.parametrize("value", [REMOVED, "daily", None])
def test_an_id_may_be_left_out_or_equal_the_one_in_the_address(shared: Shared, value: Any) -> None:
    api, platform = shared
    document = body() if value is REMOVED else changed("/configuration/Id", value)
    assert api.put(document).json["configuration"]["Id"] == "daily"
    assert written(platform)["Id"] == "daily"


def test_a_bucket_may_report_to_itself(api: Api, platform: StandIn) -> None:
    assert api.put(changed(f"{TARGET}/Bucket", "data")).status == 201
    assert target(platform)["Bucket"] == "arn:aws:s3:::data"
    assert platform.policy("reports") is None


def test_everything_but_the_configuration_has_a_default(api: Api) -> None:
    record = api.put(body()).json
    assert (record["notify"], record["readers"], record["create_destination"]) == ([], [], None)
    assert (record["first_policy"], record["management"]) == ("preserve-organization", "apply")


def test_everything_beside_the_configuration_is_answered_as_it_was_asked(api: Api) -> None:
    more = {
        "notify": ["storage-team", "storage-mail"],
        "readers": [READER],
        "first_policy": "restrict",
        "create_destination": {"zone": "US-EAST-04A"},
        "management": "observe",
    }
    record = api.put(body(**more)).json
    assert {name: record[name] for name in more} == more
    assert record["state"] == "observed"


def test_a_record_can_be_put_as_it_was_answered(api: Api, platform: StandIn) -> None:
    record = api.put(body(notify=["storage-team"])).json
    names = ("configuration", "notify", "readers", "first_policy", "create_destination", "management")
    before = touched(platform)
    again = api.put({name: record[name] for name in names})
    assert (again.status, again.json["steps"], again.json["version"]) == (200, [], 1)
    assert touched(platform) == before


def test_a_destination_that_is_not_there_is_made_when_asked(api: Api, platform: StandIn) -> None:
    document = changed(f"{TARGET}/Bucket", "new-reports") | {"create_destination": {"zone": "US-WEST-01A"}}
    reply = api.put(document)
    assert reply.status == 201
    assert reply.json["steps"][0] == {
        "action": "CreateBucket",
        "bucket": "new-reports",
        "zone": "US-WEST-01A",
        "reasons": ["the destination new-reports does not exist, and is to be created in US-WEST-01A"],
    }
    location = platform.client(TEAM.access_key_id).get_bucket_location(Bucket="new-reports")
    assert location["LocationConstraint"] == "US-WEST-01A"


def test_the_file_of_the_aws_command_line_does_unchanged(api: Api, platform: StandIn, tmp_path: Path) -> None:
    """The same file goes through `aws s3api` and through Stocktake, and means the same."""
    file = tmp_path / "inventory.json"
    target = {**CONFIGURATION["Destination"]["S3BucketDestination"], "Bucket": "arn:aws:s3:::reports"}
    document = {**CONFIGURATION, "Id": "daily", "Destination": {"S3BucketDestination": target}}
    file.write_text(json.dumps(document, indent=4))
    assert api.put(b'{"configuration": ' + file.read_bytes() + b"}", ONE).status == 201
    ours = written(platform)
    command = shutil.which("aws", path=str(Path(sys.executable).parent))
    assert command is not None
    asked = (
        "put-bucket-inventory-configuration",
        "--bucket",
        "data",
        "--id",
        "daily",
        "--inventory-configuration",
    )
    subprocess.run(
        [command, "--endpoint-url", platform.url, "--region", "x", "s3api", *asked, f"file://{file}"],
        check=True,
        env={
            "AWS_ACCESS_KEY_ID": TEAM.access_key_id,
            "AWS_SECRET_ACCESS_KEY": TEAM.secret_access_key,
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
    )
    assert written(platform) == ours
    assert api.check().json["drift"]["status"] == "in_sync"
