"""Theme hits of a corpus: each with its place, and counted by document, theme and facet.

Hits are looked for in the normalised text, not in the words that segmentation
found, so a mistake of segmentation cannot hide a theme. Only title and body
are searched; what was removed from a page feeds no theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.corpus.records import Corpus
from policy_themes.lexicon.match import Hits, Matcher
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


def headline(places: pd.DataFrame) -> pd.DataFrame:
    """Return the hits of ``ThemeHits.places`` that the headline counts: neither excluded nor of a wide facet alone."""
    return places[places["excluded"].eq("") & ~places["wide"].astype(bool)]


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
    passages = corpus.counted_passages(copies=True)
    spoken = passages["doc_id"].map(corpus.languages)
    frames = []
    for language in sorted(set(corpus.languages.values())):
        own = passages[spoken == language]
        texts = (
            corpus.normalized(doc_id)[start:end]
            for doc_id, start, end in zip(
                own["doc_id"].tolist(), own["start"].tolist(), own["end"].tolist(), strict=True
            )
        )
        frames += [_frame(hits, own) for hits in matcher.find_all(texts, language)]
    places = pd.concat(frames) if frames else _frame(Hits.none(), passages)
    places = places.sort_index(kind="stable").reset_index(drop=True)
    return ThemeHits(places, _count(places, corpus.documents, lexicon))


def _frame(hits: Hits, passages: pd.DataFrame) -> pd.DataFrame:
    """Return hits with the passage that each stands in; the index is that of the passages."""
    of = passages.iloc[hits.text]
    begins = of["start"].to_numpy(dtype=np.int64)
    facets = np.empty(len(of), dtype=object)
    facets[:] = hits.facets
    table = {
        "doc_id": of["doc_id"].array,
        "passage": of["passage"].to_numpy(dtype=np.int64),
        "theme": pd.array(hits.theme, dtype="str"),
        "start": hits.start + begins,
        "end": hits.end + begins,
        "term": pd.array(hits.term, dtype="str"),
        "facets": facets,
        "excluded": pd.array(hits.excluded, dtype="str"),
        "wide": hits.wide,
    }
    return pd.DataFrame(table, index=of.index, columns=list(COLUMNS))


def _count(places: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Count places by document, theme and facet: every cell, zeros included."""
    cells = cells_of(lexicon)
    numbers = {cell: number for number, cell in enumerate(cells)}
    rank = {doc_id: number for number, doc_id in enumerate(documents["doc_id"].tolist())}
    columns = (places[name].tolist() for name in ("doc_id", "theme", "facets", "excluded", "wide"))
    touched = [
        (int(excluded != ""), rank[doc_id], numbers[theme, facet])
        for doc_id, theme, facets, excluded, wide in zip(*columns, strict=True)
        for facet in (facets if wide else (None, *facets))
    ]
    counts = np.zeros((2, len(documents), len(cells)), dtype=np.int64)
    np.add.at(counts, tuple(np.array(touched, dtype=np.int64).reshape(-1, 3).T), 1)
    return hits_table(counts, documents, cells)


def cells_of(lexicon: Lexicon) -> list[tuple[str, str | None]]:
    """Return themes and their facets in the order of ``theme_hits``; the facet of a whole theme is None."""
    return [(theme.id, facet) for theme in lexicon.themes for facet in (None, *(own.id for own in theme.facets))]


def hits_table(
    counts: NDArray[np.int64], documents: pd.DataFrame, cells: Sequence[tuple[str, str | None]]
) -> pd.DataFrame:
    """
    Return table ``theme_hits`` of counts.

    Parameters
    ----------
    counts : ndarray of int, shape (2, n_docs, n_cells)
        Hits that count, and those that are excluded.
    documents : DataFrame
        ``doc_id, n_units, unit``.
    cells : sequence of (theme, facet)
    """
    named = pd.DataFrame(cells, columns=["theme", "facet"], dtype="str")
    each = np.repeat(np.arange(len(documents)), len(cells))
    table = documents[["doc_id", "n_units", "unit"]].take(each).reset_index(drop=True)
    for column in named:
        table[column] = named[column].take(np.tile(np.arange(len(cells)), len(documents))).array
    table["n_hits"], table["n_excluded"] = counts[0].ravel(), counts[1].ravel()
    return conform(table, "theme_hits")
