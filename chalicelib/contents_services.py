"""What sums reports up, made from the settings when it is first used; a part of the composition root.

The reader of data files is large, and loaded only where files are read: the other functions stay as light as
they are without it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.core.summing import Summing
from chalicelib.ports import StateStore
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.adapters.s3_connection import S3Connection
    from chalicelib.contents_ports import ReportReader, TaskQueue
    from chalicelib.flows.finish import Finish
    from chalicelib.flows.read_files import ReadFiles
    from chalicelib.flows.summarise import Summarise


def summing(settings: Settings) -> Summing | None:
    """How reports are summed up; None where they are not."""
    if settings.tasks is None:
        return None
    return Summing(settings.summary_wait, settings.prefix_depth, settings.task_bytes)


class ContentsServices:
    """Made from the settings, and from what makes the store and the connection to the platform."""

    def __init__(
        self, settings: Settings, store: Callable[[], StateStore], connection: Callable[[], "S3Connection"]
    ) -> None:
        self._settings = settings
        self._store = store
        self._connection = connection

    @cached_property
    def summarise(self) -> "Summarise | None":
        """Have reports summed up; None where they are not."""
        from chalicelib.adapters.s3_objects import S3Objects
        from chalicelib.flows.summarise import Summarise

        queue = self._queue()
        if queue is None:
            return None
        return Summarise(S3Objects(self._connection()), self._store(), queue, self._finish())

    @cached_property
    def read_files(self) -> "ReadFiles":
        """Read data files of reports."""
        from chalicelib.adapters.task_text import task_in
        from chalicelib.flows.read_files import ReadFiles

        return ReadFiles(self._reader, self._store(), self._finish(), self._queue(), task_in)

    def _reader(self) -> "ReportReader":
        from chalicelib.adapters.arrow_memory import load_arrow

        load_arrow()  # before the reader does
        from chalicelib.adapters.report_reader import ReportReader
        from chalicelib.adapters.s3_data_files import S3DataFiles

        return ReportReader(S3DataFiles(self._connection()))

    def _finish(self) -> "Finish":
        from chalicelib.flows.finish import Finish

        return Finish(self._store(), self._settings.prices)

    def _queue(self) -> "TaskQueue | None":
        place = self._settings.tasks
        if place is None:
            return None
        if place.kind == "sqs":
            from chalicelib.adapters.aws_client import aws_client
            from chalicelib.adapters.sqs_queue import SqsQueue

            return SqsQueue(place.name, lambda: aws_client("sqs"))
        from chalicelib.adapters.sqlite_queue import SqliteQueue

        return SqliteQueue(place.name)
