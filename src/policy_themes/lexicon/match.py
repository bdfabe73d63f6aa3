"""Finding themes in normalised text: one linear pass, every hit with its place.

Within a theme, hits are leftmost-longest and do not overlap; between themes
they may (法治政府 counts for the rule of law and for lawful administration).
English phrases match whole words, whatever their case. A hit that lies inside
one of the theme's exclusions is found, marked, and not counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policy_themes.lexicon.records import Lexicon, Phrases
from policy_themes.lexicon.settle import Booleans, Integers, Places, Plan, settle
from policy_themes.text.phrases import Phrases as PhraseSet
from policy_themes.text.spans import Span, stands_alone
from policy_themes.text.units import Language

# Between two texts, so that no window of one reaches into the next.
GAP = 1_000
BATCH = 2_000_000
STRETCH = 20_000


class Hit(NamedTuple):
    """
    One occurrence of a theme, or of a wide facet of it.

    Attributes
    ----------
    theme : str
    start, end : int
        Place in the normalised text.
    term : str
        What stands there, English in lower case.
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
class Hits:
    """The same of many texts, in columns; ``text`` is the number of the text that each stands in."""

    text: Integers
    theme: Sequence[str]
    start: Integers
    end: Integers
    term: Sequence[str]
    facets: Sequence[tuple[str, ...]]
    excluded: Sequence[str]
    wide: Booleans

    @classmethod
    def none(cls) -> "Hits":
        """Return no hits."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, (), nothing, nothing, (), (), (), nothing.astype(np.bool_))

    def hits(self) -> list[Hit]:
        """Return them one by one."""
        starts, ends, wide = self.start.tolist(), self.end.tolist(), self.wide.tolist()
        columns = (self.theme, starts, ends, self.term, self.facets, self.excluded, wide)
        return [Hit(*row) for row in zip(*columns, strict=True)]


@dataclass(frozen=True)
class _Index:
    """The phrases of one language: each with the numbers of what it does, in one column, and the themes' plans."""

    phrases: PhraseSet
    roles: NDArray[np.int64]
    first: NDArray[np.int64]
    n_roles: int
    plans: tuple[Plan, ...]


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
        return [hit for batch in self.find_all([text], language) for hit in batch.hits()]

    def find_all(self, texts: Iterable[str], language: Language) -> Iterator[Hits]:
        """
        Yield the hits in many normalised texts, some two million characters at a time.

        Parameters
        ----------
        texts : iterable of str
        language : {"zh", "en"}
        """
        if language not in self._indexes:
            self._indexes[language] = _index(self.lexicon, language)
        done = 0
        for batch in stretches(texts, BATCH):
            yield _hits_of(self._indexes[language], batch, done, language)
            done += len(batch)


def _hits_of(index: _Index, texts: Sequence[str], first: int, language: Language) -> Hits:
    """Return the hits of some texts, searched as one."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    begins = np.cumsum(lengths) - lengths
    haystack, raw = _searched(index, texts, language)
    found = _found(index, raw, begins)
    parts = [(plan.theme.id, part) for plan in index.plans for part in settle(plan, found.__getitem__) if len(part.at)]
    if not parts:
        return Hits.none()
    starts = np.concatenate([part.at.starts for _, part in parts])
    ends = np.concatenate([part.at.ends for _, part in parts])
    themes = [theme for theme, part in parts for _ in range(len(part.at))]
    ranks = {theme: rank for rank, theme in enumerate(sorted({theme for theme, _ in parts}))}
    order = np.lexsort((np.array([ranks[theme] for theme in themes]), -ends, starts))
    starts, ends = starts[order], ends[order]
    rows = order.tolist()
    numbers = np.searchsorted(begins + GAP * np.arange(len(texts)), starts, "right") - 1
    shift = GAP * numbers
    contexts = list(chain.from_iterable(part.context for _, part in parts))
    facets = list(chain.from_iterable(part.facets for _, part in parts))
    wide = np.concatenate([np.full(len(part.at), part.wide) for _, part in parts])
    written = zip((starts - shift).tolist(), (ends - shift).tolist(), strict=True)
    around = zip((contexts[row] for row in rows), shift.tolist(), strict=True)
    return Hits(
        text=numbers + first,
        theme=[themes[row] for row in rows],
        start=starts - shift - begins[numbers],
        end=ends - shift - begins[numbers],
        term=[haystack[start:end] for start, end in written],
        facets=[facets[row] for row in rows],
        excluded=[haystack[at[0] - away : at[1] - away] if at else "" for at, away in around],
        wide=wide[order],
    )


def _lower(text: str) -> str:
    """Lower-case without changing any position; a line end is a blank between words."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("\n", " ").replace("’", "'")


def _index(lexicon: Lexicon, language: Language) -> _Index:
    """Give a number to all that the phrases of a lexicon do, theme by theme."""
    roles: dict[str, list[int]] = defaultdict(list)
    n_roles = 0

    def add(phrases: Phrases) -> int:
        nonlocal n_roles
        for phrase in phrases.of(language):
            roles[phrase].append(n_roles)
        n_roles += 1
        return n_roles - 1

    plans = []
    for theme in lexicon.themes:
        facets = [(facet, add(facet.phrases)) for facet in theme.facets]
        plans.append(
            Plan(
                theme=theme,
                count=add(theme.count),
                exclude=add(theme.exclude),
                near=tuple((near, add(near.phrases), add(near.words)) for near in theme.near),
                facets=tuple((facet.id, role) for facet, role in facets if not facet.wide),
                wide=tuple((facet.id, role) for facet, role in facets if facet.wide),
            )
        )
    written = sorted(roles)
    own = [list(dict.fromkeys(roles[phrase])) for phrase in written]
    return _Index(
        phrases=PhraseSet(written),
        roles=np.array(list(chain.from_iterable(own)), dtype=np.int64),
        first=np.array([0, *accumulate(map(len, own))], dtype=np.int64),
        n_roles=n_roles,
        plans=tuple(plans),
    )


def _searched(index: _Index, texts: Sequence[str], language: Language) -> tuple[str, list[tuple[int, int, int]]]:
    """Return texts joined, lower-cased if English, and the matches in them; short stretches are searched faster."""
    parts: list[str] = []
    raw: list[tuple[int, int, int]] = []
    done = 0
    for some in stretches(texts, STRETCH):
        part = "\0".join(some)
        haystack = _lower(part) if language == "en" else part
        matches = index.phrases.find(haystack)
        if language == "en":
            matches = [match for match in matches if stands_alone(haystack, Span(match[1], match[2]))]
        raw += [(phrase, start + done, end + done) for phrase, start, end in matches]
        parts.append(haystack)
        done += len(haystack) + 1
    return "\0".join(parts), raw


def stretches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """
    Divide texts into lists of at least so many characters each, but for the last.

    Examples
    --------
    >>> list(stretches(["ab", "cde", "f"], 4))
    [['ab', 'cde'], ['f']]
    """
    held: list[str] = []
    length = 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length >= size:
            yield held
            held, length = [], 0
    if held:
        yield held


def _found(index: _Index, raw: list[tuple[int, int, int]], begins: Integers) -> list[Places]:
    """Return the raw matches of every number, each text moved away from the one before it."""
    columns = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
    phrases, starts, ends = columns[:, 0], columns[:, 1], columns[:, 2]
    shift = GAP * (np.searchsorted(begins, starts, "right") - 1)
    counts = index.first[phrases + 1] - index.first[phrases]
    # Each match once for each thing that its phrase does.
    each = np.repeat(np.arange(len(raw)), counts)
    place_in_group = np.arange(len(each)) - np.repeat(np.cumsum(counts) - counts, counts)
    roles = index.roles[index.first[phrases[each]] + place_in_group]
    starts, ends = (starts + shift)[each], (ends + shift)[each]
    order = np.lexsort((-ends, starts, roles))
    bounds = np.searchsorted(roles[order], np.arange(index.n_roles + 1))
    starts, ends = starts[order], ends[order]
    return [Places(starts[low:high], ends[low:high]) for low, high in pairwise(bounds.tolist())]
