"""A small line of numbers over time, as SVG that stands in a page: no axes, no script, no style of its own.

In come numbers, the oldest first; out comes an `svg` element, or nothing where there is nothing to draw. The
class `spark` of `page.css` gives it its colour in light and dark.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

WIDTH, HEIGHT = 96, 20
"""Of the drawing, in the units of its `viewBox`."""

_EDGE = 2
"""So far the line stays away from the edges, which would cut it in half."""

Numbers = Sequence[float | None]


def sparkline(numbers: Numbers, words: str) -> Markup:
    """The drawing, read out as `words`; nothing for fewer than two numbers.

    None is a gap: no line leads over it. Equal numbers are a line of middle height.
    """
    if sum(each is not None for each in numbers) < 2:
        return Markup("")
    return Markup(
        '<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{words}">'
        '<path d="{path}"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, words=words, path=spark_path(numbers))  # which escapes what it is given


def spark_path(numbers: Numbers, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The `d` of a path through the numbers, from the lowest at the foot to the highest at the top.

    A number alone between two gaps is a dot: a line without a length, which round ends make visible.
    """
    places = list(_places(numbers, width, height))
    runs = [list(run) for there, run in groupby(places, key=lambda each: each is not None) if there]
    return "".join(_line([each for each in run if each is not None]) for run in runs)


def _places(numbers: Numbers, width: int, height: int) -> Iterator[tuple[int, int] | None]:
    known = [each for each in numbers if each is not None]
    low, high = min(known, default=0), max(known, default=0)
    step = (width - 2 * _EDGE) / max(len(numbers) - 1, 1)
    for number, each in enumerate(numbers):
        if each is None:
            yield None
        else:
            share = (each - low) / (high - low) if high > low else 0.5
            yield round(_EDGE + number * step), round(height - _EDGE - share * (height - 2 * _EDGE))


def _line(places: list[tuple[int, int]]) -> str:
    if len(places) == 1:
        return "M{} {}h0".format(*places[0])
    return "M" + " ".join(f"{x} {y}" for x, y in places)
