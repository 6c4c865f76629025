"""Who and what there is in the story of a deployment, and the settings that it is deployed with."""

import hashlib
import os
from typing import Any

from local.platform import Key
from tests.deploy.ministack import KEYS, REGION

STAGE = "proof"
STACK = TABLE = SECRET = f"stocktake-{STAGE}"
ORGANIZATION = "example-org"
_USER = f"arn:aws:iam::{ORGANIZATION}:coreweave/"
APPLICATION = Key("STOCKTAKEKEY", "stocktake-secret", _USER + "stocktake")
TEAM = Key("TEAMKEY", "team-secret", _USER + "data-team")
TOKENS = {"write": "a-token-that-may-write", "read": "a-token-that-may-read"}
SENDER, RECIPIENT = "stocktake@example.com", "storage@example.com"


def environment(aws_url: str, platform_url: str) -> dict[str, str]:
    """The environment of whoever deploys: the settings, and the way to AWS with the root user's keys."""
    not_ours = ("STOCKTAKE_", "AWS_", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(not_ours)}
    return {
        **kept,
        **KEYS,
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "STOCKTAKE_ENDPOINT_URL": platform_url,
        "STOCKTAKE_ADDRESSING": "path",
        "STOCKTAKE_ORG_ID": ORGANIZATION,
        "STOCKTAKE_PRINCIPAL": APPLICATION.principal,
        "STOCKTAKE_MAIL": "ses",
        "STOCKTAKE_MAIL_FROM": SENDER,
        "STOCKTAKE_SLACK_HOSTS": "127.0.0.1",
        "STOCKTAKE_SWEEP_SECONDS": "5",
        "STOCKTAKE_DRIFT_SECONDS": "5",
    }


def secrets_document(slack_url: str) -> dict[str, Any]:
    """Keys, tokens and channels, as docs/how-to describes the document."""
    return {
        "caios": {
            "access_key_id": APPLICATION.access_key_id,
            "secret_access_key": APPLICATION.secret_access_key,
        },
        "tokens": [
            {"name": f"who-{scope}s", "sha256": hashlib.sha256(token.encode()).hexdigest(), "scope": scope}
            for scope, token in TOKENS.items()
        ],
        "channels": {
            "storage-team": {"kind": "slack", "url": slack_url},
            "storage-mail": {"kind": "email", "to": [RECIPIENT]},
        },
    }
