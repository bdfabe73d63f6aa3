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

import pandas as pd

from policy_themes.compare.summing import Headlines, rows_of
from policy_themes.compare.tally import WHOLE, Tally, tally
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform

METHOD = "E0: exact for these documents; low and high range over 8 ways of counting"
METHOD_WEIGHTED = "E0, a text and its copies sharing a weight of one; low and high range over 8 ways of counting"
CELLS = ("year", "region_code")
SERIES = ["language", "theme", "facet"]


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
    parts = [rows_of(sums, language, names, headlines) for language in languages]
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
