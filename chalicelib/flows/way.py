"""The way to a channel: what to send through at this moment, or why nothing can be sent.

In comes a channel's name; out goes a `Way`, for which the secrets document and the store were asked once.
"""

from dataclasses import dataclass

from chalicelib.core.channel import QuietHours
from chalicelib.errors import ChannelRefused, DeliveryRefused, Misconfigured
from chalicelib.ports import Channel, Channels, StateStore


@dataclass(frozen=True, slots=True)
class Way:
    """Either `channel`, or `closed`, which says why nothing can be sent.

    `fingerprint` stands for the channel's address; in its `quiet` hours nothing is sent.
    """

    channel: Channel | None = None
    closed: DeliveryRefused | Misconfigured | None = None
    fingerprint: str = ""
    quiet: QuietHours | None = None

    @property
    def most(self) -> int:
        """How many notices one message can carry."""
        return self.channel.most if self.channel else 1


def find_way(name: str, channels: Channels, store: StateStore) -> Way:
    """The way to the channel of that name.

    One that was disabled is open again as soon as its address is another one: that deserves a try.
    """
    try:
        about = channels.about(name)
        channel = channels.get(name)
    except Misconfigured as exc:
        return Way(closed=exc)
    if about is None or channel is None:
        return Way(closed=DeliveryRefused(f"No channel is called {name!r} in the secrets document."))
    disabled = store.disabled(name)
    if disabled is not None and disabled.fingerprint != about.fingerprint:
        store.enable(name)
        disabled = None
    if disabled is not None:
        words = f"The channel is disabled since {disabled.since:%Y-%m-%d %H:%M} UTC: {disabled.reason}"
        return Way(closed=ChannelRefused(words))
    return Way(channel, None, about.fingerprint, about.quiet)
