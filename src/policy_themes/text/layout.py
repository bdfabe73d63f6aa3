"""The lines of a text as those of a page: how wide it is, which lines are full, and whether that makes it wrapped.

A line is full where the first word of the next one would not have fitted in.
Chinese lines are all of one width, in columns or in characters; English ones
go up to it, and those of a proportional font vary by a tenth.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

FEWEST_FULL = 6
# In characters. Poems and menus are narrower; English ones begin their lines with capitals besides.
NARROWEST_HAN, NARROWEST = 20, 24
# A tenth more or fewer letters of a proportional font are as wide.
SHARE_CLEAR, PROPORTIONAL = 0.9, 0.12
SHARE_FULL, MOST_STOPS, FEWEST_PROSE, MOST_ROWS = 0.75, 1 / 3, 0.5, 0.2
# Kinsoku moves one or two Han characters over the line end, so that no line begins with a comma.
KINSOKU = 2
# How much longer than its width a line may be: stops that hang over, a text wrapped by several hands.
LOOSE = 4
SHARE_EXACT = 0.97

_LINE = re.compile(
    r"(?P<indent>[^\S\n\r\v\f\x85\u2028\u2029]*)(?P<body>[^\n\r\v\f\x85\u2028\u2029]*)"
    r"(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|\Z)"
)
# In a Chinese text a Han character is a word.
_WORD_HAN, _WORD = re.compile(r"[!-~]+|."), re.compile(r"\S+")
_PROSE = re.compile(r"[，。；：、！？,;:].")
_LOWER = re.compile(r"[(“\"‘']?[a-zà-ÿ]")
_CLOSING = r"[”’\"'」』》）)\]]{0,3}$"
STOP = re.compile(rf"[。！？!?.…]{_CLOSING}")
PAUSE = re.compile(rf"[。！？!?.…；;：:]{_CLOSING}")
CELLS = re.compile(r"\S(?: |\u3000){3,}\S|\S\s*\t|[|│┃┌├└]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: how far it is indented, what it says, and where it ends."""

    indent: str
    body: str
    end: int

    @property
    def depth(self) -> int:
        """Return the width of its indent."""
        return len(self.indent.expandtabs(4))


def lines_of(text: str) -> list[Line]:
    r"""
    Return the lines of a text, blank ones too.

    Examples
    --------
    >>> [(line.indent, line.body, line.end) for line in lines_of("  a b \r\n\nc")]
    [('  ', 'a b', 6), ('', '', 8), ('', 'c', 10), ('', '', 10)]
    """
    return [Line(match["indent"], match["body"].rstrip(), match.end("body")) for match in _LINE.finditer(text)]


def _columns(text: str) -> int:
    """Return how many columns a Chinese text takes: what GBK writes in two bytes is two wide."""
    return len(text.encode("gbk", "replace"))


@dataclass(frozen=True)
class Layout:
    """
    The lines of a text as if they were wrapped, by one measure of width.

    Attributes
    ----------
    lines : sequence of Line
    han : bool
    width, unit : int
        What a line may hold; what a Han character takes.
    widths : sequence of int
    base : int
        Indent of a line that goes on.
    inner, full : frozenset of int
        The lines that have one right under them that is not indented; of these, those that are full.
    """

    lines: Sequence[Line]
    han: bool
    width: int
    unit: int
    widths: Sequence[int]
    base: int
    inner: frozenset[int]
    full: frozenset[int]

    @cached_property
    def share(self) -> float:
        """Return how many of the lines that do not end a sentence are full."""
        going = [place for place in self.inner if not STOP.search(self.lines[place].body)]
        return sum(place in self.full for place in going) / max(1, len(going))

    @property
    def is_wrapped(self) -> bool:
        """Tell whether the lines are those of a wrapped text: long, full, ended anywhere, prose."""
        narrowest = NARROWEST_HAN * self.unit if self.han else NARROWEST
        fewest = len(self.full)
        if fewest < FEWEST_FULL or self.share < SHARE_FULL or self.width < narrowest:
            return False
        bodies = [self.lines[place].body for place in self.full]
        stops, rows = sum(bool(PAUSE.search(body)) for body in bodies), sum(map(_is_row, bodies))
        prose = sum(bool(_PROSE.search(body)) for body in bodies)
        if not self.han:
            prose = sum(bool(_LOWER.match(self.lines[place + 1].body)) for place in self.full)
        return stops <= MOST_STOPS * fewest and rows <= MOST_ROWS * fewest and prose >= FEWEST_PROSE * fewest

    @property
    def is_exact(self) -> bool:
        """Tell whether lines were cut at a number of characters, words or no words."""
        exact = sum(self.widths[place] == self.width for place in self.full)
        return self.han and exact >= SHARE_EXACT * len(self.full)

    @property
    def is_marked(self) -> bool:
        """Tell whether paragraphs are kept apart by blank lines or indents, not by a short last line only."""
        ends = [place for place, line in enumerate(self.lines[:-1]) if line.body and place not in self.full]
        return 2 * sum(place not in self.inner for place in ends) >= len(ends)


def _is_row(body: str) -> bool:
    """Tell whether a line is a row of a table: cells apart, or mostly figures."""
    return bool(CELLS.search(body)) or 2 * sum(map(str.isalpha, body)) < len(body) - body.count(" ")


def best_layout(lines: Sequence[Line], han: bool) -> Layout:
    r"""
    Return the layout of a text, Chinese or not, by the measure of width that fits best.

    Examples
    --------
    >>> found = best_layout(lines_of("建设法治中国，建设平安中国\n" * 9), True)
    >>> found.width, len(found.full), found.is_wrapped
    (26, 8, False)
    """
    if han:
        return max((_layout(lines, True, measure) for measure in (_columns, len)), key=lambda layout: layout.share)
    tight = _layout(lines, False, len)
    if tight.share >= SHARE_CLEAR:
        return tight
    loose = _layout(lines, False, len, PROPORTIONAL)
    return loose if loose.share >= SHARE_CLEAR else tight


def _layout(lines: Sequence[Line], han: bool, measure: Callable[[str], int], give: float = 0) -> Layout:
    """Lay the lines out by a measure of width; widths may give by a share of it."""
    widths = [measure(line.indent + line.body) if line.body else 0 for line in lines]
    width, unit = _usual(widths, han), measure("汉")
    slack = KINSOKU * unit if han else 1 + give * width  # the blank before a word
    under = [place for place, (line, after) in enumerate(pairwise(lines)) if line.body and after.body]
    full = [
        place
        for place in under
        if width - slack - measure(_first_word(lines[place + 1].body, han)) < widths[place]
        and widths[place] <= width + LOOSE + give * width
    ]
    depths = Counter(lines[place + 1].depth for place in full)
    base = max(depths, key=lambda depth: (depths[depth], -depth), default=0)
    # A Chinese text that is cut anywhere is cut before a blank too.
    inner = frozenset(place for place in under if abs(lines[place + 1].depth - base) <= han)
    return Layout(lines, han, width, unit, widths, base, inner, inner.intersection(full))


def _usual(widths: Sequence[int], han: bool) -> int:
    """Return what a line may hold: Chinese lines are all as long, English ones up to so long."""
    ascending = sorted(filter(None, widths))
    if not han:
        return ascending[int(0.95 * (len(ascending) - 1))]
    counted = Counter(ascending)
    return max(counted, key=lambda value: (counted[value], value))


def _first_word(body: str, han: bool) -> str:
    """Return the first word of a line that says something."""
    match = (_WORD_HAN if han else _WORD).match(body)
    return match.group() if match else ""
