"""The passages behind a view: its hits in their sentences, a page at a time."""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Page:
    """
    Some hits of a view.

    Attributes
    ----------
    table : DataFrame
        Table ``evidence`` of this page.
    number, total, n_docs : int
        Of the page, of all hits, and of the documents that have one.
    """

    table: pd.DataFrame
    number: int
    total: int
    n_docs: int

    @property
    def of(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE)


def page_of(prepared: Prepared, asked: Asked, view: View, selection: Selection) -> Page:
    """
    Return one page of hits, the last one where there are not so many.

    Sorted by what stands to the left or right, only the first 2,000 hits are.
    """
    places = places_of(prepared, asked, view, selection)
    number = max(1, min(view.page, -(-len(places) // PAGE)))
    shown = slice(PAGE * (number - 1), PAGE * number)
    if view.sort == "text":
        table = _evidence(prepared, asked, places.iloc[shown])
    else:
        every = compare.in_order(_evidence(prepared, asked, places.head(MOST_SORTED)), view.sort)
        table = every.iloc[shown].reset_index(drop=True)
    return Page(table, number, len(places), int(places["doc_id"].nunique()))


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
