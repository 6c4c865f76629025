"""What the tests of the application share: keys, tokens, a good body, and a client over real HTTP."""

import copy
import hashlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.platform import Key, StandIn

ORGANIZATION = "ORG"
APPLICATION = Key("APPKEY", "app-secret", "arn:aws:iam::ORG:coreweave/stocktake")
TEAM = Key("TEAMKEY", "team-secret", "arn:aws:iam::ORG:coreweave/team")
READER = "arn:aws:iam::ORG:coreweave/reader"
WRITE_TOKEN, READ_TOKEN = "write-token-of-the-tests", "read-token-of-the-tests"
BADGE_KEY = "of-the-badges-" + "k" * 32
ONE = "/inventories/data/daily"

CONFIGURATION: dict[str, Any] = {
    "IsEnabled": True,
    "IncludedObjectVersions": "Current",
    "OptionalFields": ["LastAccessedDate", "Size"],
    "Filter": {"Prefix": "documents/"},
    "Schedule": {"Frequency": "Daily"},
    "Destination": {"S3BucketDestination": {"Bucket": "reports", "Format": "CSV", "Prefix": "inventory/"}},
}
REMOVED = object()
"""As a value in `changed`: take the field away."""


def body(**more: Any) -> dict[str, Any]:
    """A good body of PUT, with these fields beside `configuration`."""
    return {"configuration": copy.deepcopy(CONFIGURATION), **more}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """A good body in which the field at this JSON Pointer is another one, or away with `REMOVED`."""
    document = body()
    *folders, last = pointer.lstrip("/").split("/")
    place = document
    for each in folders:
        place = place.setdefault(each, {})
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return document


def secrets_document(**more: Any) -> dict[str, Any]:
    """A secrets document with both tokens and two channels."""
    return {
        "caios": {
            "access_key_id": APPLICATION.access_key_id,
            "secret_access_key": APPLICATION.secret_access_key,
        },
        "tokens": [
            {"name": "ops", "sha256": sha256(WRITE_TOKEN), "scope": "write"},
            {"name": "eyes", "sha256": sha256(READ_TOKEN), "scope": "read"},
        ],
        "badge_key": BADGE_KEY,
        "channels": {
            "storage-team": {"kind": "slack", "url": "http://127.0.0.1:9/slack/services/T0/B0/team"},
            "storage-mail": {"kind": "email", "to": ["storage@example.com"]},
        },
        **more,
    }


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def environment(folder: Path, platform_url: str) -> dict[str, str]:
    """The settings with which the application finds the stand-in, and its files in `folder`."""
    return {
        "STOCKTAKE_STORE": f"sqlite:{folder / 'stocktake.db'}",
        "STOCKTAKE_SECRETS": f"file:{folder / 'secrets.json'}",
        "STOCKTAKE_ENDPOINT_URL": platform_url,
        "STOCKTAKE_ADDRESSING": "path",
        "STOCKTAKE_ORG_ID": ORGANIZATION,
        "STOCKTAKE_PRINCIPAL": APPLICATION.principal,
        "STOCKTAKE_SLACK_HOSTS": "127.0.0.1",
        "STOCKTAKE_MAIL": "smtp://127.0.0.1:9",
        "STOCKTAKE_MAIL_FROM": "stocktake@example.com",
    }


def make_buckets(platform: StandIn, *names: str) -> None:
    """Buckets of the organization, without policies."""
    for name in names:
        zone = {"LocationConstraint": "US-EAST-04A"}
        platform.client(TEAM.access_key_id).create_bucket(Bucket=name, CreateBucketConfiguration=zone)


def touched(platform: StandIn) -> list[str]:
    """The operations with which the application changed something on the platform, oldest first."""
    writes = [*platform.writes("data"), *platform.writes("reports")]
    return [each.operation for each in writes if each.operation != "CreateBucket"]


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the wire; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.content)

    @property
    def paths(self) -> list[str]:
        """Where the fields are that would not do."""
        return [each["path"] for each in self.json.get("errors", ())]

    def message(self, path: str) -> str:
        """What is said of one field."""
        return "\n".join(each["message"] for each in self.json["errors"] if each["path"] == path)


@dataclass(frozen=True)
class Api:
    """Asks one server over HTTP, with the write token unless said otherwise."""

    url: str
    token: str | None = WRITE_TOKEN

    def ask(
        self, method: str, path: str, content: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request on a connection of its own; `content` is sent as JSON, bytes as they are."""
        parts = urlsplit(self.url)
        sent = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, path, sent, {**known, **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def put(self, content: Any, path: str = ONE, **headers: str) -> Reply:
        """PUT; header names have `_` for `-`."""
        return self.ask("PUT", path, content, _named(headers))

    def patch(self, content: Any, path: str = ONE, **headers: str) -> Reply:
        """PATCH, as `put`."""
        return self.ask("PATCH", path, content, _named(headers))

    def get(self, path: str = ONE) -> Reply:
        """GET."""
        return self.ask("GET", path)

    def delete(self, path: str = ONE, **headers: str) -> Reply:
        """DELETE, headers as `put`."""
        return self.ask("DELETE", path, None, _named(headers))

    def check(self, path: str = ONE) -> Reply:
        """POST to `check`."""
        return self.ask("POST", path + "/check")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
