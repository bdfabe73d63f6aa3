"""Many passages cut in one go, into numbers of surfaces.

A call of the engine for each passage would cost as much as the cutting itself,
so that passages are joined, by a character that no normalised text holds, and
come back as one row of numbers in which 0 stands between them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.keep import FixedTerms
from policy_themes.tokenize.recall import Recall
from policy_themes.tokenize.segment import Engine, Segmenter, segmenter

BETWEEN = "\x1e"
SIZE = 100_000


def batches(texts: Iterable[tuple[str, Language]]) -> Iterator[tuple[Language, int, str]]:
    """
    Join texts of one language that follow each other, some 100,000 characters at a time.

    Yields
    ------
    language, how many texts, the texts joined

    Examples
    --------
    >>> [(language, n) for language, n, _ in batches([("法治", "zh"), ("法", "zh"), ("law", "en")])]
    [('zh', 2), ('en', 1)]
    """
    held: list[str] = []
    size, spoken = 0, LANGUAGES[0]
    for text, language in texts:
        if held and (language != spoken or size > SIZE):
            yield spoken, len(held), BETWEEN.join(held)
            held, size = [], 0
        held.append(text)
        size, spoken = size + len(text), language
    if held:
        yield spoken, len(held), BETWEEN.join(held)


@dataclass
class Tally:
    """
    What was found out while cutting.

    Attributes
    ----------
    lengths : list of int
        Characters of each surface; number 0 is the one between passages.
    words : list of str or None
        What each surface counts as, if it is a word.
    recall : mapping of language to Recall
    forced : mapping of language to Counter of (term, words of the engine)
    """

    recall: Mapping[Language, Recall]
    lengths: list[int] = field(default_factory=lambda: [len(BETWEEN)])
    words: list[str | None] = field(default_factory=lambda: [None])
    forced: Mapping[Language, Counter[tuple[str, str]]] = field(
        default_factory=lambda: {language: Counter() for language in LANGUAGES}
    )


class BatchCutter:
    """
    Cuts joined passages, fixed terms whole.

    Parameters
    ----------
    dictionary : UserDictionary
    keep : mapping of language to sequence of str
        What is kept whole.
    engine : {"rjieba", "jieba"}
        Of Chinese.
    """

    def __init__(self, dictionary: UserDictionary, keep: Mapping[Language, Sequence[str]], engine: Engine) -> None:
        self._dictionary, self._engine = dictionary, engine
        self._terms = {language: FixedTerms(keep[language], language) for language in LANGUAGES}
        self._engines: dict[Language, Segmenter] = {}
        self.tally = Tally({language: Recall(self._terms[language].phrases) for language in LANGUAGES})
        self._numbers = {language: _Surfaces(self, language) for language in LANGUAGES}

    def surfaces(self, joined: str, language: Language) -> list[str]:
        """Return what the engine alone makes of joined passages."""
        return self.engine(language).cut(joined)

    def cut(self, joined: str, language: Language, known: Sequence[str] | None = None) -> NDArray[np.int32]:
        """
        Return the numbers of the surfaces of joined passages, 0 between two.

        Parameters
        ----------
        joined : str
        language : {"zh", "en"}
        known : sequence of str, optional
            What `surfaces` returned of them, where that is known.
        """
        terms, cut = self._terms[language], self.engine(language).cut
        found = terms.occurrences(joined)
        forced = self.tally.forced[language]
        if known is None:
            whole = terms.cut(joined, cut, found, forced)
        else:
            whole = terms.overlay(joined, known, cut, found, forced)
        self.tally.recall[language].add(found, whole)
        return np.fromiter(map(self._numbers[language].__getitem__, whole), np.int32, len(whole))

    def engine(self, language: Language) -> Segmenter:
        """Return the segmenter of a language, made when it is first needed."""
        if language not in self._engines:
            self._engines[language] = segmenter(language, self._dictionary, self._engine)
        return self._engines[language]

    def word(self, surface: str, language: Language) -> str | None:
        """Return what a surface counts as: a fixed term as it is, its blanks as ``_``."""
        term = " ".join(surface.lower().split())
        return term.replace(" ", "_") if term in self._terms[language] else self.engine(language).word(surface)


class _Surfaces(dict[str, int]):
    """The number of each surface of one language; what it counts as is found out once."""

    def __init__(self, cutter: BatchCutter, language: Language) -> None:
        super().__init__({BETWEEN: 0})
        self._cutter, self._language = cutter, language

    def __missing__(self, surface: str) -> int:
        tally = self._cutter.tally
        number = len(tally.lengths)
        tally.lengths.append(len(surface))
        tally.words.append(self._cutter.word(surface, self._language))
        self[surface] = number
        return number
