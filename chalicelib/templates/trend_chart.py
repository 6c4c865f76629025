"""How much there was in the reports so far: bytes by what they are billed by, and objects.

In come points of the trend, the newest first; out come drawings with the texts of their axes. What a report
does not tell, or tells only in part, is a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chalicelib.core.trend import Point
from chalicelib.templates.amounts import brief, counted
from chalicelib.templates.charts import HEIGHT, WIDTH, area, drawing, line, places, runs

_TIERS = ("cold", "warm", "hot")
"""From the ground up."""
_OTHER = "other"
_WORDS = {"cold": "Cold", "warm": "Warm", "hot": "Hot", _OTHER: "Other classes", "total": "All"}
_TOP = 4  # so that the highest line is seen whole


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend, in the order of the layers from the top."""

    kind: str
    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A drawing; `high` stands at its top, and nothing at its foot is nothing. `low` is the lowest number."""

    title: str
    drawing: Markup
    high: str
    low: str
    first: datetime
    last: datetime
    keys: tuple[Key, ...]
    gaps: int


def trend_charts(points: Sequence[Point]) -> tuple[TrendChart, ...]:
    """Bytes, then objects; what fewer than two reports tell is left out."""
    oldest_first = tuple(reversed(points))
    charts = (_sizes(oldest_first), _objects(oldest_first))
    return tuple(each for each in charts if each is not None)


def _sizes(points: Sequence[Point]) -> TrendChart | None:
    numbers = [None if each.missing_files else each.bytes for each in points]
    known = [each for each in numbers if each is not None]
    if len(known) < 2:
        return None
    high = max(*known, 1)
    xs, shapes = _xs(points), []
    layers = _layers(points)
    if layers:
        told = [each is not None and points[at].tiers is not None for at, each in enumerate(numbers)]
        shapes = _stack(layers, told, xs, high)
    shapes.append(_line(numbers, xs, high))
    newest = max(at for at, each in enumerate(numbers) if each is not None)
    keys = [Key(name, _WORDS[name], brief(layer[newest])) for name, layer in reversed(layers.items())]
    keys.insert(0, Key("total", _WORDS["total"], brief(numbers[newest] or 0)))
    span = f"lowest {brief(min(known))}, highest {brief(max(known))}, newest {brief(known[-1])}"
    words = f"Stored bytes in {counted(len(known), 'report')}: {span}"
    return _chart("Stored", points, shapes, words, brief(high), brief(min(known)), tuple(keys), numbers)


def _objects(points: Sequence[Point]) -> TrendChart | None:
    numbers = [None if each.missing_files else each.objects for each in points]
    known = [each for each in numbers if each is not None]
    if len(known) < 2:
        return None
    high = max(*known, 1)
    span = f"lowest {min(known):,}, highest {max(known):,}, newest {known[-1]:,}"
    words = f"Objects in {counted(len(known), 'report')}: {span}"
    keys = (Key("total", "Objects", f"{known[-1]:,}"),)
    shapes = [_line(numbers, _xs(points), high)]
    return _chart("Objects", points, shapes, words, f"{high:,}", f"{min(known):,}", keys, numbers)


def _chart(
    title: str,
    points: Sequence[Point],
    shapes: Sequence[Markup],
    words: str,
    high: str,
    low: str,
    keys: tuple[Key, ...],
    numbers: Sequence[int | None],
) -> TrendChart:
    svg = drawing(shapes, words, WIDTH, HEIGHT, "trend")
    gaps = sum(each is None for each in numbers)
    return TrendChart(title, svg, high, low, points[0].taken_at, points[-1].taken_at, keys, gaps)


def _xs(points: Sequence[Point]) -> list[int]:
    times = [each.taken_at.timestamp() for each in points]
    return list(places(times, min(times), max(times), WIDTH))


def _y(value: float, high: float) -> int:
    return HEIGHT - round(value / high * (HEIGHT - _TOP))


def _layers(points: Sequence[Point]) -> dict[str, list[int]]:
    """By tier the bytes in each point, from the ground up; those that are nowhere are left out."""
    tiers: list[Mapping[str, int]] = [each.tiers or {} for each in points]
    layers = {name: [each.get(name, 0) for each in tiers] for name in _TIERS}
    layers[_OTHER] = [sum(size for name, size in each.items() if name not in _TIERS) for each in tiers]
    return {name: layer for name, layer in layers.items() if any(layer)}


def _stack(
    layers: Mapping[str, Sequence[int]], told: Sequence[bool], xs: Sequence[int], high: float
) -> list[Markup]:
    """The layers one upon the other."""
    shapes = []
    below = [0] * len(xs)
    for name, layer in layers.items():
        above = [low + size for low, size in zip(below, layer, strict=True)]
        path = "".join(
            area([(xs[at], _y(above[at], high)) for at in run], [(xs[at], _y(below[at], high)) for at in run])
            for run in runs(told)
        )
        shapes.append(Markup('<path class="layer {name}" d="{path}"/>').format(name=name, path=path))
        below = above
    return shapes


def _line(numbers: Sequence[int | None], xs: Sequence[int], high: float) -> Markup:
    path = "".join(
        line([(xs[at], _y(numbers[at] or 0, high)) for at in run])
        for run in runs([each is not None for each in numbers])
    )
    return Markup('<path class="total" vector-effect="non-scaling-stroke" d="{path}"/>').format(path=path)
