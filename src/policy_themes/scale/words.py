"""Words of every part, cut with the fixed terms whole; the vocabulary of all of them, pruned as on one machine.

Words wait on disk in parts, so that the vocabulary and the topics are made
from one segmentation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.stored import PART
from policy_themes.errors import InsufficientDataError
from policy_themes.scale.engine import Engine
from policy_themes.scale.parts import Parts, compared
from policy_themes.scale.setup import Setup
from policy_themes.schema import conform, rows
from policy_themes.store.cache import StageCache
from policy_themes.store.files import write_atomic
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize import Tokens, segment
from policy_themes.tokenize.names import place_words
from policy_themes.tokenize.recall import Recall, check_recall, recall_table
from policy_themes.topics.choose import MIN_DOCS
from policy_themes.vectorize.counts import count_terms

# What one pass over the words finds: documents of each term, occurrences of each fixed term, documents, outlets.
FOUND = pa.schema([("what", pa.string()), ("language", pa.string()), ("term", pa.string()), ("n", pa.int64()), ("kept", pa.int64())])  # fmt: skip
UNITS = pa.schema([("doc_id", pa.string()), ("language", pa.string()), ("words", pa.list_(pa.string()))])
What = Literal["term", "recall", "document", "outlet"]


@dataclass(frozen=True)
class Vocabulary:
    """
    The terms of each language that stand in enough documents.

    Attributes
    ----------
    terms : mapping of language to tuple of str
        Sorted; names of places and outlets left out where the settings say so.
    n_docs : mapping of language to mapping of str to int
        In how many documents each stands.
    documents, units : mapping of language to int
        How many there are, copies left out, with words or without; units where their words were left.
    recall : DataFrame
        Table ``recall``.
    """

    terms: Mapping[Language, tuple[str, ...]]
    n_docs: Mapping[Language, Mapping[str, int]]
    documents: Mapping[Language, int]
    units: Mapping[Language, int]
    recall: pd.DataFrame

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those that have terms, that of most documents first."""
        return tuple(
            sorted((name for name in LANGUAGES if self.terms.get(name)), key=lambda name: -self.documents[name])
        )

    @property
    def table(self) -> pd.DataFrame:
        """Table ``vocabulary``, the most frequent term of each language first."""
        found = [
            {"language": language, "term": term, "n_docs": n, "of_docs": self.documents[language]}
            for language in self.languages
            for term, n in sorted(self.n_docs[language].items(), key=lambda item: (-item[1], item[0]))
        ]
        return conform(found, "vocabulary")


def vocabulary(
    engine: Engine, parts: Parts, setup: Setup, place: Path | None = None, *, min_docs: int = MIN_DOCS
) -> Vocabulary:
    """
    Cut every part into words, leave them in a folder if one is named, and return their vocabulary.

    Parameters
    ----------
    engine : Engine
    parts : Parts
    setup : Setup
    place : Path, optional
        Where the words wait, seen by every worker.
    min_docs : int, default 5
        A term must stand in so many documents, or in all where there are fewer.

    Raises
    ------
    UsageError
        If a fixed term is kept whole too seldom.
    InsufficientDataError
        If no term is left in any language.
    """
    work = partial(words_of_part, setup.text, parts.place, str(place.resolve()) if place else None)
    sums = engine.summed(work, parts.tasks, FOUND, ("what", "language", "term"))
    told = sums.rows("what != 'term'")
    recall = _recall(told[told["what"] == "recall"])
    check_recall(recall, least=setup.settings.min_recall)
    sizes = {row.language: row for row in rows(told[told["what"] == "document"])}
    least = {language: min(min_docs, int(sizes[language].n)) for language in LANGUAGES if language in sizes}
    outlets = sorted(told.loc[told["what"] == "outlet", "term"])
    found: dict[Language, Mapping[str, int]] = {}
    for language, n in least.items():
        own = sums.rows(f"what == 'term' and language == '{language}' and n >= {n}").sort_values("term")
        shown = _shown(own["term"].tolist(), outlets, setup)
        found[language] = {row.term: int(row.n) for row in rows(own) if row.term in shown}
    sums.forget()
    if not any(found.values()):
        raise InsufficientDataError("No term stands in enough documents.", hint="Add documents.")
    n_docs, n_units = ({name: int(getattr(row, of)) for name, row in sizes.items()} for of in ("n", "kept"))
    return Vocabulary({name: tuple(own) for name, own in found.items()}, found, n_docs, n_units, recall)


def words_of_part(setup: str, place: str, target: str | None, task: str) -> pd.DataFrame:
    """Cut one part, write the words of its units if it is said where, and return what was found, in the columns of `FOUND`."""
    given = Setup.of_text(setup)
    corpus = compared(given, place, task)
    if corpus is None or corpus.unique.empty:
        if target is not None:
            _write(_units([]), target, task)
        return pd.DataFrame(columns=FOUND.names)
    tokens = segment(
        corpus, given.lexicon, given.dictionary, cache=StageCache(None), engine=given.settings.segmenter, workers=1
    )
    words = tokens.without(given.stopwords)
    units = [] if target is None else _spelled(words, corpus, given.settings.topics.unit)
    if target is not None:
        _write(_units(units), target, task)
    found = [_row("recall", row.language, row.phrase, row.n_text, row.n_kept) for row in rows(tokens.recall)]
    found += [_row("outlet", "", outlet, 1) for outlet in corpus.documents["outlet"].dropna().unique()]
    for language in LANGUAGES:
        n = int((corpus.unique["language"] == language).sum())
        n_units = sum(unit["language"] == language for unit in units)
        found += [_row("document", language, "", n, n_units)] * bool(n)
        found += [_row("term", language, term, df) for term, df in _documents_of(words, language)]
    return pd.DataFrame(found, columns=FOUND.names)


def unit_file(place: str, task: str) -> Path:
    """Return where the words of a part wait."""
    return Path(place, PART.format(int(task)))


def _documents_of(words: Tokens, language: Language) -> Iterable[tuple[str, int]]:
    """Return each term of a language with the number of its documents in this part."""
    try:
        counts = count_terms(words, language, min_docs=1)
    except InsufficientDataError:
        return []
    return zip(counts.terms, np.bincount(counts.counts.indices, minlength=len(counts.terms)).tolist(), strict=True)


def _spelled(words: Tokens, corpus: Corpus, unit: str) -> list[dict[str, object]]:
    """Return the words of each passage, section or document, spelled out, those without a word too."""
    under = _headings(words, corpus, unit)
    spelled = [words.vocabulary[number] for number in words.numbers.tolist()]
    made: list[dict[str, object]] = []
    before: object = None
    for row, (first, last) in enumerate(pairwise(words.bounds.tolist())):
        if unit == "passage" or under[row] != before:
            made.append({"doc_id": words.doc_ids[row], "language": words.languages[row], "words": []})
        made[-1]["words"] += spelled[first:last]  # type: ignore[operator]
        before = under[row]
    return made


def _headings(words: Tokens, corpus: Corpus, unit: str) -> list[tuple[str, str]]:
    """Return what makes neighbouring passages one unit: the document, or its heading as well."""
    if unit != "section":
        return [(doc_id, "") for doc_id in words.doc_ids]
    named = {
        (row.doc_id, row.passage): str(row.section) for row in rows(corpus.passages[["doc_id", "passage", "section"]])
    }
    return [(doc_id, named[doc_id, number]) for doc_id, number in zip(words.doc_ids, words.passages, strict=True)]


def _units(records: list[dict[str, object]]) -> pa.Table:
    """Put the words of units into a table."""
    return pa.Table.from_pylist(records, UNITS)


def _write(table: pa.Table, target: str, task: str) -> None:
    """Write the words of a part."""
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    write_atomic(unit_file(target, task), sink.getvalue().to_pybytes())


def _row(what: What, language: str, term: str, n: int, kept: int = 0) -> tuple[str, str, str, int, int]:
    """Return a row of what was found."""
    return what, language, term, n, kept


def _recall(found: pd.DataFrame) -> pd.DataFrame:
    """Return table ``recall`` from the sums."""
    recalls = {}
    for language in LANGUAGES:
        own = found[found["language"] == language].sort_values("term")
        recalls[language] = Recall(own["term"].tolist(), own["n"].tolist(), own["kept"].tolist())
    return conform(recall_table(recalls), "recall")


def _shown(terms: list[str], outlets: list[str], setup: Setup) -> frozenset[str]:
    """Return the terms that are compared: without names, where these are left out."""
    masked = place_words(setup.regions, outlets, terms) if setup.settings.terms.mask_names else frozenset()
    return frozenset(terms) - masked
