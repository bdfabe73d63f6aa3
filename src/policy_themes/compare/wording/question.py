"""What is asked of a contrast, and the documents that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.wording.keyness import ALPHA0, Prior
from policy_themes.compare.wording.permutation import Integers
from policy_themes.vectorize.counts import DocTerm
from policy_themes.vectorize.tfidf import document_weights


@dataclass(frozen=True)
class Question:
    """
    What is asked of a contrast.

    Attributes
    ----------
    by : str
        Name of the grouping: region_code, year, or any other.
    groups : tuple of str
        Groups that are shown; empty: all of them.
    against : str
        The group that they stand against; "": all others together.
    at : int or None
        With ``by="year"``: years from this one on against those before it.
    around : str
        Theme whose surroundings are compared; "": whole documents.
    window : int or None, default 10
        Words on each side of a hit, stop words not counted; None: the passage.
    words : tuple of str
        Words named before the documents were looked at; they alone are tested,
        as one family, with the false discovery rate held.
    split : bool, default False
        Words are found on one half of the documents and tested on the other.
    top : int, default 50
        Words listed for each side.
    min_docs : int, default 5
        Documents of its own side that must hold a listed word, or all of them
        where the side has fewer; a word is tested if so many of both hold it.
    prior, alpha0
        As in `keyness.prior_counts`.
    n : int, default 499
        Dealings.
    seed : int, default 1
    """

    by: str
    groups: tuple[str, ...] = ()
    against: str = ""
    at: int | None = None
    around: str = ""
    window: int | None = 10
    words: tuple[str, ...] = ()
    split: bool = False
    top: int = 50
    min_docs: int = 5
    prior: Prior = "informative"
    alpha0: float = ALPHA0
    n: int = 499
    seed: int = 1


@dataclass(frozen=True)
class Compared:
    """
    Documents with what a contrast needs to know of them, ordered by identifier.

    Attributes
    ----------
    docterm : DocTerm
        Rows are documents.
    lengths : ndarray of shape (n_docs,)
        Characters or words, above 0.
    unit : str
        Of the lengths.
    groups : ndarray of str, shape (n_docs,)
    strata : ndarray of int, shape (n_docs,)
    blocks : ndarray of int, shape (n_docs,), or None
        As in `inference.judge`.
    """

    docterm: DocTerm
    lengths: Floats
    unit: str
    groups: np.ndarray
    strata: Integers
    blocks: Integers | None = None

    def only(self, chosen: Sequence[bool]) -> "Compared":
        """Return some of the documents."""
        rows = np.flatnonzero(chosen)
        ids = tuple(self.docterm.doc_ids[row] for row in rows)
        own = replace(self.docterm, counts=self.docterm.counts[rows], doc_ids=ids, passages=(-1,) * len(ids))
        blocks = None if self.blocks is None else self.blocks[rows]
        return Compared(own, self.lengths[rows], self.unit, self.groups[rows], self.strata[rows], blocks)

    @cached_property
    def weights(self) -> sp.csr_array:
        """TF-IDF of the documents."""
        return document_weights(self.docterm)


def compared(
    docterm: DocTerm,
    groups: Mapping[str, str],
    *,
    lengths: Mapping[str, float],
    unit: str = "word",
    strata: Mapping[str, str] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> Compared:
    """
    Put the documents of some groups in order.

    Parameters
    ----------
    docterm : DocTerm
        Rows are documents, in any order.
    groups : mapping of doc_id to group
        Documents that are not in it are left out, as are those without length.
    lengths : mapping of doc_id to float
    unit : str, default "word"
    strata, blocks : mapping of doc_id to str, optional
        Without strata all documents are alike.

    Returns
    -------
    Compared
    """
    order = sorted(range(len(docterm.doc_ids)), key=docterm.doc_ids.__getitem__)
    rows = [row for row in order if docterm.doc_ids[row] in groups and lengths.get(docterm.doc_ids[row], 0) > 0]
    ids = tuple(docterm.doc_ids[row] for row in rows)
    own = DocTerm(docterm.counts[rows], docterm.terms, ids, (-1,) * len(ids), docterm.language)
    sizes = np.array([lengths[doc_id] for doc_id in ids], dtype=np.float64)
    names = np.array([groups[doc_id] for doc_id in ids], dtype=object)
    like = _numbers([(strata or {}).get(doc_id, "") for doc_id in ids])
    return Compared(own, sizes, unit, names, like, None if blocks is None else _numbers([blocks[i] for i in ids]))


def _numbers(names: Sequence[str]) -> Integers:
    """Give each name its number among the sorted ones."""
    return np.unique(np.array(names, dtype=str), return_inverse=True)[1].astype(np.int64)
