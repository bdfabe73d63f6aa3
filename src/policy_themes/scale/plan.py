"""A folder of tables → pieces of like size, each a part of the corpus that will be.

Where a piece begins follows from the files alone, so that parts are the same
whoever reads them. A row is known by its number in its file, as on one machine;
to number the rows of a large file of lines, its pieces are looked through once
before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from policy_themes.corpus.extract.records import Columns, RefusedError
from policy_themes.corpus.extract.rows import check_names, documents
from policy_themes.corpus.walk import Found
from policy_themes.errors import InsufficientDataError, UsageError

# Bytes of a piece: a 64th of all, within bounds that keep a worker busy and small.
SMALLEST, LARGEST, PIECES = 1 << 20, 16 << 20, 64
READ = (".jsonl", ".ndjson", ".parquet")
ELSEWHERE = "Spark reads jsonl and parquet, each row a document; read this on one machine."

Entry = dict[str, Any]
Looked = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """
    A stretch of one file.

    Attributes
    ----------
    path, shown : str
    kind : {"jsonl", "parquet", ""}
        "": nothing is read, only `settled` goes on record.
    size, modified : int
        Of the file when it was listed.
    begin, end : int
        Bytes of lines; rows of a row group.
    group : int
        Row group of a parquet file.
    first : int
        Number of its first row in the file.
    names : tuple of str
        Columns of the whole file.
    sha256 : str
        Of the whole file.
    settled : tuple
        Entries of the ledger for paths that stand before it and are not read.
    part : int
        Number of the part that it becomes.
    """

    path: str
    shown: str
    kind: str
    size: int = 0
    modified: int = 0
    begin: int = 0
    end: int = 0
    group: int = 0
    first: int = 1
    names: tuple[str, ...] = ()
    sha256: str = ""
    settled: tuple[Entry, ...] = ()
    part: int = 0


PIECE = TypeAdapter(Piece)


def listed(found: Sequence[Found]) -> tuple[list[Piece], list[Entry]]:
    """Divide the paths of a folder into files to look at, whole, and entries of the ledger for all others."""
    files, entries = [], []
    for item in found:
        wanted = item.path.suffix.lower() in READ
        if wanted and (item.outcome is None or item.reason == "too_large"):
            status = item.path.lstat()
            kind = "parquet" if item.path.suffix.lower() == ".parquet" else "jsonl"
            place = str(item.path.resolve())
            files.append(Piece(place, item.shown, kind, status.st_size, status.st_mtime_ns, 0, status.st_size))
        elif item.outcome is None:
            entries.append(refused(item.shown, "unsupported_format", ELSEWHERE, item.size))
        else:
            kept = {"outcome": item.outcome, "reason": item.reason}
            entries.append({"path": item.shown, **kept, "bytes": item.size})
    return files, entries


def refused(shown: str, reason: str, detail: str | None, size: int | None, sha256: str | None = None) -> Entry:
    """Return the entry of a file of which nothing is used."""
    told = {"outcome": "quarantined", "reason": reason, "detail": detail}
    return {"path": shown, **told, "bytes": size, "sha256": sha256}


def size_of_pieces(n_bytes: int) -> int:
    """
    Return how large pieces are in so much text.

    Examples
    --------
    >>> size_of_pieces(1 << 29) >> 20, size_of_pieces(1 << 40) >> 20
    (8, 16)
    """
    return min(LARGEST, max(SMALLEST, n_bytes // PIECES))


def cut_lines(file: Piece, size: int) -> list[Piece]:
    """Cut a file of lines; a line belongs to the piece that it begins in."""
    starts = range(0, max(1, file.size), size)
    return [replace(file, begin=start, end=min(start + size, file.size)) for start in starts]


def cut_groups(file: Piece, groups: Sequence[Sequence[int]], size: int) -> list[Piece]:
    """Cut a parquet file at its row groups, given the rows and bytes of each, and large ones within."""
    pieces, before = [], 0
    for number, (n_rows, n_bytes) in enumerate(groups):
        step = max(1, n_rows * size // max(1, n_bytes))
        pieces += [
            replace(file, group=number, begin=start, end=min(start + step, n_rows), first=before + start + 1)
            for start in range(0, n_rows, step)
        ]
        before += n_rows
    return pieces


def plan(
    pieces: Sequence[Piece], looked: Sequence[Looked], entries: Sequence[Entry], columns: Columns, size: int
) -> list[Piece]:
    """
    Give rows their numbers and names of columns, file by file, and put aside what cannot be used.

    Parameters
    ----------
    pieces : sequence of Piece
        Each file's in order.
    looked : sequence of mapping
        What `look` told of each.
    entries : sequence of mapping
        Of the ledger, for paths that are not read.
    columns : Columns
    size : int
        Bytes of a piece of a parquet file.

    Returns
    -------
    list of Piece
        In the order of the parts to be; never none.

    Raises
    ------
    UsageError
        If a table lacks a column that the user named.
    InsufficientDataError
        If there is nothing to read.
    """
    made: list[Piece] = []
    told = list(entries)
    by_file: dict[str, list[tuple[Piece, Looked]]] = {}
    for piece, found in zip(pieces, looked, strict=True):
        by_file.setdefault(piece.shown, []).append((piece, found))
    for shown, own in by_file.items():
        try:
            made += _numbered(own, columns, size)
        except RefusedError as error:
            reason, detail = error.refused.reason, error.refused.detail
            if reason == "missing_column":
                raise UsageError(f"{shown}: {detail}", hint="Correct `columns` in study.yml.") from error
            told.append(refused(shown, reason, detail, own[0][0].size, own[0][1]["sha256"]))
    if not made:
        reasons = ", ".join(sorted({str(entry["reason"]) for entry in told})) or "it is empty"
        raise InsufficientDataError(f"No row of a table could be used ({reasons}).", hint=ELSEWHERE)
    ordered = _with_settled(made, told)
    return [replace(piece, part=part) for part, piece in enumerate(ordered)]


def _numbered(own: Sequence[tuple[Piece, Looked]], columns: Columns, size: int) -> list[Piece]:
    """Give the pieces of one file their numbers; raises `RefusedError` where it cannot be used."""
    file, first_look = own[0]
    for _, found in own:
        if found["reason"]:
            raise RefusedError(found["reason"], found["detail"])
    if not any(found["n_rows"] for _, found in own):
        raise RefusedError("empty_text" if file.size else "empty_file")
    names = tuple(dict.fromkeys(name for _, found in own for name in found["names"]))
    if file.kind == "parquet":
        check_names(first_look["names"])
    if names:  # else no line is an object, and each has its own entry
        list(documents([], names, columns, "utf-8", file.kind))
    whole = replace(file, names=names, sha256=first_look["sha256"])
    if file.kind == "parquet":
        return cut_groups(whole, first_look["groups"], size)
    numbered, first = [], 1
    for piece, found in own:
        numbered.append(replace(whole, begin=piece.begin, end=piece.end, first=first))
        first += found["n_lines"]
    return numbered


def _with_settled(pieces: Sequence[Piece], entries: list[Entry]) -> list[Piece]:
    """Give each entry to the piece before which its path stands, so that the ledger is in the order of paths."""
    waiting = sorted(entries, key=lambda entry: str(entry["path"]), reverse=True)
    ordered = []
    for piece in sorted(pieces, key=lambda piece: (piece.shown, piece.first)):
        before = []
        while waiting and str(waiting[-1]["path"]) < piece.shown:
            before.append(waiting.pop())
        ordered.append(replace(piece, settled=tuple(before)))
    if waiting:
        ordered.append(Piece("", "", "", settled=tuple(reversed(waiting))))
    return ordered


def task_of(piece: Piece) -> str:
    """Return a piece as a task."""
    return PIECE.dump_json(piece).decode()


def is_unchanged(piece: Piece) -> bool:
    """Tell whether the file of a piece is as it was when it was listed."""
    status = Path(piece.path).stat()
    return (status.st_size, status.st_mtime_ns) == (piece.size, piece.modified)
