"""Estimates with their intervals, a line each: trends, differences, effects."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import measure_key
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
)
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows
from policy_themes.text.units import UNITS

MOST = 40
ROW = 4.6  # millimetres


def trend_forest(trends: pd.DataFrame, labels: Labels, *, language: str, basis: str = "regions") -> Chart:
    """
    Draw how every theme changes, with its interval and what could have been seen.

    Parameters
    ----------
    trends : DataFrame
        Table ``trends``, the year as the unit.
    labels : Labels
    language : {"zh", "en"}
    basis : {"regions", "documents"}, default "regions"

    Returns
    -------
    Chart
        Themes measured by their rate and by their share of documents in panels of their own.
    """
    own = trends[(trends["language"] == language) & (trends["basis"] == basis) & (trends["unit"] == "year")]
    own = own.assign(label=[labels.theme(theme) for theme in own["theme"]], n=own["n_years"])
    title = labels.pair("forest_trends_title", change=lambda name: _change(str(own["change"].iloc[0]), name))
    caption = Label(
        f"{DOCUMENTS[language].en}: change of each theme, every year one observation; bars are 95 % intervals (Student's t over years, "
        "widened where years resemble their neighbours). An open point has no interval; tables/trends.csv says why.",
        f"{DOCUMENTS[language].zh}：各主题的变化，以年份为观察单位；横条为 95 % 区间（相邻年份相似时加宽）。空心点无区间，原因见 tables/trends.csv。",
    )
    return _forest(f"trends_{language}", own, labels, title, caption, {"language": language, "basis": basis})


def difference_forest(differences: pd.DataFrame, labels: Labels, *, language: str, group: str) -> Chart:
    """
    Draw by how much the themes of one group differ from what it stands against.

    Parameters
    ----------
    differences : DataFrame
        Table ``differences``.
    labels : Labels
    language : {"zh", "en"}
    group : str
    """
    own = differences[(differences["language"] == language) & (differences["group"] == group)]
    own = own[own["value_group"] + own["value_other"] > 0]
    own = own.assign(
        label=[labels.theme(theme) for theme in own["theme"]], estimate=own["difference"], n=own["n_docs_group"]
    )
    by, other = str(own["by"].iloc[0]), str(own["other"].iloc[0])

    title = labels.pair(
        "forest_differences_title",
        group=lambda name: getattr(labels.group_label(by, group), name),
        other=lambda name: getattr(labels.group_label(by, other), name),
    )
    tested = own[own["p"].notna()]
    sure = tested[tested["q"].astype(float) <= 0.05]
    own = own.assign(marked=own["theme"].isin(set(sure["theme"])))
    why = "" if len(tested) or own.empty else str(own["refused"].mode().iloc[0])
    caption = Label(
        f"{DOCUMENTS[language].en}: {own['n_docs_group'].iloc[0]} against {own['n_docs_other'].iloc[0]} documents. "
        f"{f'Filled points: q at most .05 in a family of {len(tested)} tests.' if len(tested) else f'No test: {why}.'} "
        "Bars, where there are any, are 95 % intervals of a sample.",
        f"{DOCUMENTS[language].zh}：{own['n_docs_group'].iloc[0]} 篇对 {own['n_docs_other'].iloc[0]} 篇。"
        f"{f'实心点：{len(tested)} 项检验中 q 不超过 .05。' if len(tested) else f'未检验：{why}。'}横条（如有）为样本的 95 % 区间。",
    )
    stem = f"differences_{group.replace(' ', '_')}_{language}"
    return _forest(stem, own, labels, title, caption, {"language": language, "group": group, "other": other})


def effect_forest(effects: pd.DataFrame, labels: Labels, *, language: str, formula: str) -> Chart:
    """
    Draw the effect of every term of a formula.

    Parameters
    ----------
    effects : DataFrame
        Table ``effects`` of one outcome.
    labels : Labels
    language : {"zh", "en"}
    formula : str
    """
    own = effects[effects["language"] == language]
    own = own.assign(label=[_term(str(term), labels) for term in own["term"]], n=own["n_docs"])
    outcome = str(own["outcome"].iloc[0])
    title = labels.pair("forest_effects_title", theme=lambda name: getattr(labels.outcome_label(outcome), name))
    caption = Label(
        f"{DOCUMENTS[language].en}: {own['n_docs'].iloc[0]} documents, {formula}; each value less the one named after it, all else "
        f"held. {own['uncertainty'].iloc[0]} ({own['n_clusters'].iloc[0]}). An open point has no interval; the table says why.",
        f"{DOCUMENTS[language].zh}：{own['n_docs'].iloc[0]} 篇，{formula}；其他因素不变时与参照值之差。空心点无区间。",
    )
    return _forest(
        f"effects_{outcome.replace(':', '_')}_{language}",
        own,
        labels,
        title,
        caption,
        {"language": language, "formula": formula},
        ordered=False,
    )


def _change(change: str, language: str) -> str:
    """Return what changes, in one language."""
    return {"en": "per year", "zh": "每年"}[language] if change == "per year" else change


def _term(term: str, labels: Labels) -> str:
    """Return a term with regions named."""
    name, _, values = term.partition(": ")
    parts = values.split(" less ")
    if name == "region":
        parts = [labels.region(part) for part in parts]
    return f"{parts[0]} : {parts[1]}" if len(parts) == 2 else name


def _forest(
    stem: str,
    own: pd.DataFrame,
    labels: Labels,
    title: Label,
    caption: Label,
    spec: dict[str, object],
    *,
    ordered: bool = True,
) -> Chart:
    """Draw estimates, those of each measure in a panel of their own."""
    own = own[own["estimate"].notna()]
    left = max(0, len(own) - MOST)
    if ordered:
        own = (
            own.assign(size=own["estimate"].astype(float).abs())
            .sort_values("size", ascending=False, kind="stable")
            .head(MOST)
        )
        own = own.sort_values("estimate", ascending=False, kind="stable")
    values = own.head(MOST).reset_index(drop=True)
    parts = [part for _, part in values.groupby("measure", sort=True)]
    with drawing():
        figure = new_figure(24 + 12 * len(parts) + ROW * len(values))
        panels = np.ravel(figure.subplots(len(parts), 1, height_ratios=[len(part) for part in parts]))
        for ax, part in zip(panels, parts, strict=True):
            _panel(ax, part, labels)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("─", "forest_interval"), ("○", "forest_none"))))
    if left:
        caption = Label(f"{caption.en} {left} more are in the table only.", f"{caption.zh}另有 {left} 项仅见于表中。")
    return Chart(stem, figure, values, title, caption, caption, spec, _says(values))


def _panel(ax: Axes, part: pd.DataFrame, labels: Labels) -> None:
    """Draw the estimates of one measure."""
    place = np.arange(len(part), dtype=np.float64)
    estimate, low, high = (part[name].to_numpy(dtype=float, na_value=np.nan) for name in ("estimate", "low", "high"))
    bounded = np.isfinite(low) & np.isfinite(high)
    ax.axvline(0, color=MUTED, linewidth=0.7, zorder=0)
    ax.hlines(place[bounded], low[bounded], high[bounded], color=MAIN, linewidth=1.4, alpha=0.6)
    full = part["marked"].to_numpy(dtype=bool) if "marked" in part else bounded
    for chosen, face in ((full, MAIN), (~full, "white")):
        if chosen.any():
            ax.scatter(estimate[chosen], place[chosen], s=16, facecolor=face, edgecolor=MAIN, linewidth=0.9, zorder=3)
    ax.set_yticks(place, [shorten(drawable(str(label)), fitting(46)) for label in part["label"]])
    ax.set_ylim(len(part) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    measure = str(part["measure"].iloc[0])
    unit = "prevalence" if measure == "proportion" else measure_key(measure, UNITS[part["language"].iloc[0]])
    ax.set_title(drawable(labels.word(unit, between=" · ")))
    ax.grid(axis="x", color=FAINT, alpha=0.4)


def _says(values: pd.DataFrame) -> Label:
    """Name the largest rises and falls whose interval, or test, holds; say so where there is neither."""
    if values["low"].isna().all():
        return Label("None of these has an interval: the table says why.", "以上各值均无区间，原因见表。")
    sure = values[values["marked"]] if "marked" in values else values[(values["low"] > 0) | (values["high"] < 0)]
    if sure.empty:
        return Label("None of these changes is told from chance.", "以上变化均不能与偶然区分。")
    top = (
        sure.assign(size=sure["estimate"].astype(float).abs())
        .sort_values("size", ascending=False, kind="stable")
        .head(3)
    )
    named = "; ".join(f"{row.label} {row.estimate:+.2g}" for row in rows(top))
    return Label(f"Told from chance: {named}.", f"可与偶然区分：{named}。")
