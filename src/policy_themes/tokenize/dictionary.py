"""The user's own jieba dictionary, read strictly.

jieba's format is ``word [frequency] [tag]``, and jieba itself reads ``新 时代``
as the word 新 with the tag 时代 and ``# note`` as a word, without a sound.
Here such a line is an error with its number; lines that begin with ``#`` are
comments.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from policy_themes.errors import UsageError
from policy_themes.text.normalize import normalize

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

    Raises
    ------
    UsageError
        If the file is not UTF-8 or a line can be read in two ways.
    """
    if path is None:
        return UserDictionary()
    try:
        rows = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path.name} line {line} is not UTF-8.", hint="Save the dictionary as UTF-8 (it is perhaps in GBK)."
        ) from error
    words: dict[str, int | None] = {}
    for number, row in enumerate(rows, start=1):
        text = " ".join(row.split())
        if not text or text.startswith("#"):
            continue
        match = _LINE.match(text)
        if match is None:
            raise UsageError(
                f"{path.name} line {number}: {row.strip()!r} can be read in several ways.",
                hint="A line is: word, then perhaps a frequency, then perhaps a tag (枫桥经验 10 n).",
            )
        if match["frequency"] and int(match["frequency"]) == 0:
            raise UsageError(
                f"{path.name} line {number}: the frequency of {match['word']!r} is 0.",
                hint="jieba would cut that word apart everywhere; leave the frequency out, or remove the line.",
            )
        words[normalize(match["word"]).text] = int(match["frequency"]) if match["frequency"] else None
    return UserDictionary(tuple(words.items()))
