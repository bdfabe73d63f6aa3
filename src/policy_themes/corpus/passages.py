"""A page's body as passages: paragraphs of a readable size that know their section.

A passage is a paragraph; above 600 characters (300 words) it is split at
sentence ends, below 30 it is joined to the next one of its section. Passages
are what topic models read and what quotations come from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy_themes.corpus.clean import Page
from policy_themes.text.sentences import sentences
from policy_themes.text.spans import Span
from policy_themes.text.units import Language, count_units

LONGEST: Mapping[Language, int] = {"zh": 600, "en": 300}
SHORTEST = 30
_HEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:&?、|章|节|部分)|\([一二三四五六七八九十]{1,3}\)|[IVX]{1,4}\.|\d{1,2}\.) ?[^。.;\n]{2,50}$"
)


@dataclass(frozen=True)
class Piece:
    """A passage before it is numbered."""

    span: Span
    role: str
    section: str | None
    n_units: int


def passages(text: str, page: Page, language: Language) -> list[Piece]:
    r"""
    Cut a page into passages.

    Examples
    --------
    >>> from policy_themes.corpus.clean import clean
    >>> text = "题目如此\n一、总体要求\n" + "依法治国。" * 10
    >>> [(piece.role, piece.section, piece.n_units) for piece in passages(text, clean(text, "zh"), "zh")]
    [('title', None, 4), ('body', '一、总体要求', 45)]
    """
    found = [] if page.title is None else [_piece(text, page.title, "title", None, language)]
    section: str | None = None
    waiting: Span | None = None
    for span in page.body:
        if _HEADING.match(span.of(text)[:80]):
            if waiting is not None:
                found.append(_piece(text, waiting, "body", section, language))
            section, waiting = span.of(text), span
            continue
        joined = span if waiting is None else Span(waiting.start, span.end)
        if found and waiting is None and _goes_on(text, found[-1], span, section):
            # A line that was broken by hand: its sentence goes on in the next one.
            joined = Span(found.pop().span.start, span.end)
        # Only neighbours are joined: nothing that was removed may come in between.
        if waiting is not None and text[waiting.end : span.start].strip():
            found.append(_piece(text, waiting, "body", section, language))
            joined = span
        waiting = None
        if count_units(joined.of(text), language) < SHORTEST:
            waiting = joined
            continue
        found += [_piece(text, part, "body", section, language) for part in _split(text, joined, language)]
    if waiting is not None:
        found.append(_piece(text, waiting, "body", section, language))
    return found


def _goes_on(text: str, last: Piece, span: Span, section: str | None) -> bool:
    """Tell whether a passage stops in the middle of a sentence that the next line takes up in lower case."""
    return (
        last.role == "body"
        and last.section == section
        and text[last.span.end : span.start] == "\n"
        and text[last.span.end - 1] not in ".!?;:。！？；："
        and text[span.start].islower()
    )


def _piece(text: str, span: Span, role: str, section: str | None, language: Language) -> Piece:
    """Build one passage."""
    return Piece(span, role, section, count_units(span.of(text), language))


def _split(text: str, span: Span, language: Language) -> Iterator[Span]:
    """Split a long paragraph at sentence ends into parts of about equal length."""
    total = count_units(span.of(text), language)
    if total <= LONGEST[language]:
        yield span
        return
    aim = total / -(-total // LONGEST[language])
    start, size = span.start, 0
    parts = sentences(text, language, span)
    for part in parts:
        length = count_units(part.of(text), language)
        if size and size + length / 2 > aim:
            yield Span(start, part.start)
            start, size = part.start, 0
        size += length
    yield Span(start, span.end)
