"""Topics: their words, and how much of the text of each year and region they are."""

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import Cells, draw_cells, left_out, most_regions
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import MAIN, MUTED, drawable, drawing, entitle, footnote, panels, shorten
from policy_themes.figures.terms import readable
from policy_themes.lexicon.records import Label

WORDS = 8
WORD = 22  # columns of a word
MOST_TOPICS = 10
FREX_WORDS = 3
MOST_COLUMNS = 9  # regions side by side; more stand as rows
NOTHING = Label("", "")
CAUTION = Label(
    "One fit with one seed: topics of a small corpus change with the seed; read them as a finding aid, not as a finding.",
    "仅一次拟合、一个随机种子：小语料的话题随种子变化，只宜作检索线索，不宜作结论。",
)


def topic_names(terms: pd.DataFrame) -> dict[int, str]:
    """
    Name each topic by its words that are both frequent and exclusive (FREX).

    Parameters
    ----------
    terms : DataFrame
        Table ``topic_terms`` of one language.
    """
    topics = sorted(set(terms["topic"].astype(int)))
    best = {
        topic: terms[terms["topic"] == topic].nlargest(FREX_WORDS, "frex", keep="first")["term"] for topic in topics
    }
    return {topic: ", ".join(map(readable, words)) for topic, words in best.items()}


def topic_words(terms: pd.DataFrame, labels: Labels, *, language: str) -> Chart:
    """
    Draw the most probable words of each topic beside those that are frequent and exclusive.

    Parameters
    ----------
    terms : DataFrame
        Table ``topic_terms`` of one language.
    labels : Labels
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Two panels a topic. ``values`` has the words of both, with their rank by FREX among the words of the table.
    """
    every = sorted(set(terms["topic"].astype(int)))
    topics = every[:MOST_TOPICS]
    ranks = terms.groupby("topic")["frex"].rank(method="first", ascending=False).astype("Int64")
    values = terms.assign(frex_rank=ranks)[terms["topic"].isin(topics) & ((terms["rank"] <= WORDS) | (ranks <= WORDS))]
    values = values.reset_index(drop=True)
    names, title = topic_names(terms), labels.pair("topics_title")
    with drawing():
        figure, axes = panels(2 * len(topics), columns=4, panel_height=12 + 3.4 * WORDS)
        for number, topic in enumerate(topics):
            own = values[values["topic"] == topic]
            left, right = axes[2 * number : 2 * number + 2]
            _bars(left, own[own["rank"] <= WORDS].sort_values("rank"), MAIN)
            _bars(right, own[own["frex_rank"] <= WORDS].sort_values("frex_rank"), MUTED)
            right.set_xlim(left.get_xlim())
            left.set_title(drawable(labels.word("topic", topic=str(topic))))
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("", "terms_left"), ("", "terms_right"))))
    kind = DOCUMENTS[language]
    more = len(every) > len(topics)
    largest = (
        Label(f" (the {len(topics)} largest are drawn)", f"（图示最大的 {len(topics)} 个）") if more else Label("", "")
    )
    caption = Label(
        f"{kind.en}: {len(every)} topics{largest.en}; on the left the most probable words of a topic, on the right those that "
        f"are both frequent and exclusive to it, in the order of FREX (among its first {int(terms['rank'].max())} words); all bars are probabilities in the topic. {CAUTION.en}",
        f"{kind.zh}：{len(every)} 个话题{largest.zh}；左为话题内概率最高的词语，右为其前 {int(terms['rank'].max())} 个词语中常用且独有者（按 FREX 排序）；横条均为概率。"
        f"{CAUTION.zh}",
    )
    parts = [f"{topic}: {names[topic]}" for topic in topics]
    says = Label(f"Topics: {'; '.join(parts)}.", f"话题：{'；'.join(parts)}。")
    return Chart(f"topic_words_{language}", figure, values, title, caption, caption, {"language": language}, says)


def _bars(ax: Axes, own: pd.DataFrame, colour: str) -> None:
    """Draw words with their probability."""
    place = list(range(len(own)))
    ax.barh(place, own["beta"].astype(float), color=colour, height=0.62)
    ax.set_yticks(place, [shorten(readable(term), fitting(WORD, panels=4)) for term in own["term"]])
    ax.set_ylim(WORDS - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, labelcolor=MUTED)
    ax.locator_params(axis="x", nbins=2)
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.grid(axis="x")


def topic_prevalence(
    prevalence: pd.DataFrame,
    labels: Labels,
    *,
    by: Literal["year", "region_code"],
    names: dict[int, str],
    language: str,
) -> Chart:
    """
    Draw how much of the text of each year or region each topic is.

    Parameters
    ----------
    prevalence : DataFrame
        Table ``topic_prevalence`` of one grouping and language.
    labels : Labels
    by : {"year", "region_code"}
    names : dict of int to str
        Words of each topic.
    language : {"zh", "en"}
    """
    every = prevalence.rename(columns={"group": "region_code"})
    values = most_regions(every).rename(columns={"region_code": "group"}) if by == "region_code" else prevalence
    groups = sorted(set(values["group"]))
    topics = sorted(set(prevalence["topic"].astype(int)))
    wide = values.pivot(index="topic", columns="group", values="prevalence").loc[topics, groups]
    matrix = wide.astype(float).to_numpy()
    steady = prevalence.groupby("topic")["mark"].first().loc[topics].ne("unstable").to_numpy()
    grey = np.repeat(~steady[:, None], len(groups), axis=1)
    sizes = values.groupby("group")["n_docs"].first()
    title = labels.pair("prevalence_year_title" if by == "year" else "prevalence_region_title")
    with drawing():
        rows = [f"{topic}  {shorten(names[topic], fitting(34))}" for topic in topics]
        columns = [f"{labels.group(by, group)}\nn={sizes[group]}" for group in groups]
        if by == "region_code" and len(groups) > fitting(MOST_COLUMNS):
            # Many regions stand as rows, where their names have room.
            matrix, grey = matrix.T, grey.T
            rows, columns = [name.replace("\n", "  ") for name in columns], [str(topic) for topic in topics]
        elif by == "region_code":
            columns = [name.replace(" ", "\n", 1) for name in columns]
        figure, _ = draw_cells(
            Cells(matrix, [[f"{value:.0%}" for value in row] for row in matrix], rows, columns, grey)
        )
        entitle(figure, labels.join(title, between=" · "))
        unsteady = [] if steady.all() else [("", "mark_unstable")]
        footnote(figure, *labels.lines(labels.legend(("", "prevalence"), ("n =", "documents"), *unsteady)),
                 *labels.lines(left_out(most_regions(every), every, labels, "topic_prevalence") if by == "region_code" else NOTHING))  # fmt: skip
    kind, again = DOCUMENTS[language], _found_again(steady)
    caption = Label(
        f"{kind.en}: mean share of each topic over the documents of a group, n documents. {again.en} Intervals and the least "
        f"and the greatest document are in the csv. {CAUTION.en}",
        f"{kind.zh}：各组文献中各话题占比的平均值，n 为文献数。{again.zh}区间及最小、最大文献值见 csv。{CAUTION.zh}",
    )
    drawn = prevalence if not steady.any() else prevalence[prevalence["mark"].ne("unstable")].reset_index(drop=True)
    best = drawn.iloc[int(drawn["prevalence"].astype(float).to_numpy().argmax())]
    name = labels.region_label(best["group"]) if by == "region_code" else Label(best["group"], best["group"])
    says = Label(
        f"Topic {best['topic']} ({names[int(best['topic'])]}) is largest in {name.en}: {best['prevalence']:.0%} of the "
        f"text (n={best['n_docs']}).",
        f"话题 {best['topic']}（{names[int(best['topic'])]}）在{name.zh}占比最大：{best['prevalence']:.0%}（n={best['n_docs']}）。",
    )
    stem = f"topic_prevalence_by_{'year' if by == 'year' else 'region'}_{language}"
    spec = {"by": by, "language": language, "method": prevalence["method"].iloc[0]}
    return Chart(stem, figure, values.reset_index(drop=True), title, caption, caption, spec, says)


def _found_again(steady: np.ndarray) -> Label:
    """
    Say how many topics other fits find again.

    Examples
    --------
    >>> _found_again(np.array([True, False, True])).en
    'Other fits find 2 of the 3 topics again; the others are grey: their course over groups says nothing.'
    """
    n, k = int(steady.sum()), len(steady)
    if n == k:
        return Label(f"Other fits find all {k} topics again.", f"其他拟合均可重现全部 {k} 个话题。")
    return Label(
        f"Other fits find {n} of the {k} topics again; the others are grey: their course over groups says nothing.",
        f"其他拟合可重现 {k} 个话题中的 {n} 个；其余以灰色表示，其变化不可解读。",
    )
