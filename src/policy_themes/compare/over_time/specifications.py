"""One trend under every defensible way of counting it: whether its direction hangs on the choice.

Whoever counts chooses: whether hits in excluded contexts are taken out, whether
predecessors count, whether copies do, whether all documents are taken or the
same regions every year, whether the rate or the share of documents speaks. Each
combination is a specification; a direction that most of them share is a
finding, one that a few of them make is a choice.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from policy_themes.compare.over_time.change import Change, slope, year_effects
from policy_themes.compare.rates import grouped
from policy_themes.compare.summing import PER
from policy_themes.compare.tally import counted_ways
from policy_themes.lexicon.records import Lexicon
from policy_themes.regions import NATIONAL
from policy_themes.schema import conform

CHOICES = {
    "exclusions": ("out", "in"),
    "wording": ("narrow", "wide"),
    "copies": ("one", "all"),
    "basis": ("documents", "regions"),
    "measure": ("rate", "share"),
}
LEVEL = 0.05


def specifications(hits: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon, *, theme: str) -> pd.DataFrame:
    """
    Fit a theme's trend under all 32 ways of counting it.

    Parameters
    ----------
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``.
    lexicon : Lexicon
    theme : str

    Returns
    -------
    DataFrame
        Table ``specifications``, by language; without rows where fewer than two
        years have documents. ``relative`` is the change a year as a part of the
        mean over the years, so that rates and shares can stand in one figure.
    """
    own = hits[hits["theme"] == theme]
    counted = counted_ways(own, grouped(documents, ["year"]), lexicon, facets=False).dropna(subset=["year"])
    records = [
        {"theme": theme, "language": language, **dict(zip(CHOICES, choice, strict=True)), **_described(values, change)}
        for language, part in counted.groupby("language")
        for choice, values, change in _fitted(part)
    ]
    table = conform(records, "specifications")
    first = table.groupby("language")["estimate"].transform("first")
    table["agrees"] = ((table["estimate"] * first) > 0).astype("boolean").where(table["estimate"].notna())
    table["agrees"] = table["agrees"].map({True: "yes", False: "no"}).astype("str")
    return conform(table, "specifications")


def specification_summary(table: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up the specifications of themes.

    Parameters
    ----------
    table : DataFrame
        Table ``specifications``, of one theme or more.

    Returns
    -------
    DataFrame
        Table ``specification_summary``: one row for each theme and language.
    """
    records = []
    for (theme, language), own in table.groupby(["theme", "language"], sort=False):
        fitted = own[own["estimate"].notna()]
        tested = fitted[fitted["p_value"].notna()]
        records.append(
            {
                "theme": theme,
                "language": language,
                "n_specifications": len(fitted),
                "share_agree": float(fitted["agrees"].eq("yes").mean()) if len(fitted) else None,
                "relative_low": fitted["relative"].min(),
                "relative_high": fitted["relative"].max(),
                "n_tested": len(tested),
                "share_significant": float((tested["p_value"] <= LEVEL).mean()) if len(tested) else None,
            }
        )
    return conform(records, "specification_summary")


def _fitted(part: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], "pd.Series[float]", Change | None]]:
    """Yield each choice with its yearly values and their slope; None where there are not two years."""
    for choice in product(*CHOICES.values()):
        exclusions, wording, copies, basis, measure = choice
        rows = part if copies == "all" else part[part["duplicate_of"].isna()]
        column = f"hits{int(exclusions == 'in')}{int(wording == 'wide')}"
        values = _held(rows, column, measure) if basis == "regions" else _pooled(rows, ["year"], column, measure)
        years, numbers = np.asarray(values.index, dtype=np.float64), np.asarray(values, dtype=np.float64)
        yield choice, values, slope(years, numbers) if len(values) > 1 else None


def _pooled(rows: pd.DataFrame, by: list[str], column: str, measure: str) -> "pd.Series[float]":
    """Return the rate or the share of documents of each group."""
    if measure == "share":
        return (rows[column] > 0).groupby([rows[name] for name in by]).mean().astype(float)
    sums = rows.groupby(by)[[column, "n_units"]].sum().astype(float)
    return PER * sums[column] / sums["n_units"]


def _held(rows: pd.DataFrame, column: str, measure: str) -> "pd.Series[float]":
    """Return the values of the years with the regions held fixed."""
    regional = rows[rows["region_code"].notna() & (rows["region_code"] != NATIONAL)]
    if regional.empty:
        return pd.Series(dtype=float)
    cells = _pooled(regional, ["region_code", "year"], column, measure)
    places = cells.index.to_frame()
    effects = year_effects(
        np.asarray(cells, dtype=np.float64)[:, None],
        places["region_code"].to_numpy(dtype=str),
        places["year"].to_numpy(dtype=np.int64),
    )
    return effects[0]


def _described(values: "pd.Series[float]", change: Change | None) -> dict[str, object]:
    """Return what a fit says."""
    if change is None:
        return {"n_years": len(values)}
    mean = float(values.mean())
    return {
        "n_years": len(values),
        "estimate": change.estimate,
        "relative": change.estimate / mean if mean > 0 else None,
        "p_value": None if np.isnan(change.p_value) else change.p_value,
    }
