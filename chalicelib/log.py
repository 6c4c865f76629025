"""The log: one JSON object a line on standard output, by Powertools for AWS Lambda.

No secret is ever handed to it: errors of ours carry none, and bodies and headers are not logged.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# `log_uncaught_exceptions` stays off: whoever catches decides what is said
log = Logger(service="stocktake", utc=True)


def log_tick(schedule: str, done: "DataclassInstance") -> None:
    """A line on what a tick did, counted; a tick that found nothing to do says nothing.

    Where it met with `problems`, the line is a warning.
    """
    counts = asdict(done)
    say = log.warning if counts.get("problems") else log.info
    if any(counts.values()):
        say(schedule, extra={"done": counts})
