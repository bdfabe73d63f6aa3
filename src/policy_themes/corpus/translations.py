"""An original and its translation: the same document twice, and one of them counts where documents are counted.

A pair is one Chinese and one English text that say so by their paths
(``zh/a.txt`` and ``en/a.txt``), or that have about the same date, the same
region and a plausible length, and name the same numbers in the same order.
What a text says of its themes is never asked: whether the translation says the
same is a question for later.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from policy_themes.schema import rows
from policy_themes.text.numbers import numbers
from policy_themes.text.units import Language

if TYPE_CHECKING:
    import pandas as pd

# English words to a Han character: .8 to 1.0 in eight reports of the national government (tests/test_translations.py).
LEAST_RATIO, GREATEST_RATIO = 0.3, 1.2
# Of the numbers that the shorter list has; a translation leaves some out, and says 1 for 100 percent.
SHARED, OF_MORE, SAME_DAY, NEAR, NEAR_DAYS = 0.6, 0.4, 3, 8, 120
MOST, DAY = 300, len("2021-03-20")
_MARK = re.compile(
    r"(?<![a-z])(?:zh|cn|chs|cht|chinese|en|eng|english|translations?|translated|originals?)(?![a-z])|中文版?|英文版?|译文|原文|翻译",
    re.I,
)
MACHINE = "machine"
_LINES, _IMPRINT = 6, 120
_SEPARATORS = re.compile(r"[\s_.()（）-]{1,9}")
_MACHINE = re.compile(
    r"machine[- ](?:assisted )?translat(?:ed|ion)|translated (?:by|with|using) (?:a )?(?:machine|Google|DeepL|Bing|Baidu|Youdao|"
    r"ChatGPT|AI\b)|(?:Google|DeepL|Bing|Baidu|Youdao) Translate|机器翻译|机翻|(?:谷歌|百度|有道|必应)翻译|(?:AI|人工智能)翻译",
    re.I,
)
_FROM: Mapping[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"translat(?:ed|ion) (?:by machine )?from (?:the )?(?:original )?Chinese|(?:unofficial|English) translation of the Chinese",
        re.I,
    ),
    "en": re.compile(r"(?:编译|翻译|译)自(?:英文|英语)|英文原文"),
}
_EDGE = 1000
_ASKED = ["doc_id", "path", "language", "date", "year", "region_code", "n_units"]


def mark_translations(documents: "pd.DataFrame", bodies: Mapping[str, str]) -> "pd.DataFrame":
    """
    Fill ``translation_of`` and, for both of a pair, ``original_language``.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``, copies marked. A path in ``translation_of`` is the
        user's own word; it becomes the document's id.
    bodies : mapping of doc_id to str

    Returns
    -------
    DataFrame
        The same rows in the same order. Of a pair that was found, the Chinese
        text is the original.
    """
    by_path = dict(zip(documents["path"], documents["doc_id"], strict=True))
    said = {
        row.doc_id: by_path.get(row.translation_of, row.translation_of)
        for row in rows(documents.dropna(subset=["translation_of"]))
    }
    own = documents.loc[documents["duplicate_of"].isna(), _ASKED]
    once = [row for row in rows(own) if row.doc_id not in said]
    found = dict(_pairs(once, bodies, taken=set(said.values()))) | said
    languages = dict(zip(documents["doc_id"], documents["language"], strict=True))
    original = {doc_id: languages[other] for doc_id, other in found.items() if other in languages}
    original |= {other: languages[other] for other in found.values() if other in languages}
    marked = documents.copy()
    marked["translation_of"] = documents["doc_id"].map(found).astype("str")
    marked["original_language"] = (
        documents["original_language"]
        .astype(object)
        .where(documents["original_language"].notna(), documents["doc_id"].map(original))
        .astype("str")
    )
    return marked


def translated_from(text: str) -> Language | None:
    """
    Return the language that a text says, at its beginning or its end, it was translated from.

    Examples
    --------
    >>> translated_from("Report on the work of the court. Translated from the Chinese by the editors.")
    'zh'
    """
    edges = text[:_EDGE] + "\n" + text[_EDGE:][-_EDGE:]
    return next((language for language, pattern in _FROM.items() if pattern.search(edges)), None)


def translated_by_machine(text: str) -> bool:
    """
    Tell whether a text says, at its beginning or its end, that a machine translated it.

    Examples
    --------
    >>> translated_by_machine("Translated by DeepL. The court reported."), translated_by_machine("机器翻译技术取得进展。" * 200)
    (True, False)
    """
    lines = text.split("\n")
    # A line of its own, or nearly: prose about machine translation is no imprint.
    edges = [line for line in (*lines[:_LINES], *lines[-_LINES:]) if len(line) <= _IMPRINT]
    return any(_MACHINE.search(line) for line in edges)


def _pairs(documents: Iterable[Any], bodies: Mapping[str, str], taken: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the English and the Chinese document of each pair; one document stands in one pair."""
    named: dict[str, list[Any]] = defaultdict(list)
    placed: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in documents:
        named[_SEPARATORS.sub("", _MARK.sub("", row.path))].append(row)
        if isinstance(row.date, str) and isinstance(row.region_code, str):
            placed[row.region_code, row.year].append(row)
    done = set(taken)
    for group in named.values():
        if sorted(row.language for row in group) == ["en", "zh"] and not done & {row.doc_id for row in group}:
            english, chinese = sorted(group, key=lambda row: row.language)
            if any(_MARK.search(row.path) for row in group) and _may_be(english, chinese):
                done |= {english.doc_id, chinese.doc_id}
                yield english.doc_id, chinese.doc_id
    for group in placed.values():
        yield from _alike([row for row in group if row.doc_id not in done], bodies)


def _alike(group: list[Any], bodies: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pair what was published at about the same time in one region by the numbers it names, the surest first."""
    if {row.language for row in group} != {"zh", "en"}:
        return
    named = {row.doc_id: numbers(bodies[row.doc_id], row.language)[:MOST] for row in group}
    scored = []
    for english in (row for row in group if row.language == "en"):
        for chinese in (row for row in group if row.language == "zh"):
            needed = _fewest(english.date, chinese.date)
            if needed is None or not _may_be(english, chinese):
                continue
            one, other = named[english.doc_id], named[chinese.doc_id]
            if (Counter(one) & Counter(other)).total() < min(needed, 2):
                continue
            matched = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
            shared, fewer, more = sum(block.size for block in matched), *sorted((len(one), len(other)))
            alike = shared >= needed and shared >= SHARED * fewer and shared >= OF_MORE * more
            if alike or (one == other and shared >= (2 if needed == SAME_DAY else 4)):
                scored.append(
                    (-2 * shared / (fewer + more), -shared, english.path, chinese.path, english.doc_id, chinese.doc_id)
                )
    done: set[str] = set()
    for *_, english, chinese in sorted(scored):
        if not done & {english, chinese}:
            done |= {english, chinese}
            yield english, chinese


def _fewest(one: str, other: str) -> int | None:
    """Return how many numbers two texts of these dates must share to be a pair; None where they lie too far apart."""
    if one == other and len(one) == DAY:
        return SAME_DAY
    return NEAR if _are_near(one, other) else None


def _are_near(one: str, other: str) -> bool:
    """Tell whether two dates may be those of a text and its translation."""
    if min(len(one), len(other)) < DAY:
        return one.startswith(other) or other.startswith(one)
    return abs(date.fromisoformat(one) - date.fromisoformat(other)).days <= NEAR_DAYS


def _may_be(english: Any, chinese: Any) -> bool:  # noqa: ANN401  # rows of a table
    """Tell whether nothing that is known of two texts speaks against their being a pair."""
    dates = [row.date for row in (english, chinese) if isinstance(row.date, str)]
    regions = {row.region_code for row in (english, chinese) if isinstance(row.region_code, str)}
    return _is_as_long(english, chinese) and len(regions) < 2 and (len(dates) < 2 or _are_near(*dates))


def _is_as_long(english: Any, chinese: Any) -> bool:  # noqa: ANN401  # rows of a table
    """Tell whether two texts are of a length that translations have."""
    return bool(LEAST_RATIO * chinese.n_units <= english.n_units <= GREATEST_RATIO * chinese.n_units)
