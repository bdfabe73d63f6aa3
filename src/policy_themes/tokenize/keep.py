"""Fixed terms kept whole: an overlay on any segmentation.

A dictionary entry only makes a cut unlikely. Here the fixed terms are found in
the text first, leftmost-longest, and laid over the finished segmentation: each
becomes one surface, a surface it cuts in two has its remains segmented again,
and everything else stays as it was. Only what lies around a term is touched,
so that the overlay costs little beside a fast segmentation.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from policy_themes.text.phrases import Phrases
from policy_themes.text.spans import Span, leftmost_longest, stands_alone
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
        self._found = Phrases(self.phrases)

    def occurrences(self, text: str) -> list[tuple[str, Span]]:
        """Return every occurrence of every term, overlapping ones included."""
        haystack = text
        if self.language == "en":
            haystack = "".join(low if len(low := char.lower()) == 1 else char for char in text).replace("\n", " ")
        found = [(self.phrases[number], Span(start, end)) for number, start, end in self._found.find(haystack)]
        return [(phrase, span) for phrase, span in found if self.language == "zh" or stands_alone(haystack, span)]

    def overlay(
        self,
        text: str,
        surfaces: Sequence[str],
        cut: Callable[[str], list[str]],
        occurrences: Sequence[tuple[str, Span]] | None = None,
    ) -> list[str]:
        """
        Lay the fixed terms of a text over its surfaces.

        Parameters
        ----------
        text : str
        surfaces : sequence of str
            They join to the text.
        cut : callable
            Segments the remains of a surface that a term cuts in two.
        occurrences : sequence of (str, Span), optional
            What `occurrences` returned of the text, where that was called already.

        Returns
        -------
        list of str
            They join to the text again.
        """
        found = self.occurrences(text) if occurrences is None else occurrences
        kept = leftmost_longest(span for _, span in found)
        if not kept:
            return list(surfaces)
        bounds = list(accumulate(map(len, surfaces), initial=0))
        result: list[str] = []
        done = index = 0  # what is before `done` is in the result; `index` is the surface that it lies in or begins
        for span in [*kept, Span(len(text), len(text))]:
            if bounds[index] < done < span.start:  # a term ended inside this surface
                rest = min(bounds[index + 1], span.start)
                result += cut(text[done:rest])
                done = rest
                index += done == bounds[index + 1]
            whole = bisect_right(bounds, span.start) - 1
            if done < span.start and whole > index:
                result += surfaces[index:whole]
                done = bounds[whole]
            if done < span.start:  # a term begins inside this surface
                result += cut(text[done : span.start])
            if span.start < span.end:
                result.append(span.of(text))
            done = span.end
            index = bisect_right(bounds, done) - 1
        return result

    def recall(
        self, text: str, surfaces: Sequence[str], occurrences: Sequence[tuple[str, Span]] | None = None
    ) -> dict[str, Recall]:
        """Count, for each term that occurs, its occurrences and those inside one surface."""
        places: dict[str, list[Span]] = {}
        for phrase, span in self.occurrences(text) if occurrences is None else occurrences:
            places.setdefault(phrase, []).append(span)
        if not places:
            return {}
        ends = list(accumulate(map(len, surfaces)))
        found = {}
        for phrase, spans in places.items():
            alone = leftmost_longest(spans) if len(spans) > 1 else spans
            whole = sum(bisect_right(ends, span.start) == bisect_left(ends, span.end) for span in alone)
            found[phrase] = Recall(len(alone), whole)
        return found
