"""A folder → a Corpus: every path and record met stands once in the ledger, with its outcome."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_themes.corpus.duplicates import mark_duplicates
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import list_folder
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import Rows, tables_of, with_copies
from policy_themes.corpus.sandbox import Sandbox
from policy_themes.corpus.translations import mark_translations
from policy_themes.corpus.walk import Found
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.regions import Regions


def read_corpus(
    folder: Path,
    regions: Regions,
    *,
    overrides: Overrides | None = None,
    columns: Columns | None = None,
    workers: int | None = None,
    listed: Sequence[Found] | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda items, _: items,
) -> Corpus:
    """
    Read every document of a folder and its subfolders.

    Parameters
    ----------
    folder : Path
        Only read, never written to.
    regions : Regions
    overrides : Overrides, optional
        The user's corrections; they win over everything.
    columns : Columns, optional
        Which columns of tables hold what; by default they are guessed.
    workers : int, optional
        Their number makes no difference to the result.
    listed : sequence of Found, optional
        What `list_folder` found, where that was called already.
    progress : callable, optional
        Wraps the files as they are done, given their number, to show how far it is.

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError
        If the folder is missing or is a file, or a table lacks a column that the user named.
    InsufficientDataError
        If there is no file in it, or none that can be used.
    """
    found = list_folder(folder) if listed is None else listed
    if not found:
        raise InsufficientDataError(
            f"There are no files in {folder}.", hint="Put the documents there (.txt, .html, .docx, .pdf, .csv …)."
        )
    given = overrides or Overrides()
    given.check(Gazetteer(regions))
    files = [item for item in found if item.outcome is None]
    sandbox = Sandbox(regions, columns or Columns(), given, workers=workers)
    done: dict[str, Rows] = {item.shown: [{"entry": _settled(item)}] for item in found if item.outcome is not None}
    for number, rows in progress(sandbox.read(files), len(files)):
        done[files[number].shown] = rows
    ordered = [row for path in sorted(done) for row in done[path]]
    _check_columns(ordered)
    if not any("document" in row for row in ordered):
        reasons = ", ".join(sorted({row["entry"].get("reason") or row["entry"]["outcome"] for row in ordered}))
        raise InsufficientDataError(
            f"None of the {len(found)} files in {folder} could be used ({reasons}).",
            hint="See which formats are read in README.md, and mend or convert the files.",
        )
    done.clear()
    return _assemble(ordered)


def _settled(item: Found) -> Mapping[str, Any]:
    """Return the entry of a path that is not read."""
    return {"path": item.shown, "outcome": item.outcome, "reason": item.reason, "bytes": item.size}


def _check_columns(rows: Rows) -> None:
    """Stop where a table lacks a column that the user named."""
    for row in rows:
        entry = row["entry"]
        if entry.get("reason") == "missing_column":
            raise UsageError(f"{entry['path']}: {entry['detail']}", hint="Correct `columns` in study.yml.")


def _body(row: Mapping[str, Any]) -> str:
    """Return the body of a document."""
    text = row["text"]["normalized"]
    return "\n".join(text[piece["start"] : piece["end"]] for piece in row["passages"] if piece["role"] == "body")


def _assemble(rows: Rows) -> Corpus:
    """Put documents and ledger into their tables, copies marked."""
    corpus = tables_of(rows)
    bodies = {row["text"]["doc_id"]: _body(row) for row in rows if "document" in row}
    documents = mark_translations(mark_duplicates(corpus.documents, bodies), bodies)
    corpus = replace(corpus, documents=documents, ledger=with_copies(corpus.ledger, documents))
    counted = int((corpus.ledger["outcome"].isin(["kept", "duplicate"])).sum())
    if counted != len(corpus.documents) or corpus.ledger[["path", "record"]].duplicated().any():
        raise AssertionError("the ledger does not account for every document exactly once")
    return corpus
