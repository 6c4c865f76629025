"""What is there, seen and adopted over HTTP; and the same for many buckets in one request."""

from pathlib import Path
from typing import Any

import pytest

from local.platform import StandIn
from tests.app.asking import APPLICATION, ONE, READ_TOKEN, READER, TEAM, Api, body, make_buckets, touched
from tests.command_line import CommandLine, by_hand, owner_statement, service_statement

ADOPT = ONE + "/adopt"
INVENTORIES = "/buckets/data/inventories"
PREFIX = "/inventory/configuration/Destination/S3BucketDestination/Prefix"
Shared = tuple[Api, StandIn]


@pytest.fixture
def there(platform: StandIn, tmp_path: Path) -> StandIn:
    """The documented procedure was done by hand, with the AWS CLI."""
    owner = CommandLine(platform.url, APPLICATION, tmp_path)
    owner.put_policy(
        "reports",
        service_statement("reports", "s3:AbortMultipartUpload"),
        owner_statement("reports", APPLICATION.principal, "s3:GetBucketPolicy"),
    )
    owner.put_configuration("data", by_hand())
    return platform


def test_a_line_that_what_is_adopted_never_crosses_is_warned_of(api: Api, there: StandIn) -> None:
    fewer = {**by_hand(), "OptionalFields": ["Size"]}
    client = there.client(APPLICATION.access_key_id)
    client.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=fewer)
    lines = [{"measure": "objects", "over": 5}, {"measure": "cold_bytes", "over": 5}]
    reply = api.ask("POST", ADOPT, {"thresholds": lines})
    assert (reply.status, reply.json["thresholds"]) == (201, lines)
    (warning,) = reply.json["warnings"]
    assert warning.startswith("/thresholds/1/measure is only known with")
    assert warning.endswith("this line is never crossed.")


def test_what_was_set_up_by_hand_is_seen_adopted_and_watched(api: Api, there: StandIn) -> None:
    before = touched(there)
    page = api.get("/buckets").json
    assert (page["next"], page["reason"]) == (None, None)
    data, reports = page["items"]
    counts = {"managed": 0, "unmanaged": 1, "missing": 0, "not_set_up": 0}
    assert data == {"name": "data", "status": "unmanaged", **counts, "reason": None}
    assert (reports["name"], reports["status"], reports["managed"]) == ("reports", "unknown", None)
    assert "has to allow s3:ListInventoryConfigurations" in reports["reason"], "the owner was not given that"
    (found,) = api.get(INVENTORIES).json["items"]
    assert (found["id"], found["status"], found["state"]) == ("daily", "unmanaged", None)
    assert found["configuration"] == there.configuration("data", "daily")

    reply = api.ask("POST", ADOPT, {"notify": ["storage-team"]})

    assert (reply.status, reply.headers["etag"]) == (201, '"1"')
    answer = reply.json
    assert (answer["state"], answer["steps"], answer["warnings"]) == ("applied", [], [])
    assert (answer["drift"]["status"], answer["drift"]["differences"]) == ("in_sync", [])
    assert answer["notify"] == ["storage-team"]
    assert touched(there) == before
    assert api.check().json["drift"]["status"] == "in_sync"
    (found,) = api.get(INVENTORIES).json["items"]
    assert (found["status"], found["state"]) == ("managed", "applied")
    assert api.get("/buckets?status=managed").json["items"][0]["name"] == "data"
    changed = {key: value for key, value in answer.items() if key in body()}
    assert api.put({**changed, "notify": ["storage-team"]}).json["steps"] == []
    assert touched(there) == before


@pytest.mark.parametrize("content", [None, b"", b"  ", {}])
def test_a_body_may_be_left_out(api: Api, there: StandIn, content: Any) -> None:
    reply = api.ask("POST", ADOPT, content)
    assert (reply.status, reply.json["management"], reply.json["notify"]) == (201, "apply", [])


def test_adopting_again_says_that_it_is_managed(api: Api, there: StandIn) -> None:
    api.ask("POST", ADOPT, {"readers": [READER]})
    reply = api.ask("POST", ADOPT, {"management": "observe"})
    assert (reply.status, reply.json["readers"], reply.json["management"]) == (200, [READER], "apply")
    assert "this request changed nothing. Use PATCH." in reply.json["warnings"][0]


def test_what_somebody_deletes_behind_our_back_is_missing(api: Api, there: StandIn) -> None:
    api.ask("POST", ADOPT)
    there.client(TEAM.access_key_id).delete_bucket_inventory_configuration(Bucket="data", Id="daily")
    (found,) = api.get(INVENTORIES).json["items"]
    assert (found["status"], found["configuration"], found["state"]) == ("missing", None, "applied")
    assert api.get("/buckets?status=missing").json["items"][0]["missing"] == 1


def test_a_platform_that_is_away_is_no_server_error(api: Api, there: StandIn) -> None:
    there.fault("*", error=503, times=None)
    for path in ("/buckets", INVENTORIES):
        reply = api.get(path)
        assert (reply.status, reply.json["items"]) == (200, [])
        assert "cannot be listed" in reply.json["reason"]
    reply = api.ask("POST", ADOPT)
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:platform-away")
    assert "It is not adopted" in reply.json["detail"]
    (found,) = api.ask("POST", "/adopt", {"buckets": ["data"]}).json["items"]
    assert found["status"] == "unknown"
    there.clear_faults()
    assert api.ask("POST", ADOPT).status == 201


def test_a_right_that_is_missing_is_told(api: Api, there: StandIn) -> None:
    there.fault("ListBuckets", error="AccessDenied", times=None)
    there.fault("ListBucketInventoryConfigurations", error="AccessDenied", times=None)
    api.ask("POST", ADOPT)
    found = api.get("/buckets").json
    assert [(each["name"], each["status"], each["managed"]) for each in found["items"]] == [
        ("data", "unknown", None)
    ]
    assert "AccessDenied" in found["reason"]
    (one,) = api.get(INVENTORIES).json["items"]
    assert (one["id"], one["status"], one["state"]) == ("daily", "unknown", "applied")


@pytest.mark.parametrize(
    ("path", "content", "at", "words"),
    [
        (ADOPT, {"notify": ["nobody"]}, "/notify/0", "no channel has this name"),
        (ADOPT, {"on_drift": "repair", "management": "observe"}, "/on_drift", "which never does"),
        (ADOPT, {"first_policy": "restrict"}, "/first_policy", "restrict needs readers"),
        (ADOPT, {"configuration": {}}, "/configuration", "is not known here"),
        (ADOPT, [], "", "must be a JSON object with notify"),
        ("/adopt", {}, "/buckets", "is required, and must be a list"),
        ("/adopt", {"buckets": []}, "/buckets", "must not be empty"),
        ("/adopt", {"buckets": "*"}, "/buckets", "must be a list"),
        ("/adopt", {"buckets": ["ok*", "[a]*"]}, "/buckets/1", "a pattern has 1 to 63 characters"),
        ("/adopt", {"buckets": ["*"], "ids": [".."]}, "/ids/0", "mean something else"),
        ("/adopt", {"buckets": ["*"], "readers": ["me"]}, "/readers/0", "must be a full ARN"),
        ("/apply", {"buckets": ["*"], "inventory": body()}, "/id", "is required"),
        ("/apply", {"buckets": ["*"], "id": "a", "inventory": []}, "/inventory", "must be a JSON object"),
        (
            "/apply",
            {"buckets": ["*"], "id": "a", "inventory": {}},
            "/inventory/configuration",
            "is required",
        ),
    ],
)
def test_a_bad_field_is_named_before_anything_is_done(
    shared: Shared, path: str, content: Any, at: str, words: str
) -> None:
    api, platform = shared
    reply = api.ask("POST", path, content)
    assert reply.status == 422
    assert words in reply.message(at)
    assert touched(platform) == []


def test_all_bad_fields_of_a_request_for_many_are_named_at_once(shared: Shared) -> None:
    api, _ = shared
    content = body(notify=["nobody"])
    content["configuration"]["Id"] = "other"
    content["configuration"]["Destination"]["S3BucketDestination"]["Format"] = "Avro"
    reply = api.ask("POST", "/apply", {"buckets": ["A*"], "id": "a", "inventory": content, "more": 1})
    assert set(reply.paths) == {
        "/buckets/0",
        "/more",
        "/inventory/configuration/Id",
        "/inventory/configuration/Destination/S3BucketDestination/Format",
        "/inventory/notify/0",
    }


def test_a_prefix_has_to_bear_the_longest_name(shared: Shared) -> None:
    api, _ = shared
    content = body()
    content["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] = "a" * 480 + "{bucket}/"
    reply = api.ask("POST", "/apply", {"buckets": ["data"], "id": "a", "inventory": content})
    assert "512 bytes at most, also where a long name stands for {bucket}" in reply.message(PREFIX)


@pytest.mark.parametrize("path", [PREFIX, "/inventory/configuration/Filter/Prefix"])
def test_what_stands_for_nothing_in_a_prefix_is_refused(shared: Shared, path: str) -> None:
    api, platform = shared
    content = body()
    content["configuration"]["Filter"] = {"Prefix": "{Bucket}-x"}
    content["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] = "{Bucket}/"
    reply = api.ask("POST", "/apply", {"buckets": ["data"], "id": "a", "inventory": content})
    assert (reply.status, len(reply.paths)) == (422, 2)
    assert "must not have {Bucket}: {bucket} alone stands for something" in reply.message(path)
    assert touched(platform) == []


def test_the_id_in_the_configuration_of_many_is_theirs(shared: Shared) -> None:
    """There is none in the address, and a bad one is told of once."""
    api, _ = shared
    content = body()
    content["configuration"]["Id"] = "other"
    reply = api.ask("POST", "/apply", {"buckets": ["data"], "id": "abc", "inventory": content})
    assert reply.paths == ["/inventory/configuration/Id"]
    assert reply.message("/inventory/configuration/Id") == "must be left out or equal `id`, abc"
    reply = api.ask("POST", "/apply", {"buckets": ["data"], "id": "a b", "inventory": content})
    assert reply.paths == ["/id"]


@pytest.mark.parametrize("after", ["", "x", "a/b/c", "%00/%00"])
@pytest.mark.parametrize(
    ("path", "content"),
    [("/adopt", {"buckets": ["*"]}), ("/apply", {"buckets": ["*"], "id": "a", "inventory": body()})],
)
def test_a_place_to_go_on_from_that_is_none_is_refused(
    shared: Shared, path: str, content: Any, after: str
) -> None:
    api, platform = shared
    reply = api.ask("POST", f"{path}?after={after}", content)
    assert reply.paths == ["/after"]
    assert reply.message("/after") == "must be the `next` of the answer before, unchanged"
    assert touched(platform) == []


def test_the_place_to_go_on_from_is_looked_at_before_looking(shared: Shared) -> None:
    api, _ = shared
    for path, after in (("/buckets", "a/b"), ("/buckets", ""), (INVENTORIES, "%0a"), (INVENTORIES, "")):
        assert Api(api.url, READ_TOKEN).get(f"{path}?after={after}").paths == ["/after"]


def test_many_buckets_get_the_same_inventory_with_prefixes_of_their_own(api: Api, platform: StandIn) -> None:
    make_buckets(platform, "prod-a", "prod-b")
    content = body()
    content["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] = "inventory/{bucket}/"
    asked = {"buckets": ["*"], "id": "daily", "inventory": content}
    plan = api.ask("POST", "/apply?dry_run=true", asked).json
    assert {each["bucket"]: each["status"] for each in plan["items"]} == {
        "data": "planned",
        "prod-a": "planned",
        "prod-b": "planned",
        "reports": "skipped",
    }
    assert {(each["state"], each["drift"], each["reason"]) for each in plan["items"][:3]} == {(None,) * 3}
    assert touched(platform) == []

    found = api.ask("POST", "/apply", asked).json

    assert (found["next"], found["warnings"]) == (None, [])
    steps = [step for each in found["items"] for step in each["steps"]]
    changes = [step["statements"] for step in steps if step["action"] == "PutBucketPolicy"]
    assert {each["change"] for statements in changes for each in statements} == {"added"}, "and none is kept"
    assert len(changes) == 3
    assert not any({"before", "policy"} & step.keys() for step in steps if "statements" in step)
    assert [(each["bucket"], each["id"], each["status"], each["state"]) for each in found["items"]] == [
        ("data", "daily", "created", "applied"),
        ("prod-a", "daily", "created", "applied"),
        ("prod-b", "daily", "created", "applied"),
        ("reports", "daily", "skipped", None),
    ]
    for bucket in ("data", "prod-a", "prod-b"):
        target = (platform.configuration(bucket, "daily") or {})["Destination"]["S3BucketDestination"]
        assert target["Prefix"] == f"inventory/{bucket}/"
    before = len(platform.writes("prod-a")), len(platform.writes("prod-b")), touched(platform)
    again = api.ask("POST", "/apply", asked).json
    assert {each["status"] for each in again["items"]} == {"unchanged", "skipped"}
    after = len(platform.writes("prod-a")), len(platform.writes("prod-b")), touched(platform)
    assert after == before


def test_many_are_adopted_with_a_result_for_each(api: Api, there: StandIn) -> None:
    before = touched(there)
    found = api.ask("POST", "/adopt", {"buckets": ["*", "nowhere"], "notify": ["storage-mail"]}).json
    assert [(each["bucket"], each["id"], each["status"], each["drift"]) for each in found["items"]] == [
        ("data", "daily", "adopted", "in_sync"),
        ("nowhere", None, "refused", None),
        ("reports", None, "refused", None),
    ]
    assert found["items"][1]["reason"] == "There is no bucket nowhere."
    assert "has to allow s3:ListInventoryConfigurations" in found["items"][2]["reason"]
    assert api.get().json["notify"] == ["storage-mail"]
    assert touched(there) == before
