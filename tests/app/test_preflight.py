"""`POST /preflight` over HTTP: what is asked as in a PUT, what is answered as JSON and as text."""

import json
import time
from typing import Any

import pytest

from chalicelib.api.preflight import as_text
from chalicelib.core.preflight import CHECKS, Judgement
from chalicelib.core.preflight_facts import Check
from local.platform import StandIn
from tests.app.asking import (
    APPLICATION,
    READ_TOKEN,
    READER,
    REMOVED,
    TEAM,
    Api,
    Reply,
    body,
    changed,
    touched,
)
from tests.samples import inventory

ADDRESS = "/preflight?bucket=data&id=daily"
DESTINATION = "/configuration/Destination/S3BucketDestination"


def ask(api: Api, content: Any, query: str = "") -> Reply:
    return api.ask("POST", ADDRESS + query, content)


def failed(reply: Reply) -> list[str]:
    return [each["name"] for each in reply.json["checks"] if each["status"] == "failed"]


def test_it_answers_every_check_and_changes_nothing(api: Api, platform: StandIn) -> None:
    platform.requests.clear()

    reply = ask(api, body(notify=["storage-team"], readers=[READER]))

    assert reply.status == 200
    assert reply.json["ready"] is True
    assert [each["name"] for each in reply.json["checks"]] == list(CHECKS)
    tried = [each["call"] for check in reply.json["checks"] for each in check["tried"]]
    assert set(tried) == {each.operation for each in platform.requests}
    assert all(name.startswith(("Get", "List")) for name in tried)
    assert touched(platform) == []
    assert api.get("/inventories").json["items"] == []
    assert api.get("/notices").json["items"] == []


def test_what_it_says_of_a_body_is_what_put_does_with_it(api: Api) -> None:
    missing = changed(f"{DESTINATION}/Bucket", "missing")
    assert failed(ask(api, missing)) == ["destination_bucket"]
    assert api.put(missing).status == 409
    created = {**missing, "create_destination": {"zone": "US-EAST-04A"}}
    assert ask(api, created).json["ready"] is True
    assert api.put(created).status == 201
    assert ask(api, created).json["ready"] is True


def test_a_right_is_told_with_what_could_not_be_tried(api: Api) -> None:
    checks = {each["name"]: each for each in ask(api, body()).json["checks"]}
    put = checks["destination_rights"]["not_tried"][0]
    assert (put["right"], put["bucket"]) == ("s3:PutBucketPolicy", "reports")
    assert put["why"] == "It would replace the policy. Setting up needs it."
    first = checks["source_rights"]["tried"][0]
    assert first == {"call": "GetBucketPolicy", "bucket": "data", "came": "allowed", "code": None}


@pytest.mark.parametrize(
    "content",
    [
        changed("/configuration/Schedule/Frequency", "daily"),
        changed("/configuration/Schedule", REMOVED),
        changed(f"{DESTINATION}/Bucket", "Reports"),
        changed(f"{DESTINATION}/Prefix", "a/../b"),
        changed("/configuration/Id", "another"),
        body(notify=["nobody"]),
        body(readers=["me"]),
        body(first_policy="restrict"),
        body(unknown=1),
        [],
        {},
    ],
    ids=repr,
)
def test_bad_fields_are_named_as_put_names_them(api: Api, content: Any) -> None:
    reply = ask(api, content)
    assert reply.status == 422
    assert reply.json["errors"] == api.put(content).json["errors"]


@pytest.mark.parametrize("sent", [b"", b"{", b"[1,]", b'{"a": 1, "a": 2}', b"\xff"])
def test_what_is_no_json_is_told_as_put_tells_it(api: Api, sent: bytes) -> None:
    reply = ask(api, sent)
    assert (reply.status, reply.json) == (400, api.put(sent).json)


@pytest.mark.parametrize(
    ("query", "path", "words"),
    [
        ("id=daily", "/bucket", "is required: ?bucket= names"),
        ("bucket=data", "/id", "is required where configuration.Id is not there"),
        ("bucket=Data&id=daily", "/bucket", "in the address will not do"),
        ("bucket=data&id=a%20b", "/id", "in the address will not do"),
        ("bucket=data&id=daily&format=xml", "/format", "must be one of json, text"),
        ("bucket=data&id=daily&dry_run=true", "/dry_run", "is no query parameter here"),
    ],
)
def test_what_is_wrong_in_the_address_is_named(api: Api, query: str, path: str, words: str) -> None:
    reply = api.ask("POST", f"/preflight?{query}", body())
    assert (reply.status, reply.paths) == (422, [path])
    assert words in reply.message(path)


def test_nothing_named_names_both(api: Api) -> None:
    assert api.ask("POST", "/preflight", body()).paths == ["/bucket", "/id"]


def test_the_id_may_stand_in_the_configuration_alone(api: Api) -> None:
    reply = api.ask("POST", "/preflight?bucket=data", changed("/configuration/Id", "weekly"))
    assert (reply.status, reply.json["id"]) == (200, "weekly")
    bad = api.ask("POST", "/preflight?bucket=data", changed("/configuration/Id", "a b"))
    assert (bad.status, "/configuration/Id" in bad.paths) == (422, True)
    none = api.ask("POST", "/preflight?bucket=data", changed("/configuration/Id", 5))
    assert (none.status, none.paths) == (422, ["/id"])


def test_it_asks_for_the_scope_write(api: Api) -> None:
    assert ask(Api(api.url, READ_TOKEN), body()).status == 403
    assert ask(Api(api.url, None), body()).status == 401


# For people


def test_as_text_there_is_a_line_for_each_check(api: Api) -> None:
    reply = ask(api, changed(f"{DESTINATION}/Bucket", "missing"), "&format=text")

    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    lines = reply.content.decode().splitlines()
    assert lines[0] == "data/daily to missing: not ready"
    heads = [line.split(":")[0].split() for line in lines[2:] if not line.startswith(" ")]
    assert [name for _, name in heads] == list(CHECKS)
    assert ["failed", "destination_bucket"] in heads
    at = lines.index("failed   destination_bucket: The destination bucket missing does not exist.")
    assert lines[at + 1].startswith('         mend: Create it, or say "create_destination"')


def test_what_others_named_cannot_steer_a_terminal() -> None:
    check = Check("shared_prefix", "warning", "The configuration \x1b[2J\u202ex\ny of data.", "Do\rthis.")
    text = as_text(inventory(), Judgement(True, (check,)))
    assert text.count("\n") == 4
    assert not any(each in text for each in "\x1b\u202e\r")


# The platform, and secrets


@pytest.mark.parametrize("fault", [{"error": "SlowDown"}, {"error": 503}, {"cut": "before"}], ids=str)
def test_a_platform_that_is_away_is_an_answer(api: Api, platform: StandIn, fault: dict[str, Any]) -> None:
    platform.fault("*", times=None, **fault)
    began = time.monotonic()

    reply = ask(api, body())

    assert time.monotonic() - began < 20
    assert (reply.status, reply.json["ready"], failed(reply)) == (200, False, [])
    unknown = [each for each in reply.json["checks"] if each["status"] == "unknown"]
    assert len(unknown) >= 8
    assert all("got no answer" in each["seen"] or "was not tried" in each["seen"] for each in unknown)


@pytest.mark.parametrize("error", ["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "SlowDown"])
@pytest.mark.parametrize("query", ["", "&format=text"])
def test_no_secret_is_in_what_is_said(api: Api, platform: StandIn, error: str, query: str) -> None:
    platform.fault("*", error=error, times=None)
    said = ask(api, body(), query).content.decode()
    assert APPLICATION.access_key_id not in said
    assert APPLICATION.secret_access_key not in said


def test_a_policy_that_shuts_the_application_out_is_told_with_who_can_mend_it(
    api: Api, platform: StandIn
) -> None:
    only = {
        "Effect": "Allow",
        "Principal": {"CW": TEAM.principal},
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [only]})
    platform.client(TEAM.access_key_id).put_bucket_policy(Bucket="reports", Policy=policy)

    reply = ask(api, body())

    assert failed(reply) == ["destination_rights", "service_can_write"]
    (mend,) = {each["mend"] for each in reply.json["checks"] if each["name"] == "service_can_write"}
    assert f"has to allow s3:GetBucketPolicy on it to {APPLICATION.principal}" in mend
    assert api.put(body()).status == 409
