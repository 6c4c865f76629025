"""The whole world of a deployment on one machine: AWS, the storage platform, Slack, mail, and who deploys.

In goes an empty folder; out comes a `Site`, on which the tests tell the story. AWS is MiniStack; the platform
and the inbox are those of `make run`; who deploys uses `make`, as everybody does.
"""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.inbox import Inbox, Received
from local.platform import Options, StandIn
from tests.deploy.gaps import set_gateway_responses, set_tasks_at_once, widen_policies
from tests.deploy.leash import hold
from tests.deploy.ministack import ACCOUNT, REGION, MiniStack
from tests.deploy.recorder import Recorder
from tests.deploy.roles import Roles, deployed_roles
from tests.deploy.settings import (
    APPLICATION,
    ORGANIZATION,
    STACK,
    STAGE,
    TEAM,
    TOKENS,
    environment,
    secrets_document,
)
from tests.deploy.stack import Stack
from tests.documents import blocks

_LAST_LINE = re.compile(r"\b([a-z]+\.[a-z]+) · [0-9a-f]{8}\s*$")
_ROOT = Path(__file__).parents[2]
_QUIETLY = ("--no-print-directory", "--assume-old=.venv/.installed")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered. The names of its headers are in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Site:
    """Everything that runs, and what can be done with it.

    `address` is that of the deployed API, `roles` what the functions may do.
    """

    def __init__(
        self, folder: Path, aws: MiniStack, recorder: Recorder, platform: StandIn, inbox: Inbox
    ) -> None:
        self.aws = aws
        self.stack = Stack(aws)
        self.recorder = recorder
        self.platform = platform
        self.inbox = inbox
        self.address = ""
        self.roles: Roles = {}
        self._folder = folder

    # What somebody does who deploys

    def deploy(self, **settings: str) -> str:
        """`make deploy` with these settings beside the usual ones; what it said."""
        return self._deployed(self.make("deploy", **settings))

    def paste(self, number: int) -> str:
        """Run a block of the page on AWS, with what stands for somebody's ids and files; what it said."""
        page = [each.text for each in blocks("deploy") if each.page.endswith("run-on-aws.md")]
        text = page[number]
        for usual, ours in {
            "STAGE=prod": f"STAGE={STAGE}",
            "your-org-id": ORGANIZATION,
            "user-uid-of-the-key": APPLICATION.principal.rpartition("/")[2],
            "eu-central-1": REGION,
            "FILE=secrets.json": f"FILE={self.secrets_document()}",
        }.items():
            text = text.replace(usual, ours)
        make = f'make() {{ command make {" ".join(_QUIETLY)} PYTHON={sys.executable} "$@"; }}'
        said = self._run(["bash", "-euc", f"{make}\n{text}"], text.strip().splitlines()[-1])
        return self._deployed(said) if "make deploy" in text else said

    def _deployed(self, said: str) -> str:
        """What a deployment said, when its address is known and gaps are filled."""
        found = re.search(r"https://(\w+)\.execute-api\.[\w-]+\.amazonaws\.com/(\w+)", said)
        assert found, said
        self.address = f"{self.aws.url}/restapis/{found.group(1)}/{found.group(2)}/_user_request_"
        self.roles = self.roles or deployed_roles(self.aws, STACK)  # as they are before gaps are filled
        set_gateway_responses(self.aws, STACK)
        set_tasks_at_once(self.aws, STACK)
        widen_policies(self.aws, STACK)
        return said

    def make(self, target: str, **variables: str) -> str:
        """Run a target of the Makefile, with the Python that runs this; what it said. It must succeed."""
        named = {"PYTHON": sys.executable, "STAGE": STAGE, **variables}
        command = ["make", *_QUIETLY, target]
        return self._run(command + [f"{name}={value}" for name, value in named.items()], f"make {target}")

    def _run(self, command: list[str], name: str) -> str:
        _say(f"{name} ...")
        begun = time.monotonic()
        surroundings = environment(self.aws.url, self.platform.url) | {"TMPDIR": str(self._folder)}
        with hold(command, surroundings, subprocess.PIPE, _ROOT) as process:
            assert process.stdout is not None
            said = process.stdout.read().decode(errors="replace")
            code = process.wait()
        assert code == 0, f"{name} ended with {code}:\n{said}\n{self.seen()}"
        _say(f"{name}: {time.monotonic() - begun:.0f} s")
        return said

    def secrets_document(self) -> Path:
        """The secrets document as somebody writes it, in a file."""
        path = self._folder / "secrets.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(secrets_document(self.inbox.slack_url)))
        return path

    # What somebody does who uses it

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = TOKENS["write"]) -> Answer:
        """One request to the deployed API."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return _answer(answer.status, answer)
        except urllib.error.HTTPError as exc:
            with exc:
                return _answer(exc.code, exc)

    def notice(self, kind: str, via: str) -> Received:
        """Wait for a notice. Schedules fire once a minute: one finds, the next one sends."""
        self.wait(f"{kind} by {via}", lambda: (kind, via) in self.told())
        return self.inbox.received[self.told().index((kind, via))]

    def told(self) -> list[tuple[str, str]]:
        """Kind and channel of each message that came, oldest first."""
        return [(each.kind or _kind_by_text(each.text), each.via) for each in self.inbox.received]

    # Waiting, and what was seen when it was in vain

    def wait(self, what: str, happened: Callable[[], bool], seconds: float = 200.0) -> None:
        """Wait, and say so. AssertionError with what was seen where it does not come about."""
        begun = said = time.monotonic()
        while not happened():
            now = time.monotonic()
            assert now - begun < seconds, f"{seconds:.0f} seconds passed without {what}.\n{self.seen()}"
            if now - said > 15:
                said = now
                _say(f"waiting for {what} ({now - begun:.0f} s)")
            time.sleep(0.5)
        _say(f"{what}: {time.monotonic() - begun:.0f} s")

    @contextmanager
    def between_ticks(self) -> Iterator[None]:
        """While this lasts no schedule fires, and nothing that one began is still running."""
        self.stack.disable_schedules()
        self._wait_until_quiet()
        yield
        self.stack.enable_schedules()

    def _wait_until_quiet(self) -> None:
        """Wait until no function has called AWS for some seconds."""
        calls = -1

        def quiet() -> bool:
            nonlocal calls
            before, calls = calls, len(self.recorder.recorded)
            time.sleep(2)
            return before == calls == len(self.recorder.recorded)

        self.wait("the end of what runs", quiet)

    def seen(self) -> str:
        """What somebody needs who looks for the cause of a failure."""
        parts = [f"== MiniStack\n{self.aws.tail()}"]
        parts += [f"== log of {name}\n" + "\n".join(lines[-8:]) for name, lines in self.stack.logs()]
        parts.append("== inbox\n" + ("\n".join(f"{kind} by {via}" for kind, via in self.told()) or "empty"))
        failed = [f"{each.status} {each.call}"[:300] for each in self.recorder.recorded if each.status >= 400]
        parts.append("== calls of functions to AWS that failed\n" + ("\n".join(failed[-10:]) or "none"))
        return "\n".join(parts)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """A site of which nothing is deployed yet; everything that runs ends with it."""
    with ExitStack() as running:
        options = Options(first_report_seconds=3, visible_after=0.5)
        platform = running.enter_context(StandIn([APPLICATION, TEAM], ORGANIZATION, options=options))
        platform.start_service(0.5)
        inbox = running.enter_context(Inbox())
        recorder = Recorder(ACCOUNT)
        running.callback(recorder.stop)
        aws = MiniStack(folder, functions_call=recorder.url, smtp_port=inbox.smtp_port)
        running.callback(aws.stop)
        aws.start()
        recorder.start(aws.url)
        yield Site(folder, aws, recorder, platform, inbox)


def _kind_by_text(text: str) -> str:
    """The kind by the last line of a mail: MiniStack writes mails anew, without the headers they had."""
    found = _LAST_LINE.search(text)
    return found.group(1) if found else "?"


def _answer(status: int, response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status, json.load(response), headers)


def _say(text: str) -> None:
    """A line of progress."""
    print(f"\n   {time.strftime('%H:%M:%S')} {text}", end="", flush=True)
