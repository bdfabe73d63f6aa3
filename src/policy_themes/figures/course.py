"""Shares of topics with their intervals: over the years a panel a topic, or regions from the highest to the lowest."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.intervals import SIGN, whiskers
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import Numbers
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import (
    FAINT,
    MAIN,
    MUTED,
    drawable,
    drawing,
    entitle,
    footnote,
    multiline,
    panels,
    shorten,
    tick_step,
)
from policy_themes.lexicon.records import Label

MOST_REGIONS = 40
NAME = 24  # columns of a topic's words above its panel, and of a region's name beside it


def topic_course(
    prevalence: pd.DataFrame,
    labels: Labels,
    *,
    by: Literal["year", "region_code"],
    topics: Sequence[int],
    names: Mapping[int, str],
    language: str,
) -> Chart:
    """
    Draw how much of the text some topics are, with intervals.

    Parameters
    ----------
    prevalence : DataFrame
        Table ``topic_prevalence`` of one grouping and language.
    labels : Labels
    by : {"year", "region_code"}
    topics : sequence of int
        A panel each.
    names : mapping of int to str
        Words of each topic.
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Open and grey: other fits do not find the topic again. Of many regions those are drawn in which the topic
        has the largest share; ``values`` has them all and says in ``drawn`` which those are.
    """
    values = prevalence[prevalence["topic"].isin(list(topics))].reset_index(drop=True)
    ranked = values.sort_values(["prevalence", "group"], ascending=[False, True])
    most = MOST_REGIONS if by == "region_code" else len(values)
    values["drawn"] = ranked.groupby("topic").cumcount().reindex(values.index) < most
    n_groups = values["group"].nunique()
    title = labels.pair("course_year_title" if by == "year" else "course_region_title")
    places: list[Mark] = []
    with drawing():
        if by == "year":
            figure, axes = panels(len(topics), columns=3, panel_height=36)
        else:
            figure, axes = panels(len(topics), columns=2, panel_height=16 + 4.6 * min(n_groups, most))
        for ax, topic in zip(axes, topics, strict=True):
            own = values[values["drawn"] & (values["topic"] == topic)]
            if by == "year":
                places += _years(ax, own)
            else:
                places += _regions(ax, own, labels)
            ax.set_title(
                multiline(
                    f"{labels.word('topic', topic=str(topic))}\n{shorten(drawable(names[topic]), fitting(NAME, panels=3))}"
                ),
                fontsize="medium",
            )
        entitle(figure, labels.join(title, between=" · "))
        signs = [("", "prevalence"), *([(SIGN, "course_interval")] if values["ci_low"].notna().any() else [])]
        signs += [("○", "mark_unstable")] if values["mark"].eq("unstable").any() else []
        more = labels.lines(labels.pair("regions_more", n=str(n_groups - most))) if n_groups > most else ()
        footnote(figure, *labels.lines(labels.legend(*signs)), *more)
    kind, said = DOCUMENTS[language], "; ".join(sorted(set(values["interval"].dropna())))
    caption = Label(
        f"{kind.en}: mean share of each topic over the documents of a group, n documents. Intervals: {said}. The topics are those of "
        "one fit; their intervals do not say what another number of topics or another seed would give.",
        f"{kind.zh}：各组文献中话题占比的平均值，n 为文献数。区间：{said}。话题来自一次拟合，区间不反映其他话题数或随机种子的结果。",
    )
    spec = {"by": by, "language": language, "topics": list(topics), "method": prevalence["method"].iloc[0]}
    stem = f"topic_course_by_{'year' if by == 'year' else 'region'}_{language}"
    says = _says(values, labels, by, names)
    return Chart(stem, figure, values, title, caption, caption, spec, says, marks=tuple(places))


def _points(ax: Axes, own: pd.DataFrame, place: Numbers, along: Literal["x", "y"]) -> None:
    """Draw shares with their intervals; those of a topic that is not found again open and grey."""
    share, low, high = (
        own[name].to_numpy(dtype=float, na_value=np.nan) for name in ("prevalence", "ci_low", "ci_high")
    )
    steady = own["mark"].iloc[0] != "unstable"
    colour = MAIN if steady else MUTED
    whiskers(ax, place, low, high, along=along)
    x, y = (share, place) if along == "x" else (place, share)
    ax.scatter(
        x, y, s=16, edgecolor=colour, facecolor=colour if steady else "white", linewidth=1, zorder=3, clip_on=False
    )
    one = ax.xaxis if along == "x" else ax.yaxis
    one.set_major_locator(MaxNLocator(3))
    one.set_major_formatter(PercentFormatter(1.0))
    (ax.set_xlim if along == "x" else ax.set_ylim)(0, 1.1 * max(float(np.nanmax([*share, *high])), 0.01))
    ax.grid(axis=along)


def _years(ax: Axes, own: pd.DataFrame) -> list[Mark]:
    """Draw one topic over the years, and return the strip of each."""
    own = own.assign(at=own["group"].astype(int)).sort_values("at")
    years = own["at"].to_numpy(dtype=float)
    _points(ax, own, years, "y")
    step = tick_step(len(years), 4, columns=3)
    ax.set_xticks(
        years[::step], [f"{year:.0f}\nn={n}" for year, n in zip(years[::step], own["n_docs"][::step], strict=True)]
    )
    ax.set_xlim(years.min() - 0.6, years.max() + 0.6)
    return [Mark(row, ax, (year - 0.5, year + 0.5), None) for row, year in zip(own.index, years, strict=True)]


def _regions(ax: Axes, own: pd.DataFrame, labels: Labels) -> list[Mark]:
    """Draw the regions of one topic, and return the line of each."""
    own = own.sort_values(["prevalence", "group"], ascending=[False, True])
    place = np.arange(len(own), dtype=float)
    ax.hlines(place, 0, own["prevalence"].to_numpy(dtype=float), color=FAINT, linewidth=0.6, zorder=0)
    _points(ax, own, place, "x")
    ax.set_yticks(place, [shorten(drawable(labels.region(code)), fitting(NAME, panels=2)) for code in own["group"]])
    for spot, n in zip(place, own["n_docs"], strict=True):
        ax.text(1.01, spot, f"n={n}", transform=ax.get_yaxis_transform(), va="center", fontsize="small", color=MUTED)
    ax.set_ylim(len(own) - 0.4, -0.6)
    return [Mark(row, ax, None, (spot - 0.5, spot + 0.5)) for row, spot in zip(own.index, place, strict=True)]


def _says(values: pd.DataFrame, labels: Labels, by: str, names: Mapping[int, str]) -> Label:
    """Say where the first topic is largest, with its interval."""
    own = values[values["topic"] == values["topic"].iloc[0]]
    top = own.iloc[int(own["prevalence"].to_numpy(dtype=float).argmax())]
    group, topic = labels.group_label(by, str(top["group"])), int(top["topic"])
    between = "" if pd.isna(top["ci_low"]) else f"{top['ci_low']:.0%}–{top['ci_high']:.0%}, "
    return Label(
        f"Topic {topic} ({names[topic]}) is largest in {group.en}: {top['prevalence']:.0%} of the text ({between}n={top['n_docs']}).",
        f"话题 {topic}（{names[topic]}）在{group.zh}占比最大：{top['prevalence']:.0%}（{between}n={top['n_docs']}）。",
    )
