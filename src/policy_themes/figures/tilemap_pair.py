"""Two measures of every region on one schematic: three classes of the one by three of the other.

Every tile says its class by a letter and a digit, and both values: colour alone
would not do in print.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policy_themes.errors import InsufficientDataError
from policy_themes.figures.bivariate import CODES, COLOURS, ink_on, number, square
from policy_themes.figures.chart import Chart
from policy_themes.figures.fitting import fitted, measure
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import drawn, measure_key
from policy_themes.figures.presets import current
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import FAINT, PALE, drawable, drawing, entitle, footnote, new_figure, shorten
from policy_themes.figures.tilemap import frame, tiled_regions
from policy_themes.lexicon.records import Label
from policy_themes.regions import Region
from policy_themes.schema import rows

N_DOCS = "n_docs"
NAME = 36  # columns of a theme's name in the notes
SIZE = "x-small"
WIDE, LARGE, LOWEST = 122.0, 12.0, 90.0  # millimetres: the schematic, a tile with room for values, the lowest figure
FEWEST = 3  # regions: thirds of fewer are nothing


def tile_pair(rates: pd.DataFrame, labels: Labels, *, theme: str, against: str, language: str) -> Chart:
    """
    Draw two measures of all regions on one schematic.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by region, or its rows of one year.
    labels : Labels
    theme : str
        Its headline is the one measure.
    against : str
        Another theme, or ``n_docs`` for the number of documents.
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Every region that has a tile is there; one without documents is hatched and has neither colour nor number.
        Classes are thirds of the regions in which the measure is above zero; the square says where they part.

    Raises
    ------
    InsufficientDataError
        If there are no tiles, or fewer than three regions that have documents, or one of the measures is zero everywhere.
    """
    own = drawn(rates, list(dict.fromkeys([theme, *([against] if against != N_DOCS else [])])), language)
    tiled = tiled_regions(labels, own["region_code"])
    cells = own.set_index(["theme", "region_code"]).sort_index()
    one = cells.loc[theme].reindex(list(tiled))
    other = one["n_docs"] if against == N_DOCS else cells.loc[against].reindex(list(tiled))["estimate"]
    values = pd.DataFrame(
        {"region_code": list(tiled), "region_en": [labels.region_label(code).en for code in tiled],
         "n_docs": one["n_docs"].fillna(0).astype("Int64").array,
         "one": one["estimate"].astype("Float64").array, "other": other.astype("Float64").array}
    )  # fmt: skip
    values.loc[values["n_docs"] == 0, ["one", "other"]] = pd.NA
    edges = {name: _edges(values, name) for name in ("one", "other")}
    for name, (low, high) in edges.items():
        values[f"class_{name}"] = ((values[name] >= low).astype("Int64") + (values[name] >= high).astype("Int64")).array
    names = [
        labels.theme_label(theme),
        labels.pair("n_documents") if against == N_DOCS else labels.theme_label(against),
    ]
    percent = [one["headline"].dropna().iloc[0] == "share",
               against != N_DOCS and cells.loc[against]["headline"].iloc[0] == "share"]  # fmt: skip
    title = labels.pair(
        "pair_title", one=lambda name: getattr(names[0], name), other=lambda name: getattr(names[1], name)
    )
    with drawing():
        lines, columns = (max(place) - min(place) + 1.2 for place in zip(*_places(tiled), strict=True))
        figure = new_figure(max(26 + WIDE * current().room * lines / columns, LOWEST))
        left, right = figure.subplots(1, 2, width_ratios=[3.6, 1])
        frame(left, tiled)
        square(right, [edges["one"], edges["other"]], percent, [labels.join(name, between="\n") for name in names])
        entitle(figure, labels.join(title, between=" · "))
        parts = {
            "one": lambda name: shorten(getattr(names[0], name), NAME),
            "other": lambda name: shorten(getattr(names[1], name), NAME),
        }
        units = [
            measure_key(cells.loc[each]["headline"].iloc[0], cells.loc[each]["unit"].iloc[0])
            for each in (theme, against)
            if each != N_DOCS
        ]
        large = WIDE * current().room / columns >= LARGE
        told = [("", "pair_values"), *(("", unit) for unit in dict.fromkeys(units))] if large else []
        signs = labels.legend(*told, ("▨", "mark_absent"))
        footnote(
            figure,
            *labels.lines(labels.pair("pair_codes", **parts)),
            *labels.lines(signs),
            *labels.lines(labels.pair("schematic")),
        )
        figure.draw_without_rendering()  # the layout is settled before names are cut to their tiles
        tile, width = np.ptp(left.transData.transform([(0, 0), (1.02, 0)])[:, 0]), measure(figure, SIZE)
        for row in rows(values):
            region = tiled[row.region_code]
            said = [fitted(drawable(part), tile, width) for part in _named(region, labels, large=large)]
            _tile(left, region, row, said, percent if large else None)
    says = _says(values, names, edges, labels)
    caption = _caption(values, names, edges, percent, labels, language)
    spec = {
        "theme": theme,
        "against": against,
        "language": language,
        "thresholds": {key: list(pair) for key, pair in edges.items()},
    }
    caption = Label(f"{caption.en} {says.en}", f"{caption.zh}{says.zh}")
    return Chart(f"tile_pair_{theme}_{against}_{language}", figure, values, title, caption, caption, spec, says)


def _edges(values: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return where the thirds of the regions part in which a measure is above zero."""
    known = values[name].dropna().to_numpy(dtype=float)
    some = known[known > 0]
    if len(known) < FEWEST or not len(some):
        what = (
            f"{len(known)} regions have documents: at least {FEWEST} are needed"
            if len(known) < FEWEST
            else "No region has it"
        )
        raise InsufficientDataError(f"{what}.", hint="`theme_regions` draws few regions.")
    low, high = np.quantile(some, [1 / 3, 2 / 3])
    return float(low), float(high)


def _places(tiled: Mapping[str, Region]) -> list[tuple[int, int]]:
    """Return row and column of every tile."""
    return [region.tile for region in tiled.values() if region.tile is not None]


def _named(region: Region, labels: Labels, *, large: bool) -> list[str]:
    """Return a region's name in lines, at most three; on a small tile its shortest one."""
    if not large:
        return [region.short_zh if labels.mode == "zh" else region.sign or region.short_zh]
    return [region.short_zh] if labels.mode == "zh" else labels.region(region.code).split(" ")[:3]


def _tile(
    ax: Axes,
    region: Region,
    row: Any,  # noqa: ANN401  # a row of a table
    name: list[str],
    percent: list[bool] | None,
) -> None:
    """Draw one region: its colour, its class, its name, and where there is room both values."""
    line, column = region.tile or (0, 0)
    absent = row.n_docs == 0
    face = (1.0, 1.0, 1.0) if absent else COLOURS[row.class_one][row.class_other]
    box = Rectangle((column - 0.48, line - 0.48), 0.96, 0.96, facecolor=face, edgecolor=PALE if absent else FAINT)
    box.set(linewidth=0.5, hatch="////" if absent else None)
    ax.add_patch(box)
    code = "" if absent else CODES[row.class_one][row.class_other]
    texts = [(0.0, -0.06 if percent else 0.2, "\n".join(name), "center")]
    texts += [(-0.44, -0.38, code, "left")] if percent else [(0.0, -0.22, code, "center")]
    if percent and not absent:
        pair = zip((row.one, row.other), percent, strict=True)
        texts.append((0.0, 0.36, " · ".join(number(value, percent=share) for value, share in pair), "center"))
    for across, down, said, side in texts:
        ax.text(
            column + across,
            line + down,
            said,
            ha=side,
            va="center",
            fontsize=SIZE,
            color=ink_on(face),
            linespacing=1.05,
        )


def _caption(
    values: pd.DataFrame, names: list[Label], edges: dict[str, tuple[float, float]], percent: list[bool], labels: Labels,
    language: str,
) -> Label:  # fmt: skip
    """Say what was counted, where the classes part, and what it is not."""
    seen = values[values["n_docs"] > 0]
    parted = [
        " / ".join(number(value, percent=share) for value in pair)
        for pair, share in zip(edges.values(), percent, strict=True)
    ]
    kind, schematic = DOCUMENTS[language], labels.pair("schematic")
    return Label(
        f"{schematic.en} {int(seen['n_docs'].sum()):,} {kind.en} of {len(seen)} of {len(values)} regions. {names[0].en} parts at "
        f"{parted[0]}, {names[1].en} at {parted[1]}: thirds of the regions that have any. Two measures of the same documents "
        "side by side, no test of whether they go together.",
        f"{schematic.zh}{kind.zh} {int(seen['n_docs'].sum()):,} 篇，{len(values)} 个地区中 {len(seen)} 个有文献。{names[0].zh}分界为 {parted[0]}，"
        f"{names[1].zh}为 {parted[1]}（有值地区三等分）。两项数值并列，未检验其关联。",
    )


def _says(values: pd.DataFrame, names: list[Label], edges: dict[str, tuple[float, float]], labels: Labels) -> Label:
    """Name the regions that are in the highest class of both measures; say where a measure has fewer classes than three."""
    both = values[(values["class_one"] == 2) & (values["class_other"] == 2)]
    shown = [labels.region_label(code) for code in both["region_code"]][:6]
    more = len(both) - len(shown)
    en = f"{', '.join(one.en for one in shown)}{f' and {more} more' if more else ''}" if shown else "none"
    zh = f"{'、'.join(one.zh for one in shown)}{f'等 {len(both)} 个' if more else ''}" if shown else "无"
    same = [name for name, (low, high) in zip(names, edges.values(), strict=True) if low == high]
    few = Label(
        "".join(f" {name.en} is the same in so many regions that it has no class in the middle." for name in same),
        "".join(f"{name.zh}在多数地区相同，故无中间级。" for name in same),
    )
    return Label(
        f"Regions in the highest class of both {names[0].en} and {names[1].en}: {en}.{few.en}",
        f"{names[0].zh}与{names[1].zh}均属最高级的地区：{zh}。{few.zh}",
    )
