"""What was read before and lies there as it did is not read again: one new page costs that page."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from policy_themes.corpus.records import Corpus

if TYPE_CHECKING:
    import pandas as pd

# What may go better another time: the machine was busy, the file was being written.
UNLUCKY = frozenset({"limit_time", "limit_memory", "crash", "exit", "unreadable", "changed_during_read"})


def unchanged(before: Corpus, hashes: Mapping[str, str]) -> Corpus:
    """
    Return what an earlier reading says of files that are as they were.

    Parameters
    ----------
    before : Corpus
        Copies and translations not yet marked.
    hashes : mapping of path to hash
        Of the files as they are now.
    """
    ledger = before.ledger
    again = set(ledger.loc[ledger["reason"].isin(UNLUCKY) | ledger["sha256"].isna(), "path"])
    same = {path for path, sha256 in zip(ledger["path"], ledger["sha256"], strict=True) if hashes.get(path) == sha256}
    kept = same - again
    doc_ids = set(before.documents.loc[before.documents["path"].isin(kept), "doc_id"])

    def own(table: "pd.DataFrame") -> "pd.DataFrame":
        chosen = table["path"].isin(kept) if "path" in table else table["doc_id"].isin(doc_ids)
        return table[chosen].reset_index(drop=True)

    return Corpus(**{field.name: own(getattr(before, field.name)) for field in fields(Corpus)})


def together(before: Corpus, read: Corpus) -> Corpus:
    """Return two readings of different files as one, in the order of the paths."""
    import numpy as np
    import pandas as pd  # not in the workers, which need this package and not tables

    paths = pd.concat([before.documents, read.documents]).set_index("doc_id")["path"]

    def joined(name: str) -> "pd.DataFrame":
        table = pd.concat([getattr(before, name), getattr(read, name)], ignore_index=True)
        order = table["path"] if "path" in table else table["doc_id"].map(paths)
        sorted_: pd.DataFrame = table.take(np.argsort(order.to_numpy(dtype=object), kind="stable"))
        return sorted_.reset_index(drop=True)

    return Corpus(**{field.name: joined(field.name) for field in fields(Corpus)})
