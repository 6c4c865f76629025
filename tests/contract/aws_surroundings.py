"""The surroundings in which tests of AWS adapters run: an account of no one, and nothing of who runs them."""

import pytest

REGION = "eu-central-1"


def account_of_no_one(monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """Set what Lambda sets, with keys that open nothing; `more` are further variables."""
    variables = {
        "AWS_ACCESS_KEY_ID": "KEY",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
