"""The settings: every environment variable that Stocktake reads, in one table.

In comes a mapping (the environment); out goes a frozen `Settings`. `Misconfigured` names every variable
that will not do, and what would.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast
from urllib.parse import SplitResult, urlsplit

from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.errors import Misconfigured

Addressing = Literal["virtual", "path"]
Kind = Literal["sqlite", "dynamodb", "file", "secretsmanager"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is kept: the kind of place, and the path of the file or the name on AWS."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: what it takes, and its default (None: it must be set)."""

    name: str
    takes: str
    default: str | None
    meaning: str


VARIABLES = (
    Variable(
        "STOCKTAKE_STORE",
        "sqlite:PATH or dynamodb:TABLE",
        "sqlite:.local/stocktake.db",
        "where the state is kept",
    ),
    Variable(
        "STOCKTAKE_SECRETS",
        "file:PATH or secretsmanager:NAME",
        "file:.local/secrets.json",
        "where the secrets document is",
    ),
    Variable("STOCKTAKE_ENDPOINT_URL", "an http(s) URL", "https://cwobject.com", "the S3 endpoint"),
    Variable("STOCKTAKE_ADDRESSING", "virtual or path", "virtual", "how buckets are addressed"),
    Variable("STOCKTAKE_ORG_ID", "an id", None, "your CoreWeave organization id"),
    Variable(
        "STOCKTAKE_PRINCIPAL",
        "an ARN such as arn:aws:iam::ORG-ID:coreweave/USER-UID",
        None,
        "the ARN that the application's keys stand for",
    ),
    Variable(
        "STOCKTAKE_MAIL",
        "ses, smtp://HOST:PORT or smtps://HOST:PORT",
        "",
        "how mail is sent; none: no mail",
    ),
    Variable("STOCKTAKE_MAIL_FROM", "an address", "", "the sender of mail"),
    Variable(
        "STOCKTAKE_SLACK_HOSTS",
        "host names, separated by commas, without ports",
        "hooks.slack.com",
        "hosts that a Slack channel may name",
    ),
    Variable("STOCKTAKE_SWEEP_SECONDS", "seconds, 1 or more", "300", "between two looks for reports"),
    Variable("STOCKTAKE_DRIFT_SECONDS", "seconds, 1 or more", "3600", "between two looks for drift"),
    Variable(
        "STOCKTAKE_PENDING_SECONDS",
        "seconds, 1 or more",
        "7200",
        "how long a report may be half there before it is told as incomplete",
    ),
    Variable("STOCKTAKE_DAY_SECONDS", "seconds, 1 or more", "86400", "how long a day lasts"),
    Variable(
        "STOCKTAKE_KEEP_DAYS",
        "days, 1 to 36500",
        "400",
        "how long reports and notices are kept on DynamoDB",
    ),
    Variable("STOCKTAKE_METRICS", "emf or off", "off", "whether metrics are written into the log"),
    Variable("STOCKTAKE_TRACING", "on or off", "off", "whether turns are traced with AWS X-Ray"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. `mail` is `ses` or the address of a server, empty where no mail is sent."""

    store: Place
    secrets: Place
    endpoint_url: str
    addressing: Addressing
    deployment: Deployment
    mail: str
    mail_from: str
    slack_hosts: tuple[str, ...]
    times: Times
    keep: timedelta
    metrics: bool
    tracing: bool

    @property
    def missing_for_mail(self) -> str:
        """Why no mail can be sent, by the variables; empty where it can."""
        if self.mail:
            return ""
        if self.mail_from:
            return "STOCKTAKE_MAIL is not set"
        return "STOCKTAKE_MAIL and STOCKTAKE_MAIL_FROM are not set"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in these variables. Raises `Misconfigured`, naming each variable that will not do."""
    problems: list[str] = []
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        text = environment.get(variable.name, "").strip() or (variable.default or "")
        try:
            if not text and variable.default is None:
                raise ValueError("is not set")
            values[variable.name] = _CHECKS.get(variable.name, str)(text)
        except ValueError as exc:
            problems.append(f"{variable.name} ({variable.meaning}) {exc}; it takes {variable.takes}.")
    if values.get("STOCKTAKE_MAIL") and not values.get("STOCKTAKE_MAIL_FROM"):
        problems.append("STOCKTAKE_MAIL_FROM (the sender of mail) is not set, but STOCKTAKE_MAIL is.")
    if problems:
        raise Misconfigured("\n".join(problems))
    return Settings(
        store=values["STOCKTAKE_STORE"],
        secrets=values["STOCKTAKE_SECRETS"],
        endpoint_url=values["STOCKTAKE_ENDPOINT_URL"],
        addressing=values["STOCKTAKE_ADDRESSING"],
        deployment=Deployment(values["STOCKTAKE_ORG_ID"], values["STOCKTAKE_PRINCIPAL"]),
        mail=values["STOCKTAKE_MAIL"],
        mail_from=values["STOCKTAKE_MAIL_FROM"],
        slack_hosts=values["STOCKTAKE_SLACK_HOSTS"],
        times=Times(
            sweep=values["STOCKTAKE_SWEEP_SECONDS"],
            drift=values["STOCKTAKE_DRIFT_SECONDS"],
            pending=values["STOCKTAKE_PENDING_SECONDS"],
            day=values["STOCKTAKE_DAY_SECONDS"],
        ),
        keep=values["STOCKTAKE_KEEP_DAYS"],
        metrics=values["STOCKTAKE_METRICS"],
        tracing=values["STOCKTAKE_TRACING"],
    )


def _place(**patterns: str) -> Callable[[str], Place]:
    """For `KIND:NAME`, with the pattern that the name has to match for each kind."""

    def place(text: str) -> Place:
        kind, _, name = text.partition(":")
        if kind not in patterns or not re.fullmatch(patterns[kind], name):
            raise ValueError(_is(text))
        return Place(cast(Kind, kind), name)

    return place


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


_CHECKS: Mapping[str, Callable[[str], Any]] = {
    # DynamoDB, "Naming rules"; Secrets Manager, "CreateSecret" (a name, or the ARN that it got)
    "STOCKTAKE_STORE": _place(sqlite=r".+", dynamodb=r"[A-Za-z0-9_.-]{3,255}"),
    "STOCKTAKE_SECRETS": _place(file=r".+", secretsmanager=r"[A-Za-z0-9/_+=.@:-]{1,512}"),
    "STOCKTAKE_ENDPOINT_URL": _url,
    "STOCKTAKE_ADDRESSING": _addressing,
    "STOCKTAKE_ORG_ID": _organization,
    "STOCKTAKE_PRINCIPAL": _principal,
    "STOCKTAKE_MAIL": _mail,
    "STOCKTAKE_MAIL_FROM": _sender,
    "STOCKTAKE_SLACK_HOSTS": _hosts,
    "STOCKTAKE_SWEEP_SECONDS": _seconds,
    "STOCKTAKE_DRIFT_SECONDS": _seconds,
    "STOCKTAKE_PENDING_SECONDS": _seconds,
    "STOCKTAKE_DAY_SECONDS": _seconds,
    "STOCKTAKE_KEEP_DAYS": _days,
    "STOCKTAKE_METRICS": _switch("emf"),
    "STOCKTAKE_TRACING": _switch("on"),
}
