"""Files of one piece each, put together until they are worth counting."""

import pyarrow

from chalicelib.adapters.bad_file import BadFile
from chalicelib.adapters.counting import Counting, Piece
from chalicelib.core.manifest import DataFile
from chalicelib.core.summary_job import Missing

ENOUGH_ROWS = 65_536
ENOUGH_BYTES = 16 * 1024 * 1024


class FewPieces:
    """Counts small files together. `missing` are those of them with wrong rows."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._held: list[tuple[DataFile, Piece]] = []
        self._rows = self._bytes = 0
        self.missing: list[Missing] = []

    def add(self, file: DataFile, piece: Piece) -> None:
        """One more file."""
        if self._held and not _alike(self._held[0][1], piece):
            self.count()
        self._held.append((file, piece))
        self._rows += piece.table.num_rows
        self._bytes += piece.table.nbytes
        if self._rows >= ENOUGH_ROWS or self._bytes >= ENOUGH_BYTES:
            self.count()

    def count(self) -> None:
        """Count those that are held. When they cannot be counted together, each is by itself."""
        held, self._held, self._rows, self._bytes = self._held, [], 0, 0
        if not held:
            return
        try:
            whole = pyarrow.concat_tables([each.table for _, each in held])
            self._counting.add(Piece(whole, held[0][1].columns))
        except BadFile as exc:
            if len(held) == 1:
                self.missing.append(Missing(held[0][0].key, str(exc)))
            else:
                for file, piece in held:
                    self._held = [(file, piece)]
                    self.count()


def _alike(one: Piece, other: Piece) -> bool:
    return one.columns == other.columns and one.table.schema.equals(other.table.schema)
