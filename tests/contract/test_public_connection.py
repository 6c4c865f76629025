"""Where a webhook's request may go: to public addresses, to none that a name hides, by TLS to that name."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.public_connection import NotPublic, PublicConnection, look_up
from chalicelib.adapters.timed_socket import Deadline
from chalicelib.adapters.webhook import WebhookChannel
from chalicelib.core.access import WebhookAddress
from chalicelib.errors import ChannelRefused, DeliveryDelayed
from chalicelib.templates.cloud_event import event_text
from tests.notices import notice

HOST = "pipeline.example"
SECRET = "whsec_" + "a2tr" * 10


class Names:
    """A resolver that gives its answers one after the other, and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0)


def no_name(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, f"{host} is not known")


class TlsServer:
    """Answers 204 to each request over TLS, with a certificate for `HOST` that `trusting` trusts."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        public = certificate.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "server.pem").write_bytes(secret + public)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "server.pem")
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.trusting = ssl.create_default_context(cadata=public.decode())
        self.port: int = self._listening.getsockname()[1]
        self.requests: list[str] = []
        self._thread.start()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with suppress(OSError), self._context.wrap_socket(connection, server_side=True) as wrapped:
                incoming = wrapped.makefile("rb")
                lines = list(iter(incoming.readline, b"\r\n"))
                length = next(line for line in lines if line.lower().startswith(b"content-length"))
                incoming.read(int(length.partition(b":")[2]))  # else the end of the connection is a reset
                self.requests.append(b"".join(lines).decode())
                wrapped.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsServer]:
    running = TlsServer(tmp_path)
    yield running
    running.stop()


def channel(
    url: str,
    resolve: Callable[[str, int], Sequence[str]] = look_up,
    *,
    anywhere: tuple[str, ...] = (),
    tls: ssl.SSLContext | None = None,
) -> WebhookChannel:
    address = WebhookAddress(url, SECRET)
    return WebhookChannel(address, event_text, anywhere=anywhere, resolve=resolve, tls=tls, seconds=(5, 5))


def test_the_request_goes_to_the_address_that_was_judged_and_the_name_is_looked_up_once(
    server: TlsServer,
) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    url = f"https://{HOST.upper()}:{server.port}/in"
    channel(url, names, anywhere=(HOST,), tls=server.trusting).send([notice()])
    assert names.asked == [(HOST, server.port)]
    (request,) = server.requests
    assert request.startswith("POST /in HTTP/1.1\r\n")
    assert f"\r\nHost: {HOST}:{server.port}\r\n" in request


def test_the_first_address_that_answers_is_used(server: TlsServer) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])  # nobody listens at the first
    channel(f"https://{HOST}:{server.port}/", names, anywhere=(HOST,), tls=server.trusting).send([notice()])
    assert len(server.requests) == 1


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_for_another_name_or_of_a_stranger_will_not_do(
    server: TlsServer, trusted: bool
) -> None:
    host, tls = ("other.example", server.trusting) if trusted else (HOST, None)
    subject = channel(f"https://{host}:{server.port}/", Names(["127.0.0.1"]), anywhere=(host,), tls=tls)
    with pytest.raises(DeliveryDelayed, match="its certificate will not do") as caught:
        subject.send([notice()])
    assert caught.value.__context__ is None
    assert server.requests == []


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (["127.0.0.1"], "is a loopback address"),
        (["10.1.2.3"], "is private"),
        (["169.254.169.254"], "is a metadata address"),
        (["fd00:ec2::254"], "is a metadata address"),
        (["100.64.1.2"], "is shared behind a carrier's NAT"),
        (["::ffff:127.0.0.1"], "stands for an IPv4 address"),
        (["64:ff9b::7f00:1"], "is a loopback address"),
        (["8.8.8.8", "127.0.0.1"], "is a loopback address"),
        (["2606:4700::1111", "fe80::1%eth0"], "is link-local"),
        (["8.8.8.8"] * 10 + ["10.0.0.1"], "is private"),
    ],
)
def test_a_host_with_any_address_that_is_not_public_is_not_called(addresses: list[str], words: str) -> None:
    with pytest.raises(ChannelRefused) as caught:
        channel(f"https://{HOST}/", Names(addresses), anywhere=("other.example",)).send([notice()])
    assert f"an address that {words}. Unless" in str(caught.value)
    assert "STOCKTAKE_WEBHOOK_HOSTS" in str(caught.value)
    assert not any(each in str(caught.value) for each in (HOST, *addresses))
    assert caught.value.__context__ is None


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f000001", "127.1"])
def test_this_machine_is_not_called_however_it_is_written(host: str) -> None:
    with pytest.raises(ChannelRefused, match="is a loopback address"):
        channel(f"https://{host}/").send([notice()])


@pytest.mark.parametrize(
    ("url", "address", "anywhere"),
    [
        ("http://127.0.0.1:1/", "127.0.0.1", ()),
        (f"http://{HOST}/", "8.8.8.8", ()),
        (f"http://{HOST}/", "8.8.8.8", (HOST,)),
        (f"http://{HOST}/", "10.0.0.1", (HOST,)),
        ("http://localhost/", "10.0.0.1", ("localhost",)),
    ],
)
def test_plain_http_is_for_this_machine_where_it_is_named(
    url: str, address: str, anywhere: tuple[str, ...]
) -> None:
    with pytest.raises(ChannelRefused, match="must not be called by plain http"):
        channel(url, Names([address]), anywhere=anywhere).send([notice()])


@pytest.mark.parametrize("resolve", [no_name, Names([])])
def test_a_name_that_has_no_address_now_may_have_one_later(
    resolve: Callable[[str, int], Sequence[str]],
) -> None:
    with pytest.raises(DeliveryDelayed, match="cannot be reached") as caught:
        channel(f"https://{HOST}/", resolve).send([notice()])
    assert HOST not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_host_that_no_name_can_be_is_not_reached() -> None:
    with pytest.raises(DeliveryDelayed, match="cannot be reached"):
        channel(f"https://{'a' * 70}.example/").send([notice()])


def test_a_port_at_which_nobody_listens_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with pytest.raises(DeliveryDelayed, match=r"cannot be reached \(ConnectionRefusedError\)"):
        channel(f"https://{HOST}:{port}/", Names(["127.0.0.1"]), anywhere=(HOST,)).send([notice()])


def test_a_server_that_never_agrees_on_tls_does_not_hold_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = urlsplit(f"https://{HOST}:{silent.getsockname()[1]}/")
        names = Names(["127.0.0.1"])
        connection = PublicConnection(url, Deadline(5, 0.05), anywhere=(HOST,), resolve=names)
        with pytest.raises(TimeoutError):
            connection.connect()


def test_nothing_begins_after_the_deadline() -> None:
    clock = iter([0.0, 14.9, 15.0]).__next__
    deadline = Deadline(15, 10, clock)
    assert deadline.left() == pytest.approx(0.1)
    with pytest.raises(TimeoutError):
        deadline.left()


def test_the_port_of_the_scheme_is_not_in_the_host_header() -> None:
    connection = PublicConnection(urlsplit(f"https://{HOST}/"), Deadline(1, 1), resolve=Names(["10.0.0.1"]))
    assert (connection.host, connection.port, connection.default_port) == (HOST, 443, 443)
    with pytest.raises(NotPublic):
        connection.connect()
