"""What all charts have: places on a drawing that is stretched to the width of the page, as SVG paths.

In come numbers; out come path data in whole units of a `viewBox`. Texts stand beside the drawing, because
they would be stretched with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

WIDTH, HEIGHT = 1000, 200
"""Of a drawing, in the units of its `viewBox`."""

Place = tuple[int, int]


def places(values: Iterable[float], low: float, high: float, length: int) -> Iterator[int]:
    """Where each value is between the lowest and the highest; in the middle where these are equal."""
    for each in values:
        yield round((each - low) / (high - low) * length) if high > low else length // 2


def runs(known: Sequence[bool]) -> Iterator[range]:
    """The stretches without a gap, as ranges of positions."""
    start = 0
    for there, group in groupby(known):
        length = len(list(group))
        if there:
            yield range(start, start + length)
        start += length


def line(points: Sequence[Place]) -> str:
    """A path through the points; one alone is a dot, which round ends make visible."""
    if len(points) == 1:
        return "M{} {}h0".format(*points[0])
    return "M" + " ".join(f"{x} {y}" for x, y in points)


def area(top: Sequence[Place], bottom: Sequence[Place]) -> str:
    """The area between two lines over the same places; one place alone is a narrow column."""
    if len(top) == 1:
        (x, high), (_, low) = top[0], bottom[0]
        left = min(max(x - 2, 0), WIDTH - 4)
        return f"M{left} {high}h4V{low}h-4z"
    return "M" + " ".join(f"{x} {y}" for x, y in (*top, *reversed(bottom))) + "z"


def drawing(shapes: Iterable[Markup], words: str, width: int, height: int, kind: str) -> Markup:
    """An `svg` as wide as the page lets it be, read out as `words`."""
    return Markup(
        '<svg class="{kind}" viewBox="0 0 {w} {h}" width="100%" height="{h}" preserveAspectRatio="none"'
        ' role="img" aria-label="{words}">{shapes}</svg>'
    ).format(kind=kind, w=width, h=height, words=words, shapes=Markup("").join(shapes))


def bar(part: int, whole: int) -> Markup:
    """A bar beside a number, as long as the part is of the whole; who cannot see it has the number."""
    length = max(round(100 * part / whole), 1) if part > 0 and whole > 0 else 0
    return Markup(
        '<svg class="bar" width="100" height="10" viewBox="0 0 100 10" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/><rect width="{length}" height="10"/></svg>'
    ).format(length=min(length, 100))
