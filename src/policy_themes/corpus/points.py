"""The points of official prose: 一、（一）1. 第一, 一是, ——, "The first is", "In terms of X," as lists in order.

A list is a run of markers of one style whose numbers go up by one; it goes on
through the lists inside its points, and a higher one that begins ends it. What a text announces ("eight aspects")
stands beside what it holds: a page that was cut short announces four and holds
three.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_themes.corpus.markers import CARDINAL, HAN, UNNUMBERED, Marker, markers, number_of
from policy_themes.text.spans import Span
from policy_themes.text.units import Language

# A new list of these at the beginning of a line ends those of a lower rank.
_HIGH = {"part": 0, "chapter": 1, "roman": 1, "section": 2}
_WITHIN = frozenset({"ordinal", "its", "is", "shall", *UNNUMBERED})
_NEXT_ROWS = 8
_MEASURE = "个方面|方面|项|件|点|条|个坚持|个重点|大任务|大工程|大行动|个关键"
_ANNOUNCED: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"(?<![第{HAN}\d])(?P<many>[两{HAN}]{{1,3}}|\d{{1,2}})(?:{_MEASURE})"),
    "en": re.compile(
        rf"\b(?P<many>{'|'.join(CARDINAL)}|\d{{1,2}}) (?:[a-z]+ ){{0,2}}"
        r"(?:aspects|points|areas|tasks|requirements|respects|things|measures|priorities|fronts|issues|initiatives)\b",
        re.I,
    ),
}
_ANNOUNCES: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"以下|下列|如下|下面|抓好|做好|抓住|突出|重点|把握|处理好|聚焦|围绕|坚持|实施|推进|要求|强调|提出|部署|从|在|分"
    ),
    "en": re.compile(
        r"\b(?:focus|following|emphasi[sz]|stress|request|require|requiring|put forward|propos|do|grasp|need|should|must|will)"
    ),
}
# What was done is counted, not announced.
_DONE = re.compile(r"完成|兑现|落实$|实现$|[了过]|[“”\"]")
_CLAUSE_END: Mapping[Language, re.Pattern[str]] = {"zh": re.compile(r"[。!?,;\n]"), "en": re.compile(r"[.!?\n]")}
_LONGEST_TAIL: Mapping[Language, int] = {"zh": 10, "en": 60}
_ANNOUNCED_WITHIN = 160


@dataclass(frozen=True)
class Point:
    """
    One point of a list.

    Attributes
    ----------
    list : int
        Number of the list in the document, from 1.
    number : int
        Of the point: as written, or its place where none is written.
    style : str
        part, chapter, roman, section, number, paren, ordinal, its, sequence, is, shall, dash, phrase, task.
    label : str
        The marker as it stands.
    span : Span
        The point, with the lists inside it.
    announced : int or None
        How many points the text before the list says there are.
    """

    list: int
    number: int
    style: str
    label: str
    span: Span
    announced: int | None


@dataclass
class _List:
    """A list in the making, and where the text before it begins that may announce it."""

    markers: list[Marker]
    numbers: list[int]
    lead: int
    end: int | None = None

    def goes_on(self, marker: Marker) -> bool:
        """Tell whether a marker is the next of this list."""
        away = marker.row - self.markers[-1].row
        if marker.number is None:
            return away <= 1
        # One may be missing. Points inside paragraphs stand near each other.
        near = away <= _NEXT_ROWS or marker.style not in _WITHIN
        return near and self.numbers[-1] < marker.number <= self.numbers[-1] + 2

    def add(self, marker: Marker) -> None:
        """Add the next point."""
        self.numbers.append(marker.number or self.numbers[-1] + 1)
        self.markers.append(marker)


def find_points(text: str, rows: Sequence[Span], language: Language) -> tuple[Point, ...]:
    r"""
    Find the lists of a body.

    Parameters
    ----------
    text : str
        Normalised.
    rows : sequence of Span
        The paragraphs of the body, in order.
    language : {"zh", "en"}

    Returns
    -------
    tuple of Point
        In the order of the text.

    Examples
    --------
    >>> text = "We focus on four aspects: firstly, law. Second, order. Thirdly, care."
    >>> [(p.number, p.label, p.announced) for p in find_points(text, [Span(0, len(text))], "en")]
    [(1, 'firstly,', 4), (2, 'Second,', 4), (3, 'Thirdly,', 4)]
    """
    kept = [item for item in _lists(text, rows, language) if len(item.markers) >= _fewest(item)]
    kept.sort(key=lambda item: item.markers[0].span.start)
    found = [point for place, item in enumerate(kept, 1) for point in _points(text, rows, item, place, language)]
    return tuple(sorted(found, key=lambda point: (point.span.start, point.list)))


def _fewest(item: _List) -> int:
    """Return how many points make a list of its style."""
    return UNNUMBERED.get(item.markers[0].style, 2)


def _lists(text: str, rows: Sequence[Span], language: Language) -> list[_List]:
    """Put the markers of a body into lists: each goes on with the innermost list it is the next of, or begins one."""
    closed: list[_List] = []
    opened: list[_List] = []
    before = 0

    def close(place: int, end: int) -> None:
        for item in opened[place:]:
            item.end = end
        closed.extend(opened[place:])
        del opened[place:]

    for marker in markers(text, rows, language):
        kin = [
            place
            for place, item in enumerate(opened)
            if (item.markers[0].style, item.markers[0].key) == (marker.style, marker.key)
        ]
        place = kin[-1] if kin else None
        if place is not None and opened[place].goes_on(marker):
            close(place + 1, marker.span.start)
            opened[place].add(marker)
            before = marker.span.end
            continue
        if place is not None:  # a list that begins anew, or a number that comes again, ends the one before
            close(place, marker.span.start)
        if marker.number == 1 or (marker.number is None and marker.style != "sequence"):
            if marker.leads and marker.style in _HIGH:
                lower = [at for at, item in enumerate(opened) if _rank(item) > _HIGH[marker.style]]
                close(lower[0] if lower else len(opened), marker.span.start)
            lead = rows[marker.row - 1].start if marker.leads and marker.row else rows[marker.row].start
            opened.append(_List([marker], [1], max(lead, before)))
        before = marker.span.end
    close(0, rows[-1].end if rows else 0)
    return closed


def _rank(item: _List) -> int:
    """Return the rank of a list; those inside paragraphs come last."""
    return _HIGH.get(item.markers[0].style, len(_HIGH))


def mismatches(points: Sequence[Point]) -> list[str]:
    """
    Return, for each list that announces another number of points than it holds, what to say of it.

    Examples
    --------
    >>> text = "做好四个方面工作。一是立法。二是执法。"
    >>> mismatches(find_points(text, [Span(0, len(text))], "zh"))
    ['announces 4, holds 2']
    """
    found: dict[int, tuple[int | None, int]] = {}
    for point in points:
        found[point.list] = (point.announced, found.get(point.list, (None, 0))[1] + 1)
    return [f"announces {many}, holds {held}" for many, held in found.values() if many is not None and many != held]


def path_at(points: Sequence[Point], position: int) -> str | None:
    r"""
    Return the numbers of the points around a position, outermost first: ``2.1.3``; None outside of all lists.

    Examples
    --------
    >>> text = "一、总则\n一是立法。二是执法。\n二、附则"
    >>> points = find_points(text, [Span(0, 4), Span(5, 15), Span(16, 20)], "zh")
    >>> path_at(points, 12)
    '1.2'
    """
    inside = [point for point in points if point.span.start <= position < point.span.end]
    return ".".join(str(point.number) for point in inside) or None


def _points(text: str, rows: Sequence[Span], item: _List, place: int, language: Language) -> Iterator[Point]:
    """Yield the points of one list, each up to the next."""
    first, last = item.markers[0], item.markers[-1]
    announced = _announced(text[max(item.lead, first.span.start - _ANNOUNCED_WITHIN) : first.span.start], language)
    end = item.end if item.end is not None else rows[-1].end
    if first.style in _WITHIN:
        end = min(end, rows[last.row].end)
    ends = [after.span.start for _, after in pairwise(item.markers)] + [end]
    for number, marker, stop in zip(item.numbers, item.markers, ends, strict=True):
        span = Span(marker.span.start, stop).stripped(text)
        yield Point(place, number, first.style, marker.span.of(text), span, announced)


def _announced(lead: str, language: Language) -> int | None:
    """Return the number of points that the last clause before a list announces."""
    clause = _CLAUSE_END[language].split(re.sub(r"[\s。.:;,]{1,9}$", "", lead))[-1]
    found = [match for match in _ANNOUNCED[language].finditer(clause) if number_of(match["many"]) > 1]
    if not found or not _ANNOUNCES[language].search(clause) or _DONE.search(clause):
        return None
    if len(clause) - found[-1].end() > _LONGEST_TAIL[language]:
        return None
    # 九个方面37项任务, six aspects and 21 tasks: the list is of the former.
    pairs = list(pairwise(found))
    while pairs and pairs[-1][0].end() + 1 >= pairs[-1][1].start():
        found.pop()
        pairs.pop()
    return number_of(found[-1]["many"])
