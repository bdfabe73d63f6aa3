"""The topics of a study."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from typing import Self, cast

import pandas as pd

from policy_themes import compare, topics, vectorize
from policy_themes.config import PresetName
from policy_themes.errors import InsufficientDataError, UsageError, invalid
from policy_themes.progress import track
from policy_themes.schema import conform
from policy_themes.study.documents import By
from policy_themes.study.themes import Themes
from policy_themes.text.formula import COLUMN, OFFERED
from policy_themes.text.units import Language
from policy_themes.topics import Begun, Drift, TopicFit, TopicSpec

# Stages that hang on the settings of topics.
OF_TOPICS = frozenset(
    {"topics", "topics_begun", "topic_counts", "topic_stability", "topic_prevalence", "theme_topics", "drift"}
)


class Topics(Themes):
    """Documents with what their words say when no theme is asked for."""

    def with_topics(self, **changes: object) -> Self:
        """
        Return the same study with other topics: ``k``, ``engine``, ``unit``, ``iterations``, ``prevalence``, ``content``.

        Raises
        ------
        UsageError
            If there is no such setting, or no such value.

        Examples
        --------
        >>> from policy_themes.study import open_study
        >>> open_study(".").with_topics(engine="gensim", k=4).settings.topics.engine
        'gensim'
        """
        other = copy(self)
        other.settings = self.settings.with_topics(**changes)
        other._made = {key: made for key, made in self._made.items() if key[0] not in OF_TOPICS}
        return other

    def with_preset(self, preset: PresetName) -> Self:
        """
        Return the same study with its figures for another place in print: a report, a journal, a slide.

        Examples
        --------
        >>> from policy_themes.study import open_study
        >>> open_study(".").with_preset("slide").settings.preset
        'slide'
        """
        other = copy(self)
        other.settings = self.settings.model_copy(update={"preset": preset})
        return other

    def topics(self, language: Language, *, k: int | None = None) -> TopicFit:
        """Return the topic model of one language's passages, from the cache if it was fitted before."""
        counts = self.topic_counts(language)
        return self._once(
            ("topics", language, k),
            lambda: topics.fit_once(
                counts, self.topic_spec(counts, k=k), self.cache, track("fitting topics"),
                documents=self.topic_columns, begun=self._begun(language, k),
            ),
        )  # fmt: skip

    @contextmanager
    def topics_ahead(self) -> Iterator[None]:
        """
        Fit the topics of every language in other processes while other things are asked for.

        `topics` and `topic_stability` wait for what was begun; they are the same to the
        last bit. What nobody has asked for when this ends is given up.
        """
        with ExitStack() as ends:
            for language in self.languages if self.settings.topics.engine in topics.ENGINES else ():
                with suppress(InsufficientDataError):  # whoever asks for the topics is told
                    counts, columns = self.topic_counts(language), self.topic_columns
                    begun = topics.begin_once(counts, self.topic_spec(counts), self.cache, documents=columns)
                    if begun is not None:
                        self._made["topics_begun", language] = begun
                        ends.callback(self._made.pop, ("topics_begun", language))
                        ends.callback(begun.end)
            yield

    def _begun(self, language: Language, k: int | None) -> Begun | None:
        """Return the fit of a language that was begun, if it is the one of this K."""
        return cast("Begun | None", self._made.get(("topics_begun", language))) if k is None else None

    def topic_spec(self, counts: vectorize.DocTerm, *, k: int | None = None) -> TopicSpec:
        """Return the settings of the topic model of such counts, keywords included."""
        seeded = self.settings.topics.engine == "seeded"
        keywords = topics.keywords_of(self._shares(counts)) if seeded else ()
        return topics.spec_of(self.settings, len(counts.doc_ids), k=k, keywords=keywords)

    @property
    def topic_columns(self) -> pd.DataFrame:
        """Return ``doc_id`` and the columns that the formula of a topic model may name."""
        return self.corpus.unique[["doc_id", *(COLUMN.get(name, name) for name in OFFERED)]]

    def topic_stability(self, language: Language, *, k: int | None = None) -> pd.DataFrame:
        """Return table ``topic_stability`` of the topics that are shown: which of them a few other fits find again."""
        return self._once(
            ("topic_stability", language, k),
            lambda: topics.refits_once(
                self.topic_counts(language), self.topics(language, k=k), self.cache, track("fitting topics again"),
                documents=self.topic_columns, begun=self._begun(language, k),
            ),
        )  # fmt: skip

    def topic_prevalence(self, language: Language, *, by: By, k: int | None = None) -> pd.DataFrame:
        """Return table ``topic_prevalence`` of one grouping."""
        return self._once(
            ("topic_prevalence", language, by, k),
            lambda: topics.topic_prevalence(
                self.topics(language, k=k),
                self.groups(by),
                by=by,
                sampled=self.settings.collected == "search" or self.settings.sample is not None,
                found_again=self.topic_stability(language, k=k),
                seed=self.settings.seed,
            ),
        ).copy()

    def theme_topics(self, language: Language, *, k: int | None = None) -> pd.DataFrame:
        """Return table ``theme_topics``: in which topics the hits of each theme stand."""
        return self._once(
            ("theme_topics", language, k),
            lambda: compare.theme_topics(self.hits.places, self.topics(language, k=k)),
        )

    def exemplars(self, language: Language, *, k: int | None = None, top: int = 5) -> pd.DataFrame:
        """Return table ``exemplars``: the texts that have most of each topic."""
        return self._once(
            ("exemplars", language, k, top),
            lambda: topics.exemplars(self.topics(language, k=k), self.corpus, top=top),
        ).copy()

    def topic_counts(self, language: Language) -> vectorize.DocTerm:
        """Return the counts that topics are fitted to: passages, sections or documents × terms."""
        return self._once(
            ("topic_counts", language),
            lambda: topics.counts_of(self.words, language, self.corpus.passages, self.settings, masked=self.masked),
        )

    def keyword_shares(self, language: Language) -> pd.DataFrame:
        """Return table ``keyword_shares`` of the themes that topics begin with: those that figures show."""
        return self._shares(self.topic_counts(language))

    def _shares(self, counts: vectorize.DocTerm) -> pd.DataFrame:
        words = topics.theme_words(self.lexicon, counts.language)
        return topics.keyword_shares(counts, {theme: words[theme] for theme in self.featured(counts.language)})

    def check_drop_one(self, theme: str) -> None:
        """
        Make sure, before anything is fitted, that a keyword of a theme can be left out.

        Raises
        ------
        UsageError
            If there is no such theme, or no topic begins with it.
        InsufficientDataError
            If it has less than two keywords in every language.
        """
        self.checked([theme])
        shares = pd.concat([self.keyword_shares(language) for language in self.languages])
        if theme not in set(shares["theme"]):
            hint = f"Those do: {', '.join(dict.fromkeys(shares['theme']))}. `themes` in study.yml chooses them."
            raise UsageError(f"No topic begins with `{theme}`.", hint=hint)
        own = shares[(shares["theme"] == theme) & (shares["n"] > 0)]
        if not own["language"].duplicated().any():
            words = ", ".join(own["keyword"]) or "none at all"
            raise InsufficientDataError(
                f"`{theme}` has no two keywords in one language ({words}): with one left out there is no theme.",
                hint="Choose a theme with more keywords.",
            )

    def keyword_influence(self, language: Language, theme: str, *, k: int | None = None) -> pd.DataFrame:
        """
        Return table ``keyword_influence``: what leaving each keyword of a theme out would change; a fit for each.

        Where the theme has a single keyword in this language, there are no rows.
        """
        fit = self.topics(language, k=k)
        if len(dict(fit.spec.keywords).get(theme, ())) == 1:
            return conform([], "keyword_influence")
        return topics.drop_one(
            self.topic_counts(language), fit, self.topic_columns, theme=theme, progress=track("leaving keywords out")
        )

    def topic_drift(self, language: Language, *, k: int | None = None, width: int = 1, refits: int = 9) -> Drift:
        """
        Return how the words of topics move over slices of years, beside what chance would do.

        Raises
        ------
        UsageError, InsufficientDataError
        """
        return self._once(
            ("drift", language, k, width, refits),
            lambda: topics.drift_once(
                self.topic_counts(language), self.drift_spec(language, k=k, width=width), self.cache,
                track("fitting topics over time"), documents=self.corpus.unique[["doc_id", "year"]], refits=refits,
            ),
        )  # fmt: skip

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
        best = compare.main_topic(self.theme_topics(language), theme)
        rates = self.rates(by=[by])
        table = compare.triangulate(
            rates[(rates["theme"] == theme) & (rates["language"] == language)],
            compare.theme_weights(self.doc_term(language, min_docs=1), self.lexicon, self.groups(by)),
            self.topic_prevalence(language, by=by),
            topic=best,
            by=by,
        )
        steady = topics.identified(self.topic_stability(language), self.topics(language), [best])
        table.attrs["unstable"] = steady.what == "nothing"
        return table
