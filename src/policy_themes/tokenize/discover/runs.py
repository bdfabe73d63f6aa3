"""Runs of adjacent words: how often each occurs, how firmly it holds together, what stands around it.

Runs of n words are numbered from those of n - 1 and one word more, packed into
one integer and sorted by `numpy.unique`; a run that is rare has only rarer
extensions, so that each step looks at what the one before it left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_themes.tokenize.discover.stream import BREAK, CLOSED, OPENED, Stream

LONGEST = 5  # words
STOPS = (BREAK, OPENED, CLOSED)
ARTICLES = ("the", "a", "an")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """
    The distinct runs of one length, or some of them.

    Attributes
    ----------
    length : int
        Words of each.
    numbers : ndarray of int, shape (n,)
        Which run of this length begins at each place of the stream; -1 for none.
    kept : ndarray of int, shape (n_all_runs + 1,)
        The number that each of these has here, -1 for one left out and, last,
        for none.
    counts : ndarray of int, shape (n_runs,)
    sample : ndarray of int, shape (n_runs,)
        A place where it begins.
    """

    length: int
    numbers: NDArray[np.int32]
    kept: NDArray[np.int32]
    counts: Ints
    sample: Ints

    @property
    def places(self) -> Ints:
        """Where runs begin, ascending."""
        return np.flatnonzero(self.kept[self.numbers] >= 0)

    def of(self, places: Ints) -> NDArray[np.int32]:
        """Return the runs that begin at some places; -1 for none."""
        return self.kept[self.numbers[places]]

    def only(self, wanted: NDArray[np.bool_]) -> "Runs":
        """Return some of the runs, numbered anew; the array of all places is shared."""
        new = np.append(np.where(wanted, np.cumsum(wanted) - 1, -1), -1).astype(np.int32)
        return Runs(self.length, self.numbers, new[self.kept], self.counts[wanted], self.sample[wanted])


def count_runs(words: Stream, *, min_count: int) -> list[Runs]:
    """
    Count the runs of one to five adjacent words; those of two and more that are rare are left out.

    Returns
    -------
    list of Runs
        By length, from 1.
    """
    starts, total = np.flatnonzero(words.is_word), len(words.forms)
    found = [_numbered(words.forms[starts].astype(np.int64), starts, total, length=1, min_count=1)]
    single = found[0].numbers
    for length in range(2, LONGEST + 1):
        shorter = found[-1].numbers
        starts = np.flatnonzero(shorter[: max(total - length + 1, 0)] >= 0)
        starts = starts[(single[starts + length - 1] >= 0) & (shorter[starts + 1] >= 0)]
        keys = shorter[starts].astype(np.int64) * len(found[0].counts) + single[starts + length - 1]
        found.append(_numbered(keys, starts, total, length=length, min_count=min_count))
    return found


def _numbered(keys: Ints, starts: Ints, total: int, *, length: int, min_count: int) -> Runs:
    """Give numbers to the distinct keys that are frequent enough; there is one for each start."""
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    frequent = counts >= min_count
    new = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
    numbers = np.full(total, -1, np.int32)
    numbers[starts] = new[inverse]
    kept = np.append(np.arange(int(frequent.sum())), -1).astype(np.int32)
    return Runs(length, numbers, kept, counts[frequent], starts[first[frequent]])


def cohesion(runs: Sequence[Runs], own: Runs) -> Floats:
    """
    Measure how firmly runs hold together where they are weakest.

    Parameters
    ----------
    runs : sequence of Runs
        All runs by length, from 1.
    own : Runs
        Those to measure.

    Returns
    -------
    ndarray of float, shape (n_runs,)
        Normalised pointwise mutual information of the two parts, the least over
        all splits, -1 to 1; -1 for single words, which have no parts:
        ``ln(p(xy) / (p(x) p(y))) / -ln p(xy)``, p relative to all words.

    References
    ----------
    Bouma, G. (2009). Normalized (pointwise) mutual information in collocation
    extraction. Proceedings of GSCL, 31-40.
    """
    length, total = own.length, float(runs[0].counts.sum())
    worst = np.full(len(own.counts), 1.0 if length > 1 else -1.0)
    share = own.counts / total
    for cut in range(1, length):
        left = runs[cut - 1].counts[runs[cut - 1].of(own.sample)] / total
        rest = runs[length - cut - 1]
        right = rest.counts[rest.of(own.sample + cut)] / total
        worst = np.minimum(worst, np.log(share / (left * right)) / -np.log(share))
    return worst


def boundary_entropy(words: Stream, runs: Runs, *, left: bool) -> Floats:
    """
    Measure how freely the neighbours of runs vary on one side.

    A neighbouring word counts as itself (beyond an English article, which says
    nothing of what it stands before) and every number as the same sign; a stop is a neighbour of its own each time, as in accessor variety.

    Returns
    -------
    ndarray of float, shape (n_runs,)
        Entropy in nats, 0 where the neighbour is always the same.

    References
    ----------
    Feng, H., Chen, K., Deng, X. and Zheng, W. (2004). Accessor variety criteria
    for Chinese word extraction. https://doi.org/10.1162/089120104773633394
    """
    counts = runs.counts.astype(float)
    own, neighbours = _neighbours(words, runs, left=left)
    stops = np.isin(neighbours, STOPS)
    entropy = np.bincount(own[stops], minlength=len(counts)) * np.log(counts) / counts
    keys, times = np.unique(own[~stops].astype(np.int64) * len(words.words) + neighbours[~stops], return_counts=True)
    of = keys // len(words.words)
    share = times / counts[of]
    return np.asarray(entropy - np.bincount(of, share * np.log(share), minlength=len(counts)), np.float64)


def balance(words: Stream, runs: Runs) -> Floats:
    """
    Measure how evenly stops stand on both sides of runs.

    A predicate belongs to one end of its clause (成效明显 closes it, 统筹推进
    opens it); a term stands anywhere, in quotation marks between two.

    Returns
    -------
    ndarray of float, shape (n_runs,)
        1 less the absolute difference of the shares of occurrences with a stop
        on the left and on the right, 0 to 1.
    """
    shares = []
    for left in (True, False):
        own, neighbours = _neighbours(words, runs, left=left)
        shares.append(np.bincount(own[np.isin(neighbours, STOPS)], minlength=len(runs.counts)) / runs.counts)
    return np.asarray(1 - np.abs(shares[0] - shares[1]), np.float64)


def _neighbours(words: Stream, runs: Runs, *, left: bool) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the run of each occurrence and what stands beside it, an English article passed over."""
    places = runs.places
    # The stream ends in a break, which is also what place -1 finds before its beginning.
    beside = words.forms[places - 1 if left else places + runs.length]
    if left and words.language == "en":
        articles = np.flatnonzero(np.isin(words.words, ARTICLES))
        beside = np.where(np.isin(beside, articles), words.forms[places - 2], beside)
    return runs.of(places), beside


def quoted(words: Stream, runs: Runs) -> Ints:
    """Count how often each run, whole and alone, stands in quotation marks."""
    opened = np.flatnonzero(words.forms[: len(words.forms) - runs.length - 1] == OPENED) + 1
    inside = runs.of(opened[words.forms[opened + runs.length] == CLOSED])
    return np.bincount(inside[inside >= 0], minlength=len(runs.counts))


def by_year(words: Stream, runs: Runs, columns: NDArray[np.int64]) -> Ints:
    """
    Count the documents of each year that hold each run.

    Parameters
    ----------
    words : Stream
    runs : Runs
    columns : ndarray of int, shape (n_docs,)
        Column of each document's year; -1 for a document without.

    Returns
    -------
    ndarray of int, shape (n_runs, n_years)
    """
    n_years, n_docs = int(columns.max(initial=-1)) + 1, len(columns)
    places = runs.places
    keys = runs.of(places).astype(np.int64) * n_docs + words.documents[places]
    pairs, _ = np.unique(keys, return_counts=True)  # with counts it sorts, which is faster here than its hashing
    years = columns[pairs % n_docs]
    cells = (pairs // n_docs * n_years + years)[years >= 0]
    return np.bincount(cells, minlength=len(runs.counts) * n_years).reshape(len(runs.counts), n_years)


def nested(runs: Sequence[Runs]) -> tuple[Ints, Ints]:
    """
    Find which runs stand inside which longer ones.

    Parameters
    ----------
    runs : sequence of Runs
        By length, from 1.

    Returns
    -------
    inner, outer : ndarray of int, shape (n_pairs,)
        Numbers among all these runs, one length after the other; every pair
        once.
    """
    first = np.cumsum([0, *(len(own.counts) for own in runs)])
    pairs = [np.zeros(0, np.int64)]
    for long in runs:
        outer = first[long.length - 1] + np.arange(len(long.counts))
        for short in runs[: long.length - 1]:
            for offset in range(long.length - short.length + 1):
                inner = short.of(long.sample + offset).astype(np.int64)
                pairs.append(((inner + first[short.length - 1]) * first[-1] + outer)[inner >= 0])
    keys, _ = np.unique(np.concatenate(pairs), return_counts=True)
    return keys // max(first[-1], 1), keys % max(first[-1], 1)
