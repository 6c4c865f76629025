"""What is said about reports: landed, incomplete, corrupt, overdue, recovered.

In come the facts of a notice; out comes a `Draft`. The readers are whoever uses the reports: they want to
know whether there is one, whether it can be trusted, and where it is.
"""

import re

from chalicelib.templates import contents_words
from chalicelib.templates.amounts import counted
from chalicelib.templates.draft import Draft, Headline, Line, inventory_call, summary_call
from chalicelib.templates.facts import Facts
from chalicelib.templates.figures import Figures
from chalicelib.templates.hostile import shown

_SCHEDULES = {"Daily": "daily", "Weekly": "weekly"}
_PROBLEM_LENGTH = 400
_MORE = re.compile(r"and ([0-9]{1,9}) more")


def landed(facts: Facts) -> Draft:
    """A complete report is there, with what it lists where that was summed up."""
    summary = Figures(facts.notice.facts).within("summary")
    figure = contents_words.figure(summary) if summary else None
    unread = contents_words.unread(summary) if summary else None
    told = figure is not None or unread is not None
    late = not told and facts.flag("summary_awaited")
    call = summary_call(facts.notice) if told or late else inventory_call(facts.notice, "GET", "/reports")
    further = "All that was summed up" if told else "Its summary, when it is there" if late else "All reports"
    return Draft(
        tone="warning" if unread else "good",
        title=f"Inventory report landed: {facts.name}{f' · {figure}' if figure else ''}",
        meaning=(
            f"The new listing of {facts.bucket} is complete: every file that its manifest names is there.",
            "This is the report that was told before as incomplete or corrupt; it can be used now."
            if facts.flag("healed")
            else None,
            "The manifest names no files, so there was nothing to list."
            if facts.number("files") == 0
            else None,
            unread,
            "What it lists was not summed up in time for this notice." if late else None,
        ),
        headline=contents_words.headline(summary) if summary else Headline(),
        figure=contents_words.stored(summary) if summary else None,
        facts=_landed_facts(facts, told=told),
        next_step=f"Read the files that the manifest names{_before_next_run(facts)}. {further}:",
        call=call,
    )


def _landed_facts(facts: Facts, *, told: bool) -> tuple[Line, ...]:
    """Where it is, and how it was made; how long after the one before is of use only without figures."""
    return (
        Line("Arrived", facts.instant("arrived_at")),
        Line("Run began", facts.instant("created_at")),
        Line("Files", facts.files()),
        Line("Format", facts.text("format"), exact=True),
        Line("After the previous one", None if told else _after_previous(facts)),
        Line("Where", facts.place("manifest_key"), exact=True),
    )


def _before_next_run(facts: Facts) -> str:
    return ", before the next run writes over it" if facts.text("layout") == "fixed" else ""


def incomplete(facts: Facts) -> Draft:
    """A manifest is there, and parts of its report have not come."""
    return Draft(
        tone="warning",
        title=f"Inventory report {'still ' if facts.number('reminder') else ''}incomplete: {facts.name}",
        meaning=(
            f"{_waited(facts)}, parts of the report were still missing. Reading it gives only part of the"
            " listing.",
            "Should the rest still come, a notice will say so.",
        ),
        figure=_how_many(facts, "part", " missing"),
        facts=_broken_facts(facts),
        details_title="What is missing",
        details=_problems(facts)[0],
        details_more=_problems(facts)[1],
        next_step="See whether the destination has quota left and whether something removes files there;"
        " then look again:",
        call=inventory_call(facts.notice, "POST", "/check"),
    )


def corrupt(facts: Facts) -> Draft:
    """A manifest is there, and what it says is not what lies there."""
    return Draft(
        tone="bad",
        title=f"Inventory report {'still ' if facts.number('reminder') else ''}corrupt: {facts.name}",
        meaning=(
            f"{_waited(facts)}, the report still contradicted itself. It must not be used.",
            "Should it be put right, a notice will say so.",
        ),
        figure=_how_many(facts, "thing", " wrong"),
        facts=_broken_facts(facts),
        details_title="What is wrong",
        details=_problems(facts)[0],
        details_more=_problems(facts)[1],
        next_step="See whether anything else writes under the report prefix. The next run usually brings"
        " a good report; to look again:",
        call=inventory_call(facts.notice, "POST", "/check"),
    )


def overdue(facts: Facts) -> Draft:
    """The time for a report is over."""
    last, late = facts.instant("last_arrived_at"), facts.duration("overdue_seconds")
    cause = facts.sentence("cause")
    first = facts.has("last_arrived_at") and last is None
    return Draft(
        tone="bad",
        title=f"{'Still no' if facts.number('reminder') else 'No'} inventory report for {facts.name}",
        meaning=(
            f"{_due_report(facts)} has not come in time. The platform gives no sign when a run fails.",
            f"The likely cause: {cause}" if cause else "No cause has been found yet.",
        ),
        figure=late and f"{late} overdue",
        facts=(
            Line("Expected by", facts.instant("expected_by")),
            Line("Last report", "none has come so far" if first else last),
            Line("Reminder", facts.reminder()),
            Line("Looked for at", facts.place("prefix"), exact=True),
        ),
        next_step="Mend the cause. Where the setup was changed, the request that set it up restores it:"
        if cause
        else "Have reports, configuration and policies looked at now:",
        call=inventory_call(facts.notice, "PUT") if cause else inventory_call(facts.notice, "POST", "/check"),
    )


def recovered(facts: Facts) -> Draft:
    """A report ended the time without one."""
    late, missed = facts.duration("late_seconds"), facts.number("missed")
    return Draft(
        tone="good" if not missed else "warning",
        title=f"Inventory reports are back: {facts.name}",
        meaning=(
            f"The report that was overdue has come{f', {late} late' if late else ''}.",
            None if missed is None else _missed(missed),
        ),
        figure=f"{counted(missed, 'report')} missed" if missed else late and f"{late} late",
        facts=(
            Line("Arrived", facts.instant("arrived_at")),
            Line("Overdue since", facts.instant("expected_by")),
        ),
        next_step="Whoever works with each listing has to do without the missed ones. Those that came:"
        if missed
        else "Nothing has to be done. All reports:",
        call=inventory_call(facts.notice, "GET", "/reports"),
    )


def _broken_facts(facts: Facts) -> tuple[Line, ...]:
    return (
        Line("Run began", facts.instant("created_at")),
        Line("Manifest found", facts.instant("found_at")),
        Line("It names", facts.files()),
        Line("Reminder", facts.reminder()),
        Line("Where", facts.place("manifest_key"), exact=True),
    )


def _problems(facts: Facts) -> tuple[tuple[str, ...], int]:
    """The problems, and how many more there were: `core.report.bounded` says so in a last line."""
    problems = [str(each) for each in facts.items("problems")]
    more = _MORE.fullmatch(problems[-1]) if problems else None
    kept = problems[:-1] if more else problems
    return tuple(shown(each, _PROBLEM_LENGTH) for each in kept), int(more[1]) if more else 0


def _how_many(facts: Facts, one: str, how: str) -> str | None:
    told, more = _problems(facts)
    return f"{counted(len(told) + more, one)}{how}" if told else None


def _waited(facts: Facts) -> str:
    pending = facts.duration("pending_seconds")
    return f"{pending} after its manifest was found" if pending else "After its manifest was found"


def _after_previous(facts: Facts) -> str | None:
    if facts.has("previous_seconds") and facts.notice.facts["previous_seconds"] is None:
        return "this is the first report"
    return facts.duration("previous_seconds")


def _due_report(facts: Facts) -> str:
    schedule = _SCHEDULES.get(facts.text("frequency") or "")
    return f"The {schedule} report" if schedule else "The report"


def _missed(number: int) -> str:
    if number == 0:
        return "None was missed."
    verb = "was" if number == 1 else "were"
    return f"{counted(number, 'report')} that {verb} due before it never came."
