"""How one inventory stands, in sentences: what each word of its standing means, and what to do next.

In comes a record; out come sentences for its page. The words are those of `core/standing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.core.inventory import Inventory
from chalicelib.core.record import Record
from chalicelib.core.standing import Word, standing_of
from chalicelib.core.threshold import Threshold
from chalicelib.templates.amounts import brief, instant
from chalicelib.templates.hostile import sentence

Kind = Literal["check", "form", "plan", "none"]

_REASON = 700

_MEANINGS: Mapping[Word, str] = {
    "set-up failed": "It was asked for and could not be set up on the platform.",
    "overdue": "A report should have come by now and has not.",
    "missing": "The configuration or a bucket that it needs is gone from the platform.",
    "contested": "It was put back several times and changed again each time, so it is left as it is.",
    "drift": "What is on the platform differs from what was asked for.",
    "unknown": "The last look at the platform failed, so nobody can say whether it is as asked for.",
    "setting up": "It was asked for and is being applied; this goes on by itself.",
    "being removed": "It is being taken away; this goes on by itself.",
    "not looked at": "It was not compared with the platform yet.",
    "waiting": "No report has come yet; a first one may take two days.",
    "disabled": "Reports are disabled, so none is expected.",
    "in order": "It is set up as asked for, and its reports come.",
}
_NEXT: Mapping[Word, tuple[Kind, str]] = {
    "set-up failed": ("form", "Mend what the reason names, then ask for it again in the form."),
    "overdue": (
        "check",
        "Look for reports now; if none is there, the cause above says what stands in the way.",
    ),
    "missing": ("plan", "See what would be done to put it back, then ask for it again in the form."),
    "contested": ("plan", "Find the other writer and have it stop. What would be done:"),
    "drift": ("plan", "See what would be done to put it back, or ask for what is there if that is wanted."),
    "unknown": ("check", "Mend what the reason names, then look again."),
    "setting up": ("none", "Nothing has to be done. Load this page again in a minute."),
    "being removed": ("none", "Nothing has to be done. Load this page again in a minute."),
    "not looked at": ("check", "Look now, or wait for the next look."),
    "waiting": ("none", "Nothing has to be done before a report is overdue."),
    "disabled": ("form", "Nothing has to be done. To have reports again, enable it in the form."),
    "in order": ("none", "Nothing has to be done."),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next; `kind` says with what."""

    kind: Kind
    words: str


def meanings(record: Record) -> tuple[tuple[Word, str], ...]:
    """Each word that holds, with what it means; the worst first."""
    return tuple((each, _meaning(each, record)) for each in standing_of(record).words)


def next_step(record: Record) -> NextStep:
    """What to do about the worst of them."""
    return NextStep(*_NEXT[standing_of(record).word])


def configuration_words(inventory: Inventory) -> str:
    """What is listed, how often, and as what."""
    asked = inventory.configuration
    versions = "all versions" if asked.versions == "All" else "the current versions"
    where = "" if asked.filter_prefix else " of all objects"
    often = "Every day" if asked.frequency == "Daily" else "Every week"
    enabled = "" if asked.enabled else " (disabled)"
    return f"{often}, {versions}{where}, as {asked.format}{enabled}"


def notify_words(inventory: Inventory) -> tuple[str, ...]:
    """Each channel, with what it is told of where that is not everything."""
    limited = {each.channel: each.kinds for each in inventory.only}
    return tuple(
        f"{each} ({', '.join(limited[each])})" if each in limited else each for each in inventory.notify
    )


def management_words(inventory: Inventory) -> str:
    """Whether it is applied or only observed, and what is done about drift."""
    if inventory.management == "observe":
        return "Only observed: nothing is written to the platform"
    drift = "put back" if inventory.on_drift == "repair" else "told, and not put back"
    return f"Applied; drift is {drift}"


def threshold_words(threshold: Threshold) -> str:
    """`bytes over 1.0 TiB`."""
    side, value = ("under", threshold.under) if threshold.over is None else ("over", threshold.over)
    number = value or 0.0
    told = brief(int(number)) if threshold.measure in ("bytes", "cold_bytes") else f"{number:,g}"
    return f"{threshold.measure.replace('_', ' ')} {side} {told}"


def _meaning(word: Word, record: Record) -> str:
    """With what is known of why."""
    why, words = _why(word, record), _MEANINGS[word]
    if word == "overdue" and record.freshness.expected_by is not None:
        words = f"A report was expected by {instant(record.freshness.expected_by)} and has not come."
    if word == "waiting" and record.freshness.expected_by is not None:
        words = f"No report has come yet; the first is expected by {instant(record.freshness.expected_by)}."
    return f"{words} {sentence(why, _REASON)}" if why else words


def _why(word: Word, record: Record) -> str | None:
    if word in ("set-up failed", "setting up", "being removed"):
        return record.reason
    if word == "overdue":
        return record.freshness.cause
    return record.drift.reason if word == "unknown" else None
