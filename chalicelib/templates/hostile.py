"""Text from outside, made fit to be shown: one line, bounded, with nothing invisible in it.

Object keys, field names and error texts are whatever somebody wrote. A line break would forge a second
line, a bidirectional override turns `gpj.exe` round, a zero-width character hides a difference. Each is
shown as its escape (`\\u202e`), so that a reader sees that it is there. Markup is escaped later, by the
rules of wherever the text goes.
"""

import unicodedata

ELLIPSIS = "…"
_COMMENT = 200

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's general categories of controls, formats, lone surrogates, unassigned, line separators."""


def shown(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters, what is cut off marked by an ellipsis."""
    visible = "".join(_visible(each) for each in text[: limit + 1])
    return visible if len(visible) <= limit else visible[: limit - 1] + ELLIPSIS


def sentence(text: str, limit: int) -> str:
    """Text that somebody wrote to be read: line breaks are spaces, and it ends as sentences end."""
    words = shown(" ".join(text.split()), limit - 1)
    return words if not words or words.endswith((".", "!", "?", ELLIPSIS)) else f"{words}."


def comment(text: str) -> str:
    """The text within a comment of a file that others are to read or run: bounded, and plain ASCII."""
    return shown(text, _COMMENT).encode("ascii", "backslashreplace").decode()


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    return character.encode("unicode_escape").decode()
