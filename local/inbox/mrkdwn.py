"""Slack's mrkdwn as HTML, about as Slack shows it, with everything hostile escaped.

In goes the text of a block, out comes markup: *bold*, _italic_, ~struck~, `code`, fenced code,
<https://…|links>, mentions. Rules: api.slack.com/reference/surfaces/formatting. Line breaks are kept by the
page's style sheet.
"""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

MAX_TEXT = 40_000
"""Slack cuts a message's text off here."""


def _span(mark: str) -> str:
    """`mark` around a text on one line, standing free of words, as Slack wants it."""
    m = re.escape(mark)
    return rf"(?<![\w{m}]){m}(?=[^\s{m}])([^{m}\n]*[^\s{m}]){m}(?![\w{m}])"


_TOKEN = re.compile(
    rf"```(?P<fence>.+?)```|`(?P<code>[^`\n]+)`|<(?P<angle>[^<>\n]+)>"
    rf"|(?P<bold>{_span('*')})|(?P<italic>{_span('_')})|(?P<strike>{_span('~')})",
    re.DOTALL,
)

_TAGS = {"fence": "pre", "code": "code", "bold": "strong", "italic": "em", "strike": "s"}


def plain(text: str) -> str:
    """The text that is meant: Slack's entities undone, `&amp;` last, or `&amp;lt;` would be undone twice."""
    return text[:MAX_TEXT].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mrkdwn(text: str) -> Markup:
    """The text as markup that is safe to put into a page."""
    text = text[:MAX_TEXT]
    done, html = 0, []
    for token in _TOKEN.finditer(text):
        html += [escape(plain(text[done : token.start()])), _render(token)]
        done = token.end()
    return Markup().join([*html, escape(plain(text[done:]))])


def _render(token: re.Match[str]) -> Markup:
    kind = token.lastgroup or ""
    if kind == "angle":
        return _angle(token["angle"])
    tag = Markup(_TAGS[kind])
    if kind in ("fence", "code"):
        inside = escape(plain(token[kind].strip("\n")))
    else:
        # What is inside cannot hold the same mark again, so this goes three levels deep at most.
        inside = mrkdwn(token[kind][1:-1])
    return Markup("<{0}>{1}</{0}>").format(tag, inside)


def _angle(inside: str) -> Markup:
    """A link, a mention, or text that only looks like one."""
    target, bar, label = inside.partition("|")
    if target.startswith(("@", "#", "!")):
        # A date, <!date^…|fallback>, and a group carry what to show after the bar.
        shown = plain(label) if bar else target.replace("!", "@", 1)
        return Markup('<span class="mention">{}</span>').format(shown)
    if target.startswith("mailto:"):
        return escape(plain(label or target))
    if not is_web(plain(target)):
        return escape(plain(f"<{inside}>"))
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        plain(target), plain(label or target)
    )


def is_web(url: str) -> bool:
    """Is it an absolute http or https URL? Nothing else becomes a link: `javascript:` is code."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
