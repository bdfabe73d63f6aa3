"""A corpus becomes words, and proves that its fixed terms stayed whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.corpus.records import Corpus, Passage
from policy_themes.lexicon.records import Lexicon
from policy_themes.store.cache import StageCache, digest
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.keep import FixedTerms
from policy_themes.tokenize.recall import Recall, forced_table, recall_table
from policy_themes.tokenize.segment import Engine, Segmenter, default_engine, segmenter
from policy_themes.tokenize.tokens import Tokens


def fixed_terms(lexicon: Lexicon, dictionary: UserDictionary) -> dict[Language, FixedTerms]:
    """Return what is kept whole in each language: the lexicon's ``keep`` phrases and the user's words."""
    return {language: FixedTerms((*lexicon.keep(language), *dictionary.phrases), language) for language in LANGUAGES}


def segment(
    corpus: Corpus,
    lexicon: Lexicon,
    dictionary: UserDictionary,
    *,
    cache: StageCache,
    engine: Engine | None = None,
    progress: Callable[[list[Passage]], Iterable[Passage]] = iter,
) -> Tokens:
    """
    Segment every passage of a corpus, copies left out.

    Parameters
    ----------
    corpus : Corpus
    lexicon : Lexicon
        Its ``keep`` phrases are kept whole, and so are the user's words.
    dictionary : UserDictionary
    cache : StageCache
        Remembers what the slow engine segmented, below the fixed terms, so that
        a changed lexicon segments nothing anew.
    engine : {"rjieba", "jieba"}, optional
        Of Chinese.
    progress : callable, optional
        Wraps the list of passages to show how far it is.

    Returns
    -------
    Tokens
    """
    passages = list(corpus.iter_passages())
    engines = _Engines(dictionary, engine or default_engine())
    terms = fixed_terms(lexicon, dictionary)
    forms = _Forms()
    surfaces = {language: _Surfaces(forms, engines, terms[language]) for language in LANGUAGES}
    recall = {language: Recall(terms[language].phrases) for language in LANGUAGES}
    forced: dict[Language, Counter[tuple[str, str]]] = {language: Counter() for language in LANGUAGES}
    rows: list[NDArray[np.int32]] = []
    remembered = _remembered(passages, engines, cache, progress)
    shown = passages if remembered else progress(passages)
    for passage, known in zip(shown, remembered or repeat(None), strict=remembered is not None):
        language, text = passage.language, passage.text
        fixed, cut = terms[language], engines.of(language).cut
        found = fixed.occurrences(text)
        if known is None:
            whole = fixed.cut(text, cut, found, forced[language])
        else:
            whole = fixed.overlay(text, known, cut, found, forced[language])
        recall[language].add(found, whole)
        rows.append(np.fromiter(map(surfaces[language].__getitem__, whole), np.int32, len(whole)))
    return _tokens(passages, rows, forms, recall_table(recall), forced_table(forced))


def _tokens(
    passages: list[Passage], rows: list[NDArray[np.int32]], forms: "_Forms", recall: pd.DataFrame, forced: pd.DataFrame
) -> Tokens:
    """Put the words of all passages into columns, from the surfaces that each was cut into."""
    bounds = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    surfaces = np.concatenate([*rows, np.zeros(0, np.int32)])
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(forms.lengths, np.int64)[surfaces])])
    begins = np.fromiter((passage.span.start for passage in passages), np.int64, len(passages))
    starts = ends[:-1] + np.repeat(begins - ends[bounds[:-1]], np.diff(bounds))
    vocabulary, numbers = forms.sorted()
    words = numbers[surfaces]
    counted = words >= 0
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(counted)])
    return Tokens(
        doc_ids=tuple(passage.doc_id for passage in passages),
        passages=tuple(passage.number for passage in passages),
        languages=tuple(passage.language for passage in passages),
        vocabulary=vocabulary,
        numbers=words[counted],
        starts=starts[counted].astype(np.int32),
        bounds=before[bounds],
        recall=recall,
        forced_cuts=forced,
    )


def _remembered(
    passages: list[Passage],
    engines: "_Engines",
    cache: StageCache,
    progress: Callable[[list[Passage]], Iterable[Passage]],
) -> list[list[str]] | None:
    """Return what the slow engine made of every passage; the fast one is quicker than the disk."""
    if engines.engine == "rjieba":
        return None

    def cut() -> Iterator[list[str]]:
        for passage in progress(passages):
            yield engines.of(passage.language).cut(passage.text)

    key = digest([passage.text for passage in passages], engines.dictionary.words)
    return cache.get("segments", key, make=lambda: list(cut()), save=_save, load=_load)


class _Engines:
    """One segmenter a language, made when it is first needed."""

    def __init__(self, dictionary: UserDictionary, engine: Engine) -> None:
        self.dictionary, self.engine = dictionary, engine
        self._made: dict[Language, Segmenter] = {}

    def of(self, language: Language) -> Segmenter:
        """Return the segmenter of a language."""
        if language not in self._made:
            self._made[language] = segmenter(language, self.dictionary, self.engine)
        return self._made[language]


class _Forms:
    """What is known of each surface: its length, and the number of the word that it counts as, or -1."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.words: list[int] = []
        self._numbers: dict[str, int] = {}

    def add(self, length: int, word: str | None) -> int:
        """Return the number of a new surface."""
        self.lengths.append(length)
        self.words.append(-1 if word is None else self._numbers.setdefault(word, len(self._numbers)))
        return len(self.lengths) - 1

    def sorted(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        """Return the words in order, and of each surface the place of its word among them, or -1."""
        vocabulary = tuple(sorted(self._numbers))
        places = np.full(len(vocabulary) + 1, -1, dtype=np.int32)
        places[[self._numbers[word] for word in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
        return vocabulary, places[np.array(self.words, dtype=np.int64)]


class _Surfaces(dict[str, int]):
    """The number of each surface of one language; what it counts as is found out once."""

    def __init__(self, forms: _Forms, engines: _Engines, fixed: FixedTerms) -> None:
        super().__init__()
        self._forms, self._engines = forms, engines
        self._language, self._fixed = fixed.language, frozenset(fixed.phrases)

    def __missing__(self, surface: str) -> int:
        term = " ".join(surface.lower().split())
        fixed = term.replace(" ", "_") if term in self._fixed else None
        number = self._forms.add(len(surface), fixed or self._engines.of(self._language).word(surface))
        self[surface] = number
        return number


def _save(surfaces: list[list[str]], folder: Path) -> None:
    """Write a segmentation."""
    pd.DataFrame({"surfaces": pd.Series(surfaces, dtype=object)}).to_parquet(folder / "surfaces.parquet")


def _load(folder: Path) -> list[list[str]]:
    """Read a segmentation."""
    return [list(row) for row in pd.read_parquet(folder / "surfaces.parquet")["surfaces"]]
