r"""Hard-wrapped texts: which of their line ends are no ends.

Texts copied out of PDFs and mails break each line at some width, also in the
middle of a phrase (``枫\n桥经验``). That a text is wrapped shows in the whole of
it only: its lines are as long as the width allows, and they stop anywhere
(`layout`). A line end is dropped after a full line whose next one opens nothing.
All is decided from the text alone, so that the way back to the original can be
made again from the original.
"""

import re

from policy_themes.text.layout import CELLS, FEWEST_FULL, NARROWEST_HAN, PAUSE, STOP, Layout, best_layout, lines_of
from policy_themes.text.units import language_of

# Lines beyond that are paragraphs; a wrapped text may hold a few, as addresses of pages.
LONGEST_LINE, SHARE_BEYOND = 130, 0.25
# Of a longer one the lines would take more memory than a document may have.
LONGEST_TEXT, SAMPLE = 2_000_000, 20_000

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_HAN = "一二三四五六七八九十"
_OPENS = re.compile(
    rf"第[{_HAN}百]{{1,3}}(?:部分|[章节条，,、])|[{_HAN}]{{1,3}}&?、|[（(][{_HAN}\d]{{1,3}}[）)]|\d{{1,2}}(?:[、)）]|[.．](?!\d))"
    r"|[①-⑳•●■◆▪□]|[-*–—·] |——|(?:[A-Za-z]|[IVXivx]{2,4})[.)] "
)
# What stands under a title; a title may be as long as a line.
_HEADER = re.compile(
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\W*$)|(?:来源|发布|时间|日期|作者|Source|Date|Published|Author)\w{0,4} ?[:：]"
)
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
    lines = lines_of(text)
    if not any(line.body for line in lines):
        return {}
    best = best_layout(lines, language_of(text[:SAMPLE]) == "zh")
    if not best.is_wrapped:
        return {}
    marked, exact = best.is_marked, best.is_exact
    return {
        lines[place].end: _between(best, place, exact)
        for place in best.full
        if not _opens(lines[place].body, lines[place + 1].body, marked)
    }


def _may_be_wrapped(text: str) -> bool:
    """Tell at small cost that a text has too few lines that are long, or that most of it stands in longer ones."""
    if len(text) > LONGEST_TEXT or (text.count("\n") < FEWEST_FULL and text.count("\r") < FEWEST_FULL):
        return False
    lengths = [length for length in map(len, text.splitlines()) if length >= NARROWEST_HAN]
    beyond = sum(length for length in lengths if length > LONGEST_LINE)
    return len(lengths) >= FEWEST_FULL and beyond <= SHARE_BEYOND * len(text)


def _opens(before: str, after: str, marked: bool) -> bool:
    """Tell whether a line under a full one opens a paragraph, a point or a header."""
    if _HEADER.match(after) or CELLS.search(before) or CELLS.search(after):
        return True
    if marked:  # a number in the middle of a sentence is no marker
        return bool(_OPENS.match(after) and PAUSE.search(before))
    return bool(_OPENS.match(after) or STOP.search(before) or before[-1] in "：:")


def _between(layout: Layout, place: int, exact: bool) -> str:
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
