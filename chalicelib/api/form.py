"""The views of the form: what is typed becomes the body of a PUT, is shown as a plan, and then asked for.

The same code parses, plans and applies as for a program, so the form refuses what the API refuses. What was
typed is never lost: every refusal is told in the form.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.api.answers import body_of
from chalicelib.api.bodies import parse_inventory
from chalicelib.api.form_fields import fields_of, new_fields, typed
from chalicelib.api.own_address import own_address
from chalicelib.api.page import page_answer
from chalicelib.api.web import HTML, Answer, Ask
from chalicelib.core.form_values import BUCKET, ID, FormPlan, FormValues
from chalicelib.core.inventory import Inventory
from chalicelib.core.page_address import inventory_page
from chalicelib.errors import Conflict, FieldProblem, Invalid, Refused, Stale
from chalicelib.flows.configure import Outcome
from chalicelib.flows.existing import ABSENT
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_VERSION = re.compile(r"[0-9]{0,18}")
_STATUS = {Stale: 412, Refused: 409, Conflict: 409}
_GIVEN_BY_PLAN = ("bucket", "id", "body")


def get_form(ask: Ask, services: Services, turn: Turn) -> Answer:
    """The form: for a new inventory, or filled in with one that is there."""
    ask.allow_query("bucket", "id")
    bucket, id = ask.query.get("bucket", ""), ask.query.get("id", "")
    channels = services.channels.names()
    record = services.store.get(bucket, id) if bucket and id else None
    if record is None:
        fields = {**new_fields(bucket, channels), **({ID: id} if id else {})}
        return _shown(FormValues(fields, channels), ask, services, 200)
    fields = fields_of(bucket, id, body_of(record.inventory), channels)
    return _shown(FormValues(fields, channels, record.version), ask, services, 200)


def post_form(ask: Ask, services: Services, turn: Turn) -> Answer:
    """`action=plan` shows what would be done, `apply` does it, `edit` goes back to the form."""
    ask.allow_query()
    fields = ask.form()
    action = {"plan": _plan, "apply": _apply, "edit": _edit}.get(fields.get("action", ""))
    if action is None:
        raise Invalid((FieldProblem("/action", "must be one of plan, apply, edit"),))
    if action is not _plan and (missing := [each for each in _GIVEN_BY_PLAN if each not in fields]):
        raise Invalid(
            tuple(FieldProblem(f"/{each}", "is required; it stands in the plan") for each in missing)
        )
    return action(ask, fields, services, turn)


def _plan(ask: Ask, fields: Mapping[str, str], services: Services, turn: Turn) -> Answer:
    version, channels = _version(fields), services.channels.names()
    found = typed(fields, channels)
    form = FormValues(fields, channels, version)
    try:
        wanted = _parsed(found.bucket, found.id, found.body, services)
    except Invalid as exc:
        return _shown(replace(form, problems=found.problems(exc.problems)), ask, services, 422)
    try:
        outcome: Outcome | None = services.configure.put(wanted, turn, if_match=_seen(version), dry_run=True)
        refusal = None
    except (Stale, Conflict) as exc:
        return _refused(form, wanted, exc, ask, services)
    except Refused as exc:
        outcome, refusal = None, str(exc)
    body = json.dumps(body_of(wanted), indent=2)
    plan = FormPlan(
        wanted.bucket,
        wanted.id,
        body,
        _command(own_address(ask, services), wanted, version, body),
        outcome.preview if outcome else None,
        services.preflight.look(wanted, turn) if turn.has_time() else None,
        version,
        refusal,
    )
    return page_answer(services, services.pages.form_plan(plan, services.settings.deployment, ask.base))


def _apply(ask: Ask, fields: Mapping[str, str], services: Services, turn: Turn) -> Answer:
    form = _filled(ask, fields, services)
    if form.problems:
        return _shown(form, ask, services, 422)
    body = replace(ask, body=fields["body"].encode(), headers={}).json()
    wanted = _parsed(fields["bucket"], fields["id"], body, services)
    try:
        services.configure.put(wanted, turn, if_match=_seen(form.version))
    except (Stale, Conflict, Refused) as exc:
        return _refused(form, wanted, exc, ask, services)
    place = inventory_page(ask.base, wanted.bucket, wanted.id)
    return Answer(303, "", {"Location": f"{place}?done=apply", "Cache-Control": "no-store"}, HTML)


def _edit(ask: Ask, fields: Mapping[str, str], services: Services, turn: Turn) -> Answer:
    form = _filled(ask, fields, services)
    return _shown(form, ask, services, 422 if form.problems else 200)


def _filled(ask: Ask, fields: Mapping[str, str], services: Services) -> FormValues:
    """The form with what a plan was made of, and what is wrong with it by now."""
    bucket, id, channels = fields["bucket"], fields["id"], services.channels.names()
    body = replace(ask, body=fields["body"].encode(), headers={}).json()
    try:
        problems = None
        body = body_of(_parsed(bucket, id, body, services))
    except Invalid as exc:
        problems = exc
    no_plan = problems or Invalid((FieldProblem("/body", "must be the body that a plan shows"),))
    try:
        found = fields_of(bucket, id, body, channels)
    except (KeyError, TypeError, AttributeError, ValueError):  # no plan of ours
        raise no_plan from None
    if not all(isinstance(each, str) for each in found.values()):
        raise no_plan
    told = typed(found, channels).problems(problems.problems) if problems else ()
    return FormValues(found, channels, _version(fields), told)


def _parsed(bucket: str, id: str, body: object, services: Services) -> Inventory:
    channels = services.channels
    return parse_inventory(body, bucket, id, channels.names(), channels.unusable())


def _refused(
    form: FormValues, wanted: Inventory, error: Stale | Conflict | Refused, ask: Ask, services: Services
) -> Answer:
    """The form with what was typed and why it was not done; of what is there now, if that is why."""
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    if not isinstance(error, Stale):
        return _shown(replace(form, refusal=str(error)), ask, services, status)
    record = services.store.get(wanted.bucket, wanted.id)
    if record is None:
        words = f"{wanted.name} is gone by now. With what you typed, it would be made anew."
    elif form.version is None:
        words = f"There is an inventory {wanted.name} already. With what you typed, it would be changed."
    else:
        words = f"{wanted.name} was changed since you opened this form: it is at version {record.version}."
    version = None if record is None else record.version
    filled = FormValues({**form.fields, BUCKET: wanted.bucket, ID: wanted.id}, form.channels, version)
    return _shown(
        replace(filled, refusal=f"{words} See the plan again before you apply it."), ask, services, status
    )


def _shown(form: FormValues, ask: Ask, services: Services, status: int) -> Answer:
    return page_answer(services, services.pages.form(form, ask.base), status)


def _version(fields: Mapping[str, str]) -> int | None:
    text = fields.get("version", "")
    if not _VERSION.fullmatch(text):
        raise Invalid((FieldProblem("/version", "must be the version that the form was filled in with"),))
    return int(text) if text else None


def _seen(version: int | None) -> int:
    return ABSENT if version is None else version


def _command(address: str, wanted: Inventory, version: int | None, body: str) -> str:
    """The same as a command for a shell."""
    place = shlex.quote(f"{address}/inventories/{wanted.bucket}/{wanted.id}")
    match = "" if version is None else f" -H 'If-Match: \"{version}\"'"
    lines = (
        f"curl -X PUT {place} \\",
        f"  -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json'{match} \\",
        "  --data-binary @- <<'JSON'",
        body,
        "JSON",
    )
    return "\n".join(lines)
