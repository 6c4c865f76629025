"""The settings: every environment variable that Stocktake reads, in one table.

In comes a mapping (the environment); out goes a frozen `Settings`. `Misconfigured` names every variable
that will not do, and what would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.prices import PriceTable, parse_prices
from chalicelib.errors import Misconfigured
from chalicelib.setting_checks import CHECKS, Place

Addressing = Literal["virtual", "path"]


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
        "STOCKTAKE_URL",
        "an http(s) URL without a query",
        "",
        "where the pages are, for links in notices; none: no links",
    ),
    Variable(
        "STOCKTAKE_SLACK_HOSTS",
        "host names, separated by commas, without ports",
        "hooks.slack.com",
        "hosts that a Slack channel may name",
    ),
    Variable(
        "STOCKTAKE_WEBHOOK_HOSTS",
        "host names, separated by commas, without ports",
        "",
        "hosts of webhook channels whose addresses need not be public",
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
        "STOCKTAKE_REMIND_SECONDS",
        "seconds, or 0 for never",
        "86400",
        "after how long what still is wrong is told again",
    ),
    Variable(
        "STOCKTAKE_DIGEST_OVER",
        "a number, 1 to 99",
        "5",
        "more notices than this that wait for one channel go out as one message",
    ),
    Variable(
        "STOCKTAKE_KEEP_DAYS",
        "days, 1 to 36500",
        "400",
        "how long reports and notices are kept on DynamoDB",
    ),
    Variable(
        "STOCKTAKE_TASKS",
        "sqlite:PATH, sqs:URL or off",
        "sqlite:.local/tasks.db",
        "where data files of reports wait to be read",
    ),
    Variable(
        "STOCKTAKE_SUMMARY_WAIT_SECONDS",
        "seconds, 1 or more",
        "600",
        "how long the notice of a report waits for its summary",
    ),
    Variable(
        "STOCKTAKE_PREFIX_DEPTH", "a number, 1 to 5", "2", "to which depth prefixes are counted by themselves"
    ),
    Variable(
        "STOCKTAKE_TASK_BYTES",
        "bytes, 1 to 10737418240",
        "268435456",
        "how much of a report is read at once",
    ),
    Variable(
        "STOCKTAKE_PRICES",
        "CURRENCY DATE and NAME=PRICE for each tier",
        "USD 2025-10-31 hot=0.06 warm=0.03 cold=0.015",
        "what a GiB costs by month",
    ),
    Variable("STOCKTAKE_METRICS", "emf or off", "off", "whether metrics are written into the log"),
    Variable("STOCKTAKE_TRACING", "on or off", "off", "whether turns are traced with AWS X-Ray"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. `mail` is `ses` or the address of a server, empty where no mail is sent. `url`
    is where the pages are, without a slash at its end, empty where nobody said. `tasks` is None where
    reports are not summed up.
    """

    store: Place
    secrets: Place
    endpoint_url: str
    addressing: Addressing
    deployment: Deployment
    mail: str
    mail_from: str
    url: str
    slack_hosts: tuple[str, ...]
    webhook_hosts: tuple[str, ...]
    times: Times
    digest_over: int
    keep: timedelta
    tasks: Place | None
    summary_wait: timedelta
    prefix_depth: int
    task_bytes: int
    prices: PriceTable
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


_CHECKS = {**CHECKS, "STOCKTAKE_PRICES": parse_prices}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in these variables. Raises `Misconfigured`, naming each variable that will not do."""
    values = _checked(environment)
    return Settings(
        store=values["STOCKTAKE_STORE"],
        secrets=values["STOCKTAKE_SECRETS"],
        endpoint_url=values["STOCKTAKE_ENDPOINT_URL"],
        addressing=values["STOCKTAKE_ADDRESSING"],
        deployment=Deployment(values["STOCKTAKE_ORG_ID"], values["STOCKTAKE_PRINCIPAL"]),
        mail=values["STOCKTAKE_MAIL"],
        mail_from=values["STOCKTAKE_MAIL_FROM"],
        url=values["STOCKTAKE_URL"],
        slack_hosts=values["STOCKTAKE_SLACK_HOSTS"],
        webhook_hosts=values["STOCKTAKE_WEBHOOK_HOSTS"],
        times=Times(
            sweep=values["STOCKTAKE_SWEEP_SECONDS"],
            drift=values["STOCKTAKE_DRIFT_SECONDS"],
            pending=values["STOCKTAKE_PENDING_SECONDS"],
            day=values["STOCKTAKE_DAY_SECONDS"],
            remind=values["STOCKTAKE_REMIND_SECONDS"],
        ),
        digest_over=values["STOCKTAKE_DIGEST_OVER"],
        keep=values["STOCKTAKE_KEEP_DAYS"],
        tasks=values["STOCKTAKE_TASKS"],
        summary_wait=values["STOCKTAKE_SUMMARY_WAIT_SECONDS"],
        prefix_depth=values["STOCKTAKE_PREFIX_DEPTH"],
        task_bytes=values["STOCKTAKE_TASK_BYTES"],
        prices=values["STOCKTAKE_PRICES"],
        metrics=values["STOCKTAKE_METRICS"],
        tracing=values["STOCKTAKE_TRACING"],
    )


def _checked(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """What each variable stands for, by its name."""
    problems: list[str] = []
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        text = environment.get(variable.name, "").strip() or (variable.default or "")
        try:
            if not text and variable.default is None:
                raise ValueError("is not set")
            values[variable.name] = _CHECKS[variable.name](text)
        except ValueError as exc:
            problems.append(f"{variable.name} ({variable.meaning}) {exc}; it takes {variable.takes}.")
    if values.get("STOCKTAKE_MAIL") and not values.get("STOCKTAKE_MAIL_FROM"):
        problems.append("STOCKTAKE_MAIL_FROM (the sender of mail) is not set, but STOCKTAKE_MAIL is.")
    if values.get("STOCKTAKE_TASKS") == values.get("STOCKTAKE_STORE") is not None:
        problems.append("STOCKTAKE_TASKS names the file of STOCKTAKE_STORE; it takes one of its own.")
    if problems:
        raise Misconfigured("\n".join(problems))
    return values
