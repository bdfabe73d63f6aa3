"""All surfaces of one language in a row, as numbers: what runs of words are counted in.

Counting runs of words as tuples of str takes minutes and gigabytes; as numbers
in one array it takes seconds. Words are numbered in sorted order, so that
nothing computed from the numbers depends on the order of the documents.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_themes.corpus.records import Passage
from policy_themes.text.units import WORD, Language
from policy_themes.tokenize.segment import Segmenter

# What is no word. A number is one and the same neighbour wherever it stands: 同比增长 is followed by nothing else.
BREAK, NUMBER, OPENED, CLOSED = range(4)
FIRST_WORD = 4
QUOTES = {"“": OPENED, "「": OPENED, "『": OPENED, "”": CLOSED, "」": CLOSED, "』": CLOSED}
_HAN = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+")
_NUMBER = re.compile(r"\d[\d.,]*%?")


@dataclass(frozen=True)
class Stream:
    """
    The surfaces of one language, passage after passage, a break after each; blanks of English left out.

    Attributes
    ----------
    language : {"zh", "en"}
    forms : ndarray of int, shape (n,)
        ``BREAK``, ``NUMBER``, ``OPENED``, ``CLOSED``, or the place of the
        counted form in ``words``.
    written : ndarray of int, shape (n,)
        The same with the place of the surface in ``writings``.
    documents : ndarray of int, shape (n,)
        Place of the document in ``doc_ids``.
    words, writings : tuple of str
        Sorted from ``FIRST_WORD`` on; writings are in lower case.
    doc_ids : tuple of str
        Sorted.
    """

    language: Language
    forms: NDArray[np.int32]
    written: NDArray[np.int32]
    documents: NDArray[np.int32]
    words: tuple[str, ...]
    writings: tuple[str, ...]
    doc_ids: tuple[str, ...]

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """Tell of each surface whether it is a word."""
        return self.forms >= FIRST_WORD


def stream(passages: Iterable[Passage], language: Language, segmenter: Segmenter) -> Stream:
    """
    Give numbers to the surfaces of the passages of one language.

    Parameters
    ----------
    passages : iterable of Passage
        Those of other languages are passed over.
    language : {"zh", "en"}
    segmenter : Segmenter

    Examples
    --------
    >>> from policy_themes.text.spans import Span
    >>> from policy_themes.tokenize.segment import EnglishSegmenter
    >>> passage = Passage("a", 0, "body", Span(0, 21), "Courts of law, 3 laws", "en")
    >>> found = stream([passage], "en", EnglishSegmenter())
    >>> [found.words[number] for number in found.forms]
    ['court', 'of', 'law', '|', '#', 'law', '|']
    """
    symbols = _Symbols(language)
    pieces, lengths, owners = [np.zeros(0, np.int32)], [], []
    for passage in passages:
        if passage.language == language:
            surfaces = segmenter.cut(passage.text)
            numbers = np.fromiter(map(symbols.__getitem__, surfaces), np.int32, len(surfaces))
            if language == "en":
                numbers = _without_fragments(numbers)
            pieces += [numbers, np.zeros(1, np.int32)]
            lengths.append(len(pieces[-2]) + 1)
            owners.append(passage.doc_id)
    doc_ids = tuple(sorted(set(owners)))
    places = {doc_id: place for place, doc_id in enumerate(doc_ids)}
    documents = np.repeat(np.array([places[owner] for owner in owners], np.int32), lengths)
    writings, order = _sorted(symbols.writings)
    written = order[np.concatenate(pieces)]
    forms = writings if language == "zh" else [_form(segmenter, one) for one in writings]
    words, _ = _sorted([*writings[:FIRST_WORD], *sorted(set(forms[FIRST_WORD:]))])
    numbers_of = {word: number for number, word in enumerate(words)}
    as_form = np.array([numbers_of[form] for form in forms], np.int32)
    numbers = written if language == "zh" else as_form[written]
    return Stream(language, numbers, written, documents, tuple(words), tuple(writings), doc_ids)


class _Symbols(dict[str, int]):
    """The number of each surface: of a word in the order of appearance, of anything else a sign; -1 for a blank."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._pattern = _HAN if language == "zh" else WORD
        self._numbers: dict[str, int] = {}
        self.writings = ["|", "#", "“", "”"]

    def __missing__(self, surface: str) -> int:
        if self._pattern.fullmatch(surface):
            writing = surface.lower()
            number = self._numbers.setdefault(writing, len(self.writings))
            if number == len(self.writings):
                self.writings.append(writing)
        elif self._language == "en" and surface.isspace():
            number = -1
        elif _NUMBER.fullmatch(surface):
            number = NUMBER
        else:
            number = QUOTES.get(surface, BREAK)
        self[surface] = number
        return number


def _without_fragments(numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """Leave blanks out, and make letters that touch a digit (the th of 19th) part of the number."""
    digit, word = numbers == NUMBER, numbers >= FIRST_WORD
    touches = np.zeros(len(numbers), dtype=bool)
    touches[1:] |= digit[:-1] & word[1:]
    touches[:-1] |= digit[1:] & word[:-1]
    return np.where(touches, np.int32(NUMBER), numbers)[numbers >= 0]


def _sorted(writings: list[str]) -> tuple[list[str], NDArray[np.int32]]:
    """Sort words behind the signs; return them and the new number of each old one."""
    order = [*range(FIRST_WORD), *sorted(range(FIRST_WORD, len(writings)), key=writings.__getitem__)]
    new = np.empty(len(order), np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return [writings[old] for old in order], new


def _form(segmenter: Segmenter, writing: str) -> str:
    """Return the counted form of an English word; of a single letter itself."""
    return segmenter.word(writing) or writing
