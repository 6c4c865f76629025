"""A table in letters that are all as wide as each other.

In comes a `Table`; out come its rows as lines of text, figures to the right of their columns.
"""

from chalicelib.templates.amounts import bar
from chalicelib.templates.draft import Table


def lines(table: Table) -> tuple[str, ...]:
    """A line for each row; a column without any figure takes no room."""
    first = max(len(each.word) for each in table.rows)
    widths = [max(map(len, column)) for column in zip(*(each.figures for each in table.rows), strict=True)]
    said = []
    for row in table.rows:
        figures = [f"{each:>{width}}" for each, width in zip(row.figures, widths, strict=True) if width]
        last = row.name if row.part is None else bar(row.part)
        said.append("  ".join([f"{row.word:{first}}", *figures, last]).rstrip())
    return tuple(said)
