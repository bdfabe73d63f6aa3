"""A piece of a file → a part of the corpus: each row described as on one machine, its tables written.

Rows of tables need no reader that could crash, so that they are described in
the worker itself; a row that takes longer than a document may is stopped by
the clock and goes into quarantine.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from policy_themes.corpus.extract.objects import json_object
from policy_themes.corpus.extract.records import Extracted, Refused
from policy_themes.corpus.extract.rows import Row, cell_text, documents, guess
from policy_themes.corpus.rows import tables_of

# What a worker of one machine makes of a document is made here too: not a copy of it.
from policy_themes.corpus.sandbox import SECONDS
from policy_themes.corpus.stored import save_unmarked
from policy_themes.corpus.worker import row_of as described
from policy_themes.scale.look import lines_of
from policy_themes.scale.plan import PIECE, Piece, is_unchanged
from policy_themes.scale.setup import Setup

AT_ONCE = 256


def read_piece(setup: str, place: str, task: str) -> Mapping[str, Any]:
    """
    Read a piece and write its part of every table.

    Returns
    -------
    mapping
        ``changed``: the path of a file that is no longer what was listed, or None.
    """
    piece, given = PIECE.validate_json(task), Setup.of_text(setup)
    rows: list[Mapping[str, Any]] = [{"entry": entry} for entry in piece.settled]
    if piece.kind:
        rows += _rows(piece, given)
        if not is_unchanged(piece):
            return {"changed": piece.shown}
    save_unmarked(tables_of(rows), Path(place), piece.part)
    return {"changed": None}


def _rows(piece: Piece, given: Setup) -> Iterator[Mapping[str, Any]]:
    """Yield a ledger entry for each row of a piece, with what is kept of it."""
    entry = {"path": piece.shown, "bytes": piece.size, "sha256": piece.sha256}
    records = _objects(piece) if piece.kind == "jsonl" else _cells(piece, given)
    for item in _documents(piece, records, given):
        yield _within(SECONDS, lambda own=item: described(own, entry, given.gazetteer, given.overrides), item, entry)  # type: ignore[misc]


def _documents(
    piece: Piece, records: Iterator[tuple[str, Row | Refused]], given: Setup
) -> Iterator[Extracted | Refused]:
    """Make documents of rows; where no line of a whole file is an object, each is a refusal."""
    if piece.names:
        yield from documents(records, piece.names, given.columns, "utf-8", piece.kind)
    else:
        yield from (row for _, row in records if isinstance(row, Refused))


def _objects(piece: Piece) -> Iterator[tuple[str, Row | Refused]]:
    """Yield the lines of a piece under their numbers in the file."""
    for number, line in enumerate(lines_of(piece), start=piece.first):
        record = str(number)
        if line is None:
            yield record, Refused("limit_size", record, "A line is longer than a file may be.")
        elif line.strip():
            yield record, json_object(line, record)


def _cells(piece: Piece, given: Setup) -> Iterator[tuple[str, Row | Refused]]:
    """Yield the rows of a piece of a row group, of the columns that mean something."""
    import pyarrow.parquet as pq

    wanted = set(guess(piece.names, given.columns).values())
    number = 0
    with pq.ParquetFile(piece.path) as file:
        for batch in file.iter_batches(AT_ONCE, row_groups=[piece.group], columns=[*wanted], use_threads=False):
            if number + len(batch) > piece.begin:
                for row in batch.to_pylist():
                    if piece.begin <= number < piece.end:
                        yield (
                            str(piece.first + number - piece.begin),
                            {key: cell_text(value) for key, value in row.items()},
                        )
                    number += 1
            else:
                number += len(batch)
            if number >= piece.end:
                return


class _LateError(Exception):
    """A row took too long."""


def _within(
    seconds: int, work: Callable[[], Mapping[str, Any]], item: Extracted | Refused, entry: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Do some work within so many seconds, where the system has such a clock; what fails is in quarantine."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise _LateError

    has_clock = hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGALRM, late) if has_clock else None
    try:
        if has_clock:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        return work()
    except _LateError:
        return {"entry": {**entry, "record": item.record, "outcome": "quarantined", "reason": "limit_time"}}
    except MemoryError:
        return {"entry": {**entry, "record": item.record, "outcome": "quarantined", "reason": "limit_memory"}}
    except Exception as error:  # a bug of ours is that row's entry, not the end of the run
        told = {"outcome": "quarantined", "reason": "crash", "detail": f"{type(error).__name__}: {error}"[:200]}
        return {"entry": {**entry, "record": item.record, **told}}
    finally:
        if has_clock:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
