"""Where on a picture each number stands, so that it can be pointed at.

A drawing function knows the data coordinates of what it draws; where those come
to lie is known when the picture has been laid out. Both are kept apart: a `Mark` is
the box of one row of a chart's values on its axes, a `Spot` the same box as
fractions of the finished picture, from its upper left corner.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Mark:
    """
    The box of one row of the values, in coordinates of the data.

    Attributes
    ----------
    row : int
        Of ``Chart.values``.
    ax : Axes
    x, y : tuple of float or None
        Both ends; None: as far as the axes reach.
    around : float
        Points that the box is wider and higher on every side.
    """

    row: int
    ax: Axes
    x: tuple[float, float] | None
    y: tuple[float, float] | None
    around: float = 0.0


@dataclass(frozen=True)
class Spot:
    """The box of one row of the values, as fractions of the picture's width and height from its upper left corner."""

    row: int
    x0: float
    y0: float
    x1: float
    y1: float


def spots(figure: Figure, marks: Iterable[Mark]) -> tuple[Spot, ...]:
    """
    Return where the marks of a figure lie once it has been laid out.

    Parameters
    ----------
    figure : Figure
    marks : iterable of Mark

    Returns
    -------
    tuple of Spot
        In the order of the marks, cut at the picture's border.

    Examples
    --------
    >>> figure = Figure()
    >>> ax = figure.add_axes((0.0, 0.0, 0.5, 1.0), xlim=(0, 10), ylim=(0, 1))
    >>> spots(figure, [Mark(3, ax, (0, 5), None)])
    (Spot(row=3, x0=0.0, y0=0.0, x1=0.25, y1=1.0),)
    """
    every = tuple(marks)
    for ax in dict.fromkeys(mark.ax for mark in every):
        ax.apply_aspect()  # which drawing would do, and move the data
    return tuple(_spot(figure, mark) for mark in every)


def _spot(figure: Figure, mark: Mark) -> Spot:
    """Return where one mark lies."""
    x, y = (mark.ax.get_xlim() if mark.x is None else mark.x), (mark.ax.get_ylim() if mark.y is None else mark.y)
    corners = mark.ax.transData.transform(np.array([[x[0], y[0]], [x[1], y[1]]]))
    room = mark.around * figure.dpi / 72
    low = (corners.min(axis=0) - room) / figure.bbox.size
    high = (corners.max(axis=0) + room) / figure.bbox.size
    left, bottom, right, top = (float(np.clip(value, 0.0, 1.0)) for value in (*low, *high))
    return Spot(mark.row, left, 1.0 - top, right, 1.0 - bottom)
