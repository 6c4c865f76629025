"""Many notices as one message: a line for each, in their order, under a title that counts them.

In come notices for one channel; out comes a `Digest`, free of any channel's markup. Each line has the same
kind and short id as the notice would have on its own, so that what comes twice is told by it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core.notice import Notice, notice_id
from chalicelib.templates.amounts import counted
from chalicelib.templates.draft import Tone
from chalicelib.templates.page_link import PageLink, status_link
from chalicelib.templates.words import words

KIND = "notices.digest"
"""Stands where a notice has its kind."""

_TITLE = 160
_WORDS = {"bad": "broken", "warning": "to look at", "good": "good"}
_WORST_FIRST: tuple[Tone, ...] = ("bad", "warning", "good")


@dataclass(frozen=True, slots=True)
class Line:
    """One notice: what happened, and its kind and short id."""

    tone: Tone
    title: str
    footer: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says. `id` is made of the notices' ids; `tone` is the worst among them."""

    id: str
    tone: Tone
    title: str
    figure: str
    meaning: str
    lines: tuple[Line, ...]
    next_step: str
    call: str
    link: PageLink | None
    footer: str


def digest(notices: Sequence[Notice], base: str = "") -> Digest:
    """The digest of these notices, two at least. `base` is where the pages are; empty: not known."""
    said = [words(each) for each in notices]
    tones = Counter(each.tone for each in said)
    id = notice_id("digest", *(each.id for each in notices))
    step = "Look at what is broken." if tones["bad"] + tones["warning"] else "Nothing has to be done."
    counts = ", ".join(f"{tones[each]} {_WORDS[each]}" for each in _WORST_FIRST if tones[each])
    return Digest(
        id=id,
        tone=next(each for each in _WORST_FIRST if tones[each]),
        title=f"{counted(len(notices), 'inventory notice')}: {counts}",
        figure="",
        meaning="More notices came at once than are sent one by one. Here they are, the oldest first.",
        lines=tuple(Line(each.tone, _cut(each.title), each.footer) for each in said),
        next_step=f"{step} Everything that a notice says, by the id at the end of its line:",
        call="GET /notices/{id}",
        link=status_link(base),
        footer=f"{KIND} · {id[:8]}",
    )


def _cut(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
