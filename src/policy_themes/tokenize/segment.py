"""Cutting text into surfaces, and surfaces into words.

Both languages follow one protocol: ``cut`` divides a text into surfaces that,
joined, are the text again; ``word`` gives the form of a surface that is
counted, or None for what is no word. Each segmenter is its own instance:
nothing global is changed, no cache file is written or trusted, and what was
segmented before makes no difference.
"""

import logging
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Literal, Protocol

from policy_themes.errors import UsageError
from policy_themes.text.units import WORD, Language
from policy_themes.tokenize.dictionary import UserDictionary

Engine = Literal["rjieba", "jieba"]
# jieba's hidden Markov model takes quadratic time in one run of unknown characters.
LONGEST_RUN = 1_000
_HAN_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_ENGLISH_PIECE = re.compile(rf"{WORD.pattern}|[\s\S]")
# Within such a run the engine looks for words; a longer one is cut after so many characters.
_RUN = r"[\w+#&.%\-]"
_LONG_RUN = re.compile(rf"(?<!{_RUN}){_RUN}{{{LONGEST_RUN + 1},}}")


class Segmenter(Protocol):
    """What a language must offer."""

    def cut(self, text: str) -> list[str]:
        """Divide a text into surfaces that join to it."""

    def word(self, surface: str) -> str | None:
        """Return the counted form of a surface, or None."""


class ChineseSegmenter:
    """
    Chinese by jieba's dictionary and the user's, English words in it included.

    Parameters
    ----------
    dictionary : UserDictionary
    engine : {"rjieba", "jieba"}, optional
        By default rjieba where it is installed: the same dictionary and model
        in compiled code; jieba is the reference.

    Raises
    ------
    UsageError
        If the engine that is asked for is not installed.

    Examples
    --------
    >>> ChineseSegmenter(UserDictionary()).cut("依法治国，2023年")
    ['依法治国', '，', '2023', '年']
    """

    def __init__(self, dictionary: UserDictionary, engine: Engine | None = None) -> None:
        self.engine: Engine = engine or default_engine()
        if find_spec(self.engine) is None:
            raise UsageError(
                f"The segmenter {self.engine} is not installed here.", hint="Leave `segmenter` out of study.yml."
            )
        self._cut = _rjieba(dictionary) if self.engine == "rjieba" else _jieba(dictionary)

    def cut(self, text: str) -> list[str]:
        """Divide a text into surfaces that join to it."""
        result: list[str] = []
        done = 0
        for run in _LONG_RUN.finditer(text) if _may_hold_long_run(text) else ():
            result += self._cut(text[done : run.start()])
            for start in range(run.start(), run.end(), LONGEST_RUN):
                result += self._cut(text[start : min(start + LONGEST_RUN, run.end())])
            done = run.end()
        return result + self._cut(text[done:]) if done else self._cut(text)

    def word(self, surface: str) -> str | None:
        """Return a surface with at least two Han characters, or an English word in lower case."""
        if len(_HAN_WORD.findall(surface)) >= 2:
            return surface
        return surface.lower() if len(surface) > 1 and WORD.fullmatch(surface) else None


def _may_hold_long_run(text: str) -> bool:
    """Tell whether there may be a long run, by what stands between line ends and commas, which is quicker to see."""
    return len(text) > LONGEST_RUN and max(map(len, text.replace("，", "\n").splitlines()), default=0) > LONGEST_RUN


def default_engine() -> Engine:
    """Return the fast engine where it is installed, else the reference."""
    return "rjieba" if find_spec("rjieba") else "jieba"


def _rjieba(dictionary: UserDictionary) -> Callable[[str], list[str]]:
    """Return the cut of a private rjieba tokenizer; it reads its dictionary from itself."""
    import rjieba

    engine = rjieba.Jieba()
    for word, frequency in dictionary.words:
        engine.add_word(word, frequency, None)
    return lambda text: engine.cut(text, True)


def _jieba(dictionary: UserDictionary) -> Callable[[str], list[str]]:
    """
    Return the cut of a private jieba tokenizer, its dictionary read from the package itself.

    jieba would otherwise read ``jieba.cache`` from the shared temporary folder,
    unchecked, and write it there.
    """
    logging.getLogger("jieba").setLevel(logging.ERROR)
    import jieba

    engine = jieba.Tokenizer()
    engine.FREQ, engine.total = engine.gen_pfdict(engine.get_dict_file())
    engine.initialized = True
    for word, frequency in dictionary.words:
        engine.add_word(word, frequency)
    return lambda text: list(engine.cut(text))


class EnglishSegmenter:
    """
    English by words; plurals and spelling variants brought to one form.

    Only plurals are reduced: a stemmer would make "modernization" "modern",
    and a full lemmatiser a "meeting" "meet".

    Examples
    --------
    >>> english = EnglishSegmenter()
    >>> [english.word(surface) for surface in english.cut("Courts' law-based modernisation") if surface.strip()]
    ['court', None, 'law-based', 'modernization']
    """

    def __init__(self) -> None:
        self._plurals: dict[str, str] = {}

    def cut(self, text: str) -> list[str]:
        """Divide a text into surfaces that join to it."""
        return _ENGLISH_PIECE.findall(text)

    def word(self, surface: str) -> str | None:
        """Return a word in lower case without possessive, plural or variant spelling."""
        if len(surface) < 2 or not WORD.fullmatch(surface):
            return None
        lowered = surface.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
        if lowered not in self._plurals:
            self._plurals[lowered] = _singular(_spelling().get(lowered, lowered))
        return self._plurals[lowered]


def _singular(word: str) -> str:
    """Return the singular of a word that looks like a plural."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")) or "-" in word:
        return word
    import simplemma

    return str(simplemma.lemmatize(word, lang="en")).lower()


@cache
def _spelling() -> Mapping[str, str]:
    """Load the table of spelling variants."""
    text = (files("policy_themes") / "data" / "spelling_en.txt").read_text(encoding="utf-8")
    rows = (row.split() for row in text.splitlines() if row and not row.startswith("#"))
    return {row[0]: row[1] for row in rows}


def segmenter(language: Language, dictionary: UserDictionary, engine: Engine | None = None) -> Segmenter:
    """Return a new segmenter for a language."""
    return ChineseSegmenter(dictionary, engine) if language == "zh" else EnglishSegmenter()
