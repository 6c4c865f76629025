"""A part of a turn of work: the same clock, but no more than so many seconds of it."""

from datetime import timedelta

from chalicelib.ports import Turn


class Portion:
    """A `Turn` that ends after `seconds`, or when the whole turn ends if that is sooner.

    `id` names what is gone on with, where that is another turn's work.
    """

    def __init__(self, turn: Turn, seconds: float, id: str | None = None) -> None:
        self._turn = turn
        self._end = turn.now() + timedelta(seconds=seconds)
        self.id = id or turn.id
        self.now = turn.now
        self.measure = turn.measure

    def has_time(self) -> bool:
        """Whether to begin something more."""
        return self._turn.has_time() and self._turn.now() < self._end

    def wait(self, seconds: float) -> None:
        """Let this many seconds pass, or what is left of the portion if that is less."""
        left = (self._end - self._turn.now()).total_seconds()
        self._turn.wait(max(0.0, min(seconds, left)))
