"""How much memory a large data file takes to read: `python -m tests.reading.peak FORM FILE ROWS`.

Prints, as JSON, the rows that were counted and the most bytes that the process ever had.
"""

import json
import sys

from bench.local_files import LocalFiles
from bench.peak import peak
from chalicelib.adapters.arrow_memory import load_arrow
from chalicelib.core.manifest import DataFile
from chalicelib.core.report import Place
from chalicelib.core.summary_job import Subject, Task
from tests.reading.reports import MADE_AT
from tests.summaries import TAKEN_AT


def main(form: str, path: str, schema: str) -> None:
    """Read the file, and print what came of it."""
    load_arrow()
    from chalicelib.adapters.report_reader import ReportReader  # noqa: PLC0415

    task = Task(
        Subject("photos", "daily", "0"), MADE_AT, 0, "reports", Place("dated", "x/"),
        (DataFile(path, None, None),), form, schema, TAKEN_AT, 2,
    )  # fmt: skip
    part = ReportReader(LocalFiles()).read(task)
    print(json.dumps({"rows": part.summary.rows, "missing": len(part.missing), "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
