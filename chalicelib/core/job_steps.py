"""What to do next about a job, by how many of its parts are there.

In come a job and a number of parts; out goes the next step, or the job as it is after one. A step that is
done twice, by two at once or after a kill, is nothing to fear.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.core.summary_job import Job

LOOK_AGAIN = timedelta(seconds=60)
STALLED = timedelta(minutes=10)
"""For so long no part has come. A worker has five minutes for a task, and those that were killed at it leave
it to the next one a minute after that."""
MOST_ROUNDS = 3
"""So often tasks are handed out that bring nothing; then their files are missing."""
OLDEST = timedelta(days=2)
"""A job that is older comes to nothing any more: its destination cannot be read, say."""

ALONE = 500
"""So many parts a worker adds up itself, when it brings the last one: some seconds, which its function has
left whatever the task took. More of them are left to the schedule, whose function has a quarter of an hour.
"""
ADDING = timedelta(minutes=16)
"""For so long nobody else begins to add up what is more than that; the schedule's function lives no longer
(AWS Lambda, "Configure Lambda function timeout": 900 seconds), so that it was killed if it is not done."""
SELDOM = timedelta(hours=1)
"""At least so often a job is tried again that cannot be finished."""

Next = Literal["hand out", "wait", "finish", "go without", "forget"]


def next_step(job: Job, there: int, now: datetime) -> Next:
    """What to do about a job of which so many parts are there."""
    if now - job.made_at > OLDEST:
        return "forget"
    if job.parts is not None and there >= job.parts:
        return "finish"
    if job.tasks is None or job.handed_out == 0:
        return "hand out"
    if there > job.seen or now - (job.moved_at or job.made_at) < STALLED:
        return "wait"
    return "hand out" if job.handed_out < MOST_ROUNDS else "go without"


def looked_at(job: Job, there: int, now: datetime) -> Job:
    """The job after a look that saw so many parts, to be looked at again soon.

    Where there are more than before, whatever was handed out does come to something.
    """
    later = replace(job, next_look=now + LOOK_AGAIN)
    if there <= job.seen:
        return later
    return replace(later, seen=there, moved_at=now, handed_out=min(job.handed_out, 1))


def handed_out(job: Job, now: datetime) -> Job:
    """The job after its tasks, or those that were lacking, were put into the queue."""
    return replace(job, handed_out=job.handed_out + 1, moved_at=now, next_look=now + LOOK_AGAIN)


def alone(job: Job) -> bool:
    """Whether whoever brings the last part may add them up, too."""
    return job.parts is not None and job.parts <= ALONE


def adding_up(job: Job, now: datetime) -> Job:
    """The job while its parts are added up: nobody else looks at it, until whoever does so must be gone."""
    return replace(job, next_look=now + (LOOK_AGAIN if alone(job) else ADDING))


def not_finished(job: Job, there: int, now: datetime) -> Job:
    """The job after parts were read and could not be finished, to be tried again.

    The longer it has been so, the less often, since all parts are read each time.
    """
    again = max(LOOK_AGAIN, min((now - job.made_at) / 10, SELDOM))
    return replace(looked_at(job, there, now), next_look=now + again)
