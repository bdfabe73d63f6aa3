"""What the raw matches of one theme amount to, worked out for many texts at once.

Places are columns of starts and ends, sorted by start. Texts lie one behind
another with more room between them than any window reaches, so that nothing
in one text has to do with anything in the next.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from policy_themes.lexicon.records import Near, Theme
from policy_themes.text.spans import leftmost_longest_places

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Places:
    """Stretches of text, by start."""

    starts: Integers
    ends: Integers

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.starts)

    @cached_property
    def reach(self) -> Integers:
        """How far the places up to each one reach."""
        return np.maximum.accumulate(self.ends)

    def met_by(self, others: "Places", margin: int = 0) -> Booleans:
        """Tell of each of the others whether one of these shares a character with it, or stands within the margin."""
        return self._reached(np.searchsorted(self.starts, others.ends + margin, "left"), others.starts - margin + 1)

    def holding(self, others: "Places") -> Booleans:
        """Tell of each of the others whether it lies wholly inside one of these."""
        return self._reached(np.searchsorted(self.starts, others.starts, "right"), others.ends)

    def _reached(self, until: NDArray[np.intp], end: Integers) -> Booleans:
        """Tell whether one of the first ``until`` places reaches an end."""
        if not len(self):
            return np.zeros(len(end), dtype=np.bool_)
        return (until > 0) & (self.reach[until - 1] >= end)

    def first_holding(self, start: int, end: int) -> tuple[int, int]:
        """Return, of the places that hold a stretch, the one that ends first; one must."""
        until = int(np.searchsorted(self.starts, start, "right"))
        pairs = zip(self.starts[:until].tolist(), self.ends[:until].tolist(), strict=True)
        return min((place for place in pairs if place[1] >= end), key=lambda place: (place[1], place[0]))

    def where(self, chosen: Booleans) -> "Places":
        """Return some of them."""
        return Places(self.starts[chosen], self.ends[chosen])

    def leftmost_longest(self) -> "Places":
        """Return the leftmost, the longest where several start, none overlapping."""
        return places(leftmost_longest_places(zip(self.starts.tolist(), self.ends.tolist(), strict=True)))


def places(pairs: list[tuple[int, int]]) -> Places:
    """Return pairs of start and end, sorted already, as columns."""
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Places(columns[:, 0], columns[:, 1])


@dataclass(frozen=True)
class Plan:
    """Under which numbers the matches of one theme are found: what counts, what excludes, what needs company, facets."""

    theme: Theme
    count: int
    exclude: int
    near: tuple[tuple[Near, int, int], ...]
    facets: tuple[tuple[str, int], ...]
    wide: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Settled:
    """Hits of one theme: their places, the facets of each, the context that excludes it, whether only a wide facet."""

    at: Places
    facets: tuple[tuple[str, ...], ...]
    context: tuple[tuple[int, int] | None, ...]
    wide: bool


def settle(plan: Plan, found: Callable[[int], Places]) -> Iterator[Settled]:
    """
    Yield the hits of a theme's headline, then those of each wide facet.

    Parameters
    ----------
    plan : Plan
    found : callable
        Returns the raw matches of one of the plan's numbers.
    """
    counted = [found(plan.count)]
    for near, candidates, words in plan.near:
        phrases = found(candidates)
        counted.append(phrases.where(found(words).met_by(phrases, near.window)))
    headline = Places(
        np.concatenate([item.starts for item in counted]), np.concatenate([item.ends for item in counted])
    ).leftmost_longest()
    excludes = found(plan.exclude)
    names = sorted(plan.facets)
    held = [found(role).met_by(headline) for _, role in names]
    yield Settled(
        headline, _named([name for name, _ in names], held, len(headline)), _contexts(excludes, headline), False
    )
    for name, role in plan.wide:
        beside = found(role).leftmost_longest()
        beside = beside.where(~headline.met_by(beside))
        yield Settled(beside, ((name,),) * len(beside), _contexts(excludes, beside), True)


def _named(names: list[str], held: list[Booleans], n_hits: int) -> tuple[tuple[str, ...], ...]:
    """Return the names of the facets that hold each hit; combinations are few, so each is made once."""
    if not names:
        return ((),) * n_hits
    known: dict[bytes, tuple[str, ...]] = {}
    combinations = []
    for row in np.stack(held, axis=1):
        key = row.tobytes()
        if key not in known:
            known[key] = tuple(name for name, mine in zip(names, row, strict=True) if mine)
        combinations.append(known[key])
    return tuple(combinations)


def _contexts(excludes: Places, hits: Places) -> tuple[tuple[int, int] | None, ...]:
    """Return the exclusion that holds each hit whole, or None."""
    contexts: list[tuple[int, int] | None] = [None] * len(hits)
    for place in np.flatnonzero(excludes.holding(hits)).tolist():
        contexts[place] = excludes.first_holding(int(hits.starts[place]), int(hits.ends[place]))
    return tuple(contexts)
