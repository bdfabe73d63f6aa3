"""The topics of a study."""

from functools import cached_property

import pandas as pd

from policy_themes import compare, topics, vectorize
from policy_themes.errors import invalid
from policy_themes.progress import track
from policy_themes.study.documents import By
from policy_themes.study.themes import Themes
from policy_themes.text.formula import COLUMN, OFFERED
from policy_themes.text.units import Language
from policy_themes.topics import Drift, TopicFit, TopicSpec


class Topics(Themes):
    """Documents with what their words say when no theme is asked for."""

    @cached_property
    def _topics(self) -> dict[tuple[Language, int | None], TopicFit]:
        """What was computed."""
        return {}

    @cached_property
    def _drifts(self) -> dict[tuple[Language, int | None, int, int], Drift]:
        """What was computed."""
        return {}

    @cached_property
    def _theme_topics(self) -> dict[tuple[Language, int | None], pd.DataFrame]:
        """What was computed."""
        return {}

    def topics(self, language: Language, *, k: int | None = None) -> TopicFit:
        """Return the topic model of one language's passages, from the cache if it was fitted before."""
        if (language, k) not in self._topics:
            counts = self.topic_counts(language)
            seeded = self.settings.topics.engine == "seeded"
            keywords = topics.keywords_of(self.keyword_shares(language)) if seeded else ()
            spec = topics.spec_of(self.settings, len(counts.doc_ids), k=k, keywords=keywords)
            columns = [COLUMN.get(name, name) for name in OFFERED]
            self._topics[language, k] = topics.fit_once(
                counts, spec, self.cache, track("fitting topics"), documents=self.corpus.unique[["doc_id", *columns]]
            )
        return self._topics[language, k]

    def theme_topics(self, language: Language, *, k: int | None = None) -> pd.DataFrame:
        """Return table ``theme_topics``: in which topics the hits of each theme stand."""
        if (language, k) not in self._theme_topics:
            self._theme_topics[language, k] = compare.theme_topics(self.hits.places, self.topics(language, k=k))
        return self._theme_topics[language, k]

    def topic_counts(self, language: Language) -> vectorize.DocTerm:
        """Return the counts that topics are fitted to: passages, sections or documents × terms."""
        return topics.counts_of(self.words, language, self.corpus.passages, self.settings, masked=self.masked)

    def keyword_shares(self, language: Language) -> pd.DataFrame:
        """Return table ``keyword_shares`` of the themes that topics begin with: those that figures show."""
        words = topics.theme_words(self.lexicon, language)
        return topics.keyword_shares(
            self.topic_counts(language), {theme: words[theme] for theme in self.featured(language)}
        )

    def keyword_influence(self, language: Language, theme: str, *, k: int | None = None) -> pd.DataFrame:
        """Return table ``keyword_influence``: what leaving each keyword of a theme out would change; a fit for each."""
        fit = self.topics(language, k=k)
        return topics.drop_one(self.topic_counts(language), fit, theme=theme, progress=track("leaving keywords out"))

    def topic_drift(self, language: Language, *, k: int | None = None, width: int = 1, refits: int = 9) -> Drift:
        """
        Return how the words of topics move over slices of years, beside what chance would do.

        Raises
        ------
        UsageError, InsufficientDataError
        """
        key = (language, k, width, refits)
        if key not in self._drifts:
            self._drifts[key] = topics.drift_once(
                self.topic_counts(language), self.drift_spec(language, k=k, width=width), self.cache,
                track("fitting topics over time"), documents=self.corpus.unique[["doc_id", "year"]], refits=refits,
            )  # fmt: skip
        return self._drifts[key]

    def drift_spec(self, language: Language, *, k: int | None = None, width: int = 1) -> TopicSpec:
        """Return what `topic_drift` fits; InsufficientDataError where the slices hold too little."""
        documents = self.corpus.unique[["doc_id", "year"]]
        return topics.dynamic_spec(self.topic_counts(language), documents, self.settings, k=k, width=width)

    def topics_of(self, language: Language, outcome: str, *, k: int | None = None) -> list[int]:
        """
        Return the topics that an outcome names: ``topic:3``, or ``theme-topics:`` and a theme.

        Raises
        ------
        UsageError, InsufficientDataError
        """
        kind, _, named = outcome.partition(":")
        if kind == "topic" and named.isdecimal():
            return [int(named)]
        if kind != "theme-topics":
            raise invalid("--outcome", outcome, "a theme, `topic:3`, or `theme-topics:` and a theme")
        theme = self.checked([named])[0]
        return compare.topics_of_theme(self.topics(language, k=k), self.theme_topics(language, k=k), theme)

    def topic_effects(self, question: compare.TopicQuestion) -> compare.TopicAnswer:
        """Return tables ``effects`` and ``predicted`` of a topic, or of a theme as the sum of its topics."""
        return compare.answer_topics(self, question)

    def triangulation(self, language: Language, *, theme: str, by: By) -> pd.DataFrame:
        """Return three measures of one theme by year or region; InsufficientDataError if no topic holds it."""
        fit = self.topics(language)
        best = compare.main_topic(self.theme_topics(language), theme)
        rates = self.rates(by=[by])
        return compare.triangulate(
            rates[(rates["theme"] == theme) & (rates["language"] == language)],
            compare.theme_weights(self.doc_term(language, min_docs=1), self.lexicon, self.groups(by)),
            topics.topic_prevalence(fit, self.groups(by), by=by),
            topic=best,
            by=by,
        )
