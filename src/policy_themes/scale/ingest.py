"""Rows of many files → an ingest in parts, on all workers of a cluster at once."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from policy_themes.corpus.counted import Counted
from policy_themes.corpus.fingerprint import list_documents
from policy_themes.corpus.stored import UNMARKED
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.progress import say
from policy_themes.scale.copies import COUNTED, FOUND, find_copies, finish_part
from policy_themes.scale.look import look
from policy_themes.scale.plan import Piece, cut_lines, listed, plan, size_of_pieces, task_of
from policy_themes.scale.read import read_piece
from policy_themes.scale.setup import Setup
from policy_themes.scale.spark import Spark


@dataclass(frozen=True)
class Ingest:
    """
    What was written.

    Attributes
    ----------
    n_parts : int
    counted : Counted
    files : mapping of str to str
        Hash of each file.
    inputs : sequence of mapping
        ``path, sha256, bytes`` of each file that was read.
    """

    n_parts: int
    counted: Counted
    files: Mapping[str, str]
    inputs: Sequence[Mapping[str, object]]


def ingest(engine: Spark, folder: Path, setup: Setup, place: Path) -> Ingest:
    """
    Read every row of the tables of a folder, and write documents, texts, passages and ledger in parts.

    Parameters
    ----------
    engine : Spark
    folder : Path
        Of jsonl and parquet, seen under the same path by every worker.
    setup : Setup
    place : Path
        An empty folder to write to, seen by every worker.

    Returns
    -------
    Ingest
        Copies word for word are marked; reprints with changes and translations are not looked for.

    Raises
    ------
    UsageError, InsufficientDataError
    """
    pieces, n_files = _planned(engine, folder, setup)
    say(f"reading {len(pieces)} pieces …")
    tasks, absolute = [task_of(piece) for piece in pieces], str(place.resolve())
    for told in engine.told(partial(read_piece, setup.text, absolute), tasks):
        if told["changed"]:
            raise UsageError(f"{told['changed']} changed while it was read.", hint="Call again when it is whole.")
    parts = [str(piece.part) for piece in pieces]
    find_copies(engine, place, parts)
    counted, files = Counted(), {}
    for told in engine.told(partial(finish_part, absolute), parts):
        counted.add(COUNTED.validate_python(told["counted"]))
        files.update(told["files"])
    counted.n_files = n_files
    for name in (UNMARKED, FOUND):
        shutil.rmtree(place / name, ignore_errors=True)
    for path in place.rglob(".*"):  # begun by a worker that was lost
        path.unlink()
    if not counted.n_documents:
        raise InsufficientDataError(f"None of the rows in {folder} could be used ({', '.join(counted.told_reasons)}).")
    read = {
        piece.shown: {"path": piece.shown, "sha256": piece.sha256, "bytes": piece.size}
        for piece in pieces
        if piece.kind
    }
    return Ingest(len(pieces), counted, files, list(read.values()))


def _planned(engine: Spark, folder: Path, setup: Setup) -> tuple[list[Piece], int]:
    """Return the pieces of a folder, and how many paths were met."""
    found = list_documents(folder, setup.settings)
    files, entries = listed(found)
    size = int(os.environ.get("POLICY_THEMES_TEST_PIECE", size_of_pieces(sum(file.size for file in files))))
    whole = [piece for file in files for piece in (cut_lines(file, size) if file.kind == "jsonl" else [file])]
    say(f"looking at {len(files)} files …")
    looked = engine.told(look, [task_of(piece) for piece in whole])
    return plan(whole, looked, entries, setup.columns, size), len(found)
