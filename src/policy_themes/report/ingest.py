"""The audited documents in a folder that everything else can start from; nothing is done where nothing has changed."""

from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.config import Settings
from policy_themes.corpus.fingerprint import fingerprint, list_folder, source_key
from policy_themes.report.manifest import commit, is_as_written, read_manifest
from policy_themes.store.cache import digest, stage_key
from policy_themes.store.files import OutputFolder, check_apart

if TYPE_CHECKING:
    from policy_themes.study import Study

READABLE = ("documents", "ledger", "points", "removed")


def ingest_key(folder: Path, settings: Settings) -> str:
    """
    Return a hash of all that an ingest of a folder depends on.

    Raises
    ------
    UsageError
        If it is no folder that may be read.
    """
    return stage_key(digest(source_key(fingerprint(list_folder(folder)), settings), settings.model_dump(mode="json")))


def said_before(out: Path, key: str) -> str | None:
    """Return the summary of an ingest that is there, whole and of this key; else None."""
    manifest = read_manifest(out)
    if manifest.get("key") != key or not is_as_written(out, manifest):
        return None
    return str(manifest.get("summary", ""))


def write_ingest(study: "Study", out: Path, *, command: str, key: str, summary: str) -> None:
    """
    Write the audited documents.

    Parameters
    ----------
    study : Study
    out : Path
        Empty, new, or an earlier output of ours. It changes only when all is done.
    command : str
        What to call to do it again, for the record.
    key : str
        Of this ingest.
    summary : str
        What was said of it.
    """
    from policy_themes.corpus.stored import TABLES  # loads pandas
    from policy_themes.store.table_file import csv_bytes, parquet_bytes

    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        for name in TABLES:
            table = getattr(study.source, name)
            folder.write(f"{name}.parquet", parquet_bytes(table))
            if name in READABLE:
                folder.write(f"{name}.csv", csv_bytes(table))
        commit(folder, study, command, key=key, summary=summary)
