"""A data file that cannot be what it should be, and what is said of it."""

from chalicelib.core.excerpt import excerpt

LONGEST_REASON = 300
"""Characters; libraries repeat in their errors what the file says."""


class BadFile(ValueError):
    """The file says nothing: it is `missing` in its part. The message says why, for people."""

    def __init__(self, reason: str) -> None:
        line = " ".join("".join(each if each.isprintable() else " " for each in reason).split())
        super().__init__(excerpt(line, LONGEST_REASON))
