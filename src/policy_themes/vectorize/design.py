"""Columns of the documents as numbers: the terms of a formula as a matrix, and what is asked of their coefficients."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.text.formula import Term

Matrix = NDArray[np.float64]
KNOTS = 5  # of s(year), or as many as there are years less two


@dataclass(frozen=True)
class Contrast:
    """
    One question to the coefficients of a term.

    Attributes
    ----------
    said : str
        What is compared: "33 less 11", or "" for a slope.
    weights : ndarray of shape (n_columns,)
        The answer is the coefficients' sum with these weights.
    """

    said: str
    weights: Matrix


@dataclass(frozen=True)
class Block:
    """
    The columns of one term.

    Attributes
    ----------
    term : Term
    columns : ndarray of shape (n_rows, n_columns)
    values : tuple of str
        The values seen, first the one that others are compared with.
    codes : ndarray of shape (n_values, n_columns)
        The columns at each value.
    is_slope : bool
        Whether the effect is one number, of one unit more.
    """

    term: Term
    columns: Matrix
    values: tuple[str, ...]
    codes: Matrix
    is_slope: bool = False

    @property
    def contrasts(self) -> list[Contrast]:
        """What is asked: the slope, or every value less the first."""
        if self.is_slope:
            return [Contrast("", np.ones(1))]
        later = zip(self.values[1:], self.codes[1:], strict=True)
        return [Contrast(f"{value} less {self.values[0]}", own - self.codes[0]) for value, own in later]


def blocks_of(table: pd.DataFrame, terms: Sequence[Term]) -> list[Block]:
    """
    Return the columns of every term of a formula, without a constant.

    Parameters
    ----------
    table : DataFrame
        One row a document, with the columns of all terms and no value missing.
    terms : sequence of Term
        A column of words is compared with its most frequent value, a smooth one with its first.

    Raises
    ------
    UsageError
        If a column is the same in all rows.
    InsufficientDataError
        If there is no row, or a smooth has too few different values.

    Examples
    --------
    >>> table = pd.DataFrame({"region_code": ["11", "11", "33"], "year": [2001, 2002, 2003]})
    >>> [block.columns.ravel().tolist() for block in blocks_of(table, [Term("region"), Term("year")])]
    [[0.0, 0.0, 1.0], [2001.0, 2002.0, 2003.0]]
    """
    if table.empty:
        raise InsufficientDataError("No document has all that the formula names.", hint="Leave out a term.")
    for term in terms:
        if table[term.column].nunique() < 2:
            value = table[term.column].iloc[0]
            raise UsageError(
                f"`{term.name}` is {value} in all {len(table)} documents: it has no effect.", hint="Leave it out."
            )
    return [_block(table[term.column], term) for term in terms]


def _block(values: pd.Series, term: Term) -> Block:
    """Return the columns of one term."""
    if term.smooth:
        return _smooth(values.to_numpy(dtype=np.float64), term)
    if pd.api.types.is_numeric_dtype(values):
        column = values.to_numpy(dtype=np.float64)[:, None]
        seen = np.unique(column)
        return Block(term, column, tuple(f"{value:g}" for value in seen), seen[:, None], is_slope=True)
    words = values.astype("str")
    counts = words.value_counts()
    levels = sorted(counts.index, key=lambda level: (-int(counts[level]), level))
    at = np.eye(len(levels))[:, 1:]
    return Block(term, at[words.map({level: row for row, level in enumerate(levels)})], tuple(levels), at)


def _smooth(values: Matrix, term: Term) -> Block:
    """Return a cubic spline."""
    from sklearn.preprocessing import SplineTransformer

    seen = np.unique(values)
    fewest = max(4, term.df or 0)
    if len(seen) < fewest:
        raise InsufficientDataError(
            f"s() needs {fewest} different values, there are {len(seen)}.", hint="Leave out s()."
        )
    if term.df is None:
        knots = np.quantile(seen, np.linspace(0, 1, min(KNOTS, len(seen) - 2)))
    else:  # as R: between so many documents, not so many values
        knots = np.unique(np.quantile(values, np.linspace(0, 1, term.df - 1)))
    spline = SplineTransformer(degree=3, knots=knots[:, None], include_bias=False).fit(seen[:, None])
    at, columns = (np.asarray(spline.transform(part[:, None]), dtype=np.float64) for part in (seen, values))
    return Block(term, columns, tuple(f"{value:.0f}" for value in seen), at)
