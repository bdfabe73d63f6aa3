"""Terms that tell groups of documents apart, one panel a group."""

from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import MAIN, MUTED, drawable, drawing, entitle, footnote, panels, shorten
from policy_themes.lexicon.records import Label

MOST_GROUPS = 12


def readable(term: str) -> str:
    """Return a term as it is read: joined English terms with blanks again."""
    return drawable(term.replace("_", " "))


def group_terms(weights: pd.DataFrame, labels: Labels, *, by: Literal["year", "region_code"], language: str) -> Chart:
    """
    Draw the heaviest terms of each year or region.

    Parameters
    ----------
    weights : DataFrame
        Table ``term_weights`` of one grouping and language.
    labels : Labels
    by : {"year", "region_code"}
    language : {"zh", "en"}
    """
    groups = sorted(set(weights["group"]))
    shown = groups[-MOST_GROUPS:] if by == "year" else groups[:MOST_GROUPS]
    values = weights[weights["group"].isin(shown)].reset_index(drop=True)
    rows = int(values["rank"].max())
    title = labels.pair("terms_year_title" if by == "year" else "terms_region_title")
    with drawing():
        figure, axes = panels(len(shown), columns=3, panel_height=13 + 3.7 * rows)
        for ax, group in zip(axes, shown, strict=True):
            _panel(ax, values[values["group"] == group], labels.group(by, group))
            ax.set_ylim(rows - 0.4, -0.6)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.pair("weight")))
    left = len(groups) - len(shown)
    kind = DOCUMENTS[language]
    caption = Label(
        f"{kind.en}: mean TF-IDF weight over the documents of each group (inverse document frequency over documents; "
        f"names of places and outlets left out); in brackets how often the term occurs there."
        f"{f' {left} further groups are in tables/term_weights.csv.' if left else ''} Descriptive: a group of one document is that document.",
        f"{kind.zh}：各组文献的平均 TF-IDF 权重（逆文档频率按文献计算；地名与媒体名已略去），括号内为出现次数。"
        f"{f'另有 {left} 组见 tables/term_weights.csv。' if left else ''}仅为描述：只有一篇文献的组即该文献本身。",
    )
    stem = f"terms_by_{'year' if by == 'year' else 'region'}_{language}"
    return Chart(
        stem, figure, values, title, caption, caption, {"by": by, "language": language}, _says(values, labels, by)
    )


def _panel(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    """Draw one group's terms."""
    place = list(range(len(rows)))
    ax.barh(place, rows["tf_idf"].astype(float), color=MAIN, height=0.62)
    names = [
        f"{shorten(readable(term), fitting(26, panels=3))} ({n})"
        for term, n in zip(rows["term"], rows["n_group"], strict=True)
    ]
    ax.set_yticks(place, names)
    ax.tick_params(axis="y", length=0, labelcolor=MUTED)
    ax.set_title(shorten(drawable(name), fitting(30, panels=3)), loc="right")
    ax.locator_params(axis="x", nbins=3)
    ax.grid(axis="x")


def _says(values: pd.DataFrame, labels: Labels, by: str) -> Label:
    """Name the first three terms of each group, at most four groups."""
    parts = []
    for group in list(dict.fromkeys(values["group"]))[:4]:
        rows = values[values["group"] == group]
        terms = [readable(term) for term in rows.sort_values("rank")["term"].head(3)]
        name = labels.region_label(group) if by == "region_code" else Label(group, group)
        parts.append(Label(f"{name.en}: {', '.join(terms)}", f"{name.zh}：{'、'.join(terms)}"))
    return Label(
        "Heaviest terms: " + "; ".join(p.en for p in parts) + ".", "特征词：" + "；".join(p.zh for p in parts) + "。"
    )
