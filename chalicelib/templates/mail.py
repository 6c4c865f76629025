"""Notices as a mail: text and HTML side by side, with headers that programs can sort by.

In comes one `Notice`, or many for a digest, the sender and the recipients; out comes an `EmailMessage`, the
same one at every retry. The HTML has its styles in it, loads nothing, and follows the reader's light or dark.
"""

import re
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from chalicelib.core.notice import Notice
from chalicelib.templates.columns import lines
from chalicelib.templates.digest import KIND, Digest, digest
from chalicelib.templates.draft import Fact, Table
from chalicelib.templates.page_link import PageLink
from chalicelib.templates.words import Words, words

_WIDTH = 78  # RFC 5322, 2.1.1: lines should have no more characters


def message(
    notices: Sequence[Notice], sender: str, recipients: tuple[str, ...], base: str = ""
) -> EmailMessage:
    """The mail to send. `sender` and `recipients` are addresses, with or without a name; `base` is where the
    pages are, empty where that is not known.

    Raises ValueError for an address that cannot stand in a header.
    """
    if len(notices) > 1:
        many = digest(notices, base)
        mail = _mail(many.title, many.id, KIND, notices[-1].created_at, sender, recipients)
        mail["X-Stocktake-Notices"] = ", ".join(_safe(each.short_id) for each in notices)
        plain, rich = digest_text(many), _template("digest.html.j2").render(said=many)
    else:
        said = words(notices[0], base)
        mail = _mail(said.title, notices[0].id, notices[0].kind, notices[0].created_at, sender, recipients)
        plain, rich = text(said), html(said)
    # quoted-printable: not every server takes 8-bit text or lines of more than 998 characters
    mail.set_content(plain, cte="quoted-printable")
    mail.add_alternative(rich, subtype="html", cte="quoted-printable")
    return mail


def _mail(
    subject: str, id: str, kind: str, date: datetime, sender: str, recipients: tuple[str, ...]
) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = date.astimezone(UTC)
    mail["Message-ID"] = f"<{_safe(id)}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office answers stay away
    mail["X-Stocktake-Kind"] = kind
    mail["X-Stocktake-Id"] = _safe(id[:8])
    return mail


def digest_text(said: Digest) -> str:
    """The plain text of a digest. Its last line is the footer."""
    told = [f"{'!' if each.tone == 'bad' else '-'} {each.title}\n  {each.footer}" for each in said.lines]
    step = textwrap.fill(f"Next: {said.next_step}", _WIDTH, break_long_words=False)
    meaning = textwrap.fill(said.meaning, _WIDTH)
    parts = [f"{said.title}\n{meaning}", *told, f"{step}\n  {said.call}", *_link(said.link), said.footer]
    return "\n\n".join(parts) + "\n"


def text(said: Words) -> str:
    """The plain text. Its last line is the footer."""
    first = [said.title, said.figure] if said.figure else [said.title]
    parts = ["\n".join(first), textwrap.fill(said.meaning, _WIDTH, break_long_words=False)]
    parts += [*_facts(said.headline.lines), *(_table(each) for each in said.headline.tables)]
    parts += _facts(said.facts)
    if said.details:
        listed = [f"- {each}" for each in said.details]
        more = [f"and {said.details_more:,} more"] if said.details_more else []
        parts.append("\n".join([f"{said.details_title}:", *listed, *more]))
    step = textwrap.fill(f"Next: {said.next_step}", _WIDTH, break_long_words=False)
    parts.append(step if said.call is None else f"{step}\n  {said.call}")
    parts += [*_link(said.link), said.footer]
    return "\n\n".join(parts) + "\n"


def _link(link: PageLink | None) -> list[str]:
    """A paragraph of it, none where there is none. The address is not wrapped: readers make a link of it."""
    return [f"{link.label}:\n  {link.address}"] if link else []


def _facts(facts: Sequence[Fact]) -> list[str]:
    """A paragraph of them, none where there is none."""
    width = max((len(each.label) for each in facts), default=0) + 2
    return ["\n".join(f"{each.label + ':':{width}}{each.value}" for each in facts)] if facts else []


def _table(table: Table) -> str:
    return "\n".join([f"{table.title}:", *(f"  {each}" for each in lines(table))])


def html(said: Words) -> str:
    """The HTML, with everything escaped that is put into it."""
    return _template("mail.html.j2").render(said=said)


@cache
def _template(name: str) -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)


def _domain(sender: str) -> str:
    """The domain of the sender's address, as it may stand in a Message-ID."""
    found = parseaddr(sender)[1].rpartition("@")[2]
    return found if re.fullmatch(r"[A-Za-z0-9.-]+", found) else "stocktake.invalid"


def _safe(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "", id)
