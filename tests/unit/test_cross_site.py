"""Which requests another site has a browser send."""

import pytest

from chalicelib.api.cross_site import from_another_site


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "example.com"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://example.com", "host": "internal"},
        {"origin": "https://example.com", "host": "example.com"},
        {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"},
        {"origin": "https://EXAMPLE.com", "host": "example.COM"},
    ],
)
def test_programs_and_our_own_pages_may(headers: dict[str, str]) -> None:
    assert not from_another_site(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},  # another host of the same domain is another site's, too
        {"sec-fetch-site": "cross-site", "origin": "https://example.com", "host": "example.com"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "anything"},
        {"origin": "https://evil.example", "host": "example.com"},
        {"origin": "https://example.com:444", "host": "example.com"},
        {"origin": "null", "host": "example.com"},
        {"origin": "null", "host": ""},
        {"origin": "", "host": ""},
        {"origin": "https://[", "host": "example.com"},
        {"origin": "https://example.com"},
    ],
)
def test_another_site_may_not(headers: dict[str, str]) -> None:
    assert from_another_site(headers)
