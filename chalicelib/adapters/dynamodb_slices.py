"""Documents of any size in the table, in slices: an item has 400 KB at most (Developer Guide, "Items").

In come bytes, out goes where they stand: a token that nobody else has, and a number of slices. Whoever
writes a document writes an item with both of them afterwards, so that a document is there as a whole or not
at all, whoever else writes one under the same name. Slices that nobody points at expire as the others do.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from chalicelib.adapters.dynamodb_items import document_of
from chalicelib.adapters.dynamodb_table import Expression, Item, Key, Table, Value, key_of
from chalicelib.errors import StoreBusy

SLICE = 350_000
"""Bytes of a document in one item."""

TOGETHER = 40
"""Slices read at a time; BatchGetItem answers 16 MB at most."""


@dataclass(frozen=True, slots=True)
class Sliced:
    """Where a document stands."""

    token: str
    slices: int

    @property
    def attributes(self) -> dict[str, Value]:
        """As attributes of the item that points at it."""
        return {"token": self.token, "slices": self.slices}

    @property
    def keys(self) -> list[Key]:
        """Where its slices stand, in their order."""
        return [(f"slices#{self.token}", f"{number:05}") for number in range(self.slices)]


def sliced_of(item: Item) -> Sliced:
    """Where the document stands that this item points at."""
    return Sliced(str(item["token"]), int(item["slices"]))


def write_slices(table: Table, document: bytes, expires: int) -> Sliced:
    """Keep a document until then, in seconds since 1970; nobody finds it before an item points at it."""
    pieces = [document[start : start + SLICE] for start in range(0, len(document), SLICE)]
    where = Sliced(uuid4().hex, len(pieces))
    for (pk, sk), piece in zip(where.keys, pieces, strict=True):
        table.keep({"pk": pk, "sk": sk, "expires": expires, "document": piece})
    return where


def read_slices(table: Table, wanted: Iterable[Sliced]) -> Iterator[bytes | None]:
    """The documents one after the other, read a few at a time; None for one that is not there as a whole."""
    for some in _portions(wanted):
        keys = [key for each in some for key in each.keys]
        there = {key_of(each): document_of(each) for each in table.get_all(keys)}
        for each in some:
            pieces = [there.pop(key, None) for key in each.keys]
            whole = [piece for piece in pieces if piece is not None]
            yield b"".join(whole) if len(whole) == each.slices else None


def forget_slices(table: Table, where: Sliced) -> None:
    """Delete a document as far as the store answers; it expires."""
    with suppress(StoreBusy):
        for key in where.keys:
            table.remove(key, Expression("attribute_exists(#pk)"))


def _portions(wanted: Iterable[Sliced]) -> Iterator[list[Sliced]]:
    """As many documents together as are read at a time, one at least."""
    portion: list[Sliced] = []
    for each in wanted:
        if portion and sum(one.slices for one in portion) + each.slices > TOGETHER:
            yield portion
            portion = []
        portion.append(each)
    if portion:
        yield portion
