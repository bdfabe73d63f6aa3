"""A corpus becomes words, and proves that its fixed terms stayed whole."""

from itertools import repeat
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.corpus.records import Corpus, Passage
from policy_themes.lexicon.records import Lexicon
from policy_themes.store.cache import StageCache, digest
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.batch import BatchCutter, Tally, batches
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.keep import FixedTerms
from policy_themes.tokenize.parallel import Progress, cut_apart, default_workers, merged
from policy_themes.tokenize.recall import forced_table, recall_table
from policy_themes.tokenize.segment import Engine, default_engine
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
    workers: int | None = None,
    progress: Progress = iter,
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
    workers : int, optional
        Processes; by default one, or, of a large corpus, as many as there are
        processors. Their number makes no difference to the result.
    progress : callable, optional
        Wraps the list of batches to show how far it is.

    Returns
    -------
    Tokens
    """
    passages = list(corpus.iter_passages())
    joined = list(batches((passage.text, passage.language) for passage in passages))
    terms = fixed_terms(lexicon, dictionary)
    keep = {language: terms[language].phrases for language in LANGUAGES}
    engine = engine or default_engine()
    workers = workers or default_workers(sum(len(text) for _, _, text in joined))
    if engine == "rjieba" and workers > 1:
        rows, tallies = cut_apart(joined, dictionary, keep, engine, workers=workers, progress=progress)
    else:
        cutter = BatchCutter(dictionary, keep, engine)
        known = _remembered(joined, cutter, engine, dictionary, cache, progress)
        shown = progress(joined) if known is None else joined
        surfaces = repeat(None) if known is None else known
        rows = [cutter.cut(text, language, own) for (language, _, text), own in zip(shown, surfaces, strict=False)]
        tallies = [cutter.tally]
    return _tokens(passages, rows, merged(tallies))


def _tokens(passages: list[Passage], rows: list[NDArray[np.int32]], tally: Tally) -> Tokens:
    """Put the words of all passages into columns, from the surfaces that they were cut into."""
    between = np.zeros(1, np.int32)
    surfaces = np.concatenate([part for row in rows for part in (row, between)] or [between[:0]])
    ends = np.flatnonzero(surfaces == 0)  # of each passage
    bounds = np.concatenate([np.zeros(1, np.int64), ends + 1])
    reach = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(tally.lengths, np.int64)[surfaces])])
    begins = np.fromiter((passage.span.start for passage in passages), np.int64, len(passages))
    starts = reach[:-1] + np.repeat(begins - reach[bounds[:-1]], np.diff(bounds))
    vocabulary = tuple(sorted({word for word in tally.words if word is not None}))
    places = {word: number for number, word in enumerate(vocabulary)}
    words = np.array([-1 if word is None else places[word] for word in tally.words], dtype=np.int32)[surfaces]
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
        recall=recall_table(tally.recall),
        forced_cuts=forced_table(tally.forced),
    )


def _remembered(
    joined: list[tuple[Language, int, str]],
    cutter: BatchCutter,
    engine: Engine,
    dictionary: UserDictionary,
    cache: StageCache,
    progress: Progress,
) -> list[list[str]] | None:
    """Return what the slow engine made of every batch; the fast one is quicker than the disk."""
    if engine == "rjieba":
        return None
    return cache.get(
        "segments",
        digest([text for _, _, text in joined], dictionary.words),
        make=lambda: [cutter.surfaces(text, language) for language, _, text in progress(joined)],
        save=_save,
        load=_load,
    )


def _save(surfaces: list[list[str]], folder: Path) -> None:
    """Write a segmentation."""
    pd.DataFrame({"surfaces": pd.Series(surfaces, dtype=object)}).to_parquet(folder / "surfaces.parquet")


def _load(folder: Path) -> list[list[str]]:
    """Read a segmentation."""
    return [list(row) for row in pd.read_parquet(folder / "surfaces.parquet")["surfaces"]]
