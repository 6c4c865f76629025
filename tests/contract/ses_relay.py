"""SES on 127.0.0.1, as far as one call goes: mail given to `SendEmail` of API v2 goes on to an SMTP server.

For tests that want to see what arrives. It answers as SES does, or as it was told for the next mail; who may
send what to whom it does not judge.
"""

import base64
import json
import smtplib
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

PATH = "/v2/email/outbound-emails"


class SesRelay:
    """A context manager; `url` is the endpoint. `refuse_next` answers one mail with an error."""

    def __init__(self, smtp_port: int) -> None:
        self._smtp_port = smtp_port
        self._refusals: list[tuple[int, str, str]] = []
        relay = self

        class Handler(BaseHTTPRequestHandler):
            """Hands each request over to the relay."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status, code, answer = relay._answer(self.path, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                if code:
                    self.send_header("x-amzn-ErrorType", code)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the port. Harmless when it is closed already."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def refuse_next(self, status: int, code: str, message: str) -> None:
        """Answer the next mail with this error."""
        self._refusals.append((status, code, message))

    def _answer(self, path: str, body: dict[str, dict[str, dict[str, str]]]) -> tuple[int, str, object]:
        if self._refusals:
            status, code, message = self._refusals.pop(0)
            return status, code, {"message": message}
        if path != PATH:
            return 404, "NotFoundException", {"message": path}
        mail = message_from_bytes(base64.b64decode(body["Content"]["Raw"]["Data"]), policy=policy.SMTP)
        del mail["Message-ID"], mail["Date"]
        mail["Message-ID"] = "<0101@email.amazonses.com>"
        mail["Date"] = "Sun, 01 Mar 2026 12:00:00 +0000"
        with smtplib.SMTP("127.0.0.1", self._smtp_port, "relay.example", timeout=5) as session:
            session.send_message(
                mail, str(body["FromEmailAddress"]), list(body["Destination"]["ToAddresses"])
            )
        return 200, "", {"MessageId": "0101"}
