"""Every hit in its sentence, quoted from the original text with its place in it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.corpus.records import Corpus
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import Normalized, normalize
from policy_themes.text.sentences import sentences
from policy_themes.text.spans import Span

WINDOW = 60


@dataclass(frozen=True)
class _Found:
    """One hit that is to be quoted; the span is in the normalised text."""

    span: Span
    passage: Span
    theme: str
    term: str
    facet: str | None = None
    excluded: str = ""
    counted: bool = True


def evidence(
    corpus: Corpus,
    hits: ThemeHits,
    *,
    themes: Collection[str] | None = None,
    copies: bool = False,
    window: int | None = None,
) -> pd.DataFrame:
    """
    Quote every hit of some themes.

    Parameters
    ----------
    corpus : Corpus
    hits : ThemeHits
    themes : collection of str, optional
        All themes unless named.
    copies : bool, default False
        Whether copies of a document are quoted too.
    window : int, optional
        How many characters ``left`` and ``right`` hold; by default as much of
        the sentence as fits into 60.

    Returns
    -------
    DataFrame
        Table ``evidence``. Rows with ``counted`` are the hits of the headline,
        so that their number in any cell is that cell's ``n_hits``; the others
        are excluded by a context (``excluded_by``) or belong to a wide facet.
    """
    places = hits.places if themes is None else hits.places[hits.places["theme"].isin(list(themes))]
    spans = {(row.doc_id, row.passage): Span(row.start, row.end) for row in rows(corpus.passages)}
    found: dict[str, list[_Found]] = {}
    for row in rows(places):
        item = _Found(
            span=Span(row.start, row.end),
            passage=spans[row.doc_id, row.passage],
            theme=row.theme,
            term=row.term,
            facet=";".join(row.facets) or None,
            excluded=row.excluded,
            counted=not row.excluded and not row.wide,
        )
        found.setdefault(row.doc_id, []).append(item)
    return _table(corpus, found, copies=copies, window=window)


def phrase_evidence(corpus: Corpus, phrase: str, *, copies: bool = False, window: int | None = None) -> pd.DataFrame:
    """
    Quote every occurrence of a phrase, in whatever spelling or case it stands.

    Parameters
    ----------
    corpus : Corpus
    phrase : str
        Plain text; normalised like the documents.
    copies, window
        As in `evidence`.

    Returns
    -------
    DataFrame
        Table ``evidence``; ``theme`` holds the phrase.
    """
    wanted = normalize(phrase).text.lower()
    found: dict[str, list[_Found]] = {}
    for passage in corpus.iter_passages(copies=copies):
        text = passage.text.lower() if len(passage.text.lower()) == len(passage.text) else passage.text
        start = text.find(wanted)
        while wanted and start >= 0:
            span = Span(passage.span.start + start, passage.span.start + start + len(wanted))
            found.setdefault(passage.doc_id, []).append(_Found(span, passage.span, phrase, phrase))
            start = text.find(wanted, start + len(wanted))
    return _table(corpus, found, copies=copies, window=window)


def in_order(table: pd.DataFrame, sort: Literal["text", "left", "right"]) -> pd.DataFrame:
    """
    Sort quotations as a concordance does.

    Parameters
    ----------
    table : DataFrame
        Table ``evidence``.
    sort : {"text", "left", "right"}
        By document and place; by what stands before, read backwards from the
        hit; or by what stands after.

    Returns
    -------
    DataFrame
        The same rows.
    """
    if sort == "text":
        return table
    key = table["left"].str.rstrip().str[::-1] if sort == "left" else table["right"].str.lstrip()
    return table.iloc[key.str.lower().argsort(kind="stable")].reset_index(drop=True)


def _table(corpus: Corpus, found: Mapping[str, list[_Found]], *, copies: bool, window: int | None) -> pd.DataFrame:
    """Quote what was found, document by document."""
    passages = {(row.doc_id, row.start): row for row in rows(corpus.passages[corpus.passages["doc_id"].isin(found)])}
    records = [
        record
        for row in rows(corpus.documents if copies else corpus.unique)
        if row.doc_id in found
        for record in _quote(corpus, row, found[row.doc_id], passages, window)
    ]
    return conform(records, "evidence")


def _quote(
    corpus: Corpus,
    row: Any,  # noqa: ANN401  # a row of a table
    found: list[_Found],
    passages: Mapping[tuple[str, int], Any],
    window: int | None,
) -> Iterator[Mapping[str, object]]:
    """Yield the rows of one document."""
    original = corpus.original(row.doc_id)
    normalized = Normalized(corpus.normalized(row.doc_id), corpus.offsets(row.doc_id))
    cut: dict[Span, list[Span]] = {}
    for item in found:
        if item.passage not in cut:
            cut[item.passage] = sentences(normalized.text, row.language, item.passage)
        sentence = next((part for part in cut[item.passage] if part.holds(item.span)), item.passage)
        passage = passages[row.doc_id, item.passage.start]
        place = normalized.offsets.span(item.span.start, item.span.end)
        around = normalized.offsets.span(sentence.start, sentence.end)
        shown = Span(0, len(original)) if window is not None else around
        room = WINDOW if window is None else window
        yield {
            "doc_id": row.doc_id,
            "theme": item.theme,
            "term": item.term,
            "sentence": original[around.start : around.end],
            "left": original[max(shown.start, place.start - room) : place.start],
            "match": original[place.start : place.end],
            "right": original[place.end : min(shown.end, place.end + room)],
            "start": place.start,
            "end": place.end,
            "year": row.year,
            "region_code": row.region_code,
            "path": row.path,
            "facet": item.facet,
            "language": row.language,
            "counted": item.counted,
            "excluded_by": item.excluded or None,
            "section": passage.section,
            "part": passage.part,
            "point": passage.point,
        }
