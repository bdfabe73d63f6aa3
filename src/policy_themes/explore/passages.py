"""The passages behind a view: its hits in their sentences, a page at a time."""

from dataclasses import replace

import numpy as np
import pandas as pd

from policy_themes import compare
from policy_themes.compare import ThemeHits
from policy_themes.explore.asked import Asked
from policy_themes.explore.prepared import Prepared
from policy_themes.explore.selection import Selection
from policy_themes.explore.view import View

PAGE = 20
# Sorting by what stands beside a hit needs all of them quoted.
MOST_SORTED = 2_000


def places_of(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> pd.DataFrame:
    """Return the places of the hits of a view, in the order of the documents; copies left out."""
    documents = prepared.documents
    wanted = pd.Index(documents.loc[prepared.coded.chosen(selection, view.language), "doc_id"])
    rows = asked.hits(view, removed=view.removed)
    places: pd.DataFrame = asked.counted.hits.places.iloc[rows]
    own: pd.DataFrame = places[wanted.get_indexer(places["doc_id"]) >= 0]
    return own


def page_of(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> tuple[pd.DataFrame, int]:
    """
    Return one page of table ``evidence`` and how many hits there are.

    Sorted by what stands to the left or right, only the first 2,000 hits are.
    """
    places = places_of(prepared, asked, view, selection)
    total = len(places)
    first = PAGE * (view.page - 1)
    if view.sort == "text":
        return _evidence(prepared, asked, places.iloc[first : first + PAGE]), total
    table = compare.in_order(_evidence(prepared, asked, places.head(MOST_SORTED)), view.sort)
    return table.iloc[first : first + PAGE].reset_index(drop=True), total


def quoted(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> pd.DataFrame:
    """Return table ``evidence`` of as many hits of a view as a figure may choose from, evenly over all of them."""
    places = places_of(prepared, asked, view, selection)
    if len(places) > MOST_SORTED:
        places = places.iloc[np.linspace(0, len(places) - 1, MOST_SORTED).astype(int)]
    return _evidence(prepared, asked, places)


def _evidence(prepared: Prepared, asked: Asked, places: pd.DataFrame) -> pd.DataFrame:
    """Quote some hits."""
    hits: ThemeHits = replace(asked.counted.hits, places=places.reset_index(drop=True))
    corpus = prepared.study.corpus.of_documents(list(dict.fromkeys(places["doc_id"])))
    return compare.evidence(corpus, hits)
