"""The audited documents in a folder that everything else can start from; nothing is done where nothing has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.config import Settings
from policy_themes.corpus.counted import Counted
from policy_themes.report.manifest import commit, inputs_of
from policy_themes.report.unchanged import Wanted
from policy_themes.store.files import OutputFolder, check_apart

if TYPE_CHECKING:
    from policy_themes.study import Study

READABLE = ("documents", "ledger", "points", "removed")


@dataclass(frozen=True)
class Ingested:
    """
    What became of an ingest.

    Attributes
    ----------
    summary : str
        For a person to act on.
    inputs : sequence of mapping
        ``path, sha256, outcome, reason`` of every entry of the ledger.
    settings : Settings
    changed : bool
        False: the same ingest was there already, and nothing was written.
    """

    summary: str
    inputs: Sequence[Mapping[str, object]]
    settings: Settings
    changed: bool


def ingest(folder: Path, study: Path | None, out: Path, *, command: str, fresh: bool = False) -> Ingested:
    """
    Read a folder and write its audited documents.

    Parameters
    ----------
    folder : Path
    study : Path or None
        A study file; without it, one that lies in the folder is taken.
    out : Path
        Empty, new, or an earlier output of ours. It changes only when all is done.
    command : str
        What to call to do it again, for the record.
    fresh : bool, default False
        Read everything anew.

    Raises
    ------
    UsageError, InsufficientDataError, OutputError
    """
    wanted = Wanted.of(folder, study, command)
    there = {} if fresh else wanted.standing(out)
    if there:
        return Ingested(str(there["summary"]), there["inputs"], wanted.settings, changed=False)
    from policy_themes.study import open_study  # loads pandas, which takes longer than to see that nothing changed

    opened = open_study(folder, study, fresh=fresh, listing=wanted.listing)
    said = Counted.of(opened.source).told
    _write(opened, out, command=command, key=wanted.key, said=said)
    return Ingested(said, inputs_of(opened), wanted.settings, changed=True)


def _write(study: "Study", out: Path, *, command: str, key: str, said: str) -> None:
    """Write the tables."""
    from policy_themes.corpus.stored import TABLES
    from policy_themes.store.table_file import csv_bytes, parquet_bytes

    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        for name in TABLES:
            table = getattr(study.source, name)
            folder.write(f"{name}.parquet", parquet_bytes(table))
            if name in READABLE:
                folder.write(f"{name}.csv", csv_bytes(table))
        commit(folder, study, command, key=key, summary=said)
