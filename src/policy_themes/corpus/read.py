"""A folder → a Corpus: every path and record met stands once in the ledger, with its outcome."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policy_themes.corpus.again import together
from policy_themes.corpus.duplicates import mark_duplicates
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import list_folder
from policy_themes.corpus.gathered import Gathered
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import with_copies
from policy_themes.corpus.sandbox import Sandbox
from policy_themes.corpus.translations import mark_translations
from policy_themes.corpus.walk import Found
from policy_themes.errors import InsufficientDataError
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
    Read every document of a folder and its subfolders, copies and translations marked.

    Parameters
    ----------
    folder, regions, overrides, columns, workers, listed, progress
        As in `read_files`.

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError, InsufficientDataError
    """
    read = read_files(
        folder, regions, overrides=overrides, columns=columns, workers=workers, listed=listed, progress=progress
    )
    return audited(read)


def read_files(
    folder: Path,
    regions: Regions,
    *,
    overrides: Overrides | None = None,
    columns: Columns | None = None,
    workers: int | None = None,
    listed: Sequence[Found] | None = None,
    before: Corpus | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda items, _: items,
) -> Corpus:
    """
    Read every document of a folder and its subfolders, each by itself.

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
    before : Corpus, optional
        What is known of some of the files, which are not read again.
    progress : callable, optional
        Wraps the files as they are done, given their number, to show how far it is.

    Returns
    -------
    Corpus
        Copies and translations not marked.

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
    known = set() if before is None else set(before.ledger["path"])
    left = sorted((item for item in found if item.shown not in known), key=lambda item: item.shown)
    files = [item for item in left if item.outcome is None]
    sandbox = Sandbox(regions, columns or Columns(), given, workers=workers)
    gathered = Gathered([item.shown for item in left])
    for item in left:
        if item.outcome is not None:
            gathered.add(item.shown, [{"entry": _settled(item)}])
    for number, rows in progress(sandbox.read(files), len(files)):
        gathered.add(files[number].shown, rows)
    corpus = gathered.corpus() if before is None else together(before, gathered.corpus())
    if corpus.documents.empty:
        reasons = ", ".join(sorted(set(corpus.ledger["reason"].fillna(corpus.ledger["outcome"]))))
        raise InsufficientDataError(
            f"None of the {len(found)} files in {folder} could be used ({reasons}).",
            hint="See which formats are read in README.md, and mend or convert the files.",
        )
    return corpus


def _settled(item: Found) -> Mapping[str, Any]:
    """Return the entry of a path that is not read."""
    return {"path": item.shown, "outcome": item.outcome, "reason": item.reason, "bytes": item.size}


def _bodies(corpus: Corpus) -> Mapping[str, str]:
    """Return the body of each document."""
    texts = dict(zip(corpus.texts["doc_id"], corpus.texts["normalized"], strict=True))
    lines: dict[str, list[str]] = {doc_id: [] for doc_id in texts}
    own = corpus.passages[corpus.passages["role"] == "body"]
    for doc_id, start, end in zip(*(own[name].tolist() for name in ("doc_id", "start", "end")), strict=True):
        lines[doc_id].append(texts[doc_id][start:end])
    return {doc_id: "\n".join(pieces) for doc_id, pieces in lines.items()}


def audited(corpus: Corpus) -> Corpus:
    """Mark copies and translations, and see that nothing is lost."""
    bodies = _bodies(corpus)
    documents = mark_translations(mark_duplicates(corpus.documents, bodies), bodies)
    corpus = replace(corpus, documents=documents, ledger=with_copies(corpus.ledger, documents))
    counted = int((corpus.ledger["outcome"].isin(["kept", "duplicate"])).sum())
    if counted != len(corpus.documents) or corpus.ledger[["path", "record"]].duplicated().any():
        raise AssertionError("the ledger does not account for every document exactly once")
    return corpus
