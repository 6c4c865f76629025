"""Keys that are replaced, refused or run out while we work, and how often newer ones are asked for."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import (
    EXPIRING_SECONDS,
    FRESH_SECONDS,
    YOUNG_KEY_SECONDS,
    S3Connection,
)
from chalicelib.core.access import Credentials
from chalicelib.errors import Misconfigured, NotYet, PlatformAway, PlatformError, PlatformRefused
from tests.contract.canned_server import CannedServer, answer, refusal

OLD, NEW = Credentials("OLDKEY", "old-secret"), Credentials("NEWKEY", "new-secret")
NO_POLICY = refusal("404 Not Found", "NoSuchBucketPolicy")
DENIED = refusal("403 Forbidden", "AccessDenied")
UNKNOWN = refusal("403 Forbidden", "InvalidAccessKeyId")
REFUSALS = {
    "InvalidAccessKeyId": UNKNOWN,
    "SignatureDoesNotMatch": refusal("403 Forbidden", "SignatureDoesNotMatch"),
    "ExpiredToken": refusal("400 Bad Request", "ExpiredToken"),
    "AccessDenied": DENIED,
    "401": answer("401 No"),
    "403": answer("403 No"),
}


class Document:
    """A secrets document behind a cache: what is `written` is seen by those who ask past it.

    `asked` are the questions, True for those past the cache.
    """

    def __init__(self, *keys: Credentials) -> None:
        self.cached, self.written = keys[0], keys[-1]
        self.asked: list[bool] = []

    def __call__(self, *, fresh: bool) -> Credentials:
        self.asked.append(fresh)
        if fresh:
            self.cached = self.written
        return self.cached

    @property
    def fresh_reads(self) -> int:
        return sum(self.asked)


def buckets(server: CannedServer, document: Document, clock: Callable[[], float] = lambda: 0.0) -> S3Buckets:
    return S3Buckets(S3Connection(server.url, "path", document, clock=clock))


def used(server: CannedServer) -> list[str]:
    """The keys of the requests that came."""
    return [request.partition("Credential=")[2].partition("/")[0] for request in server.requests]


def lasting(seconds: float, key: str = "OLDKEY") -> Credentials:
    """Temporary keys that expire so many seconds after the clock's beginning."""
    return Credentials(key, "secret", "token", datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refused_call_is_made_again_with_keys_that_were_replaced_meanwhile(code: str) -> None:
    document = Document(OLD, NEW)
    with CannedServer([REFUSALS[code], NO_POLICY]) as server:
        assert buckets(server, document).policy("photos") is None
        assert used(server) == ["OLDKEY", "NEWKEY"]
    assert document.asked == [False, True]


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "AccessDenied"])
def test_a_refused_call_is_not_made_again_with_the_same_keys(code: str) -> None:
    with CannedServer([REFUSALS[code]]) as server:
        with pytest.raises(PlatformRefused) as caught:
            buckets(server, Document(OLD)).policy("photos")
        assert (caught.value.code, used(server)) == (code, ["OLDKEY"])


@pytest.mark.parametrize("said", [NO_POLICY, refusal("404 Not Found", "NoSuchBucket"), answer("503 Away")])
def test_what_is_not_about_access_asks_for_no_keys(said: bytes) -> None:
    document = Document(OLD, NEW)
    with CannedServer([said]) as server:
        with suppress(PlatformError):
            buckets(server, document).policy("photos")
        assert set(used(server)) == {"OLDKEY"}
    assert document.asked == [False]


def test_a_policy_that_says_no_costs_one_read_past_the_cache_in_a_while() -> None:
    document, now = Document(OLD), [0.0]
    with CannedServer([DENIED]) as server:
        s3 = buckets(server, document, lambda: now[0])
        for now[0] in (0.0, 1.0, FRESH_SECONDS - 0.1):
            with pytest.raises(PlatformRefused):
                s3.policy("photos")
        assert document.fresh_reads == 1
        now[0] = FRESH_SECONDS
        with pytest.raises(PlatformRefused):
            s3.policy("photos")
    assert document.fresh_reads == 2


def test_a_clock_that_was_set_back_does_not_keep_the_document_unread() -> None:
    document, now = Document(OLD), [10_000.0]
    with CannedServer([DENIED]) as server:
        s3 = buckets(server, document, lambda: now[0])
        for now[0] in (10_000.0, 5.0):
            with pytest.raises(PlatformRefused):
                s3.policy("photos")
    assert document.fresh_reads == 2


def test_between_two_reads_past_the_cache_the_keys_that_it_has_by_then_are_used() -> None:
    given, asked = iter([OLD, OLD, OLD, NEW]), []

    def keys(*, fresh: bool) -> Credentials:
        asked.append(fresh)
        return next(given)

    with CannedServer([DENIED, DENIED, NO_POLICY]) as server:
        s3 = S3Buckets(S3Connection(server.url, "path", keys, clock=lambda: 0.0))
        with pytest.raises(PlatformRefused):
            s3.policy("photos")
        assert s3.policy("photos") is None
        assert used(server) == ["OLDKEY", "OLDKEY", "NEWKEY"]
    assert asked == [False, True, False, False]


def test_a_document_that_will_not_do_any_more_is_told_in_place_of_the_refusal() -> None:
    def keys(*, fresh: bool) -> Credentials:
        if fresh:
            raise Misconfigured("The secrets document is gone.")
        return OLD

    with CannedServer([DENIED]) as server, pytest.raises(Misconfigured, match="gone"):
        S3Buckets(S3Connection(server.url, "path", keys)).policy("photos")


def test_new_keys_are_used_from_the_next_call_on() -> None:
    document = Document(OLD)
    with CannedServer([NO_POLICY]) as server:
        s3 = buckets(server, document)
        s3.policy("photos")
        s3.policy("photos")
        document.cached = NEW
        s3.policy("photos")
        assert used(server) == ["OLDKEY", "OLDKEY", "NEWKEY"]


def test_a_session_token_that_comes_and_goes_is_followed() -> None:
    document = Document(Credentials("OLDKEY", "old-secret", "SESSION"))
    with CannedServer([NO_POLICY]) as server:
        s3 = buckets(server, document)
        s3.policy("photos")
        document.cached = OLD
        s3.policy("photos")
        sent = ["x-amz-security-token: session" in request.lower() for request in server.requests]
    assert sent == [True, False]


@pytest.mark.parametrize(
    ("age", "kind"), [(YOUNG_KEY_SECONDS - 1, NotYet), (YOUNG_KEY_SECONDS + 1, PlatformRefused)]
)
def test_a_key_minted_seconds_ago_is_not_refused_for_good(age: float, kind: type[PlatformError]) -> None:
    document, now = Document(OLD), [0.0]
    with CannedServer([NO_POLICY, NO_POLICY, UNKNOWN]) as server:
        s3 = buckets(server, document, lambda: now[0])
        s3.policy("photos")
        document.cached = document.written = NEW
        s3.policy("photos")
        now[0] = age
        with pytest.raises(kind) as caught:
            s3.policy("photos")
    assert type(caught.value) is kind


def test_temporary_keys_are_replaced_shortly_before_they_expire() -> None:
    now = [0.0]
    document = Document(lasting(1000), lasting(5000, "NEWKEY"))
    with CannedServer([NO_POLICY]) as server:
        s3 = buckets(server, document, lambda: now[0])
        for now[0] in (
            0.0,
            1000 - EXPIRING_SECONDS - 1,
            1000 - EXPIRING_SECONDS,
            1000 - EXPIRING_SECONDS + 1,
        ):
            s3.policy("photos")
        assert used(server) == ["OLDKEY", "OLDKEY", "NEWKEY", "NEWKEY"]
    assert document.fresh_reads == 1


def test_keys_that_nobody_replaces_serve_to_their_end_and_are_asked_for_now_and_then() -> None:
    now = [0.0]
    document = Document(lasting(1000))
    with CannedServer([NO_POLICY]) as server:
        s3 = buckets(server, document, lambda: now[0])
        for second in range(900, 1000):
            now[0] = second
            s3.policy("photos")
        assert len(server.requests) == 100
    assert document.fresh_reads == 100 / FRESH_SECONDS


def test_expired_keys_are_not_sent_and_newer_ones_mend_it_at_once() -> None:
    document, now = Document(lasting(1000)), [1000.0]
    with CannedServer([NO_POLICY]) as server:
        s3 = buckets(server, document, lambda: now[0])
        with pytest.raises(PlatformAway) as caught:
            s3.policy("photos")
        assert server.requests == []
        document.cached = lasting(5000, "NEWKEY")
        assert s3.policy("photos") is None
        assert used(server) == ["NEWKEY"]
    assert str(caught.value) == (
        "The platform is not asked: its keys expired at 1970-01-01 00:16 UTC, and the secrets document has no"
        " newer ones."
    )


def test_keys_that_expired_by_the_platforms_clock_are_no_refusal() -> None:
    with (
        CannedServer([REFUSALS["ExpiredToken"]]) as server,
        pytest.raises(PlatformAway, match="ExpiredToken"),
    ):
        buckets(server, Document(OLD)).policy("photos")
