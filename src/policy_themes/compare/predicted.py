"""Shares that a fractional logit predicts for every year and region that a formula names."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from policy_themes.compare.marginal import UNCERTAINTY, Fits
from policy_themes.compare.regression import Regression
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.jackknife import LARGEST
from policy_themes.compare.uncertainty.wild import weakness
from policy_themes.errors import UsageError
from policy_themes.schema import conform
from policy_themes.text.formula import Term

GRID = ("year", "region")


@dataclass(frozen=True)
class Setting:
    """
    One value of one term, put in place of the documents' own.

    Attributes
    ----------
    value : str
    columns : slice
        Of the design.
    codes : ndarray of shape (n_columns,)
    """

    value: str
    columns: slice
    codes: Floats


def predicted_shares(
    outcome: pd.Series,
    documents: pd.DataFrame,
    terms: tuple[Term, ...],
    *,
    name: str,
    draws: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Predict a share for every year and region that the formula names, other columns as the documents have them.

    Parameters
    ----------
    outcome, documents, terms, name, draws
        As in `marginal_effects`; errors leave out years.

    Returns
    -------
    DataFrame
        Table ``predicted``: what is expected of a year and region, without the year's own
        shock; intervals lie between 0 and 1.

    Raises
    ------
    UsageError
        If the formula names neither; as in `marginal_effects`.
    InsufficientDataError
    """
    if not any(term.name in GRID for term in terms):
        raise UsageError("The formula names neither year nor region.", hint="Such as `~ region + s(year)`.")
    fits = Fits.of(Regression.of(outcome, documents, terms, cluster="year"), draws)
    cells = list(product(*(settings_of(fits.model, name) for name in GRID)))
    found = fits.ask(lambda at: logit(mean_shares(fits.design, cells, at)), "year")
    known = fits.model.known
    few = weakness(np.ones(len(known)), fits.model.clusters("year"), found.n_clusters)
    records = []
    for number, (year, region) in enumerate(cells):
        here = np.ones(len(known), dtype=np.bool_)
        for setting, column in ((year, "year"), (region, "region_code")):
            if setting is not None:
                here &= known[column].astype("str").eq(setting.value).to_numpy()
        estimate, low, high = (float(expit(part[number])) for part in (found.estimate, found.low, found.high))
        refused = few.startswith("none")
        records.append(
            {"outcome": name, "year": int(year.value) if year else None, "region_code": region.value if region else None,
             "estimate": estimate, "low": np.nan if refused else low, "high": np.nan if refused else high,
             "n_docs": int(here.sum()), "n_clusters": found.n_clusters, "note": few or None,
             "uncertainty": UNCERTAINTY.format("year", "year", fits.taken)}
        )  # fmt: skip
    return conform(records, "predicted")


def settings_of(model: Regression, name: str) -> list[Setting | None]:
    """Return every value of a term; nothing to put where the formula lacks it."""
    first = 1  # after the constant
    for block in model.blocks:
        columns = slice(first, first + block.columns.shape[1])
        if block.term.name == name:
            codes = block.codes - block.columns.mean(axis=0)  # as the design is centred
            return [Setting(value, columns, own) for value, own in zip(block.values, codes, strict=True)]
        first = columns.stop
    return [None]


def mean_shares(design: Floats, cells: list[tuple[Setting | None, ...]], at: Floats) -> Floats:
    """Return the mean share of every cell, given coefficients: never quite none nor all, whose log-odds have no end."""
    predictor = design @ at
    means = []
    for cell in cells:
        moved = predictor
        for setting in filter(None, cell):
            moved = moved + (setting.codes - design[:, setting.columns]) @ at[setting.columns]
        means.append(expit(moved).mean())
    bounds = expit(np.array([-LARGEST, LARGEST]))
    return np.asarray(np.clip(means, *bounds), dtype=np.float64)
