"""The structural topic model: topics whose frequency hangs on a formula, and whose words may hang on a column.

Units of documents that lack a value of the formula take no part; they have no
proportions. Numbers enter the prior with mean 0 and spread 1, so that a year
does not count 2,000 times what a region does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.errors import UsageError, closest, invalid
from policy_themes.schema import conform
from policy_themes.text.formula import COLUMN, Term, parse_formula
from policy_themes.topics.draws import by_document, from_normal
from policy_themes.topics.engines import topica_models
from policy_themes.topics.fit import Progress, check_k, in_order, known_counts
from policy_themes.topics.records import Factors, Matrix, TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm
from policy_themes.vectorize.design import blocks_of

ROUNDS = 200  # the most; it ends where nothing changes
FEWEST_A_GROUP = 2


@dataclass(frozen=True)
class Covariates:
    """
    What a structural model knows of its units.

    Attributes
    ----------
    known : ndarray of int
        The units that have a known word, and all that is asked.
    prevalence : ndarray of shape (n_known, n_columns) or None
    content : tuple of str or None
    """

    known: NDArray[np.intp]
    prevalence: Matrix | None
    content: tuple[str, ...] | None


def covariates(docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame) -> Covariates:
    """
    Look up the columns of a formula for every unit.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
        With a formula, a content column, or both.
    documents : DataFrame
        One row a document: ``doc_id`` and the columns that are named.

    Raises
    ------
    UsageError
        If neither is given, a column is unknown, or it is the same in all documents.
    InsufficientDataError
        If no unit has all of them.
    """
    numeric = [str(name) for name in documents if pd.api.types.is_numeric_dtype(documents[name])]
    offered = [*(str(name) for name in documents if name != "doc_id"), *COLUMN]
    if spec.prevalence is None and spec.content is None:
        raise UsageError("A structural model needs a formula.", hint='Such as --prevalence "~ region + s(year)".')
    terms: tuple[Term, ...] = ()
    if spec.prevalence is not None:
        terms = parse_formula(spec.prevalence, offered=offered, numeric=numeric, option="--prevalence")
    if spec.content is not None and spec.content not in offered:
        raise invalid("--content", spec.content, "a column of the documents", hint=closest(spec.content, offered))
    wording = None if spec.content is None else COLUMN.get(spec.content, spec.content)
    needed = list(dict.fromkeys([*(term.column for term in terms), *([wording] if wording else [])]))
    units = documents.set_index("doc_id")[needed].reindex(list(docterm.doc_ids)).reset_index()
    has_words = np.asarray(docterm.counts.sum(axis=1)).ravel() > 0
    known = np.flatnonzero(units[needed].notna().all(axis=1).to_numpy() & has_words)
    table = units.iloc[known]
    blocks = blocks_of(table, terms) if terms else []
    columns = [_standard(block.columns) if block.is_slope else block.columns for block in blocks]
    return Covariates(
        known=known,
        prevalence=np.column_stack(columns) if columns else None,
        content=None if wording is None else _groups(table[wording], str(spec.content)),
    )


def _standard(column: Matrix) -> Matrix:
    """Return a number less its mean, in standard deviations."""
    return np.asarray((column - column.mean()) / column.std())


def _groups(values: pd.Series, name: str) -> tuple[str, ...]:
    """Return the groups that word topics, after making sure that there are several."""
    groups = values.astype("str")
    if groups.nunique() < FEWEST_A_GROUP:
        raise UsageError(f"`{name}` is {groups.iloc[0]} everywhere: nothing is worded apart.", hint="Leave it out.")
    return tuple(groups)


def fit_structural(
    docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame, *, progress: Progress = iter
) -> TopicFit:
    """
    Fit the structural topic model.

    Parameters
    ----------
    docterm, spec, documents
        As in `covariates`.
    progress : callable, optional
        Wraps the rounds.

    Returns
    -------
    TopicFit
        With draws of the documents' proportions, and with `wording` where there is a content column.

    Raises
    ------
    UsageError
        If topica is not installed; as in `covariates` and `fit_topics`.
    InsufficientDataError

    References
    ----------
    Roberts, M., Stewart, B. & Tingley, D. (2019). https://doi.org/10.18637/jss.v091.i02
    """
    topica_models.library()
    check_k(spec.k, docterm)
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
