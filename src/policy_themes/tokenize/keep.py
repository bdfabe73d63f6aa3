"""Fixed terms kept whole: an overlay on any segmentation.

A dictionary entry only makes a cut unlikely. Here the fixed terms are found in
the text first, leftmost-longest, and laid over the finished segmentation: each
becomes one surface, a surface it cuts in two has its remains segmented again,
and everything else stays as it was.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ahocorasick

from policy_themes.text.spans import Span, leftmost_longest, stands_alone, subtract
from policy_themes.text.units import Language


@dataclass(frozen=True)
class Recall:
    """How often a fixed term stands in the text, and how often it stayed whole."""

    n_text: int = 0
    n_kept: int = 0

    def __add__(self, other: "Recall") -> "Recall":
        return Recall(self.n_text + other.n_text, self.n_kept + other.n_kept)


class FixedTerms:
    """
    The fixed terms of one language.

    Examples
    --------
    >>> terms = FixedTerms(["枫桥经验", "新时代"], "zh")
    >>> terms.overlay("新时代枫桥经验好", ["新", "时代", "枫桥", "经验", "好"], lambda text: [text])
    ['新时代', '枫桥经验', '好']
    """

    def __init__(self, phrases: Iterable[str], language: Language) -> None:
        self.phrases = tuple(sorted(set(phrases)))
        self.language = language
        self._automaton = ahocorasick.Automaton()
        for phrase in self.phrases:
            self._automaton.add_word(phrase, phrase)
        self._automaton.make_automaton()

    def occurrences(self, text: str) -> list[tuple[str, Span]]:
        """Return every occurrence of every term, overlapping ones included."""
        if not self.phrases:
            return []
        haystack = text
        if self.language == "en":
            haystack = "".join(low if len(low := char.lower()) == 1 else char for char in text).replace("\n", " ")
        found = [(phrase, Span(last + 1 - len(phrase), last + 1)) for last, phrase in self._automaton.iter(haystack)]
        return [(phrase, span) for phrase, span in found if self.language == "zh" or stands_alone(haystack, span)]

    def overlay(self, text: str, surfaces: Sequence[str], cut: Callable[[str], list[str]]) -> list[str]:
        """
        Lay the fixed terms of a text over its surfaces.

        Parameters
        ----------
        text : str
        surfaces : sequence of str
            They join to the text.
        cut : callable
            Segments the remains of a surface that a term cuts in two.

        Returns
        -------
        list of str
            They join to the text again.
        """
        kept = leftmost_longest(span for _, span in self.occurrences(text))
        if not kept:
            return list(surfaces)
        result: list[tuple[int, list[str]]] = [(span.start, [span.of(text)]) for span in kept]
        start = index = 0
        for surface in surfaces:
            span = Span(start, start + len(surface))
            start = span.end
            while index < len(kept) and kept[index].end <= span.start:
                index += 1
            if index == len(kept) or kept[index].start >= span.end:
                result.append((span.start, [surface]))
                continue
            near = [other for other in kept[index : index + len(surface) + 1] if other.meets(span)]
            result += [(rest.start, cut(rest.of(text))) for rest in subtract(span, near)]
        return [surface for _, parts in sorted(result, key=lambda item: item[0]) for surface in parts]

    def recall(self, text: str, surfaces: Sequence[str]) -> dict[str, Recall]:
        """Count, for each term that occurs, its occurrences and those inside one surface."""
        places: dict[str, list[Span]] = {}
        for phrase, span in self.occurrences(text):
            places.setdefault(phrase, []).append(span)
        if not places:
            return {}
        owner: list[int] = []
        for number, surface in enumerate(surfaces):
            owner += [number] * len(surface)
        found = {}
        for phrase, spans in places.items():
            alone = leftmost_longest(spans)
            whole = sum(owner[span.start] == owner[span.end - 1] for span in alone)
            found[phrase] = Recall(len(alone), whole)
        return found
