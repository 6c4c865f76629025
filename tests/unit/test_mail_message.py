"""The mail: its headers, its two bodies, and nothing in them that was not meant."""

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind
from chalicelib.templates.mail import message
from tests.notices import FACTS, about, notice

KINDS: tuple[Kind, ...] = get_args(Kind)
SENDER = "Stocktake <stocktake@example.com>"
RECIPIENTS = ("ops@example.com", "storage@example.com")


class Tags(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str | None] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.said += data


def body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_the_headers_say_what_it_is_and_that_no_person_wrote_it() -> None:
    told = notice()
    mail = message([told], SENDER, RECIPIENTS)
    assert mail["Subject"] == "Inventory report landed: production-data / daily-all"
    assert mail["To"] == "ops@example.com, storage@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Stocktake-Kind"] == "report.landed"
    assert mail["X-Stocktake-Id"] == told.short_id
    assert mail["Message-ID"] == f"<{told.id}@example.com>"
    assert mail["Date"] == "Sun, 01 Mar 2026 12:00:00 +0000"


def test_every_retry_is_the_same_mail() -> None:
    first, again = (message([notice()], SENDER, RECIPIENTS) for _ in range(2))
    assert first.items()[:-1] == again.items()[:-1]  # the last is the boundary between the parts
    assert body(first, "plain") == body(again, "plain")


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_line_of_the_text_is_the_footer(kind: Kind) -> None:
    told = notice(kind)
    lines = body(message([told], SENDER, RECIPIENTS), "plain").splitlines()
    assert lines[-1] == f"{kind} · {told.short_id}"


@pytest.mark.parametrize("kind", KINDS)
def test_both_bodies_say_the_same(kind: Kind) -> None:
    mail = message([notice(kind)], SENDER, RECIPIENTS)
    plain, page = body(mail, "plain"), Tags(body(mail, "html")).said
    for words in plain.replace("Next: ", "").replace("- ", "").split("  "):
        for word in words.split():
            assert word.removesuffix(":") in page


def test_what_differs_is_listed_and_the_rest_counted() -> None:
    many = [{"path": f"/{each}", "wanted": 1, "actual": 2} for each in range(12)]
    mail = message([notice("drift.found", differences=many)], SENDER, RECIPIENTS)
    assert "- /0: wanted 1, found 2\n" in body(mail, "plain")
    for subtype in ("plain", "html"):
        assert "and 2 more" in body(mail, subtype)


def test_the_page_loads_nothing_and_follows_light_and_dark() -> None:
    page = body(message([notice()], SENDER, RECIPIENTS), "html")
    assert Tags(page).links == []
    assert "url(" not in page
    assert "prefers-color-scheme: dark" in page


def test_names_are_escaped_in_the_page() -> None:
    mail = message([notice(manifest_key="<img src=x onerror=alert(1)>")], SENDER, RECIPIENTS)
    page = Tags(body(mail, "html"))
    assert "img" not in page.found
    assert "<img src=x onerror=alert(1)>" in page.said


def test_a_name_with_line_breaks_makes_no_header() -> None:
    mail = message([about("a\r\nBcc: x@evil.example", "b", "report.landed", {})], SENDER, RECIPIENTS)
    parsed = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert r"a\r\nBcc" in parsed["Subject"]


def test_an_address_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message([notice()], SENDER, ("x@example.com\r\nBcc: y@example.com",))


@given(kind=st.sampled_from(KINDS), bucket=st.text(max_size=90), data=st.data())
def test_whatever_the_names_are_the_mail_is_well_formed(kind: Kind, bucket: str, data: st.DataObject) -> None:
    changed = {key: data.draw(st.just(value) | st.text(max_size=1100)) for key, value in FACTS[kind].items()}
    told = about(bucket, "x", kind, changed)
    source = message([told], SENDER, RECIPIENTS).as_bytes()
    source.decode("ascii")
    assert max(map(len, source.splitlines())) <= 998
    parsed = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed["X-Stocktake-Kind"] == kind
    assert body(parsed, "plain").splitlines()[-1] == f"{kind} · {told.short_id}"
    tags = Tags(body(parsed, "html")).found
    allowed = {"html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "table", "tr", "td"}
    assert set(tags) <= allowed | {"ul", "li", "strong"}
