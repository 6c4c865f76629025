"""What is said about drift: what differs from what was asked for, what was put back, what nobody knows.

In come the facts of a notice; out comes a `Draft`. The readers are those who look after the buckets: they
want to know what differs, since when, and how to get back to what was asked for. `differing.py` says what
the differences come to.
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from chalicelib.core.inventory import id_problem
from chalicelib.templates.amounts import counted, duration, instant
from chalicelib.templates.differing import Situation, difference_lines, situation
from chalicelib.templates.draft import Draft, Line, inventory_call
from chalicelib.templates.facts import Facts, instant_of
from chalicelib.templates.hostile import sentence, shown

_PLAN = "/plan?format=text"
_MOST_NOTES = 3
_NOTE_LENGTH = 350
_MOST_TIMES = 10
_MOST_PATHS = 5
_SHORT = 40


def drift_found(facts: Facts) -> Draft:
    """What is there is no longer what was asked for."""
    still, found = bool(facts.number("reminder")), situation(facts)
    title = f"{found.still if still else found.title}: {facts.name}"
    return _drift(facts, found, title, found.meaning)


def drift_changed(facts: Facts) -> Draft:
    """It differs, in another way than was told before."""
    found = situation(facts)
    meaning = "This is another difference than the one told before."
    return _drift(facts, found, f"Inventory setup was changed again: {facts.name}", found.meaning, meaning)


def drift_contested(facts: Facts) -> Draft:
    """It was put back, or that was begun, as often as it may be, and changed again each time."""
    rounds = [each for each in facts.items("rounds") if isinstance(each, Mapping)]
    still = "still changes" if facts.number("reminder") else ""
    reasons = [each["reason"] for each in rounds if isinstance(each.get("reason"), str)]
    return Draft(
        tone="bad",
        title=f"Somebody {still or 'keeps changing'} the inventory setup: {facts.name}",
        meaning=(
            f"{_fought(len(rounds), reasons)} It is left as it is now: people have to decide who is right.",
            situation(facts).follows,
        ),
        figure=_put_back(len(rounds), bool(reasons)),
        facts=(
            Line("Noticed", facts.instant("since") or instant(facts.notice.created_at)),
            Line("Reminder", facts.reminder()),
            Line("Begun" if reasons else "Put back", _times(rounds)),
            Line("Differed" if reasons else "Keeps changing", _again_and_again(facts, rounds), exact=True),
        ),
        details_title="What differs now",
        details=difference_lines(facts),
        next_step="Find the other writer (Terraform, a script, a colleague) and have it stop. Then send the"
        ' PUT again that set it up; or ask with "on_drift": "notify" to be told only. What would be done:',
        call=inventory_call(facts.notice, "GET", _PLAN),
    )


def drift_repaired(facts: Facts) -> Draft:
    """It was changed, and is as asked for again."""
    rounds, most = facts.number("rounds"), facts.number("most")
    last = rounds is not None and most is not None and rounds >= most
    return Draft(
        tone="good",
        title=f"Inventory setup was put back: {facts.name}",
        meaning=(
            situation(facts).happened,
            "Stocktake has put it back, and it reads back as it was asked for.",
            "The drift told before is over." if facts.flag("told") else None,
            f"This was done {rounds} times within a day; the next change is left as it is, and told."
            if last
            else None,
        ),
        facts=(
            Line("Noticed", facts.instant("since")),
            Line("Put back", instant(facts.notice.created_at)),
        ),
        figure=f"Put back {rounds} of {most} times within a day" if rounds and most else None,
        details_title="What had been changed",
        details=difference_lines(facts),
        next_step="Nothing has to be done. If the change was wanted, ask for what you want now, or it is put"
        " back again:",
        call=inventory_call(facts.notice, "PUT"),
    )


def drift_unmanaged(facts: Facts) -> Draft:
    """A configuration appeared on the bucket that nobody asked Stocktake for."""
    id = facts.text("configuration") or shown(facts.notice.inventory_id, 100)
    can_be_adopted = id_problem(id) is None and id == facts.notice.inventory_id
    step = "delete it from the bucket if nobody needs it"
    name = facts.name if can_be_adopted else f"{facts.bucket} / {shown(id, 80)}"
    return Draft(
        tone="warning",
        title=f"Unmanaged inventory configuration: {name}",
        meaning=(
            f"Somebody put it on the bucket {facts.bucket}, and no inventory of Stocktake asks for it. Its"
            " reports are not watched, and nobody is told when they do not come.",
        ),
        facts=(
            Line("Configuration", None if can_be_adopted else id, exact=True),
            Line("Writes to", facts.place("prefix"), exact=True),
            Line("Seen", instant(facts.notice.created_at)),
        ),
        next_step=f"Take it under management as it is, which writes nothing, or {step}:"
        if can_be_adopted
        else f"Its id is none that Stocktake could manage: {step}. How the bucket stands:",
        call=inventory_call(facts.notice, "POST", "/adopt")
        if can_be_adopted
        else inventory_call(facts.notice, "GET"),
    )


def drift_unknown(facts: Facts) -> Draft:
    """The looks fail, and have for a while."""
    looks, since = facts.number("looks"), facts.instant("since")
    tries = f"{looks:,} looks in a row" if looks and looks > 1 else "The last looks"
    failed = f"{tries} have failed{f' since {since}' if since else ''}"
    still = "still " if facts.number("reminder") else ""
    if facts.text("about") == "reports":
        title = f"Inventory reports {still}cannot be looked for: {facts.name}"
        doubt = "so nobody can say whether a report has come. Reports that came will be told once this works."
    else:
        title = f"Inventory setup {still}cannot be checked: {facts.name}"
        doubt = "so nobody can say whether the setup is still as it was asked for."
    return Draft(
        tone="warning",
        title=title,
        meaning=(f"{failed}, {doubt}", facts.because()),
        figure=_lasted(facts, "No look has worked for"),
        facts=(Line("Reminder", facts.reminder()),),
        next_step="Mend what the reason names: the access key, a policy, the network. Then look again:",
        call=inventory_call(facts.notice, "POST", "/check"),
    )


def drift_resolved(facts: Facts) -> Draft:
    """It is as asked for again, or can be looked at again."""
    about_reports = facts.text("about") == "reports"
    return Draft(
        tone="good",
        title=f"Inventory reports can be looked for again: {facts.name}"
        if about_reports
        else f"Inventory setup is as asked for again: {facts.name}",
        meaning=(
            "The destination can be read again. Reports that came in the meantime are told as usual."
            if about_reports
            else "The configuration and the bucket policies match what was asked for; the trouble told"
            " before is over.",
        ),
        figure=_lasted(facts, "It lasted"),
        facts=(Line("Trouble began", facts.instant("since")),),
        next_step="Nothing has to be done. How it stands now:",
        call=inventory_call(facts.notice, "GET"),
    )


def _drift(facts: Facts, found: Situation, title: str, *meaning: str) -> Draft:
    lines = difference_lines(facts)
    notes = [sentence(each, _NOTE_LENGTH) for each in facts.items("notes") if isinstance(each, str)]
    return Draft(
        tone=found.tone,
        title=title,
        meaning=(*meaning, *notes[:_MOST_NOTES], found.who),
        facts=(
            Line("Noticed", facts.instant("since") or instant(facts.notice.created_at)),
            Line("Reminder", facts.reminder()),
        ),
        figure=counted(len(lines), "difference") if len(lines) > 1 else None,
        details_title="What differs",
        details=lines,
        next_step=found.next_step,
        call=inventory_call(facts.notice, "GET", _PLAN),
    )


def _lasted(facts: Facts, words: str) -> str | None:
    """How long it has been since it began, behind words."""
    began = facts.time("since")
    lasted = None if began is None else (facts.notice.created_at - began).total_seconds()
    return None if lasted is None or lasted < 0 else f"{words} {duration(lasted)}"


def _put_back(rounds: int, not_all: bool) -> str | None:
    times = f"{counted(rounds, 'time')} within a day"
    return (f"Begun to put back {times}" if not_all else f"Put back {times}") if rounds else None


def _fought(rounds: int, reasons: list[str]) -> str:
    """What Stocktake did, and how it ended; with the last of the reasons why not all of it came through."""
    times = f"{counted(rounds, 'time')} within a day" if rounds else "several times within a day"
    if not reasons:
        return f"Stocktake put it back {times}, and each time it was changed again."
    return (
        f"Stocktake began {times} to put it back. Each time what it wrote was changed again, or not all of it"
        f" could be written. The last reason: {sentence(reasons[-1], _NOTE_LENGTH)}"
    )


def _times(rounds: list[Mapping[str, Any]]) -> str | None:
    times = [found for each in rounds[:_MOST_TIMES] if (found := instant_of(each.get("at")))]
    return ", ".join(times) or None


def _again_and_again(facts: Facts, rounds: list[Mapping[str, Any]]) -> str | None:
    """The paths that differ now and were put back each time, with what was found there if it is short and
    always the same; all that differ now where there is none.
    """
    now = [str(each.get("path")) for each in facts.items("differences") if isinstance(each, Mapping)]
    found = [_found(each) for each in rounds]
    always = [path for path in now if all(path in each for each in found)]
    return ", ".join(_with_value(path, found) for path in (always or now)[:_MOST_PATHS]) or None


def _found(one: Mapping[str, Any]) -> dict[str, str]:
    paths, values = (one.get(name) for name in ("paths", "found"))
    paths = [str(each) for each in paths] if isinstance(paths, list | tuple) else []
    values = [str(each) for each in values] if isinstance(values, list | tuple) else []
    return dict(zip_longest(paths, values[: len(paths)], fillvalue=""))


def _with_value(path: str, found: list[dict[str, str]]) -> str:
    name, values = shown(path, 120), {each.get(path, "") for each in found}
    value = values.pop() if len(values) == 1 else ""
    if not value or len(value) > _SHORT:
        return name
    return f"{name} ({'nothing' if value == 'null' else shown(value, _SHORT)} each time)"
