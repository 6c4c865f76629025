"""Bucket policy documents: what is refused when one is put, before anybody is judged by it.

What goes in: the text of the request and the bucket it is for. What comes out: nothing, or a `Refusal` as S3
words it. The text itself is never changed: what was put is what is read back. Elements that IAM does not know
are let pass (AWS refuses them; whether CoreWeave does is not documented), so that clients can be tested for
keeping them.
"""

import json
import re
from collections.abc import Mapping

from .conditions import clauses
from .options import Options
from .patterns import matches
from .refusals import Refusal

VERSIONS = ("2012-10-17", "2008-10-17")
SID = re.compile(r"[A-Za-z0-9]*")


def check_policy(text: str, bucket: str, options: Options) -> None:
    """Refuse a text that is no policy for this bucket: `MalformedPolicy`, or `PolicyTooLarge` (both 400)."""
    if len(text.encode()) > options.policy_bytes:
        raise Refusal("PolicyTooLarge", f"Policies must not exceed {options.policy_bytes} bytes")
    document = _json(text)
    if document.get("Version") not in VERSIONS:
        raise _malformed(f"Version must be one of {', '.join(VERSIONS)}")
    listed = document.get("Statement")
    if isinstance(listed, Mapping):
        listed = [listed]
    if not isinstance(listed, list) or not listed:
        raise _malformed("Missing required field Statement")
    for statement in listed:
        _check_statement(statement, bucket)
    sids = [statement["Sid"] for statement in listed if "Sid" in statement]
    if options.duplicate_sids_refused and len(set(sids)) < len(sids):
        raise _malformed("Statement IDs (SID) in a single policy must be unique")


def _json(text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed("Policies must be valid JSON") from error
    if not isinstance(document, dict):
        raise _malformed("Policies must be a JSON object")
    return document


def _check_statement(statement: object, bucket: str) -> None:
    if not isinstance(statement, dict):
        raise _malformed("Statement must be an object or a list of objects")
    sid = statement.get("Sid", "")
    if not isinstance(sid, str) or not SID.fullmatch(sid):
        raise _malformed("Sid must be letters and digits")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("Effect must be Allow or Deny")
    _check_principal(_one_of(statement, "Principal"))
    for action in _texts(_one_of(statement, "Action"), "Action"):
        if action != "*" and not action.lower().startswith("s3:"):
            raise _malformed(f"Policy has invalid action {action}")
    for resource in _texts(_one_of(statement, "Resource"), "Resource"):
        _check_resource(resource, bucket)
    try:
        clauses(statement.get("Condition", {}))
    except ValueError as error:
        raise _malformed(str(error)) from error


def _one_of(statement: dict[str, object], name: str) -> object:
    """The element or its negation: exactly one of the two has to be there."""
    there = [key for key in (name, f"Not{name}") if key in statement]
    if len(there) != 1:
        raise _malformed(f"A statement needs exactly one of {name} and Not{name}")
    return statement[there[0]]


def _check_principal(principal: object) -> None:
    if principal == "*":
        return
    if not isinstance(principal, dict) or not principal:
        raise _malformed("Invalid principal in policy")
    for kind, values in principal.items():
        if kind not in ("CW", "AWS"):
            raise _malformed(f"Invalid principal in policy: {kind}")
        for value in _texts(values, "Principal"):
            if value != "*" and not (value.startswith("arn:") and value.count(":") >= 5):
                raise _malformed(f"Invalid principal in policy: {value}")


def _check_resource(resource: str, bucket: str) -> None:
    """A resource has to be this bucket or inside it; a pattern does when it covers the bucket's name."""
    if resource == "*":
        return
    head, _, rest = resource.partition(":::")
    if head != "arn:aws:s3" or not matches(rest.partition("/")[0], bucket):
        raise _malformed(f"Policy has invalid resource {resource}")


def _texts(values: object, name: str) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    if not listed or not all(isinstance(value, str) and value for value in listed):
        raise _malformed(f"{name} must be a text or a list of texts")
    return list(map(str, listed))


def _malformed(message: str) -> Refusal:
    return Refusal("MalformedPolicy", message)
