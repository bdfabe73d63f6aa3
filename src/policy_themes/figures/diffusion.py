"""How a theme spreads: the share of regions that have it, and who had it when."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, PercentFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.grid import free_width, label_axes, left_out, most_regions
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.style import (
    FAINT,
    MAIN,
    MUTED,
    PALE,
    SECOND,
    drawable,
    drawing,
    entitle,
    footnote,
    new_figure,
    tick_step,
)
from policy_themes.lexicon.records import Label
from policy_themes.regions import NATIONAL
from policy_themes.schema import rows

ROW = 5.2  # millimetres of the ladder


def adoption_curve(adoption: pd.DataFrame, labels: Labels, *, theme: str, language: str) -> Chart:
    """
    Draw in how many regions a theme stands, year by year, and its rises beside those of all other themes.

    Parameters
    ----------
    adoption : DataFrame
        Table ``adoption``.
    labels : Labels
    theme : str
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Above the share of regions, unknown in years with documents of fewer than
        half of them; below the rise among regions that have both years (columns)
        and the greatest rise of any other theme (line).
    """
    own = adoption[(adoption["theme"] == theme) & (adoption["language"] == language)]
    values = own.sort_values("year").reset_index(drop=True)
    years = values["year"].to_numpy(dtype=int)
    share, jump, others = (values[name].to_numpy(dtype=float, na_value=np.nan) for name in ("share", "jump", "others"))
    title = labels.pair("adoption_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    with drawing():
        figure = new_figure(96)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        above.plot(years, share, color=MAIN, linewidth=1.2, marker="o", markersize=3.5, clip_on=False)
        above.set_ylim(0, 1.05)
        above.yaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        above.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        above.set_title(drawable(labels.word("adoption_share", between=" · ")))
        above.grid(axis="y")
        _signals(above, values, labels)
        below.bar(
            years,
            np.nan_to_num(jump),
            color=[MAIN if value >= 0 else SECOND for value in np.nan_to_num(jump)],
            width=0.6,
        )
        below.plot(years, others, color=MUTED, linewidth=0.9, linestyle="--")
        below.axhline(0, color=FAINT, linewidth=0.6)
        below.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        below.locator_params(axis="y", nbins=4)
        below.set_title(drawable(labels.word("adoption_jump", between=" · ")))
        below.grid(axis="y")
        step = tick_step(len(years), 14)
        ticks = [f"{year}\n{n}" for year, n in zip(years, values["n_regions"], strict=True)]
        below.set_xticks(years[::step], ticks[::step])
        below.set_xlim(years.min() - 0.6, years.max() + 0.6)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("- -", "adoption_others"), ("n", "adoption_regions"))))
    said = _says_curve(values, labels.theme_label(theme))
    caption = Label(
        f"{DOCUMENTS[language].en}: regions whose documents of a year mention the theme. {said.en} The rise of a year is "
        "taken over the regions with documents in it and in the year before; a wave rises above the other themes' greatest rise.",
        f"{DOCUMENTS[language].zh}：当年文献提及该主题的地区。{said.zh}升幅仅计两年均有文献的地区；真正的扩散应高于其他主题的最大升幅。",
    )
    spec = {"theme": theme, "language": language}
    return Chart(f"adoption_{theme}_{language}", figure, values, title, caption, caption, spec, said)


def _signals(ax: Axes, values: pd.DataFrame, labels: Labels) -> None:
    """Mark the years of the first national document and of the largest rise."""
    keys = {"first national document": "signal_national", "largest rise": "signal_rise"}
    marked = values.dropna(subset=["signal"])
    middle = (int(values["year"].min()) + int(values["year"].max())) / 2
    for year, signal in zip(marked["year"].astype(int), marked["signal"], strict=True):
        ax.axvline(year, color=SECOND, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0)
        late = year > middle
        said = drawable(labels.word(keys[signal]))
        ax.text(
            year,
            1.0,
            f"{said} " if late else f" {said}",
            ha="right" if late else "left",
            va="top",
            fontsize="small",
            color=SECOND,
        )


def _says_curve(values: pd.DataFrame, name: Label) -> Label:
    """Say how many regions have the theme at last, and in which year most of them got it."""
    known = values[values["share"].notna()]
    if known.empty:
        return Label(f"{name.en}: no year has documents of half of the regions.", f"{name.zh}：没有年份覆盖半数地区。")
    last = known.iloc[-1]
    en = f"{name.en}: {last['n_with']} of {last['n_regions']} regions in {last['year']}."
    zh = f"{name.zh}：{last['year']} 年 {last['n_regions']} 个地区中有 {last['n_with']} 个。"
    risen = values[values["jump"].notna()]
    if len(risen) and float(risen["jump"].max()) > 0:
        top = risen.iloc[int(np.argmax(risen["jump"].to_numpy(dtype=float)))]
        en += f" Largest rise in {top['year']}: {top['jump']:.0%} of {top['n_both']} regions (other themes at most {top['others']:.0%})."
        zh += f"最大升幅在 {top['year']} 年：{top['n_both']} 个地区中 {top['jump']:.0%}（其他主题至多 {top['others']:.0%}）。"
    return Label(en, zh)


def adoption_ladder(rates: pd.DataFrame, labels: Labels, *, theme: str, language: str) -> Chart:
    """
    Draw which region had a theme in which year, regions in the order of their first mention.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year and region.
    labels : Labels
    theme : str
    language : {"zh", "en"}

    Returns
    -------
    Chart
        Filled: the theme is there; open: documents without it; hatched: no document. The first mention has a ring.
    """
    own = rates[(rates["theme"] == theme) & (rates["language"] == language) & rates["facet"].isna()]
    complete, own = own, most_regions(own)
    own = own.assign(has=own["n_docs_with_theme"] > 0)
    first = own[own["has"]].groupby("region_code")["year"].min().astype(int)
    codes = sorted(set(own["region_code"]), key=lambda code: (code != NATIONAL, first.get(code, 9_999), code))
    place = {code: number for number, code in enumerate(codes)}
    values = own.assign(row=own["region_code"].map(place)).sort_values(["row", "year"]).reset_index(drop=True)
    values = values[["region_code", "region_en", "year", "n_docs", "n_docs_with_theme", "n_hits", "has", "mark"]]
    years = list(range(int(values["year"].min()), int(values["year"].max()) + 1))
    title = labels.pair("ladder_title", theme=lambda name: getattr(labels.theme_label(theme), name))
    with drawing():
        figure = new_figure(30 + ROW * len(codes))
        ax = figure.subplots()
        for cell in rows(values):
            code, year, n_docs, has = cell.region_code, int(cell.year), cell.n_docs, cell.has
            column, row = years.index(year), place[code]
            face = MAIN if has else "white"
            hatch = "////" if n_docs == 0 else None
            ax.add_patch(
                Rectangle(
                    (column - 0.42, row - 0.38),
                    0.84,
                    0.76,
                    facecolor=face,
                    edgecolor=FAINT if n_docs else PALE,
                    linewidth=0.5,
                    hatch=hatch,
                )
            )
            if first.get(code) == year:
                ax.plot(column, row, marker="o", markersize=3.2, markerfacecolor="white", markeredgecolor="white")
        ax.set_xlim(-0.6, len(years) - 0.4)
        ax.set_ylim(len(codes) - 0.4, -0.6)
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        names = [labels.region(code) for code in codes]
        label_axes(ax, [str(year) for year in years], names, room=free_width(names) / len(years))
        entitle(figure, labels.join(title, between=" · "))
        signs = labels.legend(("■", "ladder_has"), ("○", "ladder_first"), ("□", "ladder_without"), ("▨", "mark_absent"))
        footnote(figure, *labels.lines(signs), *labels.lines(left_out(own, complete, labels, "theme_rates")))
    said = _says_ladder(values, first, labels, theme)
    caption = Label(
        f"{DOCUMENTS[language].en}, regions in the order of their first mention here. {said.en} A first mention in a region's "
        "first year may lie earlier in truth; a year without documents is no year without the theme.",
        f"{DOCUMENTS[language].zh}，按首次提及排序。{said.zh}首年即提及者实际可能更早；无文献之年不等于未提及。",
    )
    return Chart(
        f"ladder_{theme}_{language}",
        figure,
        values,
        title,
        caption,
        caption,
        {"theme": theme, "language": language},
        said,
    )


def _says_ladder(values: pd.DataFrame, first: "pd.Series[int]", labels: Labels, theme: str) -> Label:
    """Say how many regions ever had the theme, who first, and how many have it in their last year."""
    name, regions = labels.theme_label(theme), values[values["region_code"] != NATIONAL]
    own = first.drop(NATIONAL, errors="ignore")
    n_regions = regions["region_code"].nunique()
    if own.empty:
        return Label(f"{name.en}: in none of {n_regions} regions.", f"{name.zh}：{n_regions} 个地区均未提及。")
    seen = regions[regions["n_docs"] > 0]
    last = seen.loc[seen.groupby("region_code")["year"].idxmax()]
    earliest = [labels.region_label(str(code)) for code in own.index[own == own.min()]][:3]
    return Label(
        f"{name.en}: in {len(own)} of {n_regions} regions at some time, first in {', '.join(one.en for one in earliest)} "
        f"({own.min()}); in {int(last['has'].sum())} of them in their last year.",
        f"{name.zh}：{n_regions} 个地区中 {len(own)} 个曾提及，最早为{'、'.join(one.zh for one in earliest)}（{own.min()} 年）；"
        f"末年仍提及 {int(last['has'].sum())} 个。",
    )
