"""Candidates of one language: measured, scored, freed of those that are part or context of another.

The formula and its sources stand in `terms.candidate_terms`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.regions import load_regions
from policy_themes.tokenize.discover import runs as of_runs
from policy_themes.tokenize.discover.baseline import phrase_scores
from policy_themes.tokenize.discover.stream import Stream
from policy_themes.tokenize.names import in_dictionary, number_words, place_words

# Characters of a Chinese term: as a run of words, and in quotation marks.
RUN, QUOTED = (3, 10), (2, 10)
# From this share of a run's occurrences inside one longer run on, the longer one is the term.
ABSORBED = 2 / 3
# A longer run that scores less than this share of one inside it is that one in a context.
CONTEXT = 0.5


def proposals(words: Stream, years: Mapping[str, object], stop: frozenset[str], min_count: int) -> pd.DataFrame:
    """
    Propose the terms of one language.

    Parameters
    ----------
    words : Stream
    years : mapping of str to int or NA
        Of each document.
    stop : frozenset of str
        Stop words.
    min_count : int

    Returns
    -------
    DataFrame
        ``term, words, cohesion, left_entropy, right_entropy, burst, burst_year,
        baseline, score`` and more, the best first, each term once.
    """
    runs = of_runs.count_runs(words, min_count=min_count)
    own = _admitted(words, runs, stop, min_count)
    table = pd.concat([_measured(words, runs, some, years) for some in own], ignore_index=True)
    inner, outer = of_runs.nested(own)
    table["score"] = _score(table, inner, outer)
    table = table[_stands(table["n"].to_numpy(np.int64), table["score"].to_numpy(np.float64), inner, outer)]
    best = table.assign(**_named(words, runs, table)).sort_values(["score", "term"], ascending=[False, True])
    return best.drop_duplicates("term", ignore_index=True)


def _admitted(words: Stream, runs: Sequence[of_runs.Runs], stop: frozenset[str], min_count: int) -> list[of_runs.Runs]:
    """Return the runs that may be terms by their form."""
    idle = np.array([word in stop for word in words.words])
    counting = number_words(words.language)
    bare = place_words(load_regions()) | counting
    # 二十五 is a number though no dictionary lists it.
    no_term = idle | np.array([word in bare or set(word) <= counting for word in words.words])
    sizes = np.array(list(map(len, words.words)))
    marked = [of_runs.quoted(words, own) >= min_count for own in runs]
    marked[0] &= ~_in_dictionary(words, runs[0], marked[0])
    admitted = []
    for own, quoted in zip(runs, marked, strict=True):
        parts = words.forms[own.sample[:, None] + np.arange(own.length)]
        free = ~idle[parts[:, 0]] & ~idle[parts[:, -1]] & (own.length > 1)
        if words.language == "zh":
            size = sizes[parts].sum(axis=1)
            free &= (size >= RUN[0]) & (size <= RUN[1])
            free |= quoted & (size >= QUOTED[0]) & (size <= QUOTED[1])
        admitted.append(own.only(free & ~no_term[parts].all(axis=1)))
    return admitted


def _in_dictionary(words: Stream, single: of_runs.Runs, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which of the wanted single words jieba has; it keeps them whole as it is."""
    found = wanted.copy()
    written = [words.words[number] for number in words.forms[single.sample[wanted]]]
    have = in_dictionary(written)
    found[wanted] = [word in have for word in written]
    return found


def _measured(
    words: Stream, runs: Sequence[of_runs.Runs], own: of_runs.Runs, years: Mapping[str, object]
) -> pd.DataFrame:
    """Return the measures of the admitted runs of one length, one row each."""
    burst, burst_year = _burst(words, own, years)
    baseline = np.full(len(own.counts), np.nan)
    if own.length == 2:
        first, second = (runs[0].counts[runs[0].of(own.sample + offset)] for offset in (0, 1))
        baseline = phrase_scores(first, second, own.counts, int(runs[0].counts.sum()))
    return pd.DataFrame(
        {
            "length": own.length,
            "sample": own.sample,
            "n": own.counts,
            "cohesion": np.maximum(of_runs.cohesion(runs, own), of_runs.quoted(words, own) / own.counts),
            "left_entropy": of_runs.boundary_entropy(words, own, left=True),
            "right_entropy": of_runs.boundary_entropy(words, own, left=False),
            "balance": of_runs.balance(words, own),
            "burst": burst,
            "burst_year": burst_year,
            "baseline": baseline,
        }
    )


def _burst(
    words: Stream, own: of_runs.Runs, years: Mapping[str, object]
) -> tuple[NDArray[np.float64], "pd.Series[int]"]:
    """
    Compare the years of each run's documents with those of all documents.

    Half the sum of the absolute differences of shares; the year is the one with
    the greatest excess, the first of several.
    """
    dated = pd.Series([years[doc_id] for doc_id in words.doc_ids], dtype="Int64")
    known = sorted(set(dated.dropna()))
    unknown = np.full(len(own.counts), np.nan)
    if len(known) < 2:
        return unknown, pd.Series(unknown).astype("Int64")
    columns = dated.map({year: place for place, year in enumerate(known)}).fillna(-1).to_numpy(np.int64)
    found = of_runs.by_year(words, own, columns)
    all_docs = np.bincount(columns[columns >= 0], minlength=len(known))
    total = found.sum(axis=1)
    excess = found / np.maximum(total, 1)[:, None] - all_docs / all_docs.sum()
    burst = np.where(total > 0, np.abs(excess).sum(axis=1) / 2, np.nan)
    year = pd.Series(np.array(known)[excess.argmax(axis=1)]).astype("Int64")
    return burst, year.where(burst > 0)


def _score(table: pd.DataFrame, inner: NDArray[np.int64], outer: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the score of each candidate; one that falls apart or always has the same neighbour has none."""
    counts = table["n"].to_numpy(np.float64)
    around = np.bincount(inner, counts[outer], minlength=len(counts))
    longer = np.maximum(np.bincount(inner, minlength=len(counts)), 1)
    free = np.sqrt(table["left_entropy"].clip(lower=0) * table["right_entropy"].clip(lower=0)) * table["balance"]
    held = table["cohesion"].clip(lower=0).to_numpy(np.float64)
    burst = table["burst"].fillna(0).to_numpy(np.float64)
    return np.asarray(np.log2(1 + counts - around / longer) * held * free.to_numpy() * (1 + burst), np.float64)


def _stands(
    counts: NDArray[np.int64], score: NDArray[np.float64], inner: NDArray[np.int64], outer: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which candidates are neither another one in its context nor part of another one."""
    absorbed = counts[outer] >= ABSORBED * counts[inner]
    stands = score > 0
    stands[outer[~absorbed & (score[outer] < CONTEXT * score[inner])]] = False
    stands[inner[absorbed & stands[outer]]] = False
    return stands


def _named(words: Stream, runs: Sequence[of_runs.Runs], table: pd.DataFrame) -> dict[str, list[str]]:
    """Return the columns ``term``, as it is most often written, and ``words``, as it is cut and counted."""
    terms, forms = [], []
    for length, place in zip(table["length"], table["sample"], strict=True):
        forms.append(" ".join(words.words[number] for number in words.forms[place : place + length]))
        terms.append(forms[-1].replace(" ", "") if words.language == "zh" else _writing(words, runs[length - 1], place))
    return {"term": terms, "words": forms}


def _writing(words: Stream, own: of_runs.Runs, place: int) -> str:
    """Return the most frequent writing of an English run, the first in sorted order of several."""
    places = np.flatnonzero(own.numbers == own.numbers[place])
    found, counts = np.unique(words.written[places[:, None] + np.arange(own.length)], axis=0, return_counts=True)
    return " ".join(words.writings[number] for number in found[counts.argmax()])
