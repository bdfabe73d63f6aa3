"""How much more a word belongs to one side than to the other: numbers that rank, not numbers that prove.

All statistics here count words as if each were drawn on its own. Words come in
documents, and documents repeat themselves, so their p-values are far too small
(with words that cluster a little, G2 calls more than half of nothings
significant): they order words, and `compare.permutation` tests them. Log-odds
with a prior is the one to rank by: a plain ratio puts words on top that stand
twice on one side and never on the other, G2 puts 建设 there whatever its size.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp

from policy_themes.compare.uncertainty.bootstrap import Floats

Prior = Literal["informative", "symmetric"]
ALPHA0 = 500.0
SYMMETRIC = 0.01


def squares(one: Floats, other: Floats) -> Floats:
    """
    Return the 2 × 2 table of each term: the term against all other words, on both sides.

    Parameters
    ----------
    one, other : ndarray of shape (n_terms,)
        Counts of all terms on either side.

    Returns
    -------
    ndarray of shape (2, 2, n_terms)
        First axis the term and the rest, second the side.

    Examples
    --------
    >>> squares(np.array([7.0, 2.0]), np.array([3.0, 7.0]))[:, :, 0].tolist()
    [[7.0, 3.0], [2.0, 7.0]]
    """
    own = np.stack([one, other]).astype(np.float64)
    return np.stack([own, own.sum(axis=1, keepdims=True) - own])


def independence(tables: Floats, *, kind: Literal["g2", "chi2", "yates"] = "g2") -> Floats:
    """
    Measure how far 2 × 2 tables are from independence.

    Parameters
    ----------
    tables : ndarray of shape (2, 2, n_terms)
    kind : {"g2", "chi2", "yates"}, default "g2"
        Log-likelihood ratio; Pearson's statistic; the same with half a count
        taken off each difference.

    Returns
    -------
    ndarray of shape (n_terms,)
        At least 0; 0 where a row or a column is empty.

    References
    ----------
    Dunning, T. (1993). https://aclanthology.org/J93-1003

    Examples
    --------
    >>> example = np.array([[[7.0], [3.0]], [[2.0], [7.0]]])
    >>> [round(float(independence(example, kind=kind)[0]), 6) for kind in ("g2", "chi2", "yates")]
    [4.534939, 4.33716, 2.632438]
    """
    from scipy.stats import power_divergence  # most of a second to import

    total = tables.sum(axis=(0, 1))
    rows, columns = tables.sum(axis=1, keepdims=True), tables.sum(axis=0, keepdims=True)
    full = (rows > 0).all(axis=(0, 1)) & (columns > 0).all(axis=(0, 1))
    seen, expected = tables[:, :, full], (rows * columns)[:, :, full] / total[full]
    if kind == "yates":
        gap = expected - seen
        seen = seen + np.sign(gap) * np.minimum(0.5, np.abs(gap))
    power = "log-likelihood" if kind == "g2" else "pearson"
    found = np.zeros(tables.shape[2])
    found[full] = power_divergence(seen.reshape(4, -1), expected.reshape(4, -1), axis=0, lambda_=power).statistic
    return np.maximum(found, np.zeros(1))  # rounding may leave less than nothing


def fisher(tables: Floats) -> Floats:
    """
    Return Fisher's exact two-sided p of 2 × 2 tables of whole numbers; the words are taken for independent draws.

    Parameters
    ----------
    tables : ndarray of shape (2, 2, n_terms)

    Returns
    -------
    ndarray of shape (n_terms,)

    Examples
    --------
    >>> fisher(np.array([[[7.0], [3.0]], [[2.0], [7.0]]])).round(9).tolist()
    [0.069778519]
    """
    from scipy.stats import fisher_exact

    each = np.moveaxis(tables, 2, 0).astype(np.int64)
    return np.array([fisher_exact(table).pvalue for table in each], dtype=np.float64)


@dataclass(frozen=True)
class LogOdds:
    """
    Log-odds ratios of terms under a Dirichlet prior, (n_terms,) each; z = delta / √variance.

    Attributes
    ----------
    delta, variance : ndarray
        Unknown (nan) for a term without any count and prior.
    """

    delta: Floats
    variance: Floats

    @property
    def z(self) -> Floats:
        """Return the ratios in units of their standard error, words taken for independent draws."""
        return self.delta / np.sqrt(self.variance)


def prior_counts(one: Floats, other: Floats, *, prior: Prior = "informative", alpha0: float = ALPHA0) -> Floats:
    """
    Return what each term is supposed to have been counted before anything was.

    Parameters
    ----------
    one, other : ndarray of shape (n_terms,)
    prior : {"informative", "symmetric"}, default "informative"
        The frequencies of both sides together, scaled to ``alpha0`` words in
        all, so that common words need more to stand out; or .01 for every term.
    alpha0 : float, default 500

    Returns
    -------
    ndarray of shape (n_terms,)

    Examples
    --------
    >>> prior_counts(np.array([3.0, 1.0]), np.array([3.0, 1.0]), alpha0=100).tolist()
    [75.0, 25.0]
    """
    both: Floats = np.asarray(one, dtype=np.float64) + other
    if prior == "symmetric":
        return np.full(len(both), SYMMETRIC)
    return both * (alpha0 / max(float(both.sum()), 1.0))


def log_odds(one: Floats, other: Floats, alpha: Floats) -> LogOdds:
    """
    Compare the odds of each term on two sides.

    Parameters
    ----------
    one, other : ndarray of shape (n_terms,)
        Counts; for one group against the rest of many, ``other`` is the rest.
    alpha : ndarray of shape (n_terms,)
        `prior_counts`; the same for both sides.

    Returns
    -------
    LogOdds
        ``delta``: log((y + α) / (n + α₀ − y − α)) of one less that of the
        other; ``variance``: 1 / (y + α) of both sides, added.

    References
    ----------
    Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). https://doi.org/10.1093/pan/mpn018, equations 16, 19 and 22.

    Examples
    --------
    >>> found = log_odds(np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    >>> found.delta.round(4).tolist(), found.variance.tolist()
    ([1.3863, -1.3863], [0.75, 0.75])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = [np.log(y / (y.sum() - y)) for y in (one + alpha, other + alpha)]
        variance = 1.0 / (one + alpha) + 1.0 / (other + alpha)
        return LogOdds(odds[0] - odds[1], np.where(np.isfinite(variance), variance, np.nan))


def dispersion(counts: sp.csr_array, lengths: Floats) -> Floats:
    """
    Say how unevenly each term is spread over documents: Gries' deviation of proportions.

    Parameters
    ----------
    counts : csr_array of shape (n_docs, n_terms)
    lengths : ndarray of shape (n_docs,)
        Words or characters of each document.

    Returns
    -------
    ndarray of shape (n_terms,)
        Half the sum of absolute differences between a document's share of all
        text and its share of the term: 0 where every document has the term as
        often as its length suggests, near 1 where a small one has it all;
        unknown (nan) for a term that does not occur.

    References
    ----------
    Gries, S. Th. (2008). https://doi.org/10.1075/ijcl.13.4.02gri

    Examples
    --------
    >>> dispersion(sp.csr_array([[2, 4], [2, 0]]), np.array([10.0, 10.0])).tolist()
    [0.0, 0.5]
    """
    table = sp.coo_array(counts)
    totals = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    sizes = (lengths / lengths.sum())[table.row]
    shares = table.data / totals[table.col]
    # A document without the term adds its whole size; one with it adds the difference instead.
    apart = np.bincount(table.col, np.abs(sizes - shares) - sizes, minlength=counts.shape[1])
    spread: Floats = np.where(totals > 0, np.maximum((1.0 + apart) / 2.0, 0.0), np.nan)
    return spread
