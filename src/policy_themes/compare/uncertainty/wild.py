"""The wild cluster bootstrap: a slope whose errors come together in clusters (outlets), and few of them.

Ordinary clustered errors call too many nothings a trend where there are ten or
twenty outlets. The wild bootstrap imposes the null, turns the residuals of each
outlet as a whole by a random weight, and sees how large the t-statistic becomes; the
interval holds every slope that this test does not reject.

It knows nothing of what all outlets share: shocks of a year are not in it. And it
needs many clusters on both sides of what is compared: a region against the rest,
clustered by region, has a standard error that vanishes, and is refused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_themes.compare.uncertainty.bootstrap import Floats

DRAWS = 999
LEVEL = 0.95
FEWEST, FEW = 6, 10  # clusters: for a test at all; for one that is not said to have few
FEWEST_CARRYING = 3  # clusters of one size that would hold the regressor's variation as unequally
WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
WIDEST = 2.0**20  # standard errors from the estimate; beyond, an interval has no end


@dataclass(frozen=True)
class Slope:
    """
    One slope with its test.

    Attributes
    ----------
    estimate : float
        In units of the outcome per unit of the regressor.
    low, high : float
        95 % interval: nan where refused, infinite where no slope is rejected on that side.
    p_value : float
        nan where refused.
    n_clusters : int
    note : str
        Why there is no interval, or what weakens it; or "".
    """

    estimate: float
    low: float
    high: float
    p_value: float
    n_clusters: int
    note: str


def clustered_slope(
    outcome: Floats,
    regressor: Floats,
    controls: Floats,
    clusters: NDArray[np.intp],
    *,
    seed: int = 1,
    draws: int = DRAWS,
    between: float = 0.0,
) -> Slope:
    """
    Estimate a slope by least squares and test it by the wild cluster bootstrap.

    Parameters
    ----------
    outcome, regressor : ndarray of shape (n_docs,)
    controls : ndarray of shape (n_docs, n_controls)
        Without a constant, which is always there.
    clusters : ndarray of shape (n_docs,)
        Numbers from 0.
    seed : int, default 1
    draws : int, default 999
    between : float, default 0
        Variance of the estimate that comes with an outcome which is itself estimated: it is
        added to the clustered variance, and the test statistic is as much smaller.

    Returns
    -------
    Slope

    References
    ----------
    Cameron, A. C., Gelbach, J. B. & Miller, D. L. (2008). https://doi.org/10.1162/rest.90.3.414
    Webb, M. D. (2023). https://doi.org/10.1111/caje.12661

    Examples
    --------
    >>> years, outlets = np.tile(np.arange(8.0), 6), np.repeat(np.arange(6), 8)
    >>> found = clustered_slope(2 * years + outlets % 2 * (years % 2), years, np.empty((48, 0)), outlets)
    >>> round(found.estimate, 2), found.p_value < 0.05, found.note
    (2.02, True, 'few clusters: 6')
    """
    fixed = np.column_stack([np.ones(len(outcome)), controls])
    left_vectors, strengths, _ = np.linalg.svd(fixed, full_matrices=False)
    basis = left_vectors[:, strengths > 1e-9 * strengths[0]]  # dummies of all regions repeat the constant
    own, left = (values - basis @ (basis.T @ values) for values in (regressor, outcome))
    size = float(own @ own)
    n_clusters = int(clusters.max()) + 1
    if size <= 1e-12 * float(regressor @ regressor + 1):
        return Slope(np.nan, np.nan, np.nan, np.nan, n_clusters, "none: the regressor does not vary")
    estimate = float(own @ left) / size
    note = weakness(own, clusters, n_clusters)
    if note.startswith("none"):
        return Slope(estimate, np.nan, np.nan, np.nan, n_clusters, note)
    test = _Test.of(own, left, basis, clusters, np.random.default_rng(seed).choice(WEBB, (draws, n_clusters)))
    wider = float(np.sqrt(1 + between / test.error**2)) if test.error else 1.0
    low, high = (estimate + wider * (test.limit(side) - estimate) for side in (-1, 1))
    # The null that lies as many of the narrower errors away as 0 does of the wider ones.
    return Slope(estimate, low, high, test.p_value(estimate * (1 - 1 / wider)), n_clusters, note)


def weakness(own: Floats, clusters: NDArray[np.intp], n_clusters: int) -> str:
    """Say why clusters cannot carry a test, or that they are few."""
    if n_clusters < FEWEST:
        return f"none: {n_clusters} clusters, {FEWEST} are needed"
    part = np.bincount(clusters, own * own)
    if part.sum() ** 2 < FEWEST_CARRYING * (part**2).sum():
        return "none: one or two clusters carry what is compared"
    return f"few clusters: {n_clusters}" if n_clusters < FEW else ""


@dataclass(frozen=True)
class _Test:
    """
    The bootstrap distribution under every null at once: all its parts are linear in the null.

    Attributes
    ----------
    estimate, error : float
        The slope, and its clustered standard error.
    top : ndarray of shape (2, n_draws)
        Constant and factor of the null in the slope of each draw.
    under : ndarray of shape (3, n_draws)
        Constant, linear and square term of the null in the variance of each draw.
    """

    estimate: float
    error: float
    top: Floats
    under: Floats

    @classmethod
    def of(cls, own: Floats, left: Floats, basis: Floats, clusters: NDArray[np.intp], weights: Floats) -> "_Test":
        """Build it from the regressor and the outcome, both cleared of the controls."""
        size, n_clusters = float(own @ own), weights.shape[1]
        estimate = float(own @ left) / size

        def by_cluster(values: Floats) -> Floats:
            sums = np.zeros((n_clusters, *values.shape[1:]))
            np.add.at(sums, clusters, values)
            return sums

        part, reach = by_cluster(own * own), by_cluster(basis * own[:, None])
        terms = []
        for values in (left, own):  # the null's residuals are `left` less the null times `own`
            score = by_cluster(own * values)
            moved = (weights @ by_cluster(basis * values[:, None])) @ reach.T
            slope = weights @ score / size
            terms.append((slope, weights * score - moved - slope[:, None] * part))
        (slope, score), (by, times) = terms
        under = np.stack([(score**2).sum(1), 2 * (score * times).sum(1), (times**2).sum(1)])
        error = float(np.sqrt((by_cluster(own * (left - estimate * own)) ** 2).sum())) / size
        return cls(estimate, error, np.stack([slope, by]), under / size**2)

    def p_value(self, null: float) -> float:
        """Return the share of draws with a larger t-statistic than the one that was seen."""
        off = np.abs(self.top[0] - null * self.top[1])
        error = np.sqrt(np.maximum(self.under[0] - null * self.under[1] + null**2 * self.under[2], 0))
        more = off * self.error >= abs(self.estimate - null) * error * (1 - 1e-12)
        return float((1 + more.sum()) / (1 + len(off)))

    def limit(self, side: int) -> float:
        """Return the end of the interval on one side: the slope at which the test begins to reject."""
        if self.error == 0:
            return self.estimate
        inside, step = self.estimate, self.error
        while self.p_value(self.estimate + side * step) > 1 - LEVEL:
            inside, step = self.estimate + side * step, 2 * step
            if step > WIDEST * self.error:
                return float(side * np.inf)

        from scipy.optimize import brentq  # half a second, and most commands need none of it

        def excess(null: float) -> float:
            return self.p_value(null) - (1 - LEVEL) - 1e-9

        return float(brentq(excess, inside, self.estimate + side * step, xtol=1e-4 * self.error))
