"""All words of a corpus, passage by passage, as numbers of one vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.schema import empty
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.stopwords import StopWords


@dataclass(frozen=True)
class Tokens:
    """
    The words of a corpus.

    Attributes
    ----------
    doc_ids, languages : tuple of str, one a passage
    passages : tuple of int
        Number of the passage in its document.
    vocabulary : tuple of str
        Sorted; fixed English terms joined by ``_``.
    numbers : ndarray of int, shape (n_words,)
        Each word in order, as its place in the vocabulary.
    starts : ndarray of int, shape (n_words,)
        Where each begins in its document's normalised text.
    bounds : ndarray of int, shape (n_passages + 1,)
        Words ``bounds[i]`` to ``bounds[i + 1]`` are those of passage ``i``.
    recall, forced_cuts : DataFrame
        Tables ``recall`` and ``forced_cuts``.
    """

    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    languages: tuple[Language, ...]
    vocabulary: tuple[str, ...]
    numbers: NDArray[np.int32]
    starts: NDArray[np.int32]
    bounds: NDArray[np.int64]
    recall: pd.DataFrame = field(default_factory=lambda: empty("recall"))
    forced_cuts: pd.DataFrame = field(default_factory=lambda: empty("forced_cuts"))

    @classmethod
    def of_words(
        cls,
        doc_ids: Sequence[str],
        passages: Sequence[int],
        languages: Sequence[Language],
        words: Sequence[Sequence[str]],
    ) -> "Tokens":
        """
        Return words that were cut elsewhere; where they stand is not known.

        Examples
        --------
        >>> Tokens.of_words(["a", "a"], [0, 1], ["en", "en"], [["rule", "law"], ["law"]]).numbers.tolist()
        [1, 0, 0]
        """
        vocabulary = tuple(sorted({word for row in words for word in row}))
        places = {word: number for number, word in enumerate(vocabulary)}
        numbers = np.array([places[word] for row in words for word in row], dtype=np.int32)
        bounds = np.cumsum([0, *map(len, words)], dtype=np.int64)
        unknown = np.full(len(numbers), -1, dtype=np.int32)
        named = (tuple(doc_ids), tuple(passages), tuple(languages))
        return cls(*named, vocabulary, numbers, unknown, bounds)

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Words of each passage, spelled out."""
        spelled = [self.vocabulary[number] for number in self.numbers.tolist()]
        return tuple(tuple(spelled[first:last]) for first, last in pairwise(self.bounds.tolist()))

    @property
    def owners(self) -> NDArray[np.int64]:
        """Number of the passage that each word stands in."""
        return np.repeat(np.arange(len(self.doc_ids)), np.diff(self.bounds))

    def without(self, stop: StopWords) -> "Tokens":
        """Return the tokens without stop words."""
        kept = np.ones(len(self.numbers), dtype=np.bool_)
        owners = self.owners
        for language in LANGUAGES:
            stopped = np.fromiter((word in stop.of(language) for word in self.vocabulary), np.bool_)
            mine = np.fromiter((name == language for name in self.languages), np.bool_, len(self.languages))
            if mine.any():
                kept &= ~(mine[owners] & stopped[self.numbers])
        return self.only(kept)

    def of_language(self, language: Language) -> "Tokens":
        """Return the passages of one language."""
        mine = np.fromiter((name == language for name in self.languages), np.bool_, len(self.languages))
        chosen = self.only(mine[self.owners])
        lengths = np.diff(chosen.bounds)[mine]
        return replace(
            chosen,
            doc_ids=tuple(compress(self.doc_ids, mine)),
            passages=tuple(compress(self.passages, mine)),
            languages=tuple(compress(self.languages, mine)),
            bounds=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        )

    def only(self, kept: NDArray[np.bool_]) -> "Tokens":
        """Return some of the words of the same passages."""
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        return replace(self, numbers=self.numbers[kept], starts=self.starts[kept], bounds=before[self.bounds])

    def to_gensim(self) -> tuple[list[list[tuple[int, int]]], dict[int, str]]:
        """
        Return bag-of-words corpus and ``id2word`` in the form gensim's models take.

        Returns
        -------
        corpus : list of list of (int, int)
            One list a passage, ids ascending.
        id2word : dict of int to str
            The words that occur, in sorted order.
        """
        used, numbers = np.unique(self.numbers, return_inverse=True)
        bags = []
        for first, last in pairwise(self.bounds.tolist()):
            ids, counts = np.unique(numbers[first:last], return_counts=True)
            bags.append(list(zip(ids.tolist(), counts.tolist(), strict=True)))
        return bags, {number: self.vocabulary[word] for number, word in enumerate(used.tolist())}
