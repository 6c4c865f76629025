"""The page: shows what came about as Slack and a mail reader would, and lets nothing hostile through."""

import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from local.inbox import Inbox
from local.inbox.mrkdwn import mrkdwn
from local.inbox.page import NEWEST

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as started:
        yield started


class Tags(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def page(inbox: Inbox, query: str = "") -> str:
    with urllib.request.urlopen(f"{inbox.http_url}/{query}") as answer:
        text: str = answer.read().decode()
        return text


def send_mail(inbox: Inbox, subject: str, text: str, html: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@example.com", "b@example.com"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as client:
        client.send_message(message)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("`*code*` ```\nfenced\n```", "<code>*code*</code> <pre>fenced</pre>"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("<!here> <@U1> <!date^1^{date}|today>", "@here @U1 today"),
        ("<mailto:a@example.com|write>", "write"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        ("<https://|x> <https://[|y>", "&lt;https://|x&gt; &lt;https://[|y&gt;"),
    ],
)
def test_mrkdwn_becomes_about_what_slack_shows(text: str, html: str) -> None:
    shown = mrkdwn(text).replace('<span class="mention">', "").replace("</span>", "")

    assert shown == html


def test_a_link_keeps_its_address_and_cannot_leave_its_attribute() -> None:
    link = Tags(mrkdwn('<https://example.com/?a=1&amp;b="x|*label*>')).named("a")[0]

    assert link == {
        "href": 'https://example.com/?a=1&b="x',
        "target": "_blank",
        "rel": "noopener noreferrer",
    }


def test_every_kind_of_block_is_shown(inbox: Inbox) -> None:
    text = {"type": "mrkdwn", "text": "in the *section*"}
    image = {"type": "image", "image_url": "https://", "alt_text": "a chart"}
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Open it"},
        "url": "https://example.com",
    }
    WebhookClient(inbox.slack_url).send(
        text="beside the blocks",
        blocks=[
            {"type": "header", "text": {"type": "plain_text", "text": "The *header*"}},
            {"type": "section", "text": text, "fields": [text], "accessory": button},
            {"type": "divider"},
            image,
            {"type": "actions", "elements": [button, {k: v for k, v in button.items() if k != "url"}]},
            {"type": "context", "elements": [image, {"type": "mrkdwn", "text": "report.landed · 7f3a91c2"}]},
        ],
    )
    shown = page(inbox)

    for part in (
        "<h3>The *header*</h3>",
        "in the <strong>section</strong>",
        "<hr>",
        "image: a chart",
        "Open it",
    ):
        assert part in shown
    assert "<b>report.landed</b>" in shown
    assert "beside the blocks" in shown


def test_nothing_hostile_becomes_a_tag(inbox: Inbox) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": HOSTILE}},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{HOSTILE} *{HOSTILE}* `{HOSTILE}`"}},
        {"type": "section", "fields": [{"type": "plain_text", "text": HOSTILE}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": HOSTILE}]},
    ]
    WebhookClient(f"{inbox.http_url}/slack/%3Cscript%3E").send(text=HOSTILE, blocks=blocks)
    WebhookClient(inbox.slack_url).send(text=HOSTILE)
    send_mail(inbox, HOSTILE, HOSTILE, HOSTILE)
    tags = Tags(page(inbox))

    assert tags.named("script") == tags.named("img") == []
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)


def test_a_mails_html_is_in_a_frame_that_may_do_nothing(inbox: Inbox) -> None:
    send_mail(inbox, "Füße", "plain <text>", '<p title="x">&amp; <b>html</b></p>\n')
    shown = page(inbox)
    (frame,) = Tags(shown).named("iframe")

    assert frame["sandbox"] in (None, "")
    assert (frame["srcdoc"] or "").strip() == '<p title="x">&amp; <b>html</b></p>'
    assert "<h2>Füße</h2>" in shown
    assert "plain &lt;text&gt;" in shown
    assert "<dt>From</dt><dd>a@example.com</dd>" in shown


def test_the_page_may_load_nothing_and_run_nothing(inbox: Inbox) -> None:
    with urllib.request.urlopen(inbox.http_url) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_the_newest_messages_come_first_and_only_so_many(inbox: Inbox) -> None:
    client = WebhookClient(inbox.slack_url)
    for number in range(NEWEST + 1):
        client.send(text=f"message-{number:03}")
    shown = page(inbox)

    assert shown.index(f"message-{NEWEST:03}") < shown.index("message-001")
    assert "message-000" not in shown
    assert f"{NEWEST + 1} messages" in shown


def test_the_page_shows_one_way_alone_when_asked_and_holds_still_when_told(inbox: Inbox) -> None:
    WebhookClient(inbox.slack_url).send(text="by Slack")
    send_mail(inbox, "by mail", "x", "x")

    assert "by Slack" not in page(inbox, "?via=mail")
    assert 'http-equiv="refresh"' in page(inbox)
    assert 'http-equiv="refresh"' not in page(inbox, "?refresh=0")


def test_an_empty_inbox_says_so(inbox: Inbox) -> None:
    assert "Nothing has come yet" in page(inbox)


def test_a_payload_nested_as_deep_as_json_goes_does_not_break_the_page(inbox: Inbox) -> None:
    deep = b'{"text": "deep", "x": ' + b"[" * 900 + b"]" * 900 + b"}"
    request = urllib.request.Request(inbox.slack_url, deep, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200

    assert "deep" in page(inbox)
