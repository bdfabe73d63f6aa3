"""The labelled fields above an article: 发布时间：… 来源：… 发文字号：…, on one line or a line each."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from policy_themes.corpus.rules import page_data
from policy_themes.text.spans import Span

LONGEST_VALUE, LONGEST_ROW = 80, 200
_SENTENCE = re.compile(r"[。！？；，,][^。]{0,200}[。！？.!?;]$")
_TODAY = re.compile(
    r"今天是|现在是|当前时间|(?<![(（])星期[一二三四五六日天]|[Tt]oday is|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_WRITTEN = r"(?:19|20)\d\d ?[-./年] ?\d{1,2} ?[-./月] ?\d{1,2}日?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"
_DATE, _INSIDE = re.compile(rf"\W{{0,3}}{_WRITTEN}"), re.compile(rf"(?<!\d){_WRITTEN}")
_ALONE = re.compile(r"(?:\d{1,2} )?[A-Z][a-z]{2,8}\.? (?:\d{1,2}, ?)?(?:19|20)\d\d|(?:19|20)\d\d年\d{1,2}月")


@dataclass(frozen=True)
class Header:
    """
    What the lines above an article say.

    Attributes
    ----------
    values : mapping of str to str
        By role: ``date, signed, outlet, issuer, number, reporter, translator``; the first wins.
    rows : frozenset of Span
        The lines that hold such fields and nothing else.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    rows: frozenset[Span] = frozenset()


@cache
def _labels() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return the pattern of all labels, the longest first, and the role of each."""
    roles = {label.lower(): role for role, labels in page_data("header").items() for label in labels}
    # 文　　号 is written with blanks to fill its cell.
    names = "|".join(
        " ?".join(label) if not label.isascii() else label for label in sorted(roles, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w])(?P<label>{names}) ?(?P<colon>:)? ?", re.I), roles


def _unlabelled(line: str, *, anywhere: bool, alone: bool) -> re.Match[str] | None:
    """Return the date at the beginning of a line, or anywhere in one that is known to be of a header."""
    if len(line) >= LONGEST_ROW or _TODAY.search(line):
        return None
    return (
        (_ALONE.fullmatch(line) if alone else None) or _DATE.match(line) or (_INSIDE.search(line) if anywhere else None)
    )


def read_header(text: str, rows: Sequence[Span], above: Collection[Span] = ()) -> Header:
    r"""
    Read the labelled fields of some lines of a normalised text.

    Parameters
    ----------
    text : str
    rows : sequence of Span
        Lines that may hold such fields.
    above : collection of Span
        Those of them that are known to stand above the article.

    Examples
    --------
    >>> text = "发布时间:2023-03-05 10:20 来源:浙江省司法厅 字体:大 中 小\n发文字号\n浙政发〔2023〕5号"
    >>> rows = [Span(0, 40), Span(41, 45), Span(46, 57)]
    >>> read_header(text, rows).values
    {'date': '2023-03-05 10:20', 'outlet': '浙江省司法厅', 'number': '浙政发〔2023〕5号'}
    """
    pattern, roles = _labels()
    values: dict[str, str] = {}
    own: set[Span] = set()
    waiting = ""
    for row in rows:
        line = row.of(text)
        found = [match for match in pattern.finditer(line) if match["colon"] or match.group().strip() == line]
        if not found and waiting and len(line) <= LONGEST_VALUE and not _SENTENCE.search(line):
            values.setdefault(waiting, line)
            own.add(row)
        elif found and len(line) <= LONGEST_ROW and found[0].start() < 40 and not _SENTENCE.search(line):
            own.add(row)
        dated = None
        if not waiting and (row in above or found or not above):
            dated = _unlabelled(line, anywhere=bool(found) or row in above, alone=row in rows[:4])
        if dated is not None:
            values.setdefault("date", dated.group())
            if len(line) - (dated.end() - dated.start()) < 12:
                own.add(row)
        waiting = ""
        for place, match in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(line)
            value = line[match.end() : end].strip(" |[]()【】")
            role = roles[match["label"].lower() if match["label"].isascii() else match["label"].replace(" ", "")]
            if value and not _TODAY.search(line):
                values.setdefault(role, value[:LONGEST_VALUE])
            elif end == len(line):
                waiting = role
    values.pop("other", None)
    return Header(values, frozenset(own))
