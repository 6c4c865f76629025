"""The tasks of a job: its report's files cut into groups, and a file by itself where a group would not do.

In comes a job with what its manifest says; out go tasks, the same whenever they are cut.
"""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.core.file_groups import file_groups
from chalicelib.core.manifest import MAX_FILES, DataFile, Manifest
from chalicelib.core.summary_job import Job, Task

MOST_SPLIT = 20
"""Tasks of one job that become a task for each file. With more, it is not a file that is wrong."""

_LONGEST_MD5 = 64


def tasks_of(job: Job, manifest: Manifest, format: str) -> tuple[Task, ...] | None:
    """All tasks of a job; None where there are not as many as there were, since another version cut them."""
    groups = list(file_groups(map(_bounded, manifest.files), job.task_bytes))
    if job.tasks is not None and len(groups) != job.tasks:
        return None
    return tuple(_tasks(job, manifest, format, groups))


def may_be_split(task: Task, job: Job) -> bool:
    """Whether the files of a task that failed may be read one by one."""
    return len(task.files) > 1 and (task.number in job.split or len(job.split) < MOST_SPLIT)


def with_split(job: Job, task: Task) -> Job:
    """The job whose task is split."""
    if task.number in job.split:
        return job
    return replace(job, split=(*job.split, task.number), split_files=job.split_files + len(task.files))


def one_by_one(task: Task) -> Iterator[Task]:
    """A task for each file, with a number that no other task has."""
    for place, file in enumerate(task.files, start=task.first):
        yield replace(task, number=MAX_FILES + place, first=place, files=(file,))


def _tasks(job: Job, manifest: Manifest, format: str, groups: list[tuple[DataFile, ...]]) -> Iterator[Task]:
    first = 0
    for number, files in enumerate(groups):
        task = Task(
            subject=job.subject,
            of=job.of,
            number=number,
            destination=job.manifest.bucket,
            place=job.place,
            files=files,
            format=format,
            schema=manifest.schema,
            taken_at=job.taken_at,
            depth=job.depth,
            first=first,
        )
        first += len(files)
        if number in job.split:
            yield from one_by_one(task)
        else:
            yield task


def _bounded(file: DataFile) -> DataFile:
    """A file with what can be an MD5; whatever else is written there is as wrong when it is cut."""
    return file if len(file.md5 or "") <= _LONGEST_MD5 else replace(file, md5=(file.md5 or "")[:_LONGEST_MD5])
