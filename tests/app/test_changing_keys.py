"""Keys that are replaced, or that nobody replaced in time: no 5xx, no lasting harm, and it is told why."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.http_gateway import HttpGateway
from local.platform import StandIn
from tests.app.asking import APPLICATION, Api, body, secrets_document, touched
from tests.app.conftest import configured
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer

WORDS = "its keys expired at 2020-01-01 00:00 UTC, and the secrets document has no newer ones."


def secret(**caios: Any) -> bytes:
    """Secrets Manager's answer with a document that has these keys."""
    document = json.dumps(secrets_document(caios=caios))
    return answer("200 OK", json.dumps({"SecretString": document}).encode())


def set_keys(secrets: Path, expires_at: str | None) -> None:
    """Write the document with the application's keys, which expire then."""
    keys = {
        "access_key_id": APPLICATION.access_key_id,
        "secret_access_key": APPLICATION.secret_access_key,
        "expires_at": expires_at,
    }
    secrets.write_text(json.dumps(secrets_document(caios=keys)))


def test_keys_replaced_in_secrets_manager_are_used_by_the_request_that_finds_out(
    gateway: HttpGateway, platform: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = secret(access_key_id="GONEKEY", secret_access_key="gone")
    new = secret(access_key_id=APPLICATION.access_key_id, secret_access_key=APPLICATION.secret_access_key)
    with CannedServer([old, new]) as aws:
        for _ in configured(monkeypatch, tmp_path, platform):
            account_of_no_one(monkeypatch, AWS_ENDPOINT_URL=aws.url)
            monkeypatch.setenv("STOCKTAKE_SECRETS", "secretsmanager:stocktake-test")
            done = Api(gateway.url).put(body())
        assert (done.status, done.json["state"]) == (201, "applied")
        assert len(aws.requests) == 2


def test_with_expired_keys_a_request_waits_and_newer_ones_carry_it_out(
    api: Api, platform: StandIn, secrets_file: Path
) -> None:
    set_keys(secrets_file, "2020-01-01T00:00:00Z")
    waiting = api.put(body())
    assert (waiting.status, waiting.json["state"]) == (202, "pending")
    assert WORDS in waiting.json["reason"]
    assert touched(platform) == []
    set_keys(secrets_file, "2099-01-01T00:00:00Z")
    done = api.check()
    assert (done.status, done.json["state"]) == (200, "applied")


def test_with_expired_keys_a_look_is_unknown_and_newer_ones_mend_it(api: Api, secrets_file: Path) -> None:
    assert api.put(body()).status == 201
    set_keys(secrets_file, "2020-01-01T00:00:00Z")
    looked = api.check()
    assert (looked.status, looked.json["state"]) == (200, "applied")
    assert looked.json["drift"]["status"] == "unknown"
    assert WORDS in looked.json["drift"]["reason"]
    set_keys(secrets_file, None)
    assert api.check().json["drift"]["status"] == "in_sync"
