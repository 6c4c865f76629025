"""The view of a preflight: what a PUT would ask for goes in, what was seen comes out as JSON or text."""

from collections.abc import Iterator
from typing import Any

from chalicelib.api.bodies import parse_inventory
from chalicelib.api.forms import form_asked_for
from chalicelib.api.openapi_plans import PLAN_FORMATS
from chalicelib.api.web import Answer, Ask
from chalicelib.core.inventory import Inventory
from chalicelib.core.preflight import Judgement
from chalicelib.core.preflight_facts import Check, NotTried, Try
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.ports import Turn
from chalicelib.wiring import Services


def preflight(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Look at all that a PUT of this body would need, and change nothing."""
    ask.allow_query("bucket", "id", "format")
    form = form_asked_for(ask, PLAN_FORMATS)
    wanted = _wanted(ask, services)
    judgement = services.preflight.look(wanted, turn)
    if form.name == "text":
        return Answer.plain(as_text(wanted, judgement))
    return Answer(200, as_json(wanted, judgement))


def _wanted(ask: Ask, services: Services) -> Inventory:
    """The inventory asked for. Raises `Invalid`, also where bucket or id are not named."""
    body, bucket, id = ask.json(), ask.query.get("bucket"), ask.query.get("id")
    if id is None:
        configuration = body.get("configuration") if isinstance(body, dict) else None
        found = configuration.get("Id") if isinstance(configuration, dict) else None
        id = found if isinstance(found, str) else None
    needed = {
        "/bucket": (bucket, "is required: ?bucket= names the bucket that is to be listed"),
        "/id": (id, "is required where configuration.Id is not there"),
    }
    missing = [FieldProblem(path, words) for path, (given, words) in needed.items() if given is None]
    if missing or bucket is None or id is None:
        raise Invalid(tuple(missing))
    channels = services.channels
    return parse_inventory(body, bucket, id, channels.names(), channels.unusable())


def as_json(wanted: Inventory, judgement: Judgement) -> dict[str, Any]:
    """The judgement as it is answered."""
    return {
        "bucket": wanted.bucket,
        "id": wanted.id,
        "ready": judgement.ready,
        "checks": [_check(each) for each in judgement.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "status": check.status,
        "seen": check.seen,
        "mend": check.mend,
        "tried": [_tried(each) for each in check.tried],
        "not_tried": [_not_tried(each) for each in check.not_tried],
    }


def _tried(one: Try) -> dict[str, Any]:
    return {"call": one.call, "bucket": one.bucket or None, "came": one.came, "code": one.code or None}


def _not_tried(right: NotTried) -> dict[str, str]:
    return {"right": right.right, "bucket": right.bucket, "why": right.why, "outlook": right.outlook}


def as_text(wanted: Inventory, judgement: Judgement) -> str:
    """The judgement for people: a line for each check, and under it how to mend it."""
    return "\n".join(_clean(each) for each in _lines(wanted, judgement)) + "\n"


def _lines(wanted: Inventory, judgement: Judgement) -> Iterator[str]:
    verdict = "ready" if judgement.ready else "not ready"
    yield f"{wanted.name} to {wanted.configuration.destination}: {verdict}"
    yield ""
    for check in judgement.checks:
        yield f"{check.status:<8} {check.name}: {check.seen}"
        if check.mend is not None:
            yield f"         mend: {check.mend}"
        for each in check.not_tried:
            yield f"         not tried: {each.right} on {each.bucket}. {each.why} {each.outlook}"


def _clean(line: str) -> str:
    """Without what a terminal would obey: others name statements and configurations."""
    return "".join(each if each.isprintable() else "\ufffd" for each in line)
