"""The figures of a study, each one call: ``charts.trend(study)``.

What a folder cannot carry comes back as a chart that says why; nothing here
raises because there are too few documents.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, Literal, ParamSpec

from policy_themes import compare, figures, topics
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart, Labels
from policy_themes.figures.topics import topic_names
from policy_themes.lexicon.records import Label
from policy_themes.report.topics import quality_of
from policy_themes.study import By, Study
from policy_themes.text.units import Language
from policy_themes.topics.page import SEEDS

P = ParamSpec("P")
NO_YEAR = Label("No document has a year.", "没有文献具有年份。")
NO_REGION = Label("No document has a region.", "没有文献具有地区。")


def labels_of(study: Study) -> Labels:
    """Return the names of a study in its language."""
    return Labels(study.settings.labels, study.lexicon, study.regions)


def _refusing(
    stem: str, title: str
) -> Callable[[Callable[Concatenate[Study, P], Chart]], Callable[Concatenate[Study, P], Chart]]:
    """Turn too little data into a chart that says so."""

    def decorate(draw: Callable[Concatenate[Study, P], Chart]) -> Callable[Concatenate[Study, P], Chart]:
        @wraps(draw)
        def drawn(study: Study, *args: P.args, **kwargs: P.kwargs) -> Chart:
            try:
                return draw(study, *args, **kwargs)
            except InsufficientDataError as error:
                labels = labels_of(study)
                theme, by = str(kwargs.get("theme") or ""), str(kwargs.get("by") or "")
                parts = [stem, theme, f"by_{by}".replace("_code", "") if by else "", str(kwargs["language"])]
                reason = Label(str(error), _chinese(str(error)))
                named = labels.theme_label(theme) if theme in study.lexicon.ids else Label(theme, theme)
                key = title.replace("year", "region") if by == "region_code" else title
                pair = labels.pair(key, theme=lambda name: getattr(named, name))
                return figures.refusal("_".join(filter(None, parts)), pair, reason, labels)

        return drawn  # type: ignore[return-value]  # functools.wraps hides the same signature

    return decorate


def _chinese(message: str) -> str:
    """Return the Chinese of a refusal that has one."""
    known = {reason.en: reason.zh for reason in (NO_YEAR, NO_REGION)}
    return known.get(message, "文献数量不足以支持此项比较。")


def _need(study: Study, by: Sequence[By], language: Language) -> None:
    """Refuse a grouping for which no document has a value."""
    own = study.corpus.unique[study.corpus.unique["language"] == language]
    for name, reason in (("year", NO_YEAR), ("region_code", NO_REGION)):
        if name in by and own[name].isna().all():
            raise InsufficientDataError(reason.en)


def coverage(study: Study) -> Chart:
    """Draw what was collected."""
    return figures.coverage_map(compare.coverage(study.corpus.documents), labels_of(study))


@_refusing("composition", "composition_title")
def composition(study: Study, *, language: Language) -> Chart:
    """Draw of what kinds of document, institutions and outlets each year consists."""
    _need(study, ["year"], language)
    return figures.composition_map(study.composition, labels_of(study), language=language)


def lengths(study: Study) -> Chart:
    """Draw how long the documents are."""
    return figures.lengths(study.corpus.documents, labels_of(study))


def known(study: Study) -> Chart:
    """Draw what is known of the documents, and what became of the files."""
    return figures.known(study.corpus.documents, study.corpus.ledger, labels_of(study))


@_refusing("theme_trend", "trend_title")
def trend(study: Study, *, language: Language, themes: Sequence[str] | None = None) -> Chart:
    """Draw themes by year."""
    _need(study, ["year"], language)
    shown = _themes(study, language, themes)
    return figures.theme_trend(
        study.rates(by=["year"]), labels_of(study), themes=shown, language=language,
        breaks=study.source_breaks, calendar=study.calendar,
    )  # fmt: skip


@_refusing("theme_regions", "region_title")
def regions(study: Study, *, language: Language, themes: Sequence[str] | None = None) -> Chart:
    """Draw themes by region."""
    _need(study, ["region_code"], language)
    shown = _themes(study, language, themes)
    return figures.theme_regions(study.rates(by=["region_code"]), labels_of(study), themes=shown, language=language)


def _themes(study: Study, language: Language, themes: Sequence[str] | None) -> Sequence[str]:
    """Return the themes to draw; none that occurs is too little."""
    shown = themes or study.featured(language)
    if not shown:
        raise InsufficientDataError(f"No theme of the lexicon occurs in the {language} documents.")
    return shown


@_refusing("grid", "grid_title")
def grid(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw one theme by year and region."""
    by: list[By] = ["year", "region_code"]
    _need(study, by, language)
    rates = study.rates(by=by)
    if not ((rates["theme"] == theme) & (rates["language"] == language)).any():
        raise InsufficientDataError("No document has both a year and a region.")
    return figures.theme_grid(rates, labels_of(study), theme=theme, language=language)


@_refusing("surface", "surface_title")
def surface(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw one theme's smoothed rates by year and region."""
    _need(study, ["year", "region_code"], language)
    return figures.theme_surface(study.surface(theme, language), labels_of(study))


@_refusing("trends", "forest_title")
def trends(study: Study, *, language: Language, periods: tuple[range, range] | None = None) -> Chart:
    """Draw how every theme changes over the years, or between two periods, regions held where that can be."""
    table = study.trends(periods=periods)
    own = table[(table["language"] == language) & (table["unit"] == "year")]
    basis = "regions" if own.loc[own["basis"] == "regions", "estimate"].notna().any() else "documents"
    if own.loc[own["basis"] == basis, "estimate"].isna().all():
        raise InsufficientDataError(f"The {language} documents are of one year, or of none.")
    return figures.trend_forest(own, labels_of(study), language=language, basis=basis)


@_refusing("differences", "forest_title")
def differences(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw by how much the themes of the first group of a question differ from the others'."""
    table = study.differences(question)
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"The {language} documents are not of two groups.")
    return figures.difference_forest(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


@_refusing("slope", "forest_title")
def slope(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw the themes of two groups of documents, mostly of two periods, as lines from one to the other."""
    table = study.differences(question)
    own = table[table["language"] == language]
    if own.empty or not (own["value_group"] + own["value_other"] > 0).any():
        raise InsufficientDataError(f"The {language} documents are not of two groups that have a theme.")
    return figures.slope(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


def agreement(study: Study) -> Chart:
    """Draw which themes stand in both languages of the same texts."""
    table, labels = study.language_agreement, labels_of(study)
    if not table[["n_both", "n_zh_only", "n_en_only"]].to_numpy().any():
        reason = Label("No text stands in both languages with a theme.", "没有含主题的中英文对照文本。")
        return figures.refusal("language_agreement", labels.pair("agreement_title"), reason, labels)
    return figures.agreement_chart(table, labels)


@_refusing("effects", "forest_title")
def effects(study: Study, *, theme: str, formula: str, language: Language) -> Chart:
    """Draw the effect of every term of a formula on a theme."""
    table = study.effects(theme, formula)
    if (table["language"] != language).all():
        raise InsufficientDataError(f"The {language} documents are too few for `{formula}`.")
    return figures.effect_forest(table, labels_of(study), language=language, formula=formula)


@_refusing("contrast", "contrast_refused_title")
def contrast(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw the words that set the first group of a question apart."""
    table = study.contrasts(question)
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"No word of the {language} documents stands in enough of them.")
    return figures.contrast_plot(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


@_refusing("tiles", "tiles_title")
def tiles(study: Study, *, theme: str, language: Language, years: Sequence[int] = ()) -> Chart:
    """Draw one theme on a schematic of all regions, a panel a year."""
    by: list[By] = ["year", "region_code"]
    _need(study, by, language)
    return figures.tile_map(study.rates(by=by), labels_of(study), theme=theme, language=language, years=years)


@_refusing("adoption", "adoption_title")
def adoption(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw in how many regions a theme stands, year by year, beside all other themes."""
    by: list[By] = ["year", "region_code"]
    _need(study, by, language)
    table = study.adoption()
    if table[(table["theme"] == theme) & (table["language"] == language)]["year"].nunique() < 2:
        raise InsufficientDataError("The regions' documents are of one year: nothing can spread.")
    return figures.adoption_curve(table, labels_of(study), theme=theme, language=language)


@_refusing("ladder", "ladder_title")
def ladder(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw which region had a theme in which year."""
    by: list[By] = ["year", "region_code"]
    _need(study, by, language)
    rates = study.rates(by=by)
    if not ((rates["theme"] == theme) & (rates["language"] == language)).any():
        raise InsufficientDataError("No document has both a year and a region.")
    return figures.adoption_ladder(rates, labels_of(study), theme=theme, language=language)


@_refusing("terms", "terms_year_title")
def terms(study: Study, *, by: By, language: Language) -> Chart:
    """Draw the heaviest terms of each year or region."""
    _need(study, [by], language)
    weights = study.term_weights(language, by=by)
    if weights.empty:
        raise InsufficientDataError("No term stands in enough documents.")
    return figures.group_terms(weights, labels_of(study), by=by, language=language)


@_refusing("topic_words", "topics_title")
def topic_words(study: Study, *, language: Language) -> Chart:
    """Draw the words of the topics."""
    return figures.topic_words(topics.topic_terms(study.topics(language)), labels_of(study), language=language)


@_refusing("topic_quality", "quality_title")
def topic_quality(study: Study, *, language: Language, ks: Sequence[int] | None = None, n_seeds: int = SEEDS) -> Chart:
    """Draw what speaks for and against several numbers of topics: held-out text, coherence, exclusivity, stability."""
    page = quality_of(study, language, ks=ks, n_seeds=n_seeds)
    return figures.topic_quality(page.quality, labels_of(study), language=language)


@_refusing("topic_effects", "forest_title")
def topic_effects(study: Study, question: compare.TopicQuestion, *, language: Language) -> Chart:
    """Draw the effect of every term of a formula on a topic, or on a theme as the sum of its topics."""
    table = study.topic_effects(question).effects
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"The {language} documents are too few for `{question.formula}`.")
    if own["estimate"].isna().all():
        raise InsufficientDataError(f"{question.outcome}: {own['note'].iloc[0]}.")
    return figures.effect_forest(own, labels_of(study), language=language, formula=question.formula)


@_refusing("topic_prevalence", "prevalence_year_title")
def topic_prevalence(study: Study, *, by: By, language: Language) -> Chart:
    """Draw topics by year or region."""
    _need(study, [by], language)
    fit = study.topics(language)
    prevalence = study.topic_prevalence(language, by=by)
    names = topic_names(topics.topic_terms(fit))
    return figures.topic_prevalence(prevalence, labels_of(study), by=by, names=names, language=language)


@_refusing("topic_drift", "drift_title")
def drift(
    study: Study, *, topic: int, language: Language, k: int | None = None, width: int = 1, refits: int = 9
) -> Chart:
    """Draw how the words of one topic move over slices of years."""
    _need(study, ["year"], language)
    return figures.topic_drift(
        study.topic_drift(language, k=k, width=width, refits=refits), labels_of(study), topic=topic
    )


@_refusing("theme_topics", "theme_topics_title")
def theme_topics(study: Study, *, language: Language) -> Chart:
    """Draw in which topics the themes stand."""
    fit = study.topics(language)
    scores = study.theme_topics(language)
    if scores.empty:
        raise InsufficientDataError("No passage of the topic model holds a theme.")
    names = topic_names(topics.topic_terms(fit))
    return figures.theme_topic_map(scores, labels_of(study), names=names, language=language)


@_refusing("triangulation", "triangulation_year_title")
def triangulation(study: Study, *, theme: str, by: Literal["year", "region_code"], language: Language) -> Chart:
    """Draw three measures of one theme."""
    _need(study, [by], language)
    values = study.triangulation(language, theme=theme, by=by)
    if len(values) < 2:
        raise InsufficientDataError("Fewer than two groups can be compared.")
    topic = int(values.attrs["topic"])
    return figures.triangulation(values, labels_of(study), theme=theme, topic=topic, by=by, language=language)
