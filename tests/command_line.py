"""The AWS CLI as a person uses it, against the platform stand-in: `aws s3api …` with one key."""

import json
import subprocess
from pathlib import Path
from typing import Any

from local.platform import Key
from tests.warm_aws import warm_aws

SERVICE = "arn:aws:iam::static:role/static/inventory"


class CommandLine:
    """`aws s3api` for whoever holds the key; documents go through files in `folder`."""

    def __init__(self, url: str, key: Key, folder: Path) -> None:
        command = str(warm_aws() / "aws")
        self.command = [command, "--endpoint-url", url, "--region", "US-EAST-04A", "s3api"]
        self.folder = folder
        self.environment = {
            "AWS_ACCESS_KEY_ID": key.access_key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
            "AWS_CONFIG_FILE": str(folder / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, *words: str) -> None:
        """One command, which has to do what it says."""
        done = subprocess.run(
            [*self.command, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def put_policy(self, bucket: str, *statements: dict[str, Any]) -> None:
        """`put-bucket-policy` with these statements."""
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.run("put-bucket-policy", "--bucket", bucket, "--policy", self._file("policy.json", document))

    def put_configuration(self, bucket: str, document: dict[str, Any]) -> None:
        """`put-bucket-inventory-configuration`."""
        where = ("--bucket", bucket, "--id", document["Id"])
        file = self._file("inventory-configuration.json", document)
        self.run("put-bucket-inventory-configuration", *where, "--inventory-configuration", file)

    def _file(self, name: str, document: dict[str, Any]) -> str:
        (self.folder / name).write_text(json.dumps(document, indent=2), encoding="utf-8")
        return f"file://{self.folder / name}"


def service_statement(bucket: str, *more: str) -> dict[str, Any]:
    """The documented statement for the inventory service."""
    return {
        "Sid": "AllowServiceAccountWriteReportsToDestination",
        "Effect": "Allow",
        "Principal": {"CW": SERVICE},
        "Action": ["s3:PutObject", *more],
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }


def owner_statement(bucket: str, principal: str, *more: str) -> dict[str, Any]:
    """The documented statement for the owner of the reports."""
    return {
        "Sid": "AllowOwnerAccessToDestination",
        "Effect": "Allow",
        "Principal": {"CW": principal},
        "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject", *more],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }


def source_statement(bucket: str, principal: str) -> dict[str, Any]:
    """The documented statement for whoever sets inventory up on a bucket."""
    actions = [f"s3:{each}InventoryConfiguration" for each in ("Put", "Get", "Delete")]
    return {
        "Sid": "AllowInventoryConfiguration",
        "Effect": "Allow",
        "Principal": {"CW": principal},
        "Action": [*actions, "s3:ListInventoryConfigurations"],
        "Resource": f"arn:aws:s3:::{bucket}",
    }


def by_hand(id: str = "daily", destination: str = "reports", prefix: str = "inventory") -> dict[str, Any]:
    """A configuration as a person writes it: a plain name, fields in no order, no slash at the end."""
    target = {"Bucket": destination, "Format": "CSV", "Prefix": prefix}
    return {
        "Id": id,
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "OptionalFields": ["Size", "ETag", "LastModifiedDate", "LastAccessedDate"],
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": target},
    }
