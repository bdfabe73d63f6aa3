"""The points of official prose: 一、（一）1. 第一, 一是, ——, "The first is", "In terms of X," as lists in order.

A list is a run of markers of one style whose numbers go up by one; a marker of
a higher style ends the lists below it. What a text announces ("eight aspects")
stands beside what it holds: a page that was cut short announces four and holds
three.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from policy_themes.text.spans import Span
from policy_themes.text.units import Language

_HAN = "一二三四五六七八九十"
_ENGLISH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINAL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# A style is above those that follow it: a marker of it ends their lists.
_LINES = (
    ("part", rf"第(?P<part>[{_HAN}]{{1,3}})(?:部分|章)"),
    ("chapter", rf"(?P<chapter>[{_HAN}]{{1,3}})&?、"),
    ("section", rf"\((?P<section>[{_HAN}]{{1,3}})\)"),
    ("number", r"(?P<number>\d{1,2})[.、](?!\d)"),
    ("paren", r"\((?P<paren>\d{1,2})\)"),
)
_INLINE: Mapping[Language, Sequence[tuple[str, str]]] = {
    "zh": (
        ("section", rf"\((?P<section>[{_HAN}]{{1,3}})\)"),
        ("paren", r"\((?P<paren>\d{1,2})\)"),
        ("ordinal", rf"第(?P<ordinal>[{_HAN}]{{1,3}})[,、:是]"),
        ("is", rf"(?P<is>[{_HAN}]{{1,3}})[是要](?!否|么)"),
        ("dash", r"(?P<dash>——|--)"),
        ("phrase", r"在[^,。;:\n]{2,15}(?P<phrase>方面),"),
        (
            "task",
            r"(?P<task>推进|推动|促进|加强|深化|实现)[^,。;:\n]{2,20}(?:现代化|建设|创新),\s?(?:要|必须|就要|应|须)",
        ),
    ),
    "en": (
        ("paren", r"\((?P<paren>\d{1,2})\)"),
        ("ordinal", rf"(?:[Tt]he )?(?P<ordinal>(?i:{'|'.join(_ENGLISH)}))(?:(?<!eight)(?:ly)?,| is\b)"),
        ("dash", r"(?P<dash>[–—]) ?(?=[A-Z])"),
        ("phrase", r"(?P<phrase>(?i:in terms of)) [^,.;:\n]{2,60},"),
    ),
}
_TASK = (
    r"\b(?:[Tt]o )?(?P<task>[a-z]{4,12} the [a-z]{4,16}) of [^,.;:\n]{2,60},"
    r"\s{0,2}we (?:must|should|need to|will|have to)"
)
_LINE_START = re.compile("|".join(pattern for _, pattern in _LINES))
_AFTER_STOP: Mapping[Language, str] = {
    "zh": r"(?:^|(?<=[,。.;:!?])|(?<=[,。.;:!?] ))",
    "en": r"(?:^|(?<=[.;:!?,”\"])|(?<=[.;:!?] ))",
}


def _inside(language: Language) -> re.Pattern[str]:
    """Return the pattern of the markers that stand inside paragraphs."""
    styles = "|".join(f"(?:{pattern})" for _, pattern in _INLINE[language])
    # A translated list may run on without a stop before its next point.
    return re.compile(rf"{_AFTER_STOP[language]}(?:{styles})" + (f"|{_TASK}" if language == "en" else ""))


_INSIDE: Mapping[Language, re.Pattern[str]] = {"zh": _inside("zh"), "en": _inside("en")}
_RANK = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "number": 3,
    "paren": 4,
    "ordinal": 5,
    "is": 6,
    "dash": 7,
    "phrase": 8,
    "task": 8,
}
_WITHIN = frozenset({"ordinal", "is", "dash", "phrase", "task"})
_FEWEST = {"dash": 2, "phrase": 2, "task": 3}
_MEASURE = "个方面|方面|项|件|点|条|个坚持|个重点|大任务|大工程|大行动|个关键"
_ANNOUNCED: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(rf"(?<![第{_HAN}\d])(?P<many>[两{_HAN}]{{1,3}}|\d{{1,2}})(?:{_MEASURE})"),
    "en": re.compile(
        rf"\b(?P<many>{'|'.join(_CARDINAL)}|\d{{1,2}}) (?:[a-z]+ ){{0,2}}"
        r"(?:aspects|points|areas|tasks|requirements|respects|things|measures|priorities|fronts|issues|initiatives)\b",
        re.I,
    ),
}
_ANNOUNCES: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"以下|下列|如下|下面|抓好|做好|抓住|突出|重点|把握|处理好|聚焦|围绕|坚持|实施|推进|要求|强调|提出|部署|从|在|分"
    ),
    "en": re.compile(
        r"\b(?:focus|following|emphasi[sz]|stress|request|requir|put forward|propos|do|grasp|need|should|must|will)"
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
        part, chapter, section, number, paren, ordinal, is, dash, phrase, task.
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
    """A list that is still open."""

    style: str
    key: str
    points: list[tuple[int, Span, int]]  # number, marker, row
    end: int | None = None


def number_of(written: str) -> int:
    """
    Return the number that Chinese or Arabic digits, or an English word, write.

    Examples
    --------
    >>> number_of("十二"), number_of("两"), number_of("3"), number_of("Fourth"), number_of("eight")
    (12, 2, 3, 4, 8)
    """
    lowered = written.lower()
    for words in (_ENGLISH, _CARDINAL):
        if lowered in words:
            return words.index(lowered) + 1
    if lowered.isdigit():
        return int(lowered)
    tens, ten, ones = lowered.replace("两", "二").rpartition("十")
    return (10 * (_HAN.index(tens) + 1 if tens in _HAN[:9] and tens else 1) if ten else 0) + (
        _HAN.index(ones) + 1 if ones and ones in _HAN else 0
    )


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
    closed: list[_List] = []
    opened: dict[str, _List] = {}
    for row, style, key, number, marker in _markers(text, rows, language):
        for name in [name for name, other in opened.items() if _RANK[name] > _RANK[style]]:
            closed.append(_ended(opened.pop(name), marker.start))
        current = opened.get(style)
        # Points without numbers, and those inside a paragraph, go on in the same paragraph or the next.
        if current and (current.key != key or (style in _FEWEST and row > current.points[-1][2] + 1)):
            current = None
        if current and (number is None or current.points[-1][0] < number <= current.points[-1][0] + 2):
            current.points.append((number or current.points[-1][0] + 1, marker, row))
        elif number in (None, 1):
            if style in opened:
                closed.append(_ended(opened.pop(style), marker.start))
            opened[style] = _List(style, key, [(1, marker, row)])
    closed += opened.values()
    kept = [item for item in closed if len(item.points) >= _FEWEST.get(item.style, 2)]
    kept.sort(key=lambda item: item.points[0][1].start)
    found = [point for place, item in enumerate(kept, 1) for point in _points(text, rows, item, place, language)]
    return tuple(sorted(found, key=lambda point: (point.span.start, point.list)))


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


def _markers(text: str, rows: Sequence[Span], language: Language) -> Iterator[tuple[int, str, str, int | None, Span]]:
    """Yield each marker: its row, style, key, number if it has one, and place."""
    for place, row in enumerate(rows):
        line = row.of(text)
        first = _LINE_START.match(line)
        if first:
            yield _marker(place, row, first)
        for match in _INSIDE[language].finditer(line, first.end() if first else 0):
            yield _marker(place, row, match)


def _marker(place: int, row: Span, match: re.Match[str]) -> tuple[int, str, str, int | None, Span]:
    """Describe one match."""
    style, value = next((name, value) for name, value in match.groupdict().items() if value is not None)
    numbered = style not in _FEWEST
    span = Span(row.start + match.start(), row.start + match.end())
    return (
        place,
        style,
        "" if numbered or style == "dash" else value.lower(),
        number_of(value) if numbered else None,
        span,
    )


def _ended(item: _List, end: int) -> _List:
    """Close a list where a higher marker stands."""
    item.end = end
    return item


def _points(text: str, rows: Sequence[Span], item: _List, place: int, language: Language) -> Iterator[Point]:
    """Yield the points of one list, each up to the next."""
    first, last = item.points[0][1], item.points[-1]
    lead = text[
        max(
            rows[item.points[0][2]].start if item.style in _WITHIN else 0, first.start - _ANNOUNCED_WITHIN
        ) : first.start
    ]
    announced = _announced(lead, language)
    end = item.end if item.end is not None else rows[-1].end
    if item.style in _WITHIN:
        end = min(end, rows[last[2]].end)
    ends = [after[1].start for _, after in pairwise(item.points)] + [end]
    for (number, marker, _), stop in zip(item.points, ends, strict=True):
        span = Span(marker.start, stop).stripped(text)
        yield Point(place, number, item.style, marker.of(text), span, announced)


def _announced(lead: str, language: Language) -> int | None:
    """Return the number of points that the last clause before a list announces."""
    clause = _CLAUSE_END[language].split(re.sub(r"[\s。.:;,]{1,9}$", "", lead))[-1]
    found = [match for match in _ANNOUNCED[language].finditer(clause) if number_of(match["many"]) > 1]
    if not found or not _ANNOUNCES[language].search(clause) or _DONE.search(clause):
        return None
    return number_of(found[0]["many"]) if len(clause) - found[-1].end() <= _LONGEST_TAIL[language] else None
