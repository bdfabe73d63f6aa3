"""Stretches of text and what is done with many of them."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch of text, ``start`` to ``end``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the text it covers."""
        return text[self.start : self.end]

    def stripped(self, text: str) -> "Span":
        """Return it without the blanks at its ends."""
        piece = self.of(text)
        return Span(self.start + len(piece) - len(piece.lstrip()), self.end - len(piece) + len(piece.rstrip()))

    def holds(self, other: "Span") -> bool:
        """Tell whether the other lies inside."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Tell whether they share a character."""
        return self.start < other.end and other.start < self.end


def leftmost_longest(spans: Iterable[Span]) -> list[Span]:
    """
    Keep the leftmost spans, the longest where several start, none overlapping.

    Examples
    --------
    >>> leftmost_longest([Span(2, 4), Span(0, 3), Span(0, 2), Span(4, 5)])
    [Span(start=0, end=3), Span(start=4, end=5)]
    """
    return [Span(start, end) for start, end in leftmost_longest_places((span.start, span.end) for span in spans)]


def leftmost_longest_places(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """
    Do the same for plain pairs of start and end, where hundreds of thousands are made for each corpus.

    Examples
    --------
    >>> leftmost_longest_places([(2, 4), (0, 3), (0, 2), (4, 5)])
    [(0, 3), (4, 5)]
    """
    kept: list[tuple[int, int]] = []
    for place in sorted(places, key=lambda place: (place[0], -place[1])):
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept


def stands_alone(text: str, span: Span) -> bool:
    """
    Tell whether no letter or digit touches a span that begins and ends with one.

    Examples
    --------
    >>> stands_alone("Shanxi's", Span(0, 6)), stands_alone("Shanxian", Span(0, 6))
    (True, False)
    """
    before = span.start == 0 or not (text[span.start - 1].isalnum() and text[span.start].isalnum())
    after = span.end == len(text) or not (text[span.end].isalnum() and text[span.end - 1].isalnum())
    return before and after


def subtract(whole: Span, holes: Iterable[Span]) -> list[Span]:
    """
    Return what is left of a span without the holes.

    Examples
    --------
    >>> subtract(Span(0, 9), [Span(2, 4), Span(3, 5)])
    [Span(start=0, end=2), Span(start=5, end=9)]
    """
    left: list[Span] = []
    position = whole.start
    for hole in sorted(holes):
        if hole.start > position:
            left.append(Span(position, min(hole.start, whole.end)))
        position = max(position, hole.end)
    if position < whole.end:
        left.append(Span(position, whole.end))
    return [span for span in left if span.end > span.start]
