"""Theme hits of a corpus: each with its place, and counted by document, theme and facet.

Hits are looked for in the normalised text, not in the words that segmentation
found, so a mistake of segmentation cannot hide a theme. Only title and body
are searched; what was removed from a page feeds no theme.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.lexicon.match import Hits, Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.units import Language

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
    # One row a passage: its place in the corpus, in its document, and where it begins.
    frames = []
    for language in sorted(set(corpus.languages.values())):
        passages: list[tuple[int, str, int, int]] = []
        found = [_frame(hits, passages) for hits in matcher.find_all(_texts(corpus, language, passages), language)]
        frames += found
    places = pd.concat(frames, ignore_index=True) if frames else _frame(Hits.none(), [])
    places = places.sort_values("order", kind="stable", ignore_index=True)[list(COLUMNS)]
    return ThemeHits(places, _count(places, corpus.documents, lexicon))


def _texts(corpus: Corpus, language: Language, passages: list[tuple[int, str, int, int]]) -> Iterator[str]:
    """Yield the passages of one language, noting what each one is."""
    for order, passage in enumerate(corpus.iter_passages(copies=True)):
        if passage.language == language:
            passages.append((order, passage.doc_id, passage.number, passage.span.start))
            yield passage.text


def _frame(hits: Hits, passages: Sequence[tuple[int, str, int, int]]) -> pd.DataFrame:
    """Return hits with the passage that each stands in."""
    of = [passages[number] for number in hits.text.tolist()]
    begins = np.fromiter((passage[3] for passage in of), np.int64, len(of))
    named = {
        "order": np.fromiter((passage[0] for passage in of), np.int64, len(of)),
        "doc_id": [passage[1] for passage in of],
        "passage": np.fromiter((passage[2] for passage in of), np.int64, len(of)),
        "theme": hits.theme,
        "start": hits.start + begins,
        "end": hits.end + begins,
        "term": hits.term,
        "facets": hits.facets,
        "excluded": hits.excluded,
        "wide": hits.wide,
    }
    return pd.DataFrame({name: pd.Series(values, dtype=None if len(of) else object) for name, values in named.items()})


def _count(places: pd.DataFrame, documents: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """Count places by document, theme and facet: every cell, zeros included."""
    cells = [(theme.id, facet) for theme in lexicon.themes for facet in (None, *(f.id for f in theme.facets))]
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
    named = pd.DataFrame(cells, columns=["theme", "facet"], dtype="str")
    each = np.repeat(np.arange(len(documents)), len(cells))
    table = documents[["doc_id", "n_units", "unit"]].take(each).reset_index(drop=True)
    for column in named:
        table[column] = named[column].take(np.tile(np.arange(len(cells)), len(documents))).array
    table["n_hits"], table["n_excluded"] = counts[0].ravel(), counts[1].ravel()
    return conform(table, "theme_hits")
