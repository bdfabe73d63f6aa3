"""Sentences, also where no blank follows the full stop.

Translations printed on the web run on: ``…of the law.We need to…``. A stop
ends a sentence when a capital letter, a dash that opens a point, a quotation
mark or nothing follows, with or without a blank, and when it does not belong
to an initial, an abbreviation or a number. In Chinese 。！？； end one.
"""

import re

from policy_themes.text.spans import Span
from policy_themes.text.units import Language

_ZH_END = re.compile(r"[。！？!?；;…]{1,9}[”’\"」』》)]{0,5}|\n")
_EN_END = re.compile(
    r"(?<![.!?])[.!?]{1,9}[\"”’')\]]{0,5}(?=\s{0,3}(?:[–—-]\s?)?[A-Z\"“‘(\u4e00-\u9fff]|\s{0,3}$|\s{1,3}[–—])|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Art|Sec|Inc|Ltd|Co|vs|etc|e\.g|i\.e|cf|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
    r"|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)


def sentences(text: str, language: Language, within: Span | None = None) -> list[Span]:
    """
    Split a normalised text into sentences.

    Parameters
    ----------
    text : str
    language : {"zh", "en"}
    within : Span, optional
        Only this part of it; positions stay those of the whole text.

    Returns
    -------
    list of Span
        Without blanks at their ends, in order, nothing but blanks between.

    Examples
    --------
    >>> [span.of("Be fair.We need J. Smith. – Next") for span in sentences("Be fair.We need J. Smith. – Next", "en")]
    ['Be fair.', 'We need J. Smith.', '– Next']
    """
    area = within or Span(0, len(text))
    pattern = _ZH_END if language == "zh" else _EN_END
    found: list[Span] = []
    start = area.start
    for match in pattern.finditer(text, area.start, area.end):
        if (
            language == "en"
            and match.group() == "."
            and _ABBREVIATION.search(text, max(start, match.end() - 8), match.end())
        ):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    found.append(Span(start, area.end))
    return [span for span in (span.stripped(text) for span in found) if span.end > span.start]


def lines(text: str) -> list[Span]:
    """Return the lines of a normalised text."""
    return [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
