"""Starting and stopping: ports of its own, nothing left behind."""

import socket
import threading
import urllib.parse

import pytest
from slack_sdk.webhook import WebhookClient

from local.inbox import Inbox


def test_stop_ends_every_thread_even_with_clients_that_say_nothing() -> None:
    before = set(threading.enumerate())
    inbox = Inbox()
    inbox.start()
    http_port = urllib.parse.urlsplit(inbox.http_url).port
    with (
        socket.create_connection(("127.0.0.1", http_port)) as silent,
        socket.create_connection(("127.0.0.1", inbox.smtp_port)) as greeted,
    ):
        assert greeted.recv(4) == b"220 "
        inbox.stop()
        assert silent.recv(1) == b""

    assert set(threading.enumerate()) == before
    for port in (http_port, inbox.smtp_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_started_again_it_listens_where_it_did_and_has_what_came() -> None:
    inbox = Inbox()
    urls = set()
    for _ in range(2):
        with inbox:
            urls.add((inbox.slack_url, inbox.smtp_port))
            WebhookClient(inbox.slack_url).send(text="x")

    assert len(urls) == 1
    assert len(inbox.received) == 2


def test_starting_twice_is_an_error_and_stopping_twice_is_none() -> None:
    inbox = Inbox()
    inbox.start()
    try:
        with pytest.raises(RuntimeError):
            inbox.start()
    finally:
        inbox.stop()
    inbox.stop()


@pytest.mark.parametrize("taken", ["http_port", "smtp_port"])
def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(taken: str) -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        inbox = Inbox(http_port=port) if taken == "http_port" else Inbox(smtp_port=port)
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            inbox.start()

    assert set(threading.enumerate()) == before


def test_a_pace_below_one_message_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="per_second"):
        Inbox(per_second=0)
