"""What a text is written in, and how long it is.

Length is counted in units that depend on no segmentation and no lexicon: Han
characters in Chinese, words in English. The two are never added up.
"""

import re
from typing import Literal

import numpy as np

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
UNITS: dict[Language, str] = {"zh": "han", "en": "word"}

HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF), (0x3007, 0x3007))
LONG = 200
_HAN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES) + "]")
_LATIN = r"[^\W\d_\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
WORD = re.compile(rf"{_LATIN}+(?:['’\-]{_LATIN}+)*")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> Language | None:
    """
    Tell whether a text is Chinese or English; None for anything else.

    Chinese where Han characters are at least three in ten of its letters;
    English where nine in ten of its letters are Latin.

    Examples
    --------
    >>> language_of("坚持和发展新时代枫桥经验"), language_of("the rule of law"), language_of("བོད་")
    ('zh', 'en', None)
    """
    han = _count_han(text)
    if han >= 0.3 * len(text) and han:
        return "zh"  # the letters cannot be more than the characters
    letters = _LETTER.findall(text)
    if not letters:
        return None
    if han >= 0.3 * len(letters):
        return "zh"
    latin = sum(1 for letter in letters if letter < "\u0250")
    return "en" if latin >= 0.9 * (len(letters) - han) else None


def _count_han(text: str) -> int:
    """Count Han characters; in a long text ten times as fast as by a pattern."""
    if len(text) < LONG:
        return len(_HAN.findall(text))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return sum(int(((codes >= first) & (codes <= last)).sum()) for first, last in HAN_RANGES)


def count_units(text: str, language: Language) -> int:
    """
    Count Han characters (Chinese) or words (English).

    Examples
    --------
    >>> count_units("2023年，法治", "zh"), count_units("law-based governance, 2023", "en")
    (3, 2)
    """
    return _count_han(text) if language == "zh" else len(WORD.findall(text))
