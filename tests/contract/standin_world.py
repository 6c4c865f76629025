"""What the tests of the stand-in share: keys, a clock that is driven by hand, documents."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

from botocore.exceptions import ClientError

from local.platform import Key
from local.platform.judge import INVENTORY_SERVICE
from local.platform.service import Run

ORGANIZATION = "ORG"
OPS = Key("OPSKEY", "ops-secret", "arn:aws:iam::ORG:coreweave/ops")
ANN = Key("ANNKEY", "ann-secret", "arn:aws:iam::ORG:coreweave/ann")
EVE = Key("EVEKEY", "eve-secret", "arn:aws:iam::OTHER:coreweave/eve")
KEYS = (OPS, ANN, EVE)


class FakeClock:
    """Time stands still until `move` is called."""

    def __init__(self) -> None:
        self.reset()

    def __call__(self) -> datetime:
        return self.now

    def reset(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def service_grant(bucket: str = "reports", prefix: str = "inventory/") -> dict[str, Any]:
    """The statement that lets the inventory service write under a prefix."""
    return {
        "Sid": "Service",
        "Effect": "Allow",
        "Principal": {"CW": INVENTORY_SERVICE},
        "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}*",
    }


def organization_grant(bucket: str = "reports") -> dict[str, Any]:
    """The statement that lets the whole organization do what it could without a policy."""
    return {
        "Sid": "Organization",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"StringEquals": {"cw:PrincipalOrgID": [ORGANIZATION]}},
    }


def configuration(name: str = "daily", **changes: Any) -> dict[str, Any]:
    """An inventory configuration reporting to `reports/inventory/`; `target` changes its destination."""
    target = {"Bucket": "reports", "Format": "CSV", "Prefix": "inventory/"} | changes.pop("target", {})
    return {
        "Id": name,
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "OptionalFields": ["Size", "LastModifiedDate"],
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": target},
    } | changes


def code(error: ClientError) -> tuple[str, int]:
    """The S3 code and the HTTP status of an error."""
    return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


def put_configuration(client: Any, bucket: str = "photos", **changes: Any) -> None:
    """Put `configuration` with these changes on a bucket."""
    document = configuration(**changes)
    client.put_bucket_inventory_configuration(
        Bucket=bucket, Id=document["Id"], InventoryConfiguration=document
    )


def body(client: Any, key: str) -> bytes:
    """An object of the destination bucket."""
    read: bytes = client.get_object(Bucket="reports", Key=key)["Body"].read()
    return read


def keys(client: Any) -> list[str]:
    """The keys in the destination bucket."""
    return [found["Key"] for found in client.list_objects_v2(Bucket="reports").get("Contents", [])]


def data_of(client: Any, run: Run) -> tuple[dict[str, Any], list[bytes]]:
    """The manifest of a run, and its data files, checked against it."""
    manifest = json.loads(body(client, run.manifest_key))
    files = [body(client, listed["key"]) for listed in manifest["files"]]
    for listed, data in zip(manifest["files"], files, strict=True):
        assert (listed["size"], listed["MD5checksum"]) == (len(data), md5(data).hexdigest())
    return manifest, files
