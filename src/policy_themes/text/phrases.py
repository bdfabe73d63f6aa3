"""Finding many phrases in a text in one linear pass; which library does it is known here only."""

from collections.abc import Sequence

import ahocorasick_rs

# Its fastest automaton grows with the phrases; beyond so many a compact one is taken.
MOST_DENSE = 50_000


class Phrases:
    """
    A set of literal phrases.

    Parameters
    ----------
    phrases : sequence of str
        Each once, none empty.

    Examples
    --------
    >>> Phrases(["枫桥", "枫桥经验"]).find("新时代枫桥经验")
    [(0, 3, 5), (1, 3, 7)]
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        dense = sum(map(len, phrases)) <= MOST_DENSE
        kind = ahocorasick_rs.Implementation.DFA if dense else ahocorasick_rs.Implementation.ContiguousNFA
        self._automaton = ahocorasick_rs.AhoCorasick(phrases, implementation=kind) if phrases else None

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return every occurrence, overlapping ones too, as (place of the phrase, start, end), by their ends."""
        return [] if self._automaton is None else self._automaton.find_matches_as_indexes(text, overlapping=True)
