"""Draws of documents' proportions: how sure a model is of them, topics taken as they were fitted.

The mean of many draws is what is known of a document; how far they lie apart is
what a regression on proportions must not forget (method of composition).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.topics.records import Matrix, TopicFit

N_DRAWS = 25
AT_ONCE = 2_000  # units whose covariances are factorised together
JITTER = 1e-10
KEPT = 1 << 26  # bytes of draws that a fit keeps for the next who asks


def averaging(doc_ids: Sequence[str], n_tokens: NDArray[np.int64]) -> sp.csr_array:
    """
    Return the matrix that averages units to documents by their words, shape (n_docs, n_units).

    Examples
    --------
    >>> averaging(("a", "a", "b"), np.array([3, 1, 0])).toarray().tolist()
    [[0.75, 0.25, 0.0], [0.0, 0.0, 0.0]]
    """
    places = {doc_id: row for row, doc_id in enumerate(dict.fromkeys(doc_ids))}
    rows = np.array([places[doc_id] for doc_id in doc_ids], dtype=np.int64)
    totals = np.bincount(rows, n_tokens, minlength=len(places))
    weights = n_tokens / np.maximum(totals[rows], 1)
    return sp.csr_array((weights, (rows, np.arange(len(rows)))), shape=(len(places), len(rows)))


def from_normal(mean: Matrix, covariance: NDArray[np.float32], *, seed: int) -> Iterable[Matrix]:
    """
    Draw proportions from logistic normal posteriors, the last topic being the reference.

    Parameters
    ----------
    mean : ndarray of shape (n_units, k - 1)
    covariance : ndarray of shape (n_units, k - 1, k - 1)
    seed : int

    Yields
    ------
    ndarray of shape (n_units, k)
    """
    random = np.random.default_rng(seed)
    steady = JITTER * np.eye(mean.shape[1])
    parts = [slice(first, first + AT_ONCE) for first in range(0, len(mean), AT_ONCE)]
    factors = [np.linalg.cholesky(covariance[part].astype(np.float64) + steady).astype(np.float32) for part in parts]
    for _ in range(N_DRAWS):
        noise = random.standard_normal(mean.shape, dtype=np.float32)
        moved = [np.einsum("nij,nj->ni", factor, noise[part]) for part, factor in zip(parts, factors, strict=True)]
        logs = np.column_stack([mean + np.concatenate(moved), np.zeros(len(mean))])
        shares = np.exp(logs - logs.max(axis=1, keepdims=True))
        yield shares / shares.sum(axis=1, keepdims=True)


def from_shares(gamma: Matrix, n_tokens: NDArray[np.int64], *, seed: int) -> Iterable[Matrix]:
    """
    Draw proportions as if each word of a unit had been assigned by itself (a Dirichlet with so many words).

    Yields
    ------
    ndarray of shape (n_units, k)
    """
    random = np.random.default_rng(seed)
    for _ in range(N_DRAWS):
        parts = random.standard_gamma(gamma * n_tokens[:, None]) + 1e-300
        yield parts / parts.sum(axis=1, keepdims=True)


def by_document(
    drawn: Iterable[Matrix], doc_ids: Sequence[str], n_tokens: NDArray[np.int64], known: NDArray[np.intp]
) -> NDArray[np.float32]:
    """
    Average draws of units to draws of documents.

    Parameters
    ----------
    drawn : iterable of ndarray of shape (n_known, k)
    doc_ids, n_tokens
        Of all units.
    known : ndarray of int
        The units that were drawn.

    Returns
    -------
    ndarray of shape (n_draws, n_docs, k)
        NaN where no unit of a document is known.
    """
    counted = np.zeros_like(n_tokens)
    counted[known] = n_tokens[known]
    together = averaging(doc_ids, counted)
    empty = np.asarray(together.sum(axis=1)).ravel() == 0
    chosen = together[:, known.tolist()]
    draws = np.stack([(chosen @ units).astype(np.float32) for units in drawn])
    draws[:, empty] = np.nan
    return draws


def all_draws(fit: TopicFit, *, seed: int = 1) -> NDArray[np.float32]:
    """
    Return draws of the proportions of documents, shape (n_draws, n_docs, k): a fit's own, or else Dirichlet ones.

    Parameters
    ----------
    fit : TopicFit
    seed : int, default 1
    """
    if fit.draws is not None:
        return fit.draws
    if seed in fit.drawn:
        return fit.drawn[seed]
    known = np.flatnonzero(~np.isnan(fit.gamma).any(axis=1))
    drawn = from_shares(fit.gamma[known], fit.n_tokens[known], seed=seed)
    found = by_document(drawn, fit.doc_ids, fit.n_tokens, known)
    if found.nbytes <= KEPT:
        fit.drawn[seed] = found
    return found


def topic_draws(fit: TopicFit, topics: Sequence[int], *, seed: int = 1) -> pd.DataFrame:
    """
    Return draws of the summed proportions of some topics.

    Parameters
    ----------
    fit : TopicFit
    topics : sequence of int
        From 1.
    seed : int, default 1

    Returns
    -------
    DataFrame
        Documents with a known word × draws.
    """
    summed = all_draws(fit, seed=seed)[:, :, [topic - 1 for topic in topics]].astype(np.float64).sum(axis=2)
    return pd.DataFrame(summed.T, index=pd.Index(fit.documents, name="doc_id")).dropna()
