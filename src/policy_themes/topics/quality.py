"""What speaks for a topic model, in four numbers that are not one: none of them picks K.

*Held-out completion*: half the words of texts that took no part in the fit are
predicted from the other half. *NPMI*: do a topic's first words stand in the
same documents? *Exclusivity*: are they its own? The fourth, stability over
seeds, is in `stability`. The first prefers many topics, the second few.
"""

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.topics.inference import proportions
from policy_themes.topics.records import Matrix
from policy_themes.topics.tables import frex
from policy_themes.vectorize.counts import DocTerm

FIRST = 10
HELD_OUT = 0.1
EXCLUSIVITY_WEIGHT = 0.7


def top_terms(beta: Matrix, n: int = FIRST) -> NDArray[np.int64]:
    """
    Return the columns of the most probable terms of each topic.

    Examples
    --------
    >>> top_terms(np.array([[0.2, 0.5, 0.3]]), 2).tolist()
    [[1, 2]]
    """
    # Only those that can be among the first are put in order; the whole row would take most of the time.
    least = -np.partition(-beta, min(n, beta.shape[1]) - 1, axis=1)[:, min(n, beta.shape[1]) - 1]
    rows = (np.flatnonzero(row >= limit) for row, limit in zip(beta, least, strict=True))
    return np.array([own[np.argsort(-row[own], kind="stable")][:n] for row, own in zip(beta, rows, strict=True)])


def hold_out(docterm: DocTerm, *, seed: int = 1) -> tuple[DocTerm, sp.csr_array]:
    """
    Set every tenth text aside, at random.

    Returns
    -------
    DocTerm
        What is left to fit a model to.
    csr_array
        The counts that were set aside.
    """
    n_units = docterm.counts.shape[0]
    held = np.random.default_rng(seed).permutation(n_units) < max(1, round(HELD_OUT * n_units))
    return docterm.rows(np.flatnonzero(~held)), sp.csr_array(docterm.counts[np.flatnonzero(held)])


def completion(beta: Matrix, held: sp.csr_array, *, seed: int = 1) -> float:
    """
    Return the perplexity of half the words of held-out texts, given the other half.

    Parameters
    ----------
    beta : ndarray of shape (k, n_terms)
    held : csr_array of shape (n_units, n_terms)
    seed : int, default 1
        Of the halves.

    Returns
    -------
    float
        As if each word were one of so many that are equally likely; lower is better.

    References
    ----------
    Wallach, H., Murray, I., Salakhutdinov, R. & Mimno, D. (2009).
    https://doi.org/10.1145/1553374.1553515

    Examples
    --------
    >>> completion(np.full((2, 4), 0.25), sp.csr_array([[5, 5, 5, 5]]))
    4.0
    """
    given = sp.csr_array(held, copy=True)
    given.data = np.random.default_rng(seed).binomial(held.data, 0.5)
    asked = sp.coo_array(held - given)
    share = (proportions(beta, given)[asked.row] * beta.T[asked.col]).sum(axis=1)
    return float(np.exp(-(asked.data @ np.log(np.maximum(share, 1e-300))) / asked.data.sum()))


def npmi(beta: Matrix, docterm: DocTerm) -> Matrix:
    """
    Return how much the first words of each topic stand in the same documents.

    Parameters
    ----------
    beta : ndarray of shape (k, n_terms)
    docterm : DocTerm
        Its rows are put together to documents.

    Returns
    -------
    ndarray of shape (k,)
        Mean over the pairs of the first ten words, from -1 (never together) to 1 (never apart).

    References
    ----------
    Bouma, G. (2009). Normalized (pointwise) mutual information in collocation
    extraction. GSCL.

    Examples
    --------
    >>> together = DocTerm(sp.csr_array([[1, 1], [0, 0]]), ("a", "b"), ("x", "y"), (-1, -1), "en")
    >>> apart = DocTerm(sp.csr_array([[1, 0], [0, 1]]), ("a", "b"), ("x", "y"), (-1, -1), "en")
    >>> [npmi(np.array([[0.5, 0.5]]), texts).tolist() for texts in (together, apart)]
    [[1.0], [-1.0]]
    """
    documents = sorted(set(docterm.doc_ids))
    places = {doc_id: row for row, doc_id in enumerate(documents)}
    rows = np.array([places[doc_id] for doc_id in docterm.doc_ids])
    shape = (len(documents), len(rows))
    together = sp.csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=shape)
    present = sp.csc_array((together @ docterm.counts) > 0, dtype=np.float64)
    return np.array([_npmi(present[:, terms].toarray()) for terms in top_terms(beta)])


def _npmi(present: Matrix) -> float:
    """Return the mean over pairs of columns."""
    n_docs, n_terms = present.shape
    joint = present.T @ present / n_docs
    alone = np.diag(joint)
    first, second = np.triu_indices(n_terms, 1)
    both, expected = joint[first, second], alone[first] * alone[second]
    scores: Matrix = np.full(len(both), -1.0)
    some = both > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        scores[some] = np.log(both[some] / expected[some]) / -np.log(both[some])
    # Two words of every document tell nothing of each other.
    return float(np.nan_to_num(scores, nan=0.0).mean())


def exclusivity(beta: Matrix) -> Matrix:
    """
    Return how much the first words of each topic are its own.

    Returns
    -------
    ndarray of shape (k,)
        Sum of FREX, exclusivity weighing .7, over the first ten words: at most ten.

    References
    ----------
    Roberts, M., Stewart, B. & Tingley, D. (2019). https://doi.org/10.18637/jss.v091.i02

    Examples
    --------
    >>> exclusivity(np.array([[0.6, 0.4], [0.4, 0.6]])).round(3).tolist()
    [1.5, 1.5]
    """
    scores = frex(beta, weight=EXCLUSIVITY_WEIGHT)
    return np.asarray(np.take_along_axis(scores, top_terms(beta), axis=1).sum(axis=1))


def scores(beta: Matrix, docterm: DocTerm) -> Mapping[str, float]:
    """Return the means over topics of what needs no held-out text."""
    return {"npmi": float(npmi(beta, docterm).mean()), "exclusivity": float(exclusivity(beta).mean())}
