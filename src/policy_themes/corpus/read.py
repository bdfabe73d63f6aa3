"""A folder → a stored corpus: every path and record met stands once in the ledger, with its outcome."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policy_themes.corpus.again import Before, together
from policy_themes.corpus.audit import audit
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import list_folder
from policy_themes.corpus.gathered import Gathered, cut
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import Rows, tables_of
from policy_themes.corpus.sandbox import Sandbox
from policy_themes.corpus.stored import load_corpus, save_unmarked
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
) -> Corpus:
    """
    Read every document of a folder and its subfolders into memory, copies and translations marked.

    Parameters
    ----------
    folder, regions, overrides, columns, workers
        As in `read_parts`.

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError, InsufficientDataError
    """
    with TemporaryDirectory() as name:
        place = Path(name)
        read_parts(folder, regions, place, overrides=overrides, columns=columns, workers=workers)
        audit(place)
        return load_corpus(place)


def read_parts(
    folder: Path,
    regions: Regions,
    place: Path,
    *,
    overrides: Overrides | None = None,
    columns: Columns | None = None,
    workers: int | None = None,
    listed: Sequence[Found] | None = None,
    before: Before | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda items, _: items,
) -> None:
    """
    Read every document of a folder and its subfolders, each by itself, into parts on disk.

    Parameters
    ----------
    folder : Path
        Only read, never written to.
    regions : Regions
    place : Path
        An empty folder. The parts are cut by the paths and sizes of the files;
        copies and translations are not marked (`policy_themes.corpus.audit`).
    overrides : Overrides, optional
        The user's corrections; they win over everything.
    columns : Columns, optional
        Which columns of tables hold what; by default they are guessed.
    workers : int, optional
        Their number makes no difference to the result.
    listed : sequence of Found, optional
        What `list_folder` found, where that was called already.
    before : Before, optional
        What is known of some of the files, which are not read again.
    progress : callable, optional
        Wraps the files as they are done, given their number, to show how far it is.

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
    parts = cut(sorted(found, key=lambda item: item.shown))
    known: Container[str] = before or ()
    left = [[item for item in part if item.shown not in known] for part in parts]
    seen: dict[str, int] = {}
    n_documents = 0

    def write(part: int, rows: Rows) -> None:
        nonlocal n_documents
        corpus = tables_of(rows)
        if before is not None and len(left[part]) < len(parts[part]):
            corpus = together([*before.of([item.shown for item in parts[part]]), corpus])
        n_documents += len(corpus.documents)
        seen.update(corpus.ledger["reason"].fillna(corpus.ledger["outcome"]).value_counts())
        save_unmarked(corpus, place, part)

    gathered = Gathered([[item.shown for item in part] for part in left], write)
    files = []
    for item in (item for part in left for item in part):
        if item.outcome is None:
            files.append(item)
        else:
            gathered.add(item.shown, [{"entry": _settled(item)}])
    sandbox = Sandbox(regions, columns or Columns(), given, workers=workers)
    for number, rows in progress(sandbox.read(files), len(files)):
        gathered.add(files[number].shown, rows)
    if not n_documents:
        raise InsufficientDataError(
            f"None of the {len(found)} files in {folder} could be used ({', '.join(sorted(seen))}).",
            hint="See which formats are read in README.md, and mend or convert the files.",
        )


def _settled(item: Found) -> Mapping[str, Any]:
    """Return the entry of a path that is not read."""
    return {"path": item.shown, "outcome": item.outcome, "reason": item.reason, "bytes": item.size}
