"""New terms: runs of words that hold together, as a table for a reviewer to accept from.

Policy language coins its words faster than dictionaries follow. A term shows
itself by what surrounds it: its parts attract one another (cohesion), its
neighbours vary (boundary entropy), it stands by itself and not only in longer
runs (C-value), and it belongs to some years more than to others (burst). The
proposals of `candidate_terms` are read, marked in the column ``accept``, and
the file is then a dictionary (`load_dictionary`). No list of good words is
involved.
"""

from collections.abc import Collection

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.schema import conform
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.discover.occurrences import occurrences
from policy_themes.tokenize.discover.proposals import proposals
from policy_themes.tokenize.discover.stream import stream
from policy_themes.tokenize.segment import Engine, segmenter
from policy_themes.tokenize.stopwords import StopWords, load_stopwords


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
            found = proposals(words, years, stop.of(language), min_count)
            tables.append(found[~found["term"].isin(own)].head(top).assign(language=language))
    if not tables:
        return conform([], "candidate_terms")
    table = occurrences(corpus, pd.concat(tables, ignore_index=True))
    return conform(table.assign(rank=table.groupby("language").cumcount() + 1, accept=None), "candidate_terms")
