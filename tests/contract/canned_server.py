"""A server on the loopback address that gives one answer after the other, byte for byte, and notes what came.

For what no well-behaved server does: pages in place of XML, answers cut off, redirections, silence.
"""

import json
import socket
from collections.abc import Sequence

from tests.contract.socket_server import SocketServer

TLS_HANDSHAKE = b"\x16"
"""How a client begins that wants TLS; this server has none, and answers anyway."""


def answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer; `length` is the Content-Length where it is to differ from the body's."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def refusal(status: str, code: str, message: str = "no") -> bytes:
    """An answer in the form of S3's errors."""
    return answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())


def fault(status: str, code: str, message: str = "no") -> bytes:
    """An answer in the form of the errors of AWS services that speak JSON."""
    body = json.dumps({"__type": code, "message": message}).encode()
    return answer(status, body, f"x-amzn-ErrorType: {code}")


class CannedServer(SocketServer):
    """Gives `answers` in order and the last one for ever; an empty one closes the connection.

    `requests` are the heads of the requests that came, `bodies` what followed them, `url` is where.
    """

    def __init__(self, answers: Sequence[bytes]) -> None:
        super().__init__()
        self._answers = list(answers)
        self.requests: list[str] = []
        self.bodies: list[bytes] = []

    def answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and not head.startswith(TLS_HANDSHAKE):
            received = connection.recv(65536)
            if not received:
                return
            head += received
        head, _, body = head.partition(b"\r\n\r\n")
        length = next(
            (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), b":0"
        )
        while len(body) < int(length.partition(b":")[2]):
            body += connection.recv(65536)
        self.requests.append(head.decode("latin-1"))
        self.bodies.append(body)
        connection.sendall(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
