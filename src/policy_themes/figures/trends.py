"""Themes over the years: small multiples with range, marks, n, breaks of the source and the political calendar."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from policy_themes.calendar import Occasion
from policy_themes.figures.chart import Chart
from policy_themes.figures.intervals import bounds, interval_caption, interval_sign, reaching, whiskers
from policy_themes.figures.labels import Labels
from policy_themes.figures.panel import MARKS, Numbers, drawn, marks, method, panel_title, value_axis
from policy_themes.figures.says import rate_captions, trend_sentences
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import MAIN, MUTED, SECOND, drawable, drawing, entitle, footnote, panels, tick_step
from policy_themes.lexicon.records import Label

ROOM = 0.22  # of the panel, above the values, for the signs of the calendar


def theme_trend(
    rates: pd.DataFrame,
    labels: Labels,
    *,
    themes: Sequence[str],
    language: str,
    breaks: pd.DataFrame | None = None,
    calendar: Sequence[Occasion] = (),
) -> Chart:
    """
    Draw themes over years, one panel a theme.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year.
    labels : Labels
    themes : sequence of str
        One panel each, in this order.
    language : {"zh", "en"}
        Of the documents; languages are never pooled.
    breaks : DataFrame, optional
        Table ``source_breaks``: lines are broken there.
    calendar : sequence of Occasion
        Years of congresses, terms and plans, marked by their signs.

    Returns
    -------
    Chart
        The dotted line joins the pooled rates of neighbouring years that have
        documents; the solid one is the mean over the regions that have a
        document in every year, where there are at least two of them. ``values``
        says in ``source_break`` and ``calendar`` where lines break and what the signs are.
    """
    values = _dated(drawn(rates, themes, language), _own(breaks, language), calendar)
    title = labels.pair("trend_title")
    places: list[Mark] = []
    with drawing():
        figure, axes = panels(len(themes), columns=2, panel_height=38)
        for ax, theme in zip(axes, themes, strict=True):
            places += _trend_panel(ax, values[values["theme"] == theme], labels, theme, calendar)
        entitle(figure, labels.join(title, between=" · "))
        legend = [("┄", "line_pooled"), ("—", "line_fixed"), ("│", "mark_range"), *interval_sign(values), *MARKS]
        legend += [("¦", "line_broken")] if values["source_break"].notna().any() else []
        legend += [("", "few_regions")] if values["few_regions"].any() else []
        footnote(figure, *labels.lines(labels.legend(*legend)), *labels.lines(_occasions(calendar, values, labels)))
    counted, sampled = rate_captions(values, language), interval_caption(values)
    caption = Label(f"{counted.en}{sampled.en}", f"{counted.zh}{sampled.zh}")
    alt = Label(f"Line chart. {caption.en}", f"折线图。{caption.zh}")
    spec = {"themes": list(themes), "language": language, "by": "year", "method": method(values)}
    says = trend_sentences(values, labels)
    return Chart(f"theme_trend_{language}", figure, values, title, caption, alt, spec, says, marks=tuple(places))


def _own(breaks: pd.DataFrame | None, language: str) -> pd.DataFrame:
    """Return the breaks of one language."""
    columns = ["year", "of", "before", "after"]
    return pd.DataFrame(columns=columns) if breaks is None else breaks.loc[breaks["language"] == language, columns]


def _dated(values: pd.DataFrame, breaks: pd.DataFrame, calendar: Sequence[Occasion]) -> pd.DataFrame:
    """Add to each year what changed in its source, and the occasions that fall in it."""
    said = (breaks["of"] + ": " + breaks["before"] + " → " + breaks["after"]).groupby(breaks["year"]).agg("; ".join)
    events = pd.Series([occasion.event for occasion in calendar], index=[occasion.year for occasion in calendar])
    years = values["year"].astype(int)
    return values.assign(
        source_break=years.map(said).astype("str"),
        calendar=years.map(events.groupby(level=0).agg(";".join)).astype("str"),
    )


def _occasions(calendar: Sequence[Occasion], values: pd.DataFrame, labels: Labels) -> Label:
    """Explain the signs of the occasions that fall in the drawn years."""
    years = set(values["year"].astype(int))
    shown = {occasion.event: occasion for occasion in calendar if occasion.year in years}.values()
    return Label(
        en=" · ".join(f"{_sign(occasion, labels)} {occasion.name_en}" for occasion in shown),
        zh=" · ".join(f"{_sign(occasion, labels)} {occasion.name_zh}" for occasion in shown),
    )


def _sign(occasion: Occasion, labels: Labels) -> str:
    """Return the sign of an occasion: one for both languages of one figure."""
    return occasion.sign_zh if labels.mode == "zh" else occasion.sign_en


def _trend_panel(ax: Axes, rows: pd.DataFrame, labels: Labels, theme: str, calendar: Sequence[Occasion]) -> list[Mark]:
    """Draw one theme over the years, and return the strip of each year that has documents."""
    rows = rows.sort_values("year")
    years = rows["year"].astype(int).to_numpy()
    has = rows["estimate"].notna().to_numpy()
    estimate = rows["estimate"].astype(float).to_numpy()
    low, high = (rows[name].astype(float).to_numpy() for name in ("range_low", "range_high"))
    broken, few = rows["source_break"].notna().to_numpy(), rows["few_regions"].to_numpy(dtype=bool)
    rate = rows["headline"].iloc[0] == "rate"
    fixed = rows["rate_fixed_regions"].astype(float).to_numpy()
    apart = np.flatnonzero(broken | few | np.append(False, few[:-1]))
    for own in np.split(np.arange(len(years)), apart):
        # Dotted, because the regions behind two neighbouring years need not be the same.
        ax.plot(years[own], estimate[own], color=MAIN, linewidth=1.0, linestyle=":", zorder=2)
        if rate:
            ax.plot(years[own], fixed[own], color=SECOND, linewidth=1.2, zorder=2)
    for year in years[broken]:
        ax.axvline(year - 0.5, color=MUTED, linewidth=0.7, linestyle=(0, (2, 3)), zorder=0)
    _signs(ax, years, labels, calendar)
    ax.vlines(years[has], low[has], high[has], color=MAIN, linewidth=3, alpha=0.3, zorder=1)
    whiskers(ax, years, *bounds(rows), along="y")
    for chosen, strength in ((~few, 1.0), (few, 0.35)):
        marks(ax, years[chosen], estimate[chosen], rows[chosen], alpha=strength)
    value_axis(ax, reaching(rows), "y", room=ROOM if calendar else 0.0)
    panel_title(ax, rows, labels, theme)
    step = tick_step(len(years), 8, columns=2)
    ax.set_xticks(
        years[::step], [f"{year}\nn={n}" for year, n in zip(years[::step], rows["n_docs"][::step], strict=True)]
    )
    ax.set_xlim(years.min() - 0.5, years.max() + 0.5)
    ax.grid(axis="y")
    return [
        Mark(row, ax, (year - 0.5, year + 0.5), None) for row, year in zip(rows.index[has], years[has], strict=True)
    ]


def _signs(ax: Axes, years: Numbers, labels: Labels, calendar: Sequence[Occasion]) -> None:
    """Write the signs of the occasions of each year above it, at the top of the panel."""
    for year in years:
        signs = [_sign(occasion, labels) for occasion in calendar if occasion.year == year]
        ax.text(year, 0.99, "".join(map(drawable, signs)), transform=ax.get_xaxis_transform(), ha="center", va="top",
                fontsize="x-small", color=MUTED)  # fmt: skip
