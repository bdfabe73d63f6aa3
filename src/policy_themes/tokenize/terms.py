"""New terms: runs of words that hold together, as a table for a reviewer to accept from.

Policy language coins its words faster than dictionaries follow. A term shows
itself by what surrounds it: its parts attract one another (cohesion), its
neighbours vary (boundary entropy), it stands by itself and not only in longer
runs (C-value), and it belongs to some years more than to others (burst). The
proposals of `candidate_terms` are read, marked in the column ``accept``, and
the file is then a dictionary (`load_dictionary`). No list of good words is
involved.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.corpus.records import Corpus
from policy_themes.regions import load_regions
from policy_themes.schema import conform
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES
from policy_themes.tokenize import runs as of_runs
from policy_themes.tokenize.baseline import phrase_scores
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.names import in_dictionary, number_words, place_words
from policy_themes.tokenize.occurrences import occurrences
from policy_themes.tokenize.segment import Engine, segmenter
from policy_themes.tokenize.stopwords import StopWords, load_stopwords
from policy_themes.tokenize.stream import Stream, stream

# Characters of a Chinese term: as a run of words, and in quotation marks.
RUN, QUOTED = (3, 10), (2, 10)
# From this share of a run's occurrences inside one longer run on, the longer one is the term.
ABSORBED = 2 / 3
# A longer run that scores less than this share of one inside it is that one in a context.
CONTEXT = 0.5


def candidate_terms(
    corpus: Corpus,
    known: Collection[str] = (),
    *,
    top: int = 1_000,
    min_count: int = 5,
    stopwords: StopWords | None = None,
    engine: Engine | None = None,
) -> pd.DataFrame:
    """
    Propose terms that the dictionaries lack.

    Candidates are runs of two to five adjacent words, of three to ten
    characters in Chinese, that neither begin nor end with a stop word, hold
    more than numbers, dates, places and stop words and cross no stop; and, in
    Chinese, whatever stands in quotation marks ``min_count`` times and has two
    to ten characters, single words too if jieba's dictionary lacks them. The
    score is

        ``log2(1 + C) * cohesion * sqrt(left_entropy * right_entropy) * balance * (1 + burst)``

    with C the occurrences less the mean of those of the longer candidates
    around it, and with the balance of `runs.balance`, which is low for
    predicates. A candidate is dropped where two thirds of its occurrences lie
    in one longer candidate, or where it scores less than half of a shorter one
    inside it: what it has besides is context.

    Parameters
    ----------
    corpus : Corpus
        Copies are left out.
    known : collection of str
        Terms that are not proposed: phrases of the lexicon, the user's words.
    top : int, default 1000
        Proposals a language.
    min_count : int, default 5
        Least occurrences.
    stopwords : StopWords, optional
        By default the built-in ones.
    engine : {"rjieba", "jieba"}, optional
        Of Chinese.

    Returns
    -------
    DataFrame
        Table ``candidate_terms``, by language, the best first. ``cohesion`` is
        the normalised pointwise mutual information at the weakest split, or the
        share of occurrences in quotation marks where that is higher; ``burst``
        the deviation of the term's documents from all documents over the years,
        0 (spread alike) to 1 (one year among many), unknown with fewer than two
        years.

    References
    ----------
    Bouma, G. (2009). Normalized (pointwise) mutual information in collocation
    extraction (cohesion). Feng, H. et al. (2004).
    https://doi.org/10.1162/089120104773633394 (boundaries). Frantzi, K.,
    Ananiadou, S. and Mima, H. (2000). https://doi.org/10.1007/s007999900023
    (C-value). Gries, S. Th. (2008). https://doi.org/10.1075/ijcl.13.4.02gri
    (deviation of proportions, here burst).

    Examples
    --------
    >>> from policy_themes.corpus.records import Corpus
    >>> from policy_themes.schema import empty
    >>> names = ("documents", "ledger", "texts", "passages", "points", "removed")
    >>> len(candidate_terms(Corpus(*map(empty, names))))
    0
    """
    stop = stopwords or load_stopwords()
    own = {normalize(term).text.lower() for term in known}
    years = dict(zip(corpus.documents["doc_id"], corpus.documents["year"], strict=True))
    tables = []
    for language in LANGUAGES:
        if language in corpus.languages.values():
            words = stream(corpus.iter_passages(), language, segmenter(language, UserDictionary(), engine))
            found = _proposals(words, years, stop.of(language), min_count)
            tables.append(found[~found["term"].isin(own)].head(top).assign(language=language))
    if not tables:
        return conform([], "candidate_terms")
    table = occurrences(corpus, pd.concat(tables, ignore_index=True))
    return conform(table.assign(rank=table.groupby("language").cumcount() + 1, accept=None), "candidate_terms")


def _proposals(words: Stream, years: Mapping[str, object], stop: frozenset[str], min_count: int) -> pd.DataFrame:
    """Return the candidates of one language by score, each writing once."""
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
        single = runs[0].counts[runs[0].numbers]
        first, second = single[own.sample], single[own.sample + 1]
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
