"""Fixed terms kept whole: an overlay on any segmentation.

A dictionary entry only makes a cut unlikely. Here the fixed terms are found in
the text first, leftmost-longest, and laid over the finished segmentation: each
becomes one surface, a surface it cuts in two has its remains segmented again,
and everything else stays as it was. Only what lies around a term is touched,
so that the overlay costs little beside a fast segmentation.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from policy_themes.text.phrases import Phrases
from policy_themes.text.spans import Span, leftmost_longest, stands_alone
from policy_themes.text.units import Language

# No engine joins what one of these stands between: what is around a term can be cut without the rest of its text.
_INSIDE: Mapping[Language, Callable[[str], bool]] = {
    "zh": lambda char: char.isalnum() or char in "+#&._%-",
    "en": lambda char: not char.isspace(),
}


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
        self._set = frozenset(self.phrases)

    def __contains__(self, phrase: object) -> bool:
        """Tell whether something is a fixed term."""
        return phrase in self._set

    def occurrences(self, text: str) -> list[tuple[int, int, int]]:
        """Return every occurrence of every term, overlapping ones too, as (place of the term, start, end)."""
        if self.language == "zh":
            return self._found.find(text)
        haystack = "".join(low if len(low := char.lower()) == 1 else char for char in text).replace("\n", " ")
        found = self._found.find(haystack)
        return [match for match in found if stands_alone(haystack, Span(match[1], match[2]))]

    def cut(
        self,
        text: str,
        cut: Callable[[str], list[str]],
        occurrences: Sequence[tuple[int, int, int]],
        forced: Counter[tuple[str, str]] | None = None,
    ) -> list[str]:
        """
        Segment a text with its fixed terms whole.

        The same as `overlay` over the segmentation of the whole text, but only
        the stretches around terms are looked at word by word.

        Parameters
        ----------
        text : str
        cut : callable
            Segments a text.
        occurrences : sequence of (int, int, int)
            What `occurrences` returned of it.
        forced : Counter, optional
            Gains, by term and by the engine's words around it, the cuts that fell inside a word of the engine.

        Returns
        -------
        list of str
            They join to the text.
        """
        kept = leftmost_longest(Span(start, end) for _, start, end in occurrences)
        if not kept:
            return cut(text)
        inside = _INSIDE[self.language]
        result: list[str] = []
        done = number = 0
        while number < len(kept):
            start, end = kept[number]
            while start > done and inside(text[start - 1]):
                start -= 1
            held = number
            while end < len(text) and inside(text[end]):
                end += 1
                if held + 1 < len(kept) and kept[held + 1].start < end:
                    held += 1
                    end = max(end, kept[held].end)
            # What lies before the stretch is cut in the same call; where the stretch begins, a surface does.
            surfaces = cut(text[done:end])
            first, length = len(surfaces), end - start
            while length > 0:
                first -= 1
                length -= len(surfaces[first])
            spans = [Span(span.start - start, span.end - start) for span in kept[number : held + 1]]
            result += surfaces[:first]
            result += _laid_over(text[start:end], surfaces[first:], cut, spans, forced)
            done, number = end, held + 1
        return result + cut(text[done:]) if done < len(text) else result

    def overlay(
        self,
        text: str,
        surfaces: Sequence[str],
        cut: Callable[[str], list[str]],
        occurrences: Sequence[tuple[int, int, int]] | None = None,
        forced: Counter[tuple[str, str]] | None = None,
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
        occurrences, forced
            As in `cut`.

        Returns
        -------
        list of str
            They join to the text again.
        """
        found = self.occurrences(text) if occurrences is None else occurrences
        kept = leftmost_longest(Span(start, end) for _, start, end in found)
        return _laid_over(text, surfaces, cut, kept, forced) if kept else list(surfaces)


def _laid_over(
    text: str,
    surfaces: Sequence[str],
    cut: Callable[[str], list[str]],
    kept: Sequence[Span],
    forced: Counter[tuple[str, str]] | None,
) -> list[str]:
    """Put fixed terms in the place of the surfaces that they cover; what they cut in two is segmented again."""
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
        done, index = span.end, bisect_right(bounds, span.end) - 1
        if span.start < span.end:
            result.append(span.of(text))
            if forced is not None and (bounds[whole] < span.start or bounds[index] < done):
                forced[span.of(text), "/".join(surfaces[whole : index + (bounds[index] < done)])] += 1
    return result
