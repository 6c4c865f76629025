"""Whether the keys of a CSV or TSV file are URL-encoded.

AWS encodes them, of CoreWeave it is not known, and neither says so in the manifest. Each file is judged by
itself. It is taken as encoded when each of its keys could be an encoded one and one at least has a `%`. That
is wrong for plain keys, all of harmless signs, with what looks like an encoding in them; and an encoded file
that has pluses, but no `%`, is taken as plain. In an encoded file a plus is a space, because encoders write a
plus as `%2B`: so the same prefix may be `my+photos/` from one file and `my photos/` from another one.

It takes the whole file to know, but it is read piece by piece: what the first pieces say is believed, and
where a later piece contradicts, the file is read again.
"""

from string import ascii_letters, digits

import duckdb
import pyarrow

from chalicelib.adapters.counting_sql import CAN_DECODE, ENCODED

_PLAIN = (ascii_letters + digits + "-._~/*!'():@&=$,;").encode()
"""The signs that an encoded key may have beside `%` and plus. Encoders differ in which of them they keep."""


class Contradicted(Exception):
    """The pieces before this one were read in the wrong spelling."""


class KeySpelling:
    """Follows a file through its pieces. `encoded` is what is known of it beforehand."""

    def __init__(self, db: duckdb.DuckDBPyConnection, encoded: bool | None = None) -> None:
        self._db = db
        self._is_sure = encoded is not None
        self._encoded = encoded or False
        self._could_be = True
        self._has_plus = False

    def mark(self, table: pyarrow.Table) -> pyarrow.Table:
        """The table with a column that says whether its keys are encoded. Raises `Contradicted`."""
        if not self._is_sure:
            self._look(table)
        return table.append_column(ENCODED, pyarrow.repeat(self._encoded, table.num_rows))

    def _look(self, table: pyarrow.Table) -> None:
        self._could_be, has_percent, has_plus = _looked(self._db, table)
        self._is_sure = not self._could_be
        if self._encoded and not self._could_be:
            raise Contradicted
        if self._could_be and not self._encoded and has_percent:
            if self._has_plus:
                raise Contradicted
            self._encoded = True
        self._has_plus = self._has_plus or has_plus


class Deciding(KeySpelling):
    """Looks at all of a file and contradicts nothing; `encoded` at the end is what is right for it."""

    def mark(self, table: pyarrow.Table) -> pyarrow.Table:
        """The table as it is."""
        if self._could_be:
            self._could_be, has_percent, _ = _looked(self._db, table)
            self._encoded = self._encoded or has_percent
        return table

    @property
    def encoded(self) -> bool:
        """Whether the keys of all pieces are encoded."""
        return self._could_be and self._encoded


def _looked(db: duckdb.DuckDBPyConnection, table: pyarrow.Table) -> tuple[bool, bool, bool]:
    """Whether each key of the piece could be an encoded one, and whether there is a `%`, and a plus."""
    texts = [each.buffers()[2] for each in table.column("Key").chunks]  # of all keys, without gaps
    odd = b"".join(each.to_pybytes().translate(None, _PLAIN) for each in texts if each is not None)
    has_percent, has_plus = b"%" in odd, b"+" in odd
    if odd.strip(b"%+"):
        return False, has_percent, has_plus
    return not has_percent or _decodes(db, table), has_percent, has_plus


def _decodes(db: duckdb.DuckDBPyConnection, table: pyarrow.Table) -> bool:
    db.register("piece", table)
    try:
        [(found,)] = db.execute(CAN_DECODE).fetchall()
    finally:
        db.unregister("piece")
    return found is not False
