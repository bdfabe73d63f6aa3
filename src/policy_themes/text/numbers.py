"""The numbers that a text names, in digits or in words, so that two languages can be compared by them."""

import re
from collections.abc import Mapping

from policy_themes.text.units import Language

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SCALE: Mapping[str, float] = {"万": 1e4, "亿": 1e8, "million": 1e6, "billion": 1e9, "trillion": 1e12, "thousand": 1e3}
_SCALED = re.compile(
    rf"(?<![A-Za-z\d.][-])(?<![A-Za-z\d.])(?P<digits>{_DIGITS.pattern})\s?(?P<scale>万亿|万|亿|thousand|million|billion|trillion)?(?!\d|th\b|st\b|nd\b|rd\b)"
)
_HAN_NUMBER = re.compile(r"(?<!第)[一二三四五六七八九十百]{2,7}(?!大|届|次全)")
_HAN_DIGITS = "〇一二三四五六七八九"
_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[- ](?P<ones>{'|'.join(_ONES[:9])}))?|(?P<small>{'|'.join(_ONES[9:])}))\b",
    re.I,
)


def numbers(text: str, language: Language) -> list[float]:
    """
    Return the numbers of ten and more that a text names, in digits or in words, in its order; years are left out.

    Examples
    --------
    >>> numbers("新增就业1200万人，调解纠纷三十八件，增长5%", "zh")
    [12000000.0, 38.0]
    >>> numbers("12 million new jobs, thirty-eight disputes, up 5%", "en")
    [12000000.0, 38.0]
    """
    found = [
        (match.start(), round(float(match["digits"].replace(",", "")) * _scale(match["scale"]), 3))
        for match in _SCALED.finditer(text)
    ]
    if language == "zh":
        found += [(match.start(), float(_han(match.group()))) for match in _HAN_NUMBER.finditer(text)]
    else:
        found += [(match.start(), _words(match)) for match in _WORDS.finditer(text)]
    return [number for _, number in sorted(found) if number >= 10 and not 1900 <= number <= 2100]


def _scale(written: str | None) -> float:
    """Return what 万亿 or million multiplies by."""
    if written == "万亿":
        return 1e12
    return _SCALE.get(written or "", 1.0)


def _han(written: str) -> int:
    """Return the value of a number in Chinese digits; 0 for what is none."""
    match = re.fullmatch(
        r"(?:([一二三四五六七八九])百)?(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九])?", written
    )
    if not match:
        return 0
    hundreds, tens, ten, ones = match.groups()
    value = 100 * (_HAN_DIGITS.index(hundreds) if hundreds else 0)
    value += 10 * (_HAN_DIGITS.index(tens) if tens else 1) if ten else 0
    return value + (_HAN_DIGITS.index(ones) if ones else 0)


def _words(match: re.Match[str]) -> float:
    """Return the value of a number in English words."""
    if match["small"]:
        return float(_ONES.index(match["small"].lower()) + 1)
    ones = _ONES.index(match["ones"].lower()) + 1 if match["ones"] else 0
    return float(10 * (_TENS.index(match["tens"].lower()) + 2) + ones)
