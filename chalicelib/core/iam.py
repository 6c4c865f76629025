"""What a bucket policy means: reading it, comparing it, and judging one request by it.

In comes the JSON text of a policy; out go statements as they stand, a form of each in which two
statements of the same meaning are equal, and the verdict on a request. The rules are those of AWS's
"IAM JSON policy elements reference", with CoreWeave's principal key `CW` beside `AWS`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.core.conditions import KNOWN_KEYS, as_list, conditions_hold, normalised_conditions, verdicts
from chalicelib.core.patterns import apart, covers, is_pattern
from chalicelib.errors import Refused

Statement = Mapping[str, Any]
Effect = Literal["Allow", "Deny"]

_PRINCIPAL_KEYS = ("CW", "AWS")
_LONGEST_NAME = 100

MAX_DEPTH = 64
"""Objects and lists within each other in a policy; IAM's language has seven."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to be judged: who does what to which resource, and what else is known of it.

    `context` has condition keys in lower case; a key that is not in it is absent from the request.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_policy(text: str | None) -> dict[str, Any]:
    """The policy as a document; an empty one where there is none.

    Raises `Refused` where the text is not a policy: what cannot be read is never written over.
    """
    if text is None:
        return {"Version": "2012-10-17", "Statement": []}
    try:
        document = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise Refused(
            f"The bucket's policy cannot be read as JSON ({exc}), so it is not written over."
        ) from exc
    if (
        not isinstance(document, dict)
        or "Statement" not in document
        or not all(isinstance(each, dict) for each in statements(document))
    ):
        raise Refused("The bucket's policy is not a policy document, so it is not written over.")
    if _is_deeper(document, MAX_DEPTH):
        raise Refused(
            f"The bucket's policy has more than {MAX_DEPTH} objects and lists within each other, so it is not"
            " written over."
        )
    return document


def _is_deeper(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels + 1):
        lists = [each for each in level if isinstance(each, list)]
        objects = [each.values() for each in level if isinstance(each, dict)]
        level = [inner for each in (*lists, *objects) for inner in each]
        if not level:
            return False
    return True


def statements(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The statements as they stand; a single one may be written without its list."""
    found = document.get("Statement", [])
    return list(found) if isinstance(found, list) else [found]


def statement_name(statement: Statement, position: int) -> str:
    """How a person finds a statement again: its Sid, or its place, counted from 1."""
    sid = statement.get("Sid")
    return f'"{str(sid)[:_LONGEST_NAME]}"' if sid else f"number {position + 1} (without a Sid)"


def sid_of(statement: Statement) -> str:
    """The Sid, empty where there is none that is text."""
    sid = statement.get("Sid")
    return sid if isinstance(sid, str) else ""


def policy_path(bucket: str, statement: str) -> str:
    """Where a statement is, as a JSON Pointer (RFC 6901)."""
    return f"/policies/{bucket}/" + statement.replace("~", "~0").replace("/", "~1")


def meaning(statement: Statement) -> dict[str, Any]:
    """The statement in a form in which equal meaning is equal value.

    A string is a list of one; order and repetition mean nothing; actions and condition keys have no
    case; `false` is `"false"`; `CW` and `AWS` name the same principals. Unknown elements stay.
    """
    result: dict[str, Any] = dict(statement)
    for key in ("Action", "NotAction"):
        if key in result:
            result[key] = sorted({str(each).lower() for each in as_list(result[key])})
    for key in ("Resource", "NotResource"):
        if key in result:
            result[key] = sorted({str(each) for each in as_list(result[key])})
    for key in ("Principal", "NotPrincipal"):
        if key in result:
            result[key] = _normalised_principal(result[key])
    if "Condition" in result:
        result["Condition"] = normalised_conditions(result["Condition"])
        if not result["Condition"]:
            del result["Condition"]
    return result


def same_policy(one: str | None, other: str | None) -> bool:
    """Whether two policy texts say the same, whatever their order and spelling."""
    if one is None or other is None:
        return one is other
    try:
        left, right = read_policy(one), read_policy(other)
    except Refused:
        return one == other
    return _comparable(left) == _comparable(right)


def applies(statement: Statement, request: Request) -> bool:
    """Whether a statement speaks of this request, whatever its effect.

    A `*` in the request's resource stands for "all of these": only a `*` of the statement covers it.
    """
    return (
        bool(principals_named(statement, (request.principal,)))
        and bool(actions_named(statement, (request.action,)))
        and bool(resources_named(statement, (request.resource,)))
        and conditions_hold(statement.get("Condition"), request.context)
    )


def may_apply(statement: Statement, request: Request) -> bool:
    """Whether it depends on what nobody knows of the request (its address, the time) if this speaks of it."""
    whole = {name: each for name, each in statement.items() if name != "Condition"}
    (held,) = verdicts(statement.get("Condition"), [(request.context, KNOWN_KEYS)])
    return held is None and applies(whole, request)


def denying(document: Mapping[str, Any], request: Request) -> tuple[int, Statement] | None:
    """The first Deny statement that refuses the request, with its position, or None."""
    return _first(document, "Deny", request)


def allowing(document: Mapping[str, Any], request: Request) -> tuple[int, Statement] | None:
    """The first Allow statement that grants the request, with its position, or None."""
    return _first(document, "Allow", request)


def _first(document: Mapping[str, Any], effect: Effect, request: Request) -> tuple[int, Statement] | None:
    for position, statement in enumerate(statements(document)):
        if statement.get("Effect") == effect and applies(statement, request):
            return position, statement
    return None


def _comparable(document: Mapping[str, Any]) -> tuple[Any, list[str]]:
    rest = {key: value for key, value in document.items() if key != "Statement"}
    return rest, sorted(json.dumps(meaning(each), sort_keys=True) for each in statements(document))


def _normalised_principal(principal: Any) -> Any:
    if not isinstance(principal, Mapping):
        return {"arn": sorted({str(each) for each in as_list(principal)})}
    arns: set[str] = set()
    result: dict[str, Any] = {}
    for key, value in principal.items():
        if key in _PRINCIPAL_KEYS:
            arns.update(str(each) for each in as_list(value))
        else:
            result[key] = sorted({str(each) for each in as_list(value)})
    return {**result, "arn": sorted(arns)} if arns else result


def principals_named(statement: Statement, principals: Iterable[str]) -> frozenset[str]:
    """Those whom the statement names, where doubt neither grants nor saves from a Deny.

    Only `*` and whole ARNs under a key are documented. A pattern, or an ARN without a key, is in doubt.
    """
    negated = "Principal" not in statement
    element = statement.get("NotPrincipal" if negated else "Principal")
    if element is None:
        return frozenset()
    arns = frozenset(_normalised_principal(element).get("arn", ()))
    whole = arns if isinstance(element, Mapping) else frozenset()
    doubt_names = (statement.get("Effect") == "Allow") == negated
    doubtful = [each for each in arns if is_pattern(each)] if doubt_names else []

    def named(principal: str) -> bool:
        surely = "*" in arns or principal in whole
        return (
            surely or (doubt_names and principal in arns) or any(covers(each, principal) for each in doubtful)
        )

    return frozenset(each for each in principals if named(each) != negated)


def actions_named(statement: Statement, actions: Iterable[str]) -> frozenset[str]:
    """Those of the actions of which the statement speaks; actions have no case."""
    return _named(statement, "Action", actions, lower=True)


def resources_named(statement: Statement, resources: Iterable[str]) -> frozenset[str]:
    """Those of the resources of which the statement speaks, all of each where it is a pattern."""
    return _named(statement, "Resource", resources)


def _named(
    statement: Statement, element: str, values: Iterable[str], *, lower: bool = False
) -> frozenset[str]:
    texts = {each: each.lower() if lower else each for each in values}
    if element in statement:
        patterns = frozenset(_texts(statement[element], lower))
        left = {value: text for value, text in texts.items() if text not in patterns}
        for pattern in filter(is_pattern, patterns):
            left = {value: text for value, text in left.items() if not covers(pattern, text)}
        return frozenset(texts.keys() - left.keys())
    if f"Not{element}" not in statement:
        return frozenset()
    patterns = frozenset(_texts(statement[f"Not{element}"], lower))
    left = {value: text for value, text in texts.items() if text not in patterns}
    for pattern in patterns:
        if is_pattern(pattern) or any(map(is_pattern, left.values())):
            left = {value: text for value, text in left.items() if apart(pattern, text)}
    return frozenset(left)


def _texts(value: Any, lower: bool) -> Iterable[str]:
    return (str(each).lower() if lower else str(each) for each in as_list(value))


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Writing such an object back would drop one of the two, and nobody knows which of them counts.
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it names an element twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")
