"""The process in which documents are parsed: whatever a document does to it, it costs that document only.

It is started by `sandbox` as ``python -m policy_themes.corpus.worker``, takes
paths on its standard input and gives rows on its standard output, both as
JSON with their lengths before them: nothing that comes from a document is ever
unpickled, and the main program is not imported.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from sys import intern
from typing import Any, BinaryIO

from policy_themes.corpus.document import describe
from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.formats import read_format
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.walk import read_bytes
from policy_themes.regions import Region, Regions
from policy_themes.store.process import get, own_pipes, put
from policy_themes.text.normalize import normalize
from policy_themes.text.units import language_of

MEMORY = 1 << 30
MOST_CHARACTERS = 20_000_000


def main() -> None:
    """Serve until the input ends."""
    given, answers = own_pipes()
    setup = receive(given)
    if setup is None:
        return
    seconds = int(setup["seconds"])
    regions = Regions({code: Region(**{**row, "aliases": tuple(row["aliases"])}) for code, row in setup["regions"]})
    gazetteer, columns, overrides = Gazetteer(regions), Columns(**setup["columns"]), Overrides(setup["overrides"])
    normalize("楓橋")  # its tables are built before the limits are set
    limit_memory()
    send(answers, {"ready": True})
    while (task := receive(given)) is not None:
        limit_seconds(seconds)
        for row in rows_of(task, columns, gazetteer, overrides, mock=bool(setup["mock"])):
            send(answers, row)
            limit_seconds(seconds)
        send(answers, {"end": True})


def send(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write one message."""
    put(stream, json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """Read one message; None at the end."""
    content = get(stream)
    if content is None:
        return None
    return dict(json.loads(content.decode("utf-8", "surrogatepass"), object_pairs_hook=_one_name_each))


def _one_name_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose keys are shared with all others: a third of the memory of many small documents."""
    return {intern(key): value for key, value in pairs}


def limit_memory() -> None:
    """Let this process grow by one GiB and no more, where the system can see to it (elsewhere the clock still holds)."""
    try:
        import resource

        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        present = int(pages) * resource.getpagesize()
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_AS, (present + MEMORY, present + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_seconds(seconds: int) -> None:
    """Let the next record take so many seconds of computing and no more."""
    try:
        import resource
    except ImportError:
        return
    used = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def rows_of(
    task: Mapping[str, Any], columns: Columns, gazetteer: Gazetteer, overrides: Overrides, *, mock: bool = False
) -> Iterator[Mapping[str, Any]]:
    """Read one file and yield a ledger entry for each of its records, with the rows of those that are kept."""
    shown = str(task["shown"])
    entry: dict[str, Any] = {"path": shown}
    try:
        content = read_bytes(Path(task["path"]))
    except FileNotFoundError:
        yield {"entry": {**entry, "outcome": "quarantined", "reason": "changed_during_read"}}
        return
    except OSError:
        yield {"entry": {**entry, "outcome": "quarantined", "reason": "unreadable"}}
        return
    if content is None:
        yield {"entry": {**entry, "outcome": "quarantined", "reason": "changed_during_read"}}
        return
    entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    try:
        if mock and shown.endswith(".mock"):
            from policy_themes.corpus.misbehave import misbehave

            misbehave(content)
        empty = True
        for item in read_format(content, shown, columns):
            empty = False
            yield row_of(item, entry, gazetteer, overrides)
        if empty:
            yield {"entry": {**entry, **_refused(Refused("empty_text"))}}
    except RefusedError as error:
        yield {"entry": {**entry, **_refused(error.refused)}}
    except MemoryError:
        yield {"entry": {**entry, "outcome": "quarantined", "reason": "limit_memory"}}
    except Exception as error:  # a reader's bug is that document's ledger row, not the end of the run
        detail = f"{type(error).__name__}: {error}"[:200]
        yield {"entry": {**entry, "outcome": "quarantined", "reason": "crash", "detail": detail}}


def _refused(item: Refused) -> dict[str, Any]:
    """Return the outcome of what cannot be used."""
    outcome = "skipped" if item.reason in ("ignored", "language") else "quarantined"
    return {"record": item.record, "outcome": outcome, "reason": item.reason, "detail": item.detail}


def row_of(
    item: Extracted | Refused, entry: Mapping[str, Any], gazetteer: Gazetteer, overrides: Overrides
) -> Mapping[str, Any]:
    """Describe one document, or say why it is none."""
    if isinstance(item, Refused):
        return {"entry": {**entry, **_refused(item)}}

    def refuse(reason: str, detail: str | None = None) -> Mapping[str, Any]:
        return {"entry": {**entry, **_refused(Refused(reason, item.record, detail))}}

    text = item.text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > MOST_CHARACTERS:
        return refuse("limit_size", f"{len(text)} characters; at most {MOST_CHARACTERS} are read.")
    normalized = normalize(text)
    if not normalized.text:
        return refuse("empty_text")
    language = language_of(normalized.text[:MOST_CHARACTERS])
    if language is None:
        return refuse("language")
    document = describe(str(entry["path"]), item, text, normalized, language, gazetteer, overrides)
    if document.n_units == 0:
        return refuse("boilerplate_only")
    return {
        "entry": {**entry, "record": item.record, "outcome": "kept", "reason": None, "doc_id": document.doc_id},
        "document": document.row(),
        "text": {"doc_id": document.doc_id, "original": document.original, "normalized": document.normalized},
        "passages": list(document.passage_rows()),
        "points": list(document.point_rows()),
        "removed": list(document.removed_rows()),
    }


if __name__ == "__main__":
    main()
