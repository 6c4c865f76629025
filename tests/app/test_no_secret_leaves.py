"""Every secret is a canary: none of them gets into an answer, a log line, the store or a notice."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.inbox import Inbox
from local.platform import Key, StandIn
from tests.app.asking import (
    APPLICATION,
    ONE,
    ORGANIZATION,
    TEAM,
    Api,
    body,
    environment,
    make_buckets,
    secrets_document,
    sha256,
)
from tests.app.served import Served, until
from tests.contract.canned_server import CannedServer, fault

SECRET, SESSION, TOKEN = "canary-of-the-key", "canary-of-the-session", "canary-of-the-token"
HOOK, LOGIN, ADDRESS = "canary-of-the-hook", "canary-of-the-login", "canary-of-the-address@example.com"
SIGNING, PREVIOUS = (base64.b64encode(each * 3).decode() for each in (b"canary-sign", b"canary-prev"))
BADGES = "canary-of-the-badges-with-32-signs-and-more"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:canary-of-the-topic"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/canary-of-the-bus"
KEY = Key("CANARYKEYID", SECRET, APPLICATION.principal)
CANARIES = (
    SECRET, SESSION, TOKEN, HOOK, LOGIN, ADDRESS, KEY.access_key_id, sha256(TOKEN), SIGNING, PREVIOUS,
    BADGES, "canary-of-the-topic", "canary-of-the-bus", "canary-of-the-pipeline", "canary-of-what-is-gone",
)  # fmt: skip

OUTCOMES = ("given_up", "answered 404", "answered 410", "EventBridge is not there", "No answer of SNS")
"""What is in the log where each channel did what it was to do."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    secret = f"whsec_{SIGNING}"
    with Inbox(smtp_auth=("stocktake", "another password"), webhook_secret=secret) as opened:
        yield opened


@pytest.fixture
def platform() -> Iterator[StandIn]:
    with StandIn([KEY, TEAM], ORGANIZATION) as running:
        make_buckets(running, "data", "reports")
        yield running


def webhook(url: str) -> dict[str, str]:
    secrets = {"secret": f"whsec_{SIGNING}", "previous_secret": f"whsec_{PREVIOUS}"}
    return {"kind": "webhook", "url": url, **secrets}


def document(inbox: Inbox, **more: Any) -> str:
    channels = {
        "storage-team": {"kind": "slack", "url": f"{inbox.http_url}/slack/services/T0/B0/{HOOK}"},
        "storage-mail": {"kind": "email", "to": [ADDRESS]},
        "pipeline": webhook(f"{inbox.http_url}/webhook/canary-of-the-pipeline"),
        "gone": webhook(f"{inbox.http_url}/webhook/canary-of-what-is-gone"),
        "topic": {"kind": "sns", "topic": TOPIC},
        "bus": {"kind": "eventbridge", "bus": BUS},
    }
    known = secrets_document(
        caios={"access_key_id": KEY.access_key_id, "secret_access_key": SECRET, "session_token": SESSION},
        tokens=[{"name": "ops", "sha256": sha256(TOKEN), "scope": "write"}],
        channels=channels,
        badge_key=BADGES,
        mail={"username": "stocktake", "password": LOGIN},
    )
    return json.dumps(known | more)


@pytest.fixture
def aws() -> Iterator[CannedServer]:
    """An AWS that repeats the bus in its answer, and has no topic in the form of SNS."""
    with CannedServer([fault("400 No", "ResourceNotFoundException", BUS)]) as running:
        yield running


def test_no_secret_is_in_anything_that_leaves(
    inbox: Inbox, platform: StandIn, aws: CannedServer, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets.json"
    secrets.write_text(document(inbox))
    variables = environment(tmp_path, platform.url) | {
        "STOCKTAKE_SWEEP_SECONDS": "1",
        "STOCKTAKE_MAIL": f"smtp://127.0.0.1:{inbox.smtp_port}",
        "STOCKTAKE_MAIL_FROM": "stocktake@example.com",
        "STOCKTAKE_WEBHOOK_HOSTS": "127.0.0.1",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "KEY",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    seen: list[bytes] = []
    with Served(tmp_path, variables) as served:
        api = Api(served.url(), TOKEN)

        def ask(*arguments: Any) -> Any:
            reply = api.ask(*arguments)
            seen.append(reply.content + json.dumps(dict(reply.headers)).encode())
            return reply.json

        wanted = body(notify=["storage-team", "storage-mail", "pipeline", "gone", "topic", "bus"])
        assert ask("PUT", ONE, wanted)["state"] == "applied"
        ask("PUT", ONE, wanted | {"notify": [HOOK]})
        ask("GET", "/inventories")
        # these channels are given up, which is told by others
        inbox.answer_next(404, hook=f"/slack/services/T0/B0/{HOOK}")
        inbox.answer_next(410, hook="/webhook/canary-of-what-is-gone")
        platform.inventory.run("data", "daily")
        until(lambda: ask("GET", ONE)["freshness"]["status"] == "fresh")
        until(lambda: all(each in served.output() for each in OUTCOMES))
        until(lambda: any(each.via == "webhook" for each in inbox.received))
        for each in ask("GET", "/channels")["items"]:
            ask("POST", f"/channels/{each['name']}/test")
        for each in ask("GET", "/notices")["items"]:
            ask("POST", f"/notices/{each['short_id']}/redrive")
        platform.fault("*", error="AccessDenied", times=None)
        assert ask("POST", ONE + "/check")["drift"]["status"] == "unknown"
        platform.clear_faults()
        secrets.write_text(
            document(inbox, caios={"access_key_id": "UNKNOWNKEY", "secret_access_key": SECRET})
        )
        assert ask("POST", ONE + "/check")["drift"]["status"] == "unknown"
        secrets.write_text(document(inbox)[:-1] + SECRET)
        ask("GET", ONE)
        secrets.write_text(document(inbox))
        assert ask("DELETE", ONE)["id"] == "daily"
        served.process.terminate()
        assert served.ended() == 0
        seen += [served.output().encode(), served.errors().encode()]
    seen += [each.read_bytes() for each in tmp_path.glob("stocktake.db*")]
    # where it was sent to is a secret that its recipient has
    seen += [repr(replace(each, hook_or_recipients=())).encode() for each in inbox.received]
    everything = b"\n".join(seen)
    for canary in CANARIES:
        assert canary.encode() not in everything, canary
    assert b"drift" in everything
    assert b"reports" in everything
