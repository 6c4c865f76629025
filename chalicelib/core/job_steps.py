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
PUT_OFF = OLDEST - timedelta(hours=2)
"""For so long, since the job was made, tasks are put off that the platform keeps from being read: it
throttles, or somebody has to give a right back. Then there is time left to go on without their files."""
TROUBLED = timedelta(minutes=30)
"""So long after the platform's last trouble whatever was put off must have come back, and found it well."""
_FIRST_DELAY, _LONGEST_DELAY = 60, 900
"""Seconds. A message of SQS cannot be put off for longer (Amazon SQS, "Delay queues")."""

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
    if in_trouble(job, now):
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


def delay(tries: int) -> int:
    """For how many seconds a task is put off that was put off so often before."""
    return min(_FIRST_DELAY << min(tries, 10), _LONGEST_DELAY)


def may_be_put_off(job: Job, now: datetime) -> bool:
    """Whether a task that the platform keeps from being read is to be tried again later."""
    return now - job.made_at < PUT_OFF


def in_trouble(job: Job, now: datetime) -> bool:
    """Whether tasks of the job are put off now: that nothing comes of them is no fault of theirs."""
    lately = job.troubled_at is not None and now - job.troubled_at < TROUBLED
    return lately and may_be_put_off(job, now)


def troubled(job: Job, words: str, now: datetime) -> Job:
    """The job that remembers what the platform said; the same where it was troubled a moment ago, so that
    many workers do not all write it. Before its tasks are handed out, the schedule alone writes it.
    """
    if job.handed_out == 0 or (job.troubled_at is not None and now - job.troubled_at < LOOK_AGAIN):
        return job
    return replace(job, trouble=words, troubled_at=now)


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
