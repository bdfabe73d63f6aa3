"""Rows of files in any order → one corpus in the order of the paths, a block of files at a time.

What a document is in memory while it is read, many small objects, takes several
times the room of its rows in tables; so rows become tables as soon as all
files of a block are there.
"""

from collections.abc import Sequence
from dataclasses import fields

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import Rows, tables_of
from policy_themes.errors import UsageError

BLOCK = 500


class Gathered:
    """
    A corpus that grows.

    Parameters
    ----------
    paths : sequence of str
        Of all files, each once, in the order of the corpus.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._blocks = [paths[start : start + BLOCK] for start in range(0, len(paths), BLOCK)]
        self._of = {path: number for number, block in enumerate(self._blocks) for path in block}
        self._missing = [len(block) for block in self._blocks]
        self._rows: dict[str, Rows] = {}
        self._made: dict[int, Corpus] = {}

    def add(self, path: str, rows: Rows) -> None:
        """
        Add the rows of a file.

        Raises
        ------
        UsageError
            If it is a table that lacks a column which the user named.
        """
        _check_columns(rows)
        number = self._of[path]
        self._rows[path] = rows
        self._missing[number] -= 1
        if not self._missing[number]:
            self._made[number] = tables_of([row for own in self._blocks[number] for row in self._rows.pop(own)])

    def corpus(self) -> Corpus:
        """Return all of it, when every file was added; copies and translations are not looked for."""
        import pandas as pd  # not in the workers, which need this package and not tables

        parts = [self._made[number] for number in range(len(self._blocks))]
        if len(parts) == 1:
            return parts[0]
        names = [field.name for field in fields(Corpus)]
        return Corpus(**{name: pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in names})


def _check_columns(rows: Rows) -> None:
    """Stop where a table lacks a column that the user named."""
    for row in rows:
        entry = row["entry"]
        if entry.get("reason") == "missing_column":
            raise UsageError(f"{entry['path']}: {entry['detail']}", hint="Correct `columns` in study.yml.")
