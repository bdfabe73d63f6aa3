"""A page's body as passages: paragraphs of a readable size that know their section, their part and their point.

A passage is a paragraph, cut where a point of a list begins; above 600
characters (300 words) it is split at sentence ends, below 30 it is joined to
the next one of its section. Passages are what topic models read and what
quotations come from. A glossary, and paragraphs in another language than the
document's, are passages that nothing is counted in.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from policy_themes.corpus.clean import Page
from policy_themes.corpus.points import Point, path_at
from policy_themes.corpus.sections import glossary_span
from policy_themes.text.sentences import sentences
from policy_themes.text.spans import Span
from policy_themes.text.units import Language, UnitIndex, count_units, language_of

LONGEST: Mapping[Language, int] = {"zh": 600, "en": 300}
SHORTEST, SOME = 30, 10
# Five words in a row, or a run, of letters that are not Han; any letter beyond Latin.
_MAYBE_FOREIGN: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(r"(?:[^\W\d_\u3007\u3400-\u9fff]{1,30}\W{1,3}){5}|[^\W\d_\u3007\u3400-\u9fff]{30}"),
    "en": re.compile(r"[\u0370-\u1fff\u2c00-\U0010ffff]"),
}
COUNTED = ("title", "body")
_HEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}(?:&?、|章|节|部分)|\([一二三四五六七八九十]{1,3}\)|[IVX]{1,4}\.|\d{1,2}\.) ?[^。.;\n]{2,50}$"
)


@dataclass(frozen=True)
class Piece:
    """
    A passage before it is numbered.

    Attributes
    ----------
    span : Span
    role : {"title", "body", "glossary", "other_language"}
        Only title and body are counted.
    section : str or None
        The last heading above it.
    n_units : int
        In the document's language.
    part : {"review", "plan"} or None
        Of a work report.
    point : str or None
        Numbers of the points it stands in, outermost first: ``2.1``.
    language : {"zh", "en"} or None
        Its own; None for neither, or where it holds no letters.
    """

    span: Span
    role: str
    section: str | None
    n_units: int
    part: str | None = None
    point: str | None = None
    language: Language | None = None


def passages(
    text: str, page: Page, language: Language, points: Sequence[Point] = (), parts: tuple[int, int] | None = None
) -> list[Piece]:
    r"""
    Cut a page into passages.

    Parameters
    ----------
    text : str
        Normalised.
    page : Page
    language : {"zh", "en"}
        Of the document.
    points : sequence of Point
        The lists of its body.
    parts : tuple of int, optional
        Where a work report begins its review and its plan.

    Examples
    --------
    >>> from policy_themes.corpus.clean import clean
    >>> text = "题目如此\n一、总体要求\n" + "依法治国。" * 10
    >>> [(piece.role, piece.section, piece.n_units) for piece in passages(text, clean(text, "zh"), "zh")]
    [('title', None, 4), ('body', '一、总体要求', 45)]
    """
    glossary = glossary_span(text, page.body)
    breaks = [*(parts or ()), *((glossary.start, glossary.end) if glossary else ())]
    described = []
    for piece in _pieces(text, page, language, [point.span.start for point in points], breaks):
        own = language_of(piece.span.of(text)) if 4 * piece.n_units < piece.span.end - piece.span.start else language
        role = piece.role
        if role == "body" and glossary is not None and glossary.holds(piece.span):
            role = "glossary"
        part = None
        if parts and role == "body" and piece.span.start >= parts[0]:
            part = "plan" if piece.span.start >= parts[1] else "review"
        point = path_at(points, piece.span.end - 1)
        described.append(replace(piece, role=role, part=part, point=point, language=own))
    return described


def _pieces(text: str, page: Page, language: Language, cuts: Sequence[int], breaks: Sequence[int]) -> list[Piece]:
    """Cut a page's title and body; no passage runs over a break."""
    units = UnitIndex(text, language)
    found = [] if page.title is None else [_piece(units, page.title, "title", None)]
    section: str | None = None
    waiting: Span | None = None
    for span in page.body:
        if waiting is not None and any(waiting.start < place <= span.start for place in breaks):
            found.append(_piece(units, waiting, "body", section))
            waiting = None
        if _HEADING.match(span.of(text)[:80]):
            if waiting is not None:
                found.append(_piece(units, waiting, "body", section))
            section, waiting = span.of(text), span
            continue
        if _is_foreign(text, span, language):
            if waiting is not None:
                found.append(_piece(units, waiting, "body", section))
            waiting = None
            found.append(_piece(units, span, "other_language", section))
            continue
        for number, part in enumerate(_at(text, span, cuts)):
            joined = part if waiting is None else Span(waiting.start, part.end)
            if found and waiting is None and number == 0 and _goes_on(text, found[-1], part, section):
                # A line that was broken by hand: its sentence goes on in the next one.
                joined = Span(found.pop().span.start, part.end)
            # Only neighbours are joined: nothing that was removed may come in between.
            if waiting is not None and text[waiting.end : part.start].strip():
                found.append(_piece(units, waiting, "body", section))
                joined = part
            waiting = None
            if units.count(joined) < SHORTEST:
                waiting = joined
                continue
            found += [_piece(units, cut, "body", section) for cut in _split(text, joined, language, units)]
    if waiting is not None:
        found.append(_piece(units, waiting, "body", section))
    return found


def _is_foreign(text: str, span: Span, language: Language) -> bool:
    """Tell whether a paragraph is in another language than its document."""
    if not _MAYBE_FOREIGN[language].search(text, span.start, span.end):
        return False
    own = language_of(span.of(text))
    if own == language or count_units(span.of(text), language) >= SOME:
        return False  # where the two stand in one paragraph, none is lost
    length = count_units(span.of(text), own) if own else sum(map(str.isalpha, span.of(text)))
    return length >= SHORTEST


def _at(text: str, span: Span, cuts: Sequence[int]) -> list[Span]:
    """Cut a paragraph where points begin."""
    places = [span.start, *cuts[bisect_right(cuts, span.start) : bisect_left(cuts, span.end)], span.end]
    return [Span(start, end).stripped(text) for start, end in pairwise(places)]


def _goes_on(text: str, last: Piece, span: Span, section: str | None) -> bool:
    """Tell whether a passage stops in the middle of a sentence that the next line takes up in lower case."""
    return (
        last.role == "body"
        and last.section == section
        and text[last.span.end : span.start] == "\n"
        and text[last.span.end - 1] not in ".!?;:。！？；："
        and text[span.start].islower()
    )


def _piece(units: UnitIndex, span: Span, role: str, section: str | None) -> Piece:
    """Build one passage."""
    return Piece(span, role, section, units.count(span))


def _split(text: str, span: Span, language: Language, units: UnitIndex) -> Iterator[Span]:
    """Split a long paragraph at sentence ends into parts of about equal length."""
    total = units.count(span)
    if total <= LONGEST[language]:
        yield span
        return
    aim = total / -(-total // LONGEST[language])
    start, size = span.start, 0
    parts = sentences(text, language, span)
    for part in parts:
        length = units.count(part)
        if size and size + length / 2 > aim:
            yield Span(start, part.start)
            start, size = part.start, 0
        size += length
    yield Span(start, span.end)
