"""Tasks as the text of a queue's messages: what comes out equals what went in."""

import msgspec

from chalicelib.adapters.codec import from_text, to_text
from chalicelib.core.summary_job import Task


def task_text(task: Task) -> str:
    """The task as JSON in ASCII."""
    return to_text(task)


def task_in(text: str) -> Task | None:
    """The task in this text; None where there is none, because a much newer Stocktake wrote it, say."""
    try:
        return from_text(Task, text)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None
