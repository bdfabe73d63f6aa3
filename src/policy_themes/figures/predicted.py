"""What a formula predicts of a topic: for every year, for every region, or for both."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import Cells, draw_cells
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import MAIN, drawable, drawing, entitle, footnote, new_figure, tick_step
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

ROW = 4.8  # millimetres of a region


def predicted_shares(predicted: pd.DataFrame, labels: Labels, *, language: str, formula: str) -> Chart:
    """
    Draw predicted shares: a line over the years, a point for each region, or a grid of both.

    Parameters
    ----------
    predicted : DataFrame
        Table ``predicted`` of one outcome, with estimates.
    labels : Labels
    language : {"zh", "en"}
    formula : str

    Returns
    -------
    Chart
        Lines and points have their 95 % intervals; those of the cells of a grid are in
        `values`, and cells without a document of their own are grey.
    """
    values = predicted[predicted["language"] == language].reset_index(drop=True)
    outcome, by_year, by_region = (
        str(values["outcome"].iloc[0]),
        values["year"].notna().all(),
        values["region_code"].notna().all(),
    )
    title = labels.pair("predicted_title", topic=lambda name: getattr(labels.outcome_label(outcome), name))
    n_regions = values["region_code"].nunique()
    with drawing():
        if by_year and by_region:
            figure, _ = draw_cells(_cells(values, labels))
        else:
            figure = new_figure(72 if by_year else 26 + ROW * n_regions)
            (_line if by_year else _points)(figure.subplots(), values, labels)
        entitle(figure, labels.join(title, between=" · "))
        marks = (
            [("", "predicted_cell"), ("", "predicted_carried")] if by_year and by_region else [("─", "forest_interval")]
        )
        footnote(figure, *labels.lines(labels.legend(*marks)))
    bare = f" No interval: {values['note'].iloc[0]}." if values["low"].isna().all() else ""
    kind, carried = DOCUMENTS[language], int((values["n_docs"] == 0).sum())
    caption = Label(
        f"{kind.en}, {formula}: the share that is expected, other columns as the documents have them, without what is peculiar to a "
        f"year. {values['uncertainty'].iloc[0]}. {carried} of {len(values)} have no document of their own.{bare}",
        f"{kind.zh}，{formula}：其他变量取各文献之值时的期望占比，不含年份特有波动。{len(values)} 项中 {carried} 项无自身文献，由模型推得。{'无区间，原因见表。' if bare else ''}",
    )
    seen = values[values["n_docs"] > 0]
    top = (seen if len(seen) else values).sort_values("estimate", kind="stable").iloc[-1]
    place = [
        part for part in (labels.region_label(top["region_code"]) if by_region else None, _year(top["year"])) if part
    ]
    interval = "" if pd.isna(top["low"]) else f" ({top['low']:.0%}–{top['high']:.0%})"
    says = Label(
        f"Most is expected of {' '.join(part.en for part in place)}: {top['estimate']:.0%}{interval}.",
        f"期望最高为{''.join(part.zh for part in place)}：{top['estimate']:.0%}{interval}。",
    )
    spec = {"outcome": outcome, "language": language, "formula": formula}
    return Chart(
        f"predicted_{outcome.replace(':', '_')}_{language}", figure, values, title, caption, caption, spec, says
    )


def _year(year: object) -> Label | None:
    """Return a year's name, if there is one."""
    return None if pd.isna(year) else Label(str(year), f" {year} 年")  # type: ignore[call-overload]


def _cells(values: pd.DataFrame, labels: Labels) -> Cells:
    """Return years × regions, cells without a document of their own grey."""
    wide, n_docs = (values.pivot(index="region_code", columns="year", values=name) for name in ("estimate", "n_docs"))
    matrix = wide.astype(float).to_numpy()
    texts = [[f"{value:.0%}" for value in row] for row in matrix]
    names, years = [labels.region(str(code)) for code in wide.index], [str(year) for year in wide.columns]
    return Cells(matrix, texts, names, years, grey=n_docs.to_numpy(dtype=int) == 0)


def _line(ax: Axes, values: pd.DataFrame, labels: Labels) -> None:
    """Draw years with their intervals."""
    own = values.sort_values("year")
    years, estimate, low, high = (
        own[name].to_numpy(dtype=float, na_value=np.nan) for name in ("year", "estimate", "low", "high")
    )
    ax.fill_between(years, low, high, color=MAIN, alpha=0.18, linewidth=0)
    ax.plot(years, estimate, color=MAIN, marker="o", markersize=3.5, linewidth=1.2)
    step = tick_step(len(years), 14)
    ax.set_xticks(years[::step], [f"{year:.0f}" for year in years[::step]])
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_title(drawable(labels.word("prevalence", between=" · ")))
    ax.grid(axis="y")


def _points(ax: Axes, values: pd.DataFrame, labels: Labels) -> None:
    """Draw regions in order, with their intervals."""
    own = values.sort_values("estimate", ascending=False, kind="stable")
    for place, row in enumerate(rows(own)):
        if row.low is not None:
            ax.hlines(place, row.low, row.high, color=MAIN, linewidth=1.4, alpha=0.6)
        ax.scatter(
            row.estimate,
            place,
            s=16,
            facecolor="white" if row.low is None else MAIN,
            edgecolor=MAIN,
            linewidth=0.9,
            zorder=3,
        )
    ax.set_yticks(range(len(own)), [labels.region(str(code)) for code in own["region_code"]])
    ax.set_ylim(len(own) - 0.4, -0.6)
    ax.set_xlim(0, 1.06 * float(np.nanmax(own[["estimate", "high"]].to_numpy(dtype=float, na_value=np.nan))))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_title(drawable(labels.word("prevalence", between=" · ")))
    ax.grid(axis="x")
