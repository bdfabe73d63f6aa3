"""Copies, word for word: rows whose title and body have one hash, wherever they stand.

The representative is the one that one machine takes: the earliest date, then
the path, then the place in it. Reprints with changes and translations are found
by comparing neighbours, which is done on one machine only.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from policy_themes.corpus.counted import Counted
from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import with_copies
from policy_themes.corpus.stored import TABLES, part_file
from policy_themes.scale.engine import Engine
from policy_themes.scale.read import UNMARKED, WAITING
from policy_themes.schema import conform, empty
from policy_themes.store.files import write_atomic
from policy_themes.store.table_file import parquet_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COUNTED = TypeAdapter(Counted)
FOUND = "copies"
HASHES = pa.schema(
    [(name, pa.string()) for name in ("doc_id", "content_sha256", "date", "path")]
    + [("part", pa.int32()), ("row", pa.int64())]
)


def find_copies(engine: Engine, place: Path, tasks: Sequence[str]) -> int:
    """
    Write, for each part that holds copies, whose copies they are.

    Parameters
    ----------
    engine : Engine
    place : Path
        Where the parts were written.
    tasks : sequence of str
        Numbers of the parts.

    Returns
    -------
    int
        How many copies there are.
    """
    from pyspark.sql import functions as sql

    absolute = str(place.resolve())
    documents = engine.tables(partial(hashes_of_part, absolute), tasks, HASHES)
    rank = sql.struct(sql.isnull("date"), sql.coalesce("date", sql.lit("")), "path", "part", "row", "doc_id")
    ranked = documents.select("doc_id", "content_sha256", "part", rank.alias("rank"))
    first = ranked.groupBy("content_sha256").agg(sql.min("rank").alias("first"), sql.count("*").alias("n"))
    alike = ranked.join(first.where("n > 1"), "content_sha256")
    copies = alike.select("part", "doc_id", sql.col("first.doc_id").alias("original")).where("doc_id != original")
    by_part = copies.groupBy("part").agg(sql.collect_list(sql.struct("doc_id", "original")).alias("pairs"))
    found = by_part.mapInArrow(partial(_written, absolute), "n long").agg(sql.sum("n")).collect()
    return int(found[0][0] or 0)


def hashes_of_part(place: str, task: str) -> pd.DataFrame:
    """Return what copies are known by, and ranked by, of the documents of a part."""
    file = part_file(Path(place, UNMARKED), "documents", int(task))
    documents = pd.read_parquet(file, columns=["doc_id", "content_sha256", "date", "path"])
    return documents.assign(part=int(task), row=range(len(documents)))


def _written(place: str, batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
    """Write the copies of some parts."""
    for batch in batches:
        numbers = []
        for row in batch.to_pylist():
            pairs = {pair["doc_id"]: pair["original"] for pair in row["pairs"]}
            target = Path(place, FOUND, f"{row['part']}.json")
            write_atomic(target, json.dumps(pairs, sort_keys=True).encode())
            numbers.append(len(pairs))
        yield pa.RecordBatch.from_pydict({"n": pa.array(numbers, pa.int64())})


def finish_part(place: str, task: str) -> Mapping[str, Any]:
    """
    Write documents and ledger of one part with its copies marked.

    Returns
    -------
    mapping
        ``counted``, and ``files``: the hash of each file of the part.
    """
    folder, part = Path(place), int(task)
    documents, ledger = (_unmarked(folder, name, part) for name in WAITING)
    found = folder / FOUND / f"{part}.json"
    pairs = json.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
    documents["duplicate_of"] = documents["doc_id"].map(pairs).astype("str")
    documents["similarity"] = documents["doc_id"].map(dict.fromkeys(pairs, 1.0)).astype("Float64")
    marked = {"documents": conform(documents, "documents"), "ledger": with_copies(ledger, documents)}
    for name, table in marked.items():
        write_atomic(part_file(folder, name, part), parquet_bytes(table))
    corpus = Corpus(**{name: marked.get(name, empty(name)) for name in TABLES})
    files = [part_file(folder, name, part) for name in TABLES]
    return {
        "counted": COUNTED.dump_python(Counted.of(corpus), mode="json"),
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }


def _unmarked(folder: Path, name: str, part: int) -> pd.DataFrame:
    """Load a table of a part as it was read."""
    return conform(pd.read_parquet(part_file(folder / UNMARKED, name, part)), name)


def _sha256(path: Path) -> str:
    """Hash one file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
