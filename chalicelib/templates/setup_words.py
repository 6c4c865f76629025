"""What is said about how an inventory is set up, and about channels: drift, failed setup, a dead channel.

In come the facts of a notice; out comes a `Draft`. The readers are those who look after the buckets: they
want to know what differs, since when, and how to get back to what was asked for.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.templates.amounts import duration, instant
from chalicelib.templates.draft import Draft, Line, Tone, inventory_call
from chalicelib.templates.facts import Facts
from chalicelib.templates.hostile import shown

_VALUE_LENGTH = 240
_PATH_LENGTH = 200


def drift_found(facts: Facts) -> Draft:
    """What is there is no longer what was asked for."""
    still = "still " if facts.number("reminder") else ""
    if facts.text("status") == "missing":
        title = f"Inventory setup is {still}missing: {facts.name}"
        meaning = (
            "The inventory configuration or the bucket for the reports is gone from the platform, and not"
            " through Stocktake. No further reports will come."
        )
        return _drift(facts, "bad", title, meaning)
    title = f"Inventory setup {'still differs' if still else 'was changed'}: {facts.name}"
    meaning = (
        "The inventory configuration or a bucket policy was changed, and not through Stocktake. Reports may"
        " stop, or list something other than what was asked for."
    )
    return _drift(facts, "warning", title, meaning)


def drift_changed(facts: Facts) -> Draft:
    """It differs, in another way than was told before."""
    missing = facts.text("status") == "missing"
    meaning = (
        "What is on the platform still differs from what was asked for, and in another way than told before."
    )
    if missing:
        meaning += (
            " The configuration or the bucket for the reports is gone, so no further reports will come."
        )
    title = f"Inventory setup was changed again: {facts.name}"
    return _drift(facts, "bad" if missing else "warning", title, meaning)


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
        meaning=(f"{failed}, {doubt}", _because(facts)),
        facts=(
            Line("Failing since", since),
            Line("Looks that failed", _grouped(looks)),
            Line("Reminder", facts.reminder()),
            Line("Destination", facts.text("destination"), exact=True),
        ),
        next_step="Mend what the reason names: the access key, a policy, the network. Then look again:",
        call=inventory_call(facts.notice, "POST", "/check"),
    )


def drift_resolved(facts: Facts) -> Draft:
    """It is as asked for again, or can be looked at again."""
    since, began = facts.instant("since"), facts.time("since")
    lasted = None if began is None else (facts.notice.created_at - began).total_seconds()
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
        facts=(
            Line("Trouble began", since),
            Line("Lasted", None if lasted is None or lasted < 0 else duration(lasted)),
        ),
        next_step="Nothing has to be done. How it stands now:",
        call=inventory_call(facts.notice, "GET"),
    )


def setup_failed(facts: Facts) -> Draft:
    """What was asked for could not be set up."""
    given_up = facts.text("state") == "failed"
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
            _because(facts),
        ),
        facts=(
            Line("Trying since", facts.instant("since")),
            Line("Attempts", _grouped(facts.number("attempts"))),
        ),
        next_step="Mend what the reason names, then ask for the same again:"
        if given_up
        else "Mend what the reason names; nothing has to be asked for again. How it stands:",
        call=inventory_call(facts.notice, "PUT" if given_up else "GET"),
    )


def setup_applied(facts: Facts) -> Draft:
    """What could not be set up before is set up now."""
    since, began = facts.instant("since"), facts.time("since")
    lasted = None if began is None else (facts.notice.created_at - began).total_seconds()
    return Draft(
        tone="good",
        title=f"Inventory setup is finished: {facts.name}",
        meaning=("What could not be set up before is in place now, and reads back as it was asked for.",),
        facts=(
            Line("Asked for", since),
            Line("It took", None if lasted is None or lasted < 0 else duration(lasted)),
        ),
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
        meaning=(happened, _because(facts), kept),
        facts=(Line("Channel", name, exact=True),),
        next_step=f"{step} what was kept, each by POST /notices/{{id}}/redrive:",
        call=f"GET /notices?state=given_up&channel={quote(name or '', safe='')}",
    )


def _drift(facts: Facts, tone: Tone, title: str, meaning: str) -> Draft:
    lines = tuple(
        line for each in facts.items("differences") if isinstance(each, Mapping) for line in _lines(each)
    )
    observed_only = facts.text("management") == "observe"
    return Draft(
        tone=tone,
        title=title,
        meaning=(meaning,),
        facts=(
            Line("Noticed", facts.instant("since") or instant(facts.notice.created_at)),
            Line("Reminder", facts.reminder()),
            Line("Differences", _grouped(len(lines)) if lines else None),
            Line("Destination", facts.text("destination"), exact=True),
        ),
        details_title="What differs",
        details=lines,
        next_step="Stocktake only observes this inventory: change it back by hand, or ask for what is there:"
        if observed_only
        else "To restore the setup, send the request again that set it up; if the change was wanted,"
        " send what you want now:",
        call=inventory_call(facts.notice, "PUT"),
    )


def _lines(difference: Mapping[str, Any]) -> Iterator[str]:
    """`path: wanted X, found Y`, for each member that differs where both sides are objects."""
    path = shown(str(difference.get("path", "")), _PATH_LENGTH)
    for place, wanted, actual in _leaves(path, difference.get("wanted"), difference.get("actual")):
        yield f"{shown(place, _PATH_LENGTH)}: wanted {_json(wanted)}, found {_json(actual)}"


def _leaves(path: str, wanted: Any, actual: Any) -> Iterator[tuple[str, Any, Any]]:
    if not (isinstance(wanted, Mapping) and isinstance(actual, Mapping)):
        yield path, wanted, actual
        return
    for key in dict.fromkeys((*wanted, *actual)):
        left, right = wanted.get(key), actual.get(key)
        if left != right:
            yield f"{path}/{key}", left, right


def _json(value: Any) -> str:
    if value is None:
        return "nothing"
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):  # nested too deep to be read by anybody
        return "something that cannot be shown"
    return shown(text, _VALUE_LENGTH)


def _because(facts: Facts) -> str | None:
    reason = facts.sentence("reason")
    return reason and f"The reason: {reason}"


def _grouped(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"
