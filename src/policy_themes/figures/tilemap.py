"""Regions as tiles, each in its place and of one size: a schematic, not a map."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policy_themes.errors import InsufficientDataError
from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import drawn, measure_key
from policy_themes.figures.presets import REPORT_WIDTH, current
from policy_themes.figures.says import rate_captions
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import (
    FAINT,
    INK,
    PALE,
    SECOND,
    SEQUENTIAL,
    drawable,
    drawing,
    entitle,
    footnote,
    panels,
)
from policy_themes.lexicon.records import Label
from policy_themes.regions import Region
from policy_themes.schema import rows

MOST_YEARS = 6


def tile_map(
    rates: pd.DataFrame, labels: Labels, *, theme: str, language: str, years: Sequence[int] = (), together: str = ""
) -> Chart:
    """
    Draw one theme on a schematic of all regions, a panel a year, or one for all years together.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year and region; by region alone where all years are drawn together.
    labels : Labels
    theme : str
    language : {"zh", "en"}
    years : sequence of int, optional
        By default up to six, in which most changes.
    together : str, optional
        Name of all the years, which are one panel then.

    Returns
    -------
    Chart
        Every region that has a tile is there: coloured by the headline of the theme, white with a 0 where its
        documents lack it, hatched where there is no document. A triangle up: the theme is new since the panel
        before; down: it was dropped.

    Raises
    ------
    InsufficientDataError
        If the table of regions has no tiles, or none of them has documents.
    """
    own = drawn(rates, [theme], language)
    tiled = tiled_regions(labels, own["region_code"])
    own = own[own["region_code"].isin(list(tiled))]
    shown = [] if together else list(years) or _telling(own)
    values = own if together else own[own["year"].isin(shown)]
    values = values.sort_values(["year", "region_code"]).reset_index(drop=True)
    if values.empty:
        raise InsufficientDataError(f"No region has a document of {', '.join(map(str, shown))}.")
    values["change"] = None if together else _changes(values, shown)
    top = float(values["estimate"].max()) if values["estimate"].notna().any() else 0.0
    title = labels.pair("tiles_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    names = [together] if together else [str(year) for year in shown]
    places: list[Mark] = []
    with drawing():
        across = min(3, len(names), current().columns)
        large = len(names) == 1 and current().room > 0.8  # tiles are wide enough for whole names
        tile = REPORT_WIDTH * current().room / across / _extent(tiled, 1)
        figure, axes = panels(len(names), columns=across, panel_height=8 + tile * _extent(tiled, 0))
        for ax, name in zip(axes, names, strict=True):
            part = values if together else values[values["year"] == int(name)]
            places += _panel(ax, part, tiled, labels, top, large=large)
            ax.set_title(drawable(name))
        entitle(figure, labels.join(title, between=" · "))
        unit = measure_key(values["headline"].iloc[0], values["unit"].iloc[0])
        signs = [("", unit), ("▨", "mark_absent"), ("□", "mark_zero")]
        signs += [("▲", "tile_new"), ("▽", "tile_dropped")] if len(shown) > 1 else []
        footnote(figure, *labels.lines(labels.legend(*signs)), *labels.lines(labels.pair("schematic")))
    caption = rate_captions(values, language)
    sentence = _says(values, shown, labels.theme_label(theme), len(tiled), together)
    schematic = labels.pair("schematic")
    caption = Label(f"{schematic.en} {sentence.en} {caption.en}", f"{schematic.zh}{sentence.zh}{caption.zh}")
    spec = {"theme": theme, "language": language, "years": shown, "method": values["method"].iloc[0]}
    return Chart(
        f"tiles_{theme}_{language}", figure, values, title, caption, caption, spec, sentence, marks=tuple(places)
    )


def tiled_regions(labels: Labels, codes: Iterable[str]) -> dict[str, Region]:
    """
    Return the regions that have a tile.

    Raises
    ------
    InsufficientDataError
        If there is none, or none of the regions that are to be drawn has one.
    """
    tiled = {code: region for code, region in labels.regions.table.items() if region.tile is not None}
    if tiled.keys().isdisjoint(codes):
        said = "No region of the documents has a tile." if tiled else "The table of regions has no tiles."
        raise InsufficientDataError(said, hint="Columns tile_row and tile_column of the regions table place them.")
    return tiled


def frame(ax: Axes, tiled: Mapping[str, Region]) -> None:
    """Set the limits of a schematic."""
    places = [region.tile for region in tiled.values() if region.tile is not None]
    ax.set_xlim(min(place[1] for place in places) - 0.6, max(place[1] for place in places) + 0.6)
    ax.set_ylim(max(place[0] for place in places) + 0.6, min(place[0] for place in places) - 0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _telling(own: pd.DataFrame) -> list[int]:
    """
    Return up to six years: the first, the last, the greatest change with the year before it, and further changes.

    Years with documents of fewer than half of the usual number of regions are none of them.
    """
    seen = own[own["n_docs"] > 0]
    counted = seen.assign(has=seen["n_hits"] > 0).groupby("year")["has"].agg(["mean", "size"])
    usual = counted[2 * counted["size"] >= counted["size"].median()]
    years = [int(year) for year in usual.index]
    change = usual["mean"].diff().abs().fillna(0.0).to_numpy(dtype=float)
    order = sorted(range(len(years)), key=lambda place: (-change[place], -years[place]))
    wanted = dict.fromkeys([0, len(years) - 1, order[0], max(order[0] - 1, 0), *order])
    return sorted(years[place] for place in list(wanted)[:MOST_YEARS])


def _changes(values: pd.DataFrame, shown: Sequence[int]) -> list[str | None]:
    """Tell for each cell whether the theme is new or dropped since the panel before, where both have documents."""
    has = {(row.region_code, int(row.year)): row.n_hits > 0 for row in rows(values) if row.n_docs > 0}
    before = dict(zip(shown[1:], shown[:-1], strict=True))
    found: list[str | None] = []
    for code, year in zip(values["region_code"], values["year"].astype(int), strict=True):
        now, then = has.get((code, year)), has.get((code, before.get(year, -1)))
        found.append(None if now is None or then is None or now == then else "new" if now else "dropped")
    return found


def _extent(tiled: dict[str, Region], axis: int) -> float:
    """Return how many tiles a panel is high or wide."""
    places = [region.tile[axis] for region in tiled.values() if region.tile is not None]
    return max(places) - min(places) + 1.2


def _panel(
    ax: Axes, own: pd.DataFrame, tiled: dict[str, Region], labels: Labels, top: float, *, large: bool
) -> list[Mark]:
    """Draw all tiles of one year, and return those of regions with documents."""
    places = []
    numbers = dict(zip(own["region_code"], own.index, strict=True))
    cells = {row.region_code: row for row in rows(own) if row.n_docs > 0}
    colours = colormaps[SEQUENTIAL]
    for code, region in tiled.items():
        line, column = region.tile or (0, 0)
        cell = cells.get(code)
        if cell is not None:
            places.append(Mark(numbers[code], ax, (column - 0.5, column + 0.5), (line - 0.5, line + 0.5)))
        value = float(cell.estimate) if cell is not None else np.nan
        depth = 0.85 * value / top if top > 0 and np.isfinite(value) else 0.0
        face = "white" if cell is None or value == 0 else colours(0.08 + depth)
        ax.add_artist(  # not add_patch, which looks for limits that are set below
            Rectangle((column - 0.47, line - 0.47), 0.94, 0.94, facecolor=face, edgecolor=FAINT if cell is not None else PALE,
                      linewidth=0.5, hatch="////" if cell is None else None)
        )  # fmt: skip
        ink = "white" if depth > 0.5 else INK
        said = "" if cell is None else _said(cell, value)
        name = drawable(region.short_zh if labels.mode == "zh" else region.sign or region.short_zh)
        name = drawable(labels.region(code)).replace(" (", "\n(") if large and labels.mode != "zh" else name
        ax.text(column, line - 0.12, name.replace(" ", "\n") if large else name, ha="center", va="center",
                fontsize="x-small", color=ink, linespacing=1.1)  # fmt: skip
        ax.text(
            column, line + 0.3, said, ha="center", va="center", fontsize="x-small" if large else "xx-small", color=ink
        )
        if cell is not None and cell.change is not None and not pd.isna(cell.change):
            ax.plot(column + 0.3, line - 0.3, marker="^" if cell.change == "new" else "v", markersize=3,
                    color=SECOND, markerfacecolor=SECOND if cell.change == "new" else "white", markeredgewidth=0.6)  # fmt: skip
    frame(ax, tiled)
    return places


def _said(cell: Any, value: float) -> str:  # noqa: ANN401  # a row of a table
    """Return the number of a tile: a rate, or of several documents those with the theme; of one the colour says it."""
    if cell.headline != "share":
        return f"{value:.2g}"
    return f"{cell.n_docs_with_theme}/{cell.n_docs}" if cell.n_docs > 1 else ""


def _says(values: pd.DataFrame, shown: Sequence[int], name: Label, n_tiles: int, together: str) -> Label:
    """Say in how many regions the theme stands in the first and in the last panel."""
    en, zh = [], []
    for year in [together] if together else list(dict.fromkeys((shown[0], shown[-1]))):
        own = values[values["n_docs"] > 0] if together else values[(values["year"] == year) & (values["n_docs"] > 0)]
        some = int((own["n_hits"] > 0).sum())
        en.append(f"{some} of {len(own)} regions with documents in {year}")
        zh.append(f"{year} 年 {len(own)} 个有文献的地区中 {some} 个")
    return Label(
        f"{name.en}: {', '.join(en)} ({n_tiles} regions in all).",
        f"{name.zh}：{'，'.join(zh)}（共 {n_tiles} 个地区）。",
    )
