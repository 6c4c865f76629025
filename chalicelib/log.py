"""The log: one JSON object a line on standard output, by Powertools for AWS Lambda.

Lines that belong together, of one request or tick and of the notices that came of it, have the same
`correlation_id`. It is given with each line rather than kept in the logger, because on one machine many
threads share that. No secret is ever handed to it: errors of ours carry none, and bodies and headers are
not logged.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# `log_uncaught_exceptions` stays off: whoever catches decides what is said
log = Logger(service="stocktake", utc=True)


def log_tick(schedule: str, done: "DataclassInstance", correlation_id: str) -> None:
    """A line on what a tick did, counted; a tick that found nothing to do says nothing."""
    counts = asdict(done)
    if any(counts.values()):
        log.info(schedule, extra={"correlation_id": correlation_id, "done": counts})
