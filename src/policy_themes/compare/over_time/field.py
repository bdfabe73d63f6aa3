"""Rates of regions and years as a Gaussian field on the log scale, seen through counts whose noise is known.

The logarithm of a cell's rate is a sum: a common level and years that all regions share, the
region's own level, the region's own path over the years, and an own deviation of the
cell. Years are the more alike the nearer they are (an exponential correlation, which lets a year
jump). The counts vary around the rate as so many clusters of hits would: Poisson, its
variance multiplied by the dispersion. How large the parts are, is what makes the counts most probable
(Laplace's approximation of the marginal likelihood), with a weak prior that keeps no part
at nothing because there was little to see it by.

Given the shared years, regions are independent: instead of one matrix of all cells there is a small
one a region (Woodbury), and a fit takes a second where
`sklearn.gaussian_process` takes minutes. With equal parts and noise both say the same.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from policy_themes.compare.uncertainty.bootstrap import Floats

LEVEL = 4.0  # variance of the common level around the pooled rate: wide enough to say nothing
START = np.log([0.3, 0.2, 0.1, 0.1, 4.0, 6.0])
SMALLEST, LARGEST = 1e-4, 9.0  # variances of parts
SHORTEST = (0.5, 2.0)  # correlation lengths in years; a region's path is longer than a year, or it is a deviation
ONE_ERROR = 0.5  # fall of the log likelihood at one standard error
TOLERANCE, MOST_STEPS = 1e-8, 200


@dataclass(frozen=True)
class Counts:
    """
    What is seen of each region and year.

    Attributes
    ----------
    hits, units : ndarray of shape (n_regions, n_years)
        Years are consecutive; no units: nothing is seen.
    dispersion : float
        Variance of hits over their mean, at least 1.
    """

    hits: Floats
    units: Floats
    dispersion: float

    @property
    def expected(self) -> Floats:
        """Hits if all cells had the pooled rate."""
        pooled: Floats = self.units * (self.hits.sum() / self.units.sum())
        return pooled


class Mode(NamedTuple):
    """
    The field where it is most probable, and what its curvature there says.

    Attributes
    ----------
    weights : ndarray of shape (n_regions, n_years, n_years)
        Inverse covariance of a region's observations, the shared years given; zero where nothing is seen.
    pulls : ndarray of shape (n_regions, n_years)
        Weights times observations.
    years, years_cov : ndarray of shape (n_years,), (n_years, n_years)
        Shared years, level included.
    evidence : float
        Log marginal likelihood, up to a constant.
    """

    weights: Floats
    pulls: Floats
    years: Floats
    years_cov: Floats
    evidence: float


def kernels(sizes: Floats, n_years: int) -> tuple[Floats, Floats, Floats]:
    """
    Return the covariance over years of what all regions share, of a region's smooth part, and of all that is its own.

    Parameters
    ----------
    sizes : ndarray of shape (6,)
        Logarithms: variances of regions, shared years, paths and own deviations; lengths of shared years and of paths.
    n_years : int

    Examples
    --------
    >>> shared, smooth, whole = kernels(np.log([1.0, 2.0, 3.0, 4.0, 1.0, 1.0]), 2)
    >>> [matrix.round(2).tolist()[0] for matrix in (shared, smooth, whole)]
    [[6.0, 4.74], [4.0, 2.1], [8.0, 2.1]]
    """
    regions, years, paths, own, years_length, paths_length = np.exp(sizes)
    apart = np.abs(np.subtract.outer(np.arange(n_years), np.arange(n_years)))
    smooth = regions + paths * np.exp(-apart / paths_length)
    return LEVEL + years * np.exp(-apart / years_length), smooth, smooth + own * np.eye(n_years)


def find_mode(counts: Counts, sizes: Floats) -> Mode:
    """
    Return the most probable field for given sizes of its parts, by Newton's steps.

    References
    ----------
    Rasmussen, C. E. and Williams, C. K. I. (2006). Gaussian Processes for Machine Learning, algorithm 3.1.
    """
    n_years = counts.hits.shape[1]
    shared, _, whole = kernels(sizes, n_years)
    seen, expected = counts.units > 0, counts.expected
    # Starting at each cell's own rate: from far below it Newton's first step would be far above it.
    field = np.where(seen, np.log((counts.hits + counts.dispersion) / (expected + counts.dispersion)), 0.0)
    for _ in range(MOST_STEPS):
        mean = expected * np.exp(field)
        root = np.sqrt(mean / counts.dispersion)
        inner = np.eye(n_years) + root[:, :, None] * whole * root[:, None, :]
        weights = root[:, :, None] * np.linalg.inv(inner) * root[:, None, :]
        seen_as = field + np.divide(counts.hits - mean, mean, out=np.zeros_like(mean), where=seen)
        pulls = (weights @ seen_as[:, :, None])[:, :, 0]
        outer = np.eye(n_years) + shared @ weights.sum(0)
        years_cov = np.linalg.solve(outer, shared)
        years = years_cov @ pulls.sum(0)
        moved = years + (pulls - weights @ years) @ whole
        done = np.abs(moved - field).max() < TOLERANCE
        field = moved
        if done:
            break
    fits = float((counts.hits * field - mean).sum()) / counts.dispersion
    strays = float((field * (counts.hits - mean)).sum()) / counts.dispersion
    volume = float(np.linalg.slogdet(inner)[1].sum() + np.linalg.slogdet(outer)[1])
    return Mode(weights, pulls, years, years_cov, fits - (strays + volume) / 2)


def fit(counts: Counts) -> Floats:
    """
    Return the most probable sizes of the parts, as `kernels` takes them.

    Own deviations are taken at the upper end of one standard error: too small ones
    make intervals that hold too little, too large ones only wide ones.

    References
    ----------
    Chung, Y. et al. (2013). https://doi.org/10.1007/s11336-013-9328-2 (the prior: gamma with shape 2 on
    standard deviations)
    """
    from scipy.optimize import brentq, minimize  # takes a while, and most commands need none of it

    def cost(sizes: Floats) -> float:
        prior = float((sizes[:4] / 2 - np.exp(sizes[:4] / 2)).sum())
        return -find_mode(counts, sizes).evidence - prior

    longest = 2.0 * counts.hits.shape[1]
    bounds = [(SMALLEST, LARGEST)] * 4 + [(shortest, longest) for shortest in SHORTEST]
    found = minimize(cost, START, method="L-BFGS-B", bounds=np.log(bounds), options={"ftol": 1e-8, "gtol": 1e-3})
    own = np.eye(6)[3]

    def beyond(step: float) -> float:
        return cost(found.x + step * own) - float(found.fun) - ONE_ERROR

    widest = np.log(LARGEST) - found.x[3]
    step = brentq(beyond, 0, widest, xtol=1e-3) if beyond(widest) > 0 else widest
    sizes: Floats = found.x + step * own
    return sizes


def estimate(mode: Mode, kernel: Floats, shared: Floats) -> tuple[Floats, Floats]:
    """
    Return mean and standard deviation of the shared years and a part of each region, as logarithms over the pooled rate.

    Parameters
    ----------
    mode : Mode
    kernel : ndarray of shape (n_years, n_years)
        Covariance of the part: the second or third of `kernels`.
    shared : ndarray of shape (n_years, n_years)
        The first of `kernels`.

    Returns
    -------
    pair of ndarray of shape (n_regions, n_years)
    """
    passed = np.eye(len(shared)) - kernel @ mode.weights
    mean = passed @ mode.years + mode.pulls @ kernel
    variance = ((passed @ mode.years_cov) * passed).sum(2) + (passed * kernel).sum(2)
    return mean, np.sqrt(np.maximum(variance, 0.0))
