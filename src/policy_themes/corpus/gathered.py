"""Rows of files in any order → one corpus in the order of the paths, some documents at a time.

What a document is in memory while it is read, many small objects, takes several
times the room of its rows in tables; so rows become tables as soon as there
are enough that follow each other.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import Rows, tables_of
from policy_themes.errors import UsageError

BLOCK = 2_000


class Gathered:
    """
    A corpus that grows.

    Parameters
    ----------
    paths : sequence of str
        Of all files, each once, in the order of the corpus.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._awaited = deque(paths)
        self._early: dict[str, Rows] = {}
        self._held: list[Mapping[str, Any]] = []
        self._made: list[Corpus] = []

    def add(self, path: str, rows: Rows) -> None:
        """
        Add the rows of a file.

        Raises
        ------
        UsageError
            If it is a table that lacks a column which the user named.
        """
        _check_columns(rows)
        self._early[path] = rows
        while self._awaited and self._awaited[0] in self._early:
            self._held += self._early.pop(self._awaited.popleft())
            if len(self._held) >= BLOCK:
                self._make()

    def corpus(self) -> Corpus:
        """Return all of it, when every file was added; copies and translations are not looked for."""
        import pandas as pd  # not in the workers, which need this package and not tables

        if self._held or not self._made:
            self._make()
        if len(self._made) == 1:
            return self._made[0]
        names = [field.name for field in fields(Corpus)]
        tables = {name: pd.concat([getattr(part, name) for part in self._made], ignore_index=True) for name in names}
        return Corpus(**tables)

    def _make(self) -> None:
        """Put what is held into tables."""
        self._made.append(tables_of(self._held))
        self._held = []


def _check_columns(rows: Rows) -> None:
    """Stop where a table lacks a column that the user named."""
    for row in rows:
        entry = row["entry"]
        if entry.get("reason") == "missing_column":
            raise UsageError(f"{entry['path']}: {entry['detail']}", hint="Correct `columns` in study.yml.")
