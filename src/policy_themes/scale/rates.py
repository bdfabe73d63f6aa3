"""Themes counted part by part, the sums added up by an engine, and rates made of the sums as for a corpus in memory."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd
import pyarrow as pa

from policy_themes import compare
from policy_themes.compare.rates import cell_columns, grouped, rates_of
from policy_themes.compare.tally import COUNTS, TEXT, tally
from policy_themes.compare.tally_table import table_columns, tally_of, tally_table
from policy_themes.compare.uncertainty.cells import without_intervals
from policy_themes.errors import InsufficientDataError
from policy_themes.scale.engine import Engine
from policy_themes.scale.parts import Parts, compared
from policy_themes.scale.sampled import sampled_rates
from policy_themes.scale.setup import Setup

SUMS = (*TEXT, *COUNTS)  # of whole numbers: documents, hits, units
KINDS = {"year": pa.int64(), **dict.fromkeys(SUMS, pa.float64())}


def rates(
    engine: Engine,
    parts: Parts,
    setup: Setup,
    *,
    by: Sequence[str],
    facets: bool = False,
    interval: Literal["none", "sample"] = "none",
) -> pd.DataFrame:
    """
    Return table ``theme_rates`` of a stored corpus.

    Parameters
    ----------
    engine : Engine
    parts : Parts
    setup : Setup
    by, facets
        As in `policy_themes.compare.rates`.
    interval : {"none", "sample"}, default "none"
        "sample" needs room on this machine for the documents, their texts apart.

    Returns
    -------
    DataFrame
        The same numbers as of a corpus in memory; this machine gets as many rows as there are cells.

    Raises
    ------
    InsufficientDataError
        If no part holds a document.
    """
    if interval == "sample":
        with TemporaryDirectory() as place:
            return sampled_rates(engine, parts, setup, Path(place), by=by, facets=facets)
    keys = keys_of(by)
    columns = table_columns(keys)
    schema = pa.schema([(name, KINDS.get(name, pa.string())) for name in (*columns, *SUMS)])
    work = partial(count_part, setup.text, parts.place, list(by), facets)
    added = engine.summed(work, parts.tasks, schema, columns)
    sums = added.rows()
    added.forget()
    if sums.empty:
        raise InsufficientDataError(f"There is no document in {parts.folder}.", hint="Read another folder.")
    codes = sums["region_code"].dropna().unique()
    english = {code: region.name_en for code in codes if (region := setup.gazetteer.region(code))}
    whole = tally_of(sums, setup.lexicon, keys=keys, facets=facets, english=english)
    return without_intervals(rates_of(whole, setup.lexicon, by=by), setup.settings)


def count_part(setup: str, place: str, by: Sequence[str], facets: bool, task: str) -> pd.DataFrame:
    """Return the tally of one part."""
    given = Setup.of_text(setup)
    corpus = compared(given, place, task)
    if corpus is None:
        return pd.DataFrame(columns=[*table_columns(keys_of(by)), *SUMS])
    hits = compare.find_hits(corpus, given.lexicon).table
    sums = tally(hits, grouped(corpus.documents, by), given.lexicon, keys=keys_of(by), facets=facets)
    return tally_table(sums, keys_of(by))


def keys_of(by: Sequence[str]) -> list[str]:
    """Return what tells the cells of a tally apart: what is asked for, and the regions."""
    return list(dict.fromkeys([*cell_columns(by), "region_code"]))
