"""How much of the text of a group of documents is about each topic, with an interval that says what it covers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri, stdtrit

from policy_themes.schema import conform
from policy_themes.topics.draws import all_draws
from policy_themes.topics.records import Matrix, TopicFit
from policy_themes.topics.tables import document_gamma

METHOD = "mean over documents"
OF_MODEL = "95 %: proportions drawn {} times; topics and K as they are, documents not a sample"
OF_SAMPLE = "95 %: proportions drawn {} times, documents a sample; topics and K as they are"
TOO_FEW = "none: fewer than {} documents"
FEWEST = 5


def topic_prevalence(
    fit: TopicFit,
    groups: Mapping[str, str],
    *,
    by: str,
    sampled: bool = False,
    found_again: pd.DataFrame | None = None,
    seed: int = 1,
) -> pd.DataFrame:
    """
    Return the mean proportion of each topic in groups of documents.

    Parameters
    ----------
    fit : TopicFit
    groups : mapping of doc_id to group
    by : str
        Name of the grouping.
    sampled : bool, default False
        Whether the documents are a sample: then they vary, beside their proportions.
    found_again : DataFrame, optional
        Table ``topic_stability`` of the fit: which topics other fits find.
    seed : int, default 1

    Returns
    -------
    DataFrame
        Table ``topic_prevalence``; ``low`` and ``high`` are the least and the
        greatest document, unknown in a group of one; ``ci_low`` and ``ci_high``
        lie between 0 and 1 and are unknown where a sample has too few documents.

    References
    ----------
    Treier, S. & Jackman, S. (2008). https://doi.org/10.1111/j.1540-5907.2007.00308.x
    """
    wide = document_gamma(fit).dropna()
    names = pd.Series({doc_id: groups[doc_id] for doc_id in wide.index if doc_id in groups}, dtype=object)
    if names.empty:
        return conform([], "topic_prevalence")
    counts = pd.Series(fit.doc_ids).value_counts()
    marks = {} if found_again is None else dict(zip(found_again["topic"], found_again["mark"], strict=True))
    draws = all_draws(fit, seed=seed)
    place = {doc_id: row for row, doc_id in enumerate(fit.documents)}
    records = []
    for group in sorted(set(names)):
        ids = list(names.index[names == group])
        values = wide.loc[ids].to_numpy()
        drawn = draws[:, [place[doc_id] for doc_id in ids]].astype(np.float64).mean(axis=1)
        low, high = _interval(values, drawn, sampled=sampled)
        few = sampled and len(ids) < FEWEST
        said = TOO_FEW.format(FEWEST) if few else (OF_SAMPLE if sampled else OF_MODEL).format(len(drawn))
        n_passages = int(counts[ids].sum())
        for topic in range(fit.spec.k):
            own = values[:, topic]
            several = len(own) > 1
            records.append(
                {
                    "by": by,
                    "group": group,
                    "topic": topic + 1,
                    "prevalence": float(own.mean()),
                    "low": float(own.min()) if several else None,
                    "high": float(own.max()) if several else None,
                    "n_docs": len(own),
                    "n_passages": n_passages,
                    "method": METHOD,
                    "language": fit.language,
                    "ci_low": None if few else float(low[topic]),
                    "ci_high": None if few else float(high[topic]),
                    "interval": said,
                    "mark": marks.get(topic + 1),
                }
            )
    return conform(records, "topic_prevalence")


def _interval(values: Matrix, drawn: Matrix, *, sampled: bool) -> tuple[Matrix, Matrix]:
    """Return intervals of means, shapes (k,), from documents × topics and draws × topics; by the logit, so within 0 and 1."""
    n_docs, n_draws = len(values), len(drawn)
    mean = np.clip(values.mean(axis=0), 1e-12, 1 - 1e-12)
    variance = (1 + 1 / n_draws) * drawn.var(axis=0, ddof=1)
    wide = float(ndtri(0.975))
    if sampled and n_docs > 1:
        variance = variance + values.var(axis=0, ddof=1) / n_docs
        wide = float(stdtrit(n_docs - 1, 0.975))
    half = wide * np.sqrt(variance) / (mean * (1 - mean))
    return expit(logit(mean) - half), expit(logit(mean) + half)
