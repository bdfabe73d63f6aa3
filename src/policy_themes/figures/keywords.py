"""Words of two groups of documents: how often, and how much more on which side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, StrMethodFormatter
from matplotlib.transforms import Bbox

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import FAINT, INK, MAIN, MUTED, SECOND, drawing, entitle, footnote, new_figure
from policy_themes.figures.terms import readable
from policy_themes.lexicon.records import Label

NAMED = 40  # words that get their name, where there is room
DOT = 2.5  # pixels from its centre that a dot covers
AROUND = ((5, 0), (-5, 0), (0, 6), (0, -6), (5, 6), (-5, 6), (5, -6), (-5, -6))  # points from the dot


def contrast_plot(contrasts: pd.DataFrame, labels: Labels, *, language: str, group: str) -> Chart:
    """
    Draw the words that set a group apart: occurrences against log-odds.

    Parameters
    ----------
    contrasts : DataFrame
        Table ``contrasts``.
    labels : Labels
    language : {"zh", "en"}
    group : str

    Returns
    -------
    Chart
        Filled points hold in a test at .05 after adjustment. The words farthest from chance are named first, and a name
        that would cover another one is left out; ``values`` says in ``named`` which are there.
    """
    own = contrasts[(contrasts["language"] == language) & (contrasts["group"] == group)]
    values = own.assign(
        total=own["n_group"] + own["n_other"], sure=own["p_adjusted"].astype(float).fillna(1.0) <= 0.05, named=False
    ).sort_values("z", key=lambda column: -column.abs(), kind="stable", ignore_index=True)
    by, other = str(values["by"].iloc[0]), str(values["other"].iloc[0])
    sides = tuple(labels.group_label(by, name) for name in (group, other))
    title = labels.pair(
        "contrast_title", group=lambda name: getattr(sides[0], name), other=lambda name: getattr(sides[1], name)
    )
    with drawing():
        figure = new_figure(110)
        ax = figure.subplots()
        x, y = values["total"].to_numpy(dtype=float), values["log_odds"].to_numpy(dtype=float)
        colours = np.where(y > 0, MAIN, SECOND)
        sure = values["sure"].to_numpy(dtype=bool)
        for chosen, filled in ((sure, True), (~sure, False)):
            if chosen.any():
                ax.scatter(x[chosen], y[chosen], s=12, linewidth=0.8, edgecolor=colours[chosen],
                           facecolor=colours[chosen] if filled else "white", zorder=3)  # fmt: skip
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xlim(x.min() / 1.6, x.max() * 1.9)
        reach = 1.18 * float(np.abs(y).max())
        ax.set_ylim(-reach, reach)
        ax.axhline(0, color=MUTED, linewidth=0.7, zorder=0)
        ax.set_xlabel(labels.word("contrast_total", between=" · "))
        ax.set_ylabel(labels.word("contrast_odds", between=" · "))
        for place, va, side in ((0.985, "top", sides[0]), (0.015, "bottom", sides[1])):
            ax.text(
                0.995,
                place,
                labels.join(side),
                transform=ax.transAxes,
                ha="right",
                va=va,
                fontsize="medium",
                color=MUTED,
            )
        ax.grid(color=FAINT, alpha=0.3)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("●", "contrast_sure"), ("○", "contrast_unsure"))))
        values["named"] = _name(figure, ax, values)
    caption = _caption(values, language, sides)
    said = _says(values, sides)
    spec = {
        "language": language,
        "group": group,
        "other": other,
        "around": values["around"].iloc[0],
        "method": values["method"].iloc[0],
    }
    around = values["around"].dropna().head(1).tolist()
    stem = "_".join(["contrast", *around, group.replace(" ", "_"), language])
    places = tuple(
        Mark(row, ax, (across, across), (up, up), around=5.0) for row, (across, up) in enumerate(zip(x, y, strict=True))
    )
    return Chart(stem, figure, values, title, caption, caption, spec, said, marks=places)


def _name(figure: Figure, ax: Axes, values: pd.DataFrame) -> list[bool]:
    """Write the names of words where they cover neither each other nor a border."""
    figure.draw_without_rendering()
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    frame = ax.get_window_extent(renderer)
    dots = ax.transData.transform(values[["total", "log_odds"]].to_numpy(dtype=float))
    taken = [text.get_window_extent(renderer) for text in ax.texts]
    taken += [Bbox.from_bounds(x - DOT, y - DOT, 2 * DOT, 2 * DOT) for x, y in dots]
    done = []
    for number, (term, x, y) in enumerate(zip(values["term"], values["total"], values["log_odds"], strict=True)):
        placed = False
        for across, up in AROUND if number < NAMED else ():
            text = ax.annotate(
                readable(str(term)), (float(x), float(y)), xytext=(across, up), textcoords="offset points", fontsize="small", color=INK,
                ha="left" if across > 0 else "right" if across < 0 else "center", va="center", in_layout=False,
            )  # fmt: skip
            box = text.get_window_extent(renderer).expanded(1.02, 1.05)
            if frame.contains(*box.p0) and frame.contains(*box.p1) and not any(box.overlaps(one) for one in taken):
                taken.append(box)
                placed = True
                break
            text.remove()
        done.append(placed)
    return done


def _caption(values: pd.DataFrame, language: str, sides: tuple[Label, ...]) -> Label:
    """Say what was counted, and what the test was."""
    first = values.iloc[0]
    refused = values["refused"].dropna()
    tested = int(values["p_adjusted"].notna().sum())
    why = "" if tested or refused.empty else str(refused.mode().iloc[0])
    around = f" around {first['around']}" if isinstance(first["around"], str) else ""
    return Label(
        f"{DOCUMENTS[language].en}{around}: {sides[0].en} ({first['docs_group']}) against {sides[1].en} ({first['docs_other']} documents); "
        f"{len(values)} words, names of places left out. Log-odds under a prior rank words; only the test by dealing out documents proves. "
        f"{f'Tested: {tested} of them.' if tested else f'No test: {why}.'}",
        f"{DOCUMENTS[language].zh}：{sides[0].zh}（{first['docs_group']} 篇）对{sides[1].zh}（{first['docs_other']} 篇），{len(values)} 词，地名已略。"
        f"对数优势比仅用于排序，检验以整篇文献为单位。{f'其中 {tested} 词经检验。' if tested else f'未检验：{why}。'}",
    )


def _says(values: pd.DataFrame, sides: tuple[Label, ...]) -> Label:
    """Name the first words of either side with their numbers."""
    en, zh = [], []
    for side, own in zip(sides, (values[values["z"] > 0], values[values["z"] < 0]), strict=True):
        named = [f"{readable(str(row.term))} ({row.n_group} : {row.n_other})" for row in own.head(4).itertuples()]
        if named:
            en.append(f"{side.en}: {', '.join(named)}")
            zh.append(f"{side.zh}：{'、'.join(named)}")
    return Label("Words that stand out: " + "; ".join(en) + ".", "突出用词：" + "；".join(zh) + "。")
