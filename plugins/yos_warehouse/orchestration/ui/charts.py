"""Columns of a chart, drawn by the page as SVG: no script, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 120
GAP = 1.5


@dataclass(frozen=True)
class Bar:
    """One column: where it stands, in units of the drawing, and what is said when it is pointed at."""

    x: float
    width: float
    height: float
    other_height: float
    words: str


def bars(values: Sequence[tuple[str, float, float]], width: int = WIDTH, height: int = HEIGHT) -> list[Bar]:
    """Columns side by side, the highest as high as the drawing.

    Args:
        values: per column its words, its value, and what stands on top of it (rows held back on rows let in).
    """
    most = max((value + other for _, value, other in values), default=0) or 1
    step = width / max(len(values), 12)  # two columns are not two walls
    return [
        Bar(
            round(n * step, 1),
            round(step - GAP, 1),
            round(value / most * height, 1),
            round(other / most * height, 1),
            words,
        )
        for n, (words, value, other) in enumerate(values)
    ]
