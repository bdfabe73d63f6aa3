"""A theme's smoothed rates by region and year, with intervals: what wording could have varied (E1).

One document a cell says little of its own: a hit more or less may be how the text happened to be worded. What its region and the years around it say leads one to expect a rate, the
*smooth* one; the cell's own hits then move it as far as they weigh (*expected*). Both
intervals are about wording, had the same agendas been drafted anew; they say nothing of political change,
which is a matter of years (`policy_themes.compare.over_time.trends`).

Shrinkage has a price. Over all cells the intervals hold what they should; of the cells farthest from
what their region and years lead one to expect, which are those that readers point at, they hold less
(`tests/test_surface.py` prints how much). For a single cell
`policy_themes.compare.uncertainty.pooled` keeps its own hits. Without documents there is only the smooth rate, and
outside a region's first and last year there is nothing.
"""

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits, headline
from policy_themes.compare.over_time.field import Counts, estimate, find_mode, fit, kernels
from policy_themes.compare.summing import PER
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.pooled import wording_dispersion
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.regions import NATIONAL
from policy_themes.schema import conform
from policy_themes.text.units import Language

FEWEST_REGIONS, FEWEST_YEARS = 3, 4
FEWEST_CLUSTERS = 30  # hits over dispersion
MOST_YEARS = 100  # a matrix of years for every region
BOUND = 1.959964  # standard deviations of a 95 % interval
METHOD = (
    "E1: wording variation, not political change; Gaussian field on log rates (shared years, regions, their paths, own "
    "deviations), Laplace; 95 %; dispersion {:.1f} within texts; holds less for cells far from what is expected"
)
HINT = "`policy-themes rates --by year,region --interval pooled` has each cell by itself."


def corpus_surface(
    by_cell: pd.DataFrame, hits: ThemeHits, corpus: Corpus, *, theme: str, language: Language
) -> pd.DataFrame:
    """
    Return table ``surface`` of one theme of a corpus, with the dispersion of its wording.

    Parameters
    ----------
    by_cell : DataFrame
        Table ``theme_rates`` by year and region.
    hits : ThemeHits
    corpus : Corpus
    theme : str
    language : {"zh", "en"}

    Raises
    ------
    InsufficientDataError
        As `surface` does, and where no document has two passages: nothing tells how wording varies.
    """
    own = by_cell[(by_cell["theme"] == theme) & (by_cell["language"] == language)]
    passages = corpus.counted_passages()
    passages = passages[passages["doc_id"].map(corpus.languages) == language]
    if not passages["doc_id"].duplicated().any():
        raise InsufficientDataError(f"No document in `{language}` has two passages.", hint=HINT)
    places = headline(hits.places)
    places = places[(places["theme"] == theme) & places["doc_id"].isin(set(passages["doc_id"]))]
    return surface(own, float(wording_dispersion(places, passages).get(theme, 1.0)))


def surface(rates: pd.DataFrame, dispersion: float) -> pd.DataFrame:
    """
    Return a theme's smoothed rates by region and year.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year and region, of one theme and one language; in any order.
    dispersion : float
        By how much its hits cluster within documents (`wording_dispersion`), at least 1.

    Returns
    -------
    DataFrame
        Table ``surface``: a row for each region and year from its first year with documents to its last.

    Raises
    ------
    UsageError
        If the rates are of several themes or languages, or of too many years.
    InsufficientDataError
        If there are fewer than three regions, four years, or too few hits.

    Examples
    --------
    >>> cells = [{"theme": "law", "language": "zh", "year": 2015 + n % 5, "region_code": f"{11 + n // 5}0000",
    ...           "n_docs": 1, "n_hits": 4 + n % 3, "n_units": 10_000, "unit": "han"} for n in range(20)]
    >>> table = surface(pd.DataFrame(cells).assign(facet=None, region_en=None), 1.0)
    >>> table.loc[0, ["region_code", "mark"]].tolist(), bool(table["smooth"].between(4, 6).all())
    (['110000', 'observed'], True)
    """
    cells = rates[rates["facet"].isna() & (rates["region_code"] != NATIONAL) & (rates["n_units"] > 0)]
    cells = cells[cells["n_docs"] > 0].dropna(subset=["year", "region_code"]).sort_values(["region_code", "year"])
    _check(cells, dispersion)
    hits, units = (_grid(cells, name).fillna(0.0).to_numpy() for name in ("n_hits", "n_units"))
    counts = Counts(hits, units, dispersion)
    sizes = fit(counts)
    mode = find_mode(counts, sizes)
    shared, smooth, whole = kernels(sizes, counts.hits.shape[1])
    pooled = np.log(PER * counts.hits.sum() / counts.units.sum())
    # On average over own deviations: their middle on the log scale lies below the rate that they have on average.
    columns = _bounds("smooth", estimate(mode, smooth, shared), pooled + np.exp(sizes[3]) / 2)
    columns |= _bounds("expected", estimate(mode, whole, shared), pooled)
    return _table(cells, columns, METHOD.format(dispersion))


def _check(cells: pd.DataFrame, dispersion: float) -> None:
    """Refuse what the model cannot carry."""
    if len(cells[["theme", "language"]].drop_duplicates()) > 1:
        raise UsageError("`rates` has several themes or languages.", hint="A surface is of one theme in one language.")
    n_regions, n_years = cells["region_code"].nunique(), cells["year"].nunique()
    if n_regions < FEWEST_REGIONS or n_years < FEWEST_YEARS:
        raise InsufficientDataError(
            f"The documents are of {n_regions} region(s) and {n_years} year(s); a surface needs {FEWEST_REGIONS} "
            f"regions and {FEWEST_YEARS} years.",
            hint=HINT,
        )
    if cells["year"].max() - cells["year"].min() >= MOST_YEARS:
        raise UsageError(f"The documents span more than {MOST_YEARS} years.", hint="Look for a mistaken date.")
    n_hits, least = int(cells["n_hits"].sum()), int(np.ceil(FEWEST_CLUSTERS * dispersion))
    if n_hits < least:
        raise InsufficientDataError(
            f"{n_hits} hits with dispersion {dispersion:.1f} are too few for a surface; {least} are needed.", hint=HINT
        )


def _grid(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column by regions and all years from first to last."""
    wide = cells.pivot_table(index="region_code", columns="year", values=column, aggfunc="sum").astype(float)
    return wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))


def _bounds(name: str, found: tuple[Floats, Floats], base: float) -> dict[str, Floats]:
    """Return a rate per 10,000 and its interval as columns, each by region and year."""
    middle, spread = found
    ends = (("", 0.0), ("_low", -BOUND), ("_high", BOUND))
    return {f"{name}{end}": np.exp(base + middle + step * spread) for end, step in ends}


def _table(cells: pd.DataFrame, columns: dict[str, Floats], method: str) -> pd.DataFrame:
    """Return the rows from each region's first year to its last; what is about documents stays unknown in gaps."""
    units = _grid(cells, "n_units")
    seen = units.notna().to_numpy()
    inside = np.logical_or.accumulate(seen, 1) & np.logical_or.accumulate(seen[:, ::-1], 1)[:, ::-1]
    region, year = np.nonzero(inside)
    found = pd.DataFrame({name: values[inside] for name, values in columns.items()})
    found = found.assign(region_code=units.index.to_numpy()[region], year=units.columns.to_numpy()[year], method=method)
    found = found.assign(**{name: cells[name].iloc[0] for name in ("theme", "language", "unit")})
    counted = cells[["region_code", "year", "n_docs", "n_hits", "n_units"]].astype({"year": int})
    found = found.merge(counted, on=["region_code", "year"], how="left")
    found["mark"] = np.where(found["n_docs"].isna(), "gap", "observed")
    found["rate_per_10k"] = PER * found["n_hits"].astype(float) / found["n_units"].astype(float)
    expected = [name for name in columns if name.startswith("expected")]
    found.loc[found["mark"] == "gap", expected] = np.nan
    found["region_en"] = found["region_code"].map(cells.groupby("region_code")["region_en"].first())
    counts = ["n_docs", "n_hits", "n_units"]
    return conform(found.fillna(dict.fromkeys(counts, 0)), "surface")
