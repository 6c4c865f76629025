"""Wildcards as IAM has them: `*` is any run of characters, `?` any one character.

In come a pattern of a policy, which anybody may have written, and a text; out goes whether the pattern
covers the text. A `*` in the text stands for "all of these", as in a question about everything under a
prefix: only a `*` of the pattern covers it, so that the answer is sound.
"""

import re
from functools import lru_cache

_ARN_PARTS = 6
_WILDCARD = re.compile(r"[*?]")


def covers(pattern: str, text: str) -> bool:
    """Whether the whole text is covered by the pattern, with upper and lower case told apart."""
    if not is_pattern(pattern):
        return pattern == text
    return _compiled(pattern).fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Whether it holds a wildcard."""
    return "*" in text or "?" in text


def apart(pattern: str, text: str) -> bool:
    """Whether certainly nothing is covered by both; `text` may hold wildcards, too.

    Only what stands before the first wildcard is compared, so False means "perhaps not".
    """
    if not is_pattern(text):
        return not covers(pattern, text)
    one, other = _WILDCARD.split(pattern)[0], _WILDCARD.split(text)[0]
    shorter = min(len(one), len(other))
    return one[:shorter] != other[:shorter] or (one == pattern and len(one) < len(other))


def covers_arn(pattern: str, text: str) -> bool:
    """Whether a pattern of an ARN covers an ARN, part by part, so that no `*` reaches over a colon.

    AWS, "IAM JSON policy elements: Condition operators", on ArnLike; the sixth part may hold colons.
    """
    patterns, parts = pattern.split(":", _ARN_PARTS - 1), text.split(":", _ARN_PARTS - 1)
    if not len(patterns) == len(parts) == _ARN_PARTS:
        return False
    return all(covers(each, part) for each, part in zip(patterns, parts, strict=True))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    # The earliest place will do for each piece between two `*`, so it is taken for good (an atomic group):
    # a pattern of many `*` then takes time like pattern times text, not like a power of it.
    first, *rest = (
        "".join("[^*]" if char == "?" else re.escape(char) for char in piece) for piece in pattern.split("*")
    )
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    end = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + end, re.DOTALL)
