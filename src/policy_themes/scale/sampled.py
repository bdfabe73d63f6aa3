"""Rates with the intervals of a sample, of a corpus that is counted part by part on one machine.

How documents vary is known from the documents only. Their themes take little
room, as most documents lack most themes; so they are kept as they are found,
and compared a few themes at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from policy_themes import compare
from policy_themes.compare.hits import cells_of, hits_table
from policy_themes.compare.uncertainty.cells import sample_intervals, searched_themes
from policy_themes.lexicon.records import Lexicon, Theme
from policy_themes.scale.engine import Engine, Told
from policy_themes.scale.parts import Parts, compared
from policy_themes.scale.setup import Setup
from policy_themes.schema import conform
from policy_themes.store.files import write_atomic
from policy_themes.store.table_file import parquet_bytes

# Rows of ``theme_hits`` that are in memory at a time.
TOGETHER = 1_000_000
HITS, OWN = "hits-{}.parquet", "documents-{}.parquet"


def sampled_rates(
    engine: Engine, parts: Parts, setup: Setup, place: Path, *, by: Sequence[str], facets: bool = False
) -> pd.DataFrame:
    """
    Return table ``theme_rates`` of a stored corpus with the intervals of a sample of documents.

    Parameters
    ----------
    engine : Engine
    parts : Parts
    setup : Setup
    place : Path
        An empty folder for what is in between.
    by, facets
        As in `policy_themes.compare.rates`.

    Returns
    -------
    DataFrame
        The same as of a corpus in memory.
    """
    told = engine.told(partial(hits_of_part, setup.text, parts.place, str(place.resolve())), parts.tasks)
    tasks = [task for task, one in zip(parts.tasks, told, strict=True) if one["n_docs"]]
    documents = conform(_together(place, OWN, tasks), "documents")
    found = _together(place, HITS, tasks)
    searched = searched_themes(setup.lexicon, setup.settings.search_terms)
    seed = setup.settings.seed
    tables = []
    for some in _some_themes(setup.lexicon, len(documents)):
        hits = _with_zeros(found, documents, some)
        table = compare.rates(hits, documents, some, by=by, facets=facets)
        tables.append(sample_intervals(table, hits, documents, by=by, searched=searched, seed=seed))
    return conform(pd.concat(tables).sort_values("language", kind="stable"), "theme_rates")


def hits_of_part(setup: str, place: str, target: str, task: str) -> Told:
    """Write the documents of a part, and which themes stand in them how often, and tell how many they are."""
    given = Setup.of_text(setup)
    corpus = compared(given, place, task)
    if corpus is None:
        return {"n_docs": 0}
    hits = compare.find_hits(corpus, given.lexicon).table
    some = hits[(hits["n_hits"] > 0) | (hits["n_excluded"] > 0)]
    written = {HITS: some[["doc_id", "theme", "facet", "n_hits", "n_excluded"]], OWN: corpus.documents}
    for name, table in written.items():
        write_atomic(Path(target, name.format(task)), parquet_bytes(table))
    return {"n_docs": len(corpus.documents)}


def _together(place: Path, name: str, tasks: Sequence[str]) -> pd.DataFrame:
    """Load what was written of all parts."""
    return pd.concat([pd.read_parquet(place / name.format(task)) for task in tasks], ignore_index=True)


def _some_themes(lexicon: Lexicon, n_docs: int) -> Iterator[Lexicon]:
    """Yield the themes of a lexicon, so many at a time as their hits may lie in memory, at least one."""
    held: list[Theme] = []
    size = 0
    for theme in lexicon.themes:
        own = n_docs * (1 + len(theme.facets))
        if held and size + own > TOGETHER:
            yield replace(lexicon, themes=tuple(held))
            held, size = [], 0
        held.append(theme)
        size += own
    if held:
        yield replace(lexicon, themes=tuple(held))


def _with_zeros(found: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Return table ``theme_hits`` of some themes: every document, zeros included."""
    cells = cells_of(lexicon)
    own = found[found["theme"].isin(lexicon.ids)]
    numbers = {cell: number for number, cell in enumerate(cells)}
    facets = own["facet"].astype(object).where(own["facet"].notna(), None)
    column = np.array([numbers[cell] for cell in zip(own["theme"], facets, strict=True)], dtype=np.int64)
    row = pd.Index(documents["doc_id"]).get_indexer(own["doc_id"])
    counts = np.zeros((2, len(documents), len(cells)), dtype=np.int64)
    for kind, name in enumerate(("n_hits", "n_excluded")):
        counts[kind, row, column] = own[name].to_numpy(dtype=np.int64)
    return hits_table(counts, documents, cells)
