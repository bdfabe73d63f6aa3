"""The proof that fixed terms stayed whole, what they cut, and what nearly was one."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.progress import warn
from policy_themes.schema import conform, rows
from policy_themes.text.spans import leftmost_longest_places
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.keep import FixedTerms

# What may stand inside a term that was meant: a line end, a blank, a quotation mark, a hyphen.
_BETWEEN = {
    "zh": re.compile(r"[\s“”‘’\"'「」『』〈〉《》·•\-—]+"),
    "en": re.compile(r"[“”‘’\"]+|-"),
}


class Recall:
    """
    How often each fixed term stands in the texts, and how often it stayed whole.

    Parameters
    ----------
    phrases : sequence of str
    n_text, n_kept : sequence of int, optional
        What was counted before.
    """

    def __init__(
        self, phrases: Sequence[str], n_text: Sequence[int] | None = None, n_kept: Sequence[int] | None = None
    ) -> None:
        self.phrases = phrases
        self.n_text = list(n_text or [0] * len(phrases))
        self.n_kept = list(n_kept or [0] * len(phrases))

    def join(self, other: "Recall") -> None:
        """Add what was counted of the same phrases elsewhere."""
        self.n_text = [one + two for one, two in zip(self.n_text, other.n_text, strict=True)]
        self.n_kept = [one + two for one, two in zip(self.n_kept, other.n_kept, strict=True)]

    def add(self, found: Sequence[tuple[int, int, int]], surfaces: Sequence[str]) -> None:
        """Count the occurrences in one text, and those that lie inside one of its surfaces."""
        if not found:
            return
        ends = list(accumulate(map(len, surfaces)))
        places: dict[int, list[tuple[int, int]]] = {}
        for phrase, start, end in found:
            places.setdefault(phrase, []).append((start, end))
        for phrase, spans in places.items():
            alone = leftmost_longest_places(spans) if len(spans) > 1 else spans
            self.n_text[phrase] += len(alone)
            self.n_kept[phrase] += sum(bisect_right(ends, start) == bisect_left(ends, end) for start, end in alone)


def recall_table(recalls: Mapping[Language, Recall]) -> pd.DataFrame:
    """Build the table ``recall``; a term that never occurs has no recall."""
    records = [
        {"phrase": phrase, "language": language, "n_text": n_text, "n_kept": n_kept,
         "recall": n_kept / n_text if n_text else None}
        for language, recall in recalls.items()
        for phrase, n_text, n_kept in zip(recall.phrases, recall.n_text, recall.n_kept, strict=True)
    ]  # fmt: skip
    table = conform(records, "recall")
    return table.sort_values(["n_text", "phrase"], ascending=[False, True], ignore_index=True)


def forced_table(forced: Mapping[Language, Counter[tuple[str, str]]]) -> pd.DataFrame:
    """Build the table ``forced_cuts``: where a fixed term cut a word of the engine in two."""
    records = [
        {"phrase": phrase, "language": language, "engine": words, "n_text": count}
        for language, counts in forced.items()
        for (phrase, words), count in counts.items()
    ]
    table = conform(records, "forced_cuts")
    return table.sort_values(["n_text", "phrase", "engine"], ascending=[False, True, True], ignore_index=True)


def check_recall(recall: pd.DataFrame, *, least: float) -> None:
    """
    Say which fixed terms were cut, and stop where one is kept too seldom.

    Parameters
    ----------
    recall : DataFrame
        Table ``recall``.
    least : float
        Share of each term's occurrences that must be kept whole.

    Raises
    ------
    UsageError
        If a term falls short of it.
    """
    cut = recall[recall["n_kept"] < recall["n_text"]]
    if cut.empty:
        return
    named = ", ".join(f"{row.phrase} ({row.n_kept} of {row.n_text})" for row in rows(cut.head(5)))
    lost = int((cut["recall"].astype(float) < least).sum())
    if lost:
        raise UsageError(
            f"{lost} fixed term(s) were cut by others: {named}.",
            hint="Remove one of the overlapping terms, or lower `min_recall` in study.yml.",
        )
    warn(f"Warning: {len(cut)} fixed term(s) were cut by others: {named}.")


def near_misses(corpus: Corpus, terms: Mapping[Language, FixedTerms]) -> pd.DataFrame:
    """
    Find what would be a fixed term but for a line end, a blank, a quotation mark or a hyphen in it.

    Traditional and full-width characters and invisible ones are no near
    misses: they are folded before anything is looked for.

    Parameters
    ----------
    corpus : Corpus
        Copies are left out.
    terms : mapping of language to FixedTerms

    Returns
    -------
    DataFrame
        Table ``near_misses``: one row for each term and way of writing it, a line end as ⏎.
    """
    found: dict[tuple[Language, str, str], list[tuple[str, str]]] = {}
    bare = {language: _Bare(terms[language]) for language in LANGUAGES}
    counted = dict(iter(corpus.counted_passages().groupby("doc_id")))
    for row in rows(corpus.unique[["doc_id", "language", "path"]]):
        text = corpus.normalized(row.doc_id)
        for phrase, start, end in bare[row.language].find(text):
            own = counted.get(row.doc_id)
            if own is None or not (_stands_in(own, start) and _stands_in(own, end - 1)):
                continue
            written = text[start:end].replace("\n", "⏎").lower()
            example = text[max(0, start - 15) : end + 15].replace("\n", "⏎")
            found.setdefault((row.language, phrase, written), []).append((row.path, example))
    records = [
        {"phrase": phrase, "language": language, "written": written, "n_text": len(places),
         "example": min(places)[1], "path": min(places)[0]}
        for (language, phrase, written), places in found.items()
    ]  # fmt: skip
    table = conform(records, "near_misses")
    return table.sort_values(["n_text", "phrase", "written"], ascending=[False, True, True], ignore_index=True)


def _stands_in(passages: pd.DataFrame, place: int) -> bool:
    """Tell whether a place lies in one of some passages: what is set aside from a page holds no term."""
    return bool(((passages["start"] <= place) & (place < passages["end"])).any())


class _Bare:
    """The terms of one language without what may stand inside them."""

    def __init__(self, fixed: FixedTerms) -> None:
        self._between = _BETWEEN[fixed.language]
        self._filled = " " if fixed.language == "en" else ""
        self._fixed = fixed
        self._bare = FixedTerms({self._stripped(phrase) for phrase in fixed.phrases} - {""}, fixed.language)
        self._named = {self._stripped(phrase): phrase for phrase in fixed.phrases}

    def _stripped(self, text: str) -> str:
        """Return a text without it."""
        return self._between.sub(lambda match: self._filled if match.group() == "-" else "", text)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield each near miss of a text: the term, and its place."""
        stripped = self._stripped(text)
        found = self._bare.occurrences(stripped)
        whole = {(start, end) for _, start, end in self._fixed.occurrences(text)}
        if len(found) <= len(whole):
            return
        origins = self._origins(text)
        for number, first, last in found:
            place = origins[first], origins[last - 1] + 1
            if place not in whole:
                yield self._named[self._bare.phrases[number]], *place

    def _origins(self, text: str) -> list[int]:
        """Return where each character of the stripped text stands in the text."""
        origins: list[int] = []
        done = 0
        for match in self._between.finditer(text):
            origins += range(done, match.start())
            if match.group() == "-" and self._filled:
                origins.append(match.start())
            done = match.end()
        return [*origins, *range(done, len(text))]
