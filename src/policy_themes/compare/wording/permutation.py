"""Tests that permute documents, not words, and ask whether chance alone would deal out as large a difference.

A document's rate of a word is one observation, however often the word stands
in it. The statistic is the difference of the mean rates of two sides within
strata (the years, the institutions), divided by its standard error; divided,
because the sides may be unequal in number and in spread. The null distribution
comes from dealing out the sides anew within each stratum or, where one region
stands against the rest, from letting every other region be the one (a placebo).

All dealings of all terms are three products of a sparse matrix with a dense
one, a thousand terms at a time. The step-down maximum over the terms (Westfall
and Young) keeps the chance of a single false word in the whole vocabulary
below the level, and knows that words go together.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.compare.uncertainty.bootstrap import Floats

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
CHUNK = 1_000
# Dealings that put the same documents on either side are ties, whatever the last digit says.
TIE = 1e-9


def dealings(side: Booleans, strata: Integers, *, n: int = 499, seed: int = 1) -> Booleans:
    """
    Deal out the sides anew within each stratum.

    Parameters
    ----------
    side : ndarray of bool, shape (n_docs,)
        Whether a document is of the group.
    strata : ndarray of int, shape (n_docs,)
    n : int, default 499
    seed : int, default 1

    Returns
    -------
    ndarray of bool, shape (n + 1, n_docs)
        The first row is what was observed; every row has as many documents of
        the group in each stratum.

    Examples
    --------
    >>> dealings(np.array([True, False, True, False]), np.array([0, 0, 1, 1]), n=99).sum(axis=1).tolist() == [2] * 100
    True
    """
    keys = np.random.default_rng(seed).random((n, len(side)))
    order = np.argsort(strata, kind="stable")
    found = np.empty((n + 1, len(side)), dtype=np.bool_)
    found[0] = side
    found[1:, order] = side[np.argsort(strata + keys, axis=1)]
    return found


def placebos(units: Integers, treated: int) -> Booleans:
    """
    Let every unit (a region, a year) be the one that stands against the rest.

    Parameters
    ----------
    units : ndarray of int, shape (n_docs,)
    treated : int
        The one that is asked about.

    Returns
    -------
    ndarray of bool, shape (n_units, n_docs)
        The first row is that of ``treated``.

    Examples
    --------
    >>> placebos(np.array([7, 7, 8]), 8).tolist()
    [[False, False, True], [True, True, False]]
    """
    others = [unit for unit in np.unique(units).tolist() if unit != treated]
    return np.stack([units == unit for unit in (treated, *others)])


@dataclass(frozen=True)
class Permuted:
    """
    What the test says about each term, (n_terms,) each.

    Attributes
    ----------
    t : ndarray
        Studentised difference of mean document rates within strata.
    p : ndarray
        Share of all dealings with a difference at least as large, the observed one among them.
    p_adjusted : ndarray
        The same for the largest differences of all terms, step-down.
    """

    t: Floats
    p: Floats
    p_adjusted: Floats


def indicator(numbers: Integers) -> sp.csr_array:
    """
    Return the matrix that sums documents by stratum or block.

    Parameters
    ----------
    numbers : ndarray of int, shape (n_docs,)
        From 0, without gaps.

    Returns
    -------
    csr_array of shape (n_numbers, n_docs)

    Examples
    --------
    >>> indicator(np.array([0, 1, 0])).toarray().tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    n_docs = len(numbers)
    return sp.csr_array((np.ones(n_docs), (numbers, np.arange(n_docs))), shape=(int(numbers.max()) + 1, n_docs))


class _Centred:
    """
    Weighted sums over documents of rates less their stratum's mean, and of their squares, (n_terms, n_weights).

    Taken off, the means would fill a sparse matrix; they are taken out of the sums instead.
    """

    def __init__(self, rates: sp.csr_array, strata: Integers) -> None:
        self.rates = sp.csr_array(rates.T)
        self.strata = indicator(strata)
        self.means = (self.strata @ rates).toarray() / np.bincount(strata)[:, None]
        table = sp.coo_array(self.rates)
        about = table.data**2 - 2 * table.data * self.means[strata[table.col], table.row]
        self.about = sp.csr_array((about, self.rates.indices, self.rates.indptr), shape=self.rates.shape)

    def sums(self, weights: Floats) -> Floats:
        """Return Σwy; weights are (n_docs, n_weights)."""
        return np.asarray(self.rates @ weights - self.means.T @ (self.strata @ weights))

    def squares(self, weights: Floats) -> Floats:
        """Return Σwy²."""
        return np.asarray(self.about @ weights + (self.means**2).T @ (self.strata @ weights))


def _deviations(sides: Booleans, strata: Integers) -> Floats:
    """Return each side less its share in the stratum, (n_docs, n_dealings)."""
    z = sides.T.astype(np.float64)
    shares = (indicator(strata) @ z) / np.bincount(strata)[:, None]
    return np.asarray(z - shares[strata])


def _studentised(rates: sp.csr_array, z: Floats, strata: Integers) -> Floats:
    """
    Return the statistic of terms under all dealings, (n_terms, n_dealings).

    With y a rate less its stratum's mean and z a side less its share, the
    difference is Σzy / Σz² and its variance Σz²(y − difference·z)² / (Σz²)².
    """
    centred = _Centred(rates, strata)
    sums, total = centred.sums(z), (z**2).sum(axis=0)
    difference = sums / np.where(total > 0, total, 1.0)
    variance = centred.squares(z**2) - 2 * difference * centred.sums(z**3) + difference**2 * (z**4).sum(axis=0)
    # Rates without any spread leave rounding where the variance should be nothing.
    scale = np.asarray((rates**2).sum(axis=0)).ravel()[:, None]
    some = variance > 1e-12 * scale
    beyond = np.where(sums**2 > 1e-12 * scale, np.copysign(np.inf, sums), 0.0)
    return np.where(some, sums / np.sqrt(np.where(some, variance, 1.0)), beyond)


def unequal_spread(rates: sp.csr_array, side: Booleans, strata: Integers) -> float:
    """
    Say how much more the rates of the group vary than those of the others, over all terms.

    Term by term the answer would depend on the difference that is to be
    tested, as rates are skew; only the vocabulary as a whole can tell.

    Parameters
    ----------
    rates : csr_array of shape (n_docs, n_terms)
    side : ndarray of bool, shape (n_docs,)
    strata : ndarray of int, shape (n_docs,)

    Returns
    -------
    float
        Ratio of the variances within strata, each term's in units of its own:
        about 1 where the sides are dealt out by chance. Strata of one document
        against one are measured by themselves, if they hold half of the
        documents or more, else the others. nan where nothing varies.
    """
    paired = ((np.bincount(strata, side) == 1) & (np.bincount(strata) == 2))[strata]
    some = paired if 2 * paired.sum() >= len(side) else ~paired
    own, (_, number) = side[some], np.unique(strata[some], return_inverse=True)
    total = np.zeros(2)
    for start in range(0, rates.shape[1], CHUNK):
        chunk = sp.csr_array(rates[some][:, start : start + CHUNK])
        total += (_of_pairs if paired[some].any() else _of_residuals)(chunk, own, number)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(total[0] / total[1])


def _of_residuals(rates: sp.csr_array, side: Booleans, strata: Integers) -> Floats:
    """Return the mean squared residuals of both sides, stratum and difference taken off, over the sum of both."""
    z = _deviations(side[None], strata)
    own = np.stack([side, ~side], axis=1).astype(np.float64)
    # What a residual's square is expected to be, in units of the variance: one less its leverage.
    free = own.T @ (1 - 1 / np.bincount(strata)[strata] - z[:, 0] ** 2 / (z**2).sum())
    centred = _Centred(rates, strata)
    difference = centred.sums(z) / (z**2).sum()
    squares = centred.squares(own) - 2 * difference * centred.sums(z * own) + difference**2 * (own.T @ z**2).T
    both = squares.sum(axis=1)
    some = both > TIE * np.asarray((rates**2).sum(axis=0)).ravel()
    return np.asarray((squares[some] / both[some, None]).sum(axis=0) / free)


def _of_pairs(rates: sp.csr_array, side: Booleans, strata: Integers) -> Floats:
    """
    Return the variances of both sides from pairs, over that of their difference.

    In a pair one residual mirrors the other. But the side that varies more
    pulls sum and difference of its pairs along: their covariance is the
    difference of the variances (Pitman and Morgan), the variance of the
    difference their sum.
    """
    z = sp.csr_array(indicator(strata) * np.where(side, 1.0, -1.0))
    difference, total = (z @ rates).toarray(), (indicator(strata) @ rates).toarray()
    difference -= difference.mean(axis=0)
    variance, common = (difference**2).sum(axis=0), (difference * total).sum(axis=0)
    some = variance > TIE * np.asarray((rates**2).sum(axis=0)).ravel()
    tilt = (common[some] / variance[some]).sum()
    return np.array([some.sum() + tilt, some.sum() - tilt])


def permutation_test(rates: sp.csr_array, sides: Booleans, strata: Integers) -> Permuted:
    """
    Test every term under all dealings of the sides.

    Parameters
    ----------
    rates : csr_array of shape (n_docs, n_terms)
        Occurrences per word or per 10,000, whatever the unit.
    sides : ndarray of bool, shape (n_dealings, n_docs)
        `dealings` or `placebos`.
    strata : ndarray of int, shape (n_docs,)
        From 0, without gaps.

    Returns
    -------
    Permuted

    References
    ----------
    Janssen, A. (1997). https://doi.org/10.1016/S0167-7152(97)00043-6 (why studentised);
    Westfall, P. H., & Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley, algorithm 2.8.

    Examples
    --------
    >>> group = np.arange(20) < 10
    >>> rates = sp.csr_array(np.where(group, 5.0, 1.0)[:, None] + np.linspace(0, 1, 20)[:, None])
    >>> permutation_test(rates, dealings(group, np.zeros(20, int), n=99), np.zeros(20, int)).p.tolist()
    [0.01]
    """
    z = _deviations(sides, strata)
    parts = [sp.csr_array(rates[:, start : start + CHUNK]) for start in range(0, rates.shape[1], CHUNK)]
    observed = np.concatenate([np.zeros(0), *(_studentised(part, z[:, :1], strata)[:, 0] for part in parts)])
    p, adjusted = np.ones(len(observed)), np.ones(len(observed))
    # From the least difference to the greatest: a term competes with those below it only.
    order = np.argsort(np.abs(observed), kind="stable")
    largest = np.zeros(len(sides))
    for start in range(0, len(order), CHUNK):
        own = order[start : start + CHUNK]
        found = np.abs(_studentised(sp.csr_array(rates[:, own]), z, strata))
        least = np.abs(observed[own])[:, None] * (1 - TIE)
        p[own] = (found >= least).mean(axis=1)
        found[0] = np.maximum(found[0], largest)
        np.maximum.accumulate(found, axis=0, out=found)
        largest = found[-1]
        adjusted[own] = (found >= least).mean(axis=1)
    adjusted[order] = np.maximum.accumulate(adjusted[order][::-1])[::-1]
    return Permuted(observed, p, adjusted)
