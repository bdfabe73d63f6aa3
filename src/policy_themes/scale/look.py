"""What must be known of a whole file before its pieces can be read: its hash, its columns, how many lines each piece has."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from policy_themes.corpus.extract.objects import json_object
from policy_themes.corpus.extract.records import Refused
from policy_themes.corpus.extract.sniff import sniff
from policy_themes.corpus.formats import ADVICE
from policy_themes.corpus.walk import MAX_BYTES
from policy_themes.scale.plan import PIECE, Piece
from policy_themes.store.files import sha256_of

BOM = b"\xef\xbb\xbf"
ARRAY = "An array; Spark reads one object a line. Write it so, or read it on one machine."


def look(task: str) -> Mapping[str, Any]:
    """
    Look at a file, or at a piece of a file of lines.

    Returns
    -------
    mapping
        ``n_lines, n_rows, names``; of a file's first piece its ``sha256`` and, of
        parquet, ``groups`` (rows and bytes of each); ``reason`` and ``detail``
        where it cannot be used.
    """
    piece = PIECE.validate_json(task)
    found: dict[str, Any] = {"n_lines": 0, "n_rows": 0, "names": [], "groups": [], "reason": None, "detail": None}
    first = piece.begin == 0
    found["sha256"] = sha256_of(Path(piece.path)) if first else None
    if first and (unfit := _unfit(piece)):
        return {**found, "reason": unfit.reason, "detail": unfit.detail}
    return {**found, **(_groups(piece) if piece.kind == "parquet" else _lines(piece))}


def lines_of(piece: Piece) -> Iterator[bytes | None]:
    """Yield the lines that begin in a piece, without their ends; None for one that is longer than a file may be."""
    with Path(piece.path).open("rb") as stream:
        place = piece.begin
        if place:  # the line that the byte before belongs to is the piece before's
            stream.seek(place - 1)
            place += _pass(stream) - 1
        while place < piece.end:
            line = stream.readline(MAX_BYTES + 1)
            if not line:
                return
            rest = 0 if line.endswith(b"\n") or len(line) <= MAX_BYTES else _pass(stream)
            whole = line.removesuffix(b"\n")
            yield None if rest else whole.removeprefix(BOM) if place == 0 else whole
            place += len(line) + rest


def _pass(stream: BinaryIO) -> int:
    """Go to the end of a line; return how many bytes that was."""
    passed = 0
    while chunk := stream.readline(1 << 20):
        passed += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return passed


def _unfit(piece: Piece) -> Refused | None:
    """Return why a file is not what its name says."""
    with Path(piece.path).open("rb") as stream:
        start = stream.read(4096)
    kind = sniff(start, piece.shown) if start else piece.kind
    if kind != piece.kind:
        reason = {"encrypted": "encrypted", "mismatch": "type_mismatch"}.get(kind, "unsupported_format")
        return Refused(reason, None, ADVICE.get(kind, f"{kind} files of this name are not read."))
    if kind == "jsonl" and start.lstrip(BOM + b" \t\r\n").startswith(b"["):
        return Refused("bad_json", None, ARRAY)
    return None


def _lines(piece: Piece) -> Mapping[str, Any]:
    """Count the lines of a piece, and name the columns in the order in which they are met."""
    names: dict[str, None] = {}
    n_lines = n_rows = 0
    for line in lines_of(piece):
        n_lines += 1
        if line is None or line.strip():
            n_rows += 1
            row = Refused("limit_size") if line is None else json_object(line, "")
            if not isinstance(row, Refused):
                names.update(dict.fromkeys(row))
    return {"n_lines": n_lines, "n_rows": n_rows, "names": list(names)}


def _groups(piece: Piece) -> Mapping[str, Any]:
    """Read the end of a parquet file, which says what it holds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(piece.path) as file:
            held = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
            groups = [(group.num_rows, group.total_byte_size) for group in held]
            return {"n_rows": file.metadata.num_rows, "names": list(file.schema_arrow.names), "groups": groups}
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        return {"reason": "corrupt", "detail": str(error)[:200]}
