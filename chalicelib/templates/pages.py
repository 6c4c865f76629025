"""The pages that people look at in a browser, each made of values by its template.

Nothing on a page is loaded from elsewhere and nothing runs: the style stands in the page, and its digest in
the Content-Security-Policy, which allows nothing else. Charts are SVG, forms are plain forms.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.core import page_address
from chalicelib.core.badge import Badge
from chalicelib.core.form_values import FormPlan, FormValues, Question
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory_view import InventoryView
from chalicelib.core.overview import Overview
from chalicelib.templates.amounts import brief, counted, duration, instant
from chalicelib.templates.badge import badge_svg
from chalicelib.templates.form_page import form_context, plan_context, question_context
from chalicelib.templates.hostile import shown
from chalicelib.templates.inventory_page import inventory_values
from chalicelib.templates.status_page import status_values
from chalicelib.version import VERSION

_FOLDER = Path(__file__).parent
_NAME = 100


class Pages:
    """Makes the pages. `base` in all methods is what stands before our paths in an address."""

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of every page (W3C, CSP Level 3): our style, our forms, no more."""
        digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )

    def problem(self, problem: Mapping[str, Any], base: str) -> str:
        """The page that tells of an error: a problem document (RFC 9457), for people."""
        return rendered("problem_page.html.j2", base, problem=problem)

    def form(self, form: FormValues, base: str) -> str:
        """The form, for a new inventory or to change one."""
        return rendered("form_page.html.j2", base, **form_context(form))

    def form_plan(self, plan: FormPlan, deployment: Deployment, base: str) -> str:
        """What would come of a form, to be confirmed."""
        return rendered("plan_page.html.j2", base, **plan_context(plan, deployment))

    def question(self, question: Question, deployment: Deployment, base: str) -> str:
        """What an action would do, to be confirmed."""
        return rendered("question_page.html.j2", base, **question_context(question, deployment))

    def inventory(self, view: InventoryView, base: str) -> str:
        """The page of one inventory."""
        return rendered("inventory_page.html.j2", base, **inventory_values(view))

    def badge(self, badge: Badge) -> str:
        """A badge, as SVG."""
        return badge_svg(badge)

    def status(self, overview: Overview, base: str) -> str:
        """The page with every inventory at a glance."""
        return rendered("status_page.html.j2", base, **status_values(overview))


def rendered(template: str, base: str, **values: Any) -> str:
    """A page of this template, with what each page has."""
    return _environment().get_template(template).render(
        base=base, style=_style(), version=VERSION, address=page_address, **values
    )  # fmt: skip


def ago(time: datetime | None, now: datetime) -> str:
    """How long ago, or in how long: `3 h 20 min ago`, `in 2 days`; `never` for None."""
    if time is None:
        return "never"
    seconds = (now - time).total_seconds()
    if abs(seconds) < 60:
        return "just now" if seconds >= 0 else "in a moment"
    words = _coarse(abs(seconds))
    return f"{words} ago" if seconds > 0 else f"in {words}"


def _coarse(seconds: float) -> str:
    days = int(seconds // 86_400)
    if days >= 2:
        return counted(days, "day")
    minutes = int(seconds // 60)
    hours, rest = divmod(minutes, 60)
    words = [*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest else [])]
    return " ".join(words)


@cache
def _style() -> str:
    return (_FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        ago=ago,
        brief=brief,
        counted=counted,
        duration=duration,
        instant=instant,
        machine=lambda time: time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        shown=lambda text, limit=_NAME: shown(str(text), limit),
    )
    return environment
