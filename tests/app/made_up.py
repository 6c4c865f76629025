"""Requests that schemathesis makes up from an OpenAPI document, every answer judged by all its checks.

In comes a document and where its API answers; out comes `MadeUp`: how many requests were sent to which
operation, which checks judged them, and what was found. A schema cannot say everything. What it cannot is put
right in `consistent`, for requests that are meant to be good, and nowhere else.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

GOOD_STATUSES = ["2xx", "303", "404", "409", "412"]
"""What a request that fits the document may be answered. Whether an inventory is there, whether the platform
lets it be applied and which version is the current one is not in the document; the problem that tells so is.
"""
BAD_STATUSES = ["400", "401", "403", "404", "405", "406", "409", "411", "415", "422"]
"""What one that does not fit may be answered. A body that becomes nothing when it is written as a form goes
without its length.
"""


_TARGET = "/configuration/Destination/S3BucketDestination"
_FORM = {
    "action": "plan",
    "/bucket": "data",
    "/id": "made-up",
    "/configuration/IncludedObjectVersions": "All",
    "/configuration/Schedule/Frequency": "Weekly",
    f"{_TARGET}/Bucket": "reports",
    f"{_TARGET}/Format": "CSV",
}


@dataclass
class MadeUp:
    """What became of the requests; `faults` are sentences that say which answer is wrong and why."""

    sent: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    checks: set[str] = field(default_factory=set)
    phases: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def add(self, recorder: ScenarioRecorder) -> None:
        """Take in what was sent for one operation, or in one chain of requests."""
        for id, interaction in recorder.interactions.items():
            case = recorder.cases[id].value
            self.sent[case.operation.label] += 1
            if interaction.response is not None:
                status = interaction.response.status_code
                self.statuses[status] += 1
                self.answers[case.operation.label, status] += 1
            for check in recorder.checks.get(id, ()):
                self.checks.add(check.name)
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    curl = check.failure_info.code_sample
                    self.faults.append(f"{check.name}: {failure.title}: {failure.message}\n{curl}")


def make_up(
    document: dict[str, Any], url: str, token: str, examples: int, before: Callable[[str], object]
) -> MadeUp:
    """Send requests of all phases, at most so many made up for each operation in each phase that draws them.

    `before` is called with the operation (`PATCH /inventories/{bucket}/{id}`) before each request is made.
    """
    schema = schemathesis.openapi.from_dict(document, config=_config(url, token, examples))

    @schema.hook
    def map_case(context: Any, case: Any) -> Any:
        before(case.operation.label)
        if case.meta is not None and case.meta.generation.mode.is_positive:
            if case.operation.label == "POST /preflight":  # the id may stand in the body instead
                case.query = {"id": "daily", **(case.query or {})}
            else:
                filled_in(case)
                agreeing(case.query, writes=case.operation.method.upper() != "GET")
            if case.operation.method.upper() == "PATCH" and isinstance(case.body, dict):
                case.body.setdefault("configuration", {})  # its columns have to fit, see below
            consistent(case.body, {**(case.path_parameters or {}), **(case.query or {})})
        return case

    found = MadeUp()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.phases.add(event.phase.name)
            found.add(event.recorder)
        elif isinstance(event, events.NonFatalError):
            found.faults.append(f"{event.label}: {event.info.format()}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def filled_in(case: Any) -> None:
    """Change a form that a browser sends into one that is filled in."""
    if case.operation.label == "POST /form" and isinstance(case.body, dict):
        case.body = dict(_FORM)


def agreeing(query: dict[str, Any] | None, *, writes: bool) -> None:
    """Change a query where one parameter is only for another, or where what is stored decides."""
    if query is None:
        return
    if writes and query.get("dry_run") not in (True, "true"):
        query.pop("format", None)
    if query.pop("provider", None) and query.get("format") == "terraform":
        query["provider"] = "coreweave"


def consistent(body: Any, address: dict[str, Any] | None) -> None:
    """Change a body where one field depends on another, or on the address, which no schema can say."""
    if not isinstance(body, dict):
        return
    if isinstance(body.get("inventory"), dict):  # for many buckets
        consistent(body["inventory"], {"id": body.get("id")})
        without_placeholders(body["inventory"])
    configuration = body.get("configuration")
    if isinstance(configuration, dict) and configuration.get("Id") is not None:
        configuration["Id"] = (address or {})["id"]
    if body.get("on_drift") == "repair":
        body["management"] = "apply"
    for_known_columns(body)
    takes_readers_away = "readers" in body or body.get("first_policy") == "restrict"
    if takes_readers_away and not body.get("readers"):
        body["first_policy"] = "preserve-organization"


def for_known_columns(body: dict[str, Any]) -> None:
    """Change thresholds so that each is there once, and what they are of is among the columns."""
    lines = body.get("thresholds")
    if isinstance(lines, list):
        body["thresholds"] = list(
            {(each["measure"], each.get("over") is None): each for each in lines}.values()
        )
    configuration = body.get("configuration")
    if isinstance(configuration, dict) and lines:
        configuration["OptionalFields"] = ["Size", "LastAccessedDate"]
    elif isinstance(configuration, dict) and "OptionalFields" in configuration:
        body["thresholds"] = []  # a patch may take away what lines that are stored need


def without_placeholders(inventory: dict[str, Any]) -> None:
    """Change prefixes for many buckets, in which nothing but `{bucket}` may stand in braces."""
    configuration = inventory.get("configuration")
    if not isinstance(configuration, dict):
        return
    destination = configuration.get("Destination")
    target = destination.get("S3BucketDestination") if isinstance(destination, dict) else None
    for each in (configuration.get("Filter"), target):
        if isinstance(each, dict) and isinstance(each.get("Prefix"), str):
            each["Prefix"] = each["Prefix"].replace("{bucket}", "").replace("{", "")


def _config(url: str, token: str, examples: int) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "base-url": url,
            "headers": {"Authorization": f"Bearer {token}"},
            "continue-on-failure": True,
            "seed": 1,
            "generation": {"max-examples": examples, "deterministic": True},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": GOOD_STATUSES},
                "negative_data_rejection": {"expected-statuses": BAD_STATUSES},
            },
        }
    )
