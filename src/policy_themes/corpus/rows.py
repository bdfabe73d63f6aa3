"""Rows, as whoever reads documents gives them → tables, in the order of the rows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policy_themes.corpus.records import Corpus
from policy_themes.schema import conform

if TYPE_CHECKING:
    import pandas as pd

Rows = Sequence[Mapping[str, Any]]


def tables_of(rows: Rows) -> Corpus:
    """
    Put rows into their tables; copies and translations are not looked for.

    Parameters
    ----------
    rows : sequence of mapping
        ``entry`` of the ledger, and of what is kept ``document, text, passages, points, removed``.
    """
    kept = [row for row in rows if "document" in row]
    return Corpus(
        documents=conform([row["document"] for row in kept], "documents"),
        ledger=conform([row["entry"] for row in rows], "ledger"),
        texts=conform([row["text"] for row in kept], "texts"),
        passages=conform([item for row in kept for item in row["passages"]], "passages"),
        points=conform([item for row in kept for item in row["points"]], "points"),
        removed=conform([item for row in kept for item in row["removed"]], "removed"),
    )


def with_copies(ledger: "pd.DataFrame", documents: "pd.DataFrame") -> "pd.DataFrame":
    """Return a ledger in which copies among the documents are told from what is kept."""
    copies = set(documents.loc[documents["duplicate_of"].notna(), "doc_id"])
    told = ledger["outcome"].mask(ledger["doc_id"].isin(copies), "duplicate")
    return ledger.assign(outcome=told)
