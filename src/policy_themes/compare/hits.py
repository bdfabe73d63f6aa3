"""Theme hits of a corpus: each with its place, and counted by document, theme and facet.

Hits are looked for in the normalised text, not in the words that segmentation
found, so a mistake of segmentation cannot hide a theme. Only title and body
are searched; what was removed from a page feeds no theme.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows

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
    """Count places by document, theme and facet."""
    counted = places["excluded"] == ""
    headline = places[~places["wide"].astype(bool)]
    whole = headline.assign(facet="", counted=counted[headline.index])
    parts = places.assign(facet=places["facets"], counted=counted).explode("facet").dropna(subset=["facet"])
    both = pd.concat([whole, parts], ignore_index=True)
    sizes = both.groupby(["doc_id", "theme", "facet", "counted"]).size()
    numbers: Mapping[Hashable, int] = sizes.to_dict()
    cells = [(theme.id, facet) for theme in lexicon.themes for facet in ("", *(f.id for f in theme.facets))]
    records = [
        {
            "doc_id": row.doc_id,
            "theme": theme,
            "facet": facet or None,
            "n_hits": numbers.get((row.doc_id, theme, facet, True), 0),
            "n_excluded": numbers.get((row.doc_id, theme, facet, False), 0),
            "n_units": row.n_units,
            "unit": row.unit,
        }
        for row in rows(documents)
        for theme, facet in cells
    ]
    return conform(records, "theme_hits")
