"""
A corpus on disk: what reading leaves and ``ingest`` writes, and where everything can start from.

Each table is one file, or a folder of files, its parts, numbered in the order
of the documents. A part holds whole documents: what is counted in parts and
added up is what is counted in the whole.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.schema import conform, empty, rows
from policy_themes.store.files import write_atomic
from policy_themes.store.table_file import load_parquet, parquet_bytes

TABLES = ("documents", "ledger", "texts", "passages", "points", "removed")
PART = "part-{:06d}.parquet"
# What lies in more parts (of 16 MB of files each, at most) is too much to be taken into memory unasked.
MANY_PARTS = 8
# Copies and translations are known when all parts are read; documents and ledger as they were before lie here.
UNMARKED = "unmarked"
WAITING = ("documents", "ledger")


def is_stored(folder: Path) -> bool:
    """Tell whether a folder is one that ``ingest`` wrote, whole or in parts."""
    return all(_place(folder, table).exists() for table in TABLES)


def n_parts(folder: Path) -> int:
    """Return in how many parts a stored corpus lies; 0 where its tables are whole."""
    place = folder / "texts"
    return sum(1 for path in place.iterdir() if path.suffix == ".parquet") if place.is_dir() else 0


def part_file(folder: Path, table: str, part: int) -> Path:
    """Return the file of one part of a table."""
    return folder / table / PART.format(part)


def files_of(folder: Path, table: str) -> list[Path]:
    """Return the file of a table, or those of its parts, in their order."""
    place = _place(folder, table)
    return sorted(place.glob("part-*.parquet")) if place.is_dir() else [place]


def _place(folder: Path, table: str) -> Path:
    """Return the file of a table, or the folder of its parts."""
    parts = folder / table
    return parts if (parts / PART.format(0)).is_file() else folder / f"{table}.parquet"


def is_of(ledger: pd.DataFrame, files: Mapping[str, str]) -> bool:
    """Tell whether a ledger is of the very bytes of a fingerprint."""
    read = ledger.dropna(subset=["sha256"])
    return all(files.get(row.path) == row.sha256 for row in rows(read[["path", "sha256"]]))


def load_corpus(folder: Path, tables: Collection[str] = TABLES) -> Corpus:
    """
    Load a stored corpus, all of its parts.

    Parameters
    ----------
    folder : Path
    tables : collection of str
        Those that are loaded; the others are empty.

    Raises
    ------
    UsageError
        If a table is damaged or of another version.
    """
    try:
        loaded = {
            name: conform(load_parquet(files_of(folder, name)), name) if name in tables else empty(name)
            for name in TABLES
        }
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{folder} holds a damaged ingest: {error}.", hint="Call `policy-themes ingest` again."
        ) from error
    if loaded["documents"]["doc_id"].duplicated().any():
        raise UsageError(f"{folder} holds a document twice.", hint="Call `policy-themes ingest` again.")
    return Corpus(**loaded)


def load_part(folder: Path, part: int, *, original: bool = False) -> Corpus:
    """Load what is counted in of one part of a stored corpus; the ledger stays on disk, and original texts unless asked for."""
    whole = n_parts(folder) == 0
    files = {name: _place(folder, name) if whole else part_file(folder, name, part) for name in TABLES}
    read = {"documents": None, "passages": None, "texts": None if original else ["doc_id", "normalized"]}
    tables = {name: load_parquet([files[name]], columns) for name, columns in read.items()}
    if not original:
        tables["texts"]["original"] = ""
    return Corpus(**{name: conform(tables[name], name) if name in tables else empty(name) for name in TABLES})


def save_unmarked(corpus: Corpus, folder: Path, part: int) -> None:
    """Write a part in which copies and translations are not marked; `save_marked` makes it whole."""
    # Documents and ledger last: a part that has them is there.
    for name in sorted(TABLES, key=WAITING.__contains__):
        _save(getattr(corpus, name), folder / UNMARKED if name in WAITING else folder, name, part)


def save_marked(documents: pd.DataFrame, ledger: pd.DataFrame, folder: Path, part: int) -> None:
    """Write documents and ledger of a part in which copies and translations are marked."""
    for name, table in zip(WAITING, (documents, ledger), strict=True):
        _save(conform(table, name), folder, name, part)


def _save(table: pd.DataFrame, folder: Path, name: str, part: int) -> None:
    """Write one part of one table."""
    place = part_file(folder, name, part)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(place, parquet_bytes(table))


def unmarked_parts(folder: Path) -> list[int]:
    """Return the numbers of the parts that are there as they were read, where reading did not come to its end too."""
    place = folder / UNMARKED / WAITING[-1]
    return sorted(int(path.stem.removeprefix("part-")) for path in place.glob("part-*.parquet"))


def load_unmarked(folder: Path, part: int, tables: Collection[str] = TABLES) -> Corpus:
    """Load a part as it was read, copies and translations not marked; tables that are not named are empty."""
    return Corpus(
        **{
            name: conform(load_parquet([part_file(folder / UNMARKED if name in WAITING else folder, name, part)]), name)
            if name in tables
            else empty(name)
            for name in TABLES
        }
    )
