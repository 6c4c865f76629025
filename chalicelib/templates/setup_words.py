"""What is said about how setting up went, and about channels: failed set-ups, their end, a dead channel.

In come the facts of a notice; out comes a `Draft`. The readers are those who look after the buckets: they
want to know what does not work, since when, and what to do.
"""

from urllib.parse import quote

from chalicelib.templates.amounts import counted, duration
from chalicelib.templates.draft import Draft, Line, inventory_call
from chalicelib.templates.facts import Facts


def setup_failed(facts: Facts) -> Draft:
    """What was asked for could not be set up."""
    given_up = facts.text("state") == "failed"
    if facts.flag("repair"):
        return _repair_not_finished(facts)
    return Draft(
        tone="bad" if given_up else "warning",
        title=f"Inventory setup failed: {facts.name}"
        if given_up
        else f"Inventory setup is not finished: {facts.name}",
        meaning=(
            "The platform refused what was asked for, and it is not tried again. Reports may not come."
            if given_up
            else "What was asked for could not be set up so far. Stocktake goes on trying, less and less"
            " often. Reports may not come until it works.",
            facts.because(),
        ),
        figure=None if given_up else _attempts(facts),
        facts=(Line("Asked for" if given_up else "Trying since", facts.instant("since")),),
        next_step="Mend what the reason names, then ask for the same again:"
        if given_up
        else "Mend what the reason names; nothing has to be asked for again. How it stands:",
        call=inventory_call(facts.notice, "PUT" if given_up else "GET"),
    )


def _repair_not_finished(facts: Facts) -> Draft:
    """Nobody asked: it was changed on the platform, and is to be as it was asked for before."""
    return Draft(
        tone="warning",
        title=f"Inventory setup is not put back yet: {facts.name}",
        meaning=(
            "It was changed on the platform, and not through Stocktake, which could not put it back so far."
            " Stocktake goes on trying, less and less often. Reports may not come until it works.",
            facts.because(),
        ),
        figure=_attempts(facts),
        facts=(Line("Trying since", facts.instant("since")),),
        next_step="Mend what the reason names; nothing has to be asked for again. How it stands:",
        call=inventory_call(facts.notice, "GET"),
    )


def _attempts(facts: Facts) -> str | None:
    tried = facts.number("attempts")
    return counted(tried, "attempt") if tried else None


def setup_applied(facts: Facts) -> Draft:
    """What could not be set up before is set up now."""
    since, began = facts.instant("since"), facts.time("since")
    lasted = None if began is None else (facts.notice.created_at - began).total_seconds()
    return Draft(
        tone="good",
        title=f"Inventory setup is finished: {facts.name}",
        meaning=("What could not be set up before is in place now, and reads back as it was asked for.",),
        figure=None if lasted is None or lasted < 0 else f"It took {duration(lasted)}",
        facts=(Line("Asked for", since),),
        next_step="Nothing has to be done. How it stands now:",
        call=inventory_call(facts.notice, "GET"),
    )


def channel_test(facts: Facts) -> Draft:
    """Somebody tries whether notices arrive."""
    by = facts.text("by")
    return Draft(
        tone="good",
        title="A test of this channel",
        meaning=(f"{by or 'Somebody'} asked Stocktake to show that notices arrive here. They do.",),
        facts=(Line("Channel", facts.text("channel"), exact=True),),
        next_step="Nothing has to be done. All channels:",
        call="GET /channels",
    )


def channel_disabled(facts: Facts) -> Draft:
    """Another channel takes no notices, or did not take one."""
    name = facts.text("channel")
    channel = f"channel {name}" if name else "other channel"
    if facts.flag("disabled"):
        happened = f"The {channel} refuses notices for good, so this one comes to you instead."
        kept = "Notices for it are kept as given up until it works again."
        step = "Whoever runs Stocktake has to correct its address in the secrets document. Then send"
    else:
        happened = f"The {channel} did not take a notice, so this one comes to you instead."
        kept = "It is kept as given up; later ones are sent there as usual."
        step = "See why, then send"
    return Draft(
        tone="bad",
        title=f"Notices do not arrive{f' on {name}' if name else ''}: {facts.name}",
        meaning=(happened, facts.because(), kept),
        next_step=f"{step} what was kept, each by POST /notices/{{id}}/redrive:",
        call=f"GET /notices?state=given_up&channel={quote(name or '', safe='')}",
    )
