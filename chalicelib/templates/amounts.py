"""Sizes, durations, instants, money and numbers of things, and what they differ by, as people read them.

In come bytes, seconds and aware times; out come short texts: `3.2 GiB (3,412,345,678 bytes)`,
`1 day 0 h 12 min`, `2026-03-01 12:00 UTC`, `12 files`, `+8.4 TiB`, `−2.1%`, `1,234.50 USD`, `▂▃▅█`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

_MINUS = "\N{MINUS SIGN}"
_SPARKS = "▁▂▃▄▅▆▇█"
_BAR = 20
"""Characters of the longest bar."""

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def counted(number: int, one: str) -> str:
    """`1 file`, `12,000 files`: a number of things that have a plain plural."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def grouped(number: int | None) -> str | None:
    """`12,000`; None stays None."""
    return None if number is None else f"{number:,}"


def size(number: int) -> str:
    """Bytes in the largest binary unit that leaves at least one of it, and exactly."""
    exact = counted(number, "byte")
    return exact if number < 1024 else f"{brief(number)} ({exact})"


def brief(number: int) -> str:
    """Bytes in the largest binary unit that leaves at least one of it, to one decimal: `412.6 TiB`."""
    if number < 1024:
        return counted(number, "byte")
    power = min((number.bit_length() - 1) // 10, len(_UNITS))
    # 1023.97 KiB would be rounded to 1024.0 KiB, which is one MiB
    if round(number / 1024**power, 1) >= 1024 and power < len(_UNITS):
        power += 1
    return f"{number / 1024**power:,.1f} {_UNITS[power - 1]}"


def size_change(difference: int) -> str:
    """A difference of bytes: `+8.4 TiB`, `−1.1 TiB`."""
    return f"{_sign(difference)}{brief(abs(difference))}"


def count_change(difference: int, one: str) -> str:
    """A difference of a number of things: `+1,204,331 objects`, `−1 object`."""
    return f"{_sign(difference)}{counted(abs(difference), one)}"


def percent(part: float, whole: float) -> str:
    """A share of what is more than nothing: `51.0%`; one that would be rounded away is `<0.1%`."""
    share = 100 * part / whole
    return "<0.1%" if 0 < share < 0.05 else f"{share:.1f}%"


def percent_change(value: float) -> str:
    """A growth in percent: `+2.1%`, `−0.4%`, `+0.0%`."""
    return f"{_MINUS if round(value, 1) < 0 else '+'}{abs(value):,.1f}%"


def money(amount: Decimal, currency: str) -> str:
    """`1,234.50 USD`."""
    return f"{amount:,.2f} {currency}"


def sparks(numbers: Sequence[float]) -> str:
    """A line of blocks, from the lowest number to the highest; of equal ones, all are of middle height."""
    low, high = min(numbers), max(numbers)
    if low == high:
        return _SPARKS[3] * len(numbers)
    steps = len(_SPARKS) - 1
    return "".join(_SPARKS[round((each - low) / (high - low) * steps)] for each in numbers)


def bar(part: float) -> str:
    """A bar of blocks, as long as the part, from 0 to 1, is great; one that is there is seen."""
    return "█" * max(round(part * _BAR), 1) if part > 0 else ""


def _sign(difference: float) -> str:
    return _MINUS if difference < 0 else "+"


def duration(seconds: float) -> str:
    """A length of time in two or three units; below a second it is `less than 1 s`."""
    whole = int(seconds)
    if whole < 1:
        return "less than 1 s"
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    hours = f"{whole % _DAY // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return hours if whole < _DAY else f"{counted(whole // _DAY, 'day')} {hours}"


def instant(time: datetime) -> str:
    """A time to the minute, in UTC."""
    return time.astimezone(UTC).isoformat(" ", "minutes").removesuffix("+00:00") + " UTC"
