"""Whether topics hold up, over several numbers of them: no curve says which number is best."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import MAIN, MUTED, SECOND, drawable, drawing, entitle, footnote, panels
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

MEASURES = ("perplexity", "npmi", "exclusivity", "cosine")
ENOUGH = 0.9


def topic_quality(quality: pd.DataFrame, labels: Labels, *, language: str) -> Chart:
    """
    Draw four measures of topic models that differ by their number of topics.

    Parameters
    ----------
    quality : DataFrame
        Table ``topic_quality`` of one language and engine.
    labels : Labels
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Stability has how many topics other seeds find, and as a cross the same
        text with its words dealt out anew, in which there are no topics to find.
    """
    values = quality[quality["language"] == language].sort_values("k", ignore_index=True)
    title = labels.pair("quality_title")
    with drawing():
        figure, axes = panels(len(MEASURES), columns=2, panel_height=42)
        for ax, measure in zip(axes, MEASURES, strict=True):
            ax.plot(values["k"], values[measure].astype(float), color=MAIN, marker="o", markersize=4, linewidth=1)
            ax.set_title(drawable(labels.word(f"quality_{measure}")))
            ax.set_xticks(values["k"].tolist())
            ax.yaxis.set_major_locator(MaxNLocator(4))
            ax.margins(x=0.08, y=0.15)
            ax.grid(axis="y")
        _stable(axes[-1], values)
        entitle(figure, labels.join(title, between=" · "))
        dealt = labels.legend(
            ("", "topic_count"), ("n/K", "quality_n_stable"), ("×", "quality_shuffled"), ("┈", "quality_enough")
        )
        footnote(figure, *labels.lines(dealt))
    first, kind = values.iloc[0], DOCUMENTS[language]
    caption = Label(
        f"{kind.en}: fitted to {first['n_units']:,} texts ({first['unit']}), {first['n_seeds']} fits ({first['engine']}) for each number of "
        "topics, a tenth of the texts held out. Lower perplexity is better, higher is better elsewhere. No curve chooses "
        "a number: more topics complete held-out text better and are found again less well.",
        f"{kind.zh}：拟合 {first['n_units']:,} 段文本，每个话题数拟合 {first['n_seeds']} 次（{first['engine']}），留出十分之一文本。困惑度越低越好，"
        "其余越高越好。任何曲线都不能替代判断：话题越多，留出文本拟合越好，而可重现性越差。",
    )
    said = [f"K = {row.k}: {row.n_stable} of {row.k} (mean cosine {row.cosine:.2f})" for row in rows(values)]
    zh = [f"K = {row.k}：{row.k} 个中 {row.n_stable} 个（平均余弦 {row.cosine:.2f}）" for row in rows(values)]
    says = Label(
        f"Topics that other seeds find again: {'; '.join(said)}.", f"可由其他随机种子重现的话题：{'；'.join(zh)}。"
    )
    spec = {"language": language, "engine": str(first["engine"]), "ks": values["k"].tolist()}
    return Chart(f"topic_quality_{language}", figure, values, title, caption, caption, spec, says)


def _stable(ax: Axes, values: pd.DataFrame) -> None:
    """Add the shuffled text, the bar, and how many topics reach it."""
    ax.axhline(ENOUGH, color=MUTED, linewidth=0.8, linestyle=":")
    dealt = values.dropna(subset=["cosine_shuffled"])
    ax.scatter(dealt["k"], dealt["cosine_shuffled"].astype(float), marker="x", s=20, color=SECOND, linewidth=1)
    for row in rows(values):
        ax.annotate(f"{row.n_stable}/{row.k}", (row.k, row.cosine), xytext=(0, -5), textcoords="offset points", ha="center",
                    va="top",
                    fontsize="small", color=MUTED)  # fmt: skip
    ax.set_ylim(0, 1.12)
