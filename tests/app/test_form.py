"""The form over HTTP: typed, refused, planned, confirmed; never anything that the API would not do."""

import html
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, READ_TOKEN, READER, Api, Reply, body, touched

SENT = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
TARGET = "/configuration/Destination/S3BucketDestination"


def send(api: Api, fields: dict[str, str], path: str = "/form") -> Reply:
    return api.ask("POST", path, urlencode(fields).encode(), SENT)


def text(reply: Reply) -> str:
    assert reply.headers["content-type"] == "text/html; charset=utf-8", reply.content
    return reply.content.decode()


def fields_of(page: str, form: int = -1) -> dict[str, str]:
    """What a browser would send of a form of the page if nothing was changed in it."""
    content = re.findall(r"<form\b.*?</form>", page, re.DOTALL)[form]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", content):
        names = {name: html.unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if names.get("type") == "checkbox":
            if " checked" in tag:
                found[names["name"]] = "on"
        else:
            found[names["name"]] = names["value"]
    for name, inner in re.findall(
        r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', content, re.DOTALL
    ):
        found[html.unescape(name)] = html.unescape(inner)
    for name, inner in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', content, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"( selected)?', inner)
        chosen = next((value for value, selected in options if selected), options[0][0])
        found[html.unescape(name)] = html.unescape(chosen)
    return found


def planned(page: str) -> dict[str, str]:
    """The form that applies what the page shows."""
    forms = [fields_of(page, at) for at in range(page.count("<form"))]
    return next(each for each in forms if each.get("action") == "apply")


def empty(api: Api, **changed: str) -> dict[str, str]:
    fields = fields_of(text(api.get("/form")))
    return {**fields, "/bucket": "data", f"{TARGET}/Bucket": "reports", **changed}


def test_a_new_inventory_is_typed_planned_and_applied(api: Api, platform: StandIn) -> None:
    plan = send(api, {**empty(api), "/readers": f"{READER}\r\n", "channel storage-team": "on"})
    assert plan.status == 200, text(plan)
    assert "PutBucketInventoryConfiguration" in text(plan)
    assert "Who gains access" in text(plan)
    assert touched(platform) == []
    done = send(api, planned(text(plan)))
    assert (done.status, done.headers["location"]) == (303, f"{ONE}/page?done=apply")
    found = api.get().json
    assert found["state"] == "applied"
    assert (found["notify"], found["readers"]) == (["storage-team"], [READER])
    assert found["configuration"]["Destination"]["S3BucketDestination"]["Prefix"] == "inventory/"


def test_the_form_of_one_that_is_there_asks_for_just_that(api: Api, platform: StandIn) -> None:
    whole = body(
        notify=["storage-mail", {"channel": "storage-team", "kinds": ["report.*", "drift.found"]}],
        readers=[READER, f"{READER}-2"],
        on_drift="repair",
        create_destination={"zone": "US-EAST-04A"},
        thresholds=[{"measure": "bytes", "over": 5_000_000}, {"measure": "growth_percent", "under": -1.5}],
    )
    assert api.put(whole).status == 201
    before = api.get().json
    form = text(api.get("/form?bucket=data&id=daily"))
    done = send(api, planned(text(send(api, fields_of(form)))))
    assert done.headers["location"] == f"{ONE}/page?done=apply"
    after = api.get().json
    asked = ("configuration", "notify", "readers", "first_policy", "on_drift", "management", "thresholds")
    assert {each: after[each] for each in asked} == {
        **{each: before[each] for each in asked}, "notify": after["notify"],
    }  # fmt: skip
    assert sorted(map(str, after["notify"])) == sorted(map(str, before["notify"]))
    assert after["version"] in (before["version"], before["version"] + 1)


def test_a_command_is_shown_that_does_the_same(api: Api, platform: StandIn) -> None:
    page = html.unescape(text(send(api, empty(api))))
    assert f"curl -X PUT {api.url}{ONE} " in page
    (sent,) = re.findall(r"<<'JSON'\n(.*?)\nJSON", page, re.DOTALL)
    assert api.put(json.loads(sent)).status == 201


def test_what_will_not_do_is_told_at_its_field_and_nothing_typed_is_lost(api: Api, platform: StandIn) -> None:
    wrong = empty(api, **{
        "/bucket": "No", "/readers": "all\r\n\r\n<b>everybody</b>", "/notify": "nobody: report.*",
        "/create_destination/zone": "my zone", "/thresholds/1/measure": "cost", "/thresholds/1/line": "much",
        "/thresholds/0/measure": "bytes", "channel storage-mail": "on", "kinds storage-mail": "rain, snow",
    })  # fmt: skip
    reply = send(api, wrong)
    page = text(reply)
    assert reply.status == 422
    assert fields_of(page).items() >= wrong.items()
    problems = re.findall(r'<li><a href="#([^"]*)">([^<]*)</a>: ', page)
    assert [label for _, label in problems][:2] == ["Source bucket", "Other channels"]
    assert {label for _, label in problems} >= {"Readers", "Create the destination in"}
    assert {"Threshold 1", "Threshold 2"} <= {label for _, label in problems}
    for field, _ in problems:
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page), field
        (described,) = re.findall(rf'id="{field}"[^>]*aria-describedby="([^"]*)"', page)
        assert all(f'id="{each}"' in page for each in described.split())
    assert "<b>everybody" not in page


@pytest.mark.parametrize(
    "action", [{}, {"action": "all"}, {"action": "apply"}, {"action": "apply", "body": "x"}]
)
def test_a_form_that_is_not_ours_is_refused(api: Api, action: dict[str, str], platform: StandIn) -> None:
    assert send(api, action).status == 422
    given = {"action": "apply", "bucket": "data", "id": "daily", "version": "x"}
    assert send(api, {**given, "body": "{"}).status == 400
    assert send(api, {**given, "body": "[]"}).status == 422
    assert send(api, {**given, "body": json.dumps(body())}).status == 422
    assert touched(platform) == []


def test_what_was_changed_meanwhile_is_not_written_over(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    form = fields_of(text(api.get("/form?bucket=data&id=daily")))
    plan = text(send(api, {**form, "/configuration/Filter/Prefix": "mine/"}))
    assert api.patch({"configuration": {"IsEnabled": False}}).status == 200
    for stale in (planned(plan), {**form, "/configuration/Filter/Prefix": "mine/"}):
        reply = send(api, stale)
        assert reply.status == 412
        again = fields_of(text(reply))
        assert (again["version"], again["/configuration/Filter/Prefix"]) == ("2", "mine/")
    assert api.get().json["configuration"]["IsEnabled"] is False


def test_one_that_came_meanwhile_is_not_taken_for_new(api: Api, platform: StandIn) -> None:
    plan = text(send(api, empty(api)))
    assert api.put(body()).status == 201
    before = api.get().json
    for fields in (planned(plan), empty(api)):
        reply = send(api, fields)
        assert reply.status == 412
        assert "There is an inventory data/daily already." in text(reply)
        assert fields_of(text(reply))["version"] == "1"
    assert api.get().json == before


def test_one_that_is_gone_meanwhile_is_not_made_again_unseen(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    plan = text(send(api, fields_of(text(api.get("/form?bucket=data&id=daily")))))
    assert api.delete().status == 200
    reply = send(api, planned(plan))
    assert (reply.status, fields_of(text(reply))["version"]) == (412, "")
    assert api.get().status == 404


def test_what_the_platform_forbids_is_told_with_what_to_do(api: Api, platform: StandIn) -> None:
    fields = {**empty(api), f"{TARGET}/Bucket": "missing"}
    page = text(send(api, fields))
    assert "This is refused" in page
    assert "To do:" in page
    assert '"apply"' not in page
    assert touched(platform) == []
    back = send(api, fields_of(page))
    assert (back.status, fields_of(text(back))[f"{TARGET}/Bucket"]) == (200, "missing")


def test_it_is_refused_in_the_form_where_it_is_forbidden_only_by_now(api: Api, platform: StandIn) -> None:
    fields = {**empty(api), "/configuration/Filter/Prefix": "typed/"}
    plan = planned(text(send(api, fields)))
    reply = send(api, {**plan, "body": plan["body"].replace('"reports"', '"missing"')})
    assert reply.status == 409
    assert fields_of(text(reply))["/configuration/Filter/Prefix"] == "typed/"


def test_a_platform_that_is_away_is_said_so_and_goes_on_later(api: Api, platform: StandIn) -> None:
    platform.fault("*", error="SlowDown", times=None)
    plan = send(api, empty(api))
    assert plan.status == 200
    assert "did not answer" in text(plan)
    assert "goes on by itself" in text(plan)
    assert send(api, planned(text(plan))).headers["location"] == f"{ONE}/page?done=apply"
    platform.clear_faults()
    assert api.check().status == 200
    assert api.get().json["state"] == "applied"


def test_who_only_reads_sees_the_form_and_sends_nothing(api: Api, platform: StandIn) -> None:
    reading = Api(api.url, READ_TOKEN)
    fields = empty(reading)
    assert send(reading, fields).status == 403


def test_markup_in_what_is_typed_is_text(api: Api, platform: StandIn) -> None:
    hostile = '"><script>alert(1)</script>'
    names: dict[str, Any] = dict.fromkeys(empty(api), hostile)
    reply = send(api, {**names, "action": "plan", "version": ""})
    assert reply.status == 422
    assert "<script" not in text(reply)
    assert "<script" not in text(send(api, {**empty(api), "/configuration/Filter/Prefix": hostile}))
    assert "<script" not in text(api.get("/form?bucket=%22%3E%3Cscript%3E&id=%3Cscript%3E"))


@pytest.mark.parametrize("action", ["edit", "apply"])
@pytest.mark.parametrize(
    "broken",
    [
        {"configuration": {"Destination": {"S3BucketDestination": {"Bucket": 5}}}},
        {"configuration": {"Schedule": None}},
        {"configuration": {"Filter": {"Prefix": []}}},
        {"configuration": []},
        {"notify": 7},
        {"notify": [{"channel": {}}]},
        {"readers": [5]},
        {"thresholds": [{"of": 1, "over": "x"}]},
        {"thresholds": {}},
        {"create_destination": 1},
        {"management": {}},
        {"first_policy": ["x"]},
    ],
)
def test_a_body_that_no_plan_shows_is_refused_in_words(api: Api, action: str, broken: dict[str, Any]) -> None:
    sent = body()
    inner = broken.get("configuration")
    if isinstance(inner, dict):
        broken = {"configuration": {**sent["configuration"], **inner}}
    sent_text = json.dumps({**sent, **broken})
    reply = send(api, {"action": action, "bucket": "data", "id": "daily", "version": "", "body": sent_text})
    assert reply.status == 422, reply.content
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
