"""How an inventory stands, in one word: the worst of its set-up, its reports and its drift.

In comes a record; out comes a `Standing`, of which a greater `rank` is worse, so that lists begin with what
needs somebody.
"""

from dataclasses import dataclass
from typing import Literal

from chalicelib.core.record import Record

Tone = Literal["bad", "warn", "idle", "good"]
"""`bad` needs somebody, `warn` may, `idle` waits for what is expected, `good` is as was asked for."""

Word = Literal[
    "set-up failed", "overdue", "missing", "drift", "contested", "unknown", "setting up", "being removed",
    "waiting", "disabled", "not looked at", "in order",
]  # fmt: skip

_TONES: dict[Word, Tone] = {
    "set-up failed": "bad",
    "overdue": "bad",
    "missing": "bad",
    "contested": "bad",
    "drift": "bad",
    "unknown": "warn",
    "setting up": "idle",
    "being removed": "idle",
    "not looked at": "idle",
    "waiting": "idle",
    "disabled": "idle",
    "in order": "good",
}
"""The worst first."""

WORDS: tuple[Word, ...] = tuple(_TONES)


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` are all that hold, the worst first; there is always one."""

    words: tuple[Word, ...]

    @property
    def word(self) -> Word:
        """The worst."""
        return self.words[0]

    @property
    def tone(self) -> Tone:
        """The tone of the worst."""
        return tone_of(self.word)

    @property
    def rank(self) -> int:
        """Greater is worse."""
        return len(WORDS) - WORDS.index(self.word)


def tone_of(word: Word) -> Tone:
    """How bad that is."""
    return _TONES[word]


def standing_of(record: Record) -> Standing:
    """How this inventory stands. A look at it is not needed: the record remembers the last one."""
    found = {_setup(record), _reports(record), _drift(record)} - {None}
    return Standing(tuple(each for each in WORDS if each in found) or ("in order",))


def _setup(record: Record) -> Word | None:
    if record.being_removed:
        return "being removed"
    return {"failed": "set-up failed", "pending": "setting up"}.get(record.state)  # type: ignore[return-value]


def _reports(record: Record) -> Word | None:
    return {"overdue": "overdue", "waiting": "waiting", "disabled": "disabled"}.get(  # type: ignore[return-value]
        record.freshness.status
    )


def _drift(record: Record) -> Word | None:
    if record.pending is not None or record.state == "failed":
        return None  # what is still to be done, or could not be, is told as that
    drift = record.drift
    if drift.checked_at is None:
        return "not looked at"
    if drift.contested:
        return "contested"
    return {"changed": "drift", "missing": "missing", "unknown": "unknown"}.get(drift.status)  # type: ignore[return-value]
