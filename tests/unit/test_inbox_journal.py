"""What came outlives the process: the journal is read back, whole lines only."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from slack_sdk.webhook import WebhookClient

from local.inbox import Inbox
from local.inbox.journal import Journal


def send(inbox: Inbox, text: str) -> None:
    assert WebhookClient(inbox.slack_url).send(text=text).status_code == 200


def texts(path: Path) -> list[str]:
    return [message.text for message in Journal(path).messages()]


def test_messages_are_the_same_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "inbox.jsonl"
    with Inbox(journal=path) as inbox:
        send(inbox, "first ü\nreport.landed · 7f3a91c2")
        send(inbox, "second")
        before = inbox.received

    assert Inbox(journal=path).received == before


def test_a_killed_process_leaves_what_it_answered_ok(tmp_path: Path) -> None:
    path = tmp_path / "inbox.jsonl"
    script = (
        "import sys, pathlib; from local.inbox import Inbox\n"
        "inbox = Inbox(journal=pathlib.Path(sys.argv[1])); inbox.start()\n"
        "print(inbox.slack_url, flush=True); sys.stdin.read()"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        status = WebhookClient(url).send(text="kept").status_code
        os.kill(process.pid, signal.SIGKILL)

    assert (status, texts(path)) == (200, ["kept"])


@pytest.mark.parametrize("torn", [b'{"at": "2026-01', b"\xff", b'{"at": 1}\n'])
def test_a_torn_last_line_is_dropped_and_the_next_message_gets_its_own_line(
    tmp_path: Path, torn: bytes
) -> None:
    path = tmp_path / "inbox.jsonl"
    with Inbox(journal=path) as inbox:
        send(inbox, "first")
    with path.open("ab") as file:
        file.write(torn)

    with Inbox(journal=path) as inbox:
        send(inbox, "second")

    assert texts(path) == ["first", "second"]


def test_a_broken_line_before_the_last_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "inbox.jsonl"
    with Inbox(journal=path) as inbox:
        send(inbox, "second")
    path.write_bytes(b"{}\n" + path.read_bytes())

    with pytest.raises(ValueError, match="line 1"):
        Inbox(journal=path)


def test_clear_empties_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "inbox.jsonl"
    with Inbox(journal=path) as inbox:
        send(inbox, "first")
        inbox.clear()

    assert texts(path) == []
