"""The trail of a notice: from the request or tick that it came of, through the outbox, to its channel.

Each notice carries the id of the turn in which it came about, and every line of the log about it has that
id as `correlation_id`: whoever has one of the lines finds the others.
"""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.core.notice import Notice
from chalicelib.log import log
from chalicelib.ports import Turn


def stamped(notices: Iterable[Notice], turn: Turn) -> tuple[Notice, ...]:
    """The notices with the id of the turn in which they come about."""
    return tuple(replace(each, correlation_id=turn.id) for each in notices)


def log_stored(notices: Iterable[Notice]) -> None:
    """A line for each notice that is in the outbox now."""
    for each in notices:
        log.info("notice stored", extra=_about(each))


def log_sent(notice: Notice) -> None:
    """A line on a notice that its channel has taken."""
    log.info("notice sent", extra=_about(notice))


def log_again(notice: Notice, turn: Turn, by: str | None) -> None:
    """A line on a notice that had been given up and waits again because somebody asked for it."""
    log.info("notice waits again", extra={**_about(notice), "by": by, "request": turn.id})


def log_not_sent(notice: Notice, reason: str) -> None:
    """A line on a notice that its channel did not take; `state` says whether it is tried again."""
    log.warning("notice not sent", extra={**_about(notice), "reason": reason})


def _about(notice: Notice) -> dict[str, object]:
    return {
        "correlation_id": notice.correlation_id,
        "notice": notice.short_id,
        "kind": notice.kind,
        "channel": notice.channel,
        "bucket": notice.bucket,
        "inventory": notice.inventory_id,
        "state": notice.state,
        "attempts": notice.attempts,
    }
