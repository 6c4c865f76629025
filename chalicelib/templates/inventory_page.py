"""The page of one inventory: from what was gathered to the values that its template shows.

In comes an `InventoryView`; out come charts, lines and rows, in the order in which they stand on the page.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.core.history import Replaced
from chalicelib.core.inventory_view import InventoryView
from chalicelib.core.notice import Notice
from chalicelib.core.policies_seen import PolicySeen, StatementSeen
from chalicelib.core.standing import Tone, standing_of, tone_of
from chalicelib.templates.arrivals_chart import arrivals_chart
from chalicelib.templates.drift_diff import drift_diff, json_lines
from chalicelib.templates.hostile import sentence, shown
from chalicelib.templates.inventory_figures import bar_tables, figures, growing
from chalicelib.templates.inventory_words import (
    configuration_words,
    management_words,
    meanings,
    next_step,
    notify_words,
    threshold_words,
)
from chalicelib.templates.trend_chart import trend_charts
from chalicelib.templates.words import words

_MOST_STATEMENTS = 30
_ROOM = 16_000
"""Characters of all statements together, and of all texts of the history."""
_MOST_NAMES = 5
_TITLE = 200
_ERROR = 300

DONE: Mapping[str, str] = {
    "check": "A look was tried; what it found stands below.",
    "restore": "What was there before was put back.",
    "redrive": "The notice waits to be sent again.",
    "disable": "Reports are disabled.",
    "enable": "Reports are enabled.",
    "apply": "It was asked for; what has become of it stands below.",
    "remove": "It is being taken away.",
}
"""What is said after an action, by its name in the query `done`."""

_NOTICE_STATES: Mapping[str, tuple[Tone, str]] = {
    "sent": ("good", "sent"),
    "waiting": ("idle", "waiting"),
    "given_up": ("bad", "given up"),
}


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice; `tone` and `state` say what became of it."""

    id: str
    kind: str
    title: str
    channel: str
    created_at: datetime
    tone: Tone
    state: str
    error: str
    given_up: bool


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement with whose it is; `text` is None where there is no room for it."""

    name: str
    whose: str
    ours: bool
    text: str | None


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """The policy of one bucket."""

    seen: PolicySeen
    statements: tuple[StatementLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the history; `text` is what there was, None where there was nothing."""

    entry: Replaced
    text: str | None
    cut: bool


def inventory_values(view: InventoryView) -> dict[str, Any]:
    """What the template shows."""
    record = view.record
    standing = standing_of(record)
    return {
        "view": view,
        "record": record,
        "wanted": record.inventory.configuration,
        "now": view.now,
        "standing": standing,
        "meanings": [(word, tone_of(word), said) for word, said in meanings(record)],
        "next": next_step(record),
        "done": DONE.get(view.done, ""),
        "configuration": configuration_words(record.inventory),
        "notify": notify_words(record.inventory),
        "management": management_words(record.inventory),
        "thresholds": [threshold_words(each) for each in record.inventory.thresholds],
        "figures": figures(view.points, view.prices),
        "tables": bar_tables(view.contents) if view.contents else (),
        "growing": growing(view.contents) if view.contents else (),
        "arrivals": arrivals_chart(view.windows),
        "trends": trend_charts(view.points),
        "diffs": drift_diff(record.drift.differences),
        "policies": _policies(view.policies),
        "history": _history(view.history.items),
        "notices": [_notice(each) for each in view.notices],
    }


def _notice(notice: Notice) -> NoticeLine:
    tone, state = _NOTICE_STATES[notice.state]
    error = sentence(notice.last_error, _ERROR) if notice.last_error and notice.state != "sent" else ""
    return NoticeLine(
        notice.id,
        notice.kind,
        shown(words(notice).title, _TITLE),
        notice.channel,
        notice.created_at,
        tone,
        state,
        error,
        notice.state == "given_up",
    )


def _policies(policies: Iterable[PolicySeen]) -> tuple[PolicyPart, ...]:
    room, parts = _ROOM, []
    for each in policies:
        lines = []
        for statement in each.statements[:_MOST_STATEMENTS]:
            text = "\n".join(json_lines(statement.document))
            room -= len(text)
            lines.append(_statement(statement, text if room >= 0 else None))
        parts.append(PolicyPart(each, tuple(lines), max(len(each.statements) - _MOST_STATEMENTS, 0)))
    return tuple(parts)


def _statement(statement: StatementSeen, text: str | None) -> StatementLine:
    names = statement.needed_by
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    if names:
        whose = f"Stocktake's, for {', '.join(shown(each, 100) for each in names[:_MOST_NAMES])}{more}"
    else:
        whose = "Stocktake's: what no policy meant" if statement.ours else "of others"
    return StatementLine(statement.name, whose, statement.ours, text)


def _history(entries: Iterable[Replaced]) -> tuple[HistoryLine, ...]:
    room, lines = _ROOM, []
    for each in entries:
        text = _pretty(each.text)
        cut = text is not None and len(text) > room
        lines.append(HistoryLine(each, text[:room] if text is not None else None, cut))
        room = max(room - len(text or ""), 0)
    return tuple(lines)


def _pretty(text: str | None) -> str | None:
    """JSON as people read it; what is none, as it is."""
    if text is None:
        return None
    try:
        return "\n".join(json_lines(json.loads(text)))
    except (ValueError, RecursionError):
        return shown(text, _ROOM)
