"""Non-negative matrix factorisation of the counts, by scikit-learn.

With the Kullback-Leibler divergence it maximises the likelihood that LDA
without priors would (Gaussier and Goutte 2005): no uncertainty, no smoothing,
but the same topics where there are many words, and a good start for LDA.
"""

from collections.abc import Iterable

import numpy as np
import scipy.sparse as sp
from sklearn.decomposition import NMF

from policy_themes.topics.fit import Progress
from policy_themes.topics.records import Factors, Matrix, TopicSpec

# Iterations between two looks at the clock.
STEP = 10
TOLERANCE = 1e-4
# Nothing is impossible: a word or a topic that was never seen keeps this share.
FLOOR = 1e-12


def fit(counts: sp.csr_array, spec: TopicSpec, progress: Progress) -> Factors:
    """
    Factorise counts.

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    spec : TopicSpec
        ``iterations`` is the most that are made; it ends earlier where nothing changes.
    progress : callable

    Returns
    -------
    Factors

    References
    ----------
    Cichocki, A. & Phan, A. (2009). https://doi.org/10.1587/transfun.E92.A.708
    Gaussier, E. & Goutte, C. (2005). https://doi.org/10.1145/1076034.1076148
    """
    weights, components = factorise(counts, spec.k, spec.seed, progress(range(-(-(spec.iterations or 1) // STEP))))
    # Scale belongs to the words of a unit: what a topic accounts for, not how long its row is.
    sizes = components.sum(axis=1)
    return Factors(beta=_shares(components), gamma=_shares(weights * sizes))


def factorise(counts: sp.csr_array, k: int, seed: int, steps: Iterable[object]) -> tuple[Matrix, Matrix]:
    """
    Return the two factors.

    Parameters
    ----------
    counts : csr_array
    k, seed : int
    steps : iterable
        One item for every ten iterations.

    Returns
    -------
    weights : ndarray of shape (n_units, k)
    components : ndarray of shape (k, n_terms)
    """
    matrix = counts.astype(np.float64)
    steps = iter(steps)
    next(steps)
    weights, components = _improved(matrix, k, seed)
    for _ in steps:
        before = components
        weights, components = _improved(matrix, k, seed, (weights, components))
        if np.abs(components - before).sum() < TOLERANCE * before.sum():
            break
    return weights, components


def _improved(
    matrix: sp.csr_array, k: int, seed: int, start: tuple[Matrix, Matrix] | None = None
) -> tuple[Matrix, Matrix]:
    """Make ten iterations, from a start or from the singular vectors."""
    # Without a tolerance of its own: it is stopped every ten iterations and asked here how far it is, and
    # it would divide by what the start leaves unexplained, which is nothing where the start is exact.
    model = NMF(
        k, init="custom" if start else "nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=STEP,
        tol=0, random_state=seed,
    )  # fmt: skip
    given = {"W": start[0], "H": start[1]} if start else {}
    weights = model.fit_transform(matrix, **given)
    return np.asarray(weights, dtype=np.float64), np.asarray(model.components_, dtype=np.float64)


def _shares(values: Matrix) -> Matrix:
    """Return rows that sum to one."""
    positive = values + FLOOR
    return np.asarray(positive / positive.sum(axis=1, keepdims=True))
