"""One notice as words: the same for every channel, bounded, and free of any channel's markup.

In comes a `Notice`; out come `Words`. What is said is in `report_words.py`, `threshold_words.py`,
`drift_words.py` and `setup_words.py`, one function a kind; how it looks is up to `slack.py` and `mail.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.core.notice import Kind, Notice
from chalicelib.templates import drift_words, report_words, setup_words, threshold_words
from chalicelib.templates.draft import Draft, Fact, Headline, Tone, known
from chalicelib.templates.facts import Facts
from chalicelib.templates.hostile import shown
from chalicelib.templates.page_link import PageLink, page_link

MAX_DETAILS = 10
"""Lines of details; more are counted and not shown."""

_KINDS: Mapping[Kind, Callable[[Facts], Draft]] = {
    "report.landed": report_words.landed,
    "report.incomplete": report_words.incomplete,
    "report.corrupt": report_words.corrupt,
    "report.overdue": report_words.overdue,
    "report.recovered": report_words.recovered,
    "report.threshold": threshold_words.threshold,
    "drift.found": drift_words.drift_found,
    "drift.changed": drift_words.drift_changed,
    "drift.unknown": drift_words.drift_unknown,
    "drift.resolved": drift_words.drift_resolved,
    "drift.repaired": drift_words.drift_repaired,
    "drift.contested": drift_words.drift_contested,
    "drift.unmanaged": drift_words.drift_unmanaged,
    "setup.failed": setup_words.setup_failed,
    "setup.applied": setup_words.setup_applied,
    "channel.disabled": setup_words.channel_disabled,
    "channel.test": setup_words.channel_test,
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says.

    `title` tells in one line what happened and to which inventory, `figure` the one figure that matters
    (empty where there is none), `meaning` what it means, `next_step` the one thing to do next with the
    request for it in `call`, `link` where to read on. `headline` has the figures that come before the other
    facts. `details` are lines under `details_title`, and `details_more` is how many further ones were left
    out.
    `footer` is the last line everywhere, the same on every retry. All of it is text, never markup.
    """

    tone: Tone
    title: str
    figure: str
    meaning: str
    headline: Headline
    facts: tuple[Fact, ...]
    details_title: str
    details: tuple[str, ...]
    details_more: int
    next_step: str
    call: str | None
    link: PageLink | None
    footer: str


def words(notice: Notice, base: str = "") -> Words:
    """The notice in words. Facts that are missing are left out; nothing raises for what they hold.

    `base` is where the pages are; empty where that is not known.
    """
    draft = _KINDS[notice.kind](Facts(notice))
    return Words(
        tone=draft.tone,
        title=shown(draft.title, 200),
        figure=shown(draft.figure or "", 120),
        meaning=shown(" ".join(each for each in draft.meaning if each), 1200),
        headline=draft.headline,
        facts=known(*draft.facts),
        details_title=draft.details_title if draft.details else "",
        details=draft.details[:MAX_DETAILS],
        details_more=draft.details_more + max(len(draft.details) - MAX_DETAILS, 0),
        next_step=draft.next_step,
        call=None if draft.call is None else shown(draft.call, 400),
        link=page_link(notice, base),
        footer=f"{notice.kind} · {notice.short_id}",
    )
