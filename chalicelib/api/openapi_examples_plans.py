"""Examples of answers for the OpenAPI document: plans, exports, preflights, buckets, results of many."""

from typing import Any

from chalicelib.api.openapi_examples_records import (
    ACCESS,
    ADDED,
    AS_SENT,
    CONFIGURATION,
    PUT_CONFIGURATION,
    PUT_POLICY,
)

Example = dict[str, Any]

PLAN: Example = {
    "bucket": "production-data",
    "id": "daily-all",
    "status": "missing",
    "reason": None,
    "removing": False,
    "steps": [PUT_CONFIGURATION],
    "differences": [{"path": "/configuration", "wanted": CONFIGURATION, "actual": None}],
    "warnings": [],
    "obstacles": [],
}
PLAN_TEXT = """\
Plan for the inventory production-data/daily-all
================================================

Daily CSV report of production-data into inventory-reports/inventory/

The platform is not as it was asked for.

To do: 1 step.

1. PutBucketPolicy: change the policy of inventory-reports
   Why:
     allow the inventory service to write reports to arn:aws:s3:::inventory-reports/inventory/*
   Its statements:
     +   "Sid": "StocktakeWrite0ee9bbaf37"
     +   "Effect": "Allow"
     +   "Principal": {"CW": "arn:aws:iam::static:role/static/inventory"}
     +   "Action": ["s3:PutObject", "s3:AbortMultipartUpload"]
     +   "Resource": ["arn:aws:s3:::inventory-reports/inventory/*"]

   Who gains access:
     the inventory service (arn:aws:iam::static:role/static/inventory)
       s3:AbortMultipartUpload, s3:PutObject
       on arn:aws:s3:::inventory-reports/inventory/*
   Who loses access: nobody.

This is a plan: nothing was written.
"""
EXPORT: Example = {
    "configuration": CONFIGURATION,
    "notify": ["storage-team"],
    "readers": [],
    "first_policy": "preserve-organization",
    "create_destination": None,
    "management": "apply",
    "on_drift": "notify",
    "thresholds": [],
}
EXPORT_TEXT = """\
resource "coreweave_object_storage_bucket_inventory" "production-data_daily-all" {
  bucket                   = "production-data"
  name                     = "daily-all"
  included_object_versions = "Current"
  enabled                  = true
  optional_fields          = ["LastAccessedDate", "LastModifiedDate", "Size"]
  …
"""
_SOURCE_RIGHTS: Example = {
    "name": "source_rights",
    "status": "ok",
    "seen": "Allowed on production-data: s3:GetBucketPolicy, s3:GetInventoryConfiguration.",
    "mend": None,
    "tried": [
        {"call": "GetBucketPolicy", "bucket": "production-data", "came": "allowed", "code": None},
        {
            "call": "GetBucketInventoryConfiguration",
            "bucket": "production-data",
            "came": "missing",
            "code": "NoSuchInventoryConfiguration",
        },
    ],
    "not_tried": [
        {
            "right": "s3:PutInventoryConfiguration",
            "bucket": "production-data",
            "why": "It would write the configuration.",
            "outlook": "No policy of production-data speaks of it. Only organization access policies have a"
            " say, and they cannot be read over S3.",
        }
    ],
}
PREFLIGHT: Example = {
    "bucket": "production-data",
    "id": "daily-all",
    "ready": True,
    "checks": [_SOURCE_RIGHTS],
}
PREFLIGHT_TEXT = """\
production-data/daily-all to inventory-reports: ready

ok       source_bucket: The bucket production-data is there, in US-EAST-04A.
ok       first_policy: No bucket gets its first policy by this.
…
"""
BUCKET: Example = {
    "name": "production-data",
    "status": "managed",
    "managed": 1,
    "unmanaged": 0,
    "missing": 0,
    "not_set_up": 0,
    "reason": None,
}
BUCKET_INVENTORY: Example = {
    "id": "daily-all",
    "status": "managed",
    "configuration": AS_SENT,
    "state": "applied",
}
_BRIEF: Example = {
    "action": "PutBucketPolicy",
    "bucket": "inventory-reports",
    "reasons": PUT_POLICY["reasons"],
    "statements": [ADDED],
    "access": {"gains": [ACCESS], "loses": [], "complete": True},
}
ADOPTED: Example = {
    "bucket": "production-data",
    "id": "daily-all",
    "status": "adopted",
    "reason": None,
    "state": "applied",
    "drift": "in_sync",
    "steps": [],
    "warnings": [],
}
APPLIED: Example = {**ADOPTED, "status": "created", "steps": [_BRIEF, PUT_CONFIGURATION]}
