"""The secrets document on its way to Secrets Manager: checked, and seen by nobody."""

import hashlib
import json
from pathlib import Path

import pytest

from deploy.errors import DeployError
from deploy.secret import main, upload
from deploy.token import entry
from deploy.token import main as token_main
from tests.fake_account import FakeAccount, aws, said, stack

GOOD = {
    "caios": {"access_key_id": "KEY", "secret_access_key": "very-secret"},
    "tokens": [json.loads(entry("ops", "write", "the-token"))],
    "channels": {"team": {"kind": "slack", "url": "https://hooks.slack.com/services/T/B/x"}},
}


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    return path


def put(account: FakeAccount, file: Path, **environment: str) -> list[str]:
    lines: list[str] = []
    upload(aws(account), "stocktake-prod", file, environment, lines.append)
    return lines


def test_a_first_document_makes_the_secret(account: FakeAccount, file: Path) -> None:
    put(account, file)
    words = account.words("secretsmanager", "create-secret")
    assert words[words.index("--name") + 1] == "stocktake-prod"
    assert words[words.index("--secret-string") + 1] == f"file://{file}"


def test_another_document_is_a_new_value(account: FakeAccount, file: Path) -> None:
    account.answers["secretsmanager", "describe-secret"] = said({"Name": "stocktake-prod"})
    put(account, file)
    words = account.words("secretsmanager", "put-secret-value")
    assert words[words.index("--secret-id") + 1] == "stocktake-prod"
    assert words[words.index("--secret-string") + 1] == f"file://{file}"


def test_nothing_of_the_document_is_in_a_command_or_a_line(account: FakeAccount, file: Path) -> None:
    told = [*put(account, file), *(word for each in account.asked for word in each)]
    assert not any(secret in each for each in told for secret in ("very-secret", "KEY", "T/B/x"))


def test_a_document_that_will_not_do_is_not_sent(account: FakeAccount, file: Path) -> None:
    file.write_text(json.dumps({**GOOD, "tokens": [{"name": "ops", "sha256": "hush", "scope": "write"}]}))
    with pytest.raises(DeployError, match="/tokens/0/sha256") as caught:
        put(account, file)
    assert "hush" not in str(caught.value)
    assert {each[1] for each in account.asked} == {"describe-stacks"}


def test_the_hosts_of_the_deployment_are_allowed(account: FakeAccount, file: Path) -> None:
    channels = {"team": {"kind": "slack", "url": "https://slack.example.com/x"}}
    file.write_text(json.dumps({**GOOD, "channels": channels}))
    with pytest.raises(DeployError, match=r"hooks\.slack\.com"):
        put(account, file)
    account.stack = stack(SlackHosts="slack.example.com, other.example.com")
    put(account, file)
    with pytest.raises(DeployError, match=r"hooks\.slack\.com"):
        put(account, file, STOCKTAKE_SLACK_HOSTS="hooks.slack.com")


def test_the_hosts_of_webhooks_are_those_of_the_deployment_too(account: FakeAccount, file: Path) -> None:
    hook = {"kind": "webhook", "url": "http://127.0.0.1:8025/x", "secret": "whsec_" + "a2tr" * 10}
    file.write_text(json.dumps({**GOOD, "channels": {"hook": hook}}))
    with pytest.raises(DeployError, match="/channels/hook/url: must begin with https://"):
        put(account, file)
    put(account, file, STOCKTAKE_WEBHOOK_HOSTS="other.example, 127.0.0.1")
    account.stack = stack(WebhookHosts="127.0.0.1")
    put(account, file)


@pytest.mark.parametrize("content", [b"\xff{}", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()])
def test_a_file_that_functions_could_not_read_is_refused(
    account: FakeAccount, file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    with pytest.raises(DeployError):
        put(account, file)


def test_the_command_says_what_is_missing(account: FakeAccount, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stage", "prod", ""], account) == 1
    assert "FILE=secrets.json" in capsys.readouterr().err
    assert main(["secrets.json"], account) == 1
    assert "STAGE=prod" in capsys.readouterr().err
    assert account.asked == []


def test_a_token_is_told_once_and_its_digest_fits_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert token_main(["--name", "ci", "--scope", "read"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    token, row = lines
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert json.loads(row) == {"name": "ci", "sha256": digest, "scope": "read"}
    assert len(token) >= 43


def test_no_two_tokens_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        token_main(["--name", "ci", "--scope", "read"])
    tokens = [
        line for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and "{" not in line
    ]
    assert len(set(tokens)) == 2
