"""Condition blocks of policies, judged by the rules of the IAM JSON policy reference.

What goes in: the `Condition` object of a statement, and the context of a request (key -> values; a key that
the request does not have is absent). What comes out: whether the whole block holds.

The rules that surprise: a negated operator (`StringNotEquals`) *holds* when the key is absent; a positive one
does not; `…IfExists` always holds then. Several values in the policy mean "any of them", and for a negated
operator "none of them". Condition keys are compared without regard to case.
Policy variables (`${aws:PrincipalArn}`) are not filled in.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from .patterns import matches

Context = Mapping[str, tuple[str, ...]]
Test = Callable[[str, str], bool]  # (what the request has, what the policy says)

QUANTIFIERS = ("ForAllValues:", "ForAnyValue:")


def condition_holds(condition: object, context: Context) -> bool:
    """Whether every operator of a `Condition` object holds. No condition holds always.

    Raises ValueError for a condition that is not in the language: it should never have been stored.
    """
    if condition is None:
        return True
    present = {key.lower(): values for key, values in context.items()}
    return all(
        _holds(operator, wanted, present.get(key.lower())) for operator, key, wanted in clauses(condition)
    )


def clauses(condition: object) -> list[tuple[str, str, tuple[str, ...]]]:
    """A `Condition` object as (operator, key, values), values in their text form.

    Raises ValueError where it is not an object of objects, or where IAM does not know the operator.
    """
    if not isinstance(condition, Mapping):
        raise ValueError("Condition must be an object")
    found = []
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            raise ValueError(f"Condition {operator} must be an object of keys")
        if operator != "Null" and _base(operator) not in TESTS:
            raise ValueError(f"Invalid Condition type : {operator}")
        found += [(operator, key, _texts(values)) for key, values in keys.items()]
    return found


def _base(operator: str) -> str:
    for quantifier in QUANTIFIERS:
        operator = operator.removeprefix(quantifier)
    return operator.removesuffix("IfExists")


def _texts(values: object) -> tuple[str, ...]:
    """Policy values in their text form: JSON's `false` and `"false"` are the same to IAM."""
    if not isinstance(values, list):
        values = [values]
    texts = []
    for value in values:
        if not isinstance(value, str | int | float):
            raise ValueError("Condition values must be texts, numbers or booleans")
        texts.append(str(value).lower() if isinstance(value, bool) else str(value))
    return tuple(texts)


def _holds(operator: str, wanted: tuple[str, ...], present: tuple[str, ...] | None) -> bool:
    if operator == "Null":
        return any((present is None) == (text.lower() == "true") for text in wanted)
    test, negated = TESTS[_base(operator)]

    def fits(value: str) -> bool:
        return any(test(value, text) for text in wanted) != negated

    if operator.startswith("ForAllValues:"):
        return all(fits(value) for value in present or ())
    if present is None and operator.endswith("IfExists"):
        return True
    if operator.startswith("ForAnyValue:"):
        return any(fits(value) for value in present or ())
    if present is None:
        return negated
    return any(fits(value) for value in present)


def _compared(parse: Callable[[str], float], compare: Callable[[float, float], bool]) -> Test:
    def test(value: str, text: str) -> bool:
        try:
            return compare(parse(value), parse(text))
        except ValueError:
            return False

    return test


def _instant(text: str) -> float:
    """Seconds since 1970, from ISO 8601 or from such a number itself: IAM takes both."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(value: str, text: str) -> bool:
    try:
        return ip_address(value) in ip_network(text, strict=False)
    except ValueError:
        return False


def _arn_like(value: str, text: str) -> bool:
    """ARNs are compared part by part, so that a `*` does not reach over a colon (the sixth part may have
    more).
    """
    parts, patterns = value.split(":", 5), text.split(":", 5)
    return len(parts) == len(patterns) == 6 and all(map(matches, patterns, parts))


def _tests() -> dict[str, tuple[Test, bool]]:
    """Every operator with its test, and whether it is the negation of that test."""
    equal: dict[str, tuple[Test, bool]] = {
        "Bool": (lambda value, text: value.lower() == text.lower(), False),
        "IpAddress": (_in_network, False),
        "NotIpAddress": (_in_network, True),
        "StringEquals": (lambda value, text: value == text, False),
        "StringNotEquals": (lambda value, text: value == text, True),
        "StringEqualsIgnoreCase": (lambda value, text: value.lower() == text.lower(), False),
        "StringNotEqualsIgnoreCase": (lambda value, text: value.lower() == text.lower(), True),
        "StringLike": (lambda value, text: matches(text, value), False),
        "StringNotLike": (lambda value, text: matches(text, value), True),
    }
    for name in ("Equals", "Like"):  # IAM: ArnEquals and ArnLike behave identically
        equal[f"Arn{name}"] = (_arn_like, False)
        equal[f"ArnNot{name}"] = (_arn_like, True)
    for kind, parse in (("Numeric", float), ("Date", _instant)):
        equal[f"{kind}Equals"] = (_compared(parse, lambda a, b: a == b), False)
        equal[f"{kind}NotEquals"] = (_compared(parse, lambda a, b: a == b), True)
        equal[f"{kind}LessThan"] = (_compared(parse, lambda a, b: a < b), False)
        equal[f"{kind}LessThanEquals"] = (_compared(parse, lambda a, b: a <= b), False)
        equal[f"{kind}GreaterThan"] = (_compared(parse, lambda a, b: a > b), False)
        equal[f"{kind}GreaterThanEquals"] = (_compared(parse, lambda a, b: a >= b), False)
    return equal


TESTS = _tests()
