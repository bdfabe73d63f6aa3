"""How yearly values change: a slope over years, a difference of two periods, years with regions held fixed.

The year is the unit: one value a year, and Student's t over years (Welch's between two periods).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from policy_themes.compare.uncertainty.bootstrap import Floats

LEVEL, POWER = 0.95, 0.8
FEWEST, FEW = 6, 10  # years for an interval; for one that is not said to rest on few
FEWEST_EACH = 3  # years in each of two periods
FEWEST_WORTH = 4.0  # independent years that a series must be worth
ALIKE = 0.7  # below this share of what they would be worth, it is said
SAME = 1e-9  # relative difference below which values are one


@dataclass(frozen=True)
class Change:
    """
    How one series changes, with what it rests on.

    Attributes
    ----------
    estimate, low, high, p_value : float
        nan where there is none.
    detectable : float
        The least change that four of five such series would show as one.
    lag1 : float
        Correlation of what is left in a year with what is left in the next.
    note : str
    """

    estimate: float
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    detectable: float = np.nan
    lag1: float = np.nan
    note: str = ""


def slope(years: Floats, values: Floats) -> Change:
    """
    Fit a line through yearly values, each year one observation.

    Parameters
    ----------
    years, values : ndarray of shape (n_years,)
        At least two different years.

    Returns
    -------
    Change
        Per year; without an interval below `FEWEST` years.

    References
    ----------
    Santer, B. D. et al. (2000). https://doi.org/10.1029/1999JD901105

    Examples
    --------
    >>> found = slope(np.arange(8.0), np.array([1.0, 3, 4, 8, 9, 10, 13, 16]))
    >>> [round(value, 2) for value in (found.estimate, found.low, found.high, found.detectable)]
    [2.07, 1.77, 2.37, 0.41]
    >>> slope(np.arange(3.0), np.arange(3.0)).note
    'none: 3 years, 6 are needed'
    """
    from scipy import stats  # takes a second, and most commands need none of it

    fit = stats.linregress(years, values)
    n_years = len(years)
    if n_years < FEWEST:
        return Change(float(fit.slope), note=f"none: {n_years} years, {FEWEST} are needed")
    left = values - fit.intercept - fit.slope * years
    if np.ptp(values) <= SAME * np.abs(values).max():
        return Change(float(fit.slope), note="none: every year has the same value")
    around = _lag1(left)
    # Years that resemble their neighbours say less than as many others (Santer et al.).
    worth = n_years * (1 - max(around, 0)) / (1 + max(around, 0))
    if worth < FEWEST_WORTH:
        note = f"none: years resemble their neighbours so much ({around:.2f}) that they are worth {worth:.1f}"
        return Change(float(fit.slope), lag1=around, note=note)
    error = float(fit.stderr * np.sqrt((n_years - 2) / (worth - 2)))
    notes = [f"few years: {n_years}"] if n_years < FEW else []
    notes += [f"years resemble their neighbours: {n_years} are worth {worth:.1f}"] if worth < ALIKE * n_years else []
    return _student(float(fit.slope), error, worth - 2, around, "; ".join(notes))


def period_change(before: Floats, after: Floats) -> Change:
    """
    Compare the mean of the years of one period with that of another.

    Parameters
    ----------
    before, after : ndarray of shape (n_years,)
        Yearly values; the change is the second's mean less the first's.

    Examples
    --------
    >>> found = period_change(np.array([1.0, 2, 3, 2]), np.array([5.0, 7, 6, 6]))
    >>> [round(value, 2) for value in (found.estimate, found.low, found.high)]
    [4.0, 2.59, 5.41]
    """
    if not (len(before) and len(after)):
        return Change(np.nan, note="none: a period has no year with documents")
    estimate = float(after.mean() - before.mean())
    least = min(len(before), len(after))
    if least < FEWEST_EACH:
        return Change(estimate, note=f"none: {least} years in a period, {FEWEST_EACH} are needed")
    errors = [float(values.var(ddof=1)) / len(values) for values in (before, after)]
    size = max(float(np.abs(values).max()) for values in (before, after))
    if sum(errors) <= (SAME * size) ** 2:
        return Change(estimate, note="none: no year differs from the others of its period")
    freedom = sum(errors) ** 2 / sum(
        error**2 / (len(values) - 1) for error, values in zip(errors, (before, after), strict=True)
    )
    return _student(estimate, float(np.sqrt(sum(errors))), freedom, np.nan, "")


def _student(estimate: float, error: float, freedom: float, lag1: float, note: str) -> Change:
    """Return a change with Student's interval and what could have been detected."""
    if error <= SAME * abs(estimate):
        return Change(estimate, note="none: the years lie on one line")
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2))
    p_value = 2 * float(stdtr(freedom, -abs(estimate) / error))
    detectable = (reach + float(stdtrit(freedom, POWER))) * error
    return Change(estimate, estimate - reach * error, estimate + reach * error, p_value, detectable, lag1, note)


def _lag1(left: Floats) -> float:
    """Return the correlation of residuals with those of the next year that has a value."""
    size = float(left @ left)
    return float(left[1:] @ left[:-1]) / size if size > 0 else 0.0


def year_effects(values: Floats, regions: NDArray[np.str_], years: NDArray[np.int64]) -> pd.DataFrame:
    """
    Return the yearly values of several series with the regions held fixed.

    Parameters
    ----------
    values : ndarray of shape (n_cells, n_series)
        Of every region and year that has documents, each once.
    regions, years : ndarray of shape (n_cells,)

    Returns
    -------
    DataFrame
        A row a year, a column a series: the year's effect and the mean of all regions' effects.
        Empty where regions fall apart in groups that share no year, or there is one region only.

    Examples
    --------
    >>> cells = np.array([[1.0], [2.0], [5.0]])  # b enters in the second year, four above a
    >>> year_effects(cells, np.array(["a", "a", "b"]), np.array([2021, 2022, 2022]))[0].round(1).to_dict()
    {2021: 2.5, 2022: 3.5}
    """
    place, region = np.unique(regions, return_inverse=True)
    when, year = np.unique(years, return_inverse=True)
    design = np.column_stack([np.eye(len(place))[region], np.eye(len(when))[year]])
    fit, _, rank, _ = np.linalg.lstsq(design, values, rcond=None)
    if rank < len(place) + len(when) - 1 or len(place) < 2:
        return pd.DataFrame(index=pd.Index([], dtype="int64"), columns=range(values.shape[1]), dtype=float)
    return pd.DataFrame(fit[len(place) :] + fit[: len(place)].mean(0), index=when.astype("int64"))
