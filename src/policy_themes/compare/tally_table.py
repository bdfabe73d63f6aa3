"""A tally as a table of numbers only, so that tallies of parts can be added up by whoever adds up tables.

Rows with a theme hold what is counted of it in a cell, rows without one the text
of a cell. Rows that are alike in all other columns are added up; what was added
up is a tally again.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from policy_themes.compare.tally import COUNTS, TEXT, WHOLE, Tally
from policy_themes.lexicon.records import Lexicon

OF_THEME = ("theme", "facet")


def table_columns(keys: Sequence[str]) -> list[str]:
    """Return the columns of a tally's table that are no numbers."""
    return ["language", "unit", *keys, *OF_THEME]


def tally_table(sums: Tally, keys: Sequence[str]) -> pd.DataFrame:
    """
    Return a tally as a table.

    Parameters
    ----------
    sums : Tally
    keys : sequence of str
        Columns that tell its cells apart, besides the language.

    Returns
    -------
    DataFrame
        `table_columns`, then the sums of `TEXT` and of `COUNTS`, of which each row has the ones or the others.
    """
    text = sums.cells.assign(theme=None, facet=None, **dict.fromkeys(COUNTS, 0.0))
    counted = sums.cells[["language", *keys]].iloc[sums.where].reset_index(drop=True)
    for name in OF_THEME:
        counted[name] = sums.series[name].to_numpy(dtype=object)[sums.which]
    counted = counted.assign(**dict.fromkeys(TEXT, 0.0), **dict(zip(COUNTS, sums.counts.T, strict=True)))
    both = pd.concat([text, counted], ignore_index=True) if len(counted) else text
    return both.assign(unit=both["language"].map(sums.units))[[*table_columns(keys), *TEXT, *COUNTS]]


def tally_of(
    table: pd.DataFrame, lexicon: Lexicon, *, keys: Sequence[str], facets: bool, english: Mapping[str, str]
) -> Tally:
    """
    Return the tally of what was added up.

    Parameters
    ----------
    table : DataFrame
        Rows of `tally_table`, those with the same `table_columns` added up.
    lexicon : Lexicon
        Gives the series.
    keys : sequence of str
    facets : bool
        Whether there are series for the facets as well.
    english : mapping of region code to name

    Returns
    -------
    Tally
    """
    names = ["language", *keys]
    text = table[table["theme"].isna()].sort_values(names, na_position="last").reset_index(drop=True)
    told = table[table["theme"].notna()]
    rows = [(theme.id, facet) for theme in lexicon.themes for facet in (WHOLE, *(own.id for own in theme.facets))]
    series = pd.DataFrame([row for row in rows if facets or row[1] == WHOLE], columns=list(OF_THEME))
    places = {row: number for number, row in enumerate(_keys(text, names))}
    where = np.array([places[row] for row in _keys(told, names)], dtype=np.int64)
    which = pd.MultiIndex.from_frame(series).get_indexer(pd.MultiIndex.from_frame(told[list(OF_THEME)]))
    order = np.lexsort((where, which))
    return Tally(
        text[[*names, *TEXT]], series, which[order].astype(np.int64), where[order],
        told[list(COUNTS)].to_numpy(dtype=np.float64)[order],
        units=dict(text.drop_duplicates("language")[["language", "unit"]].itertuples(index=False, name=None)),
        english=dict(english),
    )  # fmt: skip


def _keys(table: pd.DataFrame, names: list[str]) -> list[tuple[object, ...]]:
    """Return the values of some columns row by row, what is unknown as None."""
    known = table[names].astype(object)
    return list(known.where(known.notna(), None).itertuples(index=False, name=None))
