"""Who does the work on parts of a corpus: what is asked of an engine, whether it is this machine or a cluster.

A task is a line of text and names a part; the work on it is a function of this
package and plain values besides. What is done in a task is what is done to a
corpus in memory, by the same functions.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

Told = Mapping[str, Any]


class Sums(Protocol):
    """What was added up over all tasks."""

    def rows(self, where: str = "") -> pd.DataFrame:
        """Return those of which a condition holds, in the words that pandas and SQL share; in no order that means anything."""

    def forget(self) -> None:
        """Let it go."""


class Engine(Protocol):
    """Who does some work, a function of this package, on many tasks."""

    def told(self, work: Callable[[str], Told], tasks: Sequence[str]) -> list[Told]:
        """Do some work on every task, and return what it tells of each, in their order: a few lines, never documents."""

    def summed(
        self, work: Callable[[str], pd.DataFrame], tasks: Sequence[str], schema: pa.Schema, keys: Sequence[str]
    ) -> Sums:
        """Do some work on every task, and add up the rows that are alike in some columns; the others are numbers."""


def as_pandas(table: pa.Table) -> pd.DataFrame:
    """Return a table of Arrow's as one of pandas; text that is absent is None."""
    found: pd.DataFrame = table.to_pandas(types_mapper=_pandas_type)
    return found


def _pandas_type(kind: pa.DataType) -> object:
    """Return the type of the tables for one of Arrow."""
    if pa.types.is_integer(kind):
        return pd.Int64Dtype()
    return pd.StringDtype(na_value=float("nan")) if pa.types.is_string(kind) else None
