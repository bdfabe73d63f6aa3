"""All words of a corpus, passage by passage, and the proof that fixed terms stayed whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, compress
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.corpus.records import Corpus, Passage
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.store.cache import StageCache, digest
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.keep import FixedTerms, Recall
from policy_themes.tokenize.segment import Engine, Segmenter, default_engine, segmenter
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
    words : tuple of tuple of str
        Words of each passage in order; fixed English terms joined by ``_``.
    starts : tuple of ndarray of int
        Where each of these words begins in the document's normalised text.
    recall : DataFrame
        Table ``recall``.
    """

    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    languages: tuple[Language, ...]
    words: tuple[tuple[str, ...], ...]
    starts: tuple[NDArray[np.int32], ...]
    recall: pd.DataFrame

    def without(self, stop: StopWords) -> "Tokens":
        """Return the tokens without stop words."""
        kept = [
            np.array([word not in stop.of(language) for word in row], dtype=bool)
            for row, language in zip(self.words, self.languages, strict=True)
        ]
        words = tuple(tuple(compress(row, mask)) for row, mask in zip(self.words, kept, strict=True))
        starts = tuple(places[mask] for places, mask in zip(self.starts, kept, strict=True))
        return replace(self, words=words, starts=starts)

    def of_language(self, language: Language) -> "Tokens":
        """Return the passages of one language."""
        mine = [name == language for name in self.languages]
        return replace(
            self,
            doc_ids=tuple(compress(self.doc_ids, mine)),
            passages=tuple(compress(self.passages, mine)),
            languages=tuple(compress(self.languages, mine)),
            words=tuple(compress(self.words, mine)),
            starts=tuple(compress(self.starts, mine)),
        )

    def to_gensim(self) -> tuple[list[list[tuple[int, int]]], dict[int, str]]:
        """
        Return bag-of-words corpus and ``id2word`` in the form gensim's models take.

        Returns
        -------
        corpus : list of list of (int, int)
            One list a passage, ids ascending.
        id2word : dict of int to str
            Words in sorted order.
        """
        vocabulary = {word: number for number, word in enumerate(sorted({w for row in self.words for w in row}))}
        corpus = []
        for row in self.words:
            counts: dict[int, int] = {}
            for word in row:
                counts[vocabulary[word]] = counts.get(vocabulary[word], 0) + 1
            corpus.append(sorted(counts.items()))
        return corpus, {number: word for word, number in vocabulary.items()}


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
    terms = {language: FixedTerms((*lexicon.keep(language), *dictionary.phrases), language) for language in LANGUAGES}
    forms = {language: _Forms(engines, terms[language]) for language in LANGUAGES}
    recalls: dict[tuple[Language, str], Recall] = {
        (language, phrase): Recall() for language in LANGUAGES for phrase in terms[language].phrases
    }
    words: list[tuple[str, ...]] = []
    starts: list[NDArray[np.int32]] = []
    for passage, surfaces in zip(passages, _surfaces(passages, engines, cache, progress), strict=True):
        fixed, own = terms[passage.language], forms[passage.language]
        found = fixed.occurrences(passage.text)
        whole = fixed.overlay(passage.text, surfaces, engines.of(passage.language).cut, found)
        for phrase, recall in fixed.recall(passage.text, whole, found).items():
            recalls[passage.language, phrase] += recall
        numbers = np.fromiter(map(own.__getitem__, whole), np.int32, len(whole))
        counted = numbers > 0
        places = np.fromiter(accumulate(map(len, whole[:-1]), initial=passage.span.start), np.int32, len(whole))
        words.append(tuple(map(own.words.__getitem__, numbers[counted].tolist())))
        starts.append(places[counted])
    return Tokens(
        doc_ids=tuple(passage.doc_id for passage in passages),
        passages=tuple(passage.number for passage in passages),
        languages=tuple(passage.language for passage in passages),
        words=tuple(words),
        starts=tuple(starts),
        recall=_recall_table(recalls),
    )


def _surfaces(
    passages: list[Passage],
    engines: "_Engines",
    cache: StageCache,
    progress: Callable[[list[Passage]], Iterable[Passage]],
) -> Iterable[list[str]]:
    """Segment every passage; what the slow engine did is remembered, the fast one is quicker than the disk."""

    def cut() -> Iterator[list[str]]:
        for passage in progress(passages):
            yield engines.of(passage.language).cut(passage.text)

    if engines.engine == "rjieba":
        return cut()
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


class _Forms(dict[str, int]):
    """The number of each surface's counted form in ``words``, found out once; 0 for what is no word."""

    def __init__(self, engines: _Engines, fixed: FixedTerms) -> None:
        super().__init__()
        self._engines, self._language, self._fixed = engines, fixed.language, frozenset(fixed.phrases)
        self._numbers: dict[str, int] = {}
        self.words = [""]

    def __missing__(self, surface: str) -> int:
        term = " ".join(surface.lower().split())
        fixed = term.replace(" ", "_") if term in self._fixed else None
        form = fixed or self._engines.of(self._language).word(surface)
        number = 0
        if form is not None:
            number = self._numbers.setdefault(form, len(self.words))
            if number == len(self.words):
                self.words.append(form)
        self[surface] = number
        return number


def _recall_table(recalls: Mapping[tuple[Language, str], Recall]) -> pd.DataFrame:
    """Build the table ``recall``; a term that never occurs has no recall."""
    rows = [
        {
            "phrase": phrase,
            "language": language,
            "n_text": recall.n_text,
            "n_kept": recall.n_kept,
            "recall": recall.n_kept / recall.n_text if recall.n_text else None,
        }
        for (language, phrase), recall in recalls.items()
    ]
    table = conform(rows, "recall")
    return table.sort_values(["n_text", "phrase"], ascending=[False, True], ignore_index=True)


def _save(surfaces: list[list[str]], folder: Path) -> None:
    """Write a segmentation."""
    pd.DataFrame({"surfaces": pd.Series(surfaces, dtype=object)}).to_parquet(folder / "surfaces.parquet")


def _load(folder: Path) -> list[list[str]]:
    """Read a segmentation."""
    return [list(row) for row in pd.read_parquet(folder / "surfaces.parquet")["surfaces"]]
