"""One notice as a mail: text and HTML side by side, with headers that programs can sort by.

In comes a `Notice`, the sender and the recipients; out comes an `EmailMessage`, the same one at every
retry. The HTML has its styles in it, loads nothing, and follows the reader's light or dark.
"""

import re
import textwrap
from datetime import UTC
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from chalicelib.core.notice import Notice
from chalicelib.templates.words import Words, words

_WIDTH = 78  # RFC 5322, 2.1.1: lines should have no more characters


def message(notice: Notice, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The mail to send. `sender` and `recipients` are addresses, with or without a name.

    Raises ValueError for an address that cannot stand in a header.
    """
    said = words(notice)
    mail = EmailMessage()
    mail["Subject"] = said.title
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = notice.created_at.astimezone(UTC)
    mail["Message-ID"] = f"<{_safe(notice.id)}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office answers stay away
    mail["X-Stocktake-Kind"] = notice.kind
    mail["X-Stocktake-Id"] = _safe(notice.short_id)
    # quoted-printable: not every server takes 8-bit text or lines of more than 998 characters
    mail.set_content(text(said), cte="quoted-printable")
    mail.add_alternative(html(said), subtype="html", cte="quoted-printable")
    return mail


def text(said: Words) -> str:
    """The plain text. Its last line is the footer."""
    paragraphs = [said.title, *textwrap.wrap(said.meaning, _WIDTH, break_long_words=False)]
    parts = [paragraphs[0], "\n".join(paragraphs[1:])]
    if said.facts:
        width = max(len(each.label) for each in said.facts) + 2
        parts.append("\n".join(f"{each.label + ':':{width}}{each.value}" for each in said.facts))
    if said.details:
        lines = [f"- {each}" for each in said.details]
        more = [f"and {said.details_more:,} more"] if said.details_more else []
        parts.append("\n".join([f"{said.details_title}:", *lines, *more]))
    step = textwrap.fill(f"Next: {said.next_step}", _WIDTH, break_long_words=False)
    parts.append(step if said.call is None else f"{step}\n  {said.call}")
    parts.append(said.footer)
    return "\n\n".join(parts) + "\n"


def html(said: Words) -> str:
    """The HTML, with everything escaped that is put into it."""
    return _template().render(said=said)


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("mail.html.j2")


def _domain(sender: str) -> str:
    """The domain of the sender's address, as it may stand in a Message-ID."""
    found = parseaddr(sender)[1].rpartition("@")[2]
    return found if re.fullmatch(r"[A-Za-z0-9.-]+", found) else "stocktake.invalid"


def _safe(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "", id)
