"""Which wordings of a theme each year or region uses: colour for the share, a number for the hits."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import (
    INK,
    MUTED,
    PALE,
    SEQUENTIAL,
    columns_of,
    drawable,
    drawing,
    entitle,
    footnote,
    new_figure,
    shorten,
)
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

MOST_TERMS = 9  # that have a row of their own; what is left is one more
MOST_REGIONS = 36
MOST_YEARS = 24  # in a block
CELL = 5.0  # millimetres
NAME = 30  # columns of a wording's name
LETTER = 1.3  # millimetres of a column of letters
FEWEST = 6  # cells that fill the width
WIDE, REST = "◇", "(rest)"


def theme_wordings(
    table: pd.DataFrame, labels: Labels, *, theme: str, by: Literal["year", "region_code"], language: str
) -> Chart:
    """
    Draw the wordings of a theme by year or region.

    Parameters
    ----------
    table : DataFrame
        Table ``wordings``.
    labels : Labels
    theme : str
    by : {"year", "region_code"}
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Years run across, in blocks where they are many; regions run down, those with most hits first. The rarer
        wordings are drawn as one, so that the shares of a group add up to one. White with a 0: the group has
        documents without it; hatched: there is no document.
    """
    own = table[(table["theme"] == theme) & (table["language"] == language) & (table["by"] == by)]
    values = _gathered(own)
    groups, left = _groups(values, by)
    values = values[values["group"].isin(groups)].reset_index(drop=True)
    terms = list(dict.fromkeys(values["term"]))
    title = labels.pair(
        "wordings_year_title" if by == "year" else "wordings_region_title",
        theme=lambda name: getattr(labels.theme_label(theme), name),
    )
    width = -(-len(groups) // -(-len(groups) // fitting(MOST_YEARS)))  # blocks as alike as they can be
    blocks = [groups[at : at + width] for at in range(0, len(groups), width)]
    with drawing():
        names = {term: _name(values[values["term"] == term].iloc[0], labels) for term in terms}
        if by == "region_code":
            figure = new_figure(28 + LETTER * max(map(columns_of, names.values())) + CELL * len(groups))
            _regions(figure.subplots(), values, labels, groups, names)
        else:
            figure = new_figure(24 + len(blocks) * (12 + CELL * len(terms)))
            axes = figure.subplots(len(blocks), 1, squeeze=False).ravel().tolist()
            for ax, block in zip(axes, blocks, strict=True):
                _years(ax, values, block, names, len(blocks[0]))
        entitle(figure, labels.join(title, between=" · "))
        signs = [("", "wordings_cell"), ("n =", "wordings_n"), ("▨", "mark_absent")]
        signs += [(WIDE, "wordings_wide")] if values["scope"].eq("wide").any() else []
        more = labels.lines(labels.pair("wordings_more", n=str(left))) if left else ()
        footnote(figure, *labels.lines(labels.legend(*signs)), *more)
    spec = {"theme": theme, "by": by, "language": language}
    stem = f"wordings_{theme}_by_{'year' if by == 'year' else 'region'}_{language}"
    caption = _caption(own, language)
    return Chart(stem, figure, values, title, caption, caption, spec, _says(own, labels, theme, by))


def _gathered(own: pd.DataFrame) -> pd.DataFrame:
    """Return the most frequent wordings, the others as one; over years in the order of their use, else by their hits."""
    total = own.groupby("term")["n_hits"].sum()
    total = total[total > 0]
    order = total.to_frame().reset_index().sort_values(["n_hits", "term"], ascending=[False, True])["term"].tolist()
    kept = order if len(order) <= MOST_TERMS + 1 else order[:MOST_TERMS]
    values = own[own["term"].isin(kept)].assign(n_terms=1)
    if own["by"].iloc[0] == "year":
        centre = (values["group"].astype(int) * values["n_hits"]).groupby(values["term"]).sum() / total
        kept = sorted(kept, key=lambda term: (float(centre[term]), term))
    rest = own[own["term"].isin(set(order) - set(kept))]
    if len(rest):
        keys = ["theme", "by", "group", "language", "n_theme", "n_docs"]
        one = rest.groupby(keys, as_index=False).agg(
            n_hits=("n_hits", "sum"), share=("share", lambda part: part.sum(min_count=1))
        )
        values = pd.concat(
            [values, one.assign(term=REST, scope="narrow", n_terms=rest["term"].nunique())], ignore_index=True
        )
    place = {term: number for number, term in enumerate([*kept, REST])}
    return values.sort_values(
        ["term", "group"], key=lambda column: column.map(place) if column.name == "term" else column, kind="stable"
    )


def _groups(values: pd.DataFrame, by: str) -> tuple[list[str], int]:
    """Return the groups that are drawn, and how many are left."""
    first = values.drop_duplicates("group")
    if by == "year":
        return sorted(first["group"], key=int), 0
    order = first.sort_values(["n_theme", "group"], ascending=[False, True])["group"].tolist()
    return order[:MOST_REGIONS], len(order[MOST_REGIONS:])


def _name(row: pd.Series, labels: Labels) -> str:
    """Return the name of a wording; one beside the headline has a sign."""
    if row["term"] == REST:
        return drawable(labels.word("wordings_rest", n=str(row["n_terms"])))
    return f"{shorten(drawable(row['term']), fitting(NAME))}{f' {WIDE}' if row['scope'] == 'wide' else ''}"


def _years(ax: Axes, values: pd.DataFrame, block: Sequence[str], names: dict[str, str], width: int) -> None:
    """Draw some years, a row a wording."""
    column, line = {group: at for at, group in enumerate(block)}, {term: at for at, term in enumerate(names)}
    for row in rows(values[values["group"].isin(block)]):
        _cell(ax, column[row.group], line[row.term], row)
    n_theme = values.drop_duplicates("group").set_index("group")["n_theme"]
    prefix = "n=" if width <= fitting(MOST_YEARS) / 2 else ""
    _frame(ax, max(width, FEWEST), len(names))
    ax.set_xticks(range(len(block)), [f"{group}\n{prefix}{n_theme[group]}" for group in block], fontsize="x-small")
    ax.set_yticks(range(len(names)), list(names.values()))


def _regions(ax: Axes, values: pd.DataFrame, labels: Labels, groups: Sequence[str], names: dict[str, str]) -> None:
    """Draw the regions, a row each and a column a wording, their names above."""
    line, column = {group: at for at, group in enumerate(groups)}, {term: at for at, term in enumerate(names)}
    for row in rows(values):
        _cell(ax, column[row.term], line[row.group], row)
    n_theme = values.drop_duplicates("group").set_index("group")["n_theme"]
    _frame(ax, max(len(names), FEWEST), len(groups))
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(names)), list(names.values()), rotation=90, fontsize="small")
    ax.set_yticks(
        range(len(groups)),
        [f"{shorten(drawable(labels.region(code)), fitting(NAME))}  n={n_theme[code]}" for code in groups],
    )


def _cell(ax: Axes, column: int, line: int, row: Any) -> None:  # noqa: ANN401  # a row of a table
    """Draw one group's use of one wording: colour for the share, white for none, hatched without documents."""
    share = 0.0 if row.share is None else float(row.share)
    face = colormaps[SEQUENTIAL](0.08 + 0.85 * share) if row.n_hits else "white"
    hatch = None if row.n_docs else "////"
    ax.add_patch(
        Rectangle((column - 0.5, line - 0.5), 1, 1, facecolor=face, edgecolor=PALE, linewidth=0.8, hatch=hatch)
    )
    said = str(row.n_hits) if row.n_docs else ""
    ink = "white" if share > 0.55 else INK if row.n_hits else MUTED
    ax.text(column, line, said, ha="center", va="center", fontsize="x-small", color=ink, in_layout=False)


def _frame(ax: Axes, width: int, height: int) -> None:
    """Set the limits of a matrix."""
    ax.set_xlim(-0.5, width - 0.5)
    ax.set_ylim(height - 0.5, -0.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _caption(own: pd.DataFrame, language: str) -> Label:
    """Say what was counted, its denominator, and what is beside the headline."""
    kind, per_group = DOCUMENTS[language], own.drop_duplicates("group")
    n_theme, n_docs = int(per_group["n_theme"].sum()), int(per_group["n_docs"].sum())
    wide = int(own.loc[own["scope"] == "wide", "n_hits"].sum())
    beside = Label(
        f" {wide:,} of the hits are of wide wordings ({WIDE}: predecessors, loose translations), which no rate counts."
        if wide
        else "",
        f"其中 {wide:,} 处为广义提法（{WIDE}：前身提法、宽泛译法），不计入频率。" if wide else "",
    )
    return Label(
        f"{kind.en}: {n_theme:,} hits in {n_docs:,} documents. Colour is the share of a wording in the hits of its group (n); "
        f"excluded hits are left out.{beside.en}",
        f"{kind.zh} {n_docs:,} 篇，命中 {n_theme:,} 处。颜色为该提法占该组命中（n）的比例；已排除误命中。{beside.zh}",
    )


def _says(own: pd.DataFrame, labels: Labels, theme: str, by: str) -> Label:
    """Name the most frequent wording of the first and the last group that has the theme, or of all."""
    name, seen = labels.theme_label(theme), own[own["n_theme"] > 0]
    if by == "year":
        years = seen["group"].astype(int)
        parts = [seen[years == year] for year in sorted({int(years.min()), int(years.max())})]
    else:
        parts = [part for _, part in seen.groupby("group")]
        parts = sorted(parts, key=lambda part: -int(part["n_theme"].iloc[0]))[:2]
    en, zh = [], []
    for part in parts:
        top = part.iloc[int(part["n_hits"].to_numpy(dtype=float).argmax())]
        group = labels.group_label(by, str(top["group"]))
        en.append(f"{top['term']} {top['n_hits']} of {top['n_theme']} in {group.en}")
        zh.append(f"{group.zh}{top['term']} {top['n_hits']}/{top['n_theme']}")
    return Label(f"Most frequent wording of {name.en}: {'; '.join(en)}.", f"{name.zh}最常用提法：{'；'.join(zh)}。")
