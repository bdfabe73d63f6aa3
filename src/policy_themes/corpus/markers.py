"""The markers with which points of official prose begin: 一、（一）1. 第一, 一是, ——, "The first is", "In terms of X,"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_themes.text.spans import Span
from policy_themes.text.units import Language

HAN = "一二三四五六七八九十"
_ENGLISH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
CARDINAL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SEQUENCE = ("首先", "其次", "再次", "最后")
# At the beginning of a line.
_LINES = (
    rf"第(?P<part>[{HAN}]{{1,3}})(?:部分|章)",
    rf"(?P<chapter>[{HAN}]{{1,3}})&?、",
    r"(?P<roman>[IVX]{1,4})\. (?=[A-Z])",
    rf"\((?P<section>[{HAN}]{{1,3}})\)",
    r"(?P<number>\d{1,2})[.、)](?!\d)",
    r"\((?P<paren>\d{1,2})\)",
)
# Inside a paragraph, after a stop.
_INLINE: Mapping[Language, Sequence[str]] = {
    "zh": (
        rf"(?P<chapter>[{HAN}]{{1,3}})、",
        rf"\((?P<section>[{HAN}]{{1,3}})\)",
        r"(?P<number>\d{1,2})[.、](?!\d)",
        r"\((?P<paren>\d{1,2})\)",
        rf"第(?P<ordinal>[{HAN}]{{1,3}})[,、:是]",
        rf"其(?P<its>[{HAN[:5]}])[,:是]",
        rf"(?P<sequence>{'|'.join(_SEQUENCE)})[,是要]",
        rf"(?P<is>[{HAN}]{{1,3}})是(?!否)",
        rf"(?P<shall>[{HAN}]{{1,3}})要(?!么)",
        r"(?P<dash>——|--)",
        r"在[^,。;:\n]{2,15}(?P<phrase>方面),",
        r"(?P<task>推进|推动|促进|加强|深化|实现)[^,。;:\n]{2,20}(?:现代化|建设|创新),\s?(?:要|必须|就要|应|须)",
    ),
    "en": (
        r"\((?P<paren>\d{1,2})\)",
        rf"(?:[Tt]he )?(?P<ordinal>(?i:{'|'.join(_ENGLISH)}))(?:(?<!eight)(?:ly)?,| is\b| and foremost,)",
        rf"(?P<is>(?i:{'|'.join(CARDINAL[:10])})) is (?=to\b)",
        r"(?P<dash>[–—]) ?(?=[A-Z])",
        r"(?P<phrase>(?i:in terms of)) [^,.;:\n]{2,60},",
    ),
}
_TASK = (
    r"\b(?:[Tt]o )?(?P<task>[a-z]{4,12} the [a-z]{4,16}) of [^,.;:\n]{2,60},"
    r"\s{0,2}we (?:must|should|need to|will|have to)"
)
_LINE_START = re.compile("|".join(_LINES))
_AFTER_STOP: Mapping[Language, str] = {
    "zh": r"(?:^|(?<=[,。.;:!?])|(?<=[,。.;:!?] ))",
    "en": r"(?:^|(?<=[.;:!?,”\"])|(?<=[.;:!?] ))",
}


def _inside(language: Language) -> re.Pattern[str]:
    """Return the pattern of the markers that stand inside paragraphs."""
    styles = "|".join(f"(?:{pattern})" for pattern in _INLINE[language])
    # A translated list may run on without a stop before its next point.
    return re.compile(rf"{_AFTER_STOP[language]}(?:{styles})" + (f"|{_TASK}" if language == "en" else ""))


_INSIDE: Mapping[Language, re.Pattern[str]] = {"zh": _inside("zh"), "en": _inside("en")}
# Styles without numbers, and how many points make a list of them.
UNNUMBERED = {"dash": 2, "phrase": 2, "task": 3, "sequence": 2}


@dataclass(frozen=True)
class Marker:
    """The beginning of a point: its row, whether it begins the row, its style, and its number if it has one."""

    row: int
    leads: bool
    style: str
    key: str
    number: int | None
    span: Span


def number_of(written: str) -> int:
    """
    Return the number that Chinese or Arabic digits, or an English word, write.

    Examples
    --------
    >>> number_of("十二"), number_of("两"), number_of("3"), number_of("Fourth"), number_of("eight")
    (12, 2, 3, 4, 8)
    """
    lowered = written.lower()
    for words in (_ENGLISH, CARDINAL, _ROMAN):
        if lowered in words:
            return words.index(lowered) + 1
    if lowered.isdigit():
        return int(lowered)
    tens, ten, ones = lowered.replace("两", "二").rpartition("十")
    return (10 * (HAN.index(tens) + 1 if tens in HAN[:9] and tens else 1) if ten else 0) + (
        HAN.index(ones) + 1 if ones and ones in HAN else 0
    )


def markers(text: str, rows: Sequence[Span], language: Language) -> Iterator[Marker]:
    """Yield the markers of a body in order."""
    for place, row in enumerate(rows):
        line = row.of(text)
        first = _LINE_START.match(line)
        if first:
            yield _marker(place, row, first)
        for match in _INSIDE[language].finditer(line, first.end() if first else 0):
            yield _marker(place, row, match)


def _marker(place: int, row: Span, match: re.Match[str]) -> Marker:
    """Describe one match."""
    style, value = next((name, value) for name, value in match.groupdict().items() if value is not None)
    span = Span(row.start + match.start(), row.start + match.end())
    number = number_of(value) if style not in UNNUMBERED else 1 if value == _SEQUENCE[0] else None
    return Marker(place, match.start() == 0, style, value.lower() if style in ("phrase", "task") else "", number, span)
