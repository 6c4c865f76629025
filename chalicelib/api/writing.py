"""The views that write: each takes an `Ask`, the services and the turn, and gives an `Answer`.

They are apart from the views that read because checking bodies loads pydantic, which is slow to load.
"""

import re
from dataclasses import replace
from typing import Any

from chalicelib.api.answers import body_of, record_answer, step_answer
from chalicelib.api.bodies import parse_inventory
from chalicelib.api.forms import Form, exported, form_asked_for, text_of_plan
from chalicelib.api.merge_patch import merged
from chalicelib.api.openapi_plans import DRY_RUN_FORMATS, PLAN_FORMATS
from chalicelib.api.reading import answer_of, etag, record_asked_for
from chalicelib.api.web import Answer, Ask
from chalicelib.core.inventory import Inventory
from chalicelib.core.record import Record
from chalicelib.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale, StoreBusy
from chalicelib.flows.configure import Outcome
from chalicelib.ports import Turn
from chalicelib.wiring import Services

# Proxies that compress make an ETag weak; it names the version all the same.
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,18})"|([0-9]{1,18})')
_NUMBER = re.compile(r"[1-9][0-9]{0,11}")
_ROUNDS = 5
_FORMS = ("format", "provider")


def put_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Create or replace, and apply."""
    ask.allow_query("dry_run", "format", "provider")
    bucket, id = ask.name("bucket"), ask.name("id")
    dry_run = ask.flag("dry_run")
    form = _form(ask)
    channels = services.channels
    wanted = parse_inventory(ask.json(), bucket, id, channels.names(), channels.unusable())
    outcome = services.configure.put(wanted, turn, if_match=_if_match(ask, services), dry_run=dry_run)
    return _dry_run(outcome, form, services) if dry_run else _written(outcome, services)


def patch_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Change parts of what was asked, and apply."""
    ask.allow_query("dry_run", "format", "provider")
    dry_run = ask.flag("dry_run")
    form = _form(ask)
    for _ in range(_ROUNDS):
        # What would be refused without a condition is refused as that (RFC 9110, section 13.2.2).
        record = record_asked_for(ask, services)
        wanted = _patched(record, ask.json(), services)
        asked = _if_match(ask, services)
        if_match = record.version if asked is None else asked
        try:
            outcome = services.configure.put(wanted, turn, if_match=if_match, dry_run=dry_run)
        except Stale:
            if asked is not None:
                raise
            continue  # somebody was faster; nobody asked for a version, so the newer one is changed
        return _dry_run(outcome, form, services) if dry_run else _written(outcome, services)
    raise Conflict("Others change this inventory all the time; try again.")


def _patched(record: Record, patch: Any, services: Services) -> Inventory:
    if not isinstance(patch, dict):
        raise Invalid((FieldProblem("", "must be a JSON object, a merge patch as of RFC 7396"),))
    body = merged(body_of(record.inventory), patch)
    channels = services.channels
    return parse_inventory(body, record.bucket, record.id, channels.names(), channels.unusable())


def delete_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Take an inventory away, or only forget it."""
    ask.allow_query("keep_remote", "dry_run", "format")
    keep_remote, dry_run, form = ask.flag("keep_remote"), ask.flag("dry_run"), _form(ask, PLAN_FORMATS)
    record = record_asked_for(ask, services)
    outcome = services.configure.remove(
        record.bucket,
        record.id,
        turn,
        if_match=_if_match(ask, services),
        keep_remote=keep_remote,
        dry_run=dry_run,
    )
    if dry_run and outcome.preview is not None and form.name == "text":
        return text_of_plan(outcome.preview, services)
    if dry_run:
        return _removed(record, outcome, services)
    if outcome.record is not None and outcome.record.state == "failed":
        raise Refused(f"It is not removed: {outcome.record.reason}")
    if outcome.record is not None:
        return _written(outcome, services)
    return _removed(record, outcome, services)


def _removed(record: Record, outcome: Outcome, services: Services) -> Answer:
    steps = [step_answer(each, services.settings.deployment) for each in outcome.steps]
    gone = {"bucket": record.bucket, "id": record.id, "steps": steps, "warnings": list(outcome.warnings)}
    return Answer(200, gone)


def restore_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Put back what was replaced once."""
    ask.allow_query("dry_run", "overwrite", "format")
    dry_run, overwrite, form = ask.flag("dry_run"), ask.flag("overwrite"), _form(ask, PLAN_FORMATS)
    bucket, id = ask.name("bucket"), ask.name("id")
    number = history_number(bucket, id, ask.name("number"))
    is_there = services.store.get(bucket, id) is not None  # what is not there is not stale
    outcome = services.restore.restore(
        bucket,
        id,
        number,
        turn,
        if_match=_if_match(ask, services) if is_there else None,
        dry_run=dry_run,
        overwrite=overwrite,
    )
    return _dry_run(outcome, form, services) if dry_run else _written(outcome, services)


def history_number(bucket: str, id: str, text: str) -> int:
    """The number of an entry of the history. Raises `NotFound`."""
    if _NUMBER.fullmatch(text) is None:
        raise NotFound(f"The history of {bucket[:100]}/{id[:100]} has no number {text[:20]}.")
    return int(text)


def check_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Look for reports and drift now; a pending record is gone on with."""
    ask.allow_query()
    record: Record | None = record_asked_for(ask, services)
    for _ in range(_ROUNDS):
        record = record_asked_for(ask, services)
        try:
            if record.pending is None:
                record = services.sweep.check(record, turn)
            if turn.has_time():  # a platform that hangs has used the time up already
                record = services.reconcile.check(record, turn)
            break
        except StoreBusy:
            raise
        except Conflict:
            continue
    if record is None:
        raise NotFound(f"The inventory {ask.name('bucket')}/{ask.name('id')} is removed now.")
    return replace(answer_of(record), status=202 if record.pending else 200)


def _if_match(ask: Ask, services: Services) -> int | None:
    """The version that `If-Match` names; `*` stands for whatever is there."""
    header = ask.headers.get("if-match")
    if header is None:
        return None
    if header.strip() == "*":
        record = services.store.get(ask.name("bucket"), ask.name("id"))
        if record is None:
            raise Stale("There is no such inventory yet, and If-Match: * asks for one.")
        return record.version
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise Invalid((FieldProblem("/If-Match", 'must be one version, as the ETag gave it: "3"'),))
    return int(found.group(1) or found.group(2))


def _form(ask: Ask, formats: tuple[str, ...] = DRY_RUN_FORMATS) -> Form:
    """In which form the answer is asked for; there is a choice only of a dry run."""
    if not ask.flag("dry_run"):
        problems = [
            FieldProblem(f"/{each}", "is only for a dry run; send dry_run=true, too") for each in _FORMS
        ]
        given = tuple(each for each in problems if each.path[1:] in ask.query)
        if given:
            raise Invalid(given)
    return form_asked_for(ask, formats)


def _dry_run(outcome: Outcome, form: Form, services: Services) -> Answer:
    record, preview = outcome.record, outcome.preview
    if form.name == "json" or record is None or preview is None:
        return replace(_written(outcome, services), status=200)
    answer = text_of_plan(preview, services) if form.name == "text" else exported(record, form, services)
    return replace(answer, headers=etag(record))


def _written(outcome: Outcome, services: Services) -> Answer:
    record = outcome.record
    if record is None:  # removed by somebody else while it was being applied
        raise NotFound("The inventory was removed by another request meanwhile.")
    body = {
        **record_answer(record),
        "steps": [step_answer(each, services.settings.deployment) for each in outcome.steps],
        "warnings": list(outcome.warnings),
    }
    return Answer(202 if outcome.pending else 201 if outcome.created else 200, body, etag(record))
