"""Results: many jobs worked through one by one, each with a result of its own.

In come jobs by bucket and id; out go their results, as many as there is time and room for in one answer, and
where to go on. A job that fails is its own result and stops no other.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.core.excerpt import excerpt
from chalicelib.core.history import MAX_TOGETHER, configuration_text
from chalicelib.core.inventory import id_problem
from chalicelib.core.plan import CreateBucket, Step, WritePolicy
from chalicelib.core.record import Record
from chalicelib.errors import StocktakeError
from chalicelib.log import log
from chalicelib.ports import Turn

ResultStatus = Literal[
    "adopted", "already_managed", "created", "updated", "unchanged", "pending", "planned", "skipped",
    "nothing", "refused", "unknown",
]  # fmt: skip
"""`nothing`: no inventory, or no bucket, is called so. `unknown`: nobody knows; asking again helps."""

BUCKET_DONE = "~"
"""Sorts after every id: nothing more of that bucket."""

_MOST = 50
"""Results in one answer, at most; fewer where their policies are large."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one bucket, or of one inventory of it. Of a pattern, `bucket` is the pattern."""

    bucket: str
    id: str | None
    status: ResultStatus
    reason: str | None = None
    record: Record | None = None
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """Some results, what to give as `after` for the next ones, and what is to be said of all of them."""

    items: tuple[Result, ...]
    next: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do, by its bucket and id."""

    bucket: str
    id: str | None
    work: Callable[[Turn], Result]


def worked(
    jobs: Iterator[Job], first: Collection[Result], turn: Turn, warnings: tuple[str, ...] = ()
) -> Results:
    """The results of these jobs, one of them at least, while there is time and room."""
    done = [*first]
    last: Job | None = None
    room = MAX_TOGETHER
    while last is None or turn.has_time():
        job = next(jobs, None)
        if job is None:
            return Results(tuple(done), None, warnings)
        if last is not None and (len(done) >= _MOST or room <= 0):
            break
        done.append(_safely(job, turn))
        room -= sum(map(_characters, done[-1].steps))
        if job.id is None or id_problem(job.id) is None:  # else it cannot be named as the last one
            last = job
    return Results(tuple(done), f"{last.bucket}/{last.id or BUCKET_DONE}", warnings)


def _characters(step: Step) -> int:
    """How long the texts of a step are, of which what changes is answered."""
    if isinstance(step, CreateBucket):
        return 0
    before = step.before if isinstance(step.before, str) else configuration_text(step.before)
    after = step.after if isinstance(step, WritePolicy) else ""
    return len(before or "") + len(after)


def _safely(job: Job, turn: Turn) -> Result:
    """What came of a job. A bug is logged and is the result of that bucket alone."""
    try:
        return job.work(turn)
    except StocktakeError as exc:
        return Result(job.bucket, job.id, "unknown" if exc.retry_helps else "refused", excerpt(str(exc)))
    except Exception as exc:
        about = {"correlation_id": turn.id, "bucket": job.bucket, "inventory": job.id}
        log.error("a bug while answering", exc_info=exc, extra=about)
        return Result(job.bucket, job.id, "refused", "A bug in Stocktake; it was logged.")
