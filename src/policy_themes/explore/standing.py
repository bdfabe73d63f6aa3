"""How firm what a picture shows is, in three words: clear, uncertain, cannot be said.

No test is made here. What is looked at stands in the tables already: the range
over the ways of counting, the marks of the cells, how many documents and regions
there are, whether other fits find a topic again. Two values are clearly apart where
their ranges do not meet and both rest on enough documents.
"""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from policy_themes.figures import Chart
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

Word = Literal["clear", "uncertain", "cannot"]
FEW = 5  # documents below which a share says little


@dataclass(frozen=True)
class Standing:
    """A word and its reason."""

    word: Word
    why: Label


def standing(chart: Chart) -> Standing:
    """
    Say how firm what a chart shows is.

    Parameters
    ----------
    chart : Chart
        Of the explorer.
    """
    values = chart.values
    if chart.refused:
        return Standing("cannot", chart.says)
    if "range_low" in values and "year" in values and values["region_code"].isna().all():
        return _change(values)
    if "range_low" in values:
        return _between(values)
    if "mark" in values and "prevalence" in values:
        return _of_topics(values)
    if "low" in values and "estimate" in values:
        return _of_effects(values)
    if "log_odds" in values:
        return Standing("uncertain", Label("Words are ranked here, not tested.", "此处词语仅排序，未作检验。"))
    return Standing("uncertain", Label("Read the passages themselves.", "请以原文为准。"))


def _seen(values: pd.DataFrame) -> list[Any]:
    """Return the rows that have a value."""
    return [row for row in rows(values) if row.n_docs > 0 and row.estimate is not None]


def _change(values: pd.DataFrame) -> Standing:
    """Judge the difference between the first and the last year that can be used."""
    seen = [row for row in _seen(values.sort_values("year")) if row.mark != "too few" and not row.few_regions]
    if len(seen) < 2:
        return Standing(
            "cannot", Label("Fewer than two years have enough text and regions.", "文本与地区足够的年份不足两个。")
        )
    return _apart(
        seen[0], seen[-1], Label(str(seen[0].year), str(seen[0].year)), Label(str(seen[-1].year), str(seen[-1].year))
    )


def _between(values: pd.DataFrame) -> Standing:
    """Judge the difference between the highest and the lowest region, or cell."""
    seen = [row for row in _seen(values) if row.mark != "too few"]
    if len(seen) < 2:
        return Standing("cannot", Label("Fewer than two cells have enough text.", "文本足够的单元不足两个。"))
    order = sorted(seen, key=lambda row: (row.estimate, row.n_docs))
    return _apart(order[0], order[-1], Label("the lowest", "最低者"), Label("the highest", "最高者"))


def _apart(one: Any, other: Any, first: Label, second: Label) -> Standing:  # noqa: ANN401  # rows of a table
    """Say whether two values are apart whichever way is counted, and rest on enough documents."""
    if one.estimate == other.estimate:
        return Standing("uncertain", Label("All values are equal.", "各值相等。"))
    meet = one.range_low <= other.range_high and other.range_low <= one.range_high
    if meet:
        why = Label(
            f"The ranges of {first.en} and {second.en} meet: another way of counting may turn them round.",
            f"{first.zh}与{second.zh}的范围相交，换一种计法次序可能改变。",
        )
        return Standing("uncertain", why)
    fewest = min(one.n_docs, other.n_docs)
    if fewest < FEW:
        why = Label(
            f"One side has {fewest} document{'s' if fewest != 1 else ''}: one more could change it.",
            f"一侧仅 {fewest} 篇文献，再多一篇即可能改变。",
        )
        return Standing("uncertain", why)
    why = Label(
        f"{first.en} and {second.en} differ whichever of the eight ways is counted.".capitalize(),
        f"八种计法下{first.zh}与{second.zh}均不同。",
    )
    return Standing("clear", why)


def _of_effects(values: pd.DataFrame) -> Standing:
    """Judge effects by their intervals; where there are none, say why."""
    bounded = values[values["low"].notna()]
    if bounded.empty:
        notes = values["note"].dropna() if "note" in values else values["term"].iloc[:0]
        why = f" ({notes.iloc[0]})" if len(notes) else ""
        return Standing("cannot", Label(f"No effect has an interval{why}.", f"均无区间{why}。"))
    sure = int(((bounded["low"] > 0) | (bounded["high"] < 0)).sum())
    said = Label(f"{sure} of {len(bounded)} intervals leave out zero.", f"{len(bounded)} 个区间中 {sure} 个不含零。")
    return Standing("clear" if sure == len(bounded) else "uncertain", said)


def _of_topics(values: pd.DataFrame) -> Standing:
    """Judge topics by whether other fits find them again."""
    lost = values.loc[values["mark"].eq("unstable").fillna(False), "topic"].nunique()
    every = values["topic"].nunique()
    if lost == every:
        return Standing("cannot", Label("Other fits do not find this again.", "其他拟合不能重现。"))
    if lost:
        return Standing(
            "uncertain",
            Label(f"{lost} of {every} topics are not found again.", f"{every} 个话题中 {lost} 个不能重现。"),
        )
    return Standing("clear", Label("Other fits find it again.", "其他拟合可以重现。"))
