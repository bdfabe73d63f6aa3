"""The large parts of a document: what a work report reviews and plans, and the glossary behind it."""

import re
from collections.abc import Sequence

from policy_themes.text.spans import Span

_HEAD = re.compile(r"(?:第(?P<part>[一二三四])部分|(?P<chapter>[一二三四])&?、)(?P<head>[^。;\n]{2,60})")
_REVIEW = re.compile(
    r"回顾|总结|成就|工作情况|执行情况|完成情况|(?:过去|上)(?:[一五]|的)?(?:年|个)|[Rr]eview|[Aa]chievements"
)
_PLAN = re.compile(
    r"(?:今年|明年|20\d\d ?年|今后|未来|下一步|本届|“十[一二三四五]五”|面临|新形势)"
    r"|(?:安排|部署|任务|目标|要求|思路|打算|建议|工作|重点|考虑)\W{0,3}$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_GLOSSARY = re.compile(
    r"(?:附件?\d? ?:? ?)?(?:《?[^。\n]{0,20}》?)?(?:有关|部分|相关)?(?:名词|术语|用语|词语)(?:解释|注释|说明)\W{0,2}"
    r"|(?:Annex:? )?Glossary(?: of terms)?|Explanation of terms",
    re.I,
)
_NOTE = re.compile(r"(?:\[\d{1,3}\]|[①-⑳]|注 ?\d{0,2} ?:) ?\S")
_FEWEST_NOTES = 3


def glossary_start(text: str, body: Sequence[Span]) -> int | None:
    r"""
    Return where the glossary or the notes behind a body begin.

    Examples
    --------
    >>> text = "各位代表\n建设平安中国[1]。\n谢谢大家！\n名词解释\n[1]平安中国:指…"
    >>> rows = [Span(0, 4), Span(5, 15), Span(16, 21), Span(22, 26), Span(27, 38)]
    >>> glossary_start(text, rows)
    22
    """
    half = (body[0].start + body[-1].end) // 2 if body else 0
    for row in body:
        if row.start > half and row.end - row.start <= 40 and _GLOSSARY.fullmatch(row.of(text)):
            return row.start
    notes = 0
    for row in reversed(body):
        if not _NOTE.match(row.of(text)):
            break
        notes += 1
    return body[-notes].start if notes >= _FEWEST_NOTES else None


def report_parts(text: str, body: Sequence[Span], year: int | None) -> tuple[int, int] | None:
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

    Examples
    --------
    >>> text = "各位代表\n一、2022年工作回顾\n过去一年…\n二、2023年工作安排\n今年…"
    >>> report_parts(text, [Span(0, 4), Span(5, 16), Span(17, 22), Span(23, 34), Span(35, 38)], 2023)
    (5, 23)
    """
    heads = [(row.start, match) for row in body if (match := _HEAD.fullmatch(row.of(text)[:80]))]
    if not heads:
        return None
    (first, opening), later = heads[0], heads[1:] if _number(heads[0][1]) == "一" else heads
    ahead = [(start, match) for start, match in later if _number(match) != "一" and not _reviews(match["head"], year)]
    plans = [start for start, match in ahead if _PLAN.search(match["head"])]
    inner = next((start for start, match in later if _number(match) == "一"), len(text))
    if _number(opening) == "一" and _reviews(opening["head"], year):
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
