"""Every secret is a canary: none of them gets into an answer, a log line, the store or a notice."""

import json
from collections.abc import Iterator
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

SECRET, SESSION, TOKEN = "canary-of-the-key", "canary-of-the-session", "canary-of-the-token"
HOOK, LOGIN, ADDRESS = "canary-of-the-hook", "canary-of-the-login", "canary-of-the-address@example.com"
KEY = Key("CANARYKEYID", SECRET, APPLICATION.principal)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox(smtp_auth=("stocktake", "another password")) as opened:
        yield opened


@pytest.fixture
def platform() -> Iterator[StandIn]:
    with StandIn([KEY, TEAM], ORGANIZATION) as running:
        make_buckets(running, "data", "reports")
        yield running


def document(inbox: Inbox, **more: Any) -> str:
    channels = {
        "storage-team": {"kind": "slack", "url": f"{inbox.http_url}/slack/services/T0/B0/{HOOK}"},
        "storage-mail": {"kind": "email", "to": [ADDRESS]},
    }
    known = secrets_document(
        caios={"access_key_id": KEY.access_key_id, "secret_access_key": SECRET, "session_token": SESSION},
        tokens=[{"name": "ops", "sha256": sha256(TOKEN), "scope": "write"}],
        channels=channels,
        mail={"username": "stocktake", "password": LOGIN},
    )
    return json.dumps(known | more)


def test_no_secret_is_in_anything_that_leaves(inbox: Inbox, platform: StandIn, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.json"
    secrets.write_text(document(inbox))
    variables = environment(tmp_path, platform.url) | {
        "STOCKTAKE_SWEEP_SECONDS": "1",
        "STOCKTAKE_MAIL": f"smtp://127.0.0.1:{inbox.smtp_port}",
        "STOCKTAKE_MAIL_FROM": "stocktake@example.com",
    }
    seen: list[bytes] = []
    with Served(tmp_path, variables) as served:
        api = Api(served.url(), TOKEN)

        def ask(*arguments: Any) -> Any:
            reply = api.ask(*arguments)
            seen.append(reply.content + json.dumps(dict(reply.headers)).encode())
            return reply.json

        wanted = body(notify=["storage-team", "storage-mail"])
        assert ask("PUT", ONE, wanted)["state"] == "applied"
        ask("PUT", ONE, wanted | {"notify": [HOOK]})
        ask("GET", "/inventories")
        inbox.answer_next(404, times=1)  # this channel is given up, which is told by the other one
        platform.inventory.run("data", "daily")
        until(lambda: ask("GET", ONE)["freshness"]["status"] == "fresh")
        until(lambda: "given_up" in served.output())
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
    seen += [repr(each).encode() for each in inbox.received]
    everything = b"\n".join(seen)
    for canary in (SECRET, SESSION, TOKEN, HOOK, LOGIN, ADDRESS, KEY.access_key_id, sha256(TOKEN)):
        assert canary.encode() not in everything, canary
    assert b"drift" in everything
    assert b"reports" in everything
