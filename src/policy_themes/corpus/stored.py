"""
A corpus on disk: what ``ingest`` writes, and where everything can start from.

Each table is one file, or, where it was made in parts, a folder of files that
are numbered in the order of the documents. A part holds whole documents: what
is counted in parts and added up is what is counted in the whole.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.schema import conform, empty, rows
from policy_themes.store.table_file import parquet_bytes

TABLES = ("documents", "ledger", "texts", "passages", "points", "removed")
PART = "part-{:06d}.parquet"


def is_stored(folder: Path) -> bool:
    """Tell whether a folder is one that ``ingest`` wrote, whole or in parts."""
    return all(_place(folder, table).exists() for table in TABLES)


def n_parts(folder: Path) -> int:
    """Return in how many parts a stored corpus lies; 0 where its tables are whole."""
    place = folder / "documents"
    return sum(1 for path in place.iterdir() if path.suffix == ".parquet") if place.is_dir() else 0


def part_file(folder: Path, table: str, part: int) -> Path:
    """Return the file of one part of a table."""
    return folder / table / PART.format(part)


def _place(folder: Path, table: str) -> Path:
    """Return the file of a table, or the folder of its parts."""
    parts = folder / table
    return parts if (parts / PART.format(0)).is_file() else folder / f"{table}.parquet"


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
        tables = {table: conform(pd.read_parquet(_place(folder, table)), table) for table in TABLES}
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{folder} holds a damaged ingest: {error}.", hint="Call `policy-themes ingest` again."
        ) from error
    if tables["documents"]["doc_id"].duplicated().any():
        raise UsageError(f"{folder} holds a document twice.", hint="Call `policy-themes ingest` again.")
    return Corpus(**tables)


def load_part(folder: Path, part: int) -> Corpus:
    """Load what is counted in of one part of a stored corpus; the original texts and the ledger stay on disk."""
    whole = n_parts(folder) == 0
    files = {name: _place(folder, name) if whole else part_file(folder, name, part) for name in TABLES}
    read = {"documents": None, "passages": None, "texts": ["doc_id", "normalized"]}
    tables = {name: pd.read_parquet(files[name], columns=columns) for name, columns in read.items()}
    tables["texts"]["original"] = ""
    return Corpus(**{name: conform(tables[name], name) if name in tables else empty(name) for name in TABLES})
