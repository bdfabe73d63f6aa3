"""A folder → a Corpus: every path met stands once in the ledger, with its outcome."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from policy_themes.corpus.decode import decode
from policy_themes.corpus.document import Document, describe
from policy_themes.corpus.duplicates import mark_duplicates
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.regions import Regions
from policy_themes.schema import conform
from policy_themes.text.normalize import normalize
from policy_themes.text.units import language_of

TEXT_ENDINGS = frozenset({".txt", ".md", ".text", ""})
IGNORED = frozenset({".git", ".ds_store", "thumbs.db", "__macosx", ".ipynb_checkpoints", "study.yml", "readme.md"})
MAX_BYTES = 50_000_000
ADVICE = "only .txt and .md are read so far; save it as text"


@dataclass(frozen=True)
class Entry:
    """One path met, and what became of it."""

    path: str
    outcome: str
    reason: str | None = None
    doc_id: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    record: str | None = None


@dataclass(frozen=True)
class _Read:
    """An entry and, where it was kept, its document."""

    entry: Entry
    document: Document | None = None


def read_corpus(
    folder: Path,
    regions: Regions,
    *,
    overrides: Overrides | None = None,
    progress: Callable[[list[Path]], Iterable[Path]] = iter,
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
    progress : callable, optional
        Wraps the list of paths to show how far it is.

    Returns
    -------
    Corpus

    Raises
    ------
    UsageError
        If the folder is missing or is a file.
    InsufficientDataError
        If there is no file in it, or none that can be used.
    """
    _check_folder(folder)
    paths = list(_walk(folder))
    if not paths:
        raise InsufficientDataError(f"There are no files in {folder}.", hint="Put the documents (.txt, .md) there.")
    read = [_read(folder, path, regions, overrides or Overrides()) for path in progress(paths)]
    documents = [item.document for item in read if item.document is not None]
    ledger = [item.entry for item in read]
    if not documents:
        reasons = ", ".join(sorted({entry.reason or entry.outcome for entry in ledger}))
        raise InsufficientDataError(
            f"None of the {len(ledger)} files in {folder} could be used ({reasons}).",
            hint="`policy-themes ingest` lists each with its reason.",
        )
    return _assemble(documents, ledger)


def _check_folder(folder: Path) -> None:
    """Refuse what is no readable folder."""
    if not folder.exists():
        raise UsageError(f"The folder {folder} is not there.", hint="Check the path.")
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file, and a folder of documents is needed.", hint="Name its folder.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageError(f"The folder {folder} may not be read.", hint="Check its permissions.")


def _walk(folder: Path) -> Iterator[Path]:
    """Yield every path that is no folder, links not followed; and folders that are left out or cannot be listed."""
    closed: list[str] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        apart = [name for name in folders if Path(place, name).is_symlink() or name.lower() in IGNORED]
        folders[:] = sorted(name for name in folders if name not in apart)
        for name in sorted([*names, *apart]):
            yield Path(place, name)
    yield from map(Path, closed)


def _read(folder: Path, path: Path, regions: Regions, overrides: Overrides) -> _Read:
    """Read one path; whatever is wrong with it becomes its ledger row."""
    shown = _shown(path.relative_to(folder).as_posix())
    if path.name.lower() in IGNORED or path.name.startswith(("~$", "._")):
        return _Read(Entry(shown, "skipped", "ignored"))
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return _Read(Entry(shown, "skipped", "symlink"))
        if stat.S_ISDIR(mode):
            return _Read(Entry(shown, "quarantined", "unreadable"))
        if not stat.S_ISREG(mode):
            return _Read(Entry(shown, "skipped", "not_regular"))
        if path.stat().st_size > MAX_BYTES:
            return _Read(Entry(shown, "quarantined", "too_large", bytes=path.stat().st_size))
        content = path.read_bytes()
    except OSError:
        return _Read(Entry(shown, "quarantined", "unreadable"))
    return _from_bytes(shown, content, regions, overrides)


def _shown(path: str) -> str:
    """Return a path as text; a name that is no UTF-8 gets codes and a hash, so that no two fall together."""
    try:
        path.encode()
    except UnicodeEncodeError:
        content = path.encode("utf-8", "surrogateescape")
        name = PurePosixPath(content.decode("utf-8", "backslashreplace"))
        return str(name.with_name(f"{name.stem}#{hashlib.sha256(content).hexdigest()[:8]}{name.suffix}"))
    return path


def _from_bytes(path: str, content: bytes, regions: Regions, overrides: Overrides) -> _Read:
    """Make a document of a file's bytes, or say why not."""
    size, digest = len(content), hashlib.sha256(content).hexdigest()

    def refuse(reason: str, outcome: str = "quarantined") -> _Read:
        return _Read(Entry(path, outcome, reason, bytes=size, sha256=digest))

    if not content:
        return refuse("empty_file")
    if Path(path).suffix.lower() not in TEXT_ENDINGS:
        return refuse("unsupported_format")
    decoded = decode(content)
    if decoded is None:
        return refuse("encoding_uncertain")
    text = decoded.text.encode("utf-8", "replace").decode("utf-8")
    normalized = normalize(text)
    if not normalized.text:
        return refuse("empty_text")
    language = language_of(normalized.text)
    if language is None:
        return refuse("language", "skipped")
    document = describe(path, text, decoded.encoding, normalized.text, language, regions, overrides)
    if document.n_units == 0:
        return refuse("boilerplate_only")
    return _Read(Entry(path, "kept", None, document.doc_id, size, digest), document)


def _assemble(documents: list[Document], ledger: list[Entry]) -> Corpus:
    """Put documents and ledger into their tables, exact copies marked."""
    table = mark_duplicates(conform([document.row() for document in documents], "documents"))
    copies = set(table.loc[table["duplicate_of"].notna(), "doc_id"])
    rows = pd.DataFrame([vars(entry) for entry in ledger])
    rows.loc[rows["doc_id"].isin(copies), "outcome"] = "duplicate"
    corpus = Corpus(
        documents=table,
        ledger=conform(rows, "ledger"),
        texts=conform(
            [
                {"doc_id": document.doc_id, "original": document.original, "normalized": document.normalized}
                for document in documents
            ],
            "texts",
        ),
        passages=conform([row for document in documents for row in document.passage_rows()], "passages"),
        removed=conform([row for document in documents for row in document.removed_rows()], "removed"),
    )
    kept = int((corpus.ledger["outcome"].isin(["kept", "duplicate"])).sum())
    if kept != len(corpus.documents) or corpus.ledger["path"].duplicated().any():
        raise AssertionError("the ledger does not account for every document exactly once")
    return corpus
