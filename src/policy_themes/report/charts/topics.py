"""Topics as figures: their words, whether they hold up, where they are, what goes with them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from policy_themes import compare, figures, topics
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart
from policy_themes.figures.topics import topic_names
from policy_themes.report.charts.refusing import labels_of, need, refusing
from policy_themes.report.topics import quality_of
from policy_themes.study import By, Study
from policy_themes.text.units import Language
from policy_themes.topics.page import SEEDS

MOST_PANELS = 12
MOST_TEXTS = 20_000  # that the figure of quality is made of, drawn by lot


@refusing("topic_words", "topics_title")
def topic_words(study: Study, *, language: Language) -> Chart:
    """Draw the words of the topics."""
    return figures.topic_words(topics.topic_terms(study.topics(language)), labels_of(study), language=language)


@refusing("topic_quality", "quality_title")
def topic_quality(study: Study, *, language: Language, ks: Sequence[int] | None = None, n_seeds: int = SEEDS) -> Chart:
    """Draw what speaks for and against several numbers of topics: held-out text, coherence, exclusivity, stability."""
    page = quality_of(study, language, ks=ks, n_seeds=n_seeds, most=MOST_TEXTS)
    return figures.topic_quality(page.quality, labels_of(study), language=language)


@refusing("topic_stability", "stability_title")
def topic_stability(study: Study, *, language: Language) -> Chart:
    """Draw how well a few other fits find each of the topics again."""
    fit, table = study.topics(language), study.topic_stability(language)
    return figures.topic_stability(table, labels_of(study), language=language, k=fit.spec.k)


def _estimated(table: pd.DataFrame, question: compare.TopicQuestion, language: Language) -> pd.DataFrame:
    """Return the answer in one language; one without estimates, or none, is too little to draw."""
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"The {language} documents are too few for `{question.formula}`.")
    if own["estimate"].isna().all():
        raise InsufficientDataError(f"{question.outcome}: {own['note'].iloc[0]}.")
    return own


@refusing("topic_effects", "forest_title")
def topic_effects(study: Study, question: compare.TopicQuestion, *, language: Language) -> Chart:
    """Draw the effect of every term of a formula on a topic, or on a theme as the sum of its topics."""
    own = _estimated(study.topic_effects(question).effects, question, language)
    return figures.effect_forest(own, labels_of(study), language=language, formula=question.formula)


@refusing("predicted", "forest_title")
def predicted(study: Study, question: compare.TopicQuestion, *, language: Language) -> Chart:
    """Draw the shares of a topic, or of a theme as the sum of its topics, that a formula predicts."""
    own = _estimated(study.topic_effects(replace(question, predict=True)).predicted, question, language)
    return figures.predicted_shares(own, labels_of(study), language=language, formula=question.formula)


@refusing("topic_prevalence", "prevalence_year_title")
def topic_prevalence(study: Study, *, by: By, language: Language) -> Chart:
    """Draw topics by year or region."""
    need(study, [by], language)
    fit = study.topics(language)
    prevalence = study.topic_prevalence(language, by=by)
    names = topic_names(topics.topic_terms(fit))
    return figures.topic_prevalence(prevalence, labels_of(study), by=by, names=names, language=language)


@refusing("topic_course", "course_year_title")
def topic_course(study: Study, *, by: By, language: Language, shown: Sequence[int] | None = None) -> Chart:
    """Draw topics by year or region with their intervals; unless named, the largest of them."""
    need(study, [by], language)
    fit = study.topics(language)
    most = MOST_PANELS if by == "year" else 2
    chosen = list(shown) if shown else list(range(1, min(fit.spec.k, most) + 1))
    for topic in chosen:
        study.topics_of(language, f"topic:{topic}")
    prevalence, names = study.topic_prevalence(language, by=by), topic_names(topics.topic_terms(fit))
    return figures.topic_course(prevalence, labels_of(study), by=by, topics=chosen, names=names, language=language)


@refusing("theme_topics", "theme_topics_title")
def theme_topics(study: Study, *, language: Language) -> Chart:
    """Draw in which topics the themes stand."""
    fit = study.topics(language)
    scores = study.theme_topics(language)
    if scores.empty:
        raise InsufficientDataError("No passage of the topic model holds a theme.")
    names = topic_names(topics.topic_terms(fit))
    return figures.theme_topic_map(scores, labels_of(study), names=names, language=language)


@refusing("triangulation", "triangulation_year_title")
def triangulation(study: Study, *, theme: str, by: Literal["year", "region_code"], language: Language) -> Chart:
    """Draw three measures of one theme."""
    need(study, [by], language)
    values = study.triangulation(language, theme=theme, by=by)
    if len(values) < 2:
        raise InsufficientDataError("Fewer than two groups can be compared.")
    topic = int(values.attrs["topic"])
    return figures.triangulation(values, labels_of(study), theme=theme, topic=topic, by=by, language=language)


@refusing("topic_drift", "drift_title")
def drift(
    study: Study, *, topic: int, language: Language, k: int | None = None, width: int = 1, refits: int = 9
) -> Chart:
    """Draw how the words of one topic move over slices of years."""
    need(study, ["year"], language)
    return figures.topic_drift(
        study.topic_drift(language, k=k, width=width, refits=refits), labels_of(study), topic=topic
    )
