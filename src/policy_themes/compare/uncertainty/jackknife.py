"""Errors of any number made of a regression's coefficients, by leaving out one cluster after the other.

Each cluster is left out by one Newton step from the coefficients of all, which is exact for least
squares and close for the logit. Quantities that are far from linear in the coefficients (a mean of
predicted shares) are computed anew each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from policy_themes.compare.uncertainty.bootstrap import Floats

Link = Literal["identity", "logit"]
STEPS, TOLERANCE = 50, 1e-10
LARGEST = 30.0  # a log-odds beyond it is one


@dataclass(frozen=True)
class Jackknife:
    """
    Coefficients of all documents, and of all but one cluster.

    Attributes
    ----------
    full : ndarray of shape (n_columns,)
    without : ndarray of shape (n_clusters, n_columns)
    """

    full: Floats
    without: Floats

    def of(self, number: Callable[[Floats], Floats], *, between: Floats | float = 0.0) -> tuple[Floats, Floats]:
        """
        Return numbers made of the coefficients, and their errors.

        Parameters
        ----------
        number : callable
            From coefficients to an array of numbers.
        between : ndarray or float
            Their variance over draws of an outcome that is itself estimated; it is added.
        """
        estimate = number(self.full)
        moved = np.stack([number(coefficients) for coefficients in self.without]) - estimate
        n_clusters = len(self.without)
        return estimate, np.sqrt((n_clusters - 1) / n_clusters * (moved**2).sum(axis=0) + between)


def leave_out(design: Floats, outcome: Floats, clusters: NDArray[np.intp], *, link: Link) -> Jackknife:
    """
    Fit a regression, and fit it without each cluster.

    Parameters
    ----------
    design : ndarray of shape (n_docs, n_columns)
        With its constant.
    outcome : ndarray of shape (n_docs,)
        Between 0 and 1 where the link is a logit.
    clusters : ndarray of shape (n_docs,)
        Numbers from 0.
    link : {"identity", "logit"}

    References
    ----------
    MacKinnon, J. G., Nielsen, M. Ø. & Webb, M. D. (2023). https://doi.org/10.1177/1536867X231212433
    Papke, L. E. & Wooldridge, J. M. (1996).
    https://doi.org/10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1

    Examples
    --------
    >>> found = leave_out(np.ones((4, 1)), np.array([1.0, 2, 3, 6]), np.arange(4), link="identity")
    >>> found.full.round(9).tolist(), found.without.ravel().round(9).tolist()
    ([3.0], [3.666666667, 3.333333333, 3.0, 2.0])
    """
    full = coefficients(design, outcome, link=link)
    mean, weight = _mean(design @ full, link)
    score, sides = design * (outcome - mean)[:, None], design * weight[:, None]
    curvature = sides.T @ design
    without = [
        full - np.linalg.pinv(curvature - sides[own].T @ design[own], hermitian=True) @ score[own].sum(axis=0)
        for own in (clusters == number for number in range(int(clusters.max()) + 1))
    ]
    return Jackknife(full, np.stack(without))


def coefficients(design: Floats, outcome: Floats, *, link: Link, start: Floats | None = None) -> Floats:
    """Return the coefficients of a least squares fit, or of a fractional logit."""
    if link == "identity":
        return np.asarray(np.linalg.lstsq(design, outcome, rcond=None)[0])
    found = np.zeros(design.shape[1]) if start is None else start
    for _ in range(STEPS):
        mean, weight = _mean(design @ found, link)
        step = np.linalg.lstsq(design.T @ (design * weight[:, None]), design.T @ (outcome - mean), rcond=None)[0]
        found = found + step
        if np.abs(step).max() < TOLERANCE:
            break
    return found


def _mean(predictor: Floats, link: Link) -> tuple[Floats, Floats]:
    """Return what is expected, and its slope."""
    if link == "identity":
        return predictor, np.ones(len(predictor))
    mean = expit(np.clip(predictor, -LARGEST, LARGEST))
    return mean, mean * (1 - mean)
