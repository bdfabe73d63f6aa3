"""Intervals beside the range over ways of counting: a thin line with caps, never to be taken for the thick pale bar.

The two answer different questions. The bar says what the choices made in counting
do to the number of *these* documents; the line says how far the number of other
documents of their kind might lie. A study that is no sample has no such line.
"""

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from policy_themes.figures.panel import Numbers
from policy_themes.figures.style import INK
from policy_themes.lexicon.records import Label

SIGN = "├┤"
BOUNDS = {"rate": ("ci_low", "ci_high"), "share": ("share_ci_low", "share_ci_high")}


def bounds(values: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """
    Return the intervals of the headline measure of each row of ``theme_rates``; NaN where there is none.

    Examples
    --------
    >>> table = pd.DataFrame({"headline": ["rate", "share"], "ci_low": [1.0, 2.0], "ci_high": [3.0, 4.0],
    ...                       "share_ci_low": [0.1, 0.2], "share_ci_high": [0.3, 0.4]})
    >>> [part.tolist() for part in bounds(table)]
    [[1.0, 0.2], [3.0, 0.4]]
    """
    share = values["headline"].eq("share").to_numpy()
    low, high = (
        np.where(
            share,
            *(values[BOUNDS[measure][end]].to_numpy(dtype=float, na_value=np.nan) for measure in ("share", "rate")),
        )
        for end in (0, 1)
    )
    return low, high


def reaching(values: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose ``range_high`` reaches over their intervals too, for the axis."""
    high = np.fmax(values["range_high"].to_numpy(dtype=float, na_value=np.nan), bounds(values)[1])
    return values.assign(range_high=high)


def whiskers(ax: Axes, place: Numbers, low: Numbers, high: Numbers, *, along: Literal["x", "y"]) -> None:
    """Draw intervals along an axis at places on the other one, all as one line with gaps."""
    ends = np.column_stack([low, high, np.full(len(low), np.nan)]).ravel()
    spots = np.repeat(place, 3)
    if np.isfinite(ends).any():
        x, y = (ends, spots) if along == "x" else (spots, ends)
        ax.plot(
            x, y, color=INK, linewidth=0.7, marker="|" if along == "x" else "_", markersize=4, zorder=2.5, clip_on=False
        )


def interval_sign(values: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the sign of the intervals with what it means, or nothing if there is no interval."""
    if not np.isfinite(bounds(values)[0]).any():
        return []
    return [(SIGN, "mark_wording" if _wording(values) else "mark_sample")]


def _wording(values: pd.DataFrame) -> bool:
    """Tell whether the intervals are about wording instead of a sample."""
    return bool(values["interval"].str.contains("wording").any())


def interval_caption(values: pd.DataFrame) -> Label:
    """Say what the intervals are, and why some values have none; nothing if none has one."""
    seen = values["n_docs"].gt(0).to_numpy()
    has = np.isfinite(bounds(values)[0]) & seen
    if not has.any():
        return Label("", "")
    sample = Label(
        "the documents as a sample of their kind (bootstrap-t, gamma where hits are few; Wilson for shares)",
        "以文献为样本（自助法 t，命中少者用 gamma；占比用 Wilson）",
    )
    wording = Label(
        "the wording of these documents, not political change (gamma)", "反映措辞变异，并非政策变化（gamma）"
    )
    what, bare = wording if _wording(values) else sample, values[seen & ~has]
    why = "; ".join(sorted(set(bare["interval"].dropna())))
    return Label(
        f" Thin lines with caps are 95 % intervals for {what.en}; column `interval` of the csv has the method of each."
        f"{f' {len(bare)} values have none ({why}).' if len(bare) else ''}",
        f"带端线的细线为 95 % 区间，{what.zh}，各值方法见 csv 的 interval 列。{f'{len(bare)} 个数值无区间（{why}）。' if len(bare) else ''}",
    )
