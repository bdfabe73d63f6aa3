"""The tables that travel between stages: their columns are the contract.

Every table is a pandas frame with the columns below, in this order; `conform`
builds one from records and `check` reports all faults of one at once. A ``?``
marks a column that may be unknown. DESIGN.md shows the same tables with the
meaning of each column, and a test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from policy_themes.schema.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLES", "check", "conform", "empty", "rows"]

DTYPES = {"text": "str", "int": "Int64", "float": "Float64", "bool": "bool"}


def conform(records: "Iterable[Mapping[str, object]] | pd.DataFrame", table: str) -> "pd.DataFrame":
    """
    Build a table from records: its columns, their order, their types.

    Parameters
    ----------
    records : iterable of mappings, or DataFrame
        Missing columns become unknown; further columns are left out.
    table : str
        A name of ``TABLES``.

    Returns
    -------
    DataFrame
        Index 0 … n-1.

    Raises
    ------
    ValueError
        If the result breaks the contract (see `check`).

    Examples
    --------
    >>> conform([{"doc_id": "a", "topic": 1, "n_passages": 2, "language": "en"}], "doc_topics").shape
    (1, 5)
    """
    import pandas as pd

    columns = TABLES[table]
    frame = records if isinstance(records, pd.DataFrame) else pd.DataFrame.from_records(list(records))
    frame = frame.reindex(columns=list(columns)).reset_index(drop=True)
    for name, kind in columns.items():
        frame[name] = _typed(frame[name], kind.rstrip("?"))
    return check(frame, table)


def _typed(values: "pd.Series", kind: str) -> "pd.Series":
    """Cast one column; text that is absent is None, never the word."""
    import pandas as pd

    if kind == "text":
        if values.dtype == "str":
            return values
        return values.astype(object).where(values.notna(), None).astype("str")
    if kind == "float":
        return pd.to_numeric(values).astype("Float64")
    typed: pd.Series = values.astype(DTYPES[kind])  # type: ignore[call-overload]
    return typed


def check(frame: "pd.DataFrame", table: str) -> "pd.DataFrame":
    """
    Return a table unchanged, or raise with every fault it has.

    Raises
    ------
    ValueError
        Missing or foreign columns, wrong order, unknown values where a value
        is required.
    """
    columns = TABLES[table]
    faults = [f"column `{name}` is missing" for name in columns if name not in frame.columns]
    faults += [f"column `{name}` is not part of it" for name in frame.columns if name not in columns]
    if not faults and list(frame.columns) != list(columns):
        faults.append("its columns are in another order")
    for name, kind in columns.items():
        if name in frame.columns and not kind.endswith("?") and frame[name].isna().any():
            faults.append(f"column `{name}` is unknown in {int(frame[name].isna().sum())} of {len(frame)} rows")
    if faults:
        raise ValueError(f"table `{table}`: " + "; ".join(faults) + ".")
    return frame


def rows(frame: "pd.DataFrame") -> "Iterator[Any]":
    """
    Yield the rows of a table as named tuples; what is unknown is None.

    Examples
    --------
    >>> import pandas as pd
    >>> [row.year for row in rows(pd.DataFrame({"year": pd.array([2021, None], dtype="Int64")}))]
    [2021, None]
    """
    plain = frame.astype(object)
    return iter(plain.where(plain.notna(), None).itertuples(index=False))


def empty(table: str) -> "pd.DataFrame":
    """Return a table without rows."""
    return conform([], table)
