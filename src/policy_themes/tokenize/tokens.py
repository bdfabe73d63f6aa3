"""All words of a corpus, passage by passage, and the proof that fixed terms stayed whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus, Passage
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.store.cache import StageCache, digest
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.keep import FixedTerms, Recall
from policy_themes.tokenize.segment import Segmenter, segmenter
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
    recall : DataFrame
        Table ``recall``.
    """

    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    languages: tuple[Language, ...]
    words: tuple[tuple[str, ...], ...]
    recall: pd.DataFrame

    def without(self, stop: StopWords) -> "Tokens":
        """Return the tokens without stop words."""
        words = tuple(
            tuple(word for word in row if word not in stop.of(language))
            for row, language in zip(self.words, self.languages, strict=True)
        )
        return Tokens(self.doc_ids, self.passages, self.languages, words, self.recall)

    def of_language(self, language: Language) -> "Tokens":
        """Return the passages of one language."""
        rows = [row for row, name in enumerate(self.languages) if name == language]
        return Tokens(
            tuple(self.doc_ids[row] for row in rows),
            tuple(self.passages[row] for row in rows),
            tuple(self.languages[row] for row in rows),
            tuple(self.words[row] for row in rows),
            self.recall,
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
        Remembers the segmentation below the fixed terms, so that a changed
        lexicon segments nothing anew.
    progress : callable, optional
        Wraps the list of passages to show how far it is.

    Returns
    -------
    Tokens
    """
    passages = list(corpus.iter_passages())
    key = digest([passage.text for passage in passages], dictionary.words)
    engines = _Engines(dictionary)
    surfaces = cache.get(
        "segments",
        key,
        make=lambda: [engines.of(passage.language).cut(passage.text) for passage in progress(passages)],
        save=_save,
        load=_load,
    )
    terms = {language: FixedTerms((*lexicon.keep(language), *dictionary.phrases), language) for language in LANGUAGES}
    words: list[tuple[str, ...]] = []
    recalls: dict[tuple[Language, str], Recall] = {
        (language, phrase): Recall() for language in LANGUAGES for phrase in terms[language].phrases
    }
    for passage, row in zip(passages, surfaces, strict=True):
        engine, fixed = engines.of(passage.language), terms[passage.language]
        whole = fixed.overlay(passage.text, row, engine.cut)
        for phrase, recall in fixed.recall(passage.text, whole).items():
            recalls[passage.language, phrase] += recall
        words.append(tuple(_words(whole, engine, frozenset(fixed.phrases))))
    return Tokens(
        doc_ids=tuple(passage.doc_id for passage in passages),
        passages=tuple(passage.number for passage in passages),
        languages=tuple(passage.language for passage in passages),
        words=tuple(words),
        recall=_recall_table(recalls),
    )


class _Engines:
    """One segmenter a language, made when it is first needed."""

    def __init__(self, dictionary: UserDictionary) -> None:
        self._dictionary = dictionary
        self._made: dict[Language, Segmenter] = {}

    def of(self, language: Language) -> Segmenter:
        """Return the segmenter of a language."""
        if language not in self._made:
            self._made[language] = segmenter(language, self._dictionary)
        return self._made[language]


def _words(surfaces: Iterable[str], engine: Segmenter, fixed: frozenset[str]) -> Iterator[str]:
    """Yield the counted forms of surfaces."""
    for surface in surfaces:
        term = " ".join(surface.lower().split())
        word = term.replace(" ", "_") if term in fixed else engine.word(surface)
        if word is not None:
            yield word


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
