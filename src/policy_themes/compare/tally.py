"""Hits of documents added up: all that rates are made of, so that sums of parts of a corpus are those of the whole.

Documents that are alike in year, region, group, language and weight make one
row for each theme and facet; however many documents there are, there are no
more rows than cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pandas as pd

from policy_themes.lexicon.records import Lexicon

CELLS = ("year", "region_code")
AT_ONCE = 1_000_000
SERIES = ["language", "theme", "facet"]
WAYS = tuple(product((0, 1), repeat=2))  # exclusions counted or not, wide wording counted or not
SUMS = ("n_docs", "n_units", "ones", *(f"{name}{excluded}{far}" for name in ("hits", "some") for excluded, far in WAYS))


def tally_keys(by: Sequence[str]) -> list[str]:
    """Return the columns of a tally that are no sums."""
    return [*SERIES, "unit", *CELLS, *(["group"] if "group" in cell_columns(by) else []), "own"]


def tally(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    lexicon: Lexicon,
    *,
    by: Sequence[str],
    facets: bool = False,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """
    Add up the hits of documents that are alike in all that a comparison asks: sums of parts are those of the whole.

    Parameters
    ----------
    hits, documents, lexicon, by, facets, weights
        As in `rates`.

    Returns
    -------
    DataFrame
        ``language, theme, facet, unit, year, region_code, group`` (with another
        column in ``by``), ``own`` (the weight of each document), and the sums
        of `SUMS`: documents, units, and in each way of counting the hits and
        the documents with one; ``ones`` have exactly one.
    """
    keys, named = tally_keys(by), grouped(documents, by)
    sums = [_sums(own, named, lexicon, keys, facets=facets, weights=weights) for own in _stretches(hits)]
    if len(sums) == 1:
        return sums[0]
    return pd.concat(sums).groupby(keys, dropna=False, sort=False)[list(SUMS)].sum().reset_index()


def _sums(
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    lexicon: Lexicon,
    keys: list[str],
    *,
    facets: bool,
    weights: Mapping[str, float] | None,
) -> pd.DataFrame:
    """Add up the hits of some documents."""
    counted = counted_ways(hits, documents, lexicon, facets=facets)
    counted["own"] = counted["duplicate_of"].isna().astype(float) if weights is None else counted["doc_id"].map(weights)
    counted["n_docs"], counted["ones"] = 1, (counted["n_hits"] == 1).astype(int)
    for excluded, far in WAYS:
        counted[f"some{excluded}{far}"] = (counted[f"hits{excluded}{far}"] > 0).astype(int)
    return counted.groupby(keys, dropna=False, sort=False)[list(SUMS)].sum().reset_index()


def _stretches(hits: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield hits, those of a document together, so many rows at a time that their columns stay small."""
    if len(hits) <= AT_ONCE:
        yield hits
        return
    numbers = pd.factorize(hits["doc_id"])[0]
    stretch = numbers // max(1, AT_ONCE * (numbers.max() + 1) // len(hits))
    for number in range(stretch.max() + 1):
        yield hits[stretch == number]


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


def counted_ways(hits: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon, *, facets: bool) -> pd.DataFrame:
    """Return hits with their documents' columns and, a column each, the four ways of counting them."""
    columns = ["doc_id", "language", "duplicate_of", "year", "region_code", "group"]
    joined = hits.merge(documents[columns], on="doc_id")
    joined["facet"] = joined["facet"].fillna("")
    wide = [(theme.id, facet.id) for theme in lexicon.themes for facet in theme.facets if facet.wide]
    beyond = joined[pd.MultiIndex.from_frame(joined[["theme", "facet"]]).isin(wide)]
    sums = beyond.groupby(["doc_id", "theme"])["n_hits"].sum()
    whole = joined["facet"] == ""
    joined = joined if facets else joined[whole]
    keys = pd.MultiIndex.from_frame(joined[["doc_id", "theme"]])
    n_wide = pd.Series(sums.reindex(keys, fill_value=0).to_numpy(), joined.index).where(joined["facet"] == "", 0)
    for excluded, far in WAYS:
        joined = joined.assign(
            **{f"hits{excluded}{far}": joined["n_hits"] + excluded * joined["n_excluded"] + far * n_wide}
        )
    return joined
