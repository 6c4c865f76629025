"""For each check of a preflight a row for each verdict: what was seen, the status, and some of the words."""

from dataclasses import replace
from typing import Any

from chalicelib.core.plan import Placed
from chalicelib.core.preflight_facts import Came, Facts
from tests.flow_world import DEPLOYMENT
from tests.samples import configuration, inventory
from tests.unit.preflight_facts import CALLS, everywhere, facts, on, policy

OURS = DEPLOYMENT.principal
ORGANIZATION = {
    "Sid": "All",
    "Effect": "Allow",
    "Principal": {"CW": "*"},
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
    "Condition": {"StringEquals": {"cw:PrincipalOrgID": ["ORG"]}},
}
SERVICE = {
    "Sid": "Service",
    "Effect": "Allow",
    "Principal": {"CW": "arn:aws:iam::static:role/static/inventory"},
    "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
    "Resource": "arn:aws:s3:::reports/inventory/*",
}
NOBODY = {"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Resource": "*"}
BY_ADDRESS = NOBODY | {"Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}
AWAY: Came = "away"
REFUSED: Came = "refused"


def of(*statements: dict[str, Any]) -> dict[str, str | None]:
    return {"data": None, "reports": policy(*statements)}


def target(**changes: Any) -> dict[str, Any]:
    """A configuration of somebody else's on the platform."""
    return configuration(id="theirs", **changes).s3_document()


def asked(**changes: Any) -> Any:
    return inventory(**changes)


def to(destination: str, **changes: Any) -> Any:
    return inventory(configuration=configuration(destination=destination), **changes)


FRESH = facts(to("fresh", create_zone="US-EAST-04A"))
TO_CREATE = replace(
    FRESH,
    tries=(
        *(each for each in FRESH.tries if each.bucket != "reports"),
        replace(FRESH.tries[1], bucket="fresh", came="missing", code="NoSuchBucket"),
    ),
)

TABLE: list[tuple[str, Facts, str, str]] = [
    ("names", facts(), "ok", "Reports are written under 'inventory/' of reports."),
    ("names", facts(to("data")), "ok", "The bucket names data keep"),
    # keys
    ("access_key", facts(), "ok", "ListBuckets was answered"),
    ("access_key", facts(came=everywhere(REFUSED, "AccessDenied")), "ok", "refused with AccessDenied"),
    ("access_key", facts(came={CALLS[0]: (AWAY, "SlowDown")}), "ok", "GetBucketPolicy on data was answered"),
    ("access_key", facts(came=everywhere(REFUSED, "InvalidAccessKeyId")), "failed", "`access_key_id`"),
    ("access_key", facts(came=everywhere(REFUSED, "SignatureDoesNotMatch")), "failed", "does not belong"),
    ("access_key", facts(came=everywhere(AWAY, "ExpiredToken")), "failed", "Write newer keys"),
    ("access_key", facts(came=everywhere(AWAY, "ExpiredKeys")), "failed", "Write newer keys"),
    ("access_key", facts(came=everywhere(AWAY, "SlowDown")), "unknown", "ListBuckets got no answer"),
    ("access_key", facts(came=everywhere("untried", "")), "unknown", "ListBuckets was not tried"),
    # the organization
    ("organization_access", facts(), "ok", f"let {OURS} through for s3:GetBucketPolicy"),
    (
        "organization_access",
        facts(came={("GetObject", "reports"): (REFUSED, "AccessDenied")}),
        "failed",
        "allows s3:GetObject on reports",
    ),
    (
        "organization_access",
        facts(came={("ListBucketInventoryConfigurations", "data"): (REFUSED, "AccessDenied")}),
        "warning",
        "allows s3:ListInventoryConfigurations on data",
    ),
    ("organization_access", facts(came=everywhere(REFUSED, "AccessDenied")), "failed", "allows anything"),
    (
        "organization_access",
        facts(came=everywhere(REFUSED, "AccessDenied", "ListBuckets")),
        "unknown",
        "or the bucket's policy does not",
    ),
    (
        "organization_access",
        facts(came=on("reports", REFUSED, "AccessDenied")),
        "ok",
        "let",
    ),
    ("organization_access", facts(came=everywhere(AWAY, "SlowDown")), "unknown", "got no answer"),
    ("organization_access", facts(came=everywhere(REFUSED, "InvalidAccessKeyId")), "unknown", "no bucket"),
    # the buckets
    ("source_bucket", facts(), "ok", "in US-EAST-04A"),
    ("source_bucket", facts(zones={"data": None}), "ok", "a zone that the platform does not name"),
    (
        "source_bucket",
        facts(came={("GetBucketLocation", "data"): (REFUSED, "AccessDenied")}),
        "ok",
        "Its zone is not known: GetBucketLocation was refused.",
    ),
    ("source_bucket", facts(came=on("data", "missing", "NoSuchBucket")), "failed", "does not exist"),
    ("source_bucket", facts(came=on("data", REFUSED, "AccessDenied")), "ok", "is there"),
    ("source_bucket", facts(came=everywhere(REFUSED, "AccessDenied")), "unknown", "whether it is there"),
    ("source_bucket", facts(came=everywhere(AWAY, "SlowDown")), "unknown", "no answer"),
    ("destination_bucket", facts(), "ok", "The bucket reports is there"),
    ("destination_bucket", facts(to("data")), "ok", "the bucket that is listed, too"),
    ("destination_bucket", facts(zones={"data": "A", "reports": "B"}), "ok", "another zone, B"),
    ("destination_bucket", facts(asked(create_zone="B")), "warning", "the existing zone US-EAST-04A stays"),
    ("destination_bucket", facts(asked(create_zone="US-EAST-04A")), "ok", "is there"),
    (
        "destination_bucket",
        facts(asked(create_zone="B"), {("GetBucketLocation", "reports"): (REFUSED, "AccessDenied")}),
        "ok",
        "whichever that is",
    ),
    ("destination_bucket", facts(came=on("reports", "missing", "NoSuchBucket")), "failed", "create_destin"),
    ("destination_bucket", TO_CREATE, "ok", "it will be created in US-EAST-04A"),
    # rights
    ("source_rights", facts(), "ok", "Allowed on data"),
    (
        "source_rights",
        facts(came=on("data", "missing", "NoSuchBucket")),
        "unknown",
        "There is no bucket",
    ),
    (
        "source_rights",
        facts(came={("GetBucketInventoryConfiguration", "data"): (REFUSED, "AccessDenied")}),
        "failed",
        "nothing is set up",
    ),
    (
        "source_rights",
        facts(came={("GetBucketPolicy", "data"): (REFUSED, "AccessDenied")}),
        "unknown",
        "is not known",
    ),
    ("source_rights", facts(policies={"data": "<html>", "reports": None}), "failed", "not written over"),
    (
        "source_rights",
        facts(policies={"data": policy({**BY_ADDRESS, "Action": "s3:PutInv*"}), "reports": None}),
        "unknown",
        'the Deny statement "Nobody" of data may forbid it, by its Condition',
    ),
    (
        "service_can_write",
        facts(policies=of(SERVICE, {**BY_ADDRESS, "Action": "s3:PutObject"})),
        "unknown",
        'the Deny statement "Nobody" of reports may forbid it, by its Condition',
    ),
    (
        "source_rights",
        facts(policies={"data": policy({**NOBODY, "Action": "s3:DeleteInv*"}), "reports": None}),
        "failed",
        '"Nobody"',
    ),
    (
        "source_rights",
        facts(came={("GetBucketInventoryConfiguration", "data"): (AWAY, "SlowDown")}),
        "unknown",
        "got no answer",
    ),
    ("destination_rights", facts(), "ok", "Allowed on reports: s3:GetBucketPolicy"),
    ("destination_rights", TO_CREATE, "ok", "is to be created"),
    (
        "destination_rights",
        facts(policies=of(SERVICE), came={("ListObjectsV2", "reports"): (REFUSED, "AccessDenied")}),
        "ok",
        "that setting up writes will allow it",
    ),
    (
        "destination_rights",
        facts(policies=of(ORGANIZATION), came={("ListObjectsV2", "reports"): (REFUSED, "AccessDenied")}),
        "failed",
        "Have an organization access policy allow s3:ListBucket",
    ),
    (
        "destination_rights",
        facts(policies=of(ORGANIZATION, {**NOBODY, "Action": "s3:GetObject"})),
        "failed",
        '"Nobody"',
    ),
    # the service
    ("service_can_write", facts(), "ok", "may not yet write"),
    ("service_can_write", facts(policies=of(ORGANIZATION, SERVICE)), "ok", "the policy of reports allows it"),
    (
        "service_can_write",
        facts(policies=of(ORGANIZATION, {**SERVICE, "Action": "s3:PutObject"})),
        "warning",
        "s3:AbortMultipartUpload",
    ),
    (
        "service_can_write",
        facts(policies=of(SERVICE, {**NOBODY, "Action": "s3:PutObject"})),
        "failed",
        "Change or remove that statement",
    ),
    ("service_can_write", facts(policies=of()), "ok", "will allow it"),
    (
        "service_can_write",
        facts(came={("GetBucketPolicy", "reports"): (REFUSED, "AccessDenied")}),
        "failed",
        "never written over",
    ),
    (
        "service_can_write",
        facts(came={("GetBucketPolicy", "reports"): (AWAY, "SlowDown")}),
        "unknown",
        "was not read",
    ),
    ("service_can_write", facts(policies={"data": None, "reports": "[]"}), "failed", "not written over"),
    ("service_can_write", facts(came=on("reports", "missing", "NoSuchBucket")), "unknown", "no bucket"),
    ("service_can_write", facts(asked(management="observe")), "warning", "only observed"),
    ("service_can_write", facts(asked(management="observe"), policies=of(SERVICE)), "ok", "allows it"),
    (
        "service_can_write",
        facts(asked(management="observe"), policies=of(ORGANIZATION)),
        "warning",
        "may not write",
    ),
    # first policies and their size
    ("first_policy", facts(), "ok", "keeps the access of everybody"),
    ("first_policy", facts(policies=of(ORGANIZATION)), "ok", "No bucket gets its first policy"),
    (
        "first_policy",
        facts(asked(first_policy="restrict", readers=("r",))),
        "warning",
        "else loses",
    ),
    ("first_policy", facts(to("data", first_policy="restrict", readers=("r",))), "failed", "shut out"),
    ("first_policy", facts(asked(management="observe")), "ok", "no policy is written"),
    ("first_policy", facts(came=everywhere(AWAY, "SlowDown")), "unknown", "GetBucketPolicy on data got no"),
    ("policy_size", facts(), "ok", "has 0 bytes and gets"),
    ("policy_size", facts(policies=of(ORGANIZATION, SERVICE)), "ok", "No policy is written"),
    ("policy_size", facts(policies=of({**ORGANIZATION, "Sid": "L" * 20_200})), "warning", "may refuse more"),
    (
        "policy_size",
        facts(policies=of({**ORGANIZATION, "Sid": "L" * 41_000})),
        "failed",
        "nothing is written",
    ),
    ("policy_size", facts(came=everywhere(AWAY, "SlowDown")), "unknown", "is not known"),
    # room and neighbours
    ("quota", facts(), "ok", "The capacity quota cannot be seen over S3"),
    ("quota", TO_CREATE, "ok", "2 of 1000 buckets"),
    ("quota", replace(TO_CREATE, buckets=("b",) * 1000), "failed", "1000 of 1000 buckets"),
    ("quota", replace(TO_CREATE, buckets=None), "unknown", "could not be counted"),
    ("quota", facts(configurations=(target(),) * 999), "ok", "data has 999 inventory configurations"),
    ("quota", facts(configurations=(target(),) * 1000), "warning", "Delete those that nobody needs."),
    ("shared_prefix", facts(), "ok", "no other inventory of this application"),
    ("shared_prefix", facts(configurations=(target(),)), "warning", "under the same prefix"),
    ("shared_prefix", facts(configurations=(target(report_prefix=""),)), "warning", "within the other"),
    ("shared_prefix", facts(configurations=(target(enabled=False),)), "ok", "No other"),
    ("shared_prefix", facts(configurations=(target(destination="elsewhere"),)), "ok", "No other"),
    ("shared_prefix", facts(configurations=(configuration().s3_document(),)), "ok", "No other"),
    (
        "shared_prefix",
        facts(elsewhere=frozenset({Placed("reports", "StocktakeWrite98bce411b2")})),
        "warning",
        "Another inventory of this application",
    ),
    ("shared_prefix", facts(configuration=configuration().s3_document()), "ok", "as it is asked for"),
    ("shared_prefix", facts(configuration=configuration(format="ORC").s3_document()), "warning", "/adopt"),
    (
        "shared_prefix",
        facts(configuration=configuration(format="ORC").s3_document(), managed=True),
        "ok",
        "differs from what is asked for",
    ),
    (
        "shared_prefix",
        facts(came={("ListBucketInventoryConfigurations", "data"): (AWAY, "SlowDown")}),
        "unknown",
        "is not known",
    ),
]
