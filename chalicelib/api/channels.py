"""The views of channels: each takes an `Ask`, the services and the turn, and gives an `Answer`.

What is told of a channel is never its address: `About` stands for it everywhere.
"""

from typing import Any

from chalicelib.api.answers import time_answer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.channel import About, QuietHours
from chalicelib.errors import NotFound
from chalicelib.ports import Turn
from chalicelib.wiring import Services

_MOST_COUNTED = 1000


def get_channels(ask: Ask, services: Services, turn: Turn) -> Answer:
    """All channels of the secrets document, by name."""
    ask.allow_query()
    channels = services.channels
    about = {name: channels.about(name) for name in sorted({*channels.names(), *channels.unusable()})}
    items = [_channel_answer(name, known, services) for name, known in about.items() if known]
    return Answer(200, {"items": items, "next": None})


def try_channel(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Send a notice to a channel now; the answer says what came of it, whatever that is."""
    ask.allow_query()
    name = ask.name("channel")
    tried = services.try_channel.send(name, ask.by, turn)
    about = services.channels.about(name)
    if about is None:
        raise NotFound(f"The channel {name[:100]!r} was taken out of the secrets document meanwhile.")
    channel = _channel_answer(name, about, services)
    return Answer(200, {"outcome": tried.outcome, "reason": tried.reason, "id": tried.id, "channel": channel})


def _channel_answer(name: str, about: About, services: Services) -> dict[str, Any]:
    """A channel as it is now. That an address was disabled does not hold for another one."""
    unusable = services.channels.unusable().get(name)
    disabled = services.store.disabled(name)
    if disabled is not None and disabled.fingerprint != about.fingerprint:
        disabled = None
    waiting = services.store.notices(state="waiting", channel=name, limit=_MOST_COUNTED)
    return {
        "name": name,
        "kind": about.kind,
        "state": "unusable" if unusable else "disabled" if disabled else "active",
        "reason": unusable or (disabled.reason if disabled else None),
        "since": time_answer(disabled.since) if disabled and not unusable else None,
        "quiet": None if about.quiet is None else _quiet_answer(about.quiet),
        "waiting": len(waiting.items),
    }


def _quiet_answer(quiet: QuietHours) -> dict[str, str]:
    """Times of day, as the secrets document has them."""
    return {"from": f"{quiet.begin:%H:%M}", "to": f"{quiet.end:%H:%M}", "zone": quiet.zone}
