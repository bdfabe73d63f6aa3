"""What a text is written in, and how long it is.

Length is counted in units that depend on no segmentation and no lexicon: Han
characters in Chinese, words in English. The two are never added up.
"""

import re
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
UNITS: dict[Language, str] = {"zh": "han", "en": "word"}

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3007]")
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
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    han = len(_HAN.findall(text))
    if han >= 0.3 * letters:
        return "zh"
    latin = sum(1 for letter in _LETTER.findall(text) if letter < "\u0250")
    return "en" if latin >= 0.9 * (letters - han) else None


def count_units(text: str, language: Language) -> int:
    """
    Count Han characters (Chinese) or words (English).

    Examples
    --------
    >>> count_units("2023年，法治", "zh"), count_units("law-based governance, 2023", "en")
    (3, 2)
    """
    return len((_HAN if language == "zh" else WORD).findall(text))
