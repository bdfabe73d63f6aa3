"""Rates of themes by year, region and one other column of the documents, each with its denominator.

The estimand is E0: what *these* documents say, under this lexicon. It is exact;
there is nothing to infer and no sampling interval. What it does have is a range
over the choices made in counting: exclusions on or off, narrow or wide wording,
copies and reprints once or each time. ``low`` and ``high`` are the least and greatest
of those eight counts.

A cell without documents is *absent*, never zero; a cell whose text is too short
for a rate of hits in 10,000 is *too few*, its rate still printed.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from policy_themes.compare.tally import CELLS, SERIES, WAYS, cell_columns, tally
from policy_themes.lexicon.records import Lexicon
from policy_themes.regions import NATIONAL
from policy_themes.schema import conform

METHOD = "E0: exact for these documents; low and high range over 8 ways of counting"
METHOD_WEIGHTED = "E0, a text and its copies sharing a weight of one; low and high range over 8 ways of counting"
PER = 10_000
SHORTEST = {"han": 1_000, "word": 300}


def rates(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    lexicon: Lexicon,
    *,
    by: Sequence[str],
    facets: bool = False,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """
    Compare the themes of documents by year, region, another column, or several of them.

    Parameters
    ----------
    hits : DataFrame
        Table ``theme_hits``.
    documents : DataFrame
        Table ``documents``. Those without a year (region) stand in no year's
        (region's) row; `compare.coverage` counts them.
    lexicon : Lexicon
        Tells wide facets from narrow ones, and gives the order of themes.
    by : sequence of {"year", "region_code", any other column of ``documents``}
        At most one other; its values stand in ``group``. Empty: one row for the whole corpus.
    facets : bool, default False
        Rows for the facets as well.
    weights : mapping of doc_id to float, optional
        What each document counts; by default one, and a copy nothing. Numbers
        of documents, hits and units are never weighted.

    Returns
    -------
    DataFrame
        Table ``theme_rates``, a row for every theme × cell × language; cells
        that no document fills are there, marked absent.
    """
    sums = tally(hits, documents, lexicon, by=by, facets=facets, weights=weights)
    english = documents.dropna(subset=["region_code"]).groupby("region_code")["region_en"].first()
    return rates_of(sums, lexicon, by=by, english=english, weighted=weights is not None)


def rates_of(
    sums: pd.DataFrame,
    lexicon: Lexicon,
    *,
    by: Sequence[str],
    english: "pd.Series | Mapping[str, str]",
    weighted: bool = False,
) -> pd.DataFrame:
    """
    Compare themes from sums, whoever added them up.

    Parameters
    ----------
    sums : DataFrame
        What `tally` returns of all documents, or of parts of them, added up.
    lexicon, by
        As in `rates`.
    english : mapping of region code to name
    weighted : bool, default False
        Whether documents had weights.

    Returns
    -------
    DataFrame
        Table ``theme_rates``.
    """
    names = cell_columns(by)
    counted = sums.dropna(subset=names)
    once = counted[counted["own"] > 0]
    if once.empty:  # no document, or only copies, have the year or region that is asked for
        return conform([], "theme_rates")
    keys = [*SERIES, *names]
    cells = _grid(counted, names).merge(_cells(once, counted, keys), on=keys, how="left")
    cells = cells.merge(_headlines(once), on=SERIES, how="left")
    cells["few_regions"] = False
    if names == ["year"]:
        cells = cells.merge(_fixed_regions(once), on=keys, how="left")
        cells["few_regions"] = _few_regions(cells)
    if "region_code" in names:
        cells["region_en"] = cells["region_code"].map(english)
    place = {theme: number for number, theme in enumerate(lexicon.ids)}
    cells["_place"] = cells["theme"].map(place)
    cells = cells.sort_values(["language", "_place", "facet", *names])
    cells["facet"] = cells["facet"].replace("", None)
    cells["grouping"] = next((name for name in by if name not in CELLS), None)
    cells["method"] = METHOD_WEIGHTED if weighted else METHOD
    return conform(_marked(cells), "theme_rates")


def _grid(counted: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return every cell of every series: all years from first to last, all regions and groups that occur, by language."""
    parts = []
    for _, part in counted.groupby("language"):
        grid = part[SERIES].drop_duplicates()
        if "year" in names:
            years = range(int(part["year"].min()), int(part["year"].max()) + 1)
            grid = grid.merge(pd.DataFrame({"year": pd.array(list(years), dtype="Int64")}), how="cross")
        for name in names:
            if name != "year":
                values = pd.DataFrame({name: pd.array(sorted(set(part[name])), dtype="str")})
                grid = grid.merge(values, how="cross")
        units = part["unit"].iloc[0]
        parts.append(grid.assign(unit=units))
    return pd.concat(parts, ignore_index=True)


def _cells(once: pd.DataFrame, all_: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sum up each cell: counts once, and the range of rate and share over eight ways of counting."""
    cells = once.groupby(keys).agg(
        n_docs=("n_docs", "sum"),
        n_docs_with_theme=("some00", "sum"),
        n_hits=("hits00", "sum"),
        n_units=("n_units", "sum"),
        n_regions=("region_code", "nunique"),
    )
    per_10k, share = [], []
    for weight in (all_["own"], pd.Series(1.0, all_.index)):
        groups = [all_.loc[weight > 0, key] for key in keys]
        rows, weight = all_[weight > 0], weight[weight > 0]
        units, docs = ((rows[name] * weight).groupby(groups).sum() for name in ("n_units", "n_docs"))
        for excluded, far in WAYS:
            hits, some = ((rows[f"{name}{excluded}{far}"] * weight).groupby(groups).sum() for name in ("hits", "some"))
            per_10k.append(PER * hits / units)
            share.append(some / docs)
    for values, name, low, high in (
        (per_10k, "rate_per_10k", "low", "high"),
        (share, "share_docs", "share_low", "share_high"),
    ):
        table = pd.concat(values, axis=1).reindex(cells.index).astype(float)
        cells[name], cells[low], cells[high] = table.iloc[:, 0], table.min(axis=1), table.max(axis=1)
    return cells.reset_index()


def measure_of(n_hits: pd.Series) -> str:
    """
    Return what speaks for a theme, its ``rate`` or the ``share`` of documents, given the hits of each document.

    Examples
    --------
    >>> measure_of(pd.Series([0, 1, 1, 2])), measure_of(pd.Series([0, 3])), measure_of(pd.Series([0, 0]))
    ('share', 'rate', 'rate')
    """
    return "share" if n_hits[n_hits > 0].astype(float).median() <= 1 else "rate"


def _headlines(once: pd.DataFrame) -> pd.DataFrame:
    """
    Say which measure speaks for each series: its rate, or the share of documents.

    Where a document that has the theme has it once (枫桥 in a work report),
    the rate only measures how long the documents are.
    """
    sums = once.groupby(SERIES)[["some00", "ones"]].sum()
    # `measure_of` from what it counts: the median is one where more than half of the documents with a hit have one.
    is_share = (2 * sums["ones"] > sums["some00"]) & (sums["some00"] > 0)
    return is_share.map({True: "share", False: "rate"}).rename("headline").reset_index()


def _fixed_regions(once: pd.DataFrame) -> pd.DataFrame:
    """
    Return, by year, the equal-weight mean rate over the regions that have a document in every year.

    A set of regions that changes from year to year would make a trend of its
    own; where fewer than two regions run through all years there is no value.
    """
    own = once[once["region_code"].notna() & (once["region_code"] != NATIONAL)]
    parts = []
    for _, part in own.groupby("language"):
        n_years = int(part["year"].max() - part["year"].min()) + 1
        years = part.groupby("region_code")["year"].nunique()
        fixed = years.index[years == n_years]
        if len(fixed) >= 2:
            sums = (
                part[part["region_code"].isin(fixed)]
                .assign(n_hits=part["hits00"] * part["own"], n_units=part["n_units"] * part["own"])
                .groupby([*SERIES, "year", "region_code"])[["n_hits", "n_units"]]
                .sum()
            )
            mean = (PER * sums["n_hits"] / sums["n_units"]).groupby([*SERIES, "year"]).mean()
            parts.append(mean.rename("rate_fixed_regions").reset_index().assign(n_fixed_regions=len(fixed)))
    empty = pd.DataFrame(columns=[*SERIES, "year", "rate_fixed_regions", "n_fixed_regions"])
    return pd.concat(parts, ignore_index=True) if parts else empty.astype({"year": "Int64"})


def _few_regions(cells: pd.DataFrame) -> pd.Series:
    """
    Tell years that have fewer than half as many regions as most years.

    A year with one report of sixteen is no collapse of what the sixteen say.
    """
    seen = cells["n_regions"].where(cells["n_docs"] > 0)
    usual = seen.groupby(cells["language"]).transform("median")
    return (2 * seen < usual).fillna(False)


def _marked(cells: pd.DataFrame) -> pd.DataFrame:
    """Fill what an absent cell has (zero documents, no rate) and mark every cell."""
    counts = ["n_docs", "n_docs_with_theme", "n_hits", "n_units", "n_regions", "n_fixed_regions"]
    cells = cells.reindex(columns=[*cells.columns, *(name for name in counts if name not in cells)])
    cells[counts] = cells[counts].astype("Float64").fillna(0).astype("Int64")
    short = cells["n_units"] < cells["unit"].map(SHORTEST)
    cells["mark"] = "value"
    cells.loc[cells["n_hits"] == 0, "mark"] = "zero"
    cells.loc[short, "mark"] = "too few"
    cells.loc[cells["n_docs"] == 0, "mark"] = "absent"
    return cells
