"""Which notices go out together: one by one, or as a digest where many wait for one channel.

In come claimed notices, the oldest first; out come messages, each for one channel, in which every inventory's
notices keep their order. How many a message can carry is the channel's to say.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from chalicelib.core.notice import Notice

DIGEST_OVER = 5
"""More notices than this that wait for one channel go out as one message."""

Message: TypeAlias = tuple[Notice, ...]
"""Notices for one channel that go out together."""


def messages(notices: Sequence[Notice], most: Mapping[str, int], over: int) -> list[Message]:
    """The notices as messages: the first one of each channel, those with the oldest notice first, then the
    second ones, and so on, so that a channel that is slow or has many delays the others little.

    `most` says of each channel how many notices one message carries; 1 where it is not named.
    """
    by_channel: dict[str, list[Notice]] = {}
    for each in notices:
        by_channel.setdefault(each.channel, []).append(each)
    rounds: list[tuple[int, Message]] = []
    for channel, waiting in by_channel.items():
        size = most.get(channel, 1) if len(waiting) > over else 1
        cut = [tuple(waiting[at : at + size]) for at in range(0, len(waiting), size)]
        rounds += enumerate(cut)
    place = {each.id: number for number, each in enumerate(notices)}
    return [message for _, message in sorted(rounds, key=lambda each: (each[0], place[each[1][0].id]))]
