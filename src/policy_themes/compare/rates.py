"""Rates of themes by year, region and one other column of the documents, each with its denominator.

The estimand is E0: what *these* documents say, under this lexicon. It is exact;
there is nothing to infer and no sampling interval. What it does have is a range
over the choices made in counting: exclusions on or off, narrow or wide wording,
copies and reprints once or each time. ``low`` and ``high`` are the least and greatest
of those eight counts.

A cell without documents is *absent*, never zero; a cell whose text is too short
for a rate of hits in 10,000 is *too few*, its rate still printed.

Documents are added up first (`policy_themes.compare.tally`); what stands here turns
sums into rates, so that the explorer, which adds up what was chosen, shows the
same numbers as every other table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.compare.tally import COUNTS, TEXT, WAYS, WHOLE, Floats, Integers, Tally, tally
from policy_themes.lexicon.records import Lexicon
from policy_themes.regions import NATIONAL
from policy_themes.schema import conform

METHOD = "E0: exact for these documents; low and high range over 8 ways of counting"
METHOD_WEIGHTED = "E0, a text and its copies sharing a weight of one; low and high range over 8 ways of counting"
PER = 10_000
SHORTEST = {"han": 1_000, "word": 300}
CELLS = ("year", "region_code")
SERIES = ["language", "theme", "facet"]
Numbers = NDArray[Any]
Headlines = Mapping[tuple[str, str, str], str]


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
    keys = [*dict.fromkeys([*cell_columns(by), "region_code"])]
    sums = tally(hits, grouped(documents, by), lexicon, keys=keys, facets=facets, weights=weights)
    return rates_of(sums, lexicon, by=by, method=method_of(weights))


def method_of(weights: Mapping[str, float] | None) -> str:
    """Return what ``theme_rates`` says of its method."""
    return METHOD if weights is None else METHOD_WEIGHTED


def rates_of(
    sums: Tally, lexicon: Lexicon, *, by: Sequence[str], method: str = METHOD, headlines: Headlines | None = None
) -> pd.DataFrame:
    """
    Turn sums by cell into rates.

    Parameters
    ----------
    sums : Tally
        Its cells tell apart at least ``by`` and ``region_code``.
    lexicon : Lexicon
        Gives the order of themes.
    by : sequence of str
        As in `rates`.
    method : str
    headlines : mapping of (language, theme, facet) to {"rate", "share"}, optional
        Which measure speaks for each series; by default these sums say.

    Returns
    -------
    DataFrame
        Table ``theme_rates``.
    """
    names = cell_columns(by)
    sums = sums.only(sums.cells[names].notna().all(axis=1).to_numpy())
    languages = sorted(set(sums.cells["language"]))
    if not sums.cells["n_docs"].sum():  # nothing, or only copies have the year or region that is asked for
        return conform([], "theme_rates")
    parts = [_of_language(sums, language, names, headlines) for language in languages]
    cells = pd.concat(parts, ignore_index=True)
    place = {theme: number for number, theme in enumerate(lexicon.ids)}
    cells["_place"] = cells["theme"].map(place)
    cells = cells.sort_values(["language", "_place", "facet", *names])
    cells["facet"] = cells["facet"].replace(WHOLE, None)
    if "region_code" in names:
        cells["region_en"] = cells["region_code"].map(sums.english)
    cells["grouping"] = next((name for name in by if name not in CELLS), None)
    cells["method"] = method
    return conform(cells, "theme_rates")


def cell_columns(by: Sequence[str]) -> list[str]:
    """
    Return the columns that tell cells apart, in their order.

    Examples
    --------
    >>> cell_columns(["institution", "year"])
    ['year', 'group']
    """
    return [name for name in CELLS if name in by] + ["group"] * any(name not in CELLS for name in by)


def grouped(documents: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return documents with the column that is neither year nor region, if there is one, as text under ``group``."""
    others = [name for name in by if name not in CELLS]
    return documents.assign(group=documents[others[0]].astype("str") if others else None)


def measure_of(n_hits: pd.Series) -> str:
    """
    Return what speaks for a theme, its ``rate`` or the ``share`` of documents, given the hits of each document.

    Examples
    --------
    >>> measure_of(pd.Series([0, 1, 1, 2])), measure_of(pd.Series([0, 3])), measure_of(pd.Series([0, 0]))
    ('share', 'rate', 'rate')
    """
    some = n_hits[n_hits > 0]
    return _measure(len(some), int((some == 1).sum()))


def _measure(n_with: float, n_single: float) -> str:
    """
    Say which measure speaks for a series: its rate, or the share of documents.

    Where a document that has the theme has it once (枫桥 in a work report), the
    rate only measures how long the documents are. That is so where the median of
    those that have it is one: where more than half of them have it exactly once.
    """
    return "share" if 2 * n_single > n_with else "rate"


@dataclass(frozen=True)
class _Grid:
    """Every cell of a language that is a row of the table: their columns, and the cell that each tallied one falls in."""

    columns: Mapping[str, Any]
    size: int
    place: Integers


def _grid(cells: pd.DataFrame, names: list[str]) -> _Grid:
    """Return all years from first to last with all regions and groups that occur."""
    values: list[pd.Series] = []
    codes: list[Integers] = []
    for name in names:
        if name == "year":
            year = cells["year"].to_numpy(dtype=np.int64)
            values.append(pd.Series(range(int(year.min()), int(year.max()) + 1), dtype="Int64"))
            codes.append(year - year.min())
        else:
            known = sorted(set(cells[name]))
            values.append(pd.Series(known, dtype="str"))
            codes.append(pd.Index(known).get_indexer(cells[name]).astype(np.int64))
    sizes = [len(one) for one in values]
    size = int(np.prod(sizes)) if sizes else 1
    place = np.ravel_multi_index(codes, sizes) if sizes else np.zeros(len(cells), dtype=np.int64)
    spots = np.unravel_index(np.arange(size), sizes) if sizes else ()
    columns = {name: own.take(spot).array for name, own, spot in zip(names, values, spots, strict=True)}
    return _Grid(columns, size, np.asarray(place, dtype=np.int64))


def _of_language(every: Tally, language: str, names: list[str], headlines: Headlines | None) -> pd.DataFrame:
    """Return the rows of one language."""
    sums = every.only((every.cells["language"] == language).to_numpy())
    grid, n = _grid(sums.cells, names), len(sums.series)
    text = {name: np.bincount(grid.place, sums.cells[name], grid.size) for name in TEXT}
    spot = sums.which * grid.size + grid.place[sums.where]
    counts = {
        name: np.bincount(spot, column, n * grid.size).reshape(n, grid.size)
        for name, column in zip(COUNTS, sums.counts.T, strict=True)
    }
    table = {name: np.tile(text[name], n) for name in ("n_docs", "n_units")}
    table |= {"n_hits": counts["n_hits"].ravel(), "n_docs_with_theme": counts["n_with"].ravel()}
    seen = text["n_docs"] > 0
    for kind, of, columns in (
        ("hits", "units", ("rate_per_10k", "low", "high")),
        ("some", "docs", ("share_docs", "share_low", "share_high")),
    ):
        per = PER if kind == "hits" else 1
        ways = [_quotient(per * counts[f"{kind}{one}{two}_{weight}"], text[f"{weight}_{of}"])
                for weight in ("own", "all") for one, two in WAYS]  # fmt: skip
        for name, values in zip(columns, (ways[0], np.fmin.reduce(ways), np.fmax.reduce(ways)), strict=True):
            table[name] = np.where(seen, values, np.nan).ravel()
    regions = _n_regions(sums.cells, grid)
    rows = pd.DataFrame(table).assign(
        language=language, unit=sums.units[language], n_regions=np.tile(regions, n), few_regions=False,
        theme=np.repeat(sums.series["theme"].to_numpy(dtype=object), grid.size),
        facet=np.repeat(sums.series["facet"].to_numpy(dtype=object), grid.size),
        n_fixed_regions=0, **{name: np.tile(values, n) for name, values in grid.columns.items()},
    )  # fmt: skip
    said = [
        headlines[language, theme, facet] if headlines is not None else _measure(with_.sum(), single.sum())
        for theme, facet, with_, single in zip(
            sums.series["theme"], sums.series["facet"], counts["n_with"], counts["n_single"], strict=True
        )
    ]
    rows["headline"] = np.repeat(said, grid.size)
    if names == ["year"]:
        rows["few_regions"] = np.tile(_few_regions(regions, seen), n)
        fixed = _fixed_regions(sums, grid)
        if fixed is not None:
            rows["rate_fixed_regions"], rows["n_fixed_regions"] = fixed.means.ravel(), fixed.n_regions
    return _marked(rows)


def _quotient(above: Numbers, below: Numbers) -> Floats:
    """Divide; what has no denominator has no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above / below)


def _n_regions(cells: pd.DataFrame, grid: _Grid) -> Integers:
    """Return of how many regions the documents of each cell are."""
    own = (cells["region_code"].notna() & (cells["n_docs"] > 0)).to_numpy()
    pairs = pd.DataFrame({"place": grid.place[own], "region": cells.loc[own, "region_code"].to_numpy()})
    return np.bincount(pairs.drop_duplicates()["place"], minlength=grid.size).astype(np.int64)


@dataclass(frozen=True)
class _Fixed:
    """Means over the regions that run through all years, shape (n_series, n_years), and how many those are."""

    means: Floats
    n_regions: int


def _fixed_regions(sums: Tally, grid: _Grid) -> _Fixed | None:
    """
    Return, by year, the equal-weight mean rate over the regions that have a document in every year.

    A set of regions that changes from year to year would make a trend of its
    own; where fewer than two regions run through all years there is no value.
    """
    cells = sums.cells
    own = (cells["region_code"].notna() & (cells["region_code"] != NATIONAL) & (cells["n_docs"] > 0)).to_numpy()
    if not own.any():
        return None
    years = pd.Series(grid.place[own]).groupby(cells.loc[own, "region_code"].to_numpy()).nunique()
    span = int(grid.place[own].max() - grid.place[own].min()) + 1
    fixed = list(years.index[years == span])
    if len(fixed) < 2:
        return None
    region = pd.Index(fixed).get_indexer(cells["region_code"])
    chosen = own & (region >= 0)
    shape = (len(sums.series), grid.size, len(fixed))
    at = grid.place * len(fixed) + region
    units = np.bincount(at[chosen], cells.loc[chosen, "own_units"], grid.size * len(fixed))
    kept = chosen[sums.where]
    spot = sums.which[kept] * grid.size * len(fixed) + at[sums.where[kept]]
    hits = np.bincount(spot, sums.counts[kept, COUNTS.index("hits00_own")], int(np.prod(shape)))
    each = _quotient(PER * hits.reshape(shape), units.reshape(shape[1:]))
    there = np.isfinite(each)
    return _Fixed(_quotient(np.where(there, each, 0.0).sum(axis=2), there.sum(axis=2)), len(fixed))


def _few_regions(n_regions: Integers, seen: np.ndarray) -> np.ndarray:
    """
    Tell years that have fewer than half as many regions as most years.

    A year with one report of sixteen is no collapse of what the sixteen say.
    """
    return np.asarray(seen & (2 * n_regions < np.median(n_regions[seen])))


def _marked(cells: pd.DataFrame) -> pd.DataFrame:
    """Mark every cell."""
    counts = ["n_docs", "n_docs_with_theme", "n_hits", "n_units"]
    cells[counts] = cells[counts].round().astype("int64")
    short = cells["n_units"] < cells["unit"].map(SHORTEST)
    cells["mark"] = "value"
    cells.loc[cells["n_hits"] == 0, "mark"] = "zero"
    cells.loc[short, "mark"] = "too few"
    cells.loc[cells["n_docs"] == 0, "mark"] = "absent"
    return cells
