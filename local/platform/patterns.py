"""Wildcards as IAM has them: `*` is any run of characters, `?` any one character.

Matching takes time proportional to pattern times text at worst, because patterns come from policies that
anybody may put on a bucket: a regular expression made of many `*` can be made to run for hours.
"""


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is covered by the pattern, with upper and lower case told apart."""
    at_pattern = at_text = 0
    star, resume = -1, 0  # where the last `*` stood, and up to where it has eaten the text
    while at_text < len(text):
        symbol = pattern[at_pattern] if at_pattern < len(pattern) else ""
        if symbol == "*":
            star, resume = at_pattern, at_text
            at_pattern += 1
        elif symbol and symbol in ("?", text[at_text]):
            at_pattern, at_text = at_pattern + 1, at_text + 1
        elif star >= 0:  # a dead end: let the last `*` eat one character more
            resume += 1
            at_pattern, at_text = star + 1, resume
        else:
            return False
    return not pattern[at_pattern:].strip("*")


def matches_any_case(pattern: str, text: str) -> bool:
    """As `matches`, with upper and lower case taken as the same: how IAM compares action names."""
    return matches(pattern.lower(), text.lower())
