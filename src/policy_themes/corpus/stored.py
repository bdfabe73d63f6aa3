"""A corpus on disk: what ``ingest`` writes, and where everything can start from."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.schema import conform, rows
from policy_themes.store.table_file import parquet_bytes

TABLES = ("documents", "ledger", "texts", "passages", "points", "removed")


def is_stored(folder: Path) -> bool:
    """Tell whether a folder is one that ``ingest`` wrote."""
    return all((folder / f"{table}.parquet").is_file() for table in TABLES)


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write a corpus into an empty folder."""
    for name in TABLES:
        (folder / f"{name}.parquet").write_bytes(parquet_bytes(getattr(corpus, name)))


def is_of(corpus: Corpus, files: Mapping[str, str]) -> bool:
    """Tell whether a corpus was read from the very bytes of a fingerprint."""
    read = corpus.ledger.dropna(subset=["sha256"])
    return all(files.get(row.path) == row.sha256 for row in rows(read[["path", "sha256"]]))


def load_corpus(folder: Path) -> Corpus:
    """
    Load a corpus that ``ingest`` wrote.

    Raises
    ------
    UsageError
        If a table is damaged or of another version.
    """
    try:
        tables = {table: conform(pd.read_parquet(folder / f"{table}.parquet"), table) for table in TABLES}
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{folder} holds a damaged ingest: {error}.", hint="Call `policy-themes ingest` again."
        ) from error
    if tables["documents"]["doc_id"].duplicated().any():
        raise UsageError(f"{folder} holds a document twice.", hint="Call `policy-themes ingest` again.")
    return Corpus(**tables)
