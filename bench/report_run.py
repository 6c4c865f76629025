"""One summary in a process of its own: `python -m bench.report_run WHO FORMAT FOLDER` prints JSON.

Peak memory is that of the process, so that each summary needs one of its own.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.local_files import LocalFiles
from bench.peak import peak
from bench.report_data import COLUMNS, TAKEN_AT
from bench.report_rivals import RIVALS, Answer
from chalicelib.adapters.arrow_memory import load_arrow
from chalicelib.core.buckets import AGES, UNKNOWN
from chalicelib.core.file_groups import file_groups
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import Place
from chalicelib.core.summary import nothing
from chalicelib.core.summary_job import Subject, Task

AT = datetime.fromisoformat(TAKEN_AT).replace(tzinfo=UTC)
OURS = "Stocktake"
_TASK_BYTES = 256 * 1024 * 1024


def tasks_of(paths: list[Path], form: str, md5s: list[str]) -> Iterator[Task]:
    """The tasks that a report of these files is cut into."""
    files = [DataFile(str(each), each.stat().st_size, md5) for each, md5 in zip(paths, md5s, strict=True)]
    for number, group in enumerate(file_groups(files, _TASK_BYTES)):
        yield Task(
            Subject("media-prod-eu", "bench", "0"), AT, number, "reports", Place("dated", "x/"), group, form,
            ", ".join(COLUMNS), AT, 2,
        )  # fmt: skip


def ours(tasks: list[Task]) -> Answer:
    """The whole path: sizes and sums verified, prefixes, samples and all."""
    load_arrow()
    from chalicelib.adapters.report_reader import ReportReader  # noqa: PLC0415

    reader = ReportReader(LocalFiles())
    summary = nothing(2)
    for each in tasks:
        part = reader.read(each)
        if part.missing:
            raise SystemExit(f"{part.missing[0]}")
        summary += part.summary
    names = {name: at for at, (name, _) in enumerate(AGES)} | {UNKNOWN: 8}
    ages = summary.tallies["age"].rows or {}
    told = sorted((names[name], each.objects, each.bytes) for name, each in ages.items())
    return summary.rows, summary.total.bytes, told


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def main(who: str, form: str, folder: str) -> None:
    """Measure, and print what came of it."""
    paths = sorted(Path(folder).iterdir())
    md5s = [_md5(each) for each in paths] if who == OURS else []
    tasks = list(tasks_of(paths, form, md5s)) if who == OURS else []
    began, busy = time.perf_counter(), time.process_time()
    answer = ours(tasks) if who == OURS else RIVALS[who](str(paths[0]), form)
    took, worked = time.perf_counter() - began, time.process_time() - busy
    most = peak()
    print(
        json.dumps(
            {
                "seconds": took,
                "cpu": worked,
                "peak": most,
                "rows": answer[0],
                "bytes": answer[1],
                "ages": answer[2],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
