"""A folder for tests that write thousands of times: in memory where there is such a place, else on the disk.

SQLite syncs each transaction to the disk, and a disk may take its time. What is lost in a power cut is not
what these tests are about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_IN_MEMORY = Path("/dev/shm")


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A new folder, gone afterwards."""
    with TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name:
        yield Path(name)
