"""How much memory a large data file takes to read: `python -m tests.reading.peak FORM FILE ROWS`.

Prints, as JSON, the rows that were counted and the most bytes that the process ever had.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from chalicelib.adapters.report_reader import ReportReader
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import ObjectSeen, Place
from chalicelib.core.summary_job import Subject, Task
from tests.reading.reports import MADE_AT
from tests.summaries import TAKEN_AT


class OneFile:
    """A file of the disk in the place of an object."""

    def stream(self, bucket: str, key: str) -> AbstractContextManager[tuple[ObjectSeen, Iterator[bytes]]]:
        def pieces() -> Iterator[bytes]:
            with Path(key).open("rb") as file:
                while piece := file.read(1024 * 1024):
                    yield piece

        return nullcontext((ObjectSeen(key, Path(key).stat().st_size, "etag", MADE_AT), pieces()))

    def ranges(self, bucket: str, key: str, etag: str, first: int, last: int) -> bytes:
        with Path(key).open("rb") as file:
            file.seek(first)
            return file.read(last + 1 - first)


def main(form: str, path: str, schema: str) -> None:
    """Read the file, and print what came of it."""
    task = Task(
        Subject("photos", "daily", "0"), MADE_AT, 0, "reports", Place("dated", "x/"),
        (DataFile(path, None, None),), form, schema, TAKEN_AT, 2,
    )  # fmt: skip
    part = ReportReader(OneFile()).read(task)
    print(json.dumps({"rows": part.summary.rows, "missing": len(part.missing), "peak": peak()}))


def peak() -> int:
    """The most bytes that this process ever had.

    Linux hands `ru_maxrss` down from the process that started this one, however large that was (getrusage(2)
    through execve); the high-water mark of the memory itself begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [each for each in status.read_text().splitlines() if each.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main(*sys.argv[1:])
