"""PUT and DELETE: what they do, what they answer, and when they refuse."""

import json

from local.platform import StandIn
from tests.app.asking import ONE, READER, TEAM, Api, body, changed, touched

TARGET = "/configuration/Destination/S3BucketDestination"
WEEKLY = changed("/configuration/Schedule/Frequency", "Weekly")


def deny() -> str:
    """A policy of `reports` that lets the organization in and keeps all others out, the service too."""
    everything = {"Action": "s3:*", "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]}
    others = {"StringNotEquals": {"cw:PrincipalOrgID": "ORG"}}
    wall = {"Sid": "Wall", "Effect": "Deny", "Principal": {"CW": "*"}, "Condition": others, **everything}
    door = {"Sid": "Door", "Effect": "Allow", "Principal": {"CW": "*"}, **everything}
    return json.dumps({"Version": "2012-10-17", "Statement": [wall, door]})


def test_a_new_inventory_is_created_and_applied(api: Api, platform: StandIn) -> None:
    reply = api.put(body(notify=["storage-team"]))
    assert reply.status == 201
    assert reply.headers["etag"] == '"1"'
    record = reply.json
    assert (record["bucket"], record["id"], record["version"]) == ("data", "daily", 1)
    assert (record["state"], record["reason"]) == ("applied", None)
    assert "keeps the access of everybody of the organization" in record["warnings"][0]
    assert (record["freshness"]["status"], record["drift"]["status"]) == ("waiting", "in_sync")
    actions = [(each["action"], each["bucket"]) for each in record["steps"]]
    assert actions == [("PutBucketPolicy", "reports"), ("PutBucketInventoryConfiguration", "data")]
    assert record["steps"][0]["before"] is None
    assert record["steps"][0]["policy"] == json.loads(platform.policy("reports") or "")


def test_the_same_again_does_nothing(api: Api, platform: StandIn) -> None:
    api.put(body())
    before = touched(platform)
    reply = api.put(body())
    assert (reply.status, reply.json["steps"], reply.headers["etag"]) == (200, [], '"1"')
    assert touched(platform) == before


def test_another_is_replaced_and_counts_up(api: Api, platform: StandIn) -> None:
    api.put(body())
    reply = api.put(WEEKLY)
    assert (reply.status, reply.headers["etag"]) == (200, '"2"')
    assert [each["action"] for each in reply.json["steps"]] == ["PutBucketInventoryConfiguration"]
    assert (platform.configuration("data", "daily") or {})["Schedule"] == {"Frequency": "Weekly"}


def test_a_dry_run_shows_the_steps_and_does_none(api: Api, platform: StandIn) -> None:
    reply = api.put(body(), ONE + "?dry_run=true")
    assert reply.status == 200
    assert [each["action"] for each in reply.json["steps"]] == [
        "PutBucketPolicy",
        "PutBucketInventoryConfiguration",
    ]
    assert (reply.json["state"], reply.json["version"]) == ("pending", 1)
    assert (touched(platform), api.get().status) == ([], 404)


def test_a_dry_run_refuses_what_the_run_would_refuse(api: Api, platform: StandIn) -> None:
    platform.client(TEAM.access_key_id).put_bucket_policy(Bucket="reports", Policy=deny())
    before = touched(platform)
    for query in ("?dry_run=true", "?dry_run=false", ""):
        reply = api.put(body(), ONE + query)
        assert reply.status == 409
        assert "Wall" in reply.json["detail"]
    assert (touched(platform), api.get().status) == (before, 404)


def test_a_source_that_is_not_there_is_a_conflict(api: Api, platform: StandIn) -> None:
    reply = api.put(body(), "/inventories/nowhere/daily")
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:refused")
    assert "nowhere" in reply.json["detail"]


def test_a_destination_that_is_not_there_is_a_conflict_that_says_how_to_have_it_made(api: Api) -> None:
    reply = api.put(changed(f"{TARGET}/Bucket", "missing-reports"))
    assert reply.status == 409
    assert "create_destination" in reply.json["detail"]


def test_a_first_policy_may_restrict_when_readers_are_named(api: Api, platform: StandIn) -> None:
    reply = api.put(body(first_policy="restrict", readers=[READER]))
    assert reply.status == 201
    assert any("reports" in each for each in reply.json["warnings"])
    assert "Organization" not in (platform.policy("reports") or "")


def test_observing_writes_nothing(api: Api, platform: StandIn) -> None:
    reply = api.put(body(management="observe"))
    assert (reply.status, reply.json["state"], reply.json["steps"]) == (201, "observed", [])
    assert touched(platform) == []
    assert api.check().json["drift"]["status"] == "missing"
    assert api.delete().status == 200
    assert touched(platform) == []


def test_deleting_takes_configuration_and_grants_away(api: Api, platform: StandIn) -> None:
    api.put(body())
    reply = api.delete(If_Match='"1"')
    assert reply.status == 200
    assert [each["action"] for each in reply.json["steps"]] == [
        "DeleteBucketInventoryConfiguration",
        "DeleteBucketPolicy",
    ]
    assert (platform.configuration("data", "daily"), platform.policy("reports")) == (None, None)
    assert (api.get().status, api.delete().status) == (404, 404)


def test_deleting_may_only_forget(api: Api, platform: StandIn) -> None:
    api.put(body())
    before = touched(platform)
    reply = api.delete(ONE + "?keep_remote=true")
    assert (reply.status, reply.json["steps"]) == (200, [])
    assert "stay on the platform" in reply.json["warnings"][0]
    assert (api.get().status, touched(platform)) == (404, before)
    assert platform.configuration("data", "daily") is not None
