"""The buttons of an inventory's page: each does what its route of the API does, and leads back there."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.api.notices import redrive_notice
from chalicelib.api.page import page_answer
from chalicelib.api.reading import record_asked_for
from chalicelib.api.web import HTML, Answer, Ask
from chalicelib.api.writing import (
    check_inventory,
    delete_inventory,
    history_number,
    patch_inventory,
    restore_inventory,
)
from chalicelib.core.form_values import Question
from chalicelib.core.page_address import inventory_page, status_page
from chalicelib.errors import Conflict, FieldProblem, Invalid, NotFound, NotYet, PlatformError, Refused, Stale
from chalicelib.flows.configure import Outcome
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_VERSION = re.compile(r"[0-9]{0,18}")

Fields = Mapping[str, str]
Action = Callable[[Ask, Fields, Services, Turn], Answer]


def act(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Do what a button says. What cannot be undone by another button is shown first, and confirmed."""
    ask.allow_query()
    fields = ask.form()
    action = _ACTIONS.get(fields.get("action", ""))
    if action is None:
        raise Invalid((FieldProblem("/action", f"must be one of {', '.join(_ACTIONS)}"),))
    if not _VERSION.fullmatch(fields.get("version", "")):
        raise Invalid((FieldProblem("/version", "must be the version that was shown"),))
    return action(ask, fields, services, turn)


def _check(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    check_inventory(_as_program(ask), services, turn)
    return _back(ask, "check")


def _redrive(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    record, called = record_asked_for(ask, services), fields.get("notice", "")
    found = services.store.notices_called(called)
    if any((each.bucket, each.inventory_id) != (record.bucket, record.id) for each in found):
        raise NotFound(f"{record.inventory.name} has no notice {called[:100]}.")
    redrive_notice(replace(_as_program(ask), path={"notice": called}), services, turn)
    return _back(ask, "redrive")


def _disable(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    return _switched(ask, fields, services, turn, enabled=False)


def _enable(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    return _switched(ask, fields, services, turn, enabled=True)


def _switched(ask: Ask, fields: Fields, services: Services, turn: Turn, *, enabled: bool) -> Answer:
    patch = json.dumps({"configuration": {"IsEnabled": enabled}}).encode()
    answer = patch_inventory(replace(_as_program(ask, fields), body=patch), services, turn)
    return _back(ask, _so_far(answer, "enable" if enabled else "disable"))


def _so_far(answer: Answer, done: str) -> str:
    """What is told: that it is done, or only that it was asked for, because the platform takes longer."""
    return done if answer.status == 200 else "apply"


def _remove(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    record = record_asked_for(ask, services)
    if fields.get("confirm") != "yes":
        return _question("remove", ask, fields, services, turn)
    query = {"keep_remote": "true"} if fields.get("keep_remote") else {}
    asked = replace(_as_program(ask, fields), query=query)
    try:
        answer = delete_inventory(asked, services, turn)
    except (Stale, Refused, Conflict) as exc:
        return _question("remove", ask, fields, services, turn, exc)
    if answer.status == 202:
        return _back(ask, "remove")
    return _to(f"{status_page(ask.base)}?search={record.bucket}")


def _restore(ask: Ask, fields: Fields, services: Services, turn: Turn) -> Answer:
    record_asked_for(ask, services)
    if fields.get("confirm") != "yes":
        return _question("restore", ask, fields, services, turn)
    asked = _as_program(ask, fields)
    query = {"overwrite": "true"} if fields.get("overwrite") else {}
    path = {**ask.path, "number": fields.get("number", "")}
    try:
        answer = restore_inventory(replace(asked, path=path, query=query), services, turn)
    except (Stale, Refused, Conflict, NotYet) as exc:
        return _question("restore", ask, fields, services, turn, exc)
    return _back(ask, _so_far(answer, "restore"))


_ACTIONS: Mapping[str, Action] = {
    "check": _check,
    "restore": _restore,
    "redrive": _redrive,
    "disable": _disable,
    "enable": _enable,
    "remove": _remove,
}


def _question(
    action: str,
    ask: Ask,
    fields: Fields,
    services: Services,
    turn: Turn,
    refusal: Stale | Refused | Conflict | NotYet | None = None,
) -> Answer:
    """The page that shows what would be done by a look now, and asks for a confirmation."""
    record = record_asked_for(ask, services)
    number = fields.get("number", "") if action == "restore" else ""
    words = None if refusal is None else str(refusal)
    try:
        preview = _foreseen(action, record.bucket, record.id, number, services, turn).preview
    except (Refused, PlatformError) as exc:
        if refusal is None and isinstance(exc, Refused):
            raise
        preview, words = None, words or str(exc)
    asked = Question(action, record.bucket, record.id, record.version, preview, number, words)
    page = services.pages.question(asked, services.settings.deployment, ask.base)
    status = 200 if refusal is None else 412 if isinstance(refusal, Stale) else 409
    return page_answer(services, page, status)


def _foreseen(action: str, bucket: str, id: str, number: str, services: Services, turn: Turn) -> Outcome:
    if action == "remove":
        return services.configure.remove(bucket, id, turn, dry_run=True)
    return services.restore.restore(bucket, id, history_number(bucket, id, number), turn, dry_run=True)


def _as_program(ask: Ask, fields: Fields | None = None) -> Ask:
    """The request that a program would send, of the version that was shown."""
    version = (fields or {}).get("version")
    return replace(ask, query={}, body=b"", headers={"if-match": version} if version else {})


def _back(ask: Ask, done: str) -> Answer:
    return _to(f"{inventory_page(ask.base, ask.name('bucket'), ask.name('id'))}?done={done}")


def _to(place: str) -> Answer:
    return Answer(303, "", {"Location": place, "Cache-Control": "no-store"}, HTML)
