"""A whole document to read: its hits marked, its data with their reasons, its translation or original beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policy_themes.corpus import Corpus
from policy_themes.errors import UsageError
from policy_themes.explore.asked import Asked
from policy_themes.explore.prepared import Prepared
from policy_themes.figures import Labels
from policy_themes.report.citations import reference
from policy_themes.report.quotes import translation_mark
from policy_themes.schema import rows
from policy_themes.text.spans import Span

LONGEST = 2_000_000  # characters that are shown


@dataclass(frozen=True)
class Paragraph:
    """A line of a document: where it stands in the original text, and whether it was cut from the page."""

    span: Span
    removed: bool


def document(prepared: Prepared, asked: Asked, labels: Labels, doc_id: str) -> Mapping[str, object]:
    """
    Return a document as the reader shows it.

    Raises
    ------
    UsageError
        If there is none of this identifier.
    """
    corpus = prepared.study.corpus
    row = _row(corpus, doc_id)
    other = _other_side(corpus, row)
    own = corpus.of_documents(list(filter(None, (doc_id, other))))
    shown = _paragraphs(own, doc_id)
    beside = _paragraphs(own, other) if other else []
    return {
        "doc_id": doc_id,
        "title": row.title or row.path,
        "language": row.language,
        "paragraphs": _marked(own, asked, doc_id, shown),
        "beside": {
            "doc_id": other,
            "title": _row(corpus, other).title or _row(corpus, other).path,
            "language": _row(corpus, other).language,
            "paragraphs": _marked(own, asked, other, beside),
            "at": _aligned(shown, beside),
        }
        if other
        else None,
        "data": _data(row, labels),
        "mark": translation_mark(row, labels),
        "footnote": reference(row),
    }


def _row(corpus: Corpus, doc_id: str) -> Any:  # noqa: ANN401  # a row of a table
    """Return a document's row."""
    found = corpus.documents[corpus.documents["doc_id"] == doc_id]
    if found.empty:
        raise UsageError("This document is not in the study.", hint="The folder may have changed; start again.")
    return next(rows(found))


def _other_side(corpus: Corpus, row: Any) -> str | None:  # noqa: ANN401
    """Return the original of a translation, or a translation of an original."""
    known = corpus.documents
    if row.translation_of in set(known["doc_id"]):
        return str(row.translation_of)
    found = known.loc[known["translation_of"] == row.doc_id, "doc_id"]
    return None if found.empty else str(found.iloc[0])


def _paragraphs(corpus: Corpus, doc_id: str) -> list[Paragraph]:
    """Return the lines of a document that are not empty."""
    text = corpus.original(doc_id)[:LONGEST]
    offsets = corpus.offsets(doc_id)
    cut = corpus.removed[corpus.removed["doc_id"] == doc_id]
    gone = [offsets.span(row.start, row.end) for row in rows(cut)]
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        span = Span(start, start + len(line)).stripped(text)
        start += len(line)
        if span.start < span.end:
            found.append(Paragraph(span, any(part.holds(span) for part in gone)))
    return found


def _marked(corpus: Corpus, asked: Asked, doc_id: str, paragraphs: Sequence[Paragraph]) -> list[Mapping[str, object]]:
    """Return each paragraph as pieces, those that are hits marked."""
    text, offsets = corpus.original(doc_id), corpus.offsets(doc_id)
    places = asked.counted.hits.places
    own = places[(places["doc_id"] == doc_id) & (places["theme"] == asked.theme)].sort_values("start")
    hits = []
    for row in rows(own):
        kind = "excluded" if row.excluded else "wide" if row.wide else "hit"
        if not asked.facet or asked.facet in row.facets or kind == "excluded":
            hits.append((offsets.span(row.start, row.end), kind))
    found: list[Mapping[str, object]] = []
    for paragraph in paragraphs:
        pieces: list[list[str]] = []
        at = paragraph.span.start
        for span, kind in hits:
            if paragraph.span.holds(span) and span.start >= at:
                pieces += [[text[at : span.start], ""], [text[span.start : span.end], kind]]
                at = span.end
        pieces.append([text[at : paragraph.span.end], ""])
        kept = [piece for piece in pieces if piece[0]]
        found.append({"start": paragraph.span.start, "removed": paragraph.removed, "pieces": kept})
    return found


def _aligned(shown: Sequence[Paragraph], beside: Sequence[Paragraph]) -> list[int]:
    """
    Return the paragraph beside which each paragraph of the other text stands.

    One to one where both have as many; else by how far into its text each lies.
    """
    if len(shown) == len(beside):
        return list(range(len(beside)))
    if not shown or not beside:
        return [0] * len(beside)
    lengths = [np.array([one.span.end - one.span.start for one in side], dtype=float) for side in (shown, beside)]
    ends = np.cumsum(lengths[0]) / lengths[0].sum()
    middles = (np.cumsum(lengths[1]) - lengths[1] / 2) / lengths[1].sum()
    return [int(place) for place in np.minimum(np.searchsorted(ends, middles), len(shown) - 1)]


def _data(row: Any, labels: Labels) -> list[list[str]]:  # noqa: ANN401
    """Return what is known of a document, each with the reason where there is one: key, value, reason."""
    region = labels.region(row.region_code) if row.region_code else ""
    fields = (
        ("date", row.date, row.date_source),
        ("region", region, row.region_source),
        ("issuer", row.issuer, None),
        ("institution", row.institution, None),
        ("kind", row.kind, None),
        ("outlet", row.outlet, None),
        ("republisher", row.republisher, None),
        ("number", row.document_number, None),
        ("translated_by", row.translated_by, None),
        ("length", f"{row.n_units:,} {labels.word('unit_' + row.unit, between=' · ')}", None),
        ("file", f"{row.path}#{row.record}" if row.record else row.path, None),
        ("url", row.url, None),
        ("notes", row.notes, None),
    )
    return [[key, str(value or ""), str(why or "")] for key, value, why in fields if value or why]
