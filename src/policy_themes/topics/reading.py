"""What to read before a topic is named: the passages that have most of it, and which topics go together."""

from functools import cache

import numpy as np
import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.schema import conform, rows
from policy_themes.text.spans import Span
from policy_themes.topics.records import TopicFit
from policy_themes.topics.tables import document_gamma

FEWEST_WORDS = 10


def exemplars(fit: TopicFit, corpus: Corpus, *, top: int = 5) -> pd.DataFrame:
    """
    Quote the texts that have most of each topic.

    Parameters
    ----------
    fit : TopicFit
    corpus : Corpus
        The one it was fitted to.
    top : int, default 5
        Texts for each topic, at most one of a document while there are others.

    Returns
    -------
    DataFrame
        Table ``exemplars``: ``start`` and ``end`` in the original text, as in
        ``evidence``. Texts with fewer than ten known words come last: their
        proportions are mostly prior.
    """
    spans = _spans(fit, corpus)
    paths = dict(zip(corpus.documents["doc_id"], corpus.documents["path"], strict=True))
    offsets = cache(corpus.offsets)
    records = []
    for topic in range(fit.spec.k):
        for rank, row in enumerate(_best(fit, topic, top), start=1):
            doc_id = fit.doc_ids[row]
            span = spans[row]
            place = offsets(doc_id).span(span.start, span.end)
            records.append(
                {
                    "topic": topic + 1,
                    "rank": rank,
                    "doc_id": doc_id,
                    "passage": fit.passages[row],
                    "gamma": float(fit.gamma[row, topic]),
                    "n_tokens": int(fit.n_tokens[row]),
                    "start": place.start,
                    "end": place.end,
                    "text": corpus.original(doc_id)[place.start : place.end],
                    "path": paths[doc_id],
                    "language": fit.language,
                }
            )
    return conform(records, "exemplars")


def _best(fit: TopicFit, topic: int, top: int) -> list[int]:
    """Return the rows with most of a topic, documents that have one already last."""
    known = np.flatnonzero(~np.isnan(fit.gamma[:, topic]))
    short = fit.n_tokens[known] < FEWEST_WORDS
    order = known[np.lexsort((known, -fit.gamma[known, topic], short))].tolist()
    first: dict[str, int] = {}
    for row in order:
        first.setdefault(fit.doc_ids[row], row)
    alone = set(first.values())
    return [*(row for row in order if row in alone), *(row for row in order if row not in alone)][:top]


def _spans(fit: TopicFit, corpus: Corpus) -> dict[int, Span]:
    """Return where each row of a fit stands in its document's normalised text."""
    found: dict[int, Span] = {}
    for passage in rows(corpus.counted_passages()):
        row = fit.row_of(passage.doc_id, passage.passage)
        if row is not None:
            before = found.get(row, Span(passage.start, passage.end))
            found[row] = Span(min(before.start, passage.start), max(before.end, passage.end))
    return found


def topic_correlations(fit: TopicFit) -> pd.DataFrame:
    """
    Say which topics stand in the same documents.

    Returns
    -------
    DataFrame
        Table ``topic_correlations``: Pearson's, of the proportions of
        documents, for each pair once. As proportions sum to one, unrelated
        topics correlate somewhat below zero.
    """
    wide = document_gamma(fit).dropna()
    known = wide.corr() if len(wide) > 2 else wide.corr() * np.nan
    records = [
        {
            "topic": one,
            "other": other,
            "correlation": known.loc[one, other],
            "n_docs": len(wide),
            "language": fit.language,
        }
        for one in wide.columns
        for other in wide.columns
        if one < other
    ]
    return conform(records, "topic_correlations")
