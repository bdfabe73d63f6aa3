"""Intervals for cells of one document each: how far the wording could have varied (E1).

One report a province and year is all there is; as a sample it is empty. What can be
asked is another thing: had the same agenda been drafted anew, its parts as
exchangeable as they are, how often would the theme stand there? That is wording
variation, not political change, and the interval says so.

One document cannot tell how much its own wording varies: resampling its passages
covers half of the truth where it has one hit. So the documents of all cells tell
together how hits cluster within a text (the dispersion over runs of passages, each document
against its own rate, so that nothing of regions and years is in it), and each cell keeps
its own hits: cells far from the mean are not drawn towards it.
"""

import numpy as np
import pandas as pd

from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.intervals import cluster_bounds, dispersion

RUN = 5  # neighbouring passages that count as one: what a paragraph begins the next goes on with
LABEL = "wording variation, not political change (E1): gamma, dispersion {:.1f} within texts"


def wording_dispersion(places: pd.DataFrame, passages: pd.DataFrame) -> pd.Series:
    """
    Return by how much the hits of each theme cluster within documents.

    Parameters
    ----------
    places : DataFrame
        One row a counted hit: ``doc_id, passage, theme``.
    passages : DataFrame
        Every counted passage of all documents: ``doc_id, passage, n_units``.

    Returns
    -------
    Series
        At least 1, by theme; themes without a hit are not in it.

    Examples
    --------
    >>> passages = pd.DataFrame({"doc_id": "a", "passage": range(20), "n_units": 50})
    >>> places = pd.DataFrame({"doc_id": "a", "passage": [0, 1, 2, 3], "theme": "law"})
    >>> wording_dispersion(places, passages).to_dict()
    {'law': 4.0}
    """
    ordered = passages.sort_values(["doc_id", "passage"])
    documents = pd.factorize(ordered["doc_id"])[0]
    run = ordered.groupby("doc_id").cumcount().to_numpy() // RUN
    runs = pd.factorize(pd.MultiIndex.from_arrays([documents, run]))[0]
    lengths = np.bincount(runs, ordered["n_units"].to_numpy(dtype=float)).astype(float)
    owners = np.empty(len(lengths), dtype=np.intp)
    owners[runs] = documents
    number = pd.Series(runs, index=pd.MultiIndex.from_frame(ordered[["doc_id", "passage"]]))
    found = {}
    for theme, own in places.groupby("theme"):
        at = number.reindex(pd.MultiIndex.from_frame(own[["doc_id", "passage"]])).dropna().astype(int)
        counts = np.bincount(at, minlength=len(lengths)).astype(float)
        found[theme] = float(dispersion(counts[:, None], lengths[:, None], owners)[0])
    return pd.Series(found, dtype=float)


def wording_intervals(hits: Floats, units: Floats, spread: Floats | float) -> tuple[Floats, Floats]:
    """
    Return the 95 % intervals of rates under redrafting, a cell each.

    Parameters
    ----------
    hits, units : ndarray of shape (n_cells,)
    spread : ndarray of shape (n_cells,), or float
        Of `wording_dispersion`.

    Returns
    -------
    pair of ndarray of shape (n_cells,)
        Per unit.

    Examples
    --------
    >>> [round(float(bound[0]), 1) for bound in wording_intervals(np.array([9.0]), np.array([1.0]), 3.0)]
    [2.5, 24.0]
    """
    return cluster_bounds(hits, units, spread)
