"""Effects of documents' columns on topics, and on themes as the sums of their topics.

Proportions of topics are themselves estimated. So they are drawn many times, and how far an effect
moves from draw to draw is added to its error (method of composition). A theme that stands in
several topics is their sum; in the linear model its effect is the sum of their effects.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from policy_themes.compare.effects import effects
from policy_themes.compare.links import main_topic
from policy_themes.compare.marginal import marginal_effects
from policy_themes.compare.predicted import predicted_shares
from policy_themes.compare.regression import Cluster
from policy_themes.compare.uncertainty.jackknife import Link
from policy_themes.errors import UsageError
from policy_themes.schema import conform, rows
from policy_themes.text.formula import parse_formula
from policy_themes.topics.draws import topic_draws
from policy_themes.topics.records import TopicFit

MEASURE: Literal["proportion"] = "proportion"
TIMES = 2.0  # a topic belongs to a theme that stands in it so many times as often as words do


def topic_effects(
    fit: TopicFit,
    documents: pd.DataFrame,
    formula: str,
    outcomes: Mapping[str, Sequence[int]],
    *,
    cluster: Cluster = "year",
    link: Link = "identity",
    seed: int = 1,
) -> pd.DataFrame:
    """
    Return the effect of every term of a formula on topics or sums of them.

    Parameters
    ----------
    fit : TopicFit
        Of any engine; without draws of its own, as if words had been assigned one by one.
    documents : DataFrame
        Table ``documents``.
    formula : str
        See `parse_formula`.
    outcomes : mapping of str to sequence of int
        Topics, from 1, that are added up, by the name of the sum.
    cluster : {"year", "outlet"}
        What documents share; trends always have years as their unit.
    link : {"identity", "logit"}
        Least squares with the wild bootstrap, or average marginal effects of a fractional logit.
    seed : int, default 1

    Returns
    -------
    DataFrame
        Table ``effects`` on proportions from 0 to 1.

    Raises
    ------
    UsageError
        If there is no such topic; as in `effects`.
    InsufficientDataError
    """
    terms = parse_formula(formula)
    tables = []
    for name, topics in outcomes.items():
        draws = topic_draws(fit, checked(fit, topics), seed=seed)
        outcome = draws.mean(axis=1)
        if link == "logit":
            table = marginal_effects(outcome, documents, terms, name=name, cluster=cluster, draws=draws)
        else:
            table = effects(outcome, documents, terms, name=name, cluster=cluster, seed=seed, draws=draws)
        tables.append(table.assign(language=fit.language, measure=MEASURE))
    return conform(pd.concat(tables, ignore_index=True), "effects")


def predicted_topics(
    fit: TopicFit, documents: pd.DataFrame, formula: str, outcomes: Mapping[str, Sequence[int]], *, seed: int = 1
) -> pd.DataFrame:
    """
    Predict topics, or sums of them, for every year and region that a formula names.

    Parameters
    ----------
    fit, documents, formula, outcomes, seed
        As in `topic_effects`.

    Returns
    -------
    DataFrame
        Table ``predicted``, by a fractional logit.
    """
    terms = parse_formula(formula)
    tables = []
    for name, topics in outcomes.items():
        draws = topic_draws(fit, checked(fit, topics), seed=seed)
        tables.append(predicted_shares(draws.mean(axis=1), documents, terms, name=name, draws=draws))
    return conform(pd.concat(tables, ignore_index=True).assign(language=fit.language), "predicted")


def checked(fit: TopicFit, topics: Sequence[int]) -> list[int]:
    """Return topics after making sure that there are such, each once."""
    wrong = [topic for topic in topics if not 1 <= topic <= fit.spec.k]
    if wrong or not topics:
        raise UsageError(f"There is no topic {wrong[0] if wrong else ''}.", hint=f"Topics are 1 to {fit.spec.k}.")
    return sorted(set(topics))


def topics_of_theme(fit: TopicFit, scores: pd.DataFrame, theme: str) -> list[int]:
    """
    Return the topics whose sum stands for a theme.

    Parameters
    ----------
    fit : TopicFit
    scores : DataFrame
        Table ``theme_topics`` of the fit.
    theme : str

    Returns
    -------
    list of int
        Of a seeded model, the topic that began with the theme's words; else the topics in which
        the theme's hits stand at least twice as often as words do, and always the one with most hits.

    Raises
    ------
    InsufficientDataError
        If no passage with the theme is in the topic model.
    """
    if theme in fit.themes:
        return [fit.themes.index(theme) + 1]
    first = main_topic(scores, theme)
    words = np.nansum(fit.gamma * fit.n_tokens[:, None], axis=0)
    share = words / words.sum()
    own = rows(scores[scores["theme"] == theme])
    often = {int(row.topic) for row in own if row.score >= TIMES * share[row.topic - 1]}
    return sorted({first, *often})
