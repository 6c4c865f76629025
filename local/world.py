"""Everything of `make run` but the application: addresses, keys, the platform stand-in and the inbox.

What is here outlives a `kill -9`: the stand-in and the inbox keep journals in the run's folder, beside
the application's state, so that an interrupted run is gone on with where it was.
"""

import hashlib
import json
import os
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from local.inbox import Inbox
from local.platform import Key, Options, StandIn

ORGANIZATION = "example-org"
ZONE = "US-EAST-04A"
DAY_SECONDS = 10
_LETTING_GO = 5.0
_USER = f"arn:aws:iam::{ORGANIZATION}:coreweave/"
APPLICATION = Key("STOCKTAKEKEY", "stocktake-secret", _USER + "stocktake")
TEAM = Key("TEAMKEY", "team-secret", _USER + "data-team")
ANALYST = Key("ANALYSTKEY", "analyst-secret", _USER + "analyst")


class PortTaken(Exception):
    """An address is in use already; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The four ports of `make run`, moved by an offset."""

    offset: int = 0

    @property
    def application(self) -> int:
        """HTTP of the application."""
        return 8000 + self.offset

    @property
    def platform(self) -> int:
        """S3 of the stand-in."""
        return 9000 + self.offset

    @property
    def inbox(self) -> int:
        """The inbox's page, Slack webhooks and others."""
        return 8025 + self.offset

    @property
    def smtp(self) -> int:
        """The inbox's mail server."""
        return 1025 + self.offset

    def check(self) -> None:
        """Raise `PortTaken` where something keeps listening on one of them.

        What was just killed needs a moment to let go of its port.
        """
        deadline = time.monotonic() + _LETTING_GO
        for port in (self.application, self.platform, self.inbox, self.smtp):
            while not _free(port):
                if time.monotonic() > deadline:
                    words = (
                        f"Port {port} is in use on 127.0.0.1. PORT_OFFSET=100 moves all four ports by 100."
                    )
                    raise PortTaken(words)
                time.sleep(0.1)


class World:
    """The stand-in and the inbox, with the files that the application needs to find them."""

    def __init__(self, folder: Path, addresses: Addresses) -> None:
        self.folder = folder
        self.addresses = addresses
        folder.mkdir(parents=True, exist_ok=True)
        self.token = self._token()
        self.platform = StandIn(
            [APPLICATION, TEAM, ANALYST],
            ORGANIZATION,
            options=Options(day_seconds=DAY_SECONDS, first_report_seconds=2, visible_after=0.5),
            port=addresses.platform,
            journal=folder / "platform.jsonl",
        )
        self.inbox = Inbox(
            http_port=addresses.inbox, smtp_port=addresses.smtp, journal=folder / "inbox.jsonl"
        )

    def start(self) -> None:
        """Begin to listen, and let the platform write reports when they are due."""
        self._write_secrets()
        self.inbox.start()
        self.platform.start()
        self.platform.start_service(0.5)

    def stop(self) -> None:
        """End everything that was started."""
        self.platform.stop()
        self.inbox.stop()

    def environment(self) -> dict[str, str]:
        """The settings with which the application finds this world, a day being a few seconds."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("STOCKTAKE_", "AWS_"))
        }
        return {
            **kept,
            "STOCKTAKE_STORE": f"sqlite:{self.folder / 'stocktake.db'}",
            "STOCKTAKE_TASKS": f"sqlite:{self.folder / 'tasks.db'}",
            "STOCKTAKE_SUMMARY_WAIT_SECONDS": "30",
            "STOCKTAKE_SECRETS": f"file:{self.folder / 'secrets.json'}",
            "STOCKTAKE_ENDPOINT_URL": f"http://127.0.0.1:{self.addresses.platform}",
            "STOCKTAKE_ADDRESSING": "path",
            "STOCKTAKE_ORG_ID": ORGANIZATION,
            "STOCKTAKE_PRINCIPAL": APPLICATION.principal,
            "STOCKTAKE_MAIL": f"smtp://127.0.0.1:{self.addresses.smtp}",
            "STOCKTAKE_MAIL_FROM": "stocktake@example.com",
            "STOCKTAKE_SLACK_HOSTS": "127.0.0.1",
            "STOCKTAKE_WEBHOOK_HOSTS": "127.0.0.1",
            "STOCKTAKE_SWEEP_SECONDS": "1",
            "STOCKTAKE_DRIFT_SECONDS": "2",
            "STOCKTAKE_DAY_SECONDS": str(DAY_SECONDS),
            "STOCKTAKE_DIGEST_OVER": "99",  # each by itself, also what had to wait a minute after a kill
        }

    def _token(self) -> str:
        """The token of this folder, made at the first run, so that the commands shown go on working."""
        return self._kept("token")

    def _kept(self, name: str) -> str:
        path = self.folder / name
        if not path.exists():
            _write(path, secrets.token_urlsafe(32))
        return path.read_text().strip()

    def _write_secrets(self) -> None:
        document = {
            "caios": {
                "access_key_id": APPLICATION.access_key_id,
                "secret_access_key": APPLICATION.secret_access_key,
            },
            "tokens": [
                {"name": "demo", "sha256": hashlib.sha256(self.token.encode()).hexdigest(), "scope": "write"}
            ],
            "badge_key": self._kept("badge_key"),
            "channels": {
                "storage-team": {
                    "kind": "slack",
                    "url": f"http://127.0.0.1:{self.addresses.inbox}/slack/services/T000/B000/storage-team",
                },
                "storage-mail": {"kind": "email", "to": ["storage@example.com"]},
                "pipeline": {
                    "kind": "webhook",
                    "url": f"http://127.0.0.1:{self.addresses.inbox}/webhook/pipeline",
                    "secret": self.inbox.webhook_secret,
                },
            },
        }
        _write(self.folder / "secrets.json", json.dumps(document, indent=2))


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for this user only."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
