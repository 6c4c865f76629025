"""The `Condition` block of a policy statement: its normal form, and whether it holds.

The rules are those of AWS's "IAM JSON policy elements: Condition operators": every operator and key
must hold, one of a key's values is enough; a negated operator holds for an absent key, `…IfExists`
holds for an absent key, `Null` asks for absence itself.
"""

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.patterns import covers, covers_arn

Context = Mapping[str, tuple[str, ...]]

KNOWN_KEYS = frozenset({"aws:principalarn", "aws:securetransport", "cw:principalorgid"})
"""The condition keys of which it is known whether and with which value a request has them."""

_SET_HEADS = ("forallvalues:", "foranyvalue:")


def as_list(value: Any) -> list[Any]:
    """IAM writes a list of one as the one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def normalised_conditions(conditions: Any) -> Any:
    """The block with strings for booleans and numbers, lists for single values, keys without case.

    What cannot be understood is answered as it stands: no block, or one that says two things of one key.
    """
    if not isinstance(conditions, Mapping):
        return conditions
    result: dict[str, dict[str, list[str]]] = {}
    for operator, keys in conditions.items():
        if not isinstance(keys, Mapping):
            return conditions
        block = result.setdefault(str(operator).lower(), {})
        for key, values in keys.items():
            texts = sorted({_text(each) for each in as_list(values)})
            if block.setdefault(str(key).lower(), texts) != texts:
                return conditions
    return result


def conditions_hold(conditions: Any, context: Context) -> bool:
    """Whether every operator and every key of the block holds for what is known of the request.

    A block that cannot be understood does not hold.
    """
    if conditions is None or conditions == {}:
        return True
    normal = normalised_conditions(conditions)
    if normal is conditions or not isinstance(normal, Mapping):
        return False
    return all(
        _holds(operator, context.get(key), values)
        for operator, keys in normal.items()
        for key, values in keys.items()
    )


def certain(conditions: Any) -> bool:
    """Whether the block asks only for keys that are known of every request that is judged here.

    Another key is absent from our question, but need not be from the real request.
    """
    if conditions is None or conditions == {}:
        return True
    normal = normalised_conditions(conditions)
    return (
        isinstance(normal, Mapping)
        and normal is not conditions
        and all(key in KNOWN_KEYS for keys in normal.values() for key in keys)
    )


def verdicts(conditions: Any, asked: Iterable[tuple[Context, frozenset[str]]]) -> list[bool | None]:
    """Of each request whether the block certainly holds, certainly does not, or (None) nobody can say.

    With each context come the keys of which it is known whether and with which value the request has them.
    What the platform fills in (`${aws:username}`) is not known, and what cannot be understood is not either.
    """
    if conditions is None or conditions == {}:
        return [True for _ in asked]
    normal = normalised_conditions(conditions)
    if normal is conditions or not isinstance(normal, Mapping):
        return [None for _ in asked]
    clauses = [(name, key, values) for name, keys in normal.items() for key, values in keys.items()]
    return [_verdict(clauses, context, known) for context, known in asked]


def _verdict(
    clauses: list[tuple[str, str, list[str]]], context: Context, known: frozenset[str]
) -> bool | None:
    sure = True
    for operator, key, values in clauses:
        if key not in known or not _is_known(operator) or any("${" in each for each in values):
            sure = False
        elif not _holds(operator, context.get(key), values):
            return False
    return True if sure else None


def _is_known(operator: str) -> bool:
    name = operator.removeprefix(_SET_HEADS[0]).removeprefix(_SET_HEADS[1])
    return name == "null" or _test_of(name.removesuffix("ifexists")) is not None


def _test_of(name: str) -> Callable[[str, str], bool] | None:
    return _TESTS.get(name.replace("notequals", "equals").replace("notlike", "like").removeprefix("not"))


def _holds(operator: str, actual: tuple[str, ...] | None, expected: list[str]) -> bool:
    every = operator.startswith(_SET_HEADS[0])
    some = operator.startswith(_SET_HEADS[1])
    name = operator.split(":", 1)[1] if every or some else operator
    if name == "null":
        return any((each.lower() == "true") == (actual is None) for each in expected)
    tolerant = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    negated = "not" in name
    test = _test_of(name)
    if test is None:
        return False
    if not actual:
        return tolerant or every or (negated and not some)

    def one(value: str) -> bool:
        return any(_tested(test, value, each) for each in expected) != negated

    whole = every or (negated and not some)
    return all(one(each) for each in actual) if whole else any(one(each) for each in actual)


def _tested(test: Callable[[str, str], bool], actual: str, expected: str) -> bool:
    try:
        return test(actual, expected)
    except (ValueError, OverflowError):  # a number, date or address that is none
        return False


def _like(actual: str, expected: str) -> bool:
    return covers(expected, actual)


def _arn_like(actual: str, expected: str) -> bool:
    return covers_arn(expected, actual)


def _address(actual: str, expected: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(expected, strict=False)


def _moment(text: str) -> float:
    """Seconds since 1970, from such a number or from ISO 8601, which is UTC where it does not say."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": lambda actual, expected: actual == expected,
    "stringequalsignorecase": lambda actual, expected: actual.lower() == expected.lower(),
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": lambda actual, expected: actual.lower() == expected.lower(),
    "binaryequals": lambda actual, expected: actual == expected,
    "ipaddress": _address,
    "numericequals": lambda actual, expected: float(actual) == float(expected),
    "numericlessthan": lambda actual, expected: float(actual) < float(expected),
    "numericlessthanequals": lambda actual, expected: float(actual) <= float(expected),
    "numericgreaterthan": lambda actual, expected: float(actual) > float(expected),
    "numericgreaterthanequals": lambda actual, expected: float(actual) >= float(expected),
    "dateequals": lambda actual, expected: _moment(actual) == _moment(expected),
    "datelessthan": lambda actual, expected: _moment(actual) < _moment(expected),
    "datelessthanequals": lambda actual, expected: _moment(actual) <= _moment(expected),
    "dategreaterthan": lambda actual, expected: _moment(actual) > _moment(expected),
    "dategreaterthanequals": lambda actual, expected: _moment(actual) >= _moment(expected),
}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
