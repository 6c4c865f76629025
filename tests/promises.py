"""The page docs/promises.md, as far as the tests write it: the table of counts between its two marks.

In comes the page and what was counted; out comes the page with that, or what it claims beyond it.
"""

from collections.abc import Mapping
from pathlib import Path
from re import findall

PAGE = Path("docs") / "promises.md"
BEGIN, END = "<!-- counts -->", "<!-- /counts -->"
VARIES = frozenset(
    {
        "bad requests sent",
        "hostile manifests looked at",
        "hostile names told",
        "operations among policies of others",
        "requests made up against the API",
        "situations looked at by preflight and then set up",
        "steps of the machine of states",
    }
)
"""What Hypothesis and Schemathesis decide, otherwise in each run: less is claimed than was counted."""


class NoTable(Exception):
    """The page has not exactly one place for the table."""


def with_counts(page: str, counts: Mapping[str, int]) -> str:
    """The page with these counts in its table, in the order of their names."""
    before, _, after = _parts(page)
    rows = "".join(f"| {what} | {_claim(what, number):,} |\n" for what, number in sorted(counts.items()))
    head = "| tried in each run of the tests | at least |\n| --- | ---: |\n"
    return f"{before}{BEGIN}\n{head}{rows}{END}{after}"


def _claim(what: str, number: int) -> int:
    """What every run can bear out: where it varies, three quarters of it, in two digits."""
    if what not in VARIES:
        return number
    least = number * 3 // 4
    unit = int(10 ** max(len(str(least)) - 2, 0))
    return least // unit * unit


def claimed(page: str) -> dict[str, int]:
    """What the table of the page says."""
    _, table, _ = _parts(page)
    rows = findall(r"(?m)^\| (.+?) \| ([0-9,]+) \|$", table)
    return {what: int(number.replace(",", "")) for what, number in rows}


def beyond(page: str, counts: Mapping[str, int]) -> list[str]:
    """The claims of the page that the counts do not bear out, as sentences."""
    return [
        f"{what}: the page says {number:,}, counted were {counts.get(what, 0):,}"
        for what, number in claimed(page).items()
        if counts.get(what, 0) < number
    ]


def _parts(page: str) -> tuple[str, str, str]:
    """What is before the table, the table, and what is after it."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise NoTable(f"There must be one {BEGIN} in the page, and one {END} after it.")
    before, _, rest = page.partition(BEGIN)
    table, _, after = rest.partition(END)
    return before, table, after
