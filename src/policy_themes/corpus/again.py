"""What was read before and lies there as it did is not read again: one new page costs that page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.stored import load_unmarked, unmarked_parts

# What may go better another time: the machine was busy, the file was being written.
UNLUCKY = frozenset({"limit_time", "limit_memory", "crash", "exit", "unreadable", "changed_during_read"})


class Before:
    """
    Earlier readings, of which some files are as they were.

    Parameters
    ----------
    folders : sequence of Path
        What they left, in parts; of an interrupted one, the parts that it finished.
    hashes : mapping of path to hash
        Of the files as they are now.
    """

    def __init__(self, folders: Sequence[Path], hashes: Mapping[str, str]) -> None:
        # The next part mostly needs what the last one needed.
        self._load = lru_cache(maxsize=1)(load_unmarked)
        self._part_of: dict[str, tuple[Path, int]] = {}
        for folder, part in ((place, part) for place in folders for part in unmarked_parts(place)):
            ledger = load_unmarked(folder, part, ("ledger",)).ledger
            again = set(ledger.loc[ledger["reason"].isin(UNLUCKY) | ledger["sha256"].isna(), "path"])
            for path, sha256 in zip(ledger["path"].tolist(), ledger["sha256"].tolist(), strict=True):
                if path not in again and hashes.get(path) == sha256:
                    self._part_of[path] = (folder, part)

    def __contains__(self, path: object) -> bool:
        return path in self._part_of

    def of(self, paths: Collection[str]) -> list[Corpus]:
        """Return what is known of some files, from each part that they were in; copies and translations not marked."""
        known: dict[tuple[Path, int], set[str]] = {}
        for path in paths:
            if path in self:
                known.setdefault(self._part_of[path], set()).add(path)
        return [_of_files(self._load(*place), own) for place, own in sorted(known.items())]


def _of_files(corpus: Corpus, paths: set[str]) -> Corpus:
    """Return what a corpus says of some of its files."""
    doc_ids = set(corpus.documents.loc[corpus.documents["path"].isin(paths), "doc_id"])

    def own(table: pd.DataFrame) -> pd.DataFrame:
        chosen = table["path"].isin(paths) if "path" in table else table["doc_id"].isin(doc_ids)
        return table[chosen].reset_index(drop=True)

    return Corpus(**{field.name: own(getattr(corpus, field.name)) for field in fields(Corpus)})


def together(readings: Collection[Corpus]) -> Corpus:
    """Return readings of different files as one, in the order of the paths."""
    paths = pd.concat([read.documents for read in readings]).set_index("doc_id")["path"]

    def joined(name: str) -> pd.DataFrame:
        table = pd.concat([getattr(read, name) for read in readings], ignore_index=True)
        order = table["path"] if "path" in table else table["doc_id"].map(paths)
        sorted_: pd.DataFrame = table.take(np.argsort(order.to_numpy(dtype=object), kind="stable"))
        return sorted_.reset_index(drop=True)

    return Corpus(**{field.name: joined(field.name) for field in fields(Corpus)})
