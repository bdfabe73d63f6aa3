"""Intervals for a sample of documents: rates, shares, and the difference of two cells.

They are for documents that stand for more documents of their kind (news found by
a search). All documents of their kind, a census, have no such interval: see
`policy_themes.compare.rates`. The unit is the document, because words of one text
come together.

A rate is hits over units, both summed over the documents of a cell. Where at
least `COMMON` documents of a cell have the theme, the interval is the studentised
bootstrap of that ratio (bootstrap-t). With fewer, its quantiles break down: nine of ten
resamples of one document with the theme and nine without have one standard error.
There the hits are taken as so many clusters of a size that all cells of the theme
share (the dispersion), and the interval is that of their number: a gamma with
Jeffreys' prior, and for no hit the bound that three clusters would have passed.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from policy_themes.compare.uncertainty.bootstrap import RESAMPLES, Floats, quantiles, resampled, sums

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2
COMMON = 10  # documents with the theme, from which on the bootstrap holds its level
FEWEST, FEW = 5, 10  # documents for an interval; for one that is not called approximate
FEWEST_OUTLETS = 2
FEWEST_EACH, FEW_EACH = 8, 20  # the same for each side of a contrast
NO_HIT = float(-np.log(1 - LEVEL))  # 3.0: hits that are expected and yet, once in twenty, none is seen


@dataclass(frozen=True)
class Bounds:
    """
    Intervals of several series.

    Attributes
    ----------
    low, high : ndarray of shape (n_series,)
        In the unit of the estimate; nan where there is none.
    method : ndarray of shape (n_series,)
        How each came about, for people.
    """

    low: Floats
    high: Floats
    method: NDArray[np.str_]


def refusal(n_docs: int, n_outlets: int) -> str:
    """
    Say why a cell gets no interval, or nothing.

    Parameters
    ----------
    n_docs : int
    n_outlets : int
        A document without an outlet is one of its own.

    Examples
    --------
    >>> refusal(4, 3), refusal(40, 1), refusal(5, 2)
    ('none: 4 documents, 5 are needed', 'none: one outlet, 2 are needed', '')
    """
    if n_docs < FEWEST:
        return f"none: {n_docs} document{'s' * (n_docs != 1)}, {FEWEST} are needed"
    return f"none: one outlet, {FEWEST_OUTLETS} are needed" if n_outlets < FEWEST_OUTLETS else ""


def contrast_refusal(n_docs: int, n_others: int) -> str:
    """
    Say why two cells are not contrasted, or nothing.

    Examples
    --------
    >>> contrast_refusal(5, 30), contrast_refusal(8, 20)
    ('none: 5 documents on one side, 8 are needed', '')
    """
    least = min(n_docs, n_others)
    return f"none: {least} documents on one side, {FEWEST_EACH} are needed" if least < FEWEST_EACH else ""


def dispersion(hits: Floats, units: Floats, cells: NDArray[np.intp]) -> Floats:
    """
    Return by how much hits vary more from document to document than single hits would.

    Parameters
    ----------
    hits : ndarray of shape (n_docs, n_series)
    units : ndarray of shape (n_docs, 1) or (n_docs, n_series)
    cells : ndarray of shape (n_docs,)
        Number of each document's cell; cells of one document tell nothing.

    Returns
    -------
    ndarray of shape (n_series,)
        Sum of squared residuals from the cells' rates over the sum of hits, at least 1.

    Examples
    --------
    >>> hits = np.array([[4.0], [0.0], [1.0], [1.0]])
    >>> dispersion(hits, np.ones((4, 1)), np.array([0, 0, 1, 1])).round(2).tolist()
    [2.67]
    """
    n_cells = int(cells.max()) + 1 if len(cells) else 0
    sizes = np.bincount(cells, minlength=n_cells)[:, None]
    total = _by_cell(hits, cells, n_cells)
    rate = total / np.maximum(_by_cell(units, cells, n_cells), 1)
    squares = _by_cell((hits - rate[cells] * units) ** 2, cells, n_cells)
    several = sizes > 1
    spread = np.where(several, squares * sizes / np.maximum(sizes - 1, 1), 0).sum(0)
    found = np.where(several, total, 0).sum(0)
    ratio: Floats = np.divide(spread, found, out=np.ones_like(spread), where=found > 0)
    return np.maximum(ratio, 1.0)


def _by_cell(values: Floats, cells: NDArray[np.intp], n_cells: int) -> Floats:
    """Sum rows by cell; (n_docs, n_series) becomes (n_cells, n_series)."""
    sums = np.zeros((n_cells, values.shape[1]))
    np.add.at(sums, cells, values)
    return sums


def rate_intervals(hits: Floats, units: Floats, spread: Floats | float, *, seed: int = 1) -> Bounds:
    """
    Return 95 % intervals for the rates of one cell.

    Parameters
    ----------
    hits : ndarray of shape (n_docs, n_series)
        At least `FEWEST` documents (see `refusal`).
    units : ndarray of shape (n_docs, 1) or (n_docs, n_series)
        Length of each document; the rate is per unit.
    spread : ndarray of shape (n_series,), or float
        Of `dispersion`, over all cells of a series; where the cell's own is larger, half of what it is more is added.
    seed : int, default 1

    Returns
    -------
    Bounds

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, 5.2.
    https://doi.org/10.1017/CBO9780511802843

    Examples
    --------
    >>> found = rate_intervals(np.array([[3.0, 0.0]] * 6 + [[1.0, 0.0]] * 6), np.full((12, 1), 100.0), 1.0)
    >>> found.low.round(4).tolist(), found.high.round(4).tolist(), str(found.method[1])
    ([0.0142, 0.0], [0.0258, 0.0025], 'gamma, dispersion 1.0')
    """
    # Cells with many hits vary more than most: with the common dispersion alone they are covered too seldom, with
    # the larger of both all others too often.
    own = dispersion(hits, units, np.zeros(len(hits), dtype=np.intp))
    sizes = spread + np.maximum(own - spread, 0) / 2
    low, high = cluster_bounds(hits.sum(0), units.sum(0), sizes)
    method = [f"gamma, dispersion {size:.1f}" for size in sizes]
    common = np.flatnonzero((hits > 0).sum(0) >= COMMON)
    if len(common):
        found = sums(hits[:, common], _of(units, common), None)
        drawn = resampled(hits[:, common], _of(units, common), seed)
        least, most = quantiles(drawn.rate - found.rate, drawn.error, TAIL)
        low[common] = np.maximum(found.rate - most * found.error, 0)
        high[common] = found.rate - least * found.error
    named = np.array(method, dtype=object)
    named[common] = f"bootstrap-t, {RESAMPLES} resamples of documents"
    return Bounds(low, high, np.array([f"{one}{_few(len(hits), FEW)}" for one in named], dtype=np.str_))


def cluster_bounds(found: Floats, units: Floats, spread: Floats | float) -> tuple[Floats, Floats]:
    """
    Return the 95 % bounds of rates whose hits come in clusters of one size.

    Parameters
    ----------
    found, units : ndarray of shape (n_series,)
        Hits and length in all.
    spread : ndarray of shape (n_series,), or float
        Of `dispersion`: the size of a cluster.

    Returns
    -------
    pair of ndarray of shape (n_series,)

    References
    ----------
    Brown, L. D., Cai, T. T. & DasGupta, A. (2003). Interval estimation in exponential families.
    Statistica Sinica 13, 19-49.

    Examples
    --------
    >>> low, high = cluster_bounds(np.array([0.0, 4.0]), np.array([100.0, 100.0]), 1.0)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.014], [0.03, 0.095])
    """
    shape = found / spread + 0.5
    low = np.where(found > 0, spread * gammaincinv(shape, TAIL), 0.0)
    high = spread * np.where(found > 0, gammaincinv(shape, 1 - TAIL), NO_HIT)
    return low / units, high / units


def contrast_intervals(
    hits: tuple[Floats, Floats], units: tuple[Floats, Floats], spread: Floats | float, *, seed: int = 1
) -> Bounds:
    """
    Return 95 % intervals for the difference of the rates of two cells, the first less the second.

    Parameters
    ----------
    hits, units : pair of ndarray
        Of either cell, as in `rate_intervals`.
    spread : ndarray of shape (n_series,), or float
    seed : int, default 1

    Returns
    -------
    Bounds
        The distances of the two cells' own limits from their rates, added as squares. Studentising
        the difference itself covers less, 92 to 93 % where documents are skewed.

    References
    ----------
    Zou, G. Y. & Donner, A. (2008). https://doi.org/10.1002/sim.3095

    Examples
    --------
    >>> one, unit = np.array([[1.0]] * 8), np.full((8, 1), 100.0)
    >>> found = contrast_intervals((one * 4, one), (unit, unit), 1.0)
    >>> found.low.round(3).tolist(), str(found.method[0])
    ([0.015], 'gamma, dispersion 1.0; approximate')
    """
    alone = [rate_intervals(*side, spread, seed=seed) for side in zip(hits, units, strict=True)]
    first, second = (side.sum(0) / length.sum(0) for side, length in zip(hits, units, strict=True))
    low = first - second - np.hypot(first - alone[0].low, alone[1].high - second)
    high = first - second + np.hypot(alone[0].high - first, second - alone[1].low)
    # The interval of the side with fewer documents that have the theme says how it came about.
    with_theme = [(side > 0).sum(0) for side in hits]
    method = np.where(with_theme[0] <= with_theme[1], alone[0].method, alone[1].method).astype(object)
    said = _few(min(len(side) for side in hits), FEW_EACH)
    named = [f"{str(one).removesuffix('; approximate')}{said}" for one in method]
    return Bounds(low, high, np.array(named, dtype=np.str_))


@lru_cache(maxsize=100_000)
def share_interval(n_with: int, n_docs: int) -> tuple[float, float]:
    """
    Return the 95 % interval of a share of documents: Wilson's, at 0 and 1 the exact one.

    Examples
    --------
    >>> [round(bound, 3) for bound in (*share_interval(3, 10), *share_interval(0, 10))]
    [0.108, 0.603, 0.0, 0.308]
    """
    from scipy import stats  # takes a second, and most commands need none of it

    edge = n_with in (0, n_docs)
    found = stats.binomtest(n_with, n_docs).proportion_ci(LEVEL, method="exact" if edge else "wilson")
    return float(found.low), float(found.high)


def _few(n_docs: int, enough: int) -> str:
    """Say that an interval of few documents is approximate."""
    return "; approximate" if n_docs < enough else ""


def _of(units: Floats, series: NDArray[np.intp]) -> Floats:
    """Return the lengths that belong to some series, where each has its own."""
    return units if units.shape[1] == 1 else units[:, series]
