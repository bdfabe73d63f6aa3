"""The large parts of a document: what a work report reviews and plans, and the glossary behind it."""

import re
from collections.abc import Sequence

from policy_themes.text.spans import Span

_HEAD = re.compile(r"(?:第(?P<part>[一二三四])部分|(?P<chapter>[一二三四])&?、)(?P<head>[^。;\n]{2,60})")
# A head without a number: a year or a time, and what is done with it.
_PLAIN = re.compile(
    r"(?:(?:19|20)\d\d ?年|今年|去年|上年|过去[一五]年|今后五年|下一?步|下半年)[^。,;:\n]{0,15}"
    r"(?:回顾|总结|情况|安排|部署|打算|任务|思路|计划|要点)"
)
_REVIEW = re.compile(r"回顾|总结|成就|工作情况|执行情况|完成情况|(?:过去|上)(?:[一五]|的)?(?:年|个)")
_PLAN = re.compile(
    r"(?:今年|明年|20\d\d ?年|今后|未来|下一?步|本届|“十[一二三四五]五”|面临|新形势)"
    r"|(?:安排|部署|任务|目标|要求|思路|打算)\W{0,3}$"
)
_NEITHER = re.compile(r"问题|不足|困难|体会|做法|经验|特点|启示")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GLOSSARY = re.compile(
    r"(?:附件?\d? ?:? ?)?(?:《?[^。\n]{0,20}》?)?(?:有关|部分|相关)?(?:名词|术语|用语|词语)(?:解释|注释|说明)\W{0,2}"
    r"|(?:Annex:? )?Glossary(?: of terms)?|Explanation of terms",
    re.I,
)
_ANNEX = re.compile(r"附件 ?[\d一二三四五六七八九]|附表|附录|Annex \d", re.I)
_NOTE = re.compile(r"(?:\[\d{1,3}\]|注 ?\d{0,2} ?:) ?\S")
_FEWEST_NOTES = 3


def glossary_span(text: str, body: Sequence[Span]) -> Span | None:
    r"""
    Return where the glossary or the notes behind a body stand.

    Examples
    --------
    >>> text = "各位代表\n建设平安中国[1]。\n谢谢大家！\n名词解释\n[1]平安中国:指…"
    >>> rows = [Span(0, 4), Span(5, 15), Span(16, 21), Span(22, 26), Span(27, 38)]
    >>> glossary_span(text, rows)
    Span(start=22, end=38)
    """
    half = (body[0].start + body[-1].end) // 2 if body else 0
    behind = [row for row in body if row.start > half]
    for place, row in enumerate(behind):
        if row.end - row.start <= 40 and _GLOSSARY.fullmatch(row.of(text)):
            after = next((other.start for other in behind[place + 1 :] if _ANNEX.match(other.of(text))), body[-1].end)
            return Span(row.start, after)
    notes = 0
    for row in reversed(behind):
        if not _NOTE.match(row.of(text)):
            break
        notes += 1
    return Span(behind[-notes].start, body[-1].end) if notes >= _FEWEST_NOTES else None


def report_parts(
    text: str, body: Sequence[Span], year: int | None, *, of_government: bool = True
) -> tuple[int, int] | None:
    r"""
    Return where a Chinese work report begins its review and its plan; None where its chapters do not say.

    Parameters
    ----------
    text : str
        Normalised.
    body : sequence of Span
        Its paragraphs.
    year : int or None
        Of the report: a chapter on an earlier year reviews it.
    of_government : bool, default True
        Whether it is a government's report to its congress, of which the
        second chapter is the plan; another's may list its deficits there.

    Examples
    --------
    >>> text = "各位代表\n一、2022年工作回顾\n过去一年…\n二、2023年工作安排\n今年…"
    >>> report_parts(text, [Span(0, 4), Span(5, 16), Span(17, 22), Span(23, 34), Span(35, 38)], 2023)
    (5, 23)
    """
    found = [
        parts for parts in (_by_plain_heads(text, body, year), _by_chapters(text, body, year, of_government)) if parts
    ]
    return min(found, key=lambda parts: parts[1]) if found else None


def _by_plain_heads(text: str, body: Sequence[Span], year: int | None) -> tuple[int, int] | None:
    """Find review and plan by heads without numbers."""
    heads = [(row.start, _reviews(row.of(text), year)) for row in body if _PLAIN.fullmatch(row.of(text)[:80])]
    plans = [start for start, reviews in heads if not reviews]
    return (heads[0][0], plans[0]) if plans and len(heads) > len(plans) and heads[0][1] else None


def _by_chapters(
    text: str,
    body: Sequence[Span],
    year: int | None,
    of_government: bool,
) -> tuple[int, int] | None:
    """Find review and plan by the names of the chapters."""
    heads = [(row.start, match) for row in body if (match := _HEAD.fullmatch(row.of(text)[:80]))]
    if not heads:
        return None
    (first, opening), later = heads[0], heads[1:] if _number(heads[0][1]) == "一" else heads
    ahead = [
        (start, match)
        for start, match in later
        if _number(match) != "一" and not _reviews(match["head"], year) and not _NEITHER.search(match["head"])
    ]
    plans = [start for start, match in ahead if _PLAN.search(match["head"])]
    inner = next((start for start, match in later if _number(match) == "一"), len(text))
    if of_government and _number(opening) == "一" and _reviews(opening["head"], year):
        # The second chapter opens the plan where the first is the review, whatever it is called.
        plans = [start for start, match in ahead if _number(match) == "二" and start < inner] or plans
    if not plans:
        return None
    return (first if _number(opening) == "一" else body[0].start), plans[0]


def _number(match: re.Match[str]) -> str:
    """Return the number of a chapter."""
    return match["part"] or match["chapter"]


def _reviews(head: str, year: int | None) -> bool:
    """Tell whether the name of a chapter looks back."""
    years = [int(written) for written in _YEAR.findall(head)]
    return bool(_REVIEW.search(head)) or bool(years and year and max(years) < year)
