"""A random sample of the documents of a stored corpus, small enough to lie in memory."""

import hashlib
from collections.abc import Collection
from dataclasses import fields
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.stored import files_of, load_corpus
from policy_themes.schema import conform
from policy_themes.store.table_file import load_parquet


def load_sample(folder: Path, n: int, *, seed: int) -> Corpus:
    """
    Load so many documents, drawn by their identifiers; copies are not among them, the ledger is of all.

    Parameters
    ----------
    folder : Path
        A stored corpus.
    n : int
        Of fewer documents, all are taken.
    seed : int

    Returns
    -------
    Corpus
        Whatever else lies in the folder, a document's place in the order of the draw is the same.
    """
    whole = load_corpus(folder, ("documents", "ledger"))
    texts = whole.documents[whole.documents["duplicate_of"].isna()]
    drawn = frozenset(sorted(texts["doc_id"], key=lambda doc_id: _rank(doc_id, seed))[:n])
    documents = texts[texts["doc_id"].isin(drawn)].reset_index(drop=True)
    others = [field.name for field in fields(Corpus) if field.name not in ("documents", "ledger")]
    return Corpus(documents, whole.ledger, **{name: _chosen(folder, name, drawn) for name in others})


def _rank(doc_id: str, seed: int) -> bytes:
    """Return what a draw sorts by."""
    return hashlib.sha256(f"{seed} {doc_id}".encode()).digest()


def _chosen(folder: Path, name: str, doc_ids: Collection[str]) -> pd.DataFrame:
    """Load the rows of some documents, part by part."""
    parts = (load_parquet([file]) for file in files_of(folder, name))
    return conform(pd.concat([part[part["doc_id"].isin(list(doc_ids))] for part in parts]), name)
