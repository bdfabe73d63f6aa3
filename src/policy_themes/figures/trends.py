"""Themes by year and by region: small multiples with range, marks and n."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import rate_captions, region_sentences, trend_sentences
from policy_themes.figures.style import FAINT, MAIN, MUTED, SECOND, drawable, drawing, entitle, footnote, panels
from policy_themes.lexicon.records import Label

Numbers = NDArray[Any]
MEASURES = {"rate": ("rate_per_10k", "low", "high"), "share": ("share_docs", "share_low", "share_high")}
MOST_REGIONS = 40
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


def theme_trend(rates: pd.DataFrame, labels: Labels, *, themes: Sequence[str], language: str) -> Chart:
    """
    Draw themes over years, one panel a theme.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year.
    labels : Labels
    themes : sequence of str
        One panel each, in this order.
    language : {"zh", "en"}
        Of the documents; languages are never pooled.

    Returns
    -------
    Chart
        The dotted line joins the pooled rates of neighbouring years that have
        documents; the solid one is the mean over the regions that have a
        document in every year, where there are at least two of them.
    """
    values = drawn(rates, themes, language)
    title = labels.pair("trend_title")
    with drawing():
        figure, axes = panels(len(themes), columns=2, panel_height=38)
        for ax, theme in zip(axes, themes, strict=True):
            _trend_panel(ax, values[values["theme"] == theme], labels, theme)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("┄", "line_pooled"), ("—", "line_fixed"), ("│", "mark_range"), *MARKS)))
    caption = rate_captions(values, language)
    alt = Label(f"Line chart. {caption.en}", f"折线图。{caption.zh}")
    spec = {"themes": list(themes), "language": language, "by": "year", "method": _method(values)}
    says = trend_sentences(values, labels)
    return Chart(f"theme_trend_{language}", figure, values, title, caption, alt, spec, says)


def _method(values: pd.DataFrame) -> str:
    """Return the method of the drawn rates."""
    return "; ".join(sorted(set(values["method"])))


def _trend_panel(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str) -> None:
    """Draw one theme over the years."""
    rows = rows.sort_values("year")
    years = rows["year"].astype(int).to_numpy()
    has = rows["estimate"].notna().to_numpy()
    estimate = rows["estimate"].astype(float).to_numpy()
    low, high = (rows[name].astype(float).to_numpy() for name in ("range_low", "range_high"))
    # Dotted, because the regions behind two neighbouring years need not be the same.
    ax.plot(years, estimate, color=MAIN, linewidth=1.0, linestyle=":", zorder=2)
    if rows["headline"].iloc[0] == "rate":
        ax.plot(years, rows["rate_fixed_regions"].astype(float), color=SECOND, linewidth=1.2, zorder=2)
    ax.vlines(years[has], low[has], high[has], color=MAIN, linewidth=3, alpha=0.3, zorder=1)
    _marks(ax, years, estimate, rows)
    _value_axis(ax, rows, "y")
    _panel_title(ax, rows, labels, theme)
    step = max(1, -(-len(years) // 8))
    ax.set_xticks(years[::step], [f"{year}\nn={n}" for year, n in zip(years[::step], rows["n_docs"][::step], strict=True)])
    ax.set_xlim(years.min() - 0.5, years.max() + 0.5)
    ax.grid(axis="y")


def _panel_title(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str) -> None:
    """Name the theme, and below it what is measured."""
    ax.set_title(drawable(labels.theme(theme)), pad=15)
    unit = measure_key(rows["headline"].iloc[0], rows["unit"].iloc[0])
    ax.text(0, 1.03, drawable(labels.word(unit, between=" · ")), transform=ax.transAxes, fontsize=6.5, color=MUTED)


def _marks(ax: Axes, x: Numbers, y: Numbers, rows: pd.DataFrame, *, flip: bool = False) -> None:
    """Draw each value with its mark: filled, open for zero, a cross for too few."""
    for mark, sign, face in (("value", "o", MAIN), ("zero", "o", "white"), ("too few", "x", SECOND)):
        chosen = (rows["mark"] == mark).to_numpy()
        if chosen.any():
            first, second = (y, x) if flip else (x, y)
            edge = SECOND if sign == "x" else MAIN
            spots = ax.scatter(first[chosen], second[chosen], marker=sign, s=18, linewidth=1, zorder=3, clip_on=False)
            spots.set_edgecolor(edge)
            spots.set_facecolor(edge if sign == "x" else face)


def _value_axis(ax: Axes, rows: pd.DataFrame, axis: str) -> None:
    """Start at zero; shares in per cent up to a hundred."""
    top = float(rows["range_high"].max()) if rows["range_high"].notna().any() else 0.0
    share = rows["headline"].iloc[0] == "share"
    limits = (0.0, 1.05) if share else (0.0, top * 1.12 if top > 0 else 1.0)
    one = ax.yaxis if axis == "y" else ax.xaxis
    (ax.set_ylim if axis == "y" else ax.set_xlim)(*limits)
    one.set_major_locator(FixedLocator([0, 0.5, 1]) if share else MaxNLocator(4))
    if share:
        one.set_major_formatter(PercentFormatter(1.0, decimals=0))


def theme_regions(rates: pd.DataFrame, labels: Labels, *, themes: Sequence[str], language: str) -> Chart:
    """
    Rank regions by theme, one panel a theme.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by region.
    labels, themes, language
        As in `theme_trend`.

    Returns
    -------
    Chart
        Regions from the highest to the lowest, n beside each.
    """
    values = drawn(rates, themes, language)
    regions = min(values["region_code"].nunique(), MOST_REGIONS)
    title = labels.pair("region_title")
    with drawing():
        figure, axes = panels(len(themes), columns=2, panel_height=15 + 4.6 * regions)
        for ax, theme in zip(axes, themes, strict=True):
            _region_panel(ax, values[values["theme"] == theme], labels, theme)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("─", "mark_range"), *MARKS)))
    caption = rate_captions(values, language)
    alt = Label(f"Dot plot of regions. {caption.en}", f"地区点图。{caption.zh}")
    spec = {"themes": list(themes), "language": language, "by": "region_code", "method": _method(values)}
    says = region_sentences(values, labels)
    return Chart(f"theme_regions_{language}", figure, values, title, caption, alt, spec, says)


def _region_panel(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str) -> None:
    """Draw one theme's regions."""
    rows = rows.sort_values(["estimate", "region_code"], ascending=[False, True]).head(MOST_REGIONS)
    place = np.arange(len(rows), dtype=np.float64)
    estimate, low, high = (rows[name].astype(float).to_numpy() for name in ("estimate", "range_low", "range_high"))
    ax.hlines(place, low, high, color=MAIN, linewidth=3, alpha=0.3, zorder=1)
    ax.hlines(place, 0, estimate, color=FAINT, linewidth=0.6, zorder=0)
    _marks(ax, place, estimate, rows, flip=True)
    _value_axis(ax, rows, "x")
    ax.set_yticks(place, [drawable(labels.region(code)) for code in rows["region_code"]])
    for spot, n in zip(place, rows["n_docs"], strict=True):
        ax.text(1.01, spot, f"n={n}", transform=ax.get_yaxis_transform(), va="center", fontsize=6.5, color=MUTED)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    _panel_title(ax, rows, labels, theme)
    ax.grid(axis="x")
