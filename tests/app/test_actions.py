"""The buttons of an inventory's page over HTTP: each does what its route does; a loss is confirmed first."""

import json

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, TEAM, Api, body, touched
from tests.app.test_form import fields_of, send, text

PAGE = f"{ONE}/page"


def press(api: Api, action: str, **fields: str) -> str:
    """Press a button; where it leads to."""
    reply = send(api, {"action": action, **fields}, PAGE)
    assert reply.status == 303, reply.content
    return reply.headers["location"]


@pytest.fixture
def there(api: Api, platform: StandIn) -> Api:
    assert api.put(body(notify=["storage-team"])).status == 201
    return api


def test_a_look_and_switching_off_and_on(there: Api, platform: StandIn) -> None:
    assert press(there, "check") == f"{PAGE}?done=check"
    assert press(there, "disable") == f"{PAGE}?done=disable"
    assert there.get().json["freshness"]["status"] == "disabled"
    assert press(there, "enable") == f"{PAGE}?done=enable"
    assert there.get().json["configuration"]["IsEnabled"] is True


def test_removing_is_shown_first_and_done_when_it_is_confirmed(there: Api, platform: StandIn) -> None:
    written = touched(platform)
    question = send(there, {"action": "remove"}, PAGE)
    assert question.status == 200
    assert "DeleteBucketInventoryConfiguration" in text(question)
    assert touched(platform) == written
    done = send(there, fields_of(text(question)), PAGE)
    assert (done.status, done.headers["location"]) == (303, "/?search=data")
    assert there.get().status == 404


def test_it_can_be_forgotten_alone(there: Api, platform: StandIn) -> None:
    written = touched(platform)
    fields = fields_of(text(send(there, {"action": "remove"}, PAGE)))
    assert send(there, {**fields, "keep_remote": "yes"}, PAGE).status == 303
    assert (there.get().status, touched(platform)) == (404, written)


def test_what_was_changed_after_it_was_shown_is_shown_again(there: Api) -> None:
    fields = fields_of(text(send(there, {"action": "remove"}, PAGE)))
    assert there.patch({"notify": []}).status == 200
    reply = send(there, fields, PAGE)
    assert reply.status == 412
    assert "It was not done" in text(reply)
    assert fields_of(text(reply))["version"] == "2"
    assert there.get().status == 200


def test_a_configuration_is_restored(there: Api, platform: StandIn) -> None:
    assert there.patch({"configuration": {"IsEnabled": False}}).status == 200
    entries = there.get(f"{ONE}/history").json["items"]
    number = str(next(each["number"] for each in entries if each.get("configuration")))
    question = send(there, {"action": "restore", "number": number}, PAGE)
    assert there.get().json["configuration"]["IsEnabled"] is False
    done = send(there, fields_of(text(question)), PAGE)
    assert done.headers["location"] == f"{PAGE}?done=restore"
    assert there.get().json["configuration"]["IsEnabled"] is True


def test_a_policy_is_restored_over_others_statements_only_when_that_is_said(
    there: Api, platform: StandIn
) -> None:
    team = platform.client(TEAM.access_key_id)
    assert there.put(body(readers=["arn:aws:iam::ORG:coreweave/reader"])).status == 200
    entries = there.get(f"{ONE}/history").json["items"]
    number = str(next(each["number"] for each in entries if each.get("policy")))
    policy = json.loads(team.get_bucket_policy(Bucket="reports")["Policy"])
    people = {"AWS": "arn:aws:iam::ORG:coreweave/other"}
    other = {"Sid": "Theirs", "Effect": "Allow", "Principal": people, "Action": "s3:GetObject"}
    policy["Statement"].append({**other, "Resource": "arn:aws:s3:::reports/theirs/*"})
    team.put_bucket_policy(Bucket="reports", Policy=json.dumps(policy))
    question = text(send(there, {"action": "restore", "number": number}, PAGE))
    assert 'name="overwrite"' in question
    fields = fields_of(question)
    assert send(there, fields, PAGE).status == 409
    assert "Theirs" in team.get_bucket_policy(Bucket="reports")["Policy"]
    assert send(there, {**fields, "overwrite": "yes"}, PAGE).status == 303
    assert "Theirs" not in team.get_bucket_policy(Bucket="reports")["Policy"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"action": "dance"}, 422),
        ({"action": "redrive"}, 404),
        ({"action": "redrive", "notice": "0" * 8}, 404),
        ({"action": "restore"}, 404),
        ({"action": "restore", "number": "999"}, 404),
        ({"action": "restore", "number": "999", "confirm": "yes"}, 404),
        ({"action": "remove", "confirm": "yes", "version": "x"}, 422),
    ],
)
def test_what_cannot_be_done_is_a_page_that_says_so(there: Api, fields: dict[str, str], status: int) -> None:
    reply = send(there, fields, PAGE)
    assert (reply.status, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert there.get().status == 200


def test_of_an_inventory_that_is_not_there_nothing_is_done(api: Api, platform: StandIn) -> None:
    for action in ("check", "disable", "enable", "remove", "restore", "redrive"):
        assert send(api, {"action": action, "number": "1", "notice": "0" * 8}, PAGE).status == 404


def test_removing_while_the_platform_is_away_goes_on_later(there: Api, platform: StandIn) -> None:
    platform.fault("*", error="SlowDown", times=None)
    question = send(there, {"action": "remove"}, PAGE)
    assert "did not answer" in text(question)
    done = send(there, fields_of(text(question)), PAGE)
    assert done.headers["location"] == f"{PAGE}?done=remove"


def test_the_page_has_the_buttons(there: Api) -> None:
    assert 'value="disable"' in text(there.get(PAGE))
    press(there, "disable")
    page = text(there.get(PAGE))
    assert 'value="enable"' in page
    assert 'value="disable"' not in page
    assert 'value="remove"' in page


@pytest.mark.parametrize("action", ["disable", "enable"])
def test_what_the_platform_did_not_take_yet_is_not_told_as_done(
    there: Api, platform: StandIn, action: str
) -> None:
    press(there, "disable" if action == "enable" else "enable")
    platform.fault("*", error="SlowDown", times=None)
    assert press(there, action) == f"{PAGE}?done=apply"


def test_switching_heeds_the_version_that_was_shown(there: Api) -> None:
    assert there.patch({"notify": []}).status == 200
    reply = send(there, {"action": "disable", "version": "1"}, PAGE)
    assert reply.status == 412
    assert there.get().json["configuration"]["IsEnabled"] is True


def test_the_notice_of_another_inventory_is_not_sent_from_here(there: Api) -> None:
    assert there.put(body(notify=["storage-team"]), ONE.replace("daily", "other")).status == 201
    about = {each["id"]: each["inventory_id"] for each in there.get("/notices").json["items"]}
    for notice in (id for id, inventory in about.items() if inventory == "other"):
        assert send(there, {"action": "redrive", "notice": notice}, PAGE).status == 404
    assert send(there, {"action": "redrive", "notice": "0" * 32}, PAGE).status == 404
