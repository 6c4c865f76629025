"""What others have done on the stand-in before an inventory is asked for: policies, configurations, zones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.contract.flow_site import Site
from tests.contract.standin_world import configuration, organization_grant, policy, service_grant
from tests.samples import inventory


def deny(sid: str, action: str | list[str], bucket: str, principal: str = "") -> dict[str, Any]:
    who = {"CW": principal} if principal else "*"
    resource = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return {"Sid": sid, "Effect": "Deny", "Principal": who, "Action": action, "Resource": resource}


def only(principal: str, bucket: str, action: str | list[str] = "s3:*") -> dict[str, Any]:
    return {**deny("Only", action, bucket, principal), "Effect": "Allow"}


def written(bucket: str, *statements: dict[str, Any]) -> Callable[[Site], object]:
    """Somebody writes this policy."""
    return lambda site: site.ann.put_bucket_policy(Bucket=bucket, Policy=policy(*statements))


def configured(id: str, prefix: str, **changes: Any) -> Callable[[Site], object]:
    """Somebody has made a configuration of their own that writes to `reports`."""

    def arrange(site: Site) -> None:
        grants = policy(organization_grant(), service_grant(prefix=prefix), service_grant())
        site.ann.put_bucket_policy(Bucket="reports", Policy=grants)
        document = configuration(id, target={"Prefix": prefix}, **changes)
        site.ann.put_bucket_inventory_configuration(Bucket="data", Id=id, InventoryConfiguration=document)

    return arrange


def organization(*statements: dict[str, Any]) -> Callable[[Site], object]:
    """The organization access policies are these."""

    def arrange(site: Site) -> None:
        site.platform.options.organization_policy = list(statements)

    return arrange


def but(*actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "NotAction": list(actions), "Resource": "*"}


def both(*arrangements: Callable[[Site], object]) -> Callable[[Site], object]:
    return lambda site: [each(site) for each in arrangements]


def in_zone(bucket: str, zone: str) -> Callable[[Site], object]:
    where = {"LocationConstraint": zone}
    return lambda site: site.ann.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)


def managed(prefix: str) -> Callable[[Site], object]:
    """An inventory of another bucket, one of ours, writes to `reports` under this prefix."""

    def arrange(site: Site) -> None:
        site.ann.create_bucket(Bucket="others")
        there = replace(inventory().configuration, id="other", report_prefix=prefix)
        site.put(replace(inventory(), bucket="others", configuration=there))

    return arrange


def long_policy(statements: int) -> Callable[[Site], object]:
    """The policy of `reports` has so many statements, and the platform would take more."""
    many = [{**service_grant(prefix=f"{each:04}/"), "Sid": f"Long{each:04}"} for each in range(statements)]

    def arrange(site: Site) -> None:
        site.platform.options.policy_bytes = 100_000
        site.ann.put_bucket_policy(Bucket="reports", Policy=policy(organization_grant(), *many))

    return arrange
