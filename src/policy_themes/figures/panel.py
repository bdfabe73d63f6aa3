"""What panels of themes share: the rows that are drawn, their marks, their axis of values, their title."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from policy_themes.figures.labels import Labels
from policy_themes.figures.style import MAIN, MUTED, SECOND, columns_of, drawable, shorten

Numbers = NDArray[Any]
MEASURES = {"rate": ("rate_per_10k", "low", "high"), "share": ("share_docs", "share_low", "share_high")}
TITLE = 34  # columns that the name of a panel has beside another panel
MARKS = (("○", "mark_zero"), ("×", "mark_few"))


def measure_key(headline: str, unit: str) -> str:
    """Return the name under which the labels have what a theme's headline measures."""
    return "share" if headline == "share" else f"rate_{unit}"


def drawn(rates: pd.DataFrame, themes: Sequence[str], language: str) -> pd.DataFrame:
    """Return the rows that are drawn, with the headline measure as ``estimate, range_low, range_high``."""
    rows = rates[rates["theme"].isin(list(themes)) & (rates["language"] == language) & rates["facet"].isna()].copy()
    for name, place in (("estimate", 0), ("range_low", 1), ("range_high", 2)):
        share, rate = rows[MEASURES["share"][place]], rows[MEASURES["rate"][place]]
        rows[name] = share.where(rows["headline"] == "share", rate)
    order = {theme: number for number, theme in enumerate(themes)}
    return rows.sort_values("theme", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)


def method(values: pd.DataFrame) -> str:
    """Return the method of the drawn rates."""
    return "; ".join(sorted(set(values["method"])))


def panel_title(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str) -> None:
    """Name the theme, and below it what is measured."""
    name = labels.theme(theme)
    broken = labels.theme(theme, between="\n") if columns_of(name) > TITLE else name
    ax.set_title("\n".join(drawable(shorten(line, TITLE + 4)) for line in broken.split("\n")), pad=15)
    unit = measure_key(rows["headline"].iloc[0], rows["unit"].iloc[0])
    ax.text(0, 1.03, drawable(labels.word(unit, between=" · ")), transform=ax.transAxes, fontsize="small", color=MUTED)


def marks(ax: Axes, x: Numbers, y: Numbers, rows: pd.DataFrame, *, flip: bool = False, alpha: float = 1.0) -> None:
    """Draw each value with its mark: filled, open for zero, a cross for too few."""
    for mark, sign, face in (("value", "o", MAIN), ("zero", "o", "white"), ("too few", "x", SECOND)):
        chosen = (rows["mark"] == mark).to_numpy()
        if chosen.any():
            first, second = (y, x) if flip else (x, y)
            edge = SECOND if sign == "x" else MAIN
            spots = ax.scatter(first[chosen], second[chosen], marker=sign, s=18, linewidth=1, zorder=3, clip_on=False)
            spots.set_edgecolor(edge)
            spots.set_facecolor(edge if sign == "x" else face)
            spots.set_alpha(alpha)


def value_axis(ax: Axes, rows: pd.DataFrame, axis: str, *, room: float = 0.0) -> None:
    """Start at zero, with room above the values; shares in per cent up to a hundred."""
    top = float(rows["range_high"].max()) if rows["range_high"].notna().any() else 0.0
    share = rows["headline"].iloc[0] == "share"
    limits = (0.0, 1.05 + room) if share else (0.0, top * (1.12 + room) if top > 0 else 1.0)
    one = ax.yaxis if axis == "y" else ax.xaxis
    (ax.set_ylim if axis == "y" else ax.set_xlim)(*limits)
    one.set_major_locator(FixedLocator([0, 0.5, 1]) if share else MaxNLocator(4))
    if share:
        one.set_major_formatter(PercentFormatter(1.0, decimals=0))
