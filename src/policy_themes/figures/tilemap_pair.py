"""Two measures of every region on one schematic: three classes of the one by three of the other.

Nine colours are two ramps laid over one another, blue for the one measure and
yellow for the other, so that they stay apart for readers who cannot tell red
from green. In grey they do not all: so every tile says its class by a letter
and a digit, and both values.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from policy_themes.errors import InsufficientDataError
from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import drawn, measure_key
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import FAINT, INK, PALE, drawable, drawing, entitle, footnote, new_figure, shorten
from policy_themes.figures.tilemap import frame, tiled_regions
from policy_themes.lexicon.records import Label
from policy_themes.regions import Region
from policy_themes.schema import rows

N_DOCS = "n_docs"
FEWEST = 3  # regions: thirds of fewer are nothing
BLUES = ("#f3f3f3", "#93bfe6", "#1f78c8")
YELLOWS = ("#ffffff", "#ffd98a", "#e8a317")
PAIRS = tuple(tuple(tuple(np.multiply(to_rgb(one), to_rgb(other))) for other in YELLOWS) for one in BLUES)
CODES = tuple(tuple(f"{letter}{digit}" for digit in "123") for letter in "ABC")


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
    names = [labels.theme_label(theme), labels.pair("n_documents") if against == N_DOCS else labels.theme_label(against)]
    percent = [one["headline"].dropna().iloc[0] == "share",
               against != N_DOCS and cells.loc[against]["headline"].iloc[0] == "share"]  # fmt: skip
    title = labels.pair("pair_title", one=lambda name: getattr(names[0], name), other=lambda name: getattr(names[1], name))
    with drawing():
        figure = new_figure(145)
        left, right = figure.subplots(1, 2, width_ratios=[3.6, 1])
        for row in rows(values):
            _tile(left, tiled[row.region_code], row, labels, percent)
        frame(left, tiled)
        _square(right, [edges["one"], edges["other"]], percent, [labels.join(name, between="\n") for name in names])
        entitle(figure, labels.join(title, between=" · "))
        parts = {"one": lambda name: getattr(names[0], name), "other": lambda name: getattr(names[1], name)}
        units = [measure_key(cells.loc[each]["headline"].iloc[0], cells.loc[each]["unit"].iloc[0]) for each in (theme, against) if each != N_DOCS]
        signs = labels.legend(("", "pair_values"), *(("", unit) for unit in dict.fromkeys(units)), ("▨", "mark_absent"))
        footnote(figure, *labels.lines(labels.pair("pair_codes", **parts)), *labels.lines(signs), *labels.lines(labels.pair("schematic")))
    said = _says(values, names, edges, labels)
    caption = _caption(values, names, edges, percent, labels, language)
    spec = {"theme": theme, "against": against, "language": language, "thresholds": {key: list(pair) for key, pair in edges.items()}}
    caption = Label(f"{caption.en} {said.en}", f"{caption.zh}{said.zh}")
    return Chart(f"tile_pair_{theme}_{against}_{language}", figure, values, title, caption, caption, spec, said)


def ink_on(face: tuple[float, float, float]) -> str:
    """
    Return the ink, dark or white, that stands out more from a colour.

    References
    ----------
    Web Content Accessibility Guidelines 2.2: relative luminance. https://www.w3.org/TR/WCAG22/#dfn-relative-luminance

    Examples
    --------
    >>> ink_on((1.0, 1.0, 1.0)) == INK, ink_on((0.1, 0.3, 0.1))
    (True, 'white')
    """
    return "white" if _luminance(face) + 0.05 < ((1.0 + 0.05) * (_luminance(to_rgb(INK)) + 0.05)) ** 0.5 else INK


def _luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _edges(values: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return where the thirds of the regions part in which a measure is above zero."""
    known = values[name].dropna().to_numpy(dtype=float)
    some = known[known > 0]
    if len(known) < FEWEST or not len(some):
        what = f"{len(known)} regions have documents: at least {FEWEST} are needed" if len(known) < FEWEST else "No region has it"
        raise InsufficientDataError(f"{what}.", hint="`theme_regions` draws few regions.")
    low, high = np.quantile(some, [1 / 3, 2 / 3])
    return float(low), float(high)


def _number(value: float, *, percent: bool) -> str:
    """Return a value as it is written."""
    return f"{value:.0%}" if percent else f"{value:.0f}" if float(value).is_integer() else f"{value:.2g}"


def _tile(ax: Axes, region: Region, row: Any, labels: Labels, percent: list[bool]) -> None:  # noqa: ANN401  # a row of a table
    """Draw one region: its colour, its class, its name, both values."""
    line, column = region.tile or (0, 0)
    absent = row.n_docs == 0
    face = (1.0, 1.0, 1.0) if absent else PAIRS[row.class_one][row.class_other]
    ax.add_patch(
        Rectangle((column - 0.48, line - 0.48), 0.96, 0.96, facecolor=face, edgecolor=PALE if absent else FAINT,
                  linewidth=0.5, hatch="////" if absent else None)
    )  # fmt: skip
    ink = ink_on(face)
    name = region.short_zh if labels.mode == "zh" else labels.region(region.code).replace(" ", "\n")
    ax.text(column, line - 0.06, "\n".join(drawable(shorten(part, 13)) for part in name.split("\n")), ha="center", va="center",
            fontsize="x-small", color=ink, linespacing=1.05)  # fmt: skip
    if not absent:
        said = " · ".join(_number(value, percent=share) for value, share in zip((row.one, row.other), percent, strict=True))
        ax.text(column, line + 0.36, said, ha="center", va="center", fontsize="x-small", color=ink)
        ax.text(column - 0.44, line - 0.38, CODES[row.class_one][row.class_other], ha="left", va="center", fontsize="x-small", color=ink)


def _square(ax: Axes, edges: list[tuple[float, float]], percent: list[bool], names: list[str]) -> None:
    """Draw the legend: nine colours with their classes, and where these part."""
    for one, other in np.ndindex(3, 3):
        face = PAIRS[one][other]
        ax.add_patch(Rectangle((one - 0.5, other - 0.5), 1, 1, facecolor=face, edgecolor="white", linewidth=0.8))
        ink = ink_on(face)
        ax.text(one, other, CODES[one][other], ha="center", va="center", fontsize="small", color=ink)
    said = [[_number(value, percent=share) for value in pair] for pair, share in zip(edges, percent, strict=True)]
    for axis, texts, name in zip((ax.xaxis, ax.yaxis), said, names, strict=True):
        axis.set_ticks([0.5, 1.5], texts, fontsize="x-small")
        axis.set_label_text("\n".join(drawable(shorten(part, 26)) for part in f"{name} →".split("\n")), fontsize="x-small")
    ax.set_xlim(-0.5, 2.5)
    ax.set_ylim(-0.5, 2.5)
    ax.set_aspect("equal")
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _caption(
    values: pd.DataFrame, names: list[Label], edges: dict[str, tuple[float, float]], percent: list[bool], labels: Labels,
    language: str,
) -> Label:  # fmt: skip
    """Say what was counted, where the classes part, and what it is not."""
    seen = values[values["n_docs"] > 0]
    parted = [" / ".join(_number(value, percent=share) for value in pair) for pair, share in zip(edges.values(), percent, strict=True)]
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
