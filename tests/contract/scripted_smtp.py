"""An SMTP server on 127.0.0.1 that says what a test wrote, word for word, and remembers what it heard.

For what a good server never does: dropping the connection after the mail, a rude farewell, a certificate
that nobody knows. Replies are given by the verb of the command; `END` is the end of the mail. A reply of
None drops the connection.
"""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GOOD: Mapping[str, str | None] = {
    "EHLO": "250 at your service",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "END": "250 kept",
    "QUIT": "221 bye",
    "AUTH": "235 welcome",
    "STARTTLS": "220 go on",
    "RSET": "250 OK",
}


class ScriptedSmtp:
    """Serves one connection; `heard` are the lines that came, `encrypted` those that came through TLS."""

    def __init__(
        self, replies: Mapping[str, str | None], *, tls: ssl.SSLContext | None = None, implicit: bool = False
    ) -> None:
        self._replies = {**GOOD, **replies}
        self._tls = tls
        self._implicit = implicit
        self.heard: list[str] = []
        self.encrypted: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            connection, _ = self._listening.accept()
            connection.settimeout(5)
            if self._implicit and self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                connection.sendall(b"220 scripted\r\n")
                self._talk(connection)
        except OSError:  # the client is gone, or would have nothing to do with the certificate
            return

    def _talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        in_mail = False
        while line := lines.readline().decode().rstrip("\r\n"):
            self.heard.append(line)
            if isinstance(connection, ssl.SSLSocket):
                self.encrypted.append(line)
            if in_mail:
                _until_the_end(lines)
            verb = "END" if in_mail else line.split(" ")[0].upper()
            reply = self._replies[verb]
            if reply is None:
                return
            connection.sendall(reply.encode() + b"\r\n")
            in_mail = verb == "DATA" and reply.startswith("354")
            if verb == "STARTTLS" and self._tls is not None:
                with self._tls.wrap_socket(connection, server_side=True) as inner:
                    self._talk(inner)
                return


def _until_the_end(lines: BinaryIO) -> None:
    while lines.readline() not in (b".\r\n", b""):
        pass


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS with a certificate of its own making, and a client's that trusts this one only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
