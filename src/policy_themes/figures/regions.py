"""Regions in order of a theme: one panel a theme, n beside each region, its range and, of a sample, its interval."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from policy_themes.figures.chart import Chart
from policy_themes.figures.intervals import bounds, interval_caption, interval_sign, reaching, whiskers
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import MARKS, drawn, marks, method, panel_title, value_axis
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import rate_captions, region_sentences
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import FAINT, MAIN, MUTED, drawable, drawing, entitle, footnote, panels, shorten
from policy_themes.lexicon.records import Label

MOST_REGIONS = 40
NAME = 24  # columns of a region's name


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
        Regions from the highest to the lowest, n beside each: the pale bar is the range over ways of counting, the
        thin line with caps the interval, if the table has one. Of many regions the highest are drawn; ``values``
        has them all and says in ``drawn`` which those are.
    """
    values = drawn(rates, themes, language)
    order = values.sort_values(["estimate", "region_code"], ascending=[False, True])
    values["drawn"] = order.groupby("theme").cumcount().reindex(values.index) < MOST_REGIONS
    n_regions = values["region_code"].nunique()
    regions = min(n_regions, MOST_REGIONS)
    title = labels.pair("region_title")
    places: list[Mark] = []
    with drawing():
        figure, axes = panels(len(themes), columns=2, panel_height=15 + 4.6 * regions)
        for ax, theme in zip(axes, themes, strict=True):
            places += _region_panel(ax, values[values["drawn"] & (values["theme"] == theme)], labels, theme)
        entitle(figure, labels.join(title, between=" · "))
        left = n_regions - regions
        more = labels.lines(labels.pair("regions_more", n=str(left))) if left else ()
        footnote(figure, *labels.lines(labels.legend(("━", "mark_range"), *interval_sign(values), *MARKS)), *more)
    counted, sampled = rate_captions(values, language), interval_caption(values)
    caption = Label(f"{counted.en}{sampled.en}", f"{counted.zh}{sampled.zh}")
    alt = Label(f"Dot plot of regions. {caption.en}", f"地区点图。{caption.zh}")
    spec = {"themes": list(themes), "language": language, "by": "region_code", "method": method(values)}
    says = region_sentences(values, labels)
    return Chart(f"theme_regions_{language}", figure, values, title, caption, alt, spec, says, marks=tuple(places))


def _region_panel(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str) -> list[Mark]:
    """Draw one theme's regions, and return the line of each."""
    rows = rows.sort_values(["estimate", "region_code"], ascending=[False, True])
    place = np.arange(len(rows), dtype=np.float64)
    estimate, low, high = (rows[name].astype(float).to_numpy() for name in ("estimate", "range_low", "range_high"))
    ax.hlines(place, low, high, color=MAIN, linewidth=3, alpha=0.3, zorder=1)
    ax.hlines(place, 0, estimate, color=FAINT, linewidth=0.6, zorder=0)
    whiskers(ax, place, *bounds(rows), along="x")
    marks(ax, place, estimate, rows, flip=True)
    value_axis(ax, reaching(rows), "x")
    ax.set_yticks(
        place, [shorten(drawable(labels.region(code)), fitting(NAME, panels=2)) for code in rows["region_code"]]
    )
    for spot, n in zip(place, rows["n_docs"], strict=True):
        ax.text(1.01, spot, f"n={n}", transform=ax.get_yaxis_transform(), va="center", fontsize="small", color=MUTED)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    panel_title(ax, rows, labels, theme)
    ax.grid(axis="x")
    return [Mark(row, ax, None, (spot - 0.5, spot + 0.5)) for row, spot in zip(rows.index, place, strict=True)]
