"""What each variable of the settings takes: one check for each of them.

In comes the text of a variable; out goes its value, or a `ValueError` that says what the variable is, to be
read behind its name. A text that may have a password in it is not repeated.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast
from urllib.parse import SplitResult, urlsplit

Kind = Literal["sqlite", "dynamodb", "file", "secretsmanager", "sqs"]


MOST_TASK_BYTES = 10 * 1024**3
"""A worker reads that much in one go, and has minutes for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is kept: the kind of place, and the path of the file or the name or URL on AWS."""

    kind: Kind
    name: str


def _place(**patterns: str) -> Callable[[str], Place]:
    """For `KIND:NAME`, with the pattern that the name has to match for each kind."""

    def place(text: str) -> Place:
        kind, _, name = text.partition(":")
        if kind not in patterns or not re.fullmatch(patterns[kind], name):
            raise ValueError(_is(text))
        return Place(cast(Kind, kind), name)

    return place


def _tasks(text: str) -> Place | None:
    """A URL of SQS is one of https, or of an AWS on this machine; its path ends with the queue's name."""
    if text == "off":
        return None
    kept = _place(sqlite=r".+", sqs=r"https?://[^\s/@?#]+/[^\s@?#]*[A-Za-z0-9_-]")
    return kept(text)


def _switch(on: str) -> Callable[[str], bool]:
    def switched(text: str) -> bool:
        if text not in (on, "off"):
            raise ValueError(_is(text))
        return text == on

    return switched


def _url(text: str) -> str:
    parts = _split(text)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise ValueError(_is(text))
    return text.rstrip("/")


def _url_of_pages(text: str) -> str:
    """It stands in links of messages, where other signs would end the link."""
    if text and not re.fullmatch(r"[A-Za-z0-9:/.\[\]_~%-]+", _url(text)):
        raise ValueError(_is(text))
    return text.rstrip("/")


def _addressing(text: str) -> str:
    if text not in ("virtual", "path"):
        raise ValueError(_is(text))
    return text


def _organization(text: str) -> str:
    # It stands in policies, where other signs would mean something else.
    if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
        raise ValueError(_is(text))
    return text


def _principal(text: str) -> str:
    if not re.fullmatch(r"arn:aws:iam::[A-Za-z0-9._-]+:[a-z]+/[^\s*?$\"]+", text):
        raise ValueError(_is(text))
    return text


def _mail(text: str) -> str:
    if text not in ("", "ses"):
        parts = _split(text)
        more = "@" in parts.netloc or parts.path.rstrip("/") or parts.query or parts.fragment
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or more:
            raise ValueError(_is(text))
    return text


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", text):
        raise ValueError(_is(text))
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(each.strip().lower() for each in text.split(",") if each.strip())
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+", host) and not _is_address(host):
            raise ValueError(f"names {host!r}" if "@" not in host else "names more than a host")
    return hosts


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _seconds(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= 10**9):
        raise ValueError(_is(text))
    return timedelta(seconds=int(text))


def _seconds_or_never(text: str) -> timedelta:
    return timedelta(0) if text == "0" else _seconds(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) >= 1):
        raise ValueError(_is(text))
    return int(text)


def _depth(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise ValueError(_is(text))
    return int(text)


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 11 and 1 <= int(text) <= MOST_TASK_BYTES):
        raise ValueError(_is(text))
    return int(text)


def _days(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 36500):
        raise ValueError(_is(text))
    return timedelta(days=int(text))


def _split(text: str) -> SplitResult:
    """The parts of an address; ValueError in our words where it has none."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise ValueError(_is(text)) from None
    if any(each.isspace() for each in text):
        raise ValueError(_is(text))
    return parts


def _is(text: str) -> str:
    """What a variable is; not where somebody may have put a password into it."""
    return "has a login in it" if "@" in text and "://" in text else f"is {text[:200]!r}"


CHECKS: Mapping[str, Callable[[str], Any]] = {
    # DynamoDB, "Naming rules"; Secrets Manager, "CreateSecret" (a name, or the ARN that it got)
    "STOCKTAKE_STORE": _place(sqlite=r".+", dynamodb=r"[A-Za-z0-9_.-]{3,255}"),
    "STOCKTAKE_SECRETS": _place(file=r".+", secretsmanager=r"[A-Za-z0-9/_+=.@:-]{1,512}"),
    "STOCKTAKE_ENDPOINT_URL": _url,
    "STOCKTAKE_ADDRESSING": _addressing,
    "STOCKTAKE_ORG_ID": _organization,
    "STOCKTAKE_PRINCIPAL": _principal,
    "STOCKTAKE_MAIL": _mail,
    "STOCKTAKE_MAIL_FROM": _sender,
    "STOCKTAKE_URL": _url_of_pages,
    "STOCKTAKE_SLACK_HOSTS": _hosts,
    "STOCKTAKE_WEBHOOK_HOSTS": _hosts,
    "STOCKTAKE_SWEEP_SECONDS": _seconds,
    "STOCKTAKE_DRIFT_SECONDS": _seconds,
    "STOCKTAKE_PENDING_SECONDS": _seconds,
    "STOCKTAKE_DAY_SECONDS": _seconds,
    "STOCKTAKE_REMIND_SECONDS": _seconds_or_never,
    "STOCKTAKE_DIGEST_OVER": _count,
    "STOCKTAKE_KEEP_DAYS": _days,
    "STOCKTAKE_TASKS": _tasks,
    "STOCKTAKE_SUMMARY_WAIT_SECONDS": _seconds,
    "STOCKTAKE_PREFIX_DEPTH": _depth,
    "STOCKTAKE_TASK_BYTES": _bytes,
    "STOCKTAKE_METRICS": _switch("emf"),
    "STOCKTAKE_TRACING": _switch("on"),
}
