"""The pictures of a view: those of the report, from the tables of what is selected.

A panel leaves its own part of the focus out: the trend shows all years with one
of them chosen, and the map what stands behind that year.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from policy_themes import compare, figures, topics
from policy_themes.errors import InsufficientDataError
from policy_themes.explore.asked import PART, PHRASE, Asked
from policy_themes.explore.passages import quoted
from policy_themes.explore.prepared import Prepared
from policy_themes.explore.selection import Selection
from policy_themes.explore.sides import sides_of, two_sides
from policy_themes.explore.view import PanelName, View
from policy_themes.figures import PRESETS, Chart, Labels, printed_for
from policy_themes.figures.topics import topic_names
from policy_themes.lexicon.records import Label
from policy_themes.report import charts
from policy_themes.text.units import UNITS

OWN: Mapping[PanelName, tuple[str, ...]] = {
    "trend": ("year",),
    "map": ("region",),
    "ranking": ("region",),
    "grid": ("year", "region"),
    "contrast": (),
    "topics": (),
    "passages": (),
}
TITLES: Mapping[PanelName, str] = {
    "trend": "trend_title",
    "map": "tiles_title",
    "ranking": "region_title",
    "grid": "grid_title",
    "contrast": "contrast_refused_title",
    "topics": "prevalence_year_title",
    "passages": "concordance_title",
}
WORDS = 40  # on each side of a contrast
# What a test says belongs into the report; here words are ranked, and none of them is called proven.
UNTESTED = "not tested in the explorer"
Draw = Callable[[Prepared, Asked, View, Selection], Chart]


class Empty(InsufficientDataError):
    """A selection that holds nothing to draw."""


def draw(prepared: Prepared, asked: Asked, view: View, panel: PanelName, *, other: bool = False) -> Chart:
    """
    Draw one panel of a view.

    Parameters
    ----------
    prepared : Prepared
    asked : Asked
    view : View
    panel : str
    other : bool, default False
        Of the second selection.

    Returns
    -------
    Chart
        One that says why, where nothing can be drawn.
    """
    selection = view.side(other).without(*OWN[panel])
    preset = PRESETS["report_half" if view.narrow else prepared.study.settings.preset]
    with printed_for(preset):
        try:
            if not prepared.n_docs(selection, view.language):
                raise Empty("The selection holds no document.", hint="所选范围内没有文献。")
            return DRAW[panel](prepared, asked, view, selection)
        except InsufficientDataError as error:
            labels = asked.labels(prepared.study, view)
            named = labels.theme_label(asked.name)
            title = labels.pair(TITLES[panel], theme=lambda name: getattr(named, name))
            reason = Label(error.message, _chinese(error))
            return figures.refusal(f"{panel}_{asked.name}_{view.language}", title, reason, labels)


def _chinese(error: InsufficientDataError) -> str:
    """Return the Chinese of a refusal."""
    return error.hint if isinstance(error, Empty) else "文献数量不足以支持此项比较。"


def _some(table: pd.DataFrame, what: Label) -> pd.DataFrame:
    """Return a table, or refuse where no row of it has a document."""
    if table.empty or not (table["n_docs"] > 0).any():
        raise Empty(f"No document of the selection has {what.en}.", hint=f"所选文献均无{what.zh}。")
    return table


YEAR, REGION, BOTH = Label("a year", "年份"), Label("a region", "地区"), Label("both a year and a region", "年份与地区")


def _trend(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the years, or the shares of a topic, or what goes with the theme."""
    study, labels = prepared.study, asked.labels(prepared.study, view)
    if view.measure == "prevalence":
        return _course(prepared, asked, view, "year")
    if view.measure == "effect":
        table = study.effects(asked.theme, "year + region") if asked.theme in study.lexicon.ids else pd.DataFrame()
        own = table[table["language"] == view.language] if len(table) else table
        if own.empty:
            raise Empty("Effects are those of whole themes.", hint="效应只对整个主题计算。")
        return figures.effect_forest(own, labels, language=view.language, formula="year + region")
    table = _some(asked.rates(view, selection, ("year",)), YEAR)
    return figures.theme_trend(
        table,
        labels,
        themes=[asked.name],
        language=view.language,
        breaks=prepared.source_breaks,
        calendar=study.calendar,
    )


def _map(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the regions as tiles, all selected years together."""
    labels = asked.labels(prepared.study, view)
    table = _some(asked.rates(view, selection, ("region_code",)), REGION)
    return figures.tile_map(
        table, labels, theme=asked.name, language=view.language, together=span(prepared, view, selection)
    )


def span(prepared: Prepared, view: View, selection: Selection) -> str:
    """Return the years of a selection as text."""
    if selection.year is not None:
        return str(selection.year)
    years = prepared.documents.loc[prepared.documents["language"] == view.language, "year"].dropna()
    first = selection.first or (int(years.min()) if len(years) else None)
    last = selection.last or (int(years.max()) if len(years) else None)
    return "–".join(str(year) for year in dict.fromkeys((first, last)) if year is not None) or "–"


def _ranking(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the regions in their order."""
    if view.measure == "prevalence":
        return _course(prepared, asked, view, "region_code")
    labels = asked.labels(prepared.study, view)
    table = _some(asked.rates(view, selection, ("region_code",)), REGION)
    return figures.theme_regions(table, labels, themes=[asked.name], language=view.language)


def _grid(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw years and regions at once."""
    labels = asked.labels(prepared.study, view)
    table = _some(asked.rates(view, selection, ("year", "region_code")), BOTH)
    return figures.theme_grid(table, labels, theme=asked.name, language=view.language)


def _contrast(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the words that set the region or the year in focus apart from all others."""
    sides = two_sides(prepared, view, selection)
    if sides.empty or sides.nunique() < 2:
        raise Empty(
            "Choose a year, a region or a second selection: its words are set against those of the others.",
            hint="请先选择一个年份、一个地区或第二组文献，以便比较用词。",
        )
    docterm = prepared.doc_term(view.language)
    documents = prepared.documents
    lengths = dict(zip(documents["doc_id"], documents["n_units"].astype(float), strict=True))
    chosen = compare.compared(
        docterm, dict(zip(sides.index.astype(str), sides, strict=True)), lengths=lengths, unit=UNITS[view.language]
    )
    by, first, second = sides_of(prepared, selection, view)
    question = compare.Question(by, groups=(first,), against=second if view.against is not None else "", top=WORDS)
    table = compare.contrasts(chosen, question, refused=UNTESTED)
    if table.empty:
        raise Empty("No word stands in enough documents on both sides.", hint="没有词语在两侧足够多的文献中出现。")
    return figures.contrast_plot(table, asked.labels(prepared.study, view), language=view.language, group=first)


def _topics(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the topics over the years, or one of them over the regions."""
    if view.topic is not None:
        return _course(prepared, asked, view, "year")
    names = _fit(prepared, view)[1]
    study = prepared.study
    charts.need(study, ["year"], view.language)
    table = study.topic_prevalence(view.language, by="year")
    return figures.topic_prevalence(table, asked.labels(study, view), by="year", names=names, language=view.language)


def _fit(prepared: Prepared, view: View) -> tuple[topics.TopicFit, dict[int, str]]:
    """Return the topics of a language, and the words of each."""
    fit = prepared.study.topics(view.language)
    return fit, topic_names(topics.topic_terms(fit))


def _course(prepared: Prepared, asked: Asked, view: View, by: str) -> Chart:
    """Draw one topic over years or regions: the one that is chosen, or the one with most of the theme."""
    study = prepared.study
    group = "year" if by == "year" else "region_code"
    charts.need(study, [group], view.language)  # type: ignore[list-item]
    fit, names = _fit(prepared, view)
    topic = view.topic or compare.main_topic(study.theme_topics(view.language), asked.theme)
    if topic > fit.spec.k:
        raise Empty(f"There are {fit.spec.k} topics.", hint=f"共有 {fit.spec.k} 个话题。")
    table = study.topic_prevalence(view.language, by=group)  # type: ignore[arg-type]
    labels: Labels = asked.labels(study, view)
    return figures.topic_course(table, labels, by=group, topics=[topic], names=names, language=view.language)  # type: ignore[arg-type]


def _passages(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Chart:
    """Draw the passages of a selection, as many as a figure holds."""
    table = quoted(prepared, asked, view, selection)
    if table.empty:
        raise Empty("No passage of the selection holds it.", hint="所选文献中没有命中。")
    documents = prepared.study.corpus.documents
    machine = documents.loc[documents["translated_by"] == "machine", "doc_id"].tolist()
    table = table.assign(theme=asked.name)
    labels = asked.labels(prepared.study, view)
    return figures.concordance(
        table, labels, theme=asked.name, language=view.language, removed=view.removed, machine=machine
    )


DRAW: Mapping[PanelName, Draw] = {
    "trend": _trend,
    "map": _map,
    "ranking": _ranking,
    "grid": _grid,
    "contrast": _contrast,
    "topics": _topics,
    "passages": _passages,
}


def renamed(chart: Chart, stem: str, view: View) -> Chart:
    """Return a chart under another name, its view on record, its numbers under what was asked for."""
    values = chart.values
    if "theme" in values and (view.phrase or view.facet):
        named = {PHRASE: view.phrase, PART: view.theme}
        facets = values["theme"].map({PART: view.facet})
        values = values.assign(theme=values["theme"].replace(named))
        if "facet" in values:
            values["facet"] = facets.fillna(values["facet"]).astype("str")
    return replace(chart, stem=stem, values=values, spec={**chart.spec, "view": dict(view.content())})
