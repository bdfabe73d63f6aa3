"""Grids: what was collected, a theme by year and region, themes against topics."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS, rate_captions, region_sentences
from policy_themes.figures.style import (
    FAINT,
    INK,

    PALE,
    SEQUENTIAL,
    drawable,
    drawing,
    entitle,
    footnote,
    multiline,
    new_figure,
    shorten,
)
from policy_themes.figures.panel import drawn, measure_key
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

CELL_HEIGHT = 8.0


def paint(ax: Axes, values: np.ndarray, texts: Sequence[Sequence[str]], *, grey: np.ndarray | None = None) -> None:
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
    grey : ndarray of bool, of the shape of `values`, optional
        Cells that say little, without colour.
    """
    greatest = np.nanmax(values) if np.isfinite(values).any() else 1.0
    colours, greys = colormaps[SEQUENTIAL], colormaps["Greys"]
    size = 6.5 if values.shape[1] <= 14 else 5.0
    for (row, column), value in np.ndenumerate(values):
        absent = not np.isfinite(value)
        depth = 0.0 if absent or greatest <= 0 else 0.85 * float(value) / greatest
        pale = grey is not None and bool(grey[row, column])
        depth = depth / 2 if pale else depth
        face = "white" if absent or value == 0 else (greys if pale else colours)(0.08 + depth)
        box = Rectangle(
            (column - 0.5, row - 0.5), 1, 1, facecolor=face, edgecolor=PALE, linewidth=0.8,
            hatch="////" if absent else None,
        )  # fmt: skip
        ax.add_patch(box)
        ink = "white" if depth > 0.5 else INK
        ax.text(column, row, multiline(texts[row][column]), ha="center", va="center",
                fontsize=size, color=ink, linespacing=1.25, parse_math=False, in_layout=False).set_clip_on(True)  # fmt: skip
    ax.set_xlim(-0.5, values.shape[1] - 0.5)
    ax.set_ylim(values.shape[0] - 0.5, -0.5)
    for spine in ax.spines.values():
        spine.set_color(FAINT)
        spine.set_visible(True)
    ax.tick_params(length=0)


def coverage_map(coverage: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw how many documents there are for each year and region, unknowns included.

    Parameters
    ----------
    coverage : DataFrame
        Table ``coverage``.
    labels : Labels
    """
    values = coverage.groupby(["region_code", "year"], dropna=False)[["n_docs", "n_units"]].sum().reset_index()
    known = values["year"].dropna().astype(int)
    years: list[object] = list(range(known.min(), known.max() + 1)) if len(known) else []
    years += [None] if values["year"].isna().any() else []
    codes: list[object] = sorted(set(values["region_code"].dropna()))
    codes += [None] if values["region_code"].isna().any() else []
    matrix = np.full((len(codes), len(years)), np.nan)
    for row in rows(values):
        matrix[codes.index(row.region_code), years.index(row.year)] = row.n_docs
    total, title = int(values["n_docs"].sum()), labels.pair("coverage_title")
    with drawing():
        figure = new_figure(32 + CELL_HEIGHT * len(codes))
        ax = figure.subplots()
        paint(ax, matrix, [[f"{value:.0f}" if np.isfinite(value) else "" for value in row] for row in matrix])
        label_axes(ax, [labels.word("unknown", between="\n") if year is None else str(year) for year in years],
              [labels.region(code) for code in codes])  # type: ignore[arg-type]  # fmt: skip
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("", "documents"), ("▨", "mark_absent"))))
    kinds = coverage.groupby("institution", dropna=False)["n_docs"].sum().reset_index()
    by_kind = "; ".join(f"{row.institution or 'unknown'} {row.n_docs}" for row in rows(kinds))
    n_years = len([year for year in years if year is not None])
    n_regions = len([code for code in codes if code is not None])
    caption = Label(
        f"{total} documents (copies, reprints and translations left out) over {n_years} years and {n_regions} regions. "
        f"Institutions: {by_kind}. An empty cell holds no document: it is missing, not zero.",
        f"共 {total} 篇文献（不计重复、转载与译文），{n_years} 个年份、{n_regions} 个地区。空格为无文献，并非零。",
    )
    return Chart("coverage", figure, values, title, caption, caption, {"by": ["region_code", "year"]}, caption)


def label_axes(ax: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Label rows and columns; of many years, every second or third."""
    step = max(1, -(-len(columns) // 16)) if all(name.isdigit() for name in columns) else 1
    ax.set_xticks(range(0, len(columns), step), [multiline(name) for name in columns[::step]])
    ax.set_yticks(range(len(rows)), [drawable(name) for name in rows])


def theme_grid(rates: pd.DataFrame, labels: Labels, *, theme: str, language: str) -> Chart:
    """
    Draw one theme by year and region, with n in every cell.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year and region.
    labels : Labels
    theme : str
    language : {"zh", "en"}

    Returns
    -------
    Chart
        A cell without documents is hatched and empty, a zero is white and says
        0, a value over too few words has a star.
    """
    values = drawn(rates, [theme], language)
    years = sorted(set(values["year"].astype(int)))
    codes = sorted(set(values["region_code"]))
    cells = values.set_index(["region_code", "year"])
    wide = values.pivot(index="region_code", columns="year", values="estimate").loc[codes, years]
    matrix = wide.astype(float).to_numpy(na_value=np.nan)
    texts = [[_cell_text(cells.loc[(code, year)]) for year in years] for code in codes]
    title = labels.pair("grid_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    with drawing():
        figure = new_figure(32 + CELL_HEIGHT * len(codes))
        ax = figure.subplots()
        paint(ax, matrix, texts)
        label_axes(ax, [str(year) for year in years], [labels.region(code) for code in codes])
        entitle(figure, labels.join(title, between=" · "))
        unit = measure_key(values["headline"].iloc[0], values["unit"].iloc[0])
        footnote(figure, *labels.lines(labels.legend(("", unit), ("n =", "documents"), ("*", "mark_few"), ("▨", "mark_absent"))))
    caption = rate_captions(values, language)
    alt = Label(f"Grid of years and regions. {caption.en}", f"年份与地区方格图。{caption.zh}")
    by_region = values.groupby(["theme", "region_code"], as_index=False).agg(
        n_docs=("n_docs", "sum"), n_docs_with_theme=("n_docs_with_theme", "sum"), n_hits=("n_hits", "sum"),
        n_units=("n_units", "sum"), unit=("unit", "first"), headline=("headline", "first"),
    )  # fmt: skip
    by_region["rate_per_10k"] = 10_000 * by_region["n_hits"] / by_region["n_units"]
    by_region["estimate"] = np.where(
        by_region["headline"] == "share", by_region["n_docs_with_theme"] / by_region["n_docs"], by_region["rate_per_10k"]
    ).astype(float)
    says = region_sentences(by_region, labels)
    spec = {"theme": theme, "language": language, "by": ["year", "region_code"], "method": values["method"].iloc[0]}
    return Chart(f"grid_{theme}_{language}", figure, values, title, caption, alt, spec, says)


def _cell_text(cell: pd.Series) -> str:
    """Return a cell's number and its n; nothing where there is no document."""
    if cell["mark"] == "absent":
        return ""
    value = f"{cell['estimate']:.0%}" if cell["headline"] == "share" else f"{cell['estimate']:.3g}"
    star = "*" if cell["mark"] == "too few" else ""
    return f"{value}{star}\nn={cell['n_docs']}"


def theme_topic_map(scores: pd.DataFrame, labels: Labels, *, names: dict[int, str], language: str) -> Chart:
    """
    Draw in which topics the hits of each theme stand.

    Parameters
    ----------
    scores : DataFrame
        Table ``theme_topics`` of one language.
    labels : Labels
    names : dict of int to str
        Words of each topic.
    language : {"zh", "en"}
    """
    themes = [theme for theme in labels.lexicon.ids if theme in set(scores["theme"])]
    topics = sorted(set(scores["topic"].astype(int)))
    matrix = scores.pivot(index="theme", columns="topic", values="score").loc[themes, topics].astype(float).to_numpy()
    sizes = scores.groupby("theme")["n_passages"].first()
    title = labels.pair("theme_topics_title")
    with drawing():
        figure = new_figure(44 + 5.6 * len(themes))
        ax = figure.subplots()
        paint(ax, matrix, [[f"{value:.0%}" if value >= 0.005 else "" for value in row] for row in matrix])
        heads = [str(topic) for topic in topics]
        if len(topics) <= 6:
            heads = [f"{topic}\n" + "\n".join(shorten(word, 18) for word in names[topic].split(", ")) for topic in topics]
        ax.set_xticks(range(len(topics)), [multiline(head) for head in heads])
        ax.set_yticks(range(len(themes)), [drawable(f"{labels.theme(name)} ({sizes[name]})") for name in themes])
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.pair("score")))
    kind = DOCUMENTS[language]
    caption = Label(
        f"{kind.en}: share of each theme's hits that stand in each topic, rows add up to 100 %; in brackets the number "
        "of passages with the theme. The topics did not know the themes. One fit with one seed.",
        f"{kind.zh}：各主题命中落在各话题的比例，每行合计 100 %；括号内为含该主题的段落数。话题模型未使用主题词典；仅一次拟合。",
    )
    spec = {"language": language, "topics": {str(key): value for key, value in names.items()}}
    return Chart(f"theme_topics_{language}", figure, scores, title, caption, caption, spec, caption)
