"""Another site, whose pages want something of ours: a server of its own, with pages as a test writes them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere(ThreadingHTTPServer):
    """Shows `page` at every address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.page = ""

    @property
    def url(self) -> str:
        """The same host as ours with another port: another origin of the same site."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def far_url(self) -> str:
        """The same by another name: another site."""
        return f"http://localhost:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        content = self.server.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """The other site on a free port."""
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sends(address: str, fields: Mapping[str, str], method: str = "post") -> str:
    """A page that sends a form to the address as soon as it is shown."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    form = f'<form method="{method}" action="{escape(address)}">{hidden}</form>'
    return f'<!doctype html><link rel="icon" href="data:,">{form}<script>document.forms[0].submit()</script>'


def frames(address: str) -> str:
    """A page that shows another one in a frame."""
    return f'<!doctype html><link rel="icon" href="data:,"><iframe src="{escape(address)}"></iframe>'
