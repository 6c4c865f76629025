"""Reading reports: the port `ReportReader`. A task goes in, its part comes out.

Files are read one after the other. One that is a single piece is put together with the next ones, because
counting costs more for each piece than for each row; one of more pieces is counted by itself, because only
its last byte tells whether all of it counts. A file that cannot be what it should be is `missing`.
"""

import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing

import duckdb

from chalicelib.adapters.arriving_file import EARLY
from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting import Counting, Piece, connected
from chalicelib.adapters.few_pieces import FewPieces
from chalicelib.adapters.key_spelling import Contradicted, Deciding, KeySpelling
from chalicelib.adapters.reading_ahead import ahead
from chalicelib.adapters.report_files import MOST_TEMPORARY, PIECE, DataFiles, ReportFiles
from chalicelib.core.manifest import DataFile
from chalicelib.core.summary import Summary, nothing
from chalicelib.core.summary_job import Missing, Part, Task


class ReportReader:
    """Reads files through `files`. `folder` is where temporary files go, the system's place where None."""

    def __init__(
        self,
        files: DataFiles,
        *,
        folder: str | None = None,
        most_temporary: int = MOST_TEMPORARY,
        early: int = EARLY,
        piece: int = PIECE,
    ) -> None:
        self._files = ReportFiles(files, folder or tempfile.gettempdir(), most_temporary, early, piece)

    def read(self, task: Task) -> Part:
        """The part of this task. Raises `PlatformAway` and `PlatformRefused`."""
        with (
            closing(connected()) as parsing,
            closing(connected()) as counting,
            closing(_counting(counting, task, task.files[0])) as few,
        ):
            reading = _Reading(self._files, parsing, counting, task, FewPieces(few))
            for each in task.files:
                reading.file(each)
            reading.few.count()
            few_summary = few.summary()
        missing = sorted((*reading.missing, *reading.few.missing), key=lambda each: each.key)
        return Part(task.number, few_summary + reading.summary, tuple(missing))


class _Reading:
    """One task being read. `few` are its small files; `summary` and `missing` are of the others."""

    def __init__(
        self,
        files: ReportFiles,
        parsing: duckdb.DuckDBPyConnection,
        counting: duckdb.DuckDBPyConnection,
        task: Task,
        few: FewPieces,
    ) -> None:
        self._files = files
        self._db = parsing
        self._counting = counting
        self._task = task
        self.few = few
        self.summary: Summary = nothing(task.depth)
        self.missing: list[Missing] = []

    def file(self, file: DataFile) -> None:
        """One of its files."""
        try:
            try:
                self._read(file, KeySpelling(self._db))
            except Contradicted:
                self._read(file, KeySpelling(self._db, self._is_encoded(file)))
        except BadFile as exc:
            self.missing.append(Missing(file.key, str(exc)))

    def _read(self, file: DataFile, spelling: KeySpelling) -> None:
        with closing(ahead(self._files.pieces(self._db, self._task, file, spelling))) as pieces:
            begun = deque(each for _, each in zip(range(2), pieces, strict=False))
            if len(begun) == 2:
                self.summary = self.summary + self._counted(file, begun, pieces)
            elif begun:
                self.few.add(file, begun[0])

    def _counted(self, file: DataFile, begun: "deque[Piece]", others: Iterator[Piece]) -> Summary:
        with closing(_counting(self._counting, self._task, file)) as counting:
            while begun:
                counting.add(last := begun.popleft())
            for last in others:
                counting.add(last)
            counting.know(last.columns)  # what an object has may be found late
            return counting.summary()

    def _is_encoded(self, file: DataFile) -> bool:
        """Read the file for nothing but this."""
        spelling = Deciding(self._db)
        for _ in self._files.pieces(self._db, self._task, file, spelling):
            pass
        return spelling.encoded


def _counting(db: duckdb.DuckDBPyConnection, task: Task, file: DataFile) -> Counting:
    return Counting(db, task.taken_at, task.depth, f"{task.subject.report_id}\n{file.key}")
