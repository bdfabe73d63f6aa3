"""What a run was made from, written beside what it made; and whether anything has changed since."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy_themes import __version__
from policy_themes.config import Settings
from policy_themes.errors import QuarantineError
from policy_themes.schema import rows
from policy_themes.store.cache import digest, library_versions
from policy_themes.store.files import OutputFolder, sha256_of

if TYPE_CHECKING:
    from policy_themes.corpus.records import Corpus
    from policy_themes.study import Study


def corpus_hash(corpus: "Corpus") -> str:
    """Return a hash of the documents' content and metadata, independent of file times and places."""
    columns = ["path", "content_sha256", "date", "region_code", "language"]
    return digest(sorted(map(tuple, rows(corpus.documents[columns])), key=str))


def commit(folder: OutputFolder, study: "Study", command: str, **more: object) -> None:
    """
    Write the manifest and move everything into place.

    Parameters
    ----------
    folder : OutputFolder
        Open, every file staged.
    study : Study
    command : str
        What to call to do it again.
    **more
        Further entries of the manifest.
    """
    known = {"corpus_sha256": corpus_hash(study.corpus), "inputs": inputs_of(study.corpus)}
    commit_as(folder, study.settings, command, told={**known, **more})


def commit_as(
    folder: OutputFolder,
    settings: Settings,
    command: str,
    *,
    told: Mapping[str, object],
    hashes: Mapping[str, str] | None = None,
) -> None:
    """
    Write a manifest and move everything into place.

    Parameters
    ----------
    folder : OutputFolder
        Open, every file staged.
    settings : Settings
    command : str
    told : mapping
        Further entries of the manifest.
    hashes : mapping of str to str, optional
        Of staged files that were hashed where they were written.
    """
    known = hashes or {}
    staged = sorted(path for path in folder.staging.rglob("*") if path.is_file())
    names = {path.relative_to(folder.staging).as_posix(): path for path in staged}
    sums = {name: known.get(name) or sha256_of(path) for name, path in names.items()}
    content = {
        "command": command,
        "settings": settings.model_dump(mode="json"),
        "versions": {"policy-themes": __version__, **library_versions()},
        **told,
        "files": sums,
    }
    before = set(_files(read_manifest(folder.path)))
    folder.write("manifest.json", json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
    folder.commit(obsolete=tuple(sorted(before - set(sums))))


def read_manifest(path: Path) -> Mapping[str, Any]:
    """Return the manifest of an output of ours, or nothing where there is none that can be read."""
    try:
        content = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def is_as_written(path: Path, manifest: Mapping[str, Any]) -> bool:
    """Tell whether every file of an output is as the run wrote it."""
    files = _files(manifest)
    try:
        return bool(files) and all(sha256_of(path / name) == value for name, value in files.items())
    except OSError:
        return False


def _files(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the names and hashes of what a run wrote."""
    files = manifest.get("files")
    return {name: value for name, value in files.items() if isinstance(name, str)} if isinstance(files, dict) else {}


def inputs_of(corpus: "Corpus") -> list[Mapping[str, object]]:
    """Return every path and record met with its hash, and what became of it."""
    return [row._asdict() for row in rows(corpus.ledger[["path", "sha256", "outcome", "reason"]])]


def check_quarantine(inputs: Iterable[Mapping[str, object]], settings: Settings, *, strict: bool) -> None:
    """
    Raise if more of the files are in quarantine than the settings allow.

    Parameters
    ----------
    inputs : iterable of mapping
        ``outcome, reason`` of every entry of the ledger.
    settings : Settings
    strict : bool
        Whether a single one is too many.

    Raises
    ------
    QuarantineError
    """
    counted = [row for row in inputs if row["outcome"] != "skipped"]
    reasons = Counter(str(row["reason"]) for row in counted if row["outcome"] == "quarantined")
    limit = 0.0 if strict else settings.quarantine_limit
    if reasons.total() / max(1, len(counted)) > limit:
        listed = ", ".join(f"{name} {n}" for name, n in sorted(reasons.items()))
        raise QuarantineError(
            f"Done, but {reasons.total()} of {len(counted)} files could not be used ({listed}); the limit is {limit:.0%}.",
            hint="The ledger lists each; mend or remove them, or raise `quarantine_limit` in study.yml.",
        )
