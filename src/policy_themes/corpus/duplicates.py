"""Exact copies: the same body under another path stays a row and points at its representative."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def mark_duplicates(documents: "pd.DataFrame") -> "pd.DataFrame":
    """
    Fill ``duplicate_of`` for exact copies.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.

    Returns
    -------
    DataFrame
        The same rows in the same order. The representative of a text is its
        earliest dated copy, then the one whose path sorts first.
    """
    order = documents.assign(_undated=documents["date"].isna()).sort_values(["_undated", "date", "path"])
    first = order.groupby("content_sha256", sort=False)["doc_id"].first()
    representative = documents["content_sha256"].map(first)
    marked = documents.copy()
    marked["duplicate_of"] = representative.where(representative != documents["doc_id"], None).astype("str")
    return marked
