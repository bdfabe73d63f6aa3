"""Key words in context as a figure: every line aligned at the hit, with its year, its region and its source beside it.

How much context fits is measured in the letters that are drawn, so that a line
of Chinese and one of English are both as long as there is room, and never longer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policy_themes.figures.chart import Chart
from policy_themes.figures.fitting import Measure, fitted, measure
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import Numbers
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import INK, MAIN, MUTED, PALE, drawable, drawing, entitle, footnote, new_figure
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

MOST = 24  # lines
ROW = 4.6  # millimetres a line
# Where the columns begin, as parts of the width: number, year and region, left context, hit; the last is the source.
WHEN, LEFT, HIT, SOURCE = 0.035, 0.205, 0.485, 0.81
GAP = 0.008
SIZE = "small"
MACHINE, UNKNOWN = "†", "–"


@dataclass(frozen=True)
class Line:
    """One hit as it is written: each part as far as its column has room."""

    when: str
    left: str
    hit: str
    right: str
    source: str


def concordance(
    evidence: pd.DataFrame,
    labels: Labels,
    *,
    theme: str,
    language: str,
    removed: bool = False,
    machine: Collection[str] = (),
    most: int = MOST,
) -> Chart:
    """
    Draw hits of a theme in their context.

    Parameters
    ----------
    evidence : DataFrame
        Table ``evidence``.
    labels : Labels
    theme : str
    language : {"zh", "en"}
    removed : bool, default False
        Draw the hits that an excluded context took out instead of those that count, the context in place of the source.
    machine : collection of str
        ``doc_id`` of machine translations, which are marked.
    most : int, default 24
        Lines; of more hits, those of the first and the last year and of years evenly between them.

    Returns
    -------
    Chart
        ``values`` has the drawn lines of ``evidence``, with the context as far as it is drawn.
    """
    own = evidence[(evidence["theme"] == theme) & (evidence["language"] == language)]
    kept, out = own[own["counted"]], own[own["excluded_by"].notna()]
    shown = out if removed else kept
    values = spread(shown, most)
    stem, key = ("removed", "removed_title") if removed else ("concordance", "concordance_title")
    title = labels.pair(key, theme=lambda name: getattr(labels.theme_label(theme), name))
    translated = values["doc_id"].isin(set(machine))
    with drawing():
        figure = new_figure(22 + ROW * len(values))
        ax = figure.subplots()
        ax.set_axis_off()
        ax.set_xlim(0, 1)
        ax.set_ylim(len(values) - 0.5, -0.5)
        entitle(figure, labels.join(title, between=" · "))
        counted = labels.pair("concordance_lines", n=str(len(values)), total=f"{len(shown):,}")
        signs = [(MACHINE, "concordance_machine")] if translated.any() else []
        signs += [(UNKNOWN, "unknown")] if values[["year", "region_code"]].isna().any(axis=None) else []
        footnote(figure, *labels.lines(counted), *labels.lines(labels.legend(*signs)))
        figure.draw_without_rendering()  # the layout is settled before anything is cut to it
        across, pixels = ax.get_window_extent().width, measure(figure, SIZE)

        def width(text: str) -> float:
            return pixels(text) / across

        lines = [
            _line(row, labels, width, removed=removed, machine=mark)
            for row, mark in zip(rows(values), translated.tolist(), strict=True)
        ]
        for number, line in enumerate(lines):
            _draw(ax, number, line, width)
    values["left_shown"], values["right_shown"] = [line.left for line in lines], [line.right for line in lines]
    caption = _caption(len(values), len(shown), len(out), language, removed=removed)
    spec = {"theme": theme, "language": language, "removed": removed, "most": most, "n": len(shown)}
    says = _says(values, len(shown), labels.theme_label(theme))
    return Chart(f"{stem}_{theme}_{language}", figure, values, title, caption, caption, spec, says)


def spread(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """
    Choose lines over the years, the first and the last year among them, and evenly within a year.

    Parameters
    ----------
    table : DataFrame
        Table ``evidence``.
    most : int

    Returns
    -------
    DataFrame
        At most so many rows, by year (unknown last), region, path and place.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2020, 2020, 2020, 2021, 2022], "region_code": "a", "path": "p", "start": range(5)})
    >>> spread(table, 3)["start"].tolist(), spread(table, 4)["start"].tolist()
    ([0, 3, 4], [0, 2, 3, 4])
    """
    ordered = table.sort_values(["year", "region_code", "path", "start"], kind="stable", ignore_index=True)
    known = ordered["year"].astype("Float64").fillna(np.inf)
    years = [part.index.to_numpy() for _, part in ordered.groupby(known)]
    years = [years[place] for place in _even(len(years), most)]
    quota = np.zeros(len(years), dtype=np.int64)
    while quota.sum() < most and (left := [n for n, part in enumerate(years) if quota[n] < len(part)]):
        quota[left[: most - int(quota.sum())]] += 1
    chosen = [part[_even(len(part), int(n))] for part, n in zip(years, quota, strict=True)]
    return ordered.iloc[np.concatenate(chosen) if chosen else []].reset_index(drop=True)


def _even(n: int, most: int) -> Numbers:
    """Return at most so many of the places 0 … n-1, the first and the last among them, evenly apart."""
    return np.floor(np.linspace(0, n - 1, min(n, most)) + 0.5).astype(np.int64)


def _line(
    row: Any,  # noqa: ANN401  # a row of a table
    labels: Labels,
    width: Measure,
    *,
    removed: bool,
    machine: bool,
) -> Line:
    """Return a hit as it is written, each part cut to its column."""
    words = row.language == "en"
    when = UNKNOWN if row.year is None else str(row.year)
    where = UNKNOWN if row.region_code is None else drawable(labels.region(row.region_code))
    hit = fitted(drawable(row.match), SOURCE - HIT - 3 * GAP, width)
    source = f"← {drawable(row.excluded_by)}" if removed else drawable(row.path)
    sign = f"{MACHINE} " if machine else ""
    return Line(
        when=fitted(f"{when}  {where}", LEFT - WHEN - GAP, width),
        left=fitted(drawable(row.left), HIT - LEFT - GAP, width, end=True, words=words),
        hit=hit,
        right=fitted(drawable(row.right), max(SOURCE - HIT - width(hit) - 3 * GAP, 0.0), width, words=words),
        source=sign + fitted(source, 1 - SOURCE - width(sign), width, end=not removed),
    )


def _draw(ax: Axes, number: int, line: Line, width: Measure) -> None:
    """Write one line; the hit is blue on pale, so that it stands out in grey too."""
    after = HIT + width(line.hit) + GAP
    ax.add_patch(Rectangle((HIT - GAP / 2, number - 0.42), after - HIT, 0.84, facecolor=PALE, linewidth=0))
    for place, text, colour, side in (
        (0.0, str(number + 1), MUTED, "left"),
        (WHEN, line.when, MUTED, "left"),
        (HIT - GAP, line.left, INK, "right"),
        (HIT, line.hit, MAIN, "left"),
        (after, line.right, INK, "left"),
        (SOURCE, line.source, MUTED, "left"),
    ):
        ax.text(place, number, text, ha=side, va="center", fontsize=SIZE, color=colour, in_layout=False)


def _caption(n: int, total: int, out: int, language: str, *, removed: bool) -> Label:
    """Say how many of how many hits are drawn, and what became of the excluded ones."""
    kind = DOCUMENTS[language]
    if removed:
        return Label(
            f"{kind.en}: {n} of {total:,} hits that a longer context took out (after the arrow); none of them is counted.",
            f"{kind.zh}：因较长语境（箭头后）而排除的 {total:,} 处命中中的 {n} 处，均不计数。",
        )
    rest = Label(
        f" {out:,} hits inside excluded contexts are not among them.", f"另有 {out:,} 处误命中已排除，不在其中。"
    )
    return Label(
        f"{kind.en}: {n} of {total:,} counted hits, spread evenly over the years, first and last year among them; all are in "
        f"tables/evidence.csv. Context is cut to the width of the page.{rest.en if out else ''}",
        f"{kind.zh}：计入的 {total:,} 处命中中的 {n} 处，按年份均匀抽取，含首末两年；全部见 tables/evidence.csv。上下文按版面宽度截取。"
        f"{rest.zh if out else ''}",
    )


def _says(values: pd.DataFrame, total: int, name: Label) -> Label:
    """Quote the first and the last line."""
    ends = values.iloc[[0, -1]] if len(values) > 1 else values
    quotes = [
        (UNKNOWN if row.year is None else row.year, drawable(f"{row.left}{row.match}{row.right}").strip())
        for row in rows(ends)
    ]
    return Label(
        f"{name.en}, {total:,} hits. " + " ".join(f"{year}: “{quote}”" for year, quote in quotes),
        f"{name.zh}，{total:,} 处。" + "".join(f"{year}：“{quote}”" for year, quote in quotes),
    )
