"""What the differences of a drift come to: which part of the set-up is gone or changed, and what follows.

In come the facts of a notice, whose differences have paths such as `/configuration/IsEnabled`,
`/buckets/reports` and `/policies/reports/SID`; out come sentences and lines for `drift_words.py`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.templates.draft import Tone
from chalicelib.templates.facts import Facts
from chalicelib.templates.hostile import shown

_VALUE_LENGTH = 240
_PATH_LENGTH = 200

_NOT_THROUGH = "and not through Stocktake"
_NO_MORE = "No further reports will come."
_GRANTS = {
    "StocktakeWrite": "The inventory service may not be able to write reports any more.",
    "StocktakeSelf": "This application may not be able to look for reports any more.",
    "StocktakeRead": "The readers may not be able to read the reports any more.",
    "StocktakeSetup": "This application may not be able to look after the configuration any more.",
}
_PUT_BACK = (
    "To put it back, send the PUT again that set it up; if the change was wanted, send what you want now."
    " What the PUT would do:"
)
_OBSERVED = (
    "Stocktake only observes this inventory: change it back by hand, or ask with PUT for what is there. What"
    " differs:"
)


@dataclass(frozen=True, slots=True)
class Situation:
    """One way to have drifted: a title for the news and one for a reminder, what `happened`, what `follows`
    from it, `who` can mend it where not everybody can, and the next step.
    """

    tone: Tone
    title: str
    still: str
    happened: str
    follows: str
    who: str | None = None
    next_step: str = _PUT_BACK

    @property
    def meaning(self) -> str:
        """What happened, and what follows from it."""
        return f"{self.happened} {self.follows}"


def situation(facts: Facts) -> Situation:
    """What the worst of the differences is."""
    differences = [each for each in facts.items("differences") if isinstance(each, Mapping)]
    found = _gone(facts, differences) or _denied(differences) or _changed(facts, differences)
    if facts.text("management") == "observe":
        return Situation(
            found.tone, found.title, found.still, found.happened, found.follows, found.who, _OBSERVED
        )
    return found


def difference_lines(facts: Facts) -> tuple[str, ...]:
    """`path: wanted X, found Y`, a line for each difference."""
    return tuple(
        line for each in facts.items("differences") if isinstance(each, Mapping) for line in _lines(each)
    )


def _gone(facts: Facts, differences: list[Mapping[str, Any]]) -> Situation | None:
    absent = [str(each.get("path")) for each in differences if each.get("actual") is None]
    buckets = [path.removeprefix("/buckets/") for path in absent if path.startswith("/buckets/")]
    if facts.notice.bucket in buckets:
        return _source_gone(facts)
    if buckets:
        name = shown(buckets[0], 80)
        return Situation(
            "bad",
            "The bucket for the reports is gone",
            "The bucket for the reports is still gone",
            f"The bucket {name} does not exist any more, and the reports that were in it are gone with it.",
            _NO_MORE,
        )
    if "/configuration" in absent:
        return Situation(
            "bad",
            "The inventory configuration is gone",
            "The inventory configuration is still gone",
            f"The inventory configuration was deleted from {facts.bucket}, {_NOT_THROUGH}.",
            _NO_MORE,
        )
    if facts.text("status") == "missing":
        return Situation(
            "bad",
            "Inventory setup is missing",
            "Inventory setup is still missing",
            f"The inventory configuration or the bucket for the reports is gone, {_NOT_THROUGH}.",
            _NO_MORE,
        )
    return None


def _source_gone(facts: Facts) -> Situation:
    return Situation(
        "bad",
        "The bucket that is listed is gone",
        "The bucket that is listed is still gone",
        f"The bucket {facts.bucket} does not exist any more, nor does its inventory configuration.",
        "There is nothing to list.",
        next_step="If it was deleted on purpose, take the inventory away with DELETE. If not, create the"
        " bucket again and send the PUT again that set the inventory up. What is to be done:",
    )


def _denied(differences: list[Mapping[str, Any]]) -> Situation | None:
    """A Deny of others; which one and what it forbids is among the obstacles."""
    for each in differences:
        actual, path = each.get("actual"), str(each.get("path"))
        denies = isinstance(actual, Mapping) and actual.get("Effect") == "Deny"
        if each.get("wanted") is None and denies and path.startswith("/policies/"):
            bucket = shown(path.split("/")[2], 80)
            return Situation(
                "bad",
                "A Deny forbids what the inventory needs",
                "A Deny still forbids what the inventory needs",
                f"The policy of {bucket} has a new statement that takes away what the inventory needs.",
                "Reports may not come any more.",
                f"Whoever may write the policy of {bucket} can mend it; Stocktake does not touch statements"
                " of others.",
                "Have that statement changed or removed; nothing has to be asked for again, unless more than"
                " that differs. What Stocktake would do:",
            )
    return None


def _changed(facts: Facts, differences: list[Mapping[str, Any]]) -> Situation:
    paths = [str(each.get("path")) for each in differences]
    configured = [each for each in paths if each.startswith("/configuration")]
    policies = list(
        dict.fromkeys(
            each.split("/")[2] for each in paths if each.startswith("/policies/") and each.count("/") > 2
        )
    )
    title, still = "Inventory setup was changed", "Inventory setup still differs"
    if policies and not configured:
        names = " and of ".join(shown(each, 80) for each in policies[:2])
        what = f"The policy of {names} was changed, {_NOT_THROUGH}."
        lost = [
            words
            for head, words in _GRANTS.items()
            if any(each.split("/")[-1].startswith(head) for each in paths)
        ]
        return Situation("warning", title, still, what, " ".join(lost) or "Reports may not come any more.")
    if "/configuration/IsEnabled" in paths and not policies and _is_disabled(differences):
        what = f"The inventory configuration of {facts.bucket} was disabled, {_NOT_THROUGH}."
        return Situation("bad", "Inventory was disabled", "Inventory is still disabled", what, _NO_MORE)
    if configured and not policies:
        what = f"The inventory configuration of {facts.bucket} was changed, {_NOT_THROUGH}."
        follows = (
            "Reports may list something other than what was asked for, come at other times or go elsewhere."
        )
        return Situation("warning", title, still, what, follows)
    what = f"The inventory configuration or a bucket policy was changed, {_NOT_THROUGH}."
    follows = "Reports may stop, or list something other than what was asked for."
    return Situation("warning", title, still, what, follows)


def _is_disabled(differences: list[Mapping[str, Any]]) -> bool:
    return any(
        each.get("path") == "/configuration/IsEnabled" and each.get("wanted") is True for each in differences
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
