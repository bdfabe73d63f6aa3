"""A topic fit as tidy tables: terms of topics, topics of documents."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.schema import conform
from policy_themes.topics.records import Matrix, TopicFit

RELEVANCE_WEIGHT = 0.6


def frex(beta: NDArray[np.float64], *, weight: float = 0.5) -> NDArray[np.float64]:
    """
    Score terms that are both frequent in a topic and exclusive to it.

    Parameters
    ----------
    beta : ndarray of shape (k, n_terms)
    weight : float, default 0.5
        Weight of exclusivity, between 0 and 1.

    Returns
    -------
    ndarray of shape (k, n_terms)
        Harmonic mean of the two ranks, between 0 and 1.

    References
    ----------
    Bischof, J. & Airoldi, E. (2012). ICML 29.

    Examples
    --------
    >>> frex(np.array([[0.6, 0.4, 0.0], [0.0, 0.4, 0.6]])).argmax(axis=1).tolist()
    [0, 2]
    """
    from scipy.stats import rankdata  # nearly a second to import

    exclusive = beta / beta.sum(axis=0, keepdims=True)
    ranks = [np.apply_along_axis(rankdata, 1, values) / beta.shape[1] for values in (exclusive, beta)]
    return np.asarray(1.0 / (weight / ranks[0] + (1.0 - weight) / ranks[1]))


def lift(fit: TopicFit) -> Matrix:
    """
    Return how much more probable each term is in a topic than in all text, shape (k, n_terms).

    References
    ----------
    Taddy, M. (2012). On estimation and selection for topic models. AISTATS 15.
    """
    weights = np.nansum(fit.gamma * fit.n_tokens[:, None], axis=0)
    return np.asarray(fit.beta / (weights / weights.sum() @ fit.beta))


def relevance(fit: TopicFit, *, weight: float = RELEVANCE_WEIGHT) -> Matrix:
    """
    Weigh the probability of terms against their lift, both as logarithms, shape (k, n_terms).

    References
    ----------
    Sievert, C. & Shirley, K. (2014). https://doi.org/10.3115/v1/W14-3110
    """
    return np.asarray(weight * np.log(fit.beta) + (1.0 - weight) * np.log(lift(fit)))


def topic_terms(fit: TopicFit, *, top: int = 20) -> pd.DataFrame:
    """
    Return the most probable terms of each topic.

    Returns
    -------
    DataFrame
        Table ``topic_terms``; topics are numbered from 1.
    """
    scores, lifts, relevant = frex(fit.beta), lift(fit), relevance(fit)
    records = []
    for topic, row in enumerate(fit.beta):
        order = np.lexsort((np.arange(len(row)), -row))[:top]
        records += [
            {
                "topic": topic + 1,
                "term": fit.terms[term],
                "beta": float(row[term]),
                "frex": float(scores[topic, term]),
                "rank": rank,
                "language": fit.language,
                "lift": float(lifts[topic, term]),
                "relevance": float(relevant[topic, term]),
            }
            for rank, term in enumerate(order, start=1)
        ]
    return conform(records, "topic_terms")


def document_gamma(fit: TopicFit) -> pd.DataFrame:
    """Return documents × topics: passages averaged by their known words; NaN where none is known."""
    frame = pd.DataFrame(fit.gamma, columns=range(1, fit.spec.k + 1))
    weight = pd.Series(np.where(np.isnan(fit.gamma).any(axis=1), 0, fit.n_tokens))
    ids = pd.Series(fit.doc_ids, name="doc_id")
    totals = weight.groupby(ids).sum()
    sums = frame.fillna(0.0).mul(weight, axis=0).groupby(ids).sum()
    return sums.div(totals.where(totals > 0), axis=0)


def doc_topics(fit: TopicFit) -> pd.DataFrame:
    """
    Return the topic proportions of each document.

    Returns
    -------
    DataFrame
        Table ``doc_topics``; ``gamma`` is unknown where a document holds no known word.
    """
    wide = document_gamma(fit)
    counts = pd.Series(fit.doc_ids).value_counts()
    long = wide.rename_axis("doc_id").reset_index().melt("doc_id", var_name="topic", value_name="gamma")
    long = long.sort_values(["doc_id", "topic"], kind="stable", ignore_index=True)
    long["n_passages"] = long["doc_id"].map(counts)
    long["language"] = fit.language
    return conform(long, "doc_topics")
