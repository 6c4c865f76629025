"""Whose reports lean on a statement of ours: configurations that others have set up on the listed bucket.

In comes a record with the unmanaged configurations that were seen last; out go those of its statements by
which the inventory service writes their reports, too. Such a statement stays when the inventory goes or
moves: taking it out would end reports that nobody asked to end.
"""

from collections.abc import Iterator

from chalicelib.core.grants import write_sid
from chalicelib.core.inventory import tidy_prefix
from chalicelib.core.plan import Placed
from chalicelib.core.record import Record
from chalicelib.core.unmanaged import Configured


def leaned_on(record: Record) -> dict[Placed, Configured]:
    """The statements of the record that somebody else's configuration needs, each with one that does."""
    ours = set(record.placed)
    return {placed: each for each in record.unmanaged.shown for placed in _writing(each) if placed in ours}


def leaning_words(record: Record, placed: Placed, configured: Configured) -> str:
    """What to say of a statement that stays for that reason."""
    return (
        f'The statement "{placed.sid}" stays in the policy of {placed.bucket}: by it the inventory service'
        f" writes the reports of the configuration {configured.id} of {record.bucket}, too, which Stocktake"
        " does not manage. Adopt that one, or take the statement out by hand when nothing needs it any more."
    )


def _writing(configured: Configured) -> Iterator[Placed]:
    """The statements that would let the service write there: for its prefix, or one that this is below."""
    if configured.destination is None:
        return
    parts = tidy_prefix(configured.prefix or "").split("/")
    for length in range(len(parts)):
        prefix = "".join(f"{part}/" for part in parts[:length])
        yield Placed(configured.destination, write_sid(configured.destination, prefix))
