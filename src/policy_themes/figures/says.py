"""Captions and sentences made from the drawn numbers, in both languages."""

import pandas as pd

from policy_themes.figures.labels import Labels
from policy_themes.lexicon.records import Label

DOCUMENTS = {"en": Label("English documents", "英文文献"), "zh": Label("Chinese documents", "中文文献")}
UNIT = {"word": Label("words", "词"), "han": Label("Han characters", "汉字")}
LIMITS = Label(
    "Counts describe these documents only. Bars show the range over eight ways of counting (exclusions on or off, "
    "narrow or wide wording, copies and reprints once or each time), not a sampling interval.",
    "数字仅描述所收文献。竖条（横条）为八种计法（是否排除误命中、窄义或广义、重复文献计一次或多次）的范围，并非抽样误差区间。",
)


def rate_captions(values: pd.DataFrame, language: str) -> Label:
    """Return a caption with what was counted, its denominator and its limits."""
    first = values[values["theme"] == values["theme"].iloc[0]]
    n_docs, n_units, unit = int(first["n_docs"].sum()), int(first["n_units"].sum()), UNIT[first["unit"].iloc[0]]
    kind = DOCUMENTS[language]
    return Label(
        f"{n_docs} {kind.en}, {n_units:,} {unit.en}. {LIMITS.en}",
        f"{kind.zh} {n_docs} 篇，{n_units:,} {unit.zh}。{LIMITS.zh}",
    )


def number(row: pd.Series) -> Label:
    """Return one cell's headline with its denominator, in words."""
    if row["headline"] == "share":
        return Label(
            f"in {row['n_docs_with_theme']} of {row['n_docs']} document{'s' if row['n_docs'] != 1 else ''}",
            f"{row['n_docs']} 篇中有 {row['n_docs_with_theme']} 篇",
        )
    unit = UNIT[row["unit"]]
    return Label(
        f"{row['rate_per_10k']:.1f} per 10,000 {unit.en} ({row['n_hits']} hits in {row['n_units']:,} {unit.en}, "
        f"{row['n_docs']} document{'s' if row['n_docs'] != 1 else ''})",
        f"每万{unit.zh[-1]} {row['rate_per_10k']:.1f} 次（{row['n_units']:,} {unit.zh}中 {row['n_hits']} 次，{row['n_docs']} 篇）",
    )


def trend_sentences(values: pd.DataFrame, labels: Labels) -> Label:
    """Say where each of the first two themes begins, ends and peaks."""
    parts: list[Label] = []
    for theme in list(dict.fromkeys(values["theme"]))[:2]:
        rows = values[(values["theme"] == theme) & (values["n_docs"] > 0)].sort_values("year")
        if rows.empty:
            continue
        name, first, last = labels.theme_label(theme), rows.iloc[0], rows.iloc[-1]
        peak = rows.loc[rows["estimate"].astype(float).idxmax()]
        if not float(peak["estimate"]):
            parts.append(Label(f"{name.en} does not occur in these documents.", f"这些文献未提及{name.zh}。"))
            continue
        top = _top(rows, Label(str(peak["year"]), f" {peak['year']} 年"), Label("highest in", "最高为"))
        parts.append(
            Label(
                f"{name.en}: {number(first).en} in {first['year']}, {number(last).en} in {last['year']}{top.en}.",
                f"{name.zh}：{first['year']} 年{number(first).zh}，{last['year']} 年{number(last).zh}{top.zh}。",
            )
        )
    return _joined(parts)


def region_sentences(values: pd.DataFrame, labels: Labels) -> Label:
    """Say which region has each of the first two themes most, and how many have it at all."""
    parts: list[Label] = []
    for theme in list(dict.fromkeys(values["theme"]))[:2]:
        rows = values[(values["theme"] == theme) & (values["n_docs"] > 0)]
        name, some = labels.theme_label(theme), rows[rows["n_hits"] > 0]
        if some.empty:
            parts.append(Label(f"No region mentions {name.en}.", f"没有地区提及{name.zh}。"))
            continue
        best = some.loc[some["estimate"].astype(float).idxmax()]
        top = _top(some, labels.region_label(best["region_code"]), Label("most by", "最多为"))
        parts.append(
            Label(
                f"{name.en}: mentioned by {len(some)} of {len(rows)} regions{top.en}.",
                f"{name.zh}：{len(rows)} 个地区中 {len(some)} 个提及{top.zh}。",
            )
        )
    return _joined(parts)


def _top(rows: pd.DataFrame, where: Label, what: Label) -> Label:
    """Return where the greatest value stands, or in how many places where it is no one's alone."""
    estimates = rows["estimate"].astype(float)
    n, said = int((estimates == estimates.max()).sum()), number(rows.iloc[int(estimates.argmax())])
    if len(rows) == 1:
        return Label("", "")
    if n == 1:
        return Label(f"; {what.en} {where.en}, {said.en}", f"；{what.zh}{where.zh}，{said.zh}")
    return Label(f"; the highest value is shared by {n}", f"；{n} 处并列最高")


def _joined(parts: list[Label]) -> Label:
    """Join sentences."""
    return Label(" ".join(part.en for part in parts), "".join(part.zh for part in parts))
