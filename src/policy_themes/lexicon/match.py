"""Finding themes in normalised text: one linear pass, every hit with its place.

Within a theme, hits are leftmost-longest and do not overlap; between themes
they may (法治政府 counts for the rule of law and for lawful administration).
English phrases match whole words, whatever their case. A hit that lies inside
one of the theme's exclusions is found, marked, and not counted.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from policy_themes.lexicon.records import Lexicon, Near, Phrases, Theme
from policy_themes.text.phrases import Phrases as PhraseSet
from policy_themes.text.spans import Span, leftmost_longest_places, stands_alone
from policy_themes.text.units import Language

# A stretch of text; plain, because hundreds of thousands are made for each corpus.
Place = tuple[int, int]
Found = dict[int, list[Place]]


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


@dataclass(frozen=True)
class _Plan:
    """Under which numbers the matches of one theme are found: what counts, what excludes, what needs company, facets."""

    theme: Theme
    count: int
    exclude: int
    near: tuple[tuple[Near, int, int], ...]
    facets: tuple[tuple[str, int], ...]
    wide: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Index:
    """The phrases of one language: each with the numbers of what it does, and of each number the theme it is for."""

    phrases: PhraseSet
    roles: tuple[tuple[int, ...], ...]
    plans: tuple[_Plan, ...]
    owner: tuple[int, ...]


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
        self._indexes: dict[Language, _Index] = {}

    def find(self, text: str, language: Language) -> list[Hit]:
        """
        Return every hit in a normalised text, excluded ones marked, by place.

        Parameters
        ----------
        text : str
            Normalised (`text.normalize`).
        language : {"zh", "en"}
        """
        if language not in self._indexes:
            self._indexes[language] = _index(self.lexicon, language)
        index = self._indexes[language]
        haystack = _lower(text) if language == "en" else text
        found: Found = {}
        for phrase, start, end in index.phrases.find(haystack):
            if language == "zh" or stands_alone(haystack, Span(start, end)):
                for role in index.roles[phrase]:
                    found.setdefault(role, []).append((start, end))
        touched = sorted({index.owner[role] for role in found})
        hits = [hit for owner in touched for hit in _theme_hits(index.plans[owner], found, haystack)]
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.theme))


def _lower(text: str) -> str:
    """Lower-case without changing any position; a line end is a blank between words."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("\n", " ").replace("’", "'")


def _index(lexicon: Lexicon, language: Language) -> _Index:
    """Give a number to all that the phrases of a lexicon do, theme by theme."""
    roles: dict[str, list[int]] = defaultdict(list)
    owner: list[int] = []

    def add(phrases: Phrases, theme: int) -> int:
        for phrase in phrases.of(language):
            roles[phrase].append(len(owner))
        owner.append(theme)
        return len(owner) - 1

    plans = []
    for number, theme in enumerate(lexicon.themes):
        facets = [(facet, add(facet.phrases, number)) for facet in theme.facets]
        plans.append(
            _Plan(
                theme=theme,
                count=add(theme.count, number),
                exclude=add(theme.exclude, number),
                near=tuple((near, add(near.phrases, number), add(near.words, number)) for near in theme.near),
                facets=tuple((facet.id, role) for facet, role in facets if not facet.wide),
                wide=tuple((facet.id, role) for facet, role in facets if facet.wide),
            )
        )
    written = sorted(roles)
    numbers = tuple(tuple(dict.fromkeys(roles[phrase])) for phrase in written)
    return _Index(PhraseSet(written), numbers, tuple(plans), tuple(owner))


def _theme_hits(plan: _Plan, found: Found, text: str) -> Iterator[Hit]:
    """Settle what one theme's raw matches amount to."""
    counted = list(found.get(plan.count, ()))
    for near, candidates, words in plan.near:
        company = found.get(words, [])
        counted += [place for place in found.get(candidates, ()) if _in_company(place, company, near)]
    excludes = found.get(plan.exclude, [])
    facets = [(name, found[role]) for name, role in plan.facets if role in found]
    headline = leftmost_longest_places(counted)
    for start, end in headline:
        held = tuple(sorted(name for name, places in facets if any(start < b and a < end for a, b in places)))
        yield Hit(plan.theme.id, start, end, text[start:end], held, _context(start, end, excludes, text))
    for name, role in plan.wide:
        for start, end in leftmost_longest_places(found.get(role, [])):
            if not any(start < b and a < end for a, b in headline):
                context = _context(start, end, excludes, text)
                yield Hit(plan.theme.id, start, end, text[start:end], (name,), context, wide=True)


def _in_company(place: Place, words: list[Place], near: Near) -> bool:
    """Tell whether one of the words stands close enough."""
    return any(start < place[1] + near.window and end > place[0] - near.window for start, end in words)


def _context(start: int, end: int, excludes: list[Place], text: str) -> str:
    """Return the exclusion that holds the whole hit, or ""."""
    return next((text[first:last] for first, last in excludes if first <= start and end <= last), "")
