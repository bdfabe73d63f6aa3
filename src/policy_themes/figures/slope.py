"""Two groups, two columns, a line a theme: what rose and what fell from one to the other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import measure_key
from policy_themes.figures.presets import fitting
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import (
    FAINT,
    INK,
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

MOST = 12  # themes of one measure
ROW = 5.4  # millimetres a theme
NAME = 3.4  # millimetres of its name
SURE = 0.05
QUIET = "#9aa5b1"


def slope(differences: pd.DataFrame, labels: Labels, *, language: str, group: str) -> Chart:
    """
    Draw the themes of one group beside those of what it stands against.

    Parameters
    ----------
    differences : DataFrame
        Table ``differences``; mostly of two periods (`Question.at`).
    labels : Labels
    language : {"zh", "en"}
    group : str
        The right-hand column.

    Returns
    -------
    Chart
        Rates and shares of documents in panels of their own, the themes with the
        largest differences; lines are coloured where a test holds (q at most .05).
    """
    own = differences[(differences["language"] == language) & (differences["group"] == group)]
    own = own[own["value_group"] + own["value_other"] > 0]
    own = own.assign(size=own["difference"].abs()).sort_values(
        ["size", "theme"], ascending=[False, True], kind="stable"
    )
    values = own.groupby("measure", sort=True).head(MOST).sort_values(["measure", "value_group"], kind="stable")
    values = values.drop(columns="size").reset_index(drop=True)
    parts = [part for _, part in values.groupby("measure", sort=True)]
    by, other = str(own["by"].iloc[0]), str(own["other"].iloc[0])
    sides = (labels.group_label(by, other), labels.group_label(by, group))
    title = labels.pair(
        "slope_title", other=lambda name: getattr(sides[0], name), group=lambda name: getattr(sides[1], name)
    )
    with drawing():
        heights = [max(len(part), 4) for part in parts]
        figure = new_figure(26 + 13 * len(parts) + ROW * sum(heights))
        for ax, part in zip(np.ravel(figure.subplots(len(parts), 1, height_ratios=heights)), parts, strict=True):
            _panel(ax, part, labels, [labels.join(side) for side in sides])
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("━", "slope_sure"), ("─", "slope_unsure"))))
    first, tested = own.iloc[0], own["p"].notna()
    why = "" if tested.any() else str(own["refused"].mode().iloc[0])
    left = len(own) - len(values)
    more = Label(
        f" {left} themes that differ less are in the table only." if left else "",
        f"另有 {left} 个差异较小的主题仅见于表中。" if left else "",
    )
    kind = DOCUMENTS[language]
    caption = Label(
        f"{kind.en}: {first['n_docs_other']} ({sides[0].en}) and {first['n_docs_group']} ({sides[1].en}). "
        f"{f'Coloured: q at most .05 in a family of {int(tested.sum())} tests.' if not why else f'No test: {why}.'}{more.en}",
        f"{kind.zh}：{sides[0].zh} {first['n_docs_other']} 篇，{sides[1].zh} {first['n_docs_group']} 篇。"
        f"{f'彩色：{int(tested.sum())} 项检验中 q 不超过 .05。' if not why else f'未检验：{why}。'}{more.zh}",
    )
    spec = {"language": language, "by": by, "group": group, "other": other}
    return Chart(
        f"slope_{group.replace(' ', '_')}_{language}",
        figure,
        values,
        title,
        caption,
        caption,
        spec,
        _says(values, labels),
    )


def apart(values: Sequence[float], gap: float) -> NDArray[np.float64]:
    """
    Move places apart until none is nearer than a gap to its neighbour, as little as that takes and in the same order.

    Examples
    --------
    >>> apart([0.0, 0.1, 5.0], 1.0).tolist()
    [-0.45, 0.55, 5.0]
    """
    order = np.argsort(values, kind="stable")
    wanted = np.asarray(values, dtype=np.float64)[order] - gap * np.arange(len(values))
    blocks: list[tuple[float, int]] = []  # mean and size: pooled until they ascend
    for place in wanted:
        blocks.append((float(place), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, n), (two, m) = blocks.pop(-2), blocks.pop()
            blocks.append(((one * n + two * m) / (n + m), n + m))
    moved = np.repeat([mean for mean, _ in blocks], [size for _, size in blocks]) + gap * np.arange(len(values))
    found = np.empty(len(values))
    found[order] = moved
    return found


def _panel(ax: Axes, part: pd.DataFrame, labels: Labels, heads: Sequence[str]) -> None:
    """Draw the themes of one measure."""
    left, right = (part[name].to_numpy(dtype=float) for name in ("value_other", "value_group"))
    top = float(max(left.max(), right.max()))
    gap = top * NAME / (ROW * max(len(part), 4))
    share = str(part["measure"].iloc[0]) == "share"
    for place, row in enumerate(rows(part)):
        sure = row.q is not None and row.q <= SURE
        ax.plot([0, 1], [left[place], right[place]], color=MAIN if sure else QUIET, linewidth=1.4 if sure else 0.9, marker="o",
                markersize=3, zorder=3 if sure else 2, clip_on=False)  # fmt: skip
    for side, (at, ends, where) in enumerate(((0, left, "right"), (1, right, "left"))):
        places = apart(ends.tolist(), gap)
        places = places + max(0.0, -float(places.min()))  # the axis stays below them
        for row, end, text in zip(rows(part), ends, places, strict=True):
            value = f"{end:.0%}" if share else f"{end:.3g}"
            said = f"{value}  {shorten(drawable(labels.theme(row.theme)), fitting(40))}" if side else value
            out = 0.08 if side else -0.08
            ax.plot([at + out / 4, at + out], [end, text], color=FAINT, linewidth=0.5, clip_on=False, zorder=1)
            ax.annotate(said, (at, end), xytext=(at + 1.15 * out, text), ha=where, va="center", fontsize="small",
                        color=INK if row.q is not None and row.q <= SURE else MUTED)  # fmt: skip
    ax.set_xlim(-0.25, 1.9)
    ax.set_xticks([0, 1], [drawable(head) for head in heads])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.margins(y=0.06)
    unit = measure_key(str(part["measure"].iloc[0]), UNITS[part["language"].iloc[0]])
    ax.set_title(drawable(labels.word(unit, between=" · ")))


def _says(values: pd.DataFrame, labels: Labels) -> Label:
    """Name the theme that rose most and the one that fell most."""
    parts: list[Label] = []
    for ascending, en, zh in ((False, "rose", "上升"), (True, "fell", "下降")):
        top = values.sort_values("difference", ascending=ascending, kind="stable").iloc[0]
        if (top["difference"] < 0) == ascending and top["difference"] != 0:
            name, share = labels.theme_label(str(top["theme"])), top["measure"] == "share"
            ends = [f"{top[end]:.0%}" if share else f"{top[end]:.3g}" for end in ("value_other", "value_group")]
            parts.append(
                Label(f"{name.en} {en} most: {ends[0]} to {ends[1]}.", f"{name.zh}{zh}最多：{ends[0]} 至 {ends[1]}。")
            )
    if not parts:
        return Label("No theme rose or fell.", "没有主题上升或下降。")
    return Label(" ".join(part.en for part in parts), "".join(part.zh for part in parts))
