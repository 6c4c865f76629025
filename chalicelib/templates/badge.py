"""A badge as SVG: a label, and one word on the colour of its tone. Nothing in it comes from outside."""

from chalicelib.core.badge import Badge
from chalicelib.core.standing import Tone

_LABEL = "inventory"
_HEIGHT = 20
_SIGN = 6.7
"""Pixels of a sign, on the wide side; the text is made to fit what its box has room for."""
_PAD = 12

_COLOURS: dict[Tone, str] = {"bad": "#b3261e", "warn": "#7a4f00", "idle": "#545b64", "good": "#1b6e3c"}
"""White text on each has a contrast of more than 4.5 (WCAG 2.2, 1.4.3)."""


def badge_svg(badge: Badge) -> str:
    """The picture."""
    said = badge.word if badge.age is None else f"{badge.word} · {badge.age}"
    left, right = _width(_LABEL), _width(said)
    whole = left + right
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" role="img"'
        f' aria-label="{_LABEL}: {said}"><title>{_LABEL}: {said}</title>'
        f'<rect width="{whole}" height="{_HEIGHT}" rx="3" fill="#33383e"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{right - 3}z"'
        f' fill="{_COLOURS[badge.tone]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(_LABEL, 0, left)}{_text(said, left, right)}</g></svg>\n"
    )


def _width(text: str) -> int:
    return round(len(text) * _SIGN) + _PAD


def _text(text: str, start: int, width: int) -> str:
    room = width - _PAD
    return f'<text x="{start + _PAD // 2}" y="14" textLength="{room}">{text}</text>'
