"""Words that carry no theme: lists as data, with their provenance, plus the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from policy_themes.errors import UsageError
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES, Language


@dataclass(frozen=True)
class StopWords:
    """Stop words by language."""

    words: Mapping[Language, frozenset[str]]

    def of(self, language: Language) -> frozenset[str]:
        """Return those of one language."""
        return self.words[language]


def load_stopwords(user: Path | None = None) -> StopWords:
    """
    Load the built-in lists and add the user's own to both.

    Raises
    ------
    UsageError
        If the user's file is not UTF-8.

    Examples
    --------
    >>> words = load_stopwords()
    >>> "的" in words.of("zh"), "the" in words.of("en"), "state" in words.of("en"), "发展" in words.of("zh")
    (True, True, False, False)
    """
    own = _lines(_user_text(user)) if user else frozenset()
    folder = files("policy_themes") / "data" / "stopwords"
    return StopWords({name: _lines((folder / f"{name}.txt").read_text(encoding="utf-8")) | own for name in LANGUAGES})


def _user_text(path: Path) -> str:
    """Read the user's list."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8.", hint="Save the stop list as UTF-8.") from error


def _lines(text: str) -> frozenset[str]:
    """Return the words of a list, one a line, ``#`` opening a comment."""
    rows = (normalize(row).text.lower() for row in text.splitlines() if not row.startswith("#"))
    return frozenset(row for row in rows if row)
