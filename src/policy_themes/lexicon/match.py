"""Finding themes in normalised text: one linear pass, every hit with its place.

Within a theme, hits are leftmost-longest and do not overlap; between themes
they may (法治政府 counts for the rule of law and for lawful administration).
English phrases match whole words, whatever their case. A hit that lies inside
one of the theme's exclusions is found, marked, and not counted.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick

from policy_themes.lexicon.records import Lexicon, Near, Phrases, Theme
from policy_themes.text.spans import Span, leftmost_longest, stands_alone
from policy_themes.text.units import Language


@dataclass(frozen=True)
class Hit:
    """
    One occurrence of a theme, or of a wide facet of it.

    Attributes
    ----------
    theme : str
    start, end : int
        Place in the normalised text.
    term : str
        The phrase of the lexicon that matched.
    facets : tuple of str
        Facets it belongs to.
    excluded : str
        The context that takes it out of the count, or "".
    wide : bool
        Whether it is a hit of a wide facet only, outside the headline.
    """

    theme: str
    start: int
    end: int
    term: str
    facets: tuple[str, ...] = ()
    excluded: str = ""
    wide: bool = False


class _Role(NamedTuple):
    """What a phrase does for a theme; ``place`` tells facets and conditions apart."""

    theme: str
    part: str  # count, exclude, facet, near, word
    place: int


class Matcher:
    """
    All phrases of a lexicon in one automaton a language.

    Parameters
    ----------
    lexicon : Lexicon

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> matcher = Matcher(load_lexicon())
    >>> [(hit.theme, hit.excluded) for hit in matcher.find("高水平安全", "zh")]
    [('safe_china', '水平安全')]
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._automata: dict[Language, ahocorasick.Automaton] = {}

    def find(self, text: str, language: Language) -> list[Hit]:
        """
        Return every hit in a normalised text, excluded ones marked, by place.

        Parameters
        ----------
        text : str
            Normalised (`text.normalize`).
        language : {"zh", "en"}
        """
        found: dict[_Role, list[Span]] = defaultdict(list)
        haystack = _lower(text) if language == "en" else text
        if language not in self._automata:
            self._automata[language] = _automaton(self.lexicon, language)
        automaton = self._automata[language]
        for last, (phrase_length, roles) in automaton.iter(haystack) if len(automaton) else ():
            span = Span(last + 1 - phrase_length, last + 1)
            if language == "zh" or stands_alone(haystack, span):
                for role in roles:
                    found[role].append(span)
        touched = {role.theme for role in found}
        hits = [
            hit for theme in self.lexicon.themes if theme.id in touched for hit in _theme_hits(theme, found, haystack)
        ]
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.theme))


def _lower(text: str) -> str:
    """Lower-case without changing any position; a line end is a blank between words."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("\n", " ").replace("’", "'")


def _automaton(lexicon: Lexicon, language: Language) -> ahocorasick.Automaton:
    """Build the automaton of one language: phrase → (length, roles)."""
    roles: dict[str, list[_Role]] = defaultdict(list)

    def add(phrases: Phrases, role: _Role) -> None:
        for phrase in phrases.of(language):
            roles[phrase].append(role)

    for theme in lexicon.themes:
        add(theme.count, _Role(theme.id, "count", 0))
        add(theme.exclude, _Role(theme.id, "exclude", 0))
        for index, near in enumerate(theme.near):
            add(near.phrases, _Role(theme.id, "near", index))
            add(near.words, _Role(theme.id, "word", index))
        for index, facet in enumerate(theme.facets):
            add(facet.phrases, _Role(theme.id, "facet", index))
    automaton = ahocorasick.Automaton()
    for phrase in sorted(roles):
        automaton.add_word(phrase, (len(phrase), tuple(dict.fromkeys(roles[phrase]))))
    automaton.make_automaton()
    return automaton


def _theme_hits(theme: Theme, found: dict[_Role, list[Span]], text: str) -> Iterable[Hit]:
    """Settle what one theme's raw matches amount to."""
    counted = list(found.get(_Role(theme.id, "count", 0), []))
    for index, near in enumerate(theme.near):
        words = found.get(_Role(theme.id, "word", index), [])
        candidates = found.get(_Role(theme.id, "near", index), [])
        counted += [span for span in candidates if _in_company(span, words, near)]
    excludes = found.get(_Role(theme.id, "exclude", 0), [])
    facets = {
        facet.id: found[role]
        for index, facet in enumerate(theme.facets)
        if not facet.wide and (role := _Role(theme.id, "facet", index)) in found
    }
    headline = leftmost_longest(counted)
    for span in headline:
        held = tuple(sorted(name for name, spans in facets.items() if any(span.meets(other) for other in spans)))
        yield Hit(theme.id, span.start, span.end, span.of(text), held, _context(span, excludes, text))
    for index, facet in enumerate(theme.facets):
        if facet.wide:
            for span in leftmost_longest(found.get(_Role(theme.id, "facet", index), [])):
                if not any(span.meets(other) for other in headline):
                    term = span.of(text)
                    context = _context(span, excludes, text)
                    yield Hit(theme.id, span.start, span.end, term, (facet.id,), context, wide=True)


def _in_company(span: Span, words: list[Span], near: Near) -> bool:
    """Tell whether one of the words stands close enough."""
    return any(word.start < span.end + near.window and word.end > span.start - near.window for word in words)


def _context(span: Span, excludes: list[Span], text: str) -> str:
    """Return the exclusion that holds the whole hit, or ""."""
    for other in excludes:
        if other.holds(span):
            return other.of(text)
    return ""
