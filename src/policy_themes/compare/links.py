"""A theme seen in two other ways: in topics that did not know it, and in term weights."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from policy_themes.compare.hits import headline
from policy_themes.errors import InsufficientDataError
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows
from policy_themes.topics.records import TopicFit
from policy_themes.vectorize.counts import DocTerm
from policy_themes.vectorize.tfidf import document_weights


def theme_topics(places: pd.DataFrame, fit: TopicFit) -> pd.DataFrame:
    """
    Say in which topics the hits of each theme stand.

    Parameters
    ----------
    places : DataFrame
        `ThemeHits.places`.
    fit : TopicFit

    Returns
    -------
    DataFrame
        Table ``theme_topics``: ``score`` is the share of the theme's counted
        hits that stand in the topic (hits weighted by the topic proportions of
        their passages), so that the scores of a theme sum to one;
        ``n_passages`` have a hit.
    """
    counts = headline(places).groupby(["theme", "doc_id", "passage"]).size().reset_index(name="n")
    records = []
    for theme in sorted(set(counts["theme"])):
        part = rows(counts[counts["theme"] == theme])
        found = [(fit.row_of(item.doc_id, item.passage), item.n) for item in part]
        kept = [(row, n) for row, n in found if row is not None and not np.isnan(fit.gamma[row]).any()]
        if not kept:
            continue
        total = sum(n for _, n in kept)
        score = sum((n * fit.gamma[row] for row, n in kept), np.zeros(fit.spec.k)) / total
        records += [
            {"theme": theme, "topic": topic, "score": float(value), "n_passages": len(kept), "language": fit.language}
            for topic, value in enumerate(score, start=1)
        ]
    return conform(records, "theme_topics")


def theme_weights(docterm: DocTerm, lexicon: Lexicon, groups: Mapping[str, str]) -> pd.DataFrame:
    """
    Return the TF-IDF weight of a theme in groups of documents.

    The weight of a theme in a document is the sum of the weights of the terms
    in which the theme is found (``chinese_path_to_modernization`` is one of
    `modernization`); of a group, the mean over its documents.

    Parameters
    ----------
    docterm : DocTerm
        Rows are documents; counted without pruning, so that no theme is lost.
    lexicon : Lexicon
    groups : mapping of doc_id to group

    Returns
    -------
    DataFrame
        Columns ``theme, group, tf_idf, n_docs``.
    """
    weights = document_weights(docterm)
    own: dict[str, set[int]] = {}
    matcher = Matcher(lexicon)
    for found in matcher.find_all((term.replace("_", " ") for term in docterm.terms), docterm.language):
        for column, hit in zip(found.text.tolist(), found.hits(), strict=True):
            if not hit.excluded and not hit.wide:
                own.setdefault(hit.theme, set()).add(column)
    records = []
    for theme in lexicon.themes:
        columns = sorted(own.get(theme.id, ()))
        by_document = np.asarray(weights[:, columns].sum(axis=1)).ravel() if columns else np.zeros(len(docterm.doc_ids))
        for group in sorted({groups[doc_id] for doc_id in docterm.doc_ids if doc_id in groups}):
            own_rows = [row for row, doc_id in enumerate(docterm.doc_ids) if groups.get(doc_id) == group]
            records.append(
                {
                    "theme": theme.id,
                    "group": group,
                    "tf_idf": float(by_document[own_rows].mean()),
                    "n_docs": len(own_rows),
                }
            )
    return pd.DataFrame(records, columns=["theme", "group", "tf_idf", "n_docs"])


def main_topic(scores: pd.DataFrame, theme: str) -> int:
    """
    Return the topic in which most hits of a theme stand.

    Parameters
    ----------
    scores : DataFrame
        Table ``theme_topics``.
    theme : str

    Raises
    ------
    InsufficientDataError
        If no passage with the theme is in the topic model.
    """
    own = scores[scores["theme"] == theme]
    if own.empty:
        raise InsufficientDataError(f"No passage with `{theme}` is in the topic model.")
    return int(own["topic"].iloc[int(own["score"].astype(float).to_numpy().argmax())])


def triangulate(
    rates: pd.DataFrame, weights: pd.DataFrame, prevalence: pd.DataFrame, *, topic: int, by: str
) -> pd.DataFrame:
    """
    Put three measures of one theme side by side.

    Parameters
    ----------
    rates : DataFrame
        Rows of ``theme_rates`` of one theme and language.
    weights : DataFrame
        `theme_weights`.
    prevalence : DataFrame
        Table ``topic_prevalence``.
    topic : int
        The topic that stands for the theme.
    by : {"year", "region_code"}

    Returns
    -------
    DataFrame
        ``group, rate, tfidf, topic, n_docs``; groups that lack one of them are
        left out; ``attrs["topic"]`` is the topic.
    """
    counted = rates[rates["n_docs"] > 0]
    groups = counted[by].astype(str)
    own = weights[weights["theme"].isin(counted["theme"])]
    table = pd.DataFrame(
        {
            "rate": counted.set_index(groups)["rate_per_10k"].astype(float),
            "tfidf": own.set_index("group")["tf_idf"],
            "topic": prevalence[prevalence["topic"] == topic].set_index("group")["prevalence"].astype(float),
            "n_docs": counted.set_index(groups)["n_docs"],
        }
    )
    table = table.dropna().rename_axis("group").reset_index()
    table.attrs["topic"] = topic
    return table
