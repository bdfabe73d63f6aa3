"""Grids: what was collected, a theme by year and region, themes against topics."""

from typing import Any

import numpy as np
import pandas as pd

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import Cells, cell_marks, draw_cells, left_out, most_regions, short
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import drawn, measure_key
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS, rate_captions, region_sentences
from policy_themes.figures.style import drawing, entitle, footnote, shorten
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

OTHERS = "others"
MOST_LONG = 14  # years whose cells have room for three digits


def coverage_map(coverage: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw how many documents there are for each year and region, unknowns included.

    Parameters
    ----------
    coverage : DataFrame
        Table ``coverage``.
    labels : Labels
    """
    every = coverage.groupby(["region_code", "year"], dropna=False)[["n_docs", "n_units"]].sum().reset_index()
    named = set(most_regions(every[every["region_code"].notna()])["region_code"])
    other = every["region_code"].notna() & ~every["region_code"].isin(named)
    values = every.assign(region_code=every["region_code"].mask(other, OTHERS))
    values = values.groupby(["region_code", "year"], dropna=False)[["n_docs", "n_units"]].sum().reset_index()
    known = values["year"].dropna().astype(int)
    years: list[object] = list(range(known.min(), known.max() + 1)) if len(known) else []
    years += [None] if values["year"].isna().any() else []
    codes: list[object] = sorted(named)
    codes += [OTHERS] if other.any() else []
    codes += [None] if values["region_code"].isna().any() else []
    matrix = np.full((len(codes), len(years)), np.nan)
    for row in rows(values):
        matrix[codes.index(row.region_code), years.index(row.year)] = row.n_docs
    total, title = int(values["n_docs"].sum()), labels.pair("coverage_title")
    with drawing():
        texts = [[f"{value:.0f}" if np.isfinite(value) else "" for value in row] for row in matrix]
        heads = [labels.word("unknown", between="\n") if year is None else str(year) for year in years]
        n_others = str(every.loc[other, "region_code"].nunique())
        names = [labels.word("other_regions", n=n_others) if code == OTHERS else labels.region(code) for code in codes]  # type: ignore[arg-type]
        figure, _ = draw_cells(Cells(matrix, texts, names, heads))
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("", "documents"), ("▨", "mark_absent"))))
    kinds = coverage.groupby("institution", dropna=False)["n_docs"].sum().reset_index()
    by_kind = "; ".join(f"{row.institution or 'unknown'} {row.n_docs}" for row in rows(kinds))
    n_years = len([year for year in years if year is not None])
    n_regions = every["region_code"].nunique()
    caption = Label(
        f"{total} documents (copies, reprints and translations left out) over {n_years} years and {n_regions} regions. "
        f"Institutions: {by_kind}. An empty cell holds no document: it is missing, not zero.",
        f"共 {total} 篇文献（不计重复、转载与译文），{n_years} 个年份、{n_regions} 个地区。空格为无文献，并非零。",
    )
    return Chart("coverage", figure, values, title, caption, caption, {"by": ["region_code", "year"]}, caption)


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
    every = drawn(rates, [theme], language)
    values = most_regions(every)
    years = sorted(set(values["year"].astype(int)))
    codes = sorted(set(values["region_code"]))
    cells = {(row.region_code, row.year): row for row in rows(values)}
    number = {(row.region_code, row.year): place for place, row in enumerate(rows(values))}
    wide = values.pivot(index="region_code", columns="year", values="estimate").loc[codes, years]
    matrix = wide.astype(float).to_numpy(na_value=np.nan)
    many = len(years) > fitting(MOST_LONG)
    texts = [[_cell_text(cells[code, year], brief=many) for year in years] for code in codes]
    title = labels.pair("grid_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    with drawing():
        figure, blocks = draw_cells(
            Cells(matrix, texts, [labels.region(code) for code in codes], [str(year) for year in years])
        )
        places = cell_marks(
            blocks, lambda row, column: number[codes[row], years[column]] if texts[row][column] else None
        )
        entitle(figure, labels.join(title, between=" · "))
        headline = str(values["headline"].iloc[0])
        unit = [("", measure_key(headline, values["unit"].iloc[0])), ("n =", "documents")]
        unit = [("", "with_of")] if many and headline == "share" else unit
        footnote(figure, *labels.lines(labels.legend(*unit, ("*", "mark_few"), ("▨", "mark_absent"))),
                 *labels.lines(left_out(values, every, labels, "theme_rates")))  # fmt: skip
    caption = rate_captions(values, language)
    alt = Label(f"Grid of years and regions. {caption.en}", f"年份与地区方格图。{caption.zh}")
    by_region = values.groupby(["theme", "region_code"], as_index=False).agg(
        n_docs=("n_docs", "sum"), n_docs_with_theme=("n_docs_with_theme", "sum"), n_hits=("n_hits", "sum"),
        n_units=("n_units", "sum"), unit=("unit", "first"), headline=("headline", "first"),
    )  # fmt: skip
    by_region["rate_per_10k"] = 10_000 * by_region["n_hits"] / by_region["n_units"]
    by_region["estimate"] = np.where(
        by_region["headline"] == "share",
        by_region["n_docs_with_theme"] / by_region["n_docs"],
        by_region["rate_per_10k"],
    ).astype(float)
    says = region_sentences(by_region, labels)
    spec = {"theme": theme, "language": language, "by": ["year", "region_code"], "method": values["method"].iloc[0]}
    return Chart(f"grid_{theme}_{language}", figure, values, title, caption, alt, spec, says, marks=places)


def _cell_text(cell: Any, *, brief: bool) -> str:  # noqa: ANN401  # a row of a table
    """Return a cell's number, a brief one of two digits or as a fraction, and its n; nothing where there is no document."""
    if cell.mark == "absent":
        return ""
    star, share = "*" if cell.mark == "too few" else "", cell.headline == "share"
    if share and brief:
        return f"{cell.n_docs_with_theme}/{cell.n_docs}{star}"
    if share:
        value = f"{cell.estimate:.0%}"
    else:
        rate = float(cell.estimate)
        value = short(rate) if brief else f"{rate:.3g}" if rate < 999.5 else f"{rate:.0f}"
    return f"{value}{star}\nn={cell.n_docs}"


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
        heads = [str(topic) for topic in topics]
        if len(topics) <= 6:
            heads = [
                f"{topic}\n" + "\n".join(shorten(word, 18) for word in names[topic].split(", ")) for topic in topics
            ]
        texts = [[f"{value:.0%}" if value >= 0.005 else "" for value in row] for row in matrix]
        names_of_rows = [
            f"{shorten(labels.theme(name), fitting(52 if len(topics) <= 10 else 32))} ({sizes[name]})"
            for name in themes
        ]
        figure, _ = draw_cells(Cells(matrix, texts, names_of_rows, heads))
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
