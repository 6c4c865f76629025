"""The tables of `make bench`: Markdown that can be read as it is, and their place in the README. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.figures import ratio, spread

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


@dataclass(frozen=True, slots=True)
class Weight:
    """The sizes of a package, in bytes."""

    name: str
    zipped: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line on time: the names of what was measured, with and without bytecode, and of their floor."""

    title: str
    ours: str
    bare: str
    floor: str


def weights(packages: Sequence[Weight]) -> str:
    """The sizes."""
    lines = [(each.name, _megabytes(each.zipped), _megabytes(each.unpacked)) for each in packages]
    return rows_of(("package", "zip", "unpacked"), lines)


def times(rows: Sequence[Row], found: Mapping[str, Sequence[float]]) -> str:
    """The times of all rows, and of the floors that they are compared with."""
    lines = [
        (
            row.title,
            _milliseconds(found[row.ours]),
            f"{ratio(found[row.ours], found[row.floor]):.2f}",
            f"{ratio(found[row.bare], found[row.floor]):.2f}",
        )
        for row in rows
    ]
    floors = dict.fromkeys(row.floor for row in rows)
    lines += [(name, _milliseconds(found[name]), "1", "") for name in floors]
    return rows_of(("", "time (middle half)", "× floor", "× floor, without bytecode"), lines)


def put(text: str, table: str) -> str:
    """The text with the table between the two marks. ValueError where they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there is no place for the table: {BEGIN} and {END} are missing")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _milliseconds(seconds: Sequence[float]) -> str:
    found = spread(seconds)
    return f"{found.median * 1000:.0f} ms ({found.low * 1000:.0f} to {found.high * 1000:.0f})"


def rows_of(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown: all columns but the first are numbers."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *lines))
