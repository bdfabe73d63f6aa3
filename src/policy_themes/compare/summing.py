"""Sums by cell become numbers: rates and shares with their ranges, means over fixed regions, marks, the measure that speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.compare.tally import COUNTS, TEXT, WAYS, Floats, Integers, Tally
from policy_themes.regions import NATIONAL

PER = 10_000
SHORTEST = {"han": 1_000, "word": 300}
Numbers = NDArray[Any]
Headlines = Mapping[tuple[str, str, str], str]


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


def _grid(cells: pd.DataFrame, names: Sequence[str]) -> _Grid:
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


def rows_of(every: Tally, language: str, names: Sequence[str], headlines: Headlines | None = None) -> pd.DataFrame:
    """
    Return the rows of ``theme_rates`` of one language.

    Parameters
    ----------
    every : Tally
    language : {"zh", "en"}
    names : sequence of str
        Columns of its cells that are told apart.
    headlines : mapping, optional
        As in `policy_themes.compare.rates.rates_of`.
    """
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
    if list(names) == ["year"]:
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
