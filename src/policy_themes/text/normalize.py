r"""Text in the form that is matched, with the way back to the form that is quoted.

Matching wants one spelling: full-width letters made narrow, compatibility
characters resolved (NFKC), traditional characters folded to simplified ones,
invisible characters gone, runs of blanks closed up. Quoting wants the text as
it was. `Normalized` holds the first and an `OffsetMap` to the second, so that
every hit can be shown where it really stands.

Most of it is one-to-one and done by one translation table; what changes its
length (``…`` becomes ``...``, a letter and its accent become one character,
three blanks become one) is found by one pattern and replaced in one pass.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from policy_themes.text.spans import Span
from policy_themes.text.wrapped import LINE_END, joints

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
CONTROL = "\x00-\x08\x0e-\x1b\x7f"
COMBINING = "\u0300-\u036f\u3099\u309a"
# A few characters (著, 乾) are written in simplified texts too; a traditional text has four in ten.
TRADITIONAL, SCRIPT_SAMPLE = 0.1, 2_000
# Where NFKC changes anything: the first plane without Han, Yi, Hangul and private use; mathematical letters, enclosed
# letters, compatibility characters.
_COMPATIBLE = (
    *range(0x80, 0x3400), *range(0xA4D0, 0xAC00), *range(0xF900, 0x10000),
    *range(0x1D400, 0x1D800), *range(0x1F100, 0x1F200), *range(0x2F800, 0x2FA20),
)  # fmt: skip


@dataclass(frozen=True)
class OffsetMap:
    """
    The way from positions of a normalised text back to the original.

    Attributes
    ----------
    starts : ndarray of int, shape (n_runs,)
        Where each unbroken run begins in the normalised text, ascending.
    origins : ndarray of int, shape (n_runs,)
        Where the same run begins in the original.
    length : int
        Of the normalised text.
    """

    starts: NDArray[np.int64]
    origins: NDArray[np.int64]
    length: int

    @classmethod
    def of(cls, positions: NDArray[np.int64]) -> "OffsetMap":
        """Compress the original position of each character into runs."""
        breaks = np.flatnonzero(np.diff(positions) != 1) + 1
        starts = np.concatenate([np.zeros(1, np.int64), breaks])
        return cls(starts, positions[starts] if len(positions) else np.zeros(1, np.int64), len(positions))

    def original(self, position: int) -> int:
        """Return the original position of one normalised position."""
        run = int(np.searchsorted(self.starts, position, side="right")) - 1
        return int(self.origins[run]) + position - int(self.starts[run])

    def normalized(self, position: int) -> int:
        """
        Return the normalised position at which an original one, or the next that was kept, stands.

        Examples
        --------
        >>> normalize("枫\u200b桥 经验").offsets.normalized(2)
        1
        """
        run = int(np.searchsorted(self.origins, position, side="right")) - 1
        if run < 0:
            return int(self.starts[0])
        end = int(self.starts[run + 1]) if run + 1 < len(self.starts) else self.length
        return min(int(self.starts[run]) + position - int(self.origins[run]), end)

    def span(self, start: int, end: int) -> Span:
        """
        Return the original span of a normalised one.

        Examples
        --------
        >>> normalize("枫\u200b桥 经验").offsets.span(0, 2)
        Span(start=0, end=3)
        """
        first = self.original(start)
        return Span(first, self.original(end - 1) + 1 if end > start else first)


@dataclass(frozen=True)
class Normalized:
    """A normalised text and the map back to its original."""

    text: str
    offsets: OffsetMap


@cache
def _simplified() -> dict[int, str]:
    """Return traditional → simplified, one character each, from OpenCC's dictionary."""
    from opencc_purepy import OpenCC

    characters = [chr(code) for code in range(0x3400, 0xA000)]
    # Separated by line ends, so that no two neighbours are taken for a phrase.
    folded = str(OpenCC("t2s").convert("\n".join(characters))).split("\n")
    return {ord(old): new for old, new in zip(characters, folded, strict=True) if old != new and len(new) == 1}


@cache
def _one_to_one() -> dict[int, str]:
    """Return every one-to-one change: NFKC first, then the folding of its result."""
    simplified = _simplified()
    table = dict(simplified)
    for code in _COMPATIBLE:
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1 and form != chr(code):
            table[code] = simplified.get(ord(form), form)
    return table


@cache
def _changes_length() -> re.Pattern[str]:
    """Return the pattern of all that does not stay one character."""
    longer = [chr(code) for code in _COMPATIBLE if len(unicodedata.normalize("NFKC", chr(code))) != 1]
    return re.compile(
        rf"(?P<marked>[^\s{COMBINING}][{COMBINING}]+)"
        rf"|(?P<blank>[\s{INVISIBLE}{CONTROL}]*\s[\s{INVISIBLE}{CONTROL}]*)"
        rf"|(?P<gone>[{INVISIBLE}{CONTROL}]+)"
        rf"|(?P<longer>[{''.join(map(re.escape, longer))}])"
    )


def _replacement(match: re.Match[str], dropped: Mapping[int, str]) -> str:
    """Return what a match of `_changes_length` becomes, given the line ends that are none."""
    if match.lastgroup == "blank":
        ends = [end.start() for end in LINE_END.finditer(match.group())]
        return "\n" if len(ends) > 1 else dropped.get(match.start() + ends[0], "\n") if ends else " "
    if match.lastgroup == "gone":
        return ""
    form = unicodedata.normalize("NFKC", match.group()).translate(_simplified())
    return match.group() if form.startswith(" ") else form  # a spacing accent stays one character


def script_of(text: str) -> str | None:
    """
    Tell whether a Chinese text is written in traditional or simplified characters; None without any.

    Examples
    --------
    >>> script_of("堅持和發展新時代楓橋經驗"), script_of("坚持和发展新时代枫桥经验"), script_of("law")
    ('traditional', 'simplified', None)
    """
    simplified = _simplified()
    han = [char for char in text[:SCRIPT_SAMPLE] if "\u3400" <= char <= "\u9fff"]
    old = sum(1 for char in han if ord(char) in simplified)
    return None if not han else "traditional" if old >= TRADITIONAL * len(han) else "simplified"


def normalize(text: str) -> Normalized:
    r"""
    Normalise a text for matching.

    Parameters
    ----------
    text : str
        The original, with any line ends.

    Returns
    -------
    Normalized
        NFKC, simplified, without invisible and control characters; blanks run
        together to one space, lines to one ``\n``; no blank at either end. Lines
        of a hard-wrapped text are joined (`wrapped`).

    Examples
    --------
    >>> normalize("ＡＩ　与\r\n\r\n楓橋經驗 ").text
    'AI 与\n枫桥经验'
    """
    source = text.translate(_one_to_one())
    positions = np.arange(len(source), dtype=np.int64)
    pieces: list[str] = []
    origins: list[NDArray[np.int64]] = []
    dropped = joints(text)
    done = 0
    for match in _changes_length().finditer(source):
        form = _replacement(match, dropped)
        pieces += [source[done : match.start()], form]
        origins += [positions[done : match.start()], np.full(len(form), match.start(), np.int64)]
        done = match.end()
    whole = "".join([*pieces, source[done:]])
    where = np.concatenate([*origins, positions[done:]])
    first = len(whole) - len(whole.lstrip())
    last = len(whole.rstrip())
    return Normalized(whole[first:last], OffsetMap.of(where[first:last]))
