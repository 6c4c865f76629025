"""Sizes, durations, instants and numbers of things, as people read them.

In come bytes, seconds and aware times; out come short texts: `3.2 GiB (3,412,345,678 bytes)`,
`1 day 0 h 12 min`, `2026-03-01 12:00 UTC`, `12 files`.
"""

from datetime import UTC, datetime

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
    if number < 1024:
        return exact
    power = min((number.bit_length() - 1) // 10, len(_UNITS))
    # 1023.97 KiB would be rounded to 1024.0 KiB, which is one MiB
    if round(number / 1024**power, 1) >= 1024 and power < len(_UNITS):
        power += 1
    return f"{number / 1024**power:,.1f} {_UNITS[power - 1]} ({exact})"


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
