"""Rows of files in any order → parts of a corpus, each when the last of its files is there.

What a document is in memory while it is read, many small objects, takes several
times the room of its rows in tables; so a part goes to disk as soon as it is
whole, and a folder of any size takes the memory of a few parts.
"""

from collections.abc import Callable, Sequence

from policy_themes.corpus.rows import Rows
from policy_themes.corpus.walk import Found
from policy_themes.errors import UsageError

# Of a part: no more files, and no more bytes on disk. A file is never cut, so that a large table is a part of its own.
FILES, BYTES = 2_000, 16_000_000


def cut(found: Sequence[Found], *, files: int = FILES, n_bytes: int = BYTES) -> list[list[Found]]:
    """
    Cut paths, in their order, into those of each part: by the folder alone, however it comes to be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> [len(part) for part in cut([Found(Path(name), name, size=5) for name in "abcde"], n_bytes=10)]
    [2, 2, 1]
    """
    parts: list[list[Found]] = [[]]
    held = 0
    for item in found:
        size = item.size if item.size and item.outcome is None else 0  # what is not read takes no room
        if parts[-1] and (len(parts[-1]) >= files or held + size > n_bytes):
            parts.append([])
            held = 0
        parts[-1].append(item)
        held += size
    return parts


class Gathered:
    """
    Parts of a corpus that are filled.

    Parameters
    ----------
    parts : sequence of sequence of str
        Paths whose rows will come, by part, in their order.
    write : callable
        Gets the number of a part and its rows in the order of the paths, once.
    """

    def __init__(self, parts: Sequence[Sequence[str]], write: Callable[[int, Rows], None]) -> None:
        self._parts, self._write = parts, write
        self._part_of = {path: number for number, part in enumerate(parts) for path in part}
        self._left = [len(part) for part in parts]
        self._held: dict[str, Rows] = {}
        for number in (number for number, part in enumerate(parts) if not part):
            write(number, [])

    def add(self, path: str, rows: Rows) -> None:
        """
        Add the rows of a file.

        Raises
        ------
        UsageError
            If it is a table that lacks a column which the user named.
        """
        _check_columns(rows)
        self._held[path] = rows
        part = self._part_of[path]
        self._left[part] -= 1
        if not self._left[part]:
            self._write(part, [row for name in self._parts[part] for row in self._held.pop(name)])


def _check_columns(rows: Rows) -> None:
    """Stop where a table lacks a column that the user named."""
    for row in rows:
        entry = row["entry"]
        if entry.get("reason") == "missing_column":
            raise UsageError(f"{entry['path']}: {entry['detail']}", hint="Correct `columns` in study.yml.")
