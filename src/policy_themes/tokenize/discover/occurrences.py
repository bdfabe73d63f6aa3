"""Where proposed terms stand in the text: occurrences, documents, years, quotation marks, one example."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from policy_themes.corpus.records import Corpus, Passage
from policy_themes.schema import rows
from policy_themes.text.sentences import sentences
from policy_themes.text.spans import Span, leftmost_longest
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.keep import FixedTerms

_MARKS = frozenset(["“”", "「」", "『』", '""'])


@dataclass
class _Found:
    """What was seen of one term so far; ``first`` is its first place in the order of the paths."""

    n_text: int = 0
    n_quoted: int = 0
    doc_ids: set[str] = field(default_factory=set)
    first: tuple[str, str, int] | None = None
    example: tuple[Passage, Span] | None = None


def occurrences(corpus: Corpus, terms: pd.DataFrame) -> pd.DataFrame:
    """
    Look terms up in the text, as a dictionary that holds them would.

    Parameters
    ----------
    corpus : Corpus
        Copies are left out.
    terms : DataFrame
        With ``language`` and ``term``.

    Returns
    -------
    DataFrame
        The same with ``n_text, n_docs, first_year, last_year, n_quoted,
        example, path``; the example is the sentence of the first place in the
        order of the paths.
    """
    paths = {row.doc_id: str(row.path) for row in rows(corpus.documents)}
    years = {row.doc_id: int(row.year) for row in rows(corpus.documents) if row.year is not None}
    found: dict[tuple[Language, str], _Found] = {(row.language, row.term): _Found() for row in rows(terms)}
    fixed = {language: FixedTerms(terms["term"][terms["language"] == language], language) for language in LANGUAGES}
    for passage in corpus.iter_passages():
        _look(passage, fixed[passage.language], paths[passage.doc_id], found)
    return terms.assign(**pd.DataFrame([_row(one, paths, years) for one in found.values()], index=terms.index))


def _look(passage: Passage, fixed: FixedTerms, path: str, found: Mapping[tuple[Language, str], _Found]) -> None:
    """Add the occurrences in one passage."""
    spans: dict[str, list[Span]] = {}
    for number, start, end in fixed.occurrences(passage.text):
        spans.setdefault(fixed.phrases[number], []).append(Span(start, end))
    for term, own in spans.items():
        one = found[passage.language, term]
        alone = leftmost_longest(own) if len(own) > 1 else own
        one.n_text += len(alone)
        one.n_quoted += sum(_is_quoted(passage.text, span) for span in alone)
        one.doc_ids.add(passage.doc_id)
        place = (path, passage.doc_id, passage.span.start + alone[0].start)
        if one.first is None or place < one.first:
            one.first, one.example = place, (passage, alone[0])


def _is_quoted(text: str, span: Span) -> bool:
    """Tell whether quotation marks stand on both sides."""
    return text[max(span.start - 1, 0) : span.start] + text[span.end : span.end + 1] in _MARKS


def _row(found: _Found, paths: Mapping[str, str], years: Mapping[str, int]) -> dict[str, object]:
    """Return the columns of one term."""
    dated = [years[doc_id] for doc_id in found.doc_ids if doc_id in years]
    passage, span = found.example or (None, Span(0, 0))
    return {
        "n_text": found.n_text,
        "n_docs": len(found.doc_ids),
        "first_year": min(dated, default=None),
        "last_year": max(dated, default=None),
        "n_quoted": found.n_quoted,
        "example": _sentence(passage, span) if passage else None,
        "path": paths[passage.doc_id] if passage else None,
    }


def _sentence(passage: Passage, span: Span) -> str:
    """Return the sentence of a place; a term that runs over a line end has both lines."""
    cut = [one for one in sentences(passage.text, passage.language) if one.meets(span)]
    return Span(cut[0].start, cut[-1].end).of(passage.text).replace("\n", " ")
