"""Geometry of the charts; templates draw it as SVG, stylesheets colour it. Widths are in the drawing's own units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """`length` of 0 to `full`; something that is not nothing is always visible."""

    label: str
    value: int
    length: float
    share: float


def bars(values: Mapping[str, int], *, full: float = 100.0) -> list[Bar]:
    """Bars in the order given, the largest one `full` long. `share` is of the largest."""
    largest = max(values.values(), default=0)
    return [
        Bar(label, value, round(max(full * value / largest, 0.6), 2) if value else 0.0, value / largest if value else 0)
        for label, value in values.items()
    ]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """An SVG path with its end, where the label goes."""

    label: str
    path: str
    end_x: float
    end_y: float
    value: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over common axes, in a box of `width` x `height` with the origin at the lower left of the plot area."""

    width: float
    height: float
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def plot(series: Mapping[str, Sequence[float]], *, width: float = 420, height: float = 190) -> Plot:
    """Values at 0, 1, 2 …; the y axis begins at zero, because a share has no other honest beginning."""
    longest = max((len(values) for values in series.values()), default=0)
    top = nice_ceiling(max((max(values, default=0) for values in series.values()), default=0))
    step = width / max(1, longest - 1)
    lines = []
    for label, values in series.items():
        points = [(index * step, height - height * value / top) for index, value in enumerate(values)]
        if not points:
            continue
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        lines.append(Line(label, path, round(points[-1][0], 1), round(points[-1][1], 1), values[-1]))
    every = max(1, longest // 8)
    return Plot(
        width=width,
        height=height,
        lines=tuple(lines),
        x_ticks=tuple(Tick(round(index * step, 1), index) for index in range(0, longest, every)),
        y_ticks=tuple(Tick(round(height - height * part / 4, 1), top * part / 4) for part in range(5)),
    )


def steps(points: Sequence[tuple[float, float]], *, width: float = 640, height: float = 120) -> str:
    """A path that keeps each value until the next: what a balance does. Points are (time, value), times ascending."""
    first, last = points[0][0], points[-1][0]
    span, top = (last - first) or 1.0, max(value for _, value in points) or 1.0
    path: list[str] = []
    for at, value in points:
        x, y = width * (at - first) / span, height - height * value / top
        path.append(f"H{x:.1f} V{y:.1f}" if path else f"M{x:.1f} {y:.1f}")
    return " ".join([*path, f"H{width:.1f}"])


def columns(values: Sequence[int], *, width: float, height: float) -> list[tuple[float, float, float, float]]:
    """(x, y, width, height) of one column a value."""
    top = max([*values, 1])
    step = width / max(1, len(values))
    return [
        (
            round(index * step, 2),
            round(height - height * value / top, 2),
            round(step * 0.8, 2),
            round(height * value / top, 2),
        )
        for index, value in enumerate(values)
    ]


def nice_ceiling(value: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten: an axis ends at a figure that people would choose."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= value - 1e-12)
