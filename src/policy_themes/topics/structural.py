"""The structural topic model: topics whose frequency hangs on a formula, and whose words may hang on a column."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from policy_themes.errors import UsageError, closest, invalid
from policy_themes.schema import conform
from policy_themes.topics.covariates import covariates
from policy_themes.topics.draws import by_document, from_normal
from policy_themes.topics.engines import topica_models
from policy_themes.topics.fit import Progress, check_k, in_order, known_counts
from policy_themes.topics.records import Factors, TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm

ROUNDS = 200  # the most; it ends where nothing changes


def fit_structural(
    docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame, *, progress: Progress = iter
) -> TopicFit:
    """
    Fit the structural topic model.

    Parameters
    ----------
    docterm, documents
        As in `covariates`.
    spec : TopicSpec
        With a formula, a content column, or both.
    progress : callable, optional
        Wraps the rounds.

    Returns
    -------
    TopicFit
        With draws of the documents' proportions, and with `wording` where there is a content column.

    Raises
    ------
    UsageError
        If topica is not installed, or there is neither a formula nor a column; as in `covariates` and `fit_topics`.
    InsufficientDataError

    References
    ----------
    Roberts, M., Stewart, B. & Tingley, D. (2019). https://doi.org/10.18637/jss.v091.i02
    """
    topica_models.library()
    check_k(spec.k, docterm)
    if spec.prevalence is None and spec.content is None:
        raise UsageError("A structural model needs a formula.", hint='Such as --prevalence "~ region + s(year)".')
    given = covariates(docterm, spec, documents)
    check_k(spec.k, docterm.rows(given.known))
    found = topica_models.structural(
        known_counts(docterm, given.known), spec.k, prevalence=given.prevalence, content=given.content,
        rounds=spec.iterations or ROUNDS, seed=spec.seed, progress=progress,
    )  # fmt: skip
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    drawn = from_normal(found.mean, found.covariance, seed=spec.seed)
    factors = Factors(
        found.beta, found.gamma, by_document(drawn, docterm.doc_ids, n_tokens, given.known), found.wording, found.groups
    )
    return in_order(docterm, replace(spec, iterations=found.rounds), factors, given.known)


def topic_wording(fit: TopicFit, groups: Sequence[str], *, top: int = 10) -> pd.DataFrame:
    """
    Say how two groups word the same topic.

    Parameters
    ----------
    fit : TopicFit
        Fitted with a content column.
    groups : sequence of str
        Two of its values.
    top : int, default 10
        Terms of each side.

    Returns
    -------
    DataFrame
        Table ``topic_wording``: for each topic the terms whose probability differs most
        between the groups, weighted by how probable they are. No test: it is what the model sees.

    Raises
    ------
    UsageError
        If there is no content column, or no such group.
    """
    if fit.wording is None:
        raise UsageError("This model words every topic in one way.", hint="Fit it with --content region.")
    for group in groups:
        if group not in fit.groups:
            raise invalid("group", group, f"one of {', '.join(fit.groups)}", hint=closest(group, fit.groups))
    one, other = (fit.wording[fit.groups.index(group)] for group in groups)
    records = []
    for here, there, (group, against) in ((one, other, groups), (other, one, groups[::-1])):
        ratio = np.log2(here) - np.log2(there)
        weight = (here + there) / 2 * ratio
        for topic, own in enumerate(weight):
            order = [term for term in np.argsort(-own, kind="stable")[:top].tolist() if own[term] > 0]
            records += [
                {"topic": topic + 1, "group": group, "other": against, "rank": rank, "term": fit.terms[term],
                 "beta_group": here[topic, term], "beta_other": there[topic, term], "log2_ratio": ratio[topic, term],
                 "language": fit.language}
                for rank, term in enumerate(order, start=1)
            ]  # fmt: skip
    return conform(records, "topic_wording").sort_values(["topic", "group", "rank"], ignore_index=True)
