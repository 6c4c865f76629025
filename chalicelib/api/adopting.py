"""The views that take over what is there, and those that are about many buckets at once."""

import re
from typing import Any

from chalicelib.api.adoption_bodies import Names, parse_adoptions, parse_applications, parse_wishes
from chalicelib.api.answers import record_answer, step_answer
from chalicelib.api.reading import etag
from chalicelib.api.threshold_bodies import never_crossed_words
from chalicelib.api.web import Answer, Ask
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import bucket_name_problem, id_problem
from chalicelib.core.plan import Step
from chalicelib.errors import FieldProblem, Invalid, NotFound
from chalicelib.flows.results import Result, Results
from chalicelib.ports import Turn
from chalicelib.wiring import Services

AFTER = re.compile(r"([!-.0-~]{1,100})/([!-.0-~]{1,100})")


def adopt_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Take one configuration under management, writing nothing to the platform."""
    ask.allow_query()
    bucket, id = ask.name("bucket"), ask.name("id")
    wishes = parse_wishes(ask.json() if ask.body.strip() else {}, _names(services))
    if bucket_name_problem(bucket) or id_problem(id):
        raise NotFound(f"There is no inventory configuration {bucket[:100]}/{id[:100]}.")
    outcome = services.adopt.adopt(bucket, id, wishes, turn)
    record = outcome.record
    assert record is not None
    warnings = [*outcome.warnings, *never_crossed_words(record.inventory)]
    body = {**record_answer(record), "steps": [], "warnings": warnings}
    return Answer(201 if outcome.created else 200, body, etag(record))


def adopt_many(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Take what many buckets have under management."""
    ask.allow_query("after")
    asked = parse_adoptions(ask.json(), _names(services))
    return _answer(services.many.adopt(asked.buckets, asked.ids, asked.wishes, turn, _after(ask)), services)


def apply_many(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Ask for the same inventory on many buckets."""
    ask.allow_query("dry_run", "after")
    dry_run, after = ask.flag("dry_run"), _after(ask)
    asked = parse_applications(ask.json(), _names(services))
    found = services.many.apply(asked.buckets, asked.template, turn, after, dry_run=dry_run)
    return _answer(found, services)


def _names(services: Services) -> Names:
    return Names(services.channels.names(), services.channels.unusable())


def _after(ask: Ask) -> tuple[str, str] | None:
    after = ask.query.get("after")
    if after is None:
        return None
    found = AFTER.fullmatch(after)
    if found is None:
        raise Invalid((FieldProblem("/after", "must be the `next` of the answer before, unchanged"),))
    return found[1], found[2]


def _answer(found: Results, services: Services) -> Answer:
    items = [_result(each, services.settings.deployment) for each in found.items]
    return Answer(200, {"items": items, "next": found.next, "warnings": list(found.warnings)})


def _result(result: Result, deployment: Deployment) -> dict[str, Any]:
    record = result.record
    return {
        "bucket": result.bucket,
        "id": result.id,
        "status": result.status,
        "reason": result.reason,
        "state": None if record is None else record.state,
        "drift": None if record is None else record.drift.status,
        "steps": [_brief(each, deployment) for each in result.steps],
        "warnings": [*result.warnings, *(never_crossed_words(record.inventory) if record else ())],
    }


def _brief(step: Step, deployment: Deployment) -> dict[str, Any]:
    """A step as it is answered of many: of a policy only what changes in it."""
    told = step_answer(step, deployment)
    if "statements" not in told:
        return told
    changes = [each for each in told["statements"] if each["change"] != "kept"]
    return {name: told[name] for name in told if name not in ("before", "policy")} | {"statements": changes}
