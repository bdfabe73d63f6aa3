"""What a reviewer asks of a collection: how long its documents are, what is known of them, what became of the files."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from policy_themes.figures.chart import Chart
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import DOCUMENTS, UNIT
from policy_themes.figures.style import MAIN, MUTED, SECOND, drawable, drawing, entitle, footnote, panels, tick_step
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

MOST_DOTS = 2_000
# Where the longest is so many times the shortest, the scale is logarithmic.
LONG_TAIL = 20
KNOWN = ("year", "region", "institution", "kind", "outlet")
OUTCOMES = ("read_once", "copies", "reprints", "skipped", "quarantined")


def lengths(documents: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw how long the documents of each year are, a panel a language.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``; copies are left out.
    labels : Labels

    Returns
    -------
    Chart
        A dot a document (only least, median and greatest where there are over
        2,000), the median as a dash; documents without a year stand apart.
    """
    once = documents[documents["duplicate_of"].isna()]
    values = once[["doc_id", "path", "language", "year", "n_units", "unit"]].sort_values(["language", "year", "path"])
    languages = [name for name in DOCUMENTS if (values["language"] == name).any()]
    title = labels.pair("lengths_title")
    with drawing():
        figure, axes = panels(len(languages), columns=1, panel_height=46)
        for ax, language in zip(axes, languages, strict=True):
            _length_panel(ax, values[values["language"] == language], labels, language)
        entitle(figure, labels.join(title, between=" · "))
        footnote(figure, *labels.lines(labels.legend(("○", "one_document"), ("━", "median"))))
    parts = [_length_sentence(values[values["language"] == language], language) for language in languages]
    caption = Label(" ".join(part.en for part in parts), "".join(part.zh for part in parts))
    return Chart("lengths", figure, values.reset_index(drop=True), title, caption, caption, {"by": "year"}, caption)


def _length_panel(ax: Axes, own: pd.DataFrame, labels: Labels, language: str) -> None:
    """Draw one language."""
    known = own["year"].dropna().astype(int)
    years: list[int | None] = list(range(known.min(), known.max() + 1)) if len(known) else []
    years += [None] if own["year"].isna().any() else []
    place = {year: number for number, year in enumerate(years)}
    x = np.array([place[None if pd.isna(year) else int(year)] for year in own["year"]], dtype=float)
    y = own["n_units"].astype(float).to_numpy()
    if len(own) <= MOST_DOTS:
        ax.scatter(x, y, s=14, facecolor="white", edgecolor=MAIN, linewidth=0.8, alpha=0.8, zorder=2)
    for number in range(len(years)):
        here = y[x == number]
        if len(here):
            ax.vlines(number, here.min(), here.max(), color=MAIN, linewidth=3, alpha=0.25, zorder=1)
            ax.hlines(np.median(here), number - 0.3, number + 0.3, color=SECOND, linewidth=1.4, zorder=3)
    if y.max() > LONG_TAIL * max(1.0, y.min()):
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        ax.set_ylim(0, 1.1 * y.max())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    step = tick_step(len(years), 16)
    shown = [number for number, year in enumerate(years) if year is None or number % step == 0]
    names = [labels.word("unknown") if years[number] is None else str(years[number]) for number in shown]
    ax.set_xticks(shown, [drawable(name) for name in names])
    ax.set_xlim(-0.6, len(years) - 0.4)
    unit = labels.word(f"unit_{own['unit'].iloc[0]}", between=" · ")
    ax.set_title(drawable(f"{labels.join(DOCUMENTS[language])} · {unit}"))
    ax.grid(axis="y")


def _length_sentence(own: pd.DataFrame, language: str) -> Label:
    """Say how long one language's documents are."""
    kind, unit = DOCUMENTS[language], UNIT[own["unit"].iloc[0]]
    low, middle, high = (int(value) for value in own["n_units"].astype(float).quantile([0, 0.5, 1]))
    return Label(
        f"{kind.en}: {len(own)}, of {low:,} to {high:,} {unit.en}, median {middle:,}.",
        f"{kind.zh}：{len(own)} 篇，{low:,} 至 {high:,} {unit.zh}，中位数 {middle:,}。",
    )


def known(documents: pd.DataFrame, ledger: pd.DataFrame, labels: Labels) -> Chart:
    """
    Draw what is known of the documents, and what became of every file and record.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    ledger : DataFrame
        Table ``ledger``.
    labels : Labels
    """
    once = documents[documents["duplicate_of"].isna()]
    columns = {"region": "region_code"}
    shares = [
        {"panel": "known", "what": name, "n": int(once[columns.get(name, name)].notna().sum()), "of": len(once)}
        for name in KNOWN
    ]
    n_exact = int((documents["similarity"] == 1).sum())
    counts = {
        "read_once": len(once),
        "copies": n_exact,
        "reprints": len(documents) - len(once) - n_exact,
        "skipped": int((ledger["outcome"] == "skipped").sum()),
        "quarantined": int((ledger["outcome"] == "quarantined").sum()),
    }
    outcomes = [{"panel": "outcome", "what": name, "n": counts[name], "of": len(ledger)} for name in OUTCOMES]
    values = pd.DataFrame([*shares, *outcomes])
    title = labels.pair("known_title")
    with drawing():
        figure, axes = panels(2, columns=2, panel_height=36)
        for ax, panel in zip(axes, ("known", "outcome"), strict=True):
            _bars(ax, values[values["panel"] == panel], labels)
            ax.set_title(drawable(labels.word(f"{panel}_panel", between=" · ")))
        entitle(figure, labels.join(title, between=" · "))
    missing = "; ".join(f"{row.what} {row.of - row.n}" for row in rows(values[values["panel"] == "known"]))
    missing_zh = "，".join(
        f"{labels.pair(row.what).zh} {row.of - row.n}" for row in rows(values[values["panel"] == "known"])
    )
    caption = Label(
        f"Unknown in {len(once)} documents: {missing}. Of {len(ledger)} entries in the ledger {counts['copies']} are "
        f"copies, {counts['reprints']} reprints with changes, {counts['skipped']} skipped, {counts['quarantined']} in quarantine.",
        f"{len(once)} 篇文献中未知者：{missing_zh}。台账 {len(ledger)} 条：重复 {counts['copies']}，改动后转载 "
        f"{counts['reprints']}，略过 {counts['skipped']}，隔离 {counts['quarantined']}。",
    )
    return Chart("known", figure, values, title, caption, caption, {}, caption)


def _bars(ax: Axes, own: pd.DataFrame, labels: Labels) -> None:
    """Draw counts out of a total."""
    place = np.arange(len(own), dtype=float)
    ax.barh(place, own["of"].astype(float), color="white", edgecolor=MUTED, linewidth=0.5, height=0.6)
    ax.barh(place, own["n"].astype(float), color=MAIN, height=0.6)
    for spot, row in zip(place, rows(own), strict=True):
        ax.text(
            1.02,
            spot,
            f"{row.n}/{row.of}",
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize="small",
            color=MUTED,
        )
    ax.set_yticks(place, [drawable(labels.word(name)) for name in own["what"]])
    ax.set_ylim(len(own) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", nbins=4, integer=True)
