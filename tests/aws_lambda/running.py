"""The packaged functions in their world on loopback: AWS by moto, the storage platform, Slack and mail."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.account import account
from bench.function import Function
from bench.runtime_api import Outcome
from local.inbox import Inbox
from local.platform import StandIn
from tests.app.asking import APPLICATION, ORGANIZATION, TEAM, make_buckets, secrets_document

WITH_LAYER = "app.read_files"
"""The one function that has the layer, as the template has it."""


@dataclass(frozen=True)
class Ran:
    """What became of the events that a fresh function was handed, and all that it wrote.

    `ids` are the ids that Lambda gave to the invocations.
    """

    outcomes: tuple[Outcome, ...]
    ids: tuple[str, ...]
    log: tuple[str, ...]

    @property
    def answer(self) -> Any:
        """The answer to the last event; fails where it was an error."""
        last = self.outcomes[-1]
        assert last.kind == "response", f"{last.kind}: {last.content}\n{''.join(self.log)}"
        return last.content

    @property
    def error(self) -> Any:
        """The error that the last event came to; fails where there was an answer."""
        last = self.outcomes[-1]
        assert last.kind == "error", f"{last.kind}: {last.content}\n{''.join(self.log)}"
        return last.content

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line that was written; fails where one is no JSON object."""
        return [json.loads(line) for line in self.log]

    def line(self, message: str) -> dict[str, Any]:
        """The one line of the log with this message."""
        (found,) = (each for each in self.lines if each.get("message") == message)
        return found


@dataclass(frozen=True)
class Functions:
    """The functions of an unpacked package, with the variables that they find at their start."""

    package: Path
    runtime: Path
    layer: Path
    variables: Mapping[str, str]

    def run(
        self, handler: str, *events: Any, options: Sequence[str] = (), without: str = "", **changed: str
    ) -> Ran:
        """Start one, hand it the events one after the other, and end it.

        `without` names a variable that is taken away, `changed` are others; `options` are the interpreter's.
        """
        variables = {**self.variables, **changed}
        variables.pop(without, None)
        layer = self.layer if handler == WITH_LAYER else None
        with Function(self.package, handler, self.runtime, variables, options, layer) as function:
            outcomes = tuple(function.invoke(each) for each in events)
        return Ran(outcomes, tuple(function.api.ids), tuple(function.log))

    def api(self, event: Any, **changed: str) -> tuple[int, Any]:
        """Status and body of a request to a fresh function."""
        answer = self.run("app.app", event, **changed).answer
        return answer["statusCode"], json.loads(answer["body"])


@dataclass(frozen=True)
class World:
    """Functions, and what is around them. There are the buckets `data` and `reports`, without policies."""

    functions: Functions
    platform: StandIn
    inbox: Inbox


@contextmanager
def running_world(package: Path, template: Path, runtime: Path, layer: Path) -> Iterator[World]:
    """Start everything; nothing is stored yet."""
    with Inbox() as inbox, StandIn([APPLICATION, TEAM], ORGANIZATION) as platform:
        document = secrets_document(
            channels={
                "storage-team": {"kind": "slack", "url": inbox.slack_url},
                "storage-mail": {"kind": "email", "to": ["storage@example.com"]},
            }
        )
        make_buckets(platform, "data", "reports")
        with account(template, document) as aws:
            variables = {
                **aws,
                "STOCKTAKE_ORG_ID": ORGANIZATION,
                "STOCKTAKE_PRINCIPAL": APPLICATION.principal,
                "STOCKTAKE_ENDPOINT_URL": platform.url,
                "STOCKTAKE_ADDRESSING": "path",
                "STOCKTAKE_SLACK_HOSTS": "127.0.0.1",
                "STOCKTAKE_MAIL": f"smtp://127.0.0.1:{inbox.smtp_port}",
                "STOCKTAKE_MAIL_FROM": "stocktake@example.com",
            }
            yield World(Functions(package, runtime, layer, variables), platform, inbox)
