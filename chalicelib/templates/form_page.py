"""The pages of the form: what is typed, and what would come of it.

In come the values; out go what their templates need. What others wrote is shown as text of bounded length.
"""

from collections.abc import Iterator
from typing import Any, get_args

from chalicelib.core import form_values as names
from chalicelib.core.form_values import FormPlan, FormValues, Question
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Format
from chalicelib.core.kinds import WantedKind
from chalicelib.core.preview import Preview
from chalicelib.templates.hostile import shown
from chalicelib.templates.plan_text import plan_status, step_lines, step_title

_MOST_STEPS = 50

_LABELS = {
    names.BUCKET: "Source bucket",
    names.ID: "Id",
    names.DESTINATION: "Destination bucket",
    names.PREFIX: "Prefix of reports",
    names.FORMAT: "Format",
    names.FREQUENCY: "How often",
    names.VERSIONS: "Versions",
    names.FILTER: "Only objects that begin with",
    names.COLUMNS: "Columns",
    names.ENABLED: "Enabled",
    names.NOTIFY: "Other channels",
    names.READERS: "Readers",
    names.FIRST_POLICY: "Where the destination has no policy yet",
    names.ZONE: "Create the destination in",
    names.MANAGEMENT: "Management",
    names.ON_DRIFT: "When something differs later",
    names.THRESHOLDS: "Thresholds",
}
_COLUMN_HINTS = {
    "Size": "bytes, growth, cost",
    "LastModifiedDate": "ages of objects",
    "LastAccessedDate": "hot, warm and cold, cost",
    "StorageClass": "classes",
}
_MEASURES = {
    "objects": "Objects",
    "bytes": "Bytes",
    "cold_bytes": "Cold bytes",
    "cost": "Cost of a month",
    "growth_percent": "Growth in percent",
}


def form_context(form: FormValues) -> dict[str, Any]:
    """What the template of the form is filled with."""
    ids = {name: f"field-{number}" for number, name in enumerate(form.names())}
    return {
        "form": form,
        "n": names,
        "ids": ids,
        "labels": _LABELS,
        "hints": _COLUMN_HINTS,
        "formats": [(each, each) for each in get_args(Format)],
        "kinds": get_args(WantedKind),
        "measures": _MEASURES,
        "summary": [(ids.get(each.path, "form"), _label(each.path), each.message) for each in form.problems],
    }


def plan_context(plan: FormPlan, deployment: Deployment) -> dict[str, Any]:
    """What the template of the plan is filled with."""
    checks = plan.judgement.checks if plan.judgement else ()
    return {"plan": plan, "checks": checks, **_steps_context(plan.preview, deployment)}


def question_context(question: Question, deployment: Deployment) -> dict[str, Any]:
    """What the template that asks for a confirmation is filled with."""
    preview = question.preview
    return {"question": question, "preview": preview, **_steps_context(preview, deployment)}


def _steps_context(preview: Preview | None, deployment: Deployment) -> dict[str, Any]:
    steps = preview.plan.steps if preview else ()
    return {
        "status": plan_status(preview, deployment) if preview else None,
        "steps": [
            (step_title(each), list(_marked(step_lines(each, deployment)))) for each in steps[:_MOST_STEPS]
        ],
        "more_steps": max(0, len(steps) - _MOST_STEPS),
    }


def _label(name: str) -> str:
    """What people call a field."""
    if name in _LABELS:
        return _LABELS[name]
    if name.startswith(f"{names.THRESHOLDS}/"):
        return f"Threshold {int(name.split('/')[2]) + 1}"
    return shown(name.capitalize(), 110) if name else "The form"


def _marked(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Each line with what it is: `add`, `del`, or nothing of both."""
    for line in lines:
        head = line.lstrip()[:1]
        yield {"+": "add", "-": "del"}.get(head, ""), line
