"""The facts of a notice, read with nothing taken for granted.

In come plain JSON values under names; out come texts for people, or None for whatever is not there or
is not what it should be. A notice that lacks a fact is still worth sending.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.notice import Notice
from chalicelib.templates.amounts import brief, counted, duration, instant
from chalicelib.templates.hostile import sentence, shown

_MAX_VALUE = 1300  # an S3 key has up to 1,024 bytes, and stands after the name of its bucket
_MAX_SENTENCE = 500
_MAX_NAMES = 40
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice knows, and which inventory it is about."""

    notice: Notice

    @property
    def name(self) -> str:
        """The inventory as people call it: `production-data / daily-all`."""
        return f"{shown(self.notice.bucket, 80)} / {shown(self.notice.inventory_id, 80)}"

    @property
    def bucket(self) -> str:
        """The bucket that the inventory lists."""
        return shown(self.notice.bucket, 80)

    def has(self, name: str) -> bool:
        """Whether the fact is there, be it null."""
        return name in self.notice.facts

    def flag(self, name: str) -> bool:
        """Whether the fact is `true`."""
        return self.notice.facts.get(name) is True

    def text(self, name: str) -> str | None:
        """A name or key on one line."""
        value = self.notice.facts.get(name)
        return shown(value, _MAX_VALUE) if isinstance(value, str) and value else None

    def sentence(self, name: str) -> str | None:
        """A cause or reason, with its full stop."""
        value = self.notice.facts.get(name)
        return sentence(value, _MAX_SENTENCE) or None if isinstance(value, str) else None

    def because(self) -> str | None:
        """The reason, said as one."""
        reason = self.sentence("reason")
        return reason and f"The reason: {reason}"

    def number(self, name: str) -> int | None:
        """A number of things, not negative."""
        value = self.seconds(name)
        return None if value is None else int(value)

    def reminder(self) -> str | None:
        """Which reminder this is, None where it is told for the first time."""
        number = self.number("reminder")
        return f"number {number:,}" if number else None

    def seconds(self, name: str) -> float | None:
        """A number as it is, not negative."""
        value = self.notice.facts.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if 0 <= value < _LARGEST else None  # neither is NaN

    def time(self, name: str) -> datetime | None:
        """A time; one that names no zone is UTC."""
        return _time(self.notice.facts.get(name))

    def instant(self, name: str) -> str | None:
        """A time as people read it."""
        return instant_of(self.notice.facts.get(name))

    def duration(self, name: str) -> str | None:
        """A length of time as people read it."""
        seconds = self.seconds(name)
        return None if seconds is None else duration(seconds)

    def names(self, name: str) -> str | None:
        """A list of names, in one line."""
        values = self.items(name)
        if not values:
            return None
        shown_ones = [shown(str(each), 100) for each in values[:_MAX_NAMES]]
        more = len(values) - _MAX_NAMES
        return shown(", ".join(shown_ones), _MAX_VALUE) + (f" and {more} more" if more > 0 else "")

    def items(self, name: str) -> tuple[Any, ...]:
        """A list as it is; none where there is none."""
        value = self.notice.facts.get(name)
        return tuple(value) if isinstance(value, list | tuple) else ()

    def place(self, key: str) -> str | None:
        """`s3://bucket/key`, with the fact `destination` and the fact that `key` names."""
        destination = self.text("destination")
        return destination and shown(f"s3://{destination}/{self.text(key) or ''}", _MAX_VALUE)

    def files(self) -> str | None:
        """`12 files, 3.2 GiB`."""
        files, total = self.number("files"), self.number("bytes")
        if files is None:
            return None
        return counted(files, "file") + (f", {brief(total)}" if files and total is not None else "")


def instant_of(value: Any) -> str | None:
    """A value that should be a time, as people read it."""
    time = _time(value)
    return None if time is None else instant(time)


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
