"""Plans and exports over HTTP: each form, what is refused, and that nothing is ever written."""

import json

import pytest

from local.platform import StandIn
from tests.app.asking import (
    APPLICATION,
    ONE,
    READ_TOKEN,
    READER,
    TEAM,
    WRITE_TOKEN,
    Api,
    body,
    changed,
    touched,
)
from tests.hcl import resources

TEXT = "text/plain; charset=utf-8"
PLAN, EXPORT = ONE + "/plan", ONE + "/export"
AWS_CAN = changed("/configuration/OptionalFields", ["Size"])


def test_the_plan_of_what_was_taken_out_by_hand(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    team = platform.client(TEAM.access_key_id)
    team.delete_bucket_inventory_configuration(Bucket="data", Id="daily")
    before = touched(platform)
    plan = Api(api.url, READ_TOKEN).get(PLAN).json
    assert (plan["status"], plan["reason"], plan["removing"]) == ("missing", None, False)
    assert [each["action"] for each in plan["steps"]] == ["PutBucketInventoryConfiguration"]
    assert plan["steps"][0]["reasons"] == ["there is no inventory configuration of this id"]
    assert [each["path"] for each in plan["differences"]] == ["/configuration"]
    assert touched(platform) == before
    text = api.get(PLAN + "?format=text")
    assert (text.status, text.headers["content-type"]) == (200, TEXT)
    assert (
        b"1. PutBucketInventoryConfiguration: write the inventory configuration daily of data" in text.content
    )


def test_a_policy_step_says_who_gains(api: Api, platform: StandIn) -> None:
    (policy, _) = api.ask("PUT", f"{ONE}?dry_run=true", body(readers=[READER])).json["steps"]
    assert {each["change"] for each in policy["statements"]} == {"added"}
    assert [each["who"] for each in policy["access"]["gains"]] == [
        ["arn:aws:iam::static:role/static/inventory"]
    ]
    assert policy["access"]["loses"] == []
    assert touched(platform) == []


def test_where_the_platform_is_away_a_look_says_so_and_an_export_is_refused(
    api: Api, platform: StandIn
) -> None:
    assert api.put(body()).status == 201
    platform.fault("GetBucketPolicy", error=503, times=None)
    plan = api.get(PLAN)
    assert (plan.status, plan.json["status"], plan.json["steps"]) == (200, "unknown", [])
    assert "GetBucketPolicy" in plan.json["reason"]
    for form in ("aws-cli", "terraform"):
        refused = api.get(f"{EXPORT}?format={form}")
        assert (refused.status, refused.json["type"]) == (409, "urn:stocktake:problem:platform-away")
    assert api.get(EXPORT).status == 200
    dry = api.ask("PUT", f"{ONE}?dry_run=true&format=text", body())
    platform.clear_faults()
    assert (dry.status, b"There is no plan" in dry.content) == (200, True)


def test_a_policy_that_cannot_be_read_is_not_guessed(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    closed = {"Effect": "Deny", "Principal": {"CW": APPLICATION.principal}, "Action": "s3:GetBucketPolicy"}
    statement = {**closed, "Resource": "arn:aws:s3:::reports"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    platform.client(TEAM.access_key_id).put_bucket_policy(Bucket="reports", Policy=policy)
    refused = api.get(EXPORT + "?format=aws-cli")
    assert (refused.status, refused.json["type"]) == (409, "urn:stocktake:problem:refused")
    assert "The policy of reports cannot be read" in refused.json["detail"]
    assert api.get(PLAN).json["obstacles"]


def test_the_json_goes_back_into_put_and_changes_nothing(api: Api, platform: StandIn) -> None:
    asked = body(notify=["storage-team"], readers=[READER], create_destination={"zone": "US-EAST-04A"})
    assert api.put(asked).status == 201
    exported, before = api.get(EXPORT).json, touched(platform)
    assert exported == api.get(EXPORT + "?format=json").json
    again = api.put(exported)
    assert (again.status, again.json["steps"], touched(platform)) == (200, [], before)
    assert api.get(EXPORT).json == exported


def test_a_dry_run_is_answered_in_each_form(api: Api, platform: StandIn) -> None:
    assert api.put(AWS_CAN).status == 201
    before, (more, weekly) = touched(platform), (body(readers=[READER]), {"readers": [READER]})
    for method, content in (("PUT", more), ("PATCH", weekly)):
        as_json = api.ask(method, f"{ONE}?dry_run=true&format=json", content)
        assert as_json.json["steps"] == api.ask(method, f"{ONE}?dry_run=true", content).json["steps"]
        for form, sign in (
            ("text", b"StocktakeRead"),
            ("aws-cli", b"#!/bin/sh\n"),
            ("terraform", b"jsonencode("),
        ):
            reply = api.ask(method, f"{ONE}?dry_run=true&format={form}", content)
            assert (reply.status, reply.headers["content-type"]) == (200, TEXT)
            assert reply.headers["etag"] == '"2"'
            assert sign in reply.content
            assert b"StocktakeRead" in reply.content
    assert touched(platform) == before


def test_a_removal_is_read_before_it_is_done(api: Api, platform: StandIn) -> None:
    assert api.put(body(readers=[READER])).status == 201
    before = touched(platform)
    planned = api.delete(f"{ONE}?dry_run=true")
    text = api.delete(f"{ONE}?dry_run=true&format=text")
    assert (planned.status, text.status, text.headers["content-type"]) == (200, 200, TEXT)
    assert b"It is to be taken away." in text.content
    assert b"1. DeleteBucketInventoryConfiguration: delete the inventory configuration daily" in text.content
    assert (touched(platform), api.get().status) == (before, 200)
    assert [each["action"] for each in planned.json["steps"]] == [
        "DeleteBucketInventoryConfiguration",
        "DeleteBucketPolicy",
    ]
    assert api.delete().json == planned.json


@pytest.mark.parametrize("keeping", ["keep_remote=true&", ""])
def test_what_is_only_forgotten_is_not_forgotten_by_a_dry_run(
    api: Api, platform: StandIn, keeping: str
) -> None:
    assert api.put(body() if keeping else body(management="observe")).status == 201
    planned = api.delete(f"{ONE}?{keeping}dry_run=true")
    assert (planned.status, planned.json["steps"], api.get().status) == (200, [], 200)
    assert api.delete(f"{ONE}?{keeping}dry_run=false").json == planned.json


def test_a_restore_is_read_before_it_is_done(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    team = platform.client(TEAM.access_key_id)
    colleague = {
        "Sid": "Colleague",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:Get*",
        "Resource": "*",
    }
    policy = json.loads(team.get_bucket_policy(Bucket="reports")["Policy"])
    policy["Statement"].append(colleague)
    team.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))
    restore, before = f"{ONE}/restore/1", len(touched(platform))
    warnings = api.ask("POST", f"{restore}?dry_run=true").json["warnings"]
    text = api.ask("POST", f"{restore}?dry_run=true&format=text")
    assert (text.status, text.headers["content-type"]) == (200, TEXT)
    assert b"A policy is to be put back as it was" in text.content
    assert b'-   "Sid": "Colleague"' in text.content
    assert "would be lost" in warnings[0]
    assert not any("dry_run" in each for each in warnings)
    assert "dry_run=true" in api.ask("POST", restore).json["detail"]
    assert len(touched(platform)) == before


def test_terraform_is_there_for_both_providers(api: Api, platform: StandIn) -> None:
    assert api.put(AWS_CAN).status == 201
    policy = json.loads(platform.policy("reports") or "")
    for query, head in (("", "coreweave_object_storage_bucket"), ("&provider=aws", "aws_s3_bucket")):
        text = api.get(f"{EXPORT}?format=terraform{query}").content.decode()
        found = resources(text)
        assert found[f"{head}_policy.reports"]["policy"] == policy
        assert found[f"{head}_inventory.data_daily"]["name"] == "daily"


def test_what_aws_cannot_say_is_named(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    reply = api.get(EXPORT + "?format=terraform&provider=aws")
    assert (reply.status, reply.paths) == (422, ["/provider"])
    assert "LastAccessedDate" in reply.message("/provider")
    assert "provider=coreweave" in reply.message("/provider")


@pytest.mark.parametrize(
    ("path", "paths"),
    [
        (PLAN + "?format=terraform", ["/format"]),
        (EXPORT + "?format=text", ["/format"]),
        (EXPORT + "?format=", ["/format"]),
        (EXPORT + "?provider=aws", ["/provider"]),
        (EXPORT + "?format=aws-cli&provider=coreweave", ["/provider"]),
        (EXPORT + "?format=terraform&provider=gcp", ["/provider"]),
    ],
)
def test_a_form_that_there_is_not_is_refused(
    api: Api, platform: StandIn, path: str, paths: list[str]
) -> None:
    reply = api.get(path)
    assert (reply.status, reply.paths) == (422, paths)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_form_is_only_for_a_dry_run(api: Api, platform: StandIn, method: str) -> None:
    reply = api.ask(method, f"{ONE}?format=text&provider=aws", body())
    assert (reply.status, reply.paths) == (422, ["/format", "/provider"])
    assert "dry_run=true" in reply.message("/format")
    assert touched(platform) == []


def test_a_restore_of_what_is_not_there_is_404_whatever_if_match_says(api: Api, platform: StandIn) -> None:
    for tag in ("*", '"1"'):
        reply = api.ask("POST", ONE + "/restore/1", None, {"If-Match": tag})
        assert (reply.status, touched(platform)) == (404, [])


@pytest.mark.parametrize(("method", "path"), [("DELETE", ONE), ("POST", ONE + "/restore/1")])
def test_a_text_of_what_is_done_at_once_is_refused(
    api: Api, platform: StandIn, method: str, path: str
) -> None:
    assert api.put(body()).status == 201
    reply = api.ask(method, f"{path}?format=text")
    assert (reply.status, reply.paths, api.get().status) == (422, ["/format"], 200)


def test_no_secret_is_in_any_form(api: Api, platform: StandIn) -> None:
    assert api.put(body(notify=["storage-team"])).status == 201
    for path in (
        PLAN,
        PLAN + "?format=text",
        *(f"{EXPORT}?format={each}" for each in ("json", "aws-cli", "terraform")),
    ):
        content = api.get(path).content.decode()
        secrets = (
            APPLICATION.access_key_id,
            APPLICATION.secret_access_key,
            WRITE_TOKEN,
            READ_TOKEN,
            "services/T0",
        )
        assert not [each for each in secrets if each in content]
