"""A change of a bucket policy as people read it: a diff by statement, and who gains and who loses access.

In come two policy texts; out come lines. A statement is written one element a line, in JSON, with + for what
comes, - for what goes and ~ before one that changes. Others wrote most of it, so every line is bounded and
shows what would not be seen.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.core.access_changes import access_changes
from chalicelib.core.access_groups import AccessChange
from chalicelib.core.grants import SERVICE_PRINCIPAL, Deployment
from chalicelib.core.iam import sid_of
from chalicelib.core.statement_changes import StatementChange, statement_changes
from chalicelib.errors import Refused
from chalicelib.templates.hostile import shown

_MOST_STATEMENTS = 60
_MOST_CHANGES = 40
_MOST_ELEMENTS = 12
_MOST_NAMES = 12
_VALUE = 1200
_NAME = 200
_TITLE = 110


def policy_diff(bucket: str, before: str | None, after: str | None, deployment: Deployment) -> Iterator[str]:
    """The lines, in order: the statements, who gains, who loses."""
    try:
        changes = statement_changes(before, after)
        access = access_changes(bucket, before, after, deployment)
    except Refused as exc:
        yield shown(str(exc), _VALUE)
        return
    yield _head(before, after)
    told = [each for each in changes if each.change != "kept"]
    for each in told[:_MOST_STATEMENTS]:
        yield from _statement(each)
    if len(told) > _MOST_STATEMENTS:
        yield f"  and {len(told) - _MOST_STATEMENTS} more statements, which ?format=json shows"
    yield from _kept([each for each in changes if each.change == "kept"])
    if not access.complete:
        yield "The policies are too large to say who gains and who loses access: read the statements."
        return
    yield from _people("gains", access.gains)
    yield from _people("loses", access.loses)


def _head(before: str | None, after: str | None) -> str:
    if before is None:
        return "There is no policy yet. Its statements:"
    return "The whole policy goes:" if after is None else "Its statements:"


def _statement(change: StatementChange) -> Iterator[str]:
    before, after = change.before or {}, change.after or {}
    if change.change == "changed":
        yield f"  ~ {_name(change)}"
    keys = list(dict.fromkeys((*before, *after)))
    for key in keys[:_MOST_ELEMENTS]:
        if key in before and key in after and before[key] == after[key]:
            yield f"      {_element(key, before[key])}"
            continue
        if key in before:
            yield f"  -   {_element(key, before[key])}"
        if key in after:
            yield f"  +   {_element(key, after[key])}"
    if len(keys) > _MOST_ELEMENTS:
        yield f"      and {len(keys) - _MOST_ELEMENTS} more elements"
    yield ""


def _element(key: str, value: Any) -> str:
    return shown(f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}", _VALUE)


def _kept(kept: Sequence[StatementChange]) -> Iterator[str]:
    if not kept:
        return
    names = [_name(each) for each in kept[:_MOST_NAMES]]
    more = f" and {len(kept) - _MOST_NAMES} more" if len(kept) > _MOST_NAMES else ""
    stay = "1 statement stays" if len(kept) == 1 else f"{len(kept)} statements stay"
    yield (
        f"  {stay} as it is: {names[0]}"
        if len(kept) == 1
        else f"  {stay} as they are: {', '.join(names)}{more}"
    )
    yield ""


def _name(change: StatementChange) -> str:
    """The Sid in quotes, so that it is told from words; else its place."""
    there = change.before if change.after is None else change.after
    quoted = f'"{change.name}"' if sid_of(there or {}) else change.name
    return shown(quoted, _NAME)


def _people(verb: str, changes: Sequence[AccessChange]) -> Iterator[str]:
    if not changes:
        yield f"Who {verb} access: nobody."
        return
    yield f"Who {verb} access:"
    before = ""
    for each in changes[:_MOST_CHANGES]:
        who = _listed([_person(name) for name in each.who]) + (
            "" if each.certain else " (perhaps: a condition decides)"
        )
        if who != before:
            yield f"  {who}"
        before = who
        yield f"    {_listed(each.actions)}"
        yield f"    on {_listed(each.resources)}"
    if len(changes) > _MOST_CHANGES:
        yield f"  and {len(changes) - _MOST_CHANGES} more, which ?format=json shows"


def _person(who: str) -> str:
    return f"the inventory service ({who})" if who == SERVICE_PRINCIPAL else who


def _listed(names: Sequence[str]) -> str:
    found = [shown(each, _NAME) for each in names[:_MOST_NAMES]]
    more = [f"and {len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return ", ".join((*found, *more))


def document_lines(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    """A configuration as its elements, one a line, with those that come and go."""
    yield from _statement(StatementChange("kept", "", before, after, ours=True))
