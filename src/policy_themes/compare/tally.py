"""Documents become sums that can be added up: per cell how much text there is, per theme and cell how often it is said.

Every number of ``theme_rates`` is made of sums over documents, those of the eight
ways of counting included; even the headline measure needs only two numbers of
documents. So documents are tallied once, in cells as fine as any question asks,
and a question adds up the cells that it is about. Nothing is counted again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.lexicon.records import Lexicon

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
WAYS = tuple(product((0, 1), repeat=2))  # exclusions counted or not, wide wording counted or not
WHOLE = ""  # the facet of a whole theme
# Of documents that count: their number and text; the same by weight; of all documents, copies each time.
TEXT = ("n_docs", "n_units", "own_docs", "own_units", "all_docs", "all_units")
# Of documents that count: hits, documents with one, with exactly one; then hits and documents under each way of counting.
COUNTS = ("n_hits", "n_with", "n_single", *(f"{kind}{one}{two}_{weight}" for weight in ("own", "all")
                                            for kind in ("hits", "some") for one, two in WAYS))  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """
    Sums by cell.

    Attributes
    ----------
    cells : DataFrame
        ``language``, the columns that tell cells apart (unknown values are cells of their own), and `TEXT`.
    series : DataFrame
        ``theme, facet``; the facet of a whole theme is "".
    which, where : ndarray of int, shape (n,)
        Row of ``series`` and of ``cells`` of each row of ``counts``, ordered by both.
    counts : ndarray of shape (n, len(COUNTS))
        What is nowhere zero throughout.
    units : mapping of str to str
        Unit of length by language.
    english : mapping of str to str
        Names of the regions.
    """

    cells: pd.DataFrame
    series: pd.DataFrame
    which: Integers
    where: Integers
    counts: Floats
    units: Mapping[str, str]
    english: Mapping[str, str]

    def only(self, chosen: NDArray[np.bool_]) -> "Tally":
        """Return some of the cells."""
        place = np.cumsum(chosen) - 1
        kept = chosen[self.where]
        return replace(
            self, cells=self.cells[chosen].reset_index(drop=True), which=self.which[kept],
            where=place[self.where[kept]], counts=self.counts[kept],
        )  # fmt: skip

    def rolled(self, keys: Sequence[str]) -> "Tally":
        """Return the same in larger cells, told apart by the language and some of the columns."""
        number, cells = _numbered(self.cells, ["language", *keys])
        for name in TEXT:
            cells[name] = np.bincount(number, self.cells[name], len(cells))
        which, where, counts = _added(self.which, number[self.where], self.counts, len(cells))
        return replace(self, cells=cells, which=which, where=where, counts=counts)

    def of_series(self, chosen: NDArray[np.bool_]) -> "Tally":
        """Return some of the series."""
        place = np.cumsum(chosen) - 1
        kept = chosen[self.which]
        return replace(
            self, series=self.series[chosen].reset_index(drop=True), which=place[self.which[kept]],
            where=self.where[kept], counts=self.counts[kept],
        )  # fmt: skip


def tally(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    lexicon: Lexicon,
    *,
    keys: Sequence[str],
    facets: bool = False,
    weights: Mapping[str, float] | None = None,
) -> Tally:
    """
    Add documents up in cells.

    Parameters
    ----------
    hits : DataFrame
        Table ``theme_hits``: every document × theme × facet.
    documents : DataFrame
        Table ``documents``, further columns allowed.
    lexicon : Lexicon
        Tells wide facets from narrow ones.
    keys : sequence of str
        Columns of ``documents`` that tell cells apart, besides the language.
    facets : bool, default False
        Series for the facets as well.
    weights : mapping of doc_id to float, optional
        As in `policy_themes.compare.rates.rates`.

    Returns
    -------
    Tally
    """
    # The rows of a document mostly stand together: the first of each run, then of each document.
    begins = hits["doc_id"].ne(hits["doc_id"].shift()).fillna(True).to_numpy(dtype=np.bool_)
    known = hits.loc[begins, ["doc_id", "n_units", "unit"]].drop_duplicates("doc_id")
    columns = list(dict.fromkeys(["doc_id", "language", "duplicate_of", *keys]))
    own = documents[columns].merge(known, on="doc_id").reset_index(drop=True)
    weight = own["duplicate_of"].isna() if weights is None else own["doc_id"].map(weights)
    share: Floats = np.asarray(weight, dtype=np.float64)
    units = own["n_units"].to_numpy(dtype=np.float64)
    once = np.where(share > 0, 1.0, 0.0)
    number, cells = _numbered(own, list(dict.fromkeys(["language", *keys])))
    text = (once, once * units, share, share * units, np.ones_like(units), units)
    for name, values in zip(TEXT, text, strict=True):
        cells[name] = np.bincount(number, values, len(cells))
    series, row, column, each = _counted(hits, own["doc_id"], lexicon, facets=facets)
    which, where, counts = _added(column, number[row], _ways(each, once[row], share[row]), len(cells))
    named = documents.dropna(subset=["region_code"]).drop_duplicates("region_code")
    return Tally(
        cells, series, which, where, counts,
        units=dict(own.drop_duplicates("language")[["language", "unit"]].itertuples(index=False, name=None)),
        english=dict(zip(named["region_code"], named["region_en"], strict=True)),
    )  # fmt: skip


def counted_ways(hits: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon, *, facets: bool) -> pd.DataFrame:
    """Return hits with their documents' columns and, a column each, the four ways of counting them."""
    columns = ["doc_id", "language", "duplicate_of", "year", "region_code", "group"]
    joined = hits.merge(documents[columns], on="doc_id")
    joined["facet"] = joined["facet"].fillna(WHOLE)
    n_wide = _wide(joined, lexicon)
    chosen = np.full(len(joined), True) if facets else joined["facet"].eq(WHOLE).to_numpy()
    joined = joined[chosen]
    for excluded, far in WAYS:
        joined = joined.assign(
            **{f"hits{excluded}{far}": joined["n_hits"] + excluded * joined["n_excluded"] + far * n_wide[chosen]}
        )
    return joined


def _wide(hits: pd.DataFrame, lexicon: Lexicon) -> Integers:
    """Return how many hits of wide facets the document of each row of a whole theme has; 0 in rows of facets."""
    wide = [(theme.id, facet.id) for theme in lexicon.themes for facet in theme.facets if facet.wide]
    found = np.zeros(len(hits), dtype=np.int64)
    if not wide:
        return found
    names = {theme for theme, _ in wide}
    near = np.flatnonzero(hits["theme"].isin(names).to_numpy())
    own = hits.iloc[near]
    beyond = own[pd.MultiIndex.from_frame(own[["theme", "facet"]]).isin(wide)]
    sums = beyond[beyond["n_hits"] > 0].groupby(["doc_id", "theme"])["n_hits"].sum()
    keys = pd.MultiIndex.from_frame(own[["doc_id", "theme"]])
    values = sums.reindex(keys, fill_value=0).to_numpy(dtype=np.int64)
    found[near] = np.where(own["facet"].eq(WHOLE).to_numpy(), values, 0)
    return found


def _numbered(own: pd.DataFrame, keys: list[str]) -> tuple[Integers, pd.DataFrame]:
    """Return the number of the cell of each document, and the cells in their order."""
    grouped = own.groupby(keys, dropna=False, sort=True)
    number: Integers = np.asarray(grouped.ngroup(), dtype=np.int64)
    first: Integers = np.full(int(number.max()) + 1 if len(number) else 0, -1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, own[keys].iloc[first].reset_index(drop=True)


def _counted(
    hits: pd.DataFrame, doc_ids: pd.Series, lexicon: Lexicon, *, facets: bool
) -> tuple[pd.DataFrame, Integers, Integers, Floats]:
    """Return the series; and of every row that counts anything its document, its series, and what it counts."""
    series = hits[["theme", "facet"]].drop_duplicates().fillna({"facet": WHOLE})
    series = (series if facets else series[series["facet"] == WHOLE]).reset_index(drop=True)
    # Nearly all of a large table are zeros: they are left out before anything is looked up.
    some = hits[(hits["n_hits"] > 0) | (hits["n_excluded"] > 0)]
    some = some[["doc_id", "theme", "facet", "n_hits", "n_excluded"]].fillna({"facet": WHOLE})
    wide = pd.MultiIndex.from_tuples(
        [(theme.id, facet.id) for theme in lexicon.themes for facet in theme.facets if facet.wide] or [("", "")]
    )
    beyond = some[pd.MultiIndex.from_frame(some[["theme", "facet"]]).isin(wide)]
    sums = beyond.groupby(["doc_id", "theme"])["n_hits"].sum().rename("n_wide").reset_index()
    whole = some[some["facet"] == WHOLE].merge(sums[sums["n_wide"] > 0], on=["doc_id", "theme"], how="outer")
    parts = [whole.assign(facet=WHOLE), *([some[some["facet"] != WHOLE]] if facets else [])]
    rows = pd.concat(parts, ignore_index=True)
    row = pd.Index(doc_ids).get_indexer(rows["doc_id"])
    column = pd.MultiIndex.from_frame(series).get_indexer(pd.MultiIndex.from_frame(rows[["theme", "facet"]]))
    known = (row >= 0) & (column >= 0)
    each = rows.reindex(columns=["n_hits", "n_excluded", "n_wide"]).to_numpy(dtype=np.float64, na_value=0.0)
    return series, row[known], column[known], each[known]


def _ways(each: Floats, once: Floats, share: Floats) -> Floats:
    """Return `COUNTS` of rows of hits, excluded hits and hits of wide facets."""
    n_hits, n_excluded, n_wide = each.T
    ways = [n_hits + excluded * n_excluded + far * n_wide for excluded, far in WAYS]
    columns: list[Any] = [n_hits * once, (n_hits > 0) * once, (n_hits == 1) * once]
    for weight in (share, np.ones_like(share)):
        columns += [way * weight for way in ways] + [(way > 0) * weight for way in ways]
    return np.column_stack(columns)


def _added(which: Integers, where: Integers, counts: Floats, n_cells: int) -> tuple[Integers, Integers, Floats]:
    """Add up the rows of one series and cell."""
    key, inverse = np.unique(which * max(n_cells, 1) + where, return_inverse=True)
    sums = [np.bincount(inverse, column, len(key)) for column in counts.T]
    return key // max(n_cells, 1), key % max(n_cells, 1), np.column_stack(sums)
