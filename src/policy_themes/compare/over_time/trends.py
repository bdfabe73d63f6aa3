"""Trends of themes over the years, and changes between two periods (E2).

The unit is the year. What happens in a year, a congress or a campaign, reaches all
regions at once, so that thirty reports of one year are one observation of it, not
thirty; errors clustered by region call most nothings a trend. A year's value is
the headline of its theme (rate or share), once over all its documents, once with
fixed regions: the year's part of an additive fit of regions and years in which every region
and year counts once, however many documents it has. Where all regions have all
years that is their plain mean. If regions that say much enter late, the first
rises and the second does not; then a note says so.

News come from outlets, and a second test takes those as the unit
(`policy_themes.compare.uncertainty.wild`): it speaks of more outlets, but of these years only.
"""

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.over_time.change import Change, period_change, slope, year_effects
from policy_themes.compare.summing import PER
from policy_themes.compare.uncertainty.wild import clustered_slope
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.regions import NATIONAL
from policy_themes.schema import conform

PER_YEAR = "per year"
SIMPSON = "all documents and fixed regions point in opposite directions (Simpson)"
CHAINED = "no region has all years: each is compared with its neighbours only, the interval is too narrow"
METHODS = {
    "slope": "E2: least squares over years, one value a year; Student's t",
    "periods": "E2: mean of years against mean of years; Welch's t",
    "outlets": "least squares over documents, regions held; wild cluster bootstrap by outlet, these years only",
}


def corpus_trends(
    by_year: pd.DataFrame,
    by_cell: pd.DataFrame,
    hits: ThemeHits,
    corpus: Corpus,
    settings: Settings,
    *,
    periods: tuple[range, range] | None = None,
) -> pd.DataFrame:
    """
    Return table ``trends`` of a corpus: by years, and for a sample of news by outlets as well.

    Parameters
    ----------
    by_year, by_cell : DataFrame
        Tables ``theme_rates`` by year, and by year and region.
    hits : ThemeHits
    corpus : Corpus
    settings : Settings
        How the documents were collected, and the seed.
    periods : pair of range, optional

    Raises
    ------
    InsufficientDataError
        If the documents are of one year, or none has a year.
    """
    seen = sorted({int(year) for year in by_year.loc[by_year["n_docs"] > 0, "year"]})
    if len(seen) < 2:
        said = f"All documents with a year are of {seen[0]}." if seen else "No document has a year."
        raise InsufficientDataError(said, hint="`policy-themes rates` prints what they say.")
    table = trends(by_year, by_cell, periods=periods, infer=settings.collected != "convenience")
    if settings.collected != "search" or periods is not None:
        return table
    news = outlet_trends(hits.table, corpus.documents, by_year, seed=settings.seed)
    return conform(pd.concat([table, news]) if len(news) else table, "trends")


def trends(
    by_year: pd.DataFrame, by_cell: pd.DataFrame, *, periods: tuple[range, range] | None = None, infer: bool = True
) -> pd.DataFrame:
    """
    Return how every theme changes over the years.

    Parameters
    ----------
    by_year, by_cell : DataFrame
        Tables ``theme_rates`` by year, and by year and region.
    periods : pair of range, optional
        Years of two periods: their difference instead of the slope.
    infer : bool, default True
        False: estimates without interval and p-value (a convenience sample).

    Returns
    -------
    DataFrame
        Table ``trends``: two rows a theme and language, over all documents and with regions held.
    """
    rows: list[dict[str, object]] = []
    for (language, theme), own in by_year[by_year["facet"].isna()].groupby(["language", "theme"], sort=False):
        measure = str(own["headline"].iloc[0])
        column = "share_docs" if measure == "share" else "rate_per_10k"
        cells = by_cell[
            (by_cell["language"] == language) & (by_cell["theme"] == theme) & by_cell["facet"].isna()
            & (by_cell["n_docs"] > 0) & (by_cell["region_code"] != NATIONAL)
        ]  # fmt: skip
        seen = own[(own["n_docs"] > 0) & ~own["few_regions"]]
        thin = [str(year) for year in own.loc[own["few_regions"], "year"]]
        plain = pd.Series(seen[column].to_numpy(dtype=float), index=seen["year"].to_numpy(dtype=int))
        cell_values = cells[[column]].to_numpy(dtype=float)
        held = year_effects(cell_values, cells["region_code"].to_numpy(dtype=str), cells["year"].to_numpy(dtype=int))
        both = [_change(values, periods) for values in (plain, held[0])]
        warned = SIMPSON if both[0].estimate * both[1].estimate < 0 else ""
        base = {
            "theme": theme, "language": language, "measure": measure, "unit": "year", "change": _named(periods),
            "n_docs": int(seen["n_docs"].sum()), "n_regions": cells["region_code"].nunique(),
            "method": METHODS["periods" if periods else "slope"],
        }  # fmt: skip
        left_out = f"{', '.join(thin)} left out: few regions" if thin else ""
        chained = not held.empty and cells.groupby("region_code")["year"].nunique().max() < len(held)
        said = ("; ".join(filter(None, (warned, part))) for part in (left_out, CHAINED if chained else ""))
        for basis, values, change, note in zip(("documents", "regions"), (plain, held[0]), both, said, strict=True):
            rows.append({**base, **_span(values), "basis": basis, **_written(change, note, infer=infer)})
    return with_q(conform(rows, "trends"))


def _change(values: "pd.Series[float]", periods: tuple[range, range] | None) -> Change:
    """Return the slope of yearly values, or their change between periods."""
    if len(values) < 2:
        return Change(np.nan, note="none: no two regions that share a year" if values.empty else "none: one year")
    if periods is None:
        return slope(np.asarray(values.index, dtype=np.float64), np.asarray(values, dtype=np.float64))
    before, after = (np.asarray(values[values.index.isin(period)], dtype=np.float64) for period in periods)
    return period_change(before, after)


def _named(periods: tuple[range, range] | None) -> str:
    """Return what changes, for people."""
    if periods is None:
        return PER_YEAR
    before, after = (f"{period[0]}–{period[-1]}" for period in periods)
    return f"{after} less {before}"


def _span(values: "pd.Series[float]") -> dict[str, object]:
    """Return the years behind a change."""
    years = [int(year) for year in values.index]
    return {"n_years": len(years), "first_year": min(years, default=None), "last_year": max(years, default=None)}


def _written(change: Change, warned: str, *, infer: bool) -> dict[str, object]:
    """Return a change as columns."""
    known = {name: value for name, value in vars(change).items() if name != "note" and np.isfinite(value)}
    if not infer:
        known = {name: known[name] for name in ("estimate", "lag1") if name in known}
    said = change.note if infer else "none: documents that were at hand stand for no others (collected: convenience)"
    return {**known, "note": "; ".join(filter(None, (said, warned))) or None}


def outlet_trends(hits: pd.DataFrame, documents: pd.DataFrame, by_year: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """
    Return the slope of every theme over the years with outlets as the unit.

    Parameters
    ----------
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``; a document without an outlet is one of its own.
    by_year : DataFrame
        Table ``theme_rates`` by year, for the headline of each theme.
    seed : int, default 1

    Returns
    -------
    DataFrame
        Table ``trends``: a row a theme and language whose documents name an outlet.
    """
    headlines = by_year.groupby(["language", "theme"], sort=False)["headline"].first()
    once = documents[documents["duplicate_of"].isna() & documents["year"].notna()]
    joined = hits[hits["facet"].isna()].merge(
        once[["doc_id", "language", "year", "region_code", "outlet"]], on="doc_id"
    )
    rows: list[dict[str, object]] = []
    for language, theme, measure in headlines.reset_index().itertuples(index=False):
        own = joined[(joined["language"] == language) & (joined["theme"] == theme) & (joined["n_units"] > 0)]
        if own["outlet"].isna().all():
            continue
        clusters = pd.factorize(own["outlet"].fillna("\0" + own["doc_id"]))[0]
        counts, units = own["n_hits"].to_numpy(dtype=float), own["n_units"].to_numpy(dtype=float)
        outcome = (counts > 0).astype(float) if measure == "share" else PER * counts / units
        regions = pd.get_dummies(own["region_code"].fillna("unknown")).to_numpy(dtype=float)
        years = own["year"].to_numpy(dtype=float)
        found = clustered_slope(outcome, years, regions, clusters, seed=seed)
        change = Change(found.estimate, found.low, found.high, found.p_value, note=found.note)
        span = _span(pd.Series(0.0, index=np.unique(years.astype(int))))
        rows.append(
            {"theme": theme, "language": language, "measure": measure, "basis": "regions", "unit": "outlet",
             "change": PER_YEAR, "n_docs": len(own), "n_regions": own["region_code"].nunique(),
             "n_clusters": found.n_clusters, "method": METHODS["outlets"], **span, **_written(change, "", infer=True)}
        )  # fmt: skip
    return with_q(conform(rows, "trends"))


def with_q(table: pd.DataFrame) -> pd.DataFrame:
    """Fill ``q_value`` (Benjamini and Hochberg) and ``family``, the number of tests that it corrects for."""
    from scipy import stats  # takes a second, and most commands need none of it

    table = table.copy()
    for _, own in table[table["p_value"].notna()].groupby(["language", "basis", "unit", "change"]):
        values = own["p_value"].to_numpy(dtype=float)
        table.loc[own.index, "q_value"] = stats.false_discovery_control(values, method="bh")
        table.loc[own.index, "family"] = len(own)
    return table
