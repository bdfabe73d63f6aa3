"""A theme's smoothed rates by year and region, with what is uncertain drawn as uncertain."""

import numpy as np
import pandas as pd
from matplotlib.patches import Polygon

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import Cells, draw_cells, left_out, most_regions, short
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import UNIT
from policy_themes.figures.style import SECOND, drawing, entitle, footnote
from policy_themes.lexicon.records import Label

WIDE = 4.0  # upper bound over lower, from which on a cell is drawn as uncertain


def theme_surface(surface: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw what region and neighbouring years lead one to expect of a theme.

    Parameters
    ----------
    surface : DataFrame
        Table ``surface``.
    labels : Labels

    Returns
    -------
    Chart
        A cell whose interval spans more than a factor of `WIDE` has a corner; one
        without documents is hatched and empty, whatever lies around it.
    """
    values = most_regions(surface)
    first = values.iloc[0]
    theme, language, unit = str(first["theme"]), str(first["language"]), UNIT[str(first["unit"])]
    codes, years = sorted(set(values["region_code"])), range(values["year"].min(), values["year"].max() + 1)
    seen = values[values["mark"] == "observed"]
    wide = seen.set_index(["region_code", "year"])[["smooth", "smooth_low", "smooth_high"]].astype(float)
    grid = wide.reindex(pd.MultiIndex.from_product([codes, years])).to_numpy().reshape(len(codes), len(years), 3)
    middle, low, high = np.moveaxis(grid, 2, 0)
    title = labels.pair("surface_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    with drawing():
        texts = [[short(value) for value in row] for row in middle]
        figure, blocks = draw_cells(
            Cells(middle, texts, [labels.region(code) for code in codes], [str(year) for year in years])
        )
        for block in blocks:
            for row, column in np.argwhere((high > WIDE * low)[:, block.columns]):
                corner = [(column + 0.46, row - 0.46), (column + 0.46, row - 0.2), (column + 0.2, row - 0.46)]
                block.ax.add_patch(Polygon(corner, facecolor=SECOND, linewidth=0))
        entitle(figure, labels.join(title, between=" · "))
        signs = labels.legend(("", f"rate_{first['unit']}"), ("◥", "mark_wide"), ("▨", "mark_absent"))
        footnote(figure, *labels.lines(signs), *labels.lines(left_out(values, surface, labels, "surface")))
    n_wide = int((high > WIDE * low).sum())
    caption = Label(
        f"Expected hits per 10,000 {unit.en}, smoothed over regions and years; {len(seen)} cells with documents, of which "
        f"{n_wide} with a 95 % interval of more than a factor of {WIDE:.0f}. Intervals are about wording (E1), not about "
        "political change, and hold less for the cells farthest from the others.",
        f"按地区与年份平滑后的期望命中数（每万{unit.zh[-1]}）；有文献的格 {len(seen)} 个，其中 {n_wide} 个的 95 % 区间上下限相差超过 "
        f"{WIDE:.0f} 倍。区间仅反映措辞变异（E1），并非政策变化；离群的格覆盖率较低。",
    )
    alt = Label(f"Grid of years and regions. {caption.en}", f"年份与地区方格图。{caption.zh}")
    spec = {"theme": theme, "language": language, "by": ["year", "region_code"], "method": str(first["method"])}
    return Chart(f"surface_{theme}_{language}", figure, values, title, caption, alt, spec, _says(seen, labels))


def _says(seen: pd.DataFrame, labels: Labels) -> Label:
    """Say where most is expected, with its interval."""
    top = seen.sort_values("smooth", kind="stable").iloc[-1]
    unit, name = UNIT[str(top["unit"])], labels.theme_label(str(top["theme"]))
    region = labels.region_label(str(top["region_code"]))
    interval = f"{top['smooth_low']:.2g}–{top['smooth_high']:.2g}"
    return Label(
        f"{name.en}: highest in {region.en} {top['year']}, {top['smooth']:.2g} expected per 10,000 {unit.en} "
        f"(95 % {interval}, wording only; {top['n_hits']} counted in {top['n_units']:,} {unit.en}).",
        f"{name.zh}：最高为{region.zh} {top['year']} 年，期望每万{unit.zh[-1]} {top['smooth']:.2g} 次"
        f"（95 % 区间 {interval}，仅措辞；{top['n_units']:,} {unit.zh}中计得 {top['n_hits']} 次）。",
    )
