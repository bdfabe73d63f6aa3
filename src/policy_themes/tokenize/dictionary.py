"""The user's own jieba dictionary, read strictly.

jieba's format is ``word [frequency] [tag]``, and jieba itself reads ``新 时代``
as the word 新 with the tag 时代 and ``# note`` as a word, without a sound.
Here such a line is an error with its number; lines that begin with ``#`` are
comments. The other form is the reviewed table of proposals
(`terms.candidate_terms`), a csv in which the column ``accept`` says what the
user took.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from policy_themes.errors import UsageError
from policy_themes.text.answers import yes_or_no
from policy_themes.text.normalize import normalize
from policy_themes.text.units import language_of

_LINE = re.compile(r"^(?P<word>\S+)(?: (?P<frequency>\d{1,9}))?(?: (?P<tag>[A-Za-z]{1,10}))?$")


@dataclass(frozen=True)
class UserDictionary:
    """Words of the user, with the frequency given (None: let jieba decide), in file order."""

    words: tuple[tuple[str, int | None], ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(word for word, _ in self.words)


def load_dictionary(path: Path | None) -> UserDictionary:
    """
    Read a user dictionary; without a path, an empty one.

    Parameters
    ----------
    path : Path or None
        Lines of jieba's format, or a ``.csv`` with the columns ``term`` and
        ``accept``: terms accepted with yes, y, x, 1, true or 是 are words
        (English ones may hold blanks); empty, no, n, 0, false and 否 are not.

    Raises
    ------
    UsageError
        If the file is not UTF-8, a line can be read in two ways, or the csv
        lacks a column or says something else in ``accept``.
    """
    if path is None:
        return UserDictionary()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path.name} line {line} is not UTF-8.", hint="Save the dictionary as UTF-8 (it is perhaps in GBK)."
        ) from error
    return _reviewed(text, path.name) if path.suffix.lower() == ".csv" else _listed(text, path.name)


def _listed(text: str, name: str) -> UserDictionary:
    """Read jieba's format."""
    words: dict[str, int | None] = {}
    for number, row in enumerate(text.splitlines(), start=1):
        line = " ".join(row.split())
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise UsageError(
                f"{name} line {number}: {row.strip()!r} can be read in several ways.",
                hint="A line is: word, then perhaps a frequency, then perhaps a tag (枫桥经验 10 n).",
            )
        if match["frequency"] and int(match["frequency"]) == 0:
            raise UsageError(
                f"{name} line {number}: the frequency of {match['word']!r} is 0.",
                hint="jieba would cut that word apart everywhere; leave the frequency out, or remove the line.",
            )
        words[normalize(match["word"]).text] = int(match["frequency"]) if match["frequency"] else None
    return UserDictionary(tuple(words.items()))


def _reviewed(text: str, name: str) -> UserDictionary:
    """Read a reviewed table of proposals."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    words: dict[str, None] = {}
    try:
        if missing := [column for column in ("term", "accept") if column not in (reader.fieldnames or ())]:
            raise UsageError(
                f"{name} has no column `{'`, `'.join(missing)}`.",
                hint="A csv dictionary is the table candidate_terms with `accept` filled in; "
                "a list of words is a .txt file, one word a line.",
            )
        for row in reader:
            if _accepted(row, f"{name} line {reader.line_num}"):
                term = normalize(row["term"]).text
                words[term.lower() if language_of(term) == "en" else term] = None
    except csv.Error as error:
        raise UsageError(f"{name} is not a csv: {error}.", hint="Save it as CSV UTF-8.") from error
    return UserDictionary(tuple(words.items()))


def _accepted(row: Mapping[str, str | None], place: str) -> bool:
    """Tell whether the user took a term."""
    try:
        accepted = bool(yes_or_no(normalize(row["accept"] or "").text))
    except ValueError as error:
        raise UsageError(
            f"{place}: `accept` is {row['accept']!r}.",
            hint="Say yes, y, x, 1, true or 是; or no, n, 0, false, 否 or nothing.",
        ) from error
    if accepted and not normalize(row["term"] or "").text:
        raise UsageError(f"{place}: the accepted term is empty.", hint="Fill in `term`, or empty `accept`.")
    return accepted
