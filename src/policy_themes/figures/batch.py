"""Cells of a grid drawn all at once: what one picture on a screen can do that is drawn at every click.

A grid of regions and years has hundreds of cells whose texts repeat (``0/1``, ``1/1``).
As an artist each they take over a second to build and save. Here the cells are one
collection and each distinct text is one outline, laid out as matplotlib lays out a
centred text and placed wherever it stands. In print every text stays a text, so that
it can be searched and copied; to the eye both are the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.font_manager import FontProperties, font_scalings
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D

from policy_themes.figures.style import PALE, line_height

LINESPACING = 1.25
_on: ContextVar[bool] = ContextVar("batched", default=False)


@contextmanager
def batched() -> Iterator[None]:
    """Draw grids all at once inside this."""
    token = _on.set(True)
    try:
        yield
    finally:
        _on.reset(token)


def is_batched() -> bool:
    """Tell whether grids are drawn all at once."""
    return _on.get()


@dataclass(frozen=True)
class Box:
    """One cell: its place, colour, whether it is hatched; its text and the colour of that."""

    row: int
    column: int
    face: Any
    hatched: bool
    text: str
    ink: str


def draw_boxes(ax: Axes, boxes: Sequence[Box], size: str) -> None:
    """
    Draw cells.

    Parameters
    ----------
    ax : Axes
    boxes : sequence of Box
    size : str
        Of the letters, as matplotlib names it.
    """
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    for hatched in (True, False):
        own = [box for box in boxes if box.hatched == hatched]
        if own:
            squares = [corners + np.array([box.column, box.row]) for box in own]
            cells = PolyCollection(
                squares, facecolors=[box.face for box in own], edgecolors=PALE, linewidths=0.8,
                hatch="////" if hatched else None, zorder=1,
            )  # fmt: skip
            ax.add_collection(cells, autolim=False)
    points = rcParams["font.size"] * font_scalings[size]
    to_pixels = Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans
    for ink in dict.fromkeys(box.ink for box in boxes):
        own = [box for box in boxes if box.ink == ink and box.text]
        if own:
            drawn = PathCollection(
                [_outline(box.text, points, tuple(rcParams["font.family"])) for box in own],
                offsets=[(box.column, box.row) for box in own], transOffset=ax.transData,
                facecolors=ink, edgecolors="none", zorder=3,
            )  # fmt: skip
            drawn.set_transform(to_pixels)
            drawn.set_in_layout(False)
            ax.add_collection(drawn, autolim=False)


@lru_cache(maxsize=20_000)
def _outline(text: str, points: float, family: tuple[str, ...]) -> Path:
    """Return a text of one or more lines as an outline around its middle, in points."""
    maker, font = TextToPath(), FontProperties(family=list(family), size=points)
    scale = points / maker.FONT_SCALE
    lines = text.split("\n")
    height = LINESPACING * line_height() * points
    paths = []
    for number, line in enumerate(lines):
        width, high, below = maker.get_text_width_height_descent(line, font, ismath=False) if line else (0.0, 0.0, 0.0)
        vertices, codes = maker.get_text_path(font, line, ismath=False)
        if len(vertices):
            # Every line is as high; what of it the letters leave is halved above and below them.
            baseline = height * (len(lines) / 2 - number) - (high - below) - (height - high) / 2
            paths.append(Path(np.asarray(vertices) * scale + (-width / 2, baseline), codes))
    return Path.make_compound_path(*paths) if paths else Path(np.zeros((0, 2)))
