r"""Hard-wrapped texts: which of their line ends are no ends.

Texts copied out of PDFs and mails break each line at some width, also in the
middle of a phrase (``枫\n桥经验``). That a text is wrapped shows in the whole of
it only: its lines are as long as the width allows, and they stop anywhere. A
line is full where the first word of the next one would not have fitted in; a
line end is dropped after a full line whose next one opens nothing. All is
decided from the text alone, so that the way back to the original can be made
again from the original.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from policy_themes.text.units import language_of

FEWEST_FULL = 6
# Lines beyond that are paragraphs; a wrapped text may hold a few, as addresses of pages.
LONGEST_LINE, SHARE_BEYOND = 130, 0.25
# Of a longer one the lines would take more memory than a document may have.
LONGEST_TEXT = 2_000_000
# In characters. Poems and menus are narrower; English ones begin their lines with capitals besides.
NARROWEST_HAN, NARROWEST = 20, 24
# A tenth more or fewer letters of a proportional font are as wide.
SHARE_CLEAR, PROPORTIONAL = 0.9, 0.12
SHARE_FULL, MOST_STOPS, FEWEST_PROSE, MOST_ROWS = 0.75, 1 / 3, 0.5, 0.2
# Kinsoku moves one or two Han characters over the line end, so that no line begins with a comma.
KINSOKU = 2
# How much longer than its width a line may be: stops that hang over, a text wrapped by several hands.
LOOSE = 4
SHARE_EXACT, SAMPLE = 0.97, 20_000

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LINE = re.compile(
    r"(?P<indent>[^\S\n\r\v\f\x85\u2028\u2029]*)(?P<body>[^\n\r\v\f\x85\u2028\u2029]*)"
    r"(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|\Z)"
)
# In a Chinese text a Han character is a word.
_WORD_HAN, _WORD = re.compile(r"[!-~]+|."), re.compile(r"\S+")
_CLOSING = r"[”’\"'」』》）)\]]{0,3}$"
_STOP = re.compile(rf"[。！？!?.…]{_CLOSING}")
_PAUSE = re.compile(rf"[。！？!?.…；;：:]{_CLOSING}")
_PROSE = re.compile(r"[，。；：、！？,;:].")
_LOWER = re.compile(r"[(“\"‘']?[a-zà-ÿ]")
_HAN = "一二三四五六七八九十"
_OPENS = re.compile(
    rf"第[{_HAN}百]{{1,3}}(?:部分|[章节条，,、])|[{_HAN}]{{1,3}}&?、|[（(][{_HAN}\d]{{1,3}}[）)]|\d{{1,2}}(?:[、)）]|[.．](?!\d))"
    r"|[①-⑳•●■◆▪□]|[-*–—·] |——|(?:[A-Za-z]|[IVXivx]{2,4})[.)] "
)
# What stands under a title; a title may be as long as a line.
_HEADER = re.compile(
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\W*$)|(?:来源|发布|时间|日期|作者|Source|Date|Published|Author)\w{0,4} ?[:：]"
)
_CELLS = re.compile(r"\S(?: |\u3000){3,}\S|\S\s*\t|[|│┃┌├└]")
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z,.;:!?)]"), re.compile(r"[A-Za-z(]")
_HYPHEN = re.compile(r"\w-$")
_AFTER_HYPHEN = re.compile(r"(?!(?:and|or|to|und)\b)\w")


def joints(text: str) -> dict[int, str]:
    r"""
    Find the line ends of a hard-wrapped text that are no ends.

    Parameters
    ----------
    text : str
        The original, with any line ends.

    Returns
    -------
    dict of int to str
        Where each stands, and what stands in its place: nothing, or a blank. Empty where the text is not wrapped.

    Examples
    --------
    >>> text = "坚持和发展新时代枫桥经验，把矛盾化解在基层，把问题解决在萌芽状态，" * 9
    >>> found = joints("\n".join(text[start : start + 25] for start in range(0, len(text), 25)))
    >>> len(found), found[25]
    (11, '')
    >>> joints("坚持\n枫桥经验")
    {}
    """
    if not _may_be_wrapped(text):
        return {}
    lines = [_Line(match["indent"], match["body"].rstrip(), match.end("body")) for match in _LINE.finditer(text)]
    if not any(line.body for line in lines):
        return {}
    han = language_of(text[:SAMPLE]) == "zh"
    best = _best_layout(lines, han)
    if not best.is_wrapped:
        return {}
    marked, exact = best.is_marked, best.is_exact
    return {
        lines[place].end: _between(best, place, exact)
        for place in best.full
        if not _opens(lines[place].body, lines[place + 1].body, marked, han)
    }


def _may_be_wrapped(text: str) -> bool:
    """Tell at small cost that a text has too few lines that are long, or that most of it stands in longer ones."""
    if len(text) > LONGEST_TEXT or (text.count("\n") < FEWEST_FULL and text.count("\r") < FEWEST_FULL):
        return False
    lengths = [length for length in map(len, text.splitlines()) if length >= NARROWEST_HAN]
    beyond = sum(length for length in lengths if length > LONGEST_LINE)
    return len(lengths) >= FEWEST_FULL and beyond <= SHARE_BEYOND * len(text)


def _opens(before: str, after: str, marked: bool, han: bool) -> bool:
    """Tell whether a line under a full one opens a paragraph, a point or a header."""
    if _HEADER.match(after) or _CELLS.search(before) or _CELLS.search(after):
        return True
    if marked:  # a number in the middle of a sentence is no marker
        return bool(_OPENS.match(after) and _PAUSE.search(before))
    return bool(_OPENS.match(after) or _STOP.search(before) or before[-1] in "：:")


def _between(layout: "_Layout", place: int, exact: bool) -> str:
    """Return what stood where a line was broken: nothing, or a blank."""
    line, after = layout.lines[place], layout.lines[place + 1]
    last, first = line.body[-1], after.body[0]
    if exact:  # cut anywhere: a blank is one that stands there still
        return " " if layout.widths[place] < layout.width or after.depth > layout.base else ""
    if last == "\u00ad" or (_HYPHEN.search(line.body) and _AFTER_HYPHEN.match(after.body)):
        return ""
    if layout.han:
        return " " if _LATIN_END.match(last) and _LATIN_START.match(first) else ""
    return "" if _is_wide(last) and _is_wide(first) else " "


def _is_wide(char: str) -> bool:
    """Tell whether a character is Han, or a stop as wide as one."""
    return "\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uff60"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: how far it is indented, what it says, and where it ends."""

    indent: str
    body: str
    end: int

    @property
    def depth(self) -> int:
        """Return the width of its indent."""
        return len(self.indent.expandtabs(4))


def _columns(text: str) -> int:
    """Return how many columns a Chinese text takes: what GBK writes in two bytes is two wide."""
    return len(text.encode("gbk", "replace"))


@dataclass(frozen=True)
class _Layout:
    """
    The lines of a text as if they were wrapped, by one measure of width.

    Attributes
    ----------
    lines : sequence of _Line
    han : bool
    width, unit : int
        What a line may hold; what a Han character takes.
    widths : sequence of int
    base : int
        Indent of a line that goes on.
    inner, full : frozenset of int
        The lines that have one right under them that is not indented; of these, those that are full.
    """

    lines: Sequence[_Line]
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
        going = [place for place in self.inner if not _STOP.search(self.lines[place].body)]
        return sum(place in self.full for place in going) / max(1, len(going))

    @property
    def is_wrapped(self) -> bool:
        """Tell whether the lines are those of a wrapped text: long, full, ended anywhere, prose."""
        narrowest = NARROWEST_HAN * self.unit if self.han else NARROWEST
        fewest = len(self.full)
        if fewest < FEWEST_FULL or self.share < SHARE_FULL or self.width < narrowest:
            return False
        bodies = [self.lines[place].body for place in self.full]
        stops, rows = sum(bool(_PAUSE.search(body)) for body in bodies), sum(map(_is_row, bodies))
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
    return bool(_CELLS.search(body)) or 2 * sum(map(str.isalpha, body)) < len(body) - body.count(" ")


def _best_layout(lines: Sequence[_Line], han: bool) -> _Layout:
    """Return the layout by the measure that fits best."""
    if han:
        return max((_layout(lines, True, measure) for measure in (_columns, len)), key=lambda layout: layout.share)
    tight = _layout(lines, False, len)
    if tight.share >= SHARE_CLEAR:
        return tight
    loose = _layout(lines, False, len, PROPORTIONAL)
    return loose if loose.share >= SHARE_CLEAR else tight


def _layout(lines: Sequence[_Line], han: bool, measure: Callable[[str], int], give: float = 0) -> _Layout:
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
    return _Layout(lines, han, width, unit, widths, base, inner, inner.intersection(full))


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
