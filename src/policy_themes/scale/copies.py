"""Copies, word for word: rows whose title and body have one hash, wherever they stand.

The representative is the one that one machine takes: the earliest date, then
the path, then the place in it. Reprints with changes and translations are found
by comparing neighbours, which is done on one machine only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from policy_themes.corpus.counted import Counted
from policy_themes.corpus.rows import with_copies
from policy_themes.corpus.stored import TABLES, UNMARKED, WAITING, load_unmarked, part_file, save_marked
from policy_themes.scale.spark import Spark
from policy_themes.store.files import sha256_of, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COUNTED = TypeAdapter(Counted)
FOUND = "copies"
HASHES = pa.schema(
    [(name, pa.string()) for name in ("doc_id", "content_sha256", "date", "path")]
    + [("part", pa.int32()), ("row", pa.int64())]
)


def find_copies(engine: Spark, place: Path, tasks: Sequence[str]) -> int:
    """
    Write, for each part that holds copies, whose copies they are.

    Parameters
    ----------
    engine : Spark
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
    read = load_unmarked(folder, part, WAITING)
    found = folder / FOUND / f"{part}.json"
    pairs = json.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
    documents = read.documents.assign(
        duplicate_of=read.documents["doc_id"].map(pairs).astype("str"),
        similarity=read.documents["doc_id"].map(dict.fromkeys(pairs, 1.0)).astype("Float64"),
    )
    marked = replace(read, documents=documents, ledger=with_copies(read.ledger, documents))
    save_marked(marked.documents, marked.ledger, folder, part)
    files = [part_file(folder, name, part) for name in TABLES]
    return {
        "counted": COUNTED.dump_python(Counted.of(marked), mode="json"),
        "files": {path.relative_to(folder).as_posix(): sha256_of(path) for path in files},
    }
