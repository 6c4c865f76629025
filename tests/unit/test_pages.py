"""What every page has: a policy that fits its style, times that people read, and no markup of others."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.templates.pages import Pages, ago

PROBLEM = {"type": "urn:x", "title": "<b>Not</b> found", "status": 404, "detail": "There is no \"x\" & 'y'."}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_policy_allows_the_style_of_the_page() -> None:
    [style] = re.findall(r"<style>(.*?)</style>", Pages().problem(PROBLEM, ""), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in Pages().policy


def test_the_policy_allows_nothing_else() -> None:
    rest = re.sub(r" style-src 'sha256-[^']*';", "", Pages().policy)
    assert rest == (
        "default-src 'none'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_markup_is_text() -> None:
    page = Pages().problem({**PROBLEM, "errors": [{"path": "/<script>", "message": "<img>"}] * 2}, "")
    assert "<b>Not" not in page
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;b&gt;Not" in page
    assert "There is no &#34;x&#34; &amp; &#39;y&#39;." in page


def test_links_begin_with_the_base() -> None:
    page = Pages().problem(PROBLEM, "/api")
    assert set(re.findall(r'href="([^"#]*)"', page)) == {
        "/api/", "/api/form", "/api/openapi.json", "data:,",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3_600, "1 h ago"),
        (12_000, "3 h 20 min ago"),
        (100_000, "27 h 46 min ago"),
        (200_000, "2 days ago"),
        (-30, "in a moment"),
        (-12_000, "in 3 h 20 min"),
        (-900_000, "in 10 days"),
    ],
)
def test_times_are_told_by_distance(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_what_never_was_is_said_so() -> None:
    assert ago(None, NOW) == "never"
