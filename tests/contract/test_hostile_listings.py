"""Listings and locations that no well-behaved server answers: told, and not read without end."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.adapters.s3_buckets import MAX_PAGES, S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.core.access import Credentials
from chalicelib.errors import PlatformAway, PlatformError, PlatformRefused
from tests.contract.canned_server import CannedServer, answer, refusal
from tests.contract.test_s3_listing import CALLS
from tests.fakes import ticking

OURS = Credentials("OURKEY", "our-secret", "our-token")


def ask(operation: str, *answers: bytes, clock: Callable[[], float] = lambda: 0.0) -> tuple[Any, int]:
    """What becomes of a call that gets these answers, and how many requests came."""
    with CannedServer(answers) as server:
        buckets = S3Buckets(S3Connection(server.url, "path", lambda fresh: OURS), clock=clock)
        try:
            found = CALLS[operation](buckets)
        except PlatformError as error:
            found = error
        return found, len(server.requests)


def ok(body: str) -> bytes:
    return answer("200 OK", body.encode())


def bucket_page(name: str, token: str = "") -> bytes:
    more = f"<ContinuationToken>{token}</ContinuationToken>" if token else ""
    buckets = f"<Buckets><Bucket><Name>{name}</Name></Bucket></Buckets>"
    return ok(f"<ListAllMyBucketsResult>{buckets}{more}</ListAllMyBucketsResult>")


def configuration_page(id: str, token: str = "", truncated: bool = True) -> bytes:
    more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    listed = f"<InventoryConfiguration><Id>{id}</Id></InventoryConfiguration>"
    root = "ListInventoryConfigurationsResult"
    return ok(f"<{root}>{listed}<IsTruncated>{str(truncated).lower()}</IsTruncated>{more}</{root}>")


PAGES: dict[str, Callable[[str, str], bytes]] = {
    "ListBuckets": bucket_page,
    "ListBucketInventoryConfigurations": configuration_page,
}


@pytest.mark.parametrize("operation", PAGES)
def test_pages_without_end_are_not_read_for_ever(operation: str) -> None:
    pages = [PAGES[operation](f"name-{each}", f"token-{each}") for each in range(MAX_PAGES + 5)]
    error, asked = ask(operation, *pages)
    assert isinstance(error, PlatformRefused)
    assert error.code == "TooManyPages"
    assert f"{operation} on " in str(error)
    assert asked == MAX_PAGES


@pytest.mark.parametrize("operation", PAGES)
@pytest.mark.parametrize("tokens", [["a"], ["a", "b", "a"]])
def test_pages_that_lead_back_are_not_taken_for_the_whole(operation: str, tokens: list[str]) -> None:
    error, _ = ask(operation, *(PAGES[operation](f"name-{each}", each) for each in tokens))
    assert isinstance(error, PlatformAway)
    assert "the next page is one that came before" in str(error)


@pytest.mark.parametrize("operation", PAGES)
def test_pages_that_take_too_long_are_given_up(operation: str) -> None:
    pages = [PAGES[operation](f"name-{each}", f"token-{each}") for each in range(50)]
    error, asked = ask(operation, *pages, clock=ticking(5.0))
    assert isinstance(error, PlatformAway)
    assert "in 20 seconds" in str(error)
    assert asked == 5


def test_a_token_after_the_last_page_is_not_followed() -> None:
    found, asked = ask("ListBucketInventoryConfigurations", configuration_page("daily", "more", False))
    assert [each["Id"] for each in found] == ["daily"]
    assert asked == 1


def test_more_without_a_way_to_ask_for_it_is_not_taken_for_the_end() -> None:
    error, _ = ask("ListBucketInventoryConfigurations", configuration_page("daily"))
    assert isinstance(error, PlatformAway)
    assert "more is to come" in str(error)


NONE_OF_S3 = {
    "empty": "",
    "a page": "<html><head/><body>Welcome</body></html>",
    "no XML": "<html><br><p>",
    "text": "it works",
    "cut": "<ListAllMyBucketsResult><Buckets><Bucket>",
    "entities": '<!DOCTYPE r [<!ENTITY a "haha">]><LocationConstraint>&a;</LocationConstraint>',
    "nameless": (
        "<R><IsTruncated>false</IsTruncated><InventoryConfiguration/><Buckets><Bucket/></Buckets></R>"
    ),
}


@pytest.mark.parametrize("operation", PAGES)
@pytest.mark.parametrize("body", NONE_OF_S3)
def test_a_listing_that_is_none_is_not_taken_for_an_empty_one(operation: str, body: str) -> None:
    error, _ = ask(operation, ok(NONE_OF_S3[body]))
    assert isinstance(error, PlatformAway), error
    assert f"{operation} on " in str(error)


@pytest.mark.parametrize("body", ["empty", "no XML", "text", "cut", "entities"])
def test_a_location_that_is_none_is_the_platform_being_away(body: str) -> None:
    error, _ = ask("GetBucketLocation", ok(NONE_OF_S3[body]))
    assert isinstance(error, PlatformAway), error
    assert "GetBucketLocation on photos: " in str(error)


@pytest.mark.parametrize("zone", ["x" * 64, "US EAST", "US\u202eEAST", "<b>x</b>", "a;b"])
def test_a_zone_that_cannot_be_one_is_not_repeated(zone: str) -> None:
    error, _ = ask("GetBucketLocation", ok(f"<LocationConstraint>{zone} </LocationConstraint>"))
    if zone.startswith("<"):
        assert error is None
    else:
        assert isinstance(error, PlatformAway)
        assert zone not in str(error)


@pytest.mark.parametrize("zone", ["", "\n  "])
def test_no_zone_is_none(zone: str) -> None:
    assert ask("GetBucketLocation", ok(f"<LocationConstraint>{zone}</LocationConstraint>"))[0] is None


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("body", ["", "<html>", "<html/>", "down for a while"])
@pytest.mark.parametrize(("status", "kind"), [("503 Away", PlatformAway), ("403 No", PlatformRefused)])
def test_a_refusal_without_a_body_of_s3_is_still_one(
    operation: str, body: str, status: str, kind: type[PlatformError]
) -> None:
    error, _ = ask(operation, answer(status, body.encode()))
    assert isinstance(error, kind), error


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("status", ["403 Forbidden", "503 Away"])
def test_no_secret_is_in_an_error_that_repeats_it(operation: str, status: str) -> None:
    said = f"{OURS.access_key_id} {OURS.secret_access_key} {OURS.session_token}"
    error, _ = ask(operation, refusal(status, "SignatureDoesNotMatch", said))
    told = f"{error} {error!r} {error.__cause__} {error.__context__}"
    assert all(each and each not in told for each in said.split())
