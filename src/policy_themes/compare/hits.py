"""Theme hits of a corpus: each with its place, and counted by document, theme and facet.

Hits are looked for in the normalised text, not in the words that segmentation
found, so a mistake of segmentation cannot hide a theme. Only title and body
are searched; what was removed from a page feeds no theme.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform

COLUMNS = ("doc_id", "passage", "theme", "start", "end", "term", "facets", "excluded", "wide")


@dataclass(frozen=True)
class ThemeHits:
    """
    All hits of a corpus.

    Attributes
    ----------
    places : DataFrame
        One row a hit, excluded and wide ones included: ``doc_id, passage, theme,
        start, end`` (in the normalised text), ``term, facets`` (tuple),
        ``excluded`` (the context, or ""), ``wide``.
    table : DataFrame
        Table ``theme_hits``: every document × theme × facet, zeros included;
        ``facet`` is unknown in the row of the whole theme.
    """

    places: pd.DataFrame
    table: pd.DataFrame


def find_hits(corpus: Corpus, lexicon: Lexicon) -> ThemeHits:
    """
    Find and count the themes of a lexicon in a corpus, copies included.

    Parameters
    ----------
    corpus : Corpus
    lexicon : Lexicon

    Returns
    -------
    ThemeHits
    """
    matcher = Matcher(lexicon)
    found = [
        (
            passage.doc_id,
            passage.number,
            hit.theme,
            passage.span.start + hit.start,
            passage.span.start + hit.end,
            hit.term,
            hit.facets,
            hit.excluded,
            hit.wide,
        )
        for passage in corpus.iter_passages(copies=True)
        for hit in matcher.find(passage.text, passage.language)
    ]
    places = pd.DataFrame(found, columns=list(COLUMNS))
    return ThemeHits(places, _count(places, corpus.documents, lexicon))


def _count(places: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Count places by document, theme and facet: every cell, zeros included."""
    cells = [(theme.id, facet) for theme in lexicon.themes for facet in (None, *(f.id for f in theme.facets))]
    numbers = {cell: number for number, cell in enumerate(cells)}
    rank = {doc_id: number for number, doc_id in enumerate(documents["doc_id"])}
    counts = np.zeros((2, len(documents), len(cells)), dtype=np.int64)
    columns = (places[name] for name in ("doc_id", "theme", "facets", "excluded", "wide"))
    for doc_id, theme, facets, excluded, wide in zip(*columns, strict=True):
        for facet in facets if wide else (None, *facets):
            counts[int(excluded != ""), rank[doc_id], numbers[theme, facet]] += 1
    each = np.repeat(np.arange(len(documents)), len(cells))
    table = {
        "doc_id": documents["doc_id"].to_numpy()[each],
        "theme": [theme for theme, _ in cells] * len(documents),
        "facet": [facet for _, facet in cells] * len(documents),
        "n_hits": counts[0].ravel(),
        "n_excluded": counts[1].ravel(),
        "n_units": documents["n_units"].to_numpy()[each],
        "unit": documents["unit"].to_numpy()[each],
    }
    return conform(pd.DataFrame(table), "theme_hits")
