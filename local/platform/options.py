"""Every switch of the stand-in, with its default.

Where CoreWeave's documentation leaves open how the platform behaves, there is a switch, so that what is
tested here can be tested both ways. All may be set while the stand-in runs; they hold from the next request
on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass
class Options:
    """Times are in seconds, sizes in bytes."""

    # Addressing and buckets
    domain: str = "cwobject.test"
    """Host names `<bucket>.<domain>` name a bucket; on any other host the path does."""
    zones: Sequence[str] = ("US-EAST-04A", "US-EAST-06A", "US-WEST-01A", "RNO2A")
    """Availability Zones that CreateBucket takes; the first is used where none is named."""
    taken_names: Sequence[str] = ()
    """Bucket names that belong to other organizations."""
    bucket_quota: int = 1000
    buckets_in_pages: bool = False
    """Whether ListBuckets answers a page of `page_size` also to who did not ask for one."""
    invalid_region_seconds: float = 0.0
    """For how long a new bucket answers `InvalidRegion` to policy and inventory calls (about 40 on the
    platform).
    """

    # Policies and configurations
    visible_after: float = 0.0
    """How long a written policy or configuration stays unseen."""
    judge_sees_early: bool = False
    """Whether requests are judged by a new policy before it reads back."""
    organization_policy: Sequence[Mapping[str, object]] | None = None
    """Statements; None allows everything to the organization's principals."""
    policy_bytes: int = 20480
    duplicate_sids_refused: bool = False
    delete_policy_by_bucket: bool = True
    """Whether the bucket policy has a say in DeleteBucketPolicy; else the organization alone has."""
    secure_transport: bool = True
    """What `aws:SecureTransport` reads: plain HTTP here stands for the HTTPS of the real endpoint."""

    # Inventory configurations
    service_needs_policy: bool = True
    """Whether the inventory service is refused where the destination has no policy."""
    service_passes_organization: bool = True
    """Whether the inventory service passes the organization step unasked."""
    latest_refused: bool = True
    """Whether `IncludedObjectVersions: Latest` is refused, as CoreWeave's engineers say."""
    probe: Literal["manifest", "root"] = "manifest"
    """Which key the check at PUT tries: that of the manifest, or one in the root of the destination bucket.
    """
    adds_slash: bool = False
    """Whether a destination prefix without a slash at its end gets one."""
    page_size: int = 100
    configurations_per_bucket: int = 1000

    # Reports
    layout: Literal["dated", "fixed"] = "dated"
    """`dated`: a folder per run, as on AWS; `fixed`: `<prefix>manifest.json`, overwritten at each run."""
    double_slash: bool = False
    """Dated layout, prefix ending in `/`: `//` in the keys and `/` in the manifest, as seen on AWS."""
    day_seconds: float = 86400.0
    first_report_seconds: float = 0.0
    """How long after it is seen a configuration is first due."""
    rows_per_file: int = 100_000
    json_array: bool = False
    """JSON reports as one array instead of one object a line."""
    column_names: Literal["short", "long"] = "short"
    """`Bucket`, `Key` or `BucketName`, `ObjectKey`: the documentation has both."""
    url_encoded_keys: bool = False
    """Whether object keys are URL-encoded in CSV and TSV, as on AWS."""
    manifest_without: Sequence[str] = ()
    """Keys to leave out of `manifest.json`."""
