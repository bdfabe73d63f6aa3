"""The audited documents in a folder that everything else can start from; nothing is done where nothing has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_themes.config import Settings
from policy_themes.corpus.counted import Counted
from policy_themes.report.manifest import commit_as, corpus_hash, inputs_of
from policy_themes.report.unchanged import Wanted
from policy_themes.store.files import OutputFolder, check_apart


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
    # These load pandas, which takes longer than to see that nothing changed.
    from policy_themes.corpus.source import stored_source
    from policy_themes.corpus.stored import load_corpus
    from policy_themes.report.stored import write_stored
    from policy_themes.study import open_study

    opened = open_study(folder, study, fresh=fresh, listing=wanted.listing)
    check_apart(opened.folder, out)
    source = stored_source(opened.folder, opened.settings, opened.regions, opened.cache, opened.listing)
    with source as place, OutputFolder(out) as target:
        with target.filling() as staging:
            write_stored(place, staging)
        found = load_corpus(place, ("documents", "ledger"))
        said, inputs = Counted.of(found).told, inputs_of(found)
        told = {"corpus_sha256": corpus_hash(found), "inputs": inputs, "key": wanted.key, "summary": said}
        commit_as(target, opened.settings, command, told=told)
    return Ingested(said, inputs, wanted.settings, changed=True)
