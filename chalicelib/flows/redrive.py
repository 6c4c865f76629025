"""Redrive: a notice that was given up waits again, because somebody asks for it.

In comes the id of a notice, whole or its beginning; out goes the notice as it is stored now, and deliver does
the rest. One whose channel cannot take anything stays given up: it would only be given up again.
"""

from dataclasses import replace

from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, Conflict, NotFound, StoreBusy, WrongState
from chalicelib.flows.trail import log_again
from chalicelib.flows.way import find_way
from chalicelib.ports import Channels, StateStore, Turn

_ROUNDS = 3


class Redrive:
    """The flow, with its ports."""

    def __init__(self, store: StateStore, channels: Channels) -> None:
        self._store = store
        self._channels = channels

    def again(self, id: str, by: str | None, turn: Turn) -> Notice:
        """Have the notice sent again, for three more days; one that waits already is left as it is.

        Raises `NotFound`, `WrongState` for one that was sent or whose channel takes nothing, and `Conflict`
        where others write it all the time.
        """
        for _ in range(_ROUNDS):
            notice = notice_called(id, self._store)
            if notice.state == "waiting":
                return notice
            if notice.state == "sent":
                raise WrongState(f"The notice {notice.short_id} was sent, and is not told twice.")
            self._expect_a_way(notice)
            waiting = replace(
                notice,
                state="waiting",
                attempts=0,
                not_before=None,
                settled_at=None,
                held_until=turn.now(),  # giving up is counted from here
            )
            try:
                self._store.redrive(waiting)
            except StoreBusy:
                raise
            except Conflict:
                continue  # somebody else was faster
            log_again(waiting, turn, by)
            return waiting
        raise Conflict("Others change this notice all the time; try again.")

    def _expect_a_way(self, notice: Notice) -> None:
        """Raises `WrongState` where nothing can be sent to the notice's channel."""
        closed = find_way(notice.channel, self._channels, self._store).closed
        if isinstance(closed, ChannelRefused):
            raise WrongState(
                f"{closed} Correct its address in the secrets document, try it with POST"
                f" /channels/{notice.channel}/test, and redrive the notice then."
            )
        if closed is not None:
            raise WrongState(f"{closed} Correct that, and redrive the notice then.")


def notice_called(id: str, store: StateStore) -> Notice:
    """The notice of this id, or the one whose id begins so. Raises `NotFound` and `WrongState`."""
    found = store.notices_called(id)
    if not found:
        raise NotFound(
            f"There is no notice {id[:100]}. Its id has 32 signs, 0 to 9 and a to f; the first 8 will do."
        )
    if len(found) > 1:
        raise WrongState(f"Several notices have ids that begin with {id}; give more of the id.")
    return found[0]
