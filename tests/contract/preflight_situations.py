"""Situations in which an inventory is looked at and then asked for, each with what a preflight says of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chalicelib.core.inventory import Inventory
from tests.contract.arrangements import (
    both,
    but,
    configured,
    deny,
    long_policy,
    managed,
    only,
    organization,
    written,
)
from tests.contract.flow_site import Site, to
from tests.contract.standin_world import ANN, OPS, organization_grant, service_grant
from tests.samples import inventory

READERS = (ANN.principal,)
ZONE, OTHER_ZONE = "US-EAST-04A", "US-WEST-01A"


@dataclass(frozen=True)
class Situation:
    """`ready` is what is to be said; `checks` are those that are not ok; `words` are among the sentences."""

    ready: bool
    arrange: Callable[[Site], object] = lambda site: None
    wanted: Inventory = field(default_factory=inventory)
    checks: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


FAILED, WARNING, UNKNOWN = "failed", "warning", "unknown"
ABSENT = {"destination_rights": UNKNOWN, "service_can_write": UNKNOWN}
SITUATIONS = {
    "all well": Situation(True, words=("The bucket data is there, in US-EAST-04A.",)),
    "all granted by others": Situation(
        True,
        both(written("reports", organization_grant(), service_grant())),
        words=("The inventory service may write to arn:aws:s3:::reports/inventory/*: the policy",),
    ),
    "one bucket": Situation(True, wanted=to("data"), words=("data is the bucket that is listed, too.",)),
    "a source with a policy that is open": Situation(True, written("data", organization_grant("data"))),
    "abort not granted": Situation(
        True,
        written("reports", organization_grant(), {**service_grant(), "Action": "s3:PutObject"}),
        checks={"service_can_write": WARNING},
        words=("s3:AbortMultipartUpload",),
    ),
    "created": Situation(
        True, wanted=to("fresh-reports", create_zone=ZONE), words=("it will be created in US-EAST-04A",)
    ),
    "created in another zone": Situation(
        True, wanted=to("fresh-reports", create_zone=OTHER_ZONE), words=("the reports go to another zone",)
    ),
    "there in another zone": Situation(
        True,
        wanted=to("reports", create_zone=OTHER_ZONE),
        checks={"destination_bucket": WARNING},
        words=("the existing zone US-EAST-04A stays",),
    ),
    "restricting": Situation(
        True,
        wanted=replace(inventory(), first_policy="restrict", readers=READERS),
        checks={"first_policy": WARNING},
        words=("everybody else loses it",),
    ),
    "readers denied": Situation(
        True,
        written("reports", organization_grant(), deny("NotAnn", "s3:GetObject", "reports", ANN.principal)),
        replace(inventory(), readers=READERS),
        checks={"destination_rights": WARNING},
        words=('"NotAnn"',),
    ),
    "a prefix that another configuration has": Situation(
        True,
        configured("theirs", "inventory/"),
        checks={"shared_prefix": WARNING},
        words=("The configuration theirs of data writes to reports under the same prefix.",),
    ),
    "a prefix within another": Situation(
        True, configured("theirs", "inventory/deep/"), checks={"shared_prefix": WARNING}
    ),
    "a prefix around another": Situation(True, configured("theirs", ""), checks={"shared_prefix": WARNING}),
    "a prefix beside another": Situation(True, configured("theirs", "inventory-2/")),
    "a prefix that one of ours has": Situation(
        True,
        managed("inventory/"),
        checks={"shared_prefix": WARNING},
        words=("Give each inventory a destination",),
    ),
    "a prefix within one of ours": Situation(True, managed(""), checks={"shared_prefix": WARNING}),
    "a prefix around one of ours": Situation(
        True,
        managed("inventory/x/"),
        checks={"shared_prefix": WARNING},
        words=("writes to reports under 'inventory/x/', and one of the two",),
    ),
    "a prefix beside one of ours": Situation(True, managed("elsewhere/")),
    "an id that is taken": Situation(
        True,
        configured("daily", "inventory/"),
        checks={"shared_prefix": WARNING},
        words=("It will be replaced.", "POST /inventories/data/daily/adopt"),
    ),
    "a long policy": Situation(
        True, long_policy(110), checks={"policy_size": WARNING}, words=("may refuse more than 20480",)
    ),
    "rights that only this look needs are refused": Situation(
        True,
        organization(but("s3:ListAllMyBuckets", "s3:GetBucketLocation")),
        words=("Its zone is not known: GetBucketLocation was refused.", "ListBuckets was refused with"),
    ),
    "listing configurations refused": Situation(
        True,
        organization(but("s3:ListInventoryConfigurations")),
        checks={
            "organization_access": WARNING,
            "source_rights": WARNING,
            "quota": UNKNOWN,
            "shared_prefix": UNKNOWN,
        },
        words=("allows s3:ListInventoryConfigurations on data",),
    ),
    "no source": Situation(
        False,
        wanted=replace(inventory(), bucket="nowhere"),
        checks={"source_bucket": FAILED, "source_rights": UNKNOWN},
    ),
    "no destination": Situation(
        False,
        wanted=to("nowhere"),
        checks={"destination_bucket": FAILED, **ABSENT},
        words=('say "create_destination": {"zone": "US-EAST-04A"}',),
    ),
    "restricting the source": Situation(
        False,
        wanted=to("data", first_policy="restrict", readers=READERS),
        checks={"first_policy": FAILED},
        words=("would shut out",),
    ),
    "an organization that names nobody": Situation(
        False,
        organization(),
        checks={
            "organization_access": FAILED,
            "source_bucket": UNKNOWN,
            "destination_bucket": UNKNOWN,
            "source_rights": FAILED,
            "destination_rights": FAILED,
            "service_can_write": FAILED,
            "first_policy": UNKNOWN,
            "quota": UNKNOWN,
            "shared_prefix": UNKNOWN,
        },
        words=("No organization access policy allows anything", "STOCKTAKE_PRINCIPAL"),
    ),
    "an organization that keeps one right back": Situation(
        False,
        organization(but("s3:GetInventoryConfiguration")),
        checks={"organization_access": FAILED, "source_rights": FAILED},
        words=("No organization access policy allows s3:GetInventoryConfiguration on data",),
    ),
    "an organization that does not let us list": Situation(
        False,
        organization(but("s3:ListBucket")),
        checks={"organization_access": FAILED, "destination_rights": FAILED},
    ),
    "an organization that does not let us read": Situation(
        False,
        organization(but("s3:GetObject")),
        checks={"organization_access": FAILED, "destination_rights": FAILED},
    ),
    "shut out of the destination": Situation(
        False,
        written("reports", only(ANN.principal, "reports")),
        checks={"destination_rights": FAILED, "service_can_write": FAILED, "first_policy": UNKNOWN},
        words=("Whoever may write the policy of reports has to allow s3:GetBucketPolicy on it",),
    ),
    "shut out of the source": Situation(
        False,
        written("data", only(ANN.principal, "data")),
        checks={"source_rights": FAILED, "quota": UNKNOWN, "shared_prefix": UNKNOWN},
    ),
    "shut out of both": Situation(
        False,
        both(
            written("data", only(ANN.principal, "data")), written("reports", only(ANN.principal, "reports"))
        ),
        checks={
            "organization_access": UNKNOWN,
            "source_rights": FAILED,
            "destination_rights": FAILED,
            "service_can_write": FAILED,
            "first_policy": UNKNOWN,
            "quota": UNKNOWN,
            "shared_prefix": UNKNOWN,
        },
        words=("either no organization access policy allows them", "or the bucket's policy does not"),
    ),
    "a Deny on the service": Situation(
        False,
        written("reports", organization_grant(), deny("NobodyWrites", "s3:PutObject", "reports")),
        checks={"service_can_write": FAILED},
        words=('"NobodyWrites"',),
    ),
    "a Deny on the service for dated folders alone": Situation(
        False,
        written(
            "reports",
            organization_grant(),
            {
                **deny("NotThere", "s3:PutObject", "reports"),
                "Resource": "arn:aws:s3:::reports/inventory/data/daily/*",
            },
        ),
        checks={"service_can_write": FAILED},
    ),
    "a Deny on the application at the source": Situation(
        False,
        written(
            "data",
            organization_grant("data"),
            deny("NoInventory", "s3:PutInventoryConfiguration", "data", OPS.principal),
        ),
        checks={"source_rights": FAILED},
        words=('"NoInventory"',),
    ),
    "a Deny on listing reports": Situation(
        False,
        written("reports", organization_grant(), deny("NoList", "s3:ListBucket", "reports", OPS.principal)),
        checks={"destination_rights": FAILED},
        words=('"NoList"',),
    ),
    "a policy that may not be read": Situation(
        False,
        written(
            "reports", organization_grant(), deny("Hidden", "s3:GetBucketPolicy", "reports", OPS.principal)
        ),
        checks={"destination_rights": FAILED, "service_can_write": FAILED, "first_policy": UNKNOWN},
    ),
    "a policy of the source that may not be read": Situation(
        False,
        written(
            "data", organization_grant("data"), deny("Hidden", "s3:GetBucketPolicy", "data", OPS.principal)
        ),
        checks={"source_rights": UNKNOWN},
        words=("Whether s3:PutInventoryConfiguration is allowed on data is not known",),
    ),
    "a policy that is too long": Situation(
        False, long_policy(250), checks={"policy_size": FAILED}, words=("nothing is written",)
    ),
}
