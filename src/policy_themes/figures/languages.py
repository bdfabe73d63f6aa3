"""Does a text have a theme in both of its languages? Counted text by text, theme by theme."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import fitting
from policy_themes.figures.style import (
    FAINT,
    MAIN,
    MUTED,
    SECOND,
    drawable,
    drawing,
    entitle,
    footnote,
    new_figure,
    shorten,
)
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

ROW = 4.8  # millimetres
SIDES = (("n_both", MAIN), ("n_zh_only", SECOND), ("n_en_only", FAINT))
USABLE = 0.8


def agreement_chart(agreement: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw of each theme how many texts have it in both languages, in Chinese only, in English only.

    Parameters
    ----------
    agreement : DataFrame
        Table ``language_agreement``; themes that no text has are left out.
    labels : Labels

    Returns
    -------
    Chart
        The most frequent theme first; beside each bar the texts that have it, and how
        much of the English is Chinese too (precision) and of the Chinese English (recall).
    """
    values = agreement.assign(n=agreement[["n_both", "n_zh_only", "n_en_only"]].sum(axis=1))
    values = values[values["n"] > 0].sort_values(
        ["n", "theme"], ascending=[False, True], kind="stable", ignore_index=True
    )
    title = labels.pair("agreement_title")
    with drawing():
        figure = new_figure(30 + ROW * len(values))
        ax = figure.subplots()
        _bars(ax, values, labels)
        entitle(figure, labels.join(title, between=" · "))
        signs = (("", "agreement_both"), ("", "agreement_zh_only"), ("", "agreement_en_only"))
        footnote(figure, *labels.lines(labels.legend(*signs, ("P", "agreement_precision"), ("R", "agreement_recall"))))
    usable = values[(values["precision"] >= USABLE) & (values["recall"] >= USABLE)]
    n_segments, n_years = int(values["n_segments"].iloc[0]), int(values["n_years"].iloc[0])
    caption = Label(
        f"{n_segments:,} aligned texts of {n_years} years. Of {len(values)} themes {len(usable)} have a precision and a recall of "
        f"at least {USABLE:.1f}; a rate in English of any other measures the translator.",
        f"{n_segments:,} 条对齐文本，{n_years} 个年份。{len(values)} 个主题中 {len(usable)} 个的查准率与查全率均不低于 {USABLE:.1f}；"
        "其余主题的英文频率反映的是译法。",
    )
    worst = values.sort_values("recall", kind="stable").iloc[0]
    name = labels.theme_label(str(worst["theme"]))
    says = caption
    if worst["n_zh_only"] > 0:
        says = Label(
            f"{name.en} is lost most often: {worst['n_zh_only']} of {worst['n_both'] + worst['n_zh_only']} texts that have it in "
            "Chinese do not in English.",
            f"{name.zh}漏失最多：中文含该主题的 {worst['n_both'] + worst['n_zh_only']} 条文本中，{worst['n_zh_only']} 条英文没有。",
        )
    return Chart(
        "language_agreement", figure, values, title, caption, caption, {"usable": sorted(usable["theme"])}, says
    )


def _bars(ax: Axes, values: pd.DataFrame, labels: Labels) -> None:
    """Draw the shares of each theme's texts, with its numbers at the end."""
    left = pd.Series(0.0, index=values.index)
    for name, colour in SIDES:
        share = values[name] / values["n"]
        ax.barh(values.index, share, left=left, color=colour, height=0.62)
        left = left + share
    for place, row in enumerate(rows(values)):
        p, r = ("–" if part is None else f"{part:.2f}" for part in (row.precision, row.recall))
        ax.text(1.02, place, f"n={row.n:,}  P {p}  R {r}", va="center", fontsize="small", color=MUTED, in_layout=True)
    ax.set_yticks(
        list(range(len(values))), [shorten(drawable(labels.theme(theme)), fitting(40)) for theme in values["theme"]]
    )
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
