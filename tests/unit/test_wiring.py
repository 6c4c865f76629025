"""The composition root: which adapter each setting gives, and that nothing is made or loaded unused."""

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from chalicelib.adapters.dynamodb import DynamoStore
from chalicelib.adapters.email import SmtpChannel
from chalicelib.adapters.eventbridge import EventBridgeChannel
from chalicelib.adapters.secrets import FileSecrets
from chalicelib.adapters.secrets_manager import AwsSecrets
from chalicelib.adapters.ses import SesChannel
from chalicelib.adapters.slack import SlackChannel
from chalicelib.adapters.sns import SnsChannel
from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.adapters.webhook import WebhookChannel
from chalicelib.errors import ChannelRefused, DeliveryDelayed, Misconfigured
from chalicelib.settings import read_settings
from chalicelib.wiring import Services
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer
from tests.notices import notice

PROJECT = Path(__file__).parents[2]
MACHINES = ("hook", "topic", "bus")
MANY = [f"{number}@example.com" for number in range(51)]
NEEDED = {"STOCKTAKE_ORG_ID": "my-org", "STOCKTAKE_PRINCIPAL": "arn:aws:iam::my-org:coreweave/app"}
MAIL_FROM = {"STOCKTAKE_MAIL_FROM": "stocktake@example.com"}
SES, SMTP = {"STOCKTAKE_MAIL": "ses", **MAIL_FROM}, {"STOCKTAKE_MAIL": "smtp://127.0.0.1:1", **MAIL_FROM}


def services(folder: Path, **variables: str) -> Services:
    """Services whose state and secrets are in a folder, with a channel of each kind."""
    channels = {
        "team": {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/x"},
        "mail": {"kind": "email", "to": ["ops@example.com"]},
        "many": {"kind": "email", "to": MANY},
        "hook": {"kind": "webhook", "url": "https://pipeline.example/x", "secret": "whsec_" + "a2tr" * 10},
        "topic": {"kind": "sns", "topic": "arn:aws:sns:eu-west-1:111122223333:reports"},
        "bus": {"kind": "eventbridge", "bus": "default"},
    }
    document = {"caios": {"access_key_id": "a", "secret_access_key": "b"}, "channels": channels}
    (folder / "secrets.json").write_text(json.dumps(document))
    return Services(read_settings({**NEEDED, **places(folder), **variables}))


def places(folder: Path) -> dict[str, str]:
    return {
        "STOCKTAKE_STORE": f"sqlite:{folder / 'state.db'}",
        "STOCKTAKE_SECRETS": f"file:{folder / 'secrets.json'}",
    }


def test_state_and_secrets_are_files_on_one_machine(tmp_path: Path) -> None:
    made = services(tmp_path)
    assert isinstance(made.secrets, FileSecrets)
    assert isinstance(made.store, SqliteStore)
    made.store.close()


def test_secrets_are_in_secrets_manager_on_aws(tmp_path: Path) -> None:
    made = services(tmp_path, STOCKTAKE_SECRETS="secretsmanager:stocktake-test")
    assert isinstance(made.secrets, AwsSecrets)


def test_state_is_on_dynamodb_on_aws(tmp_path: Path) -> None:
    made = services(tmp_path, STOCKTAKE_STORE="dynamodb:stocktake-test")
    assert isinstance(made.store, DynamoStore)


@pytest.mark.parametrize(
    ("name", "mail", "kind"),
    [
        ("team", {}, SlackChannel),
        ("mail", SMTP, SmtpChannel),
        ("mail", SES, SesChannel),
        ("many", SMTP, SmtpChannel),
        ("hook", {}, WebhookChannel),
        ("topic", {}, SnsChannel),
        ("bus", {}, EventBridgeChannel),
    ],
)
def test_a_channel_is_of_the_kind_that_document_and_settings_say(
    tmp_path: Path, name: str, mail: dict[str, str], kind: type[Any]
) -> None:
    assert isinstance(services(tmp_path, **mail).channels.get(name), kind)


def test_a_mail_whose_fate_nobody_knows_is_sent_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with CannedServer([answer("503 Away")]) as server:
        account_of_no_one(monkeypatch, AWS_ENDPOINT_URL=server.url)
        channel = services(tmp_path, **SES).channels.get("mail")
        assert channel is not None
        with pytest.raises(DeliveryDelayed):
            channel.send([notice()])
        assert len(server.requests) == 1


def test_a_channel_that_nobody_set_is_none(tmp_path: Path) -> None:
    assert services(tmp_path).channels.get("nobody") is None


def test_one_client_is_made_for_all_that_goes_to_a_region_and_it_sends_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CannedServer([answer("503 Away")]) as server:
        account_of_no_one(monkeypatch, AWS_ENDPOINT_URL=server.url)
        channels = services(tmp_path).channels
        for name in ("topic", "bus", "topic"):
            channel = channels.get(name)
            assert channel is not None
            with pytest.raises(DeliveryDelayed):
                channel.send([notice()])
        assert len(server.requests) == 3


def test_a_webhook_reaches_this_machine_only_where_the_settings_say_so(tmp_path: Path) -> None:
    for hosts, error in (({}, ChannelRefused), ({"STOCKTAKE_WEBHOOK_HOSTS": "127.0.0.1"}, DeliveryDelayed)):
        made = services(tmp_path, **hosts)
        document = json.loads((tmp_path / "secrets.json").read_text())
        document["channels"]["hook"]["url"] = "https://127.0.0.1:1/"
        (tmp_path / "secrets.json").write_text(json.dumps(document))
        channel = made.channels.get("hook")
        assert channel is not None
        with pytest.raises(error):
            channel.send([notice()])


@pytest.mark.parametrize("name", ["team", "mail", "hook", "topic", "bus"])
def test_every_channel_is_told_where_the_pages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with CannedServer([answer("503 Away")]) as server:
        account_of_no_one(monkeypatch, AWS_ENDPOINT_URL=server.url)
        hosts = {"STOCKTAKE_SLACK_HOSTS": "127.0.0.1", "STOCKTAKE_WEBHOOK_HOSTS": "127.0.0.1"}
        made = services(tmp_path, **SES, **hosts, STOCKTAKE_URL="https://pages.example/")
        document = json.loads((tmp_path / "secrets.json").read_text())
        for each in ("team", "hook"):
            document["channels"][each]["url"] = f"{server.url}/x"
        (tmp_path / "secrets.json").write_text(json.dumps(document))
        channel = made.channels.get(name)
        assert channel is not None
        with pytest.raises(DeliveryDelayed):
            channel.send([notice()])
        (sent,) = server.bodies
    # SES takes the mail in base64, SNS the event as a form
    readable = b64decode(json.loads(sent)["Content"]["Raw"]["Data"]) if name == "mail" else sent
    assert "pages.example/inventories/production-data/" in unquote_plus(readable.decode())


@pytest.mark.parametrize(
    ("mail", "usable", "unusable"),
    [
        ({}, ("team", *MACHINES), {"mail": "are not set", "many": "are not set"}),
        (
            MAIL_FROM,
            ("team", *MACHINES),
            {"mail": "STOCKTAKE_MAIL is not set", "many": "STOCKTAKE_MAIL is not set"},
        ),
        (SMTP, ("team", "mail", "many", *MACHINES), {}),
        (SES, ("team", "mail", *MACHINES), {"many": "51 recipients"}),
    ],
)
def test_channels_that_cannot_be_used_are_named_with_the_reason(
    tmp_path: Path, mail: dict[str, str], usable: tuple[str, ...], unusable: dict[str, str]
) -> None:
    channels = services(tmp_path, **mail).channels
    assert channels.names() == usable
    reasons = channels.unusable()
    assert reasons.keys() == unusable.keys()
    for name, words in unusable.items():
        assert words in reasons[name]
        with pytest.raises(Misconfigured, match=f"The channel {name} cannot be used: .*{words}"):
            channels.get(name)


HEAVY = {
    "boto3", "botocore.client", "jinja2", "pydantic", "slack_sdk", "smtplib", "sqlite3", "chalicelib.flows",
}  # fmt: skip

LOADED = """
import os, sys
from chalicelib.settings import read_settings
from chalicelib.wiring import Services
services = Services(read_settings(os.environ))
exec(sys.argv[1])
print(*sorted({name for name in sys.modules} & set(sys.argv[2].split())))
"""


@pytest.mark.parametrize(
    ("use", "loaded"),
    [
        ("", set()),
        ("services.secrets.read()", {"pydantic"}),
        ("services.store", {"sqlite3"}),
        ("services.channels.names()", {"pydantic"}),
        ("services.deliver", {"sqlite3", "chalicelib.flows"}),
        ("services.channels.get('team')", {"pydantic", "slack_sdk"}),
        ("services.channels.get('hook')", {"pydantic"}),
        ("services.channels.get('topic')", {"pydantic"}),
        ("services.channels.get('bus')", {"pydantic"}),
        ("services.sweep", {"sqlite3", "botocore.client", "chalicelib.flows"}),
        ("services.reconcile", {"sqlite3", "botocore.client", "chalicelib.flows"}),
        ("services.configure", {"sqlite3", "botocore.client", "chalicelib.flows"}),
    ],
)
def test_what_is_not_used_is_not_loaded(tmp_path: Path, use: str, loaded: set[str]) -> None:
    services(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LOADED, use, " ".join(HEAVY)],
        cwd=PROJECT,
        env={**NEEDED, **places(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert set(done.stdout.split()) == loaded
