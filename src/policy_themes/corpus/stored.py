"""A corpus on disk: what ``ingest`` writes, and where everything can start from."""

from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.schema import conform

TABLES = ("documents", "ledger", "texts", "passages", "removed")


def is_stored(folder: Path) -> bool:
    """Tell whether a folder is one that ``ingest`` wrote."""
    return all((folder / f"{table}.parquet").is_file() for table in TABLES)


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
