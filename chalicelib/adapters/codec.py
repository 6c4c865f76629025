"""The forms that the stores share: values as JSON documents, instants as numbers, page tokens.

In come `Record`, `Report`, `Notice` and other values that are kept, out goes JSON text, and back: what
comes out equals what went in. Whatever a dataclass gains later needs a default and nothing here; a document
that a newer version wrote is read without what this one does not know.

msgspec checks and converts the values. The text itself is the standard library's JSON in ASCII, because
what is kept was partly written by strangers: their whole numbers of any length and their halves of
surrogate pairs are things that `msgspec.json` refuses, and that no database should have to store. Summaries,
which are large and read by the thousand, have a form of their own: `summary_text`.
"""

import json
import re
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from chalicelib.adapters.summary_text import SummaryText, full, lean
from chalicelib.core.channel import Disabled
from chalicelib.core.contents import Contents
from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.report import Report
from chalicelib.core.summary import Summary
from chalicelib.core.summary_job import Job, Part, Task
from chalicelib.core.trend import Point
from chalicelib.errors import FieldProblem, Invalid

Stored = TypeVar("Stored", Record, Report, Notice, Disabled, Replaced, Job, Task, Part, Contents, Point)
Storable = Record | Report | Notice | Disabled | Replaced | Job | Task | Part | Contents | Point

_NOTHING = Summary(0)
_EMPTY = msgspec.to_builtins(_NOTHING)
"""What stands in the place of a summary while the rest around it is converted."""

_POINTS = msgspec.json.Decoder(Point)
"""Points are read by the thousand, and a tenth of the time is enough where all of it is typed."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 10**18  # in microseconds, later than any datetime
MOST_NUMBER = 10**12
"""Above the number of any entry of a history."""

_RECORD_TOKEN = re.compile(r"([!-.0-~]{1,100})/([!-.0-~]{1,100})")
_TIME_TOKEN = re.compile(r"(-?[0-9]{1,18})/([!-~]{1,100})")
_NUMBER_TOKEN = re.compile(r"[1-9][0-9]{0,11}")
_CALLED = re.compile(r"[0-9a-f]{8,32}")


def to_text(value: Storable) -> str:
    """The value as one line of JSON in ASCII. `Difference` and `Notice.facts` must hold plain JSON."""
    if isinstance(value, Part | Contents):
        head = msgspec.to_builtins(replace(value, summary=_NOTHING))
        document = {**head, "summary": msgspec.to_builtins(lean(value.summary))}
    else:
        document = msgspec.to_builtins(value)
    return json.dumps(document, separators=(",", ":"))


def from_text(kind: type[Stored], text: str) -> Stored:
    """The value that `to_text` wrote. Raises `msgspec.ValidationError` where the text holds none."""
    if kind is Point:
        with suppress(msgspec.DecodeError):  # where it holds what no number or text of ours is: as all others
            return _POINTS.decode(text)
    document = json.loads(text)
    if kind not in (Part, Contents):
        return msgspec.convert(document, kind)
    if not isinstance(document, dict) or "summary" not in document:
        raise msgspec.ValidationError("there is no summary in it")
    summary = full(msgspec.convert(document["summary"], SummaryText))
    return replace(msgspec.convert({**document, "summary": _EMPTY}, kind), summary=summary)


def to_bytes(value: Storable) -> bytes:
    """The text of `to_text`, compressed (RFC 1950), to a half of it or less as a rule."""
    return zlib.compress(to_text(value).encode("ascii"))


def from_bytes(kind: type[Stored], data: bytes) -> Stored:
    """The value that `to_bytes` wrote. Raises as `from_text`, and `zlib.error` where nothing did."""
    return from_text(kind, zlib.decompress(data).decode("ascii"))


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC: exact, and numbers sort as the instants do."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def instant(number: int) -> datetime:
    """The instant of which `micros` gave this number."""
    return _EPOCH + timedelta(microseconds=number)


def optional_micros(moment: datetime | None) -> int | None:
    """As `micros`; None stays None."""
    return None if moment is None else micros(moment)


def record_token(last: Record) -> str:
    """The `next` of a page that ends with this record."""
    return f"{last.bucket}/{last.id}"


def read_record_token(token: str | None) -> tuple[str, str]:
    """Bucket and id after which the page begins; before every record where there is no token.

    Raises `Invalid` where `record_token` cannot have written it.
    """
    if token is None:
        return "", ""
    return _parts(_RECORD_TOKEN, token)


def report_token(last: Report) -> str:
    """The `next` of a page that ends with this report."""
    return f"{micros(last.created_at)}/{last.id}"


def read_report_token(token: str | None) -> tuple[int, str]:
    """`created_at` in microseconds and id, below which the page begins; above all without a token.

    Raises `Invalid` where `report_token` cannot have written it.
    """
    return _time_and_id(token)


def notice_token(last: Notice) -> str:
    """The `next` of a page that ends with this notice."""
    return time_token(micros(last.created_at), last.id)


def time_token(time: int, id: str) -> str:
    """The `next` of a page that ends at this time, in microseconds, and id."""
    return f"{time}/{id}"


def read_notice_token(token: str | None) -> tuple[int, str]:
    """As `read_report_token`, of what `notice_token` wrote."""
    return _time_and_id(token)


def point_token(last: Point) -> str:
    """The `next` of a page that ends with this point."""
    return f"{micros(last.taken_at)}/{last.report_id}"


def read_point_token(token: str | None) -> tuple[int, str]:
    """As `read_report_token`, of what `point_token` wrote."""
    return _time_and_id(token)


def replaced_token(last: Replaced) -> str:
    """The `next` of a page that ends with this entry."""
    return str(last.number)


def read_replaced_token(token: str | None) -> int:
    """The number below which the page begins; above all without a token.

    Raises `Invalid` where `replaced_token` cannot have written it.
    """
    if token is None:
        return MOST_NUMBER
    if _NUMBER_TOKEN.fullmatch(token) is None:
        raise _no_token()
    return int(token)


def is_called(id: str) -> bool:
    """Whether this can be a notice's id or the beginning of one, and is not too short to be asked for."""
    return _CALLED.fullmatch(id) is not None


def _time_and_id(token: str | None) -> tuple[int, str]:
    if token is None:
        return _LATEST, ""
    created_at, id = _parts(_TIME_TOKEN, token)
    return int(created_at), id


def _parts(form: re.Pattern[str], token: str) -> tuple[str, str]:
    found = form.fullmatch(token)
    if found is None:
        raise _no_token()
    return found[1], found[2]


def _no_token() -> Invalid:
    return Invalid((FieldProblem("/after", "must be the `next` of the page before, unchanged"),))
