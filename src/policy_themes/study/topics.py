"""The topics of a study."""

from functools import cached_property

import pandas as pd

from policy_themes import compare, topics, vectorize
from policy_themes.progress import track
from policy_themes.study.documents import By
from policy_themes.study.themes import Themes
from policy_themes.text.units import Language
from policy_themes.topics import TopicFit


class Topics(Themes):
    """Documents with what their words say when no theme is asked for."""

    @cached_property
    def _topics(self) -> dict[tuple[Language, int | None], TopicFit]:
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
            spec = topics.spec_of(self.settings, len(counts.doc_ids), k=k)
            self._topics[language, k] = topics.fit_once(counts, spec, self.cache, track("fitting topics"))
        return self._topics[language, k]

    def theme_topics(self, language: Language, *, k: int | None = None) -> pd.DataFrame:
        """Return table ``theme_topics``: in which topics the hits of each theme stand."""
        if (language, k) not in self._theme_topics:
            self._theme_topics[language, k] = compare.theme_topics(self.hits.places, self.topics(language, k=k))
        return self._theme_topics[language, k]

    def topic_counts(self, language: Language) -> vectorize.DocTerm:
        """Return the counts that topics are fitted to: passages, sections or documents × terms."""
        return topics.counts_of(self.words, language, self.corpus.passages, self.settings, masked=self.masked)

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
