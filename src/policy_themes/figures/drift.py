"""The words of one topic over slices of years."""

from typing import Protocol

import numpy as np
import pandas as pd

from policy_themes.errors import invalid
from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import paint
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import (
    MAIN,
    MUTED,
    SECOND,
    drawable,
    drawing,
    entitle,
    footnote,
    multiline,
    new_figure,
    shorten,
    tick_step,
)
from policy_themes.figures.terms import readable
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

WORDS, MOVED, MOST_HEADS = 14, 6, 14
ROW = 6.0  # millimetres
SIGNS = {"went": "↓", "came": "↑"}


class Moved(Protocol):
    """The tables of a dynamic model."""

    @property
    def slices(self) -> pd.DataFrame:
        """Table ``slices``."""

    @property
    def topic_slices(self) -> pd.DataFrame:
        """Table ``topic_slices``."""

    @property
    def slice_terms(self) -> pd.DataFrame:
        """Table ``slice_terms``."""

    @property
    def word_movement(self) -> pd.DataFrame:
        """Table ``word_movement``."""


def topic_drift(moved: Moved, labels: Labels, *, topic: int) -> Chart:
    """
    Draw a topic's words by slice, those that went first and those that came last; above, how alike slices are.

    Parameters
    ----------
    moved : Moved
    labels : Labels
    topic : int
        From 1.

    Returns
    -------
    Chart
        A slice without documents, or with too few, is hatched; no line goes over it.

    Raises
    ------
    UsageError
        If there is no such topic.
    """
    tables = {name: getattr(moved, name) for name in ("topic_slices", "slice_terms", "word_movement")}
    own = {name: table[table["topic"] == topic] for name, table in tables.items()}
    if own["word_movement"].empty:
        raise invalid("--topic", topic, f"a number from 1 to {tables['word_movement']['topic'].max()}")
    slices = moved.slices[moved.slices["slice"].notna()]
    shown = _shown(own["word_movement"], own["slice_terms"])
    values = own["slice_terms"].merge(shown.drop(columns=["language", "topic"]), on="term")
    values = values.merge(slices.drop(columns="language"), on="slice", suffixes=("", "_slice"), how="outer")
    names = slices["slice"].tolist()
    wide = values.dropna(subset=["term"]).pivot(index="term", columns="slice", values="beta")
    matrix = 100 * wide.reindex(index=shown["term"], columns=names).to_numpy(np.float64, na_value=np.nan)
    alike = own["topic_slices"].set_index("slice")[["cosine_before", "cosine_alone"]].reindex(names)
    title = labels.pair("drift_title", topic=str(topic))
    with drawing():
        figure = new_figure(64 + ROW * len(shown))
        above, ax = figure.subplots(2, 1, sharex=True, height_ratios=[18, ROW * len(shown)])
        for column, colour, face in (("cosine_before", MAIN, MAIN), ("cosine_alone", SECOND, "white")):
            above.plot(range(len(names)), alike[column].to_numpy(np.float64, na_value=np.nan), marker="o", markersize=3.5,
                       color=colour, markerfacecolor=face, linewidth=0.9, clip_on=False)  # fmt: skip
        above.set_ylim(0, 1.02)
        above.set_yticks([0, 0.5, 1])
        above.set_ylabel(multiline(labels.word("drift_alike", between="\n")))
        above.grid(axis="y")
        few = len(names) <= fitting(MOST_HEADS)
        paint(ax, matrix, [[f"{value:.1f}" if few and np.isfinite(value) else "" for value in row] for row in matrix])
        heads = [multiline(f"{row.slice}\nn={row.n_docs}".replace("–", "–\n")) for row in rows(slices)]
        step = tick_step(len(heads), MOST_HEADS)
        ax.set_xticks(range(0, len(heads), step), heads[::step])
        ax.set_yticks(range(len(shown)), [_word(row.term, row.mark) for row in rows(shown)])
        above.tick_params(labelbottom=False, length=0, labelcolor=MUTED)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(
            ("●", "drift_before"), ("○", "drift_alone"), ("", "drift_cell"), ("n =", "documents"), ("↑", "drift_came"),
            ("↓", "drift_went"), ("▨", "drift_gap"),
        )))  # fmt: skip
    caption = _caption(moved, own, topic)
    spec = {"topic": topic, "language": own["word_movement"]["language"].iloc[0]}
    return Chart(
        f"topic_drift_{topic}_{spec['language']}", figure, values, title, caption, caption, spec, _says(own, topic)
    )


def _shown(movement: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """Return the words that are drawn: what went, what stays most frequent, what came."""
    went = movement[movement["mark"] == "went"].nsmallest(MOVED, "score", keep="first")
    came = movement[movement["mark"] == "came"].nlargest(MOVED, "score", keep="first")
    others = movement[~movement["term"].isin([*went["term"], *came["term"]])]
    mean = others["term"].map(terms.groupby("term")["beta"].mean())
    stays = others.loc[mean.sort_values(ascending=False, kind="stable").index[: WORDS - len(went) - len(came)]]
    return pd.concat([went, stays, came[::-1]], ignore_index=True)


def _word(term: str, mark: str) -> str:
    """Return a word with the sign of its movement."""
    return drawable(f"{shorten(readable(term), fitting(26))} {SIGNS.get(mark, '')}")


def _caption(moved: Moved, own: dict[str, pd.DataFrame], topic: int) -> Label:
    """Say what was fitted, what took no part, and what the signs mean."""
    movement, language = own["word_movement"].iloc[0], own["word_movement"]["language"].iloc[0]
    sums = moved.slices.groupby("mark")["n_docs"].sum()
    fitted, few, undated = (int(sums.get(mark, 0)) for mark in ("fitted", "too few", "no year"))
    n, kind = int(movement["n_refits"]), DOCUMENTS[language]
    return Label(
        f"{fitted} {kind.en} in slices of years, a dynamic topic model (topic {topic} of {moved.topic_slices['topic'].max()}); "
        f"{few} documents in slices with too few passages and {undated} without a year take no part. Marked words moved "
        f"farther from the first to the last slice, for how frequent they and the topic are, than any word of any topic in {n} "
        f"fits with years dealt out anew, and in the same direction in {n} fits to halves of the documents. The "
        "model smooths over neighbouring slices, so that sudden changes look gradual; other kinds of documents or regions in "
        "later years would move words as well.",
        f"{kind.zh} {fitted} 篇，按时段拟合动态话题模型（话题 {topic}，共 {moved.topic_slices['topic'].max()} 个）；"
        f"段落过少时段的 {few} 篇与无年份的 {undated} 篇未参与。标记的词语自首段至末段的变动（相对于其频率与话题规模）"
        f"超过 {n} 次打乱年份的拟合中任何词语的变动，且在 {n} 次半数文献的拟合中方向一致。"
        "模型在相邻时段间平滑，突变会显得渐变；文种或地区构成变化亦会使词语变动。",
    )


def _says(own: dict[str, pd.DataFrame], topic: int) -> Label:
    """Say which words came and went, and how alike the ends are."""
    movement, ends = own["word_movement"], own["topic_slices"].iloc[[0, -1]]
    first, last = ends["slice"]
    parts = []
    for mark, en, zh in (("came", "more frequent", "上升"), ("went", "less frequent", "下降")):
        marked = movement[movement["mark"] == mark]
        most = marked.reindex(marked["score"].abs().sort_values(ascending=False, kind="stable").index)[:MOVED]
        said = [f"{readable(row.term)} ({row.beta_first:.1%} → {row.beta_last:.1%})" for row in rows(most)]
        parts.append(
            Label(f"{en}: {', '.join(said) or 'no word beyond chance'}", f"{zh}：{'、'.join(said) or '无词语超出偶然'}")
        )
    alike, chance = float(ends["cosine_first"].iloc[1]), float(ends["cosine_chance"].iloc[1])
    return Label(
        f"Topic {topic}, {first} to {last}: {parts[0].en}; {parts[1].en}. Cosine of first and last slice {alike:.2f}; with "
        f"years dealt out anew no topic is below {chance:.2f}.",
        f"话题 {topic}，{first} 至 {last}：{parts[0].zh}；{parts[1].zh}。首末时段余弦 {alike:.2f}；打乱年份时各话题不低于 {chance:.2f}。",
    )
