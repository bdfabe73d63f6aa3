"""The whole pipeline over one folder: every stage computed once, when it is first asked for.

A `Study` is the one thing that a notebook, the report and the command line
hold. Its attributes are the records and tables of the stages; it computes
nothing of its own.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd

from policy_themes import compare, topics, vectorize
from policy_themes.config import Settings, find_settings
from policy_themes.corpus import Corpus
from policy_themes.corpus.fingerprint import Listing
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.source import read_source
from policy_themes.errors import InsufficientDataError, UsageError, closest
from policy_themes.lexicon import Lexicon, load_lexicon
from policy_themes.progress import say, track
from policy_themes.regions import Regions, load_regions
from policy_themes.schema import rows
from policy_themes.store.cache import StageCache, default_root
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize import Tokens, UserDictionary, load_dictionary, load_stopwords, segment
from policy_themes.tokenize.discover import candidate_terms
from policy_themes.tokenize.names import place_words
from policy_themes.tokenize.recall import near_misses
from policy_themes.tokenize.words import fixed_terms
from policy_themes.topics import TopicFit

By = Literal["year", "region_code"]
FEATURED = 6


def open_study(
    folder: Path | str, settings: Path | str | None = None, *, fresh: bool = False, listing: Listing | None = None
) -> "Study":
    """
    Open a folder of documents.

    Parameters
    ----------
    folder : path
        Documents, or what ``policy-themes ingest`` wrote.
    settings : path, optional
        A ``study.yml``; without it, one that lies in the folder is taken.
    fresh : bool, default False
        Compute every stage anew.
    listing : Listing, optional
        Of the folder, where it was listed already.

    Returns
    -------
    Study
    """
    place = Path(folder)
    named = Path(settings) if settings else None
    return Study(place, find_settings(place, named), cache=StageCache(default_root(), fresh=fresh), listing=listing)


class Study:
    """
    A folder of documents and everything computed from it.

    Parameters
    ----------
    folder : Path
    settings : Settings
    cache : StageCache
    listing : Listing, optional
        Of the folder, where it was listed already.
    """

    def __init__(self, folder: Path, settings: Settings, *, cache: StageCache, listing: Listing | None = None) -> None:
        self.folder = folder
        self.settings = settings
        self.cache = cache
        self.listing = listing
        self._rates: dict[tuple[tuple[str, ...], bool, compare.IntervalKind | None], pd.DataFrame] = {}
        self._topics: dict[tuple[Language, int | None], TopicFit] = {}
        self._theme_topics: dict[tuple[Language, int | None], pd.DataFrame] = {}

    @cached_property
    def lexicon(self) -> Lexicon:
        """The themes."""
        return load_lexicon(self.settings.file("lexicon"), replace=self.settings.lexicon_mode == "replace")

    @cached_property
    def regions(self) -> Regions:
        """The region scheme."""
        return load_regions(self.settings.file("regions"))

    @cached_property
    def source(self) -> Corpus:
        """The documents as they were read, each with the narrowest region it was found to be of."""
        return read_source(self.folder, self.settings, self.regions, self.cache, self.listing)

    @cached_property
    def corpus(self) -> Corpus:
        """The documents with the regions that are compared, and the ledger."""
        source = self.source.with_copies() if self.settings.copies == "all" else self.source
        if self.settings.part != "all":
            source = source.of_part(self.settings.part)
        if source.documents.empty:
            raise InsufficientDataError(
                f"No document has a part `{self.settings.part}`.",
                hint="Only work reports with chapters have; set `part: all`.",
            )
        return source.at_level(self.settings.region_level, Gazetteer(self.regions))

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """Languages of the documents, the most frequent first."""
        counts = self.corpus.unique["language"].value_counts()
        return tuple(sorted((name for name in LANGUAGES if name in counts), key=lambda name: -int(counts[name])))

    @cached_property
    def tokens(self) -> Tokens:
        """All words, stop words included, with the recall of the fixed terms."""
        found = segment(
            self.corpus, self.lexicon, self._dictionary, cache=self.cache, engine=self.settings.segmenter,
            progress=track("segmenting"),
        )  # fmt: skip
        cut = found.recall[found.recall["n_kept"] < found.recall["n_text"]]
        lost = cut[cut["recall"].astype(float) < self.settings.min_recall]
        named = ", ".join(f"{row.phrase} ({row.n_kept} of {row.n_text})" for row in rows(cut.head(5)))
        if len(lost):
            raise UsageError(
                f"{len(lost)} fixed term(s) were cut by others: {named}.",
                hint="Remove one of the overlapping terms, or lower `min_recall` in study.yml.",
            )
        if len(cut):
            say(f"{len(cut)} fixed term(s) were cut by others: {named}")
        return found

    @cached_property
    def near_misses(self) -> pd.DataFrame:
        """What would be a fixed term but for a line end, a blank or a mark in it."""
        return near_misses(self.corpus, fixed_terms(self.lexicon, self._dictionary))

    def candidate_terms(self, *, top: int = 1_000) -> pd.DataFrame:
        """Return table ``candidate_terms``: what the lexicon and the user's dictionary lack."""
        stop = load_stopwords(self.settings.file("stopwords"))
        known = self.lexicon.phrases | set(self._dictionary.phrases)
        return candidate_terms(self.corpus, known, top=top, stopwords=stop, engine=self.settings.segmenter)

    @cached_property
    def _dictionary(self) -> UserDictionary:
        """The user's own words."""
        return load_dictionary(self.settings.file("dictionary"))

    @cached_property
    def words(self) -> Tokens:
        """Words without stop words."""
        return self.tokens.without(load_stopwords(self.settings.file("stopwords")))

    @cached_property
    def masked(self) -> frozenset[str]:
        """Names that are left out where terms are compared."""
        if not self.settings.terms.mask_names:
            return frozenset()
        return place_words(self.regions, self.corpus.documents["outlet"].dropna(), self.words.vocabulary)

    @cached_property
    def hits(self) -> compare.ThemeHits:
        """Theme hits with their places, and counted by document."""
        return compare.find_hits(self.corpus, self.lexicon)

    def rates(
        self, *, by: Sequence[str] = ("year",), facets: bool = False, interval: compare.IntervalKind | None = None
    ) -> pd.DataFrame:
        """Return table ``theme_rates`` by year, region, another column of the documents, or none."""
        key = (tuple(by), facets, interval)
        if key not in self._rates:
            self._rates[key] = compare.corpus_rates(
                self.hits, self.corpus, self.lexicon, self.settings, by=by, facets=facets, interval=interval
            )
        return self._rates[key].copy()

    def trends(self, *, periods: tuple[range, range] | None = None) -> pd.DataFrame:
        """Return table ``trends``: how every theme changes over the years, or between two periods."""
        by_year, by_cell = (self.rates(by=by, interval="none") for by in (["year"], ["year", "region_code"]))
        return compare.corpus_trends(by_year, by_cell, self.hits, self.corpus, self.settings, periods=periods)

    def diffusion(self, theme: str) -> pd.DataFrame:
        """Return table ``diffusion``: where a theme was first mentioned, and whether it stayed."""
        quoted = self.evidence(themes=self.checked([theme]))
        return compare.diffusion(self.hits.table, self.corpus.documents, quoted, theme=theme)

    def adoption(self) -> pd.DataFrame:
        """Return table ``adoption``: in how many regions every theme stands, year by year."""
        return compare.adoption(self.hits.table, self.corpus.documents)

    def evidence(self, *, themes: Sequence[str] | None = None, window: int | None = None) -> pd.DataFrame:
        """Return table ``evidence``: every hit in its sentence, or with a window of characters around it."""
        copies = self.settings.copies == "weighted"
        return compare.evidence(self.corpus, self.hits, themes=themes, copies=copies, window=window)

    def featured(self, language: Language) -> list[str]:
        """
        Return the themes that figures show: those of the settings, or the most frequent.

        The first two of the lexicon come first where they occur at all.
        """
        if self.settings.themes:
            return self.checked(self.settings.themes)
        total = self.rates(by=())
        own = total[(total["language"] == language) & (total["n_hits"] > 0)]
        order = list(own.sort_values(["n_hits", "theme"], ascending=[False, True])["theme"])
        first = [theme for theme in self.lexicon.ids[:2] if theme in order]
        return [*first, *(theme for theme in order if theme not in first)][:FEATURED]

    def checked(self, themes: Sequence[str]) -> list[str]:
        """Return theme identifiers after making sure that the lexicon has them."""
        for theme in themes:
            if theme not in self.lexicon.ids:
                raise UsageError(
                    f"The theme `{theme}` is unknown. {closest(theme, self.lexicon.ids)}".strip(),
                    hint=f"Known: {', '.join(self.lexicon.ids)}.",
                )
        return list(themes)

    def groups(self, by: By) -> Mapping[str, str]:
        """Return the year or region of each document that has one, as text."""
        known = self.corpus.unique.dropna(subset=[by])
        return {row.doc_id: str(getattr(row, by)) for row in rows(known)}

    def doc_term(self, language: Language, *, min_docs: int | None = None) -> vectorize.DocTerm:
        """Return documents × terms, names masked."""
        wanted = self.settings.terms.min_docs if min_docs is None else min_docs
        least = min(wanted, self._n_docs(language))
        return vectorize.count_terms(self.words, language, min_docs=least, masked=self.masked)

    def term_weights(self, language: Language, *, by: By) -> pd.DataFrame:
        """Return table ``term_weights``: the heaviest terms of each year or region."""
        terms = self.settings.terms
        return vectorize.term_weights(
            self.doc_term(language), self.groups(by), by=by, top=terms.top, min_docs=terms.min_docs
        )

    def contrasts(self, question: compare.Question) -> pd.DataFrame:
        """Return table ``contrasts``: words that tell groups of documents apart, or what they say around a theme."""
        return compare.answer(self, question)

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

    def _n_docs(self, language: Language) -> int:
        """Return how many documents a language has."""
        return int((self.corpus.unique["language"] == language).sum())

    def triangulation(self, language: Language, *, theme: str, by: By) -> pd.DataFrame:
        """
        Return three measures of one theme by year or region.

        Returns
        -------
        DataFrame
            As `compare.triangulate` does, with the topic in which most of its hits stand.

        Raises
        ------
        InsufficientDataError
            If no passage with the theme is in the topic model.
        """
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
