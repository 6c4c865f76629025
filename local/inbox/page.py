"""The page: messages in, HTML out, newest first.

The template is `page.html.j2`. It escapes everything, loads nothing and runs no script; a mail's HTML goes
into a frame that may do nothing at all (`sandbox` without permissions).
"""

import json
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from local.inbox.mail_headers import mail_headers
from local.inbox.mrkdwn import MAX_TEXT, is_web, mrkdwn, plain
from local.inbox.received import Received

NEWEST = 200
"""How many messages the page shows."""

SECURITY_HEADERS = {
    # Styles are allowed inline because a mail's frame inherits this policy and mails have no other styles. A
    # style can do no harm here: nothing hostile reaches the page outside that frame, and nothing may be
    # loaded.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=PackageLoader("local.inbox", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(mrkdwn=mrkdwn, plain=plain)
_templates.tests["web"] = is_web


def render_page(messages: Sequence[Received], *, refresh: bool) -> str:
    """The HTML of the newest of `messages` (oldest first); with `refresh` the browser loads it again."""
    return _templates.get_template("page.html.j2").render(
        messages=list(reversed(messages[-NEWEST:])),
        total=len(messages),
        refresh=refresh,
        mail_headers=mail_headers,
        source=source,
        max_text=MAX_TEXT,
    )


def source(message: Received) -> str:
    """What came, for reading: JSON indented, a mail as it is."""
    if message.via == "mail":
        return message.raw[:MAX_TEXT]
    try:
        return json.dumps(json.loads(message.raw), indent=2, ensure_ascii=False)[:MAX_TEXT]
    except RecursionError:  # indenting goes less deep than reading
        return message.raw[:MAX_TEXT]
