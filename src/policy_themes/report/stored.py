"""A stored corpus → the files of an output: tables in whole or in parts, and what a person reads as csv."""

import shutil
from pathlib import Path

from policy_themes.corpus.stored import MANY_PARTS, TABLES, files_of, n_parts, part_file
from policy_themes.schema import conform
from policy_themes.store.table_file import csv_bytes, load_parquet, n_rows, parquet_bytes

READABLE = ("documents", "ledger", "points", "removed")
# Of more rows a person reads no csv; the parts hold them.
MOST_ROWS = 1_000_000


def write_stored(place: Path, target: Path) -> None:
    """
    Copy a stored corpus: a few parts as whole tables, many as they are.

    Parameters
    ----------
    place, target : Path
        A stored corpus, and the folder that gets it.
    """
    parts = n_parts(place)
    for name in TABLES:
        if parts <= MANY_PARTS:
            table = conform(load_parquet(files_of(place, name)), name)
            (target / f"{name}.parquet").write_bytes(parquet_bytes(table))
        else:
            (target / name).mkdir()
            for part in range(parts):
                shutil.copyfile(part_file(place, name, part), part_file(target, name, part))
    for name in READABLE:
        write_readable(target, name)


def write_readable(folder: Path, name: str) -> None:
    """Write a table of a stored corpus as csv beside it, unless nobody could read so many rows."""
    files = files_of(folder, name)
    if sum(n_rows(file) for file in files) > MOST_ROWS:
        return
    with (folder / f"{name}.csv").open("wb") as stream:
        for number, file in enumerate(files):
            text = csv_bytes(conform(load_parquet([file]), name))
            stream.write(text if number == 0 else text.split(b"\n", 1)[1])
