"""Counting words: one matrix, its rows documents or passages, its columns terms."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import scipy.sparse as sp

from policy_themes.errors import InsufficientDataError
from policy_themes.text.units import Language
from policy_themes.tokenize.tokens import Tokens


@dataclass(frozen=True)
class DocTerm:
    """
    Counts of terms.

    Attributes
    ----------
    counts : csr_array of shape (n_units, n_terms)
        Raw counts.
    terms : tuple of str
        Sorted.
    doc_ids : tuple of str
        Document of each row.
    passages : tuple of int
        Passage of each row; -1 where a row is a whole document.
    language : {"zh", "en"}
    """

    counts: sp.csr_array
    terms: tuple[str, ...]
    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    language: Language


def count_terms(
    tokens: Tokens,
    language: Language,
    *,
    unit: Literal["document", "passage"] = "document",
    min_docs: int = 2,
    masked: Collection[str] = (),
) -> DocTerm:
    """
    Count the terms of one language.

    Parameters
    ----------
    tokens : Tokens
        Stop words already removed.
    language : {"zh", "en"}
    unit : {"document", "passage"}, default "document"
        What a row is.
    min_docs : int, default 2
        A term must stand in at least so many *documents*, whatever the unit.
    masked : collection of str
        Words that are left out (names).

    Returns
    -------
    DocTerm

    Raises
    ------
    InsufficientDataError
        If no term is left.
    """
    own = tokens.of_language(language)
    hidden = frozenset(masked)
    from sklearn.feature_extraction.text import CountVectorizer  # over a second to import

    documents: dict[str, list[str]] = {}
    for doc_id, words in zip(own.doc_ids, own.words, strict=True):
        documents.setdefault(doc_id, []).extend(word for word in words if word not in hidden)
    vectorizer = CountVectorizer(analyzer=_as_given, min_df=min_docs, lowercase=False)
    try:
        counts = vectorizer.fit_transform(documents.values())
    except ValueError as error:
        raise InsufficientDataError(
            f"No {language} term stands in at least {min_docs} of {len(documents)} documents.",
            hint="Set `terms: min_docs: 1` in study.yml, or add documents.",
        ) from error
    terms = tuple(str(term) for term in vectorizer.get_feature_names_out())
    if unit == "document":
        return DocTerm(sp.csr_array(counts), terms, tuple(documents), (-1,) * len(documents), language)
    return DocTerm(sp.csr_array(vectorizer.transform(own.words)), terms, own.doc_ids, own.passages, language)


def _as_given(words: Iterable[str]) -> Iterable[str]:
    """Take words as they are."""
    return words
