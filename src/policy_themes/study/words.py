"""The words of a study's documents."""

from contextlib import suppress
from functools import cached_property

import numpy as np
import pandas as pd

from policy_themes import scale, vectorize
from policy_themes.errors import InsufficientDataError
from policy_themes.progress import track
from policy_themes.study.documents import By, Documents
from policy_themes.text.units import Language
from policy_themes.tokenize import Tokens, UserDictionary, load_dictionary, load_stopwords, segment
from policy_themes.tokenize.discover import candidate_terms
from policy_themes.tokenize.names import place_words
from policy_themes.tokenize.recall import check_recall, near_misses
from policy_themes.tokenize.words import fixed_terms


class Words(Documents):
    """Documents cut into words."""

    @cached_property
    def tokens(self) -> Tokens:
        """All words, stop words included, with the recall of the fixed terms."""
        found = segment(
            self.corpus, self.lexicon, self._dictionary, cache=self.cache, engine=self.settings.segmenter,
            progress=track("segmenting"),
        )  # fmt: skip
        check_recall(found.recall, least=self.settings.min_recall)
        return found

    def vocabulary(self, *, min_docs: int | None = None) -> pd.DataFrame:
        """
        Return table ``vocabulary``: in how many documents each term stands, the most frequent first.

        It is counted part by part, unless a sample of the documents, or a part of each, is asked for.
        """
        least = self.settings.terms.min_docs if min_docs is None else min_docs
        if self._divisible:
            with self.stored() as place:
                return scale.vocabulary(scale.Here(), scale.Parts(place), self._setup, min_docs=least).table
        found: dict[Language, dict[str, int]] = {}
        for language in self.languages:
            with suppress(InsufficientDataError):  # the other language may have terms
                own = self.doc_term(language, min_docs=least)
                n_docs = np.bincount(own.counts.indices, minlength=len(own.terms)).tolist()
                found[language] = dict(zip(own.terms, n_docs, strict=True))
        if not found:
            raise InsufficientDataError("No term stands in enough documents.", hint="Add documents.")
        terms, sizes = {name: tuple(own) for name, own in found.items()}, {name: self._n_docs(name) for name in found}
        return scale.Vocabulary(terms, found, sizes, {}, self.tokens.recall).table

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

    def doc_term(self, language: Language, *, min_docs: int | None = None) -> vectorize.DocTerm:
        """Return documents × terms, names masked."""
        least = min(self.settings.terms.min_docs if min_docs is None else min_docs, self._n_docs(language))
        return self._once(
            ("doc_term", language, least),
            lambda: vectorize.count_terms(self.words, language, min_docs=least, masked=self.masked),
        )

    def term_weights(self, language: Language, *, by: By) -> pd.DataFrame:
        """Return table ``term_weights``: the heaviest terms of each year or region."""
        terms = self.settings.terms
        return self._once(
            ("term_weights", language, by),
            lambda: vectorize.term_weights(
                self.doc_term(language), self.groups(by), by=by, top=terms.top, min_docs=terms.min_docs
            ),
        ).copy()
