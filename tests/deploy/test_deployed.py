"""Stocktake deployed with `make deploy`: the main job through API Gateway, Lambda, DynamoDB and SES.

The tests are the chapters of one story and run in their order; the first that fails ends it. Schedules fire
once a minute, so what takes its time anyway, such as an update, happens while they do. How MiniStack differs
from AWS is in DIFFERENCES.md.
"""

import json
from typing import Any

from tests.deploy.deployed_site import Site
from tests.deploy.roles import never_used, not_allowed
from tests.deploy.settings import (
    APPLICATION,
    RECIPIENT,
    SECRET,
    SENDER,
    STACK,
    TABLE,
    TEAM,
    TOKENS,
)

BUCKET, ID, REPORTS = "production-data", "daily-all", "inventory-reports"
ZONE = "US-EAST-04A"
PATH = f"/inventories/{BUCKET}/{ID}"
CONFIGURATION: dict[str, Any] = {
    "IsEnabled": True,
    "IncludedObjectVersions": "Current",
    "OptionalFields": ["Size", "LastModifiedDate"],
    "Schedule": {"Frequency": "Daily"},
    "Destination": {"S3BucketDestination": {"Bucket": REPORTS, "Format": "CSV", "Prefix": "inventory/"}},
}
WANTED = {
    "configuration": CONFIGURATION,
    "notify": ["storage-team", "storage-mail"],
    "create_destination": {"zone": ZONE},
}


def reports_after_a_sweep(site: Site) -> int:
    """How many reports the record has after a tick, which looks only where the next look is due."""
    site.stack.tick("Sweep")
    return len(site.ask("GET", PATH + "/reports").body["items"])


def test_make_deploy_prints_the_address_and_what_comes_next(site: Site) -> None:
    site.aws.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    said = site.paste(0)  # of docs/how-to/run-on-aws.md
    assert "make secret STAGE=" in said
    assert "make token NAME=" in said
    assert site.ask("GET", "/health", token=None).status == 200


def test_without_the_secret_nobody_can_tell_who_asks(site: Site) -> None:
    answer = site.ask("GET", "/inventories", token=TOKENS["read"])
    assert (answer.status, answer.body["type"]) == (503, "urn:stocktake:problem:misconfigured")
    assert [(each.call.function, each.call.operation) for each in site.recorder.recorded] == [
        ("Token", "GetSecretValue")
    ]
    site.recorder.recorded.clear()  # refused: a policy knows secrets by a suffix, which this one has not yet


def test_make_secret_stores_the_document_and_does_not_show_it(site: Site) -> None:
    said = site.paste(1)
    assert "kept nowhere else" in said  # that of `make token`
    assert APPLICATION.secret_access_key not in said
    kept = site.aws.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    assert json.loads(kept)["caios"]["secret_access_key"] == APPLICATION.secret_access_key


def test_who_may_ask_what(site: Site) -> None:
    asked = {
        "anybody, how it is": site.ask("GET", "/health", token=None),
        "no token": site.ask("GET", "/inventories", token=None),
        "a token that is made up": site.ask("GET", "/inventories", token="made-up"),
        "a reader, to write": site.ask("PUT", PATH, WANTED, token=TOKENS["read"]),
        "a reader, to read": site.ask("GET", "/inventories", token=TOKENS["read"]),
        "for what is not there": site.ask("GET", "/inventories/no-bucket/none", token=TOKENS["read"]),
        "at no address": site.ask("GET", "/nowhere"),
        "for something that will not do": site.ask("PUT", PATH, {"configuration": "none"}),
    }
    assert {what: answer.status for what, answer in asked.items()} == {
        "anybody, how it is": 200,
        "no token": 401,
        "a token that is made up": 401,
        "a reader, to write": 403,
        "a reader, to read": 200,
        "for what is not there": 404,
        "at no address": 404,
        "for something that will not do": 422,
    }
    problems = [answer for answer in asked.values() if answer.status >= 400]
    assert {answer.headers["content-type"] for answer in problems} == {"application/problem+json"}
    assert all(answer.body["status"] == answer.status for answer in problems)
    assert "Basic" in asked["no token"].headers["www-authenticate"]


def test_a_put_is_applied_on_the_platform(site: Site) -> None:
    team = site.platform.client(TEAM.access_key_id)
    team.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": ZONE})
    for number in range(5):
        team.put_object(Bucket=BUCKET, Key=f"documents/{number}.txt", Body=b"x" * 100)
    answer = site.ask("PUT", PATH, WANTED)
    assert (answer.status, answer.body["state"]) == (201, "applied"), answer.body
    live = site.platform.configuration(BUCKET, ID)
    assert live is not None
    assert live["Schedule"] == {"Frequency": "Daily"}
    assert "StocktakeWrite" in (site.platform.policy(REPORTS) or "")


def test_the_record_is_in_the_table(site: Site) -> None:
    assert any(f"{BUCKET}/{ID}" in repr(item["pk"]) for item in site.stack.table())
    assert [each["id"] for each in site.ask("GET", "/inventories").body["items"]] == [ID]


def test_an_update_changes_a_setting_and_keeps_the_record(site: Site) -> None:
    before, address = site.stack.settings("STOCKTAKE_SWEEP_SECONDS"), site.address
    with site.between_ticks():  # MiniStack would end a tick in the middle of its work
        site.deploy(STOCKTAKE_SWEEP_SECONDS="7")
    assert (before, site.stack.settings("STOCKTAKE_SWEEP_SECONDS")) == ({"5"}, {"7"})
    assert site.stack.settings("STOCKTAKE_DRIFT_SECONDS") == {"5"}
    assert site.address == address
    assert site.ask("GET", PATH).body["state"] == "applied"


def test_a_deployment_with_nothing_new_says_so(site: Site) -> None:
    assert "Nothing is new" in site.deploy(STOCKTAKE_SWEEP_SECONDS="7")


def test_a_schedule_fires_and_finds_the_report(site: Site) -> None:
    site.wait(
        "the report in the record",
        lambda: site.ask("GET", PATH).body["freshness"]["last_report"] is not None,
    )
    reports = site.ask("GET", PATH + "/reports").body["items"]
    assert [each["outcome"] for each in reports] == ["complete"]


def test_what_somebody_changes_behind_its_back_is_told(site: Site) -> None:
    changed = {"Id": ID, **CONFIGURATION, "Schedule": {"Frequency": "Weekly"}}
    team = site.platform.client(TEAM.access_key_id)
    team.put_bucket_inventory_configuration(Bucket=BUCKET, Id=ID, InventoryConfiguration=changed)
    notice = site.notice("drift.found", "slack")
    assert "Frequency" in json.dumps(notice.blocks)
    assert site.ask("GET", PATH).body["drift"]["status"] == "changed"


def test_the_report_was_told_in_slack_and_by_mail_and_nothing_twice(site: Site) -> None:
    slack, mail = site.notice("report.landed", "slack"), site.notice("report.landed", "mail")
    site.notice("drift.found", "mail")
    assert BUCKET in slack.text
    assert mail.hook_or_recipients == (RECIPIENT,)
    assert f"From: {SENDER}" in mail.raw
    assert sorted(site.told()) == sorted(set(site.told()))


def test_the_notice_says_what_the_function_behind_the_queue_has_read(site: Site) -> None:
    report = site.ask("GET", PATH + "/reports").body["items"][0]["id"]
    summary = site.ask("GET", f"{PATH}/reports/{report}/summary").body
    assert (summary["objects"], summary["bytes"], summary["missing_files"]) == (5, 500, 0)
    assert "5 objects" in site.notice("report.landed", "mail").text
    assert "5 objects" in json.dumps(site.notice("report.landed", "slack").blocks)
    assert [each["report"] for each in site.ask("GET", PATH + "/trend").body["items"]] == [report]


def test_a_file_that_kills_its_workers_is_given_up_and_told(site: Site) -> None:
    """It is handed out three times, and the queue of dead tasks feeds what goes on without it."""
    with site.between_ticks():
        assert site.platform.inventory.run(BUCKET, ID).outcome == "written"
        with site.stack.tasks_waiting(seconds_unseen=1):
            site.wait("the second report in the record", lambda: reports_after_a_sweep(site) == 2, seconds=60)
            site.stack.tick("Summarise")
            site.stack.workers_die(3)
        found = site.ask("GET", PATH + "/reports").body["items"][0]["id"]
        address = f"{PATH}/reports/{found}/summary"
        site.wait("a summary without the file", lambda: site.ask("GET", address).status == 200)
        site.stack.tick("Deliver")
    summary = site.ask("GET", address).body
    assert (summary["files"], summary["missing_files"]) == (1, 1)
    assert "several workers" in summary["missing"][0]["reason"]
    site.wait("the notice without the file", lambda: site.told().count(("report.landed", "mail")) == 2)


def test_the_log_has_the_measures_and_one_id_from_the_find_to_the_notice(site: Site) -> None:
    swept, delivered = ([json.loads(line) for line in site.stack.log(each)] for each in ("sweep", "deliver"))
    measured = [line for line in swept if "_aws" in line]
    assert any(line.get("ReportsLanded") == [1.0] for line in measured), swept
    assert {line["service"] for line in measured} == {STACK}
    stored = {line["correlation_id"] for line in swept if line.get("kind") == "report.landed"}
    sent = {line["correlation_id"] for line in delivered if line.get("kind") == "report.landed"}
    assert len(stored) == 2  # of two reports
    assert sent == stored


def test_a_tick_that_fails_is_kept_in_the_queue(site: Site) -> None:
    assert site.stack.failed_ticks() == []
    site.aws.client("lambda").invoke(
        FunctionName=site.stack.resource("Sweep"), InvocationType="Event", Payload=b'{"not": "a schedule\'s"}'
    )
    site.wait("the failed tick in its queue", lambda: bool(site.stack.failed_ticks()), seconds=30)


def test_every_call_of_a_function_is_allowed_to_its_role(site: Site) -> None:
    recorded, roles = site.recorder.recorded, site.roles
    assert {each.call.function for each in recorded} == set(roles)
    assert not_allowed(roles, recorded) == []
    assert [each.call for each in recorded if each.refused] == []
    for name, grants in never_used(roles, recorded).items():
        unused = (f"{each.action} {each.resource}" for each in grants)
        print(f"\n   {name} may, and did not:", *unused, sep="\n     ", end="")


def test_make_destroy_keeps_the_table_and_the_secret(site: Site) -> None:
    with site.between_ticks():
        before = site.stack.table()
        said = site.paste(3)
    assert f"the table {TABLE} and the secret {SECRET}" in said
    assert site.aws.client("lambda").list_functions()["Functions"] == []
    assert site.stack.table() == before
    assert site.aws.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]


def test_a_deployment_after_it_takes_the_table_over_with_its_records(site: Site) -> None:
    assert "taken over" in site.paste(2)
    answer = site.ask("GET", PATH)
    assert (answer.status, answer.body["state"]) == (200, "applied")
    assert len(site.ask("GET", PATH + "/reports").body["items"]) == 2
