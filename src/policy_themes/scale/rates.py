"""Themes counted part by part, the sums added up by Spark, and rates made of the sums as on one machine."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import pyarrow as pa

from policy_themes import compare
from policy_themes.compare.rates import cell_columns, grouped, rates_of
from policy_themes.compare.tally import COUNTS, TEXT, tally
from policy_themes.compare.tally_table import table_columns, tally_of, tally_table
from policy_themes.compare.uncertainty.cells import chosen_kind, without_intervals
from policy_themes.errors import InsufficientDataError
from policy_themes.scale.engine import Engine, collected
from policy_themes.scale.parts import Parts, compared
from policy_themes.scale.setup import Setup

NO_INTERVAL = "none: intervals are made on one machine"
SUMS = (*TEXT, *COUNTS)  # of whole numbers: documents, hits, units
KINDS = {"year": pa.int64(), **dict.fromkeys(SUMS, pa.float64())}


def rates(engine: Engine, parts: Parts, setup: Setup, *, by: Sequence[str], facets: bool = False) -> pd.DataFrame:
    """
    Return table ``theme_rates`` of a stored corpus.

    Parameters
    ----------
    engine : Engine
    parts : Parts
    setup : Setup
    by, facets
        As in `policy_themes.compare.rates`.

    Returns
    -------
    DataFrame
        The same numbers as on one machine, which gets as many rows as there are cells.

    Raises
    ------
    InsufficientDataError
        If no part holds a document.
    """
    from pyspark.sql import functions as sql

    keys = keys_of(by)
    columns = table_columns(keys)
    schema = pa.schema([(name, KINDS.get(name, pa.string())) for name in (*columns, *SUMS)])
    work = partial(count_part, setup.text, parts.place, tuple(by), facets)
    found = engine.tables(work, parts.tasks, schema)
    sums = collected(found.groupBy(*columns).agg(*(sql.sum(name).alias(name) for name in SUMS)))
    if sums.empty:
        raise InsufficientDataError(f"There is no document in {parts.folder}.", hint="Read another folder.")
    codes = sums["region_code"].dropna().unique()
    english = {code: region.name_en for code in codes if (region := setup.gazetteer.region(code))}
    whole = tally_of(sums, setup.lexicon, keys=keys, facets=facets, english=english)
    table = without_intervals(rates_of(whole, setup.lexicon, by=by), setup.settings)
    if chosen_kind(None, setup.settings) != "none":
        table["interval"] = pd.array([NO_INTERVAL] * len(table), dtype="str")
    return table


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
