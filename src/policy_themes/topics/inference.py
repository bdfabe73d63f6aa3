"""Proportions of topics in texts that took no part in a fit, the topics held as they are."""

import numpy as np
import scipy.sparse as sp

from policy_themes.topics.records import Matrix

PRIOR, ROUNDS = 0.1, 30


def proportions(beta: Matrix, counts: sp.csr_array) -> Matrix:
    """
    Return the proportions under which texts are most probable, with a little of every topic.

    Parameters
    ----------
    beta : ndarray of shape (k, n_terms)
        Probability of each term in each topic.
    counts : csr_array of shape (n_units, n_terms)

    Returns
    -------
    ndarray of shape (n_units, k)
        Rows sum to one; equal parts where a text is empty. The same for every
        engine, so that engines can be compared: the mode of a posterior whose
        prior is a tenth of a word in each topic.

    Examples
    --------
    >>> proportions(np.array([[0.9, 0.1], [0.1, 0.9]]), sp.csr_array([[9, 0], [0, 0]])).round(2).tolist()
    [[0.99, 0.01], [0.5, 0.5]]
    """
    cells = sp.coo_array(counts)
    ones = np.ones(len(cells.data))
    collect = sp.csr_array((ones, (cells.row, np.arange(len(ones)))), shape=(counts.shape[0], len(ones)))
    likely = beta.T[cells.col]
    found: Matrix = np.full((counts.shape[0], len(beta)), 1.0 / len(beta))
    for _ in range(ROUNDS):
        parts = found[cells.row] * likely
        parts *= (cells.data / np.maximum(parts.sum(axis=1), 1e-300))[:, None]
        found = collect @ parts + PRIOR
        found /= found.sum(axis=1, keepdims=True)
    return found
