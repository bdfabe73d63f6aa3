"""Effects on a share through a fractional logit, read as average marginal effects.

A straight line through shares can predict less than none. Here the log-odds are linear, and an
effect is what it is on average over the documents: of a region, the share predicted if all were
from it less that if all were from the reference; of a number, one unit more. Errors leave out
years (or outlets) one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from scipy.special import expit, stdtr, stdtrit

from policy_themes.compare.effects import DRAWN, finite_only
from policy_themes.compare.regression import Asked, Cluster, Regression, unit_of
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.jackknife import Jackknife, coefficients, leave_out
from policy_themes.compare.uncertainty.wild import LEVEL, weakness
from policy_themes.schema import conform
from policy_themes.text.formula import Term

UNCERTAINTY = "cluster jackknife by {}, t; fractional logit; documents of these {}s only; {}"
AS_GIVEN = "shares taken as they are"
UNITS: tuple[Cluster, ...] = get_args(Cluster)
Number = Callable[[Floats], Floats]


def marginal_effects(
    outcome: pd.Series,
    documents: pd.DataFrame,
    terms: tuple[Term, ...],
    *,
    name: str,
    cluster: Cluster = "year",
    draws: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Return the average marginal effect of every term of a formula on a share.

    Parameters
    ----------
    outcome : Series
        Shares of documents, from 0 to 1, by ``doc_id``.
    documents, terms, name, cluster, draws
        As in `policy_themes.compare.effects.effects`.

    Returns
    -------
    DataFrame
        Table ``effects``; without an interval where clusters are too few, with the reason.

    Raises
    ------
    UsageError, InsufficientDataError

    References
    ----------
    Papke, L. E. & Wooldridge, J. M. (1996).
    https://doi.org/10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1
    """
    fits = Fits.of(Regression.of(outcome, documents, terms, cluster=cluster), draws)
    asked_of = {unit: [one for one in fits.model.asked() if unit_of(one.block.term, cluster) == unit] for unit in UNITS}
    records = {}
    for unit, every in asked_of.items():
        if not every:
            continue
        numbers = [average_effect(fits.design, asked) for asked in every]
        found = fits.ask(lambda at, numbers=numbers: np.array([number(at) for number in numbers]), unit)  # type: ignore[misc]
        for row, asked in enumerate(every):
            varies, note = _told_apart(fits.model, asked, unit)
            sure = varies and not note.startswith("none")
            records[asked.said] = {
                "outcome": name, "term": asked.said, "estimate": found.estimate[row] if varies else np.nan,
                "low": found.low[row] if sure else np.nan, "high": found.high[row] if sure else np.nan,
                "p_value": found.p_value[row] if sure else np.nan, "n_docs": len(fits.model.known),
                "n_clusters": found.n_clusters, "note": note or None, "uncertainty": UNCERTAINTY.format(unit, unit, fits.taken),
            }  # fmt: skip
    return finite_only(conform([records[asked.said] for asked in fits.model.asked()], "effects"))


@dataclass(frozen=True)
class Found:
    """
    Numbers with their 95 % intervals.

    Attributes
    ----------
    estimate, low, high, p_value : ndarray of shape (n_numbers,)
    n_clusters : int
    """

    estimate: Floats
    low: Floats
    high: Floats
    p_value: Floats
    n_clusters: int


@dataclass(frozen=True)
class Fits:
    """
    A fractional logit, and the same on every draw of its outcome.

    Attributes
    ----------
    model : Regression
    design : ndarray of shape (n_docs, 1 + n_columns)
        A constant, and the columns less their means.
    drawn : list of ndarray
        Coefficients of every draw.
    taken : str
        What is in an interval besides documents, in words.
    """

    model: Regression
    design: Floats
    drawn: list[Floats]
    taken: str

    @classmethod
    def of(cls, model: Regression, draws: pd.DataFrame | None) -> "Fits":
        """Fit a fractional logit to the mean and to every draw."""
        design = np.column_stack([np.ones(len(model.known)), _centred(model.design)])
        if draws is None:
            return cls(model, design, [], AS_GIVEN)
        start = coefficients(design, model.known["outcome"].to_numpy(dtype=np.float64), link="logit")
        values = draws.loc[model.known.index].to_numpy(dtype=np.float64)
        drawn = [coefficients(design, column, link="logit", start=start) for column in values.T]
        return cls(model, design, drawn, DRAWN.format(len(drawn)))

    def ask(self, number: Number, unit: Cluster) -> Found:
        """Return numbers made of the coefficients, with intervals."""
        clusters = self.model.clusters(unit)
        outcome = self.model.known["outcome"].to_numpy(dtype=np.float64)
        left: Jackknife = leave_out(self.design, outcome, clusters, link="logit")
        between: Floats | float = 0.0
        if self.drawn:
            between = (1 + 1 / len(self.drawn)) * np.stack([number(one) for one in self.drawn]).var(axis=0, ddof=1)
        estimate, error = left.of(number, between=between)
        degrees = len(left.without) - 1
        reach = stdtrit(degrees, (1 + LEVEL) / 2) * error
        with np.errstate(divide="ignore", invalid="ignore"):
            p_value = 2 * stdtr(degrees, -np.abs(estimate) / error)
        return Found(estimate, estimate - reach, estimate + reach, p_value, degrees + 1)


def _centred(design: Floats) -> Floats:
    """Take the means off, so that a year of 2,000 and a constant are not nearly the same; effects stay."""
    return np.asarray(design - design.mean(axis=0))


def average_effect(design: Floats, asked: Asked) -> Callable[[Floats], float]:
    """Return what makes an average marginal effect of coefficients (the first is the constant's)."""
    own = slice(1 + asked.first, 1 + asked.first + asked.block.columns.shape[1])

    def number(at: Floats) -> float:
        predictor = design @ at
        if asked.block.is_slope:
            mean = expit(predictor)
            return float((mean * (1 - mean)).mean() * at[own][0])
        base = predictor - asked.block.columns @ at[own] + asked.block.codes[0] @ at[own]
        moved = base + asked.contrast.weights @ at[own]
        return float((expit(moved) - expit(base)).mean())

    return number


def _told_apart(model: Regression, asked: Asked, unit: Cluster) -> tuple[bool, str]:
    """Say whether other terms leave anything of what is asked, and why clusters may not carry it."""
    regressor, controls = model.isolated(asked)
    fixed = np.column_stack([np.ones(len(regressor)), controls])
    own = regressor - fixed @ np.linalg.lstsq(fixed, regressor, rcond=None)[0]
    clusters = model.clusters(unit)
    varies = float(own @ own) > 1e-12 * float(regressor @ regressor + 1)
    return varies, weakness(own, clusters, int(clusters.max()) + 1) if varies else ""
