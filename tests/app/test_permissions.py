"""What the functions ask of AWS, held against what `.chalice` lets them: all of it is allowed, and no more.

The life of some inventories is played, with what happens seldom: many reports at once, a platform that is
away, a channel that does not answer, one that is gone.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api.handle import authorized
from chalicelib.api.routes import ONE
from chalicelib.settings import read_settings
from local.inbox import Inbox
from local.platform import StandIn
from tests.app.asking import (
    APPLICATION,
    ORGANIZATION,
    TEAM,
    WRITE_TOKEN,
    body,
    make_buckets,
    secrets_document,
)
from tests.contract.dynamo_endpoint import DynamoEndpoint
from tests.fakes import FakeClock
from tests.permissions.calls import Call, needs
from tests.permissions.judge import Need, Policy, allowed, unused
from tests.permissions.playing import ACCOUNT, REGION, Around, Function
from tests.permissions.policies import policies
from tests.permissions.reading_reports import read_reports

NAME = "stocktake-prod"
SENDER = "stocktake@example.com"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:reports"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/reports"
MACHINES = {"topic": {"kind": "sns", "topic": TOPIC}, "bus": {"kind": "eventbridge", "bus": BUS}}
SETTINGS = {
    "STOCKTAKE_STORE": f"dynamodb:{NAME}",
    "STOCKTAKE_SECRETS": f"secretsmanager:{NAME}",
    "STOCKTAKE_ADDRESSING": "path",
    "STOCKTAKE_ORG_ID": ORGANIZATION,
    "STOCKTAKE_PRINCIPAL": APPLICATION.principal,
    "STOCKTAKE_SLACK_HOSTS": "127.0.0.1",
    "STOCKTAKE_MAIL": "ses",
    "STOCKTAKE_MAIL_FROM": SENDER,
    "STOCKTAKE_TASKS": "off",
    "STOCKTAKE_TASK_BYTES": "1",
}
SUMMING = {"STOCKTAKE_TASKS": f"sqs:https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{NAME}-tasks"}
"""Only some reports are summed up, since that takes long."""

POLICIES = policies(
    {
        "Stage": "prod",
        "MailFrom": SENDER,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "TopicArns": [TOPIC],
        "BusArns": [BUS],
        "Tasks.Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}-tasks",
    }
)
KINDS = ("configuration", "policy")
BY_OTHERS = ("logs:", "sqs:", "xray:")
"""What Lambda itself does with the role, and X-Ray's daemon: no client of ours asks for it."""

MANY = 21
"""Reports, each with a notice for each channel: more than DynamoDB takes in one transaction."""

TO_SPARE = {
    # for a save of more than 100 actions; those of reconcile are smaller, but nothing holds them to it
    ("Reconcile", "dynamodb:ConditionCheckItem"),
}


class Play:
    """The functions, and the world that they are in."""

    def __init__(self, platform: StandIn, around: Around) -> None:
        given = {**SETTINGS, "STOCKTAKE_ENDPOINT_URL": platform.url}
        settings, summing = read_settings(given), read_settings({**given, **SUMMING})
        functions = {name: Function(name, settings, around) for name in POLICIES}
        self.platform = platform
        self.around = around
        self.api, self.token = functions["APIHandler"], functions["Token"]
        self.sweep, self.deliver = functions["Sweep"], functions["Deliver"]
        self.reconcile = functions["Reconcile"]
        self.finder, self.summarise, self.read_files, self.give_up = (
            Function(name, summing, around) for name in ("Sweep", "Summarise", "ReadFiles", "GiveUp")
        )

    def ask(self, method: str, id: str, content: Any = None, more: str = "", **query: str) -> int:
        """The status of a request about one inventory of the bucket `data`."""
        named = {"bucket": "data", "id": id}
        return self.api.ask(method, ONE + more, content, named, **query).status

    def reports(self, id: str, number: int) -> None:
        """The platform writes reports, one an hour."""
        for _ in range(number):
            assert self.platform.inventory.run("data", id).outcome == "written"
            self.around.clock.move(timedelta(hours=1))

    def all(self) -> None:
        """Everything there is to be asked for."""
        assert authorized(lambda: self.token, f"Bearer {WRITE_TOKEN}") is not None
        self.asked()
        self.taken_over()
        self.watched()
        self.summed_up()
        self.told()
        self.helped()
        self.disabled()
        self.interrupted()
        self.removed()

    def asked(self) -> None:
        content = body(notify=["storage-team", "storage-mail", "topic", "bus"])
        assert self.api.ask("POST", "/preflight", content, bucket="data", id="daily").status == 200
        assert self.ask("PUT", "daily", content, dry_run="true") == 200
        assert self.ask("PUT", "daily", content) == 201
        assert self.ask("GET", "daily", more="/plan", format="text") == 200
        assert self.ask("GET", "daily", more="/export", format="terraform") == 200
        assert self.ask("PATCH", "daily", {"notify": ["bus", "topic", "storage-mail", "storage-team"]}) == 200
        assert self.ask("PUT", "looked-at", body(management="observe")) == 201
        assert self.api.ask("GET", "/inventories").status == 200
        assert self.api.ask("GET", "/inventories", bucket="data", state="applied", limit="1").status == 200
        self.restored()

    def restored(self) -> None:
        """What a policy and a configuration were is put back."""
        assert self.ask("PATCH", "daily", {"configuration": {"IsEnabled": False}}) == 200
        one = {"bucket": "data", "id": "daily"}
        entries = self.api.ask("GET", ONE + "/history", named=one, limit="10").body["items"]
        then = {kind: next(each for each in entries if each["kind"] == kind) for kind in KINDS}
        for each in then.values():
            named = {**one, "number": str(each["number"])}
            assert self.api.ask("POST", ONE + "/restore/{number}", named=named).status == 200

    def taken_over(self) -> None:
        """What is there is looked at, adopted, and asked for on many buckets."""
        assert self.ask("PUT", "adopted", body()) == 201
        assert self.ask("DELETE", "adopted", keep_remote="true") == 200
        assert self.api.ask("GET", "/buckets").status == 200
        assert self.api.ask("GET", "/buckets/{bucket}/inventories", named={"bucket": "data"}).status == 200
        assert self.ask("POST", "adopted", {"notify": ["bus"]}, "/adopt") == 201
        assert self.api.ask("POST", "/adopt", {"buckets": ["*"]}).status == 200
        many = {"buckets": ["dat*"], "id": "adopted", "inventory": body()}
        assert self.api.ask("POST", "/apply", many).status == 200
        assert self.ask("DELETE", "adopted") == 200

    def watched(self) -> None:
        self.reports("daily", MANY)
        self.sweep.tick()
        self.reports("daily", MANY)
        assert self.ask("POST", "daily", more="/check") == 200
        read_reports(self.api, 409)
        team = self.platform.client(TEAM.access_key_id)
        changed = dict(self.platform.configuration("data", "daily") or {}, IsEnabled=False)
        team.put_bucket_inventory_configuration(Bucket="data", Id="daily", InventoryConfiguration=changed)
        self.reconcile.tick()

    def summed_up(self) -> None:
        """Reports are read by workers, twice for some, and later; by nobody, and given up; by nobody."""
        for number in range(3):
            self.reports("daily", 1)
            self.finder.tick()
            self.summarise.tick()
            for message in self.around.messages:
                if number < 2:
                    (self.read_files, self.give_up)[number].receive(message)
            self.around.messages.clear()
        for _ in range(5):
            self.around.clock.move(timedelta(hours=1))
            self.summarise.tick()
        read_reports(self.api, 200)

    def told(self) -> None:
        for _ in range(3):
            self.deliver.tick()
            self.around.clock.move(timedelta(minutes=1))
        self.reports("daily", 1)
        self.deliver.tick()
        self.sweep.tick()
        self.deliver.tick()  # what is new has to wait for what is put off
        team = self.around.document["channels"].pop("storage-team")
        self.changed_secrets()
        self.deliver.tick()
        self.around.document["channels"]["storage-team"] = team
        self.changed_secrets()

    def changed_secrets(self) -> None:
        """What was changed in the secrets document is seen, and notices that wait are due."""
        for each in (self.api, self.deliver):
            each.secrets.read(fresh=True)
        self.around.clock.move(timedelta(minutes=20))

    def helped(self) -> None:
        """What people do about notices and channels."""
        found = self.api.ask("GET", "/notices", state="given_up", channel="storage-team").body["items"]
        given_up = found[0]
        for id in (given_up["id"], given_up["short_id"]):
            assert self.api.ask("GET", "/notices/{notice}", named={"notice": id}).status == 200
        redrive = "/notices/{notice}/redrive"
        assert self.api.ask("POST", redrive, named={"notice": given_up["id"]}).status == 200
        assert [each["state"] for each in self.api.ask("GET", "/channels").body["items"]] == ["active"] * 4
        outcomes = dict.fromkeys(("storage-mail", "topic", "bus"), "delivered") | {"storage-team": "delayed"}
        for name, outcome in outcomes.items():
            tried = self.api.ask("POST", "/channels/{channel}/test", named={"channel": name})
            assert tried.body["outcome"] == outcome

    def disabled(self) -> None:
        """A channel that takes nothing any more, until it gets another address."""
        team = self.around.document["channels"]["storage-team"]
        with Inbox() as inbox:
            team["url"] = inbox.slack_url
            self.changed_secrets()
            inbox.answer_next(404, body="no_service")
            tried = self.api.ask("POST", "/channels/{channel}/test", named={"channel": "storage-team"})
            assert tried.body["channel"]["state"] == "disabled"
            team["url"] = f"{inbox.slack_url}/another"
            self.changed_secrets()
            self.deliver.tick()

    def interrupted(self) -> None:
        """What takes longer than a request is gone on with by the schedule."""
        for method, content in (("PUT", body(configuration=daily(Prefix="b/"))), ("DELETE", None)):
            self.platform.fault("GetBucketPolicy", error=503, times=None)
            assert self.ask(method, "another", content) == 202
            self.platform.clear_faults()
            self.around.clock.move(timedelta(minutes=20))
            self.reconcile.tick()
            self.reconcile.tick()

    def removed(self) -> None:
        assert self.ask("DELETE", "looked-at", keep_remote="true") == 200
        assert self.ask("DELETE", "daily") == 200


def daily(**destination: str) -> dict[str, Any]:
    """A good configuration whose destination is another one."""
    found: dict[str, Any] = body()["configuration"]
    found["Destination"]["S3BucketDestination"] |= destination
    return found


@pytest.fixture(scope="module")
def calls() -> Iterator[list[Call]]:
    """Every call that was made to AWS."""
    clock, endpoint = FakeClock(), DynamoEndpoint()
    made: list[Call] = []
    with StandIn([APPLICATION, TEAM], ORGANIZATION, now=clock) as platform, endpoint.table(NAME) as table:
        make_buckets(platform, "data", "reports")
        document = secrets_document()
        document["channels"] |= MACHINES
        around = Around(endpoint.client, table, document, clock, made)
        Play(platform, around).all()
        yield made


@pytest.fixture
def needed(calls: list[Call], function: str) -> set[Need]:
    """What a function's calls need."""
    return {need for call in calls if call.function == function for need in needs(call)}


@pytest.mark.parametrize("function", POLICIES)
def test_a_function_is_allowed_all_that_it_asks_for(function: str, needed: set[Need]) -> None:
    assert needed
    assert [each for each in sorted(needed) if not allowed([POLICIES[function]], each)] == []


@pytest.mark.parametrize("function", POLICIES)
def test_a_function_is_allowed_nothing_that_it_never_asks_for(function: str, needed: set[Need]) -> None:
    left = [each.action for each in unused([POLICIES[function]], needed)]
    left = [each for each in left if not each.startswith(BY_OTHERS)]
    assert [each for each in left if (function, each) not in TO_SPARE] == []


@pytest.mark.parametrize("function", POLICIES)
def test_a_permission_that_is_missing_is_found_out(function: str, needed: set[Need]) -> None:
    for missing in {each.action for each in needed}:
        policy = without(POLICIES[function], missing)
        assert not all(allowed([policy], each) for each in needed), missing


def without(policy: Policy, action: str) -> Policy:
    """The policy with this action taken out of every statement."""
    statements = (
        {**each, "Action": [name for name in listed(each["Action"]) if name != action]}
        for each in policy["Statement"]
    )
    return {"Statement": [each for each in statements if each["Action"]]}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
