"""The tables that travel between stages: their columns are the contract.

Every table is a pandas frame with the columns below, in this order; `conform`
builds one from records and `check` reports all faults of one at once. A ``?``
marks a column that may be unknown. DESIGN.md shows the same tables with the
meaning of each column, and a test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

DTYPES = {"text": "str", "int": "Int64", "float": "Float64", "bool": "bool"}

TABLES: Mapping[str, Mapping[str, str]] = {
    "documents": {
        "doc_id": "text",
        "content_sha256": "text",
        "title": "text?",
        "date": "text?",
        "date_precision": "text?",
        "date_source": "text?",
        "year": "int?",
        "region_code": "text?",
        "region_en": "text?",
        "region_zh": "text?",
        "region_level": "text?",
        "region_source": "text?",
        "event_date": "text?",
        "issuer": "text?",
        "institution": "text?",
        "kind": "text?",
        "outlet": "text?",
        "republisher": "text?",
        "language": "text",
        "original_language": "text?",
        "translation_of": "text?",
        "n_units": "int",
        "unit": "text",
        "duplicate_of": "text?",
        "path": "text",
        "encoding": "text",
        "format": "text?",
        "record": "text?",
        "document_number": "text?",
        "reporter": "text?",
        "url": "text?",
        "date_candidates": "text?",
        "notes": "text?",
        "similarity": "float?",
        "script": "text?",
        "translated_by": "text?",
    },
    "ledger": {
        "path": "text",
        "record": "text?",
        "outcome": "text",
        "reason": "text?",
        "doc_id": "text?",
        "bytes": "int?",
        "sha256": "text?",
        "detail": "text?",
    },
    "texts": {"doc_id": "text", "original": "text", "normalized": "text"},
    "passages": {
        "doc_id": "text",
        "passage": "int",
        "role": "text",
        "section": "text?",
        "start": "int",
        "end": "int",
        "n_units": "int",
        "part": "text?",
        "point": "text?",
        "language": "text?",
    },
    "points": {
        "doc_id": "text",
        "list": "int",
        "point": "int",
        "style": "text",
        "label": "text",
        "announced": "int?",
        "found": "int",
        "start": "int",
        "end": "int",
    },
    "removed": {"doc_id": "text", "rule": "text", "text": "text", "start": "int", "end": "int"},
    "recall": {"phrase": "text", "language": "text", "n_text": "int", "n_kept": "int", "recall": "float?"},
    "candidate_terms": {
        "language": "text",
        "term": "text",
        "words": "text",
        "n_text": "int",
        "n_docs": "int",
        "first_year": "int?",
        "last_year": "int?",
        "cohesion": "float",
        "left_entropy": "float",
        "right_entropy": "float",
        "burst": "float?",
        "burst_year": "int?",
        "n_quoted": "int",
        "baseline": "float?",
        "score": "float",
        "rank": "int",
        "example": "text",
        "path": "text",
        "accept": "text?",
    },
    "theme_hits": {
        "doc_id": "text",
        "theme": "text",
        "facet": "text?",
        "n_hits": "int",
        "n_excluded": "int",
        "n_units": "int",
        "unit": "text",
    },
    "theme_rates": {
        "theme": "text",
        "year": "int?",
        "region_code": "text?",
        "region_en": "text?",
        "facet": "text?",
        "language": "text",
        "n_docs": "int",
        "n_docs_with_theme": "int",
        "n_hits": "int",
        "n_units": "int",
        "unit": "text",
        "rate_per_10k": "float?",
        "low": "float?",
        "high": "float?",
        "share_docs": "float?",
        "share_low": "float?",
        "share_high": "float?",
        "headline": "text",
        "mark": "text",
        "method": "text",
        "n_regions": "int",
        "rate_fixed_regions": "float?",
        "n_fixed_regions": "int",
    },
    "evidence": {
        "doc_id": "text",
        "theme": "text",
        "term": "text",
        "sentence": "text",
        "left": "text",
        "match": "text",
        "right": "text",
        "start": "int",
        "end": "int",
        "year": "int?",
        "region_code": "text?",
        "path": "text",
        "facet": "text?",
        "language": "text",
        "counted": "bool",
        "excluded_by": "text?",
        "section": "text?",
        "part": "text?",
        "point": "text?",
    },
    "term_weights": {
        "by": "text",
        "group": "text",
        "language": "text",
        "term": "text",
        "tf_idf": "float",
        "n_group": "int",
        "n_docs_group": "int",
        "n_docs": "int",
        "rank": "int",
    },
    "topic_terms": {
        "topic": "int",
        "term": "text",
        "beta": "float",
        "frex": "float",
        "rank": "int",
        "language": "text",
    },
    "doc_topics": {"doc_id": "text", "topic": "int", "gamma": "float?", "n_passages": "int", "language": "text"},
    "topic_prevalence": {
        "by": "text",
        "group": "text",
        "topic": "int",
        "prevalence": "float",
        "low": "float?",
        "high": "float?",
        "n_docs": "int",
        "n_passages": "int",
        "method": "text",
        "language": "text",
    },
    "theme_topics": {"theme": "text", "topic": "int", "score": "float", "n_passages": "int", "language": "text"},
    "coverage": {
        "year": "int?",
        "region_code": "text?",
        "region_en": "text?",
        "institution": "text?",
        "n_docs": "int",
        "n_units": "int",
    },
}


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
