"""A stand-in of the AWS account: DynamoDB, Secrets Manager and SQS by moto, on loopback.

In come the packaged template, whose table it has, and the secrets document; out come the variables with
which a function finds both, and those that it must have besides.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.config import Config
from botocore.session import Session
from moto.server import ThreadedMotoServer

TOKEN = "the-token-of-the-stand-in"

DOCUMENT: Mapping[str, Any] = {
    "caios": {"access_key_id": "KEY", "secret_access_key": "not-a-secret"},
    "tokens": [{"name": "ops", "sha256": hashlib.sha256(TOKEN.encode()).hexdigest(), "scope": "write"}],
    "channels": {"storage-team": {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/X"}},
}
"""A secrets document in which `TOKEN` may write."""

_OF_THE_TABLE = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
)
"""What CloudFormation and CreateTable have in common."""


@contextmanager
def account(template: Path, document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Run the account, with an empty table, an empty queue and the document; gives the variables.

    Whatever runs in this process has the same moto, so that table and secret have names of their own.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        name = f"stocktake-{uuid4().hex}"
        resources = json.loads(template.read_text("utf-8"))["Resources"]
        table = {key: resources["Table"]["Properties"][key] for key in _OF_THE_TABLE}
        client("dynamodb", url).create_table(TableName=name, **table)
        client("secretsmanager", url).create_secret(Name=name, SecretString=json.dumps(document))
        tasks = client("sqs", url).create_queue(QueueName=name)["QueueUrl"]
        yield {
            "AWS_ENDPOINT_URL": url,
            "STOCKTAKE_STORE": f"dynamodb:{name}",
            "STOCKTAKE_SECRETS": f"secretsmanager:{name}",
            "STOCKTAKE_TASKS": f"sqs:{tasks}",
            "STOCKTAKE_ORG_ID": "ORG",
            "STOCKTAKE_PRINCIPAL": "arn:aws:iam::ORG:coreweave/stocktake",
            "STOCKTAKE_METRICS": "emf",
            "POWERTOOLS_SERVICE_NAME": "stocktake-dev",
        }
    finally:
        server.stop()


def client(service: str, url: str) -> Any:
    """A client of that account, which `url` is the address of."""
    return Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="ASIAEXAMPLE",
        aws_secret_access_key="not-a-secret",
        config=Config(proxies={}),
    )
