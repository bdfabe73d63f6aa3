"""One theme measured three ways: lexicon rate, TF-IDF weight, topic prevalence."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import MAIN, MUTED, drawable, drawing, entitle, multiline, panels
from policy_themes.lexicon.records import Label

MEASURES = ("rate", "tfidf", "topic")
AXES = {"rate": "rate_{unit}", "tfidf": "weight", "topic": "prevalence"}


def triangulation(
    values: pd.DataFrame, labels: Labels, *, theme: str, topic: int, by: Literal["year", "region_code"], language: str
) -> Chart:
    """
    Draw three measures of one theme side by side.

    Parameters
    ----------
    values : DataFrame
        Columns ``group, rate, tfidf, topic, n_docs``: lexicon rate per 10,000,
        mean TF-IDF weight of the theme's words, mean prevalence of the topic in
        which most of its hits stand; ``attrs["unstable"]`` tells that other fits
        do not find that topic, which is then grey and counts for nothing.
    labels : Labels
    theme : str
    topic : int
        That topic.
    by : {"year", "region_code"}
    language : {"zh", "en"}
    """
    unstable = bool(values.attrs.get("unstable"))
    values = values.reset_index(drop=True)
    key = "triangulation_year_title" if by == "year" else "triangulation_region_title"
    title = labels.pair(key, theme=lambda name: getattr(labels.theme_label(theme), name))
    unit = "han" if language == "zh" else "word"
    names = [labels.group(by, group) for group in values["group"]]
    heads = [
        labels.word("panel_rate"),
        labels.word("panel_tfidf"),
        labels.word("panel_topic", topic=str(topic)),
    ]
    with drawing():
        figure, axes = panels(3, columns=3, panel_height=26 + 5.0 * len(names))
        for ax, measure, head in zip(axes, MEASURES, heads, strict=True):
            _panel(ax, values, measure, head, MUTED if measure == "topic" and unstable else MAIN)
            ax.set_xlabel(multiline(labels.word(AXES[measure].format(unit=unit), between="\n")))
            ax.set_yticks(range(len(names)), [drawable(name) for name in names] if ax is axes[0] else [])
        for place, n in enumerate(values["n_docs"]):
            axes[-1].text(1.02, place, f"n={n}", transform=axes[-1].get_yaxis_transform(), va="center", fontsize="small",
                          color=MUTED)  # fmt: skip
        entitle(figure, labels.join(title, between=" · "))
    kind = DOCUMENTS[language]
    agree = agreement(values, MEASURES[:2] if unstable else MEASURES)
    if unstable:
        agree = Label(
            f"{agree.en} Topic {topic} does not count: other fits do not find it again.",
            f"{agree.zh}话题 {topic} 不计入：其他拟合不能重现。",
        )
    caption = Label(
        f"{kind.en}: hits per 10,000, mean TF-IDF weight of the theme's words, and mean share of the topic that holds "
        f"most of its hits, for each group of n documents. {agree.en} One fit with one seed; no sampling interval.",
        f"{kind.zh}：每万字（词）命中数、主题词平均 TF-IDF 权重、含其命中最多的话题的平均占比；n 为文献数。{agree.zh}仅一次拟合，无抽样区间。",
    )
    stem = f"triangulation_{theme}_by_{'year' if by == 'year' else 'region'}_{language}"
    spec = {"theme": theme, "topic": topic, "by": by, "language": language}
    return Chart(stem, figure, values, title, caption, caption, spec, agree)


def agreement(values: pd.DataFrame, measures: Sequence[str] = MEASURES) -> Label:
    """
    Say whether the measures name the same group as highest.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["a", "b"], "rate": [1, 2], "tfidf": [1, 2], "topic": [3, 2], "n_docs": [1, 1]})
    >>> agreement(table).en
    'Two of the three measures agree on the highest group.'
    >>> agreement(table, ["rate", "tfidf"]).en
    'The two measures agree on the highest group.'
    """
    highest = [values["group"].iloc[int(values[measure].astype(float).to_numpy().argmax())] for measure in measures]
    same = max(highest.count(group) for group in highest)
    if len(measures) == 2:
        return (
            Label("The two measures disagree on the highest group.", "两种度量的最高组不同。"),
            Label("The two measures agree on the highest group.", "两种度量的最高组一致。"),
        )[same - 1]
    return (
        Label("The three measures disagree on the highest group.", "三种度量的最高组各不相同。"),
        Label("Two of the three measures agree on the highest group.", "三种度量中有两种的最高组一致。"),
        Label("All three measures agree on the highest group.", "三种度量的最高组一致。"),
    )[same - 1]


def _panel(ax: Axes, values: pd.DataFrame, measure: str, head: str, colour: str) -> None:
    """Draw one measure over the groups."""
    place = list(range(len(values)))
    numbers = values[measure].astype(float)
    ax.hlines(place, 0, numbers, color=colour, linewidth=2, alpha=0.35)
    faces = ["white" if number == 0 else colour for number in numbers]
    ax.scatter(numbers, place, s=18, facecolor=faces, edgecolor=colour, zorder=3, clip_on=False)
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.set_xlim(0, float(numbers.max()) * 1.12 if numbers.max() > 0 else 1.0)
    ax.set_title(drawable(head))
    ax.locator_params(axis="x", nbins=4)
    ax.grid(axis="x")
