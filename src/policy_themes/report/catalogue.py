"""Which figures a report holds, in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from policy_themes.figures import Chart
from policy_themes.report import charts
from policy_themes.study import By, Study

BOTH: tuple[By, By] = ("year", "region_code")
GRIDS = 2


@dataclass(frozen=True)
class Section:
    """A chapter of the report: an anchor in the labels, and the figures to draw."""

    key: str
    draw: tuple[Callable[[], Chart], ...]


def catalogue(study: Study) -> list[Section]:
    """
    Return the sections of a study's report, their figures not drawn yet.

    Parameters
    ----------
    study : Study
    """
    sections = [Section("section_corpus", (partial(charts.coverage, study),))]
    for key, draw in (
        ("section_themes", _themes),
        ("section_terms", _terms),
        ("section_topics", _topics),
        ("section_triangulation", _triangulations),
    ):
        sections.append(Section(key, tuple(draw(study))))
    return sections


def _themes(study: Study) -> Iterator[Callable[[], Chart]]:
    """Yield trend, ranking and grids of each language."""
    for language in study.languages:
        yield partial(charts.trend, study, language=language)
        yield partial(charts.regions, study, language=language)
        for theme in study.featured(language)[:GRIDS]:
            yield partial(charts.grid, study, theme=theme, language=language)


def _terms(study: Study) -> Iterator[Callable[[], Chart]]:
    """Yield weighted terms by year and by region."""
    for language in study.languages:
        for by in BOTH:
            yield partial(charts.terms, study, by=by, language=language)


def _topics(study: Study) -> Iterator[Callable[[], Chart]]:
    """Yield topics, their prevalence, and the themes in them."""
    for language in study.languages:
        yield partial(charts.topic_words, study, language=language)
        for by in BOTH:
            yield partial(charts.topic_prevalence, study, by=by, language=language)
        yield partial(charts.theme_topics, study, language=language)


def _triangulations(study: Study) -> Iterator[Callable[[], Chart]]:
    """Yield three measures of the first theme."""
    for language in study.languages:
        for theme in study.featured(language)[:1]:
            for by in BOTH:
                yield partial(charts.triangulation, study, theme=theme, by=by, language=language)
