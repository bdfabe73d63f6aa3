"""Which figures a report holds, in which order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from policy_themes.compare import Question
from policy_themes.config import DRAWN_SECTIONS, SectionName
from policy_themes.figures import Chart
from policy_themes.report import answers, charts
from policy_themes.study import By, Study

BOTH: tuple[By, By] = ("year", "region_code")
GRIDS = 2
Draw = Callable[[], Chart]


@dataclass(frozen=True)
class Section:
    """A chapter of the report: an anchor in the labels, and the figures to draw."""

    key: str
    draw: tuple[Draw, ...]

    @property
    def of_topics(self) -> bool:
        """Tell whether its figures wait for topics, which take longest to come."""
        return self.key in {"section_topics", "section_quality", "section_triangulation"}


def catalogue(study: Study) -> list[Section]:
    """
    Return the sections of a study's report that have figures, in the order of the settings, not drawn yet.

    Parameters
    ----------
    study : Study
    """
    wanted = [name for name in study.settings.sections if name in DRAWN_SECTIONS]
    return [Section(f"section_{name}", tuple(_SECTIONS[name](study))) for name in wanted]


def _corpus(study: Study) -> Iterator[Draw]:
    """Yield what was collected, and what is known of it."""
    yield partial(charts.coverage, study)
    yield partial(charts.known, study)


def _years(study: Study) -> Iterator[Draw]:
    """Yield themes over the years, how each changes, and what the first is called when."""
    for language in study.languages:
        yield partial(charts.trend, study, language=language)
        yield partial(charts.trends, study, language=language)
        for theme in study.featured(language)[:1]:
            yield partial(charts.wordings, study, theme=theme, by="year", language=language)


def _regions(study: Study) -> Iterator[Draw]:
    """Yield regions in order, and in which of them the first theme stands when."""
    for language in study.languages:
        yield partial(charts.regions, study, language=language)
        for theme in study.featured(language)[:1]:
            yield partial(charts.tiles, study, theme=theme, language=language)


def _grid(study: Study) -> Iterator[Draw]:
    """Yield the first themes by year and region."""
    for language in study.languages:
        for theme in study.featured(language)[:GRIDS]:
            yield partial(charts.grid, study, theme=theme, language=language)


def _contrasts(study: Study) -> Iterator[Draw]:
    """Yield what differs from the year on that halves the documents: themes, and the words around the first of them."""
    for language in study.languages:
        asked = Question("year", at=answers.middle_year(study, language=language))
        yield partial(charts.slope, study, asked, language=language)
        for theme in study.featured(language)[:1]:
            yield partial(charts.contrast, study, Question("year", at=asked.at, around=theme), language=language)


def _terms(study: Study) -> Iterator[Draw]:
    """Yield weighted terms by year and by region."""
    for language in study.languages:
        for by in BOTH:
            yield partial(charts.terms, study, by=by, language=language)


def _topics(study: Study) -> Iterator[Draw]:
    """Yield topics, whether other fits find them, their prevalence, and the themes in them."""
    for language in study.languages:
        yield partial(charts.topic_words, study, language=language)
        yield partial(charts.topic_stability, study, language=language)
        for by in BOTH:
            yield partial(charts.topic_prevalence, study, by=by, language=language)
        yield partial(charts.theme_topics, study, language=language)


def _quality(study: Study) -> Iterator[Draw]:
    """Yield what speaks for and against several numbers of topics."""
    for language in study.languages:
        yield partial(charts.topic_quality, study, language=language)


def _triangulations(study: Study) -> Iterator[Draw]:
    """Yield three measures of the first theme."""
    for language in study.languages:
        for theme in study.featured(language)[:1]:
            for by in BOTH:
                yield partial(charts.triangulation, study, theme=theme, by=by, language=language)


def _languages(study: Study) -> Iterator[Draw]:
    """Yield whether translations say the same."""
    yield partial(charts.agreement, study)


_SECTIONS: Mapping[SectionName, Callable[[Study], Iterator[Draw]]] = {
    "corpus": _corpus,
    "years": _years,
    "regions": _regions,
    "grid": _grid,
    "contrasts": _contrasts,
    "terms": _terms,
    "topics": _topics,
    "quality": _quality,
    "triangulation": _triangulations,
    "languages": _languages,
}
