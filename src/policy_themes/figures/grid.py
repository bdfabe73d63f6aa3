"""A matrix as coloured cells with text: in blocks of columns below one another where there are many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import font_scalings
from matplotlib.patches import Rectangle

from policy_themes.figures.batch import LINESPACING, Box, draw_boxes, is_batched
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import REPORT_FONT, REPORT_WIDTH, current
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import FAINT, INK, PALE, SEQUENTIAL, drawable, multiline, new_figure, width_of
from policy_themes.lexicon.records import Label

MOST_ROWS = 40
POINT = 25.4 / 72  # millimetres
LEADING, AIR = 1.3, 1.4  # of a letter's size: a line's height; millimetres around a cell's text
SIZES = ("small", "x-small")


@dataclass(frozen=True)
class Cells:
    """
    What a grid shows.

    Attributes
    ----------
    values : ndarray of shape (n_rows, n_columns)
        NaN: nothing is there.
    texts : sequence of sequence of str
        Of each cell.
    rows, columns : sequence of str
        Their names.
    grey : ndarray of bool or None
        Of the same shape: cells that say little.
    title : str
        Over it, where it is not the figure's only one.
    """

    values: np.ndarray
    texts: Sequence[Sequence[str]]
    rows: Sequence[str]
    columns: Sequence[str]
    grey: np.ndarray | None = None
    title: str = ""


@dataclass(frozen=True)
class Block:
    """Some columns of a grid, and where they are drawn."""

    ax: Axes
    columns: slice


def draw_cells(*parts: Cells, around: float = 24.0) -> tuple[Figure, list[Block]]:
    """
    Draw grids of the same columns on a figure of their own, wide ones in blocks of columns below one another.

    Parameters
    ----------
    *parts : Cells
    around : float
        Millimetres for title and notes.

    Returns
    -------
    tuple of Figure and list of Block
        The blocks of the first columns first.
    """
    whole = _together(parts)
    size, blocks = _blocks(whole)
    lines = max((text.count("\n") + 1 for row in whole.texts for text in row), default=1)
    height = lines * LEADING * _letter(size) + AIR
    heads = 3.2 * max((name.count("\n") + 1 for name in whole.columns), default=1)
    titles = sum(4.5 for part in parts if part.title)
    heights = [len(part.rows) * height for part in parts]
    figure = new_figure(around + len(blocks) * (sum(heights) + titles + (2.0 + heads) * len(parts)))
    axes = np.ravel(figure.subplots(len(blocks) * len(parts), 1, squeeze=False, height_ratios=heights * len(blocks)))
    drawn = [(part, block) for block in blocks for part in parts]
    widest = max(block.stop - block.start for block in blocks)
    for ax, (part, block) in zip(axes, drawn, strict=True):
        grey = None if part.grey is None else part.grey[:, block]
        greatest = float(np.nanmax(part.values)) if np.isfinite(part.values).any() else 1.0
        paint(ax, part.values[:, block], [row[block] for row in part.texts], size=size, greatest=greatest, grey=grey)
        label_axes(ax, part.columns[block], part.rows, room=free_width(whole.rows) / widest)
        ax.set_xlim(-0.5, widest - 0.5)  # cells of one width in all blocks
        ax.set_title(drawable(part.title))
    return figure, [Block(ax, block) for ax, (_, block) in zip(axes, drawn, strict=True)]


def cell_marks(blocks: Sequence[Block], number: Callable[[int, int], int | None]) -> tuple[Mark, ...]:
    """
    Return the cells of a grid of one part that can be pointed at.

    Parameters
    ----------
    blocks : sequence of Block
    number : callable
        Row of the values of a row and a column of the grid, or None.
    """
    return tuple(
        Mark(place, block.ax, (column - 0.5, column + 0.5), (row - 0.5, row + 0.5))
        for block in blocks
        for row in range(round(abs(block.ax.get_ylim()[0] - block.ax.get_ylim()[1])))
        for column in range(block.columns.stop - block.columns.start)
        if (place := number(row, column + block.columns.start)) is not None
    )


def _together(parts: Sequence[Cells]) -> Cells:
    """Return grids of the same columns as one."""
    texts = [row for part in parts for row in part.texts]
    return Cells(
        np.vstack([part.values for part in parts]),
        texts,
        [name for part in parts for name in part.rows],
        parts[0].columns,
    )


def _letter(size: str) -> float:
    """Return the size of letters in millimetres of a report's figure."""
    return font_scalings[size] * REPORT_FONT * POINT


def free_width(rows: Sequence[str]) -> float:
    """Return what the names of rows leave of the width, in millimetres of a report's figure."""
    return REPORT_WIDTH * current().room - width_of(*rows) * _letter("small") - 4.0


def _blocks(cells: Cells) -> tuple[str, list[slice]]:
    """Return the size of letters and the blocks of columns in which the text of every cell fits."""
    n = len(cells.columns)
    widest = width_of(*(text for row in cells.texts for text in row))
    size, most = SIZES[0], n
    for size in SIZES:
        most = max(1, int(free_width(cells.rows) / (widest * _letter(size) + AIR / 3)))
        if most >= n:
            break
    length = max(1, -(-n // -(-n // most))) if n else 1
    return size, [slice(start, min(start + length, n)) for start in range(0, max(n, 1), length)]


def paint(
    ax: Axes, values: np.ndarray, texts: Sequence[Sequence[str]], *, size: str = "small", greatest: float | None = None,
    grey: np.ndarray | None = None,
) -> None:  # fmt: skip
    """
    Draw a matrix as coloured cells with text, light to dark from zero to its greatest.

    Parameters
    ----------
    ax : Axes
    values : ndarray of shape (n_rows, n_columns)
        NaN is drawn white and hatched: nothing is there. Zero is white without
        hatching.
    texts : sequence of sequence of str
        Text of each cell.
    size : str
        Of the letters, as matplotlib names it.
    greatest : float, optional
        The value of the darkest cell, where it is not among these.
    grey : ndarray of bool, of the shape of `values`, optional
        Cells that say little, without colour.
    """
    if greatest is None:
        greatest = np.nanmax(values) if np.isfinite(values).any() else 1.0
    colours, greys = colormaps[SEQUENTIAL], colormaps["Greys"]
    boxes = []
    for (row, column), value in np.ndenumerate(values):
        absent = not np.isfinite(value)
        depth = 0.0 if absent or greatest <= 0 else 0.85 * float(value) / greatest
        pale = grey is not None and bool(grey[row, column])
        depth = depth / 2 if pale else depth
        face = "white" if absent or value == 0 else (greys if pale else colours)(0.08 + depth)
        ink = "white" if depth > 0.5 else INK
        boxes.append(Box(row, column, face, absent, multiline(texts[row][column]), ink))
    (draw_boxes if is_batched() else _draw_each)(ax, boxes, size)
    ax.set_xlim(-0.5, values.shape[1] - 0.5)
    ax.set_ylim(values.shape[0] - 0.5, -0.5)
    for spine in ax.spines.values():
        spine.set_color(FAINT)
        spine.set_visible(True)
    ax.tick_params(length=0)


def _draw_each(ax: Axes, boxes: Sequence[Box], size: str) -> None:
    """Draw cells one by one, every text a text."""
    for box in boxes:
        cell = Rectangle(
            (box.column - 0.5, box.row - 0.5), 1, 1, facecolor=box.face, edgecolor=PALE, linewidth=0.8,
            hatch="////" if box.hatched else None,
        )  # fmt: skip
        ax.add_artist(cell)  # not add_patch, which looks for limits that are set anyway, for longer than drawing takes
        ax.text(box.column, box.row, box.text, ha="center", va="center", fontsize=size, color=box.ink,
                linespacing=LINESPACING, parse_math=False, in_layout=False).set_clip_on(True)  # fmt: skip


def label_axes(ax: Axes, columns: Sequence[str], rows: Sequence[str], *, room: float) -> None:
    """Label rows and columns, which are so many millimetres wide; of years as many as have room."""
    years = [place for place, name in enumerate(columns) if name.split("\n")[0].isdigit()]
    others = [place for place in range(len(columns)) if place not in years]
    wanted = width_of(*columns) * _letter("small") + AIR / 2
    step = max(1, -int(-wanted // room))
    shown = [place for place in years[::step] if all(abs(place - other) >= step for other in others)] + others
    ax.set_xticks(shown, [multiline(columns[place]) for place in shown])
    ax.set_yticks(range(len(rows)), [multiline(name) for name in rows])


def short(value: float) -> str:
    """
    Return a number in at most four characters; nothing where there is none.

    Examples
    --------
    >>> [short(value) for value in (123.4, 12.34, 1.234, 0.1234, 0.004, 0.0, float("nan"))]
    ['123', '12', '1.2', '.12', '<.01', '0', '']
    """
    if not np.isfinite(value):
        return ""
    if value < 0.005:
        return "<.01" if value > 0 else "0"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"[1:]


def most_regions(values: pd.DataFrame, most: int = MOST_ROWS) -> pd.DataFrame:
    """
    Return the rows of the regions that are drawn, those with the most documents.

    Examples
    --------
    >>> table = pd.DataFrame({"region_code": ["a", "b", "c", "c"], "n_docs": [3, 1, 1, 1]})
    >>> most_regions(table, most=2)["region_code"].tolist()
    ['a', 'c', 'c']
    """
    sizes = values.groupby("region_code")["n_docs"].sum()
    kept = sorted(sizes.index, key=lambda code: (-int(sizes[code]), code))[:most]
    return values[values["region_code"].isin(kept)].reset_index(drop=True)


def left_out(shown: pd.DataFrame, values: pd.DataFrame, labels: Labels, table: str) -> Label:
    """Say how many regions are drawn, where that is not all of them."""
    drawn, every = shown["region_code"].nunique(), values["region_code"].nunique()
    if drawn == every:
        return Label("", "")
    return labels.pair("most_regions", drawn=str(drawn), all=str(every), table=table)
