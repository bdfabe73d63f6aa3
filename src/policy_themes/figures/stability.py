"""Would other fits find the topics that are shown? A dot for each, and the bar that it has to reach."""

import pandas as pd

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import (
    FAINT,
    MAIN,
    MUTED,
    drawable,
    drawing,
    entitle,
    footnote,
    new_figure,
    shorten,
    wrapped,
)
from policy_themes.figures.terms import readable
from policy_themes.lexicon.records import Label

ENOUGH = 0.9
ROW = 4.8  # millimetres a topic
NAME = 46  # columns of a topic's words


def topic_stability(stability: pd.DataFrame, labels: Labels, *, language: str, k: int) -> Chart:
    """
    Draw how well other fits find each topic again.

    Parameters
    ----------
    stability : DataFrame
        Table ``topic_stability``.
    labels : Labels
    language : {"zh", "en"}
    k : int
        Number of topics.

    Returns
    -------
    Chart
        Filled: found again (cosine at least .90); open and grey: not.
    """
    own = stability[(stability["language"] == language) & (stability["k"] == k) & (stability["text"] == "as it is")]
    values = own.sort_values("topic", ignore_index=True)
    cosine = values["cosine"].to_numpy(dtype=float)
    found = values["mark"].ne("unstable").to_numpy(dtype=bool)
    title = labels.pair("stability_title")
    with drawing():
        figure = new_figure(32 + ROW * max(len(values), 3))
        ax = figure.subplots()
        place = values.index.to_numpy(dtype=float)
        ax.hlines(place, 0, cosine, color=FAINT, linewidth=0.6, zorder=0)
        ax.axvline(ENOUGH, color=MUTED, linewidth=0.8, linestyle=":", zorder=0)
        for chosen, colour, face in ((found, MAIN, MAIN), (~found, MUTED, "white")):
            if chosen.any():
                ax.scatter(
                    cosine[chosen],
                    place[chosen],
                    s=20,
                    edgecolor=colour,
                    facecolor=face,
                    linewidth=1,
                    zorder=3,
                    clip_on=False,
                )
        for spot, value in zip(place, cosine, strict=True):
            ax.text(
                1.02,
                spot,
                f"{value:.2f}",
                transform=ax.get_yaxis_transform(),
                va="center",
                fontsize="small",
                color=MUTED,
            )
        names = [
            f"{topic}  {shorten(readable(terms), fitting(NAME))}"
            for topic, terms in zip(values["topic"], values["terms"], strict=True)
        ]
        ax.set_yticks(place, names)
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(min(0.0, float(cosine.min()) - 0.02), 1.0)
        ax.set_ylim(len(values) - 0.4, -0.6)
        ax.set_xlabel("\n".join(wrapped(drawable(labels.word("stability_axis", between=" · ")), fitting(70))))
        entitle(figure, labels.join(title, between=" · "))
        footnote(
            figure,
            *labels.lines(labels.legend(("●", "stability_found"), ("○", "stability_lost"), ("┈", "quality_enough"))),
        )
    first, n = values.iloc[0], int(found.sum())
    kind = DOCUMENTS[language]
    caption = Label(
        f"{kind.en}: each of {k} topics ({first['engine']}) matched with a topic of {first['n_seeds']} other fits by its words "
        "beyond what all topics share; mean cosine. Topics below .90 say more about the seed than about the documents.",
        f"{kind.zh}：{k} 个话题（{first['engine']}）按超出共有部分的词语与另外 {first['n_seeds']} 次拟合的话题匹配，取平均余弦；低于 .90 者主要反映随机种子。",
    )
    says = Label(
        f"Other fits find {n} of {k} topics again (cosine at least .90).",
        f"其他拟合可重现 {k} 个话题中的 {n} 个（余弦不低于 .90）。",
    )
    spec = {"language": language, "k": k, "engine": str(first["engine"]), "n_seeds": int(first["n_seeds"])}
    return Chart(f"topic_stability_{language}", figure, values, title, caption, caption, spec, says)
