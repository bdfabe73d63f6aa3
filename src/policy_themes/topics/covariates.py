"""What topics hang on: the columns of a formula, and of a column that words topics, looked up for every unit.

Units of documents that lack a value take no part; they have no proportions.
Numbers enter the prior with mean 0 and spread 1, so that a year does not count
2,000 times what a region does.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.errors import UsageError, closest, invalid
from policy_themes.text.formula import COLUMN, Term, parse_formula
from policy_themes.topics.records import Matrix, TopicSpec
from policy_themes.vectorize.counts import DocTerm
from policy_themes.vectorize.design import blocks_of

FEWEST_A_GROUP = 2


@dataclass(frozen=True)
class Covariates:
    """
    What a model knows of its units.

    Attributes
    ----------
    known : ndarray of int
        The units that have a known word, and all that is asked.
    prevalence : ndarray of shape (n_known, n_columns) or None
        The formula as numbers, without a constant.
    content : tuple of str or None
        The group of each known unit.
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
        With a formula, a content column, both or neither.
    documents : DataFrame
        One row a document: ``doc_id`` and the columns that are named.

    Raises
    ------
    UsageError
        If a column is unknown, or the same in all documents.
    InsufficientDataError
        If no unit has all of them.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> texts = DocTerm(sp.csr_array([[1], [0], [2]]), ("law",), ("a", "b", "c"), (-1,) * 3, "en")
    >>> documents = pd.DataFrame({"doc_id": ["a", "b", "c"], "year": [2001, 2002, 2003]})
    >>> given = covariates(texts, TopicSpec(2, engine="seeded", prevalence="~ year"), documents)
    >>> given.known.tolist(), given.prevalence.ravel().tolist()
    ([0, 2], [-1.0, 1.0])
    """
    numeric = [str(name) for name in documents if pd.api.types.is_numeric_dtype(documents[name])]
    offered = [*(str(name) for name in documents if name != "doc_id"), *COLUMN]
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
