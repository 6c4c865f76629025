"""`notices.md`: each kind of notice, when it is told, how it reads, what to do, and its facts."""

import json
from datetime import UTC, datetime
from typing import get_args

from chalicelib.core.kinds import InventoryKind
from chalicelib.core.notice import Kind, Notice, notice_id
from chalicelib.templates.words import words
from local.reference.markdown import anchor, code, page, table
from local.reference.notice_facts import FACTS
from local.reference.notice_words import DO, WHEN

_ABOUT_INVENTORIES: tuple[Kind, ...] = get_args(InventoryKind)

KINDS: tuple[Kind, ...] = tuple(dict.fromkeys((*_ABOUT_INVENTORIES, "channel.disabled", "channel.test")))
"""All kinds: those about an inventory as the code lists them, then those about channels."""

_BEFORE = """
A notice tells one channel one thing. Its last line carries the kind and a short id, the same on every retry
(`report.landed · 7f3a91c2`); mail has both as the headers `X-Stocktake-Kind` and `X-Stocktake-Id`. The
request `GET /notices/{id}` answers the notice by that id, with its *facts*, from which the message is made.

Webhooks, topics and buses get the same facts in `data` of a [CloudEvents 1.0](https://cloudevents.io) event
of the type `stocktake.` and the kind. Beside the facts, `data` has `kind` and `short_id`; for a notice
about an inventory `bucket` and `inventory_id`; where there is a manifest `manifest_uri`; where the address
of the pages is known `page`, where people read on; and where facts were too large `left_out`, which counts
what is missing. The `id` of an event is the notice's: the same on every retry, so drop what you have seen.

`notify` of an inventory takes a kind, or a family: `report.*`, `drift.*`, `setup.*`.
"""


_LONGEST = 60


def notices_page() -> str:
    """The whole page."""
    rows = [(f"[{code(each)}]({anchor(each)})", WHEN[each]) for each in KINDS]
    return page("Notices", _BEFORE, table(("kind", "told when"), rows), *(_kind(each) for each in KINDS))


def example(kind: Kind) -> Notice:
    """A notice of this kind with the facts that the page shows."""
    facts = {name: value for name, (value, _) in FACTS[kind].items()}
    about = kind in _ABOUT_INVENTORIES
    bucket, id = ("production-data", "daily-all") if about else ("", "")
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return Notice(notice_id(kind, bucket, id), kind, "storage-team", bucket, id, facts, now)


def _kind(kind: Kind) -> str:
    said = words(example(kind))
    next_step = f"{said.next_step} {code(said.call or '')}".rstrip()
    facts = [
        (code(name), words_of, code(_short(value))) for name, (value, words_of) in sorted(FACTS[kind].items())
    ]
    return "\n\n".join(
        (
            f"## {kind}",
            f"**When.** {WHEN[kind]}",
            "**It says**, for instance:",
            f"> **{said.title}**\n>\n> {said.meaning}\n>\n> {next_step}",
            f"**What to do.** {DO[kind]}",
            "**Facts.**",
            table(("fact", "meaning", "example"), facts),
        )
    )


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
