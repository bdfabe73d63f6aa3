"""Of what each year's documents consist: kinds, institutions, outlets."""

import numpy as np
import pandas as pd

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import Cells, draw_cells
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import drawing, entitle, footnote, shorten
from policy_themes.lexicon.records import Label

SHOWN = ("kind", "institution", "outlet")
MOST = 8  # values of one dimension; the rest are one row
LONGEST = 30


def composition_map(composed: pd.DataFrame, labels: Labels, *, language: str) -> Chart:
    """
    Draw how many documents of each kind, institution and outlet every year has.

    Parameters
    ----------
    composed : DataFrame
        Table ``composition``.
    labels : Labels
    language : {"zh", "en"}
        Of the documents.
    """
    own = composed[(composed["language"] == language) & composed["of"].isin(SHOWN)]
    values = pd.concat([_gathered(own[own["of"] == of], labels) for of in SHOWN], ignore_index=True)
    years = list(range(int(values["year"].min()), int(values["year"].max()) + 1))
    wide = {str(of): _wide(part, years) for of, part in values.groupby("of", sort=False)}
    title = labels.pair("composition_title")
    with drawing():
        figure, _ = draw_cells(*[_cells(of, part, labels) for of, part in wide.items()])
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("", "documents"), ("▨", "mark_absent"))))
    n_docs = int(own.loc[own["of"] == SHOWN[0], "n_docs"].sum())
    kind = DOCUMENTS[language]
    caption = Label(
        f"{n_docs} {kind.en} with a year (copies left out), by what is known of them. Where a row stops and another "
        "begins, a line over the years compares two kinds of source.",
        f"{kind.zh}（有年份，不计重复）{n_docs} 篇的构成。某行中断而另一行开始之处，跨年折线比较的是两类来源。",
    )
    return Chart(f"composition_{language}", figure, values, title, caption, caption, {"language": language}, caption)


def _cells(of: str, part: pd.DataFrame, labels: Labels) -> Cells:
    """Return values × years of one dimension."""
    matrix = part.to_numpy(dtype=float)
    texts = [["" if np.isnan(value) else str(int(value)) for value in row] for row in matrix.tolist()]
    names = [shorten(str(name), fitting(LONGEST)) for name in part.index]
    return Cells(matrix, texts, names, [str(year) for year in part.columns], title=labels.word(f"of_{of}"))


def _gathered(part: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return one dimension with its values beyond the most frequent in one row."""
    name = part["value"].fillna(labels.word("unknown"))
    total = part["n_docs"].groupby(name).sum()
    order = sorted(total.index, key=lambda value: (-int(total[value]), value))
    rest = labels.word("others")
    kept = order if len(order) <= MOST else order[: MOST - 1]
    named = name.where(name.isin(kept), rest)
    summed = part.assign(value=named).groupby(["of", "value", "year"], as_index=False)["n_docs"].sum()
    place = {value: number for number, value in enumerate([*kept, rest])}
    in_order = np.lexsort((summed["year"].to_numpy(dtype=int), summed["value"].map(place).to_numpy()))
    return pd.DataFrame(summed).iloc[in_order].reset_index(drop=True)


def _wide(part: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Return values × years: zero where the year has documents, but none of this value."""
    wide = part.pivot(index="value", columns="year", values="n_docs").reindex(
        index=list(dict.fromkeys(part["value"])), columns=years
    )
    seen = wide.notna().any(axis=0)
    wide.loc[:, seen] = wide.loc[:, seen].fillna(0)
    return wide.astype(float)
