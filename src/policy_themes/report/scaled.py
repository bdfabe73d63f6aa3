"""What Spark counts, written as one machine writes it: the same commands, tables and manifest."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from policy_themes import scale
from policy_themes.compare import chosen_kind
from policy_themes.config import find_settings
from policy_themes.corpus.counted import Counted
from policy_themes.corpus.stored import PART, is_stored
from policy_themes.errors import QuarantineError
from policy_themes.report.manifest import commit_as
from policy_themes.report.stored import MOST_ROWS, READABLE, write_readable
from policy_themes.scale.topics import Fitted
from policy_themes.schema import conform
from policy_themes.store.files import STAGING, OutputFolder, check_apart, write_atomic
from policy_themes.store.table_file import csv_bytes
from policy_themes.text.units import Language

NO_INTERVAL = "none: intervals are made on one machine"
NOT_SOUGHT = "  copies word for word are marked; reprints with changes and translations were not looked for"


def ingest(folder: Path, study: Path | None, out: Path, *, master: str, command: str) -> Counted:
    """
    Read the tables of a folder on Spark and write its audited documents, in parts.

    Parameters
    ----------
    folder : Path
    study : Path or None
        A study file; without it, one that lies in the folder is taken.
    out : Path
        Empty, new, or an earlier output of ours, seen by every worker.
    master : str
    command : str
        What to call to do it again, for the record.

    Returns
    -------
    Counted

    Raises
    ------
    UsageError, InsufficientDataError, OutputError
    """
    setup = scale.Setup.of_study(find_settings(folder, study))
    check_apart(folder, out)
    with OutputFolder(out) as target, scale.spark(master) as engine:
        done = scale.ingest(engine, folder, setup, target.staging)
        for name in READABLE:
            write_readable(target.staging, name)
        about = {"engine": "spark", "inputs": done.inputs, "summary": told(done.counted)}
        commit_as(target, setup.settings, command, told=about, hashes=done.files)
    return done.counted


def told(counted: Counted) -> str:
    """Return what became of the rows, and what was not looked for."""
    return f"{counted.told}\n{NOT_SOUGHT}"


def check_rows(counted: Counted, *, limit: float) -> None:
    """
    Raise if more of the rows are in quarantine than the settings allow.

    Raises
    ------
    QuarantineError
    """
    n = counted.outcomes["quarantined"]
    of = counted.n_entries - counted.outcomes["skipped"]
    if n > limit * max(1, of):
        raise QuarantineError(
            f"Done, but {n} of {of} rows could not be used; the limit is {limit:.0%}.",
            hint="The ledger lists each; mend or remove them, or raise `quarantine_limit` in study.yml.",
        )


def rates(
    folder: Path, study: Path | None, out: Path, *, master: str, by: Sequence[str], themes: Sequence[str], facets: bool
) -> None:
    """
    Write ``theme_rates`` of a folder, counted on Spark, into a csv.

    Parameters
    ----------
    folder : Path
        Tables whose rows are documents, or what ``ingest`` wrote.
    study, out, master
        As in `ingest`; ``out`` is a file.
    by, facets
        As in `policy_themes.compare.rates`.
    themes : sequence of str
        Those that are written; none: all.

    Raises
    ------
    UsageError, InsufficientDataError
    """
    setup = scale.Setup.of_study(find_settings(folder, study))
    wanted = setup.checked(themes) or setup.lexicon.ids
    with scale.spark(master) as engine, _place(out.parent) as place:
        table = scale.rates(engine, _parts(engine, folder, setup, place), setup, by=by, facets=facets)
    if chosen_kind(None, setup.settings) != "none":
        table["interval"] = pd.array([NO_INTERVAL] * len(table), dtype="str")
    write_atomic(out, csv_bytes(table[table["theme"].isin(wanted)]))


def write_topics(
    folder: Path,
    study: Path | None,
    out: Path,
    *,
    master: str,
    k: int | None,
    seed: int | None,
    unit: str | None,
    command: str,
) -> pd.DataFrame:
    """
    Write the topic tables of a folder, fitted on Spark.

    Returns
    -------
    DataFrame
        Table ``topic_terms``.

    Raises
    ------
    UsageError, InsufficientDataError
    """
    settings = find_settings(folder, study)
    changed = settings.with_topics(**({} if unit is None else {"unit": unit}))
    setup = scale.Setup.of_study(changed.model_copy(update={"seed": settings.seed if seed is None else seed}))
    check_apart(folder, out)
    with OutputFolder(out) as target, scale.spark(master) as engine, _place(out) as place:
        fitted = scale.topic_tables(engine, _parts(engine, folder, setup, place), setup, place, k=k)
        tables = {
            name: conform(pd.concat([getattr(own, name) for own in fitted.values()]), name)
            for name in ("topic_terms", "topic_prevalence")
        }
        for name, table in tables.items():
            target.write(f"{name}.csv", csv_bytes(table))
        _write_documents(target, fitted)
        commit_as(target, setup.settings, command, told={"engine": "spark"})
    return tables["topic_terms"]


def _parts(engine: scale.Spark, folder: Path, setup: scale.Setup, place: Path) -> scale.Parts:
    """Return the parts of what ``ingest`` wrote, or of a folder that is read now."""
    if is_stored(folder):
        return scale.Parts(folder)
    target = place / "read"
    target.mkdir()
    scale.ingest(engine, folder, setup, target)
    return scale.Parts(target)


@contextmanager
def _place(beside: Path) -> Iterator[Path]:
    """Make a folder for what is in between where the output goes, which every worker sees; it is gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=STAGING, dir=beside))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write_documents(target: OutputFolder, fitted: Mapping[Language, Fitted]) -> None:
    """Write ``doc_topics``: a csv, or the parts where they are too many rows."""
    import pyarrow.parquet as pq

    files = {language: sorted(own.doc_topics.iterdir()) for language, own in fitted.items()}
    n_rows = sum(pq.read_metadata(file).num_rows for own in files.values() for file in own)
    if n_rows <= MOST_ROWS:
        own = [pd.concat([pd.read_parquet(file) for file in parts]) for parts in files.values()]
        ordered = [table.sort_values(["doc_id", "topic"], kind="stable") for table in own]
        target.write("doc_topics.csv", csv_bytes(conform(pd.concat(ordered), "doc_topics")))
        return
    (target.staging / "doc_topics").mkdir()
    for number, file in enumerate(file for parts in files.values() for file in parts):
        shutil.move(file, target.staging / "doc_topics" / PART.format(number))
