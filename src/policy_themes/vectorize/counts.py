"""Counting words: one matrix, its rows documents or passages, its columns terms."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.errors import InsufficientDataError
from policy_themes.text.units import Language
from policy_themes.tokenize.tokens import Tokens

if TYPE_CHECKING:
    import pandas as pd


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
        Passage of each row, the first one of a section; -1 where a row is a
        whole document.
    language : {"zh", "en"}
    """

    counts: sp.csr_array
    terms: tuple[str, ...]
    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    language: Language

    def rows(self, chosen: NDArray[np.int64]) -> "DocTerm":
        """Return some of the rows."""
        places = chosen.tolist()
        return replace(
            self,
            counts=sp.csr_array(self.counts[places]),
            doc_ids=tuple(self.doc_ids[row] for row in places),
            passages=tuple(self.passages[row] for row in places),
        )


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
    doc_ids = tuple(dict.fromkeys(own.doc_ids))
    ranks = {doc_id: rank for rank, doc_id in enumerate(doc_ids)}
    documents = np.array([ranks[doc_id] for doc_id in own.doc_ids], dtype=np.int64)[own.owners]
    by_document = _counted(documents, own, len(doc_ids))
    shown = np.fromiter((word not in hidden for word in own.vocabulary), np.bool_, len(own.vocabulary))
    columns = np.flatnonzero(shown & (np.bincount(by_document.indices, minlength=len(shown)) >= max(min_docs, 1)))
    if not len(columns):
        raise InsufficientDataError(
            f"No {language} term stands in at least {min_docs} of {len(doc_ids)} documents.",
            hint="Set `terms: min_docs: 1` in study.yml, or add documents.",
        )
    terms = tuple(own.vocabulary[column] for column in columns.tolist())
    if unit == "document":
        return DocTerm(by_document[:, columns], terms, doc_ids, (-1,) * len(doc_ids), language)
    return DocTerm(_counted(own.owners, own, len(own.doc_ids))[:, columns], terms, own.doc_ids, own.passages, language)


def by_section(docterm: DocTerm, passages: "pd.DataFrame") -> DocTerm:
    """
    Add up neighbouring passages that stand under the same heading.

    Parameters
    ----------
    docterm : DocTerm
        Rows are passages.
    passages : DataFrame
        Table ``passages``; where a document has no headings, it is one section.
    """
    headings = {
        (row.doc_id, row.passage): row.section for row in passages[["doc_id", "passage", "section"]].itertuples()
    }
    under = [
        (doc_id, str(headings[doc_id, passage]))
        for doc_id, passage in zip(docterm.doc_ids, docterm.passages, strict=True)
    ]
    first = np.array([row == 0 or under[row] != under[row - 1] for row in range(len(under))])
    section = np.cumsum(first) - 1
    added = sp.csr_array((np.ones(len(under), dtype=np.int64), (section, np.arange(len(under)))))
    kept = np.flatnonzero(first).tolist()
    return DocTerm(
        counts=sp.csr_array(added @ docterm.counts),
        terms=docterm.terms,
        doc_ids=tuple(docterm.doc_ids[row] for row in kept),
        passages=tuple(docterm.passages[row] for row in kept),
        language=docterm.language,
    )


def _counted(rows: NDArray[np.int64], tokens: Tokens, n_rows: int) -> sp.csr_array:
    """Count the words of each row, each pair of row and word once."""
    ones = np.ones(len(rows), dtype=np.int64)
    counts = sp.csr_array(sp.coo_array((ones, (rows, tokens.numbers)), shape=(n_rows, len(tokens.vocabulary))))
    counts.sum_duplicates()
    return counts
