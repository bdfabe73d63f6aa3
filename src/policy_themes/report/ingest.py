"""The audited documents in a folder that everything else can start from; nothing is done where nothing has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.config import Settings
from policy_themes.report.manifest import commit, inputs_of
from policy_themes.report.unchanged import Wanted
from policy_themes.schema import rows
from policy_themes.store.files import OutputFolder, check_apart

if TYPE_CHECKING:
    from policy_themes.corpus import Corpus
    from policy_themes.study import Study

READABLE = ("documents", "ledger", "points", "removed")
EXAMPLES, MOST_REGIONS = 3, 12


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
    said = summary(opened.source)
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


def summary(corpus: "Corpus") -> str:
    """Return what became of the files, what is unknown of the documents, and what to look at."""
    ledger, documents = corpus.ledger, corpus.unique
    lines = [f"{ledger['path'].nunique()} files, {len(ledger)} entries in the ledger"]
    for outcome, n in ledger["outcome"].value_counts().sort_index().items():
        reasons = ledger.loc[ledger["outcome"] == outcome, "reason"].dropna().value_counts().sort_index()
        why = ", ".join(f"{name} {count}" for name, count in reasons.items())
        lines.append(f"  {outcome:<12}{n:>6}{f'  ({why})' if why else ''}")
    for row in rows(ledger[(ledger["outcome"] == "quarantined") & ledger["detail"].notna()].head(EXAMPLES)):
        lines.append(f"    {printable(row.path)}: {printable(row.detail)}")
    lines.append(f"{len(documents)} documents without copies")
    n_pairs = int(documents["translation_of"].notna().sum())
    if n_pairs:
        lines.append(f"  translations      {n_pairs:>6}  (each with its original; counted once in the coverage)")
    for name, column in (("without a year", "year"), ("without a region", "region_code")):
        missing = documents[documents[column].isna()]
        examples = ", ".join(map(printable, missing["path"].head(EXAMPLES)))
        lines.append(f"  {name:<18}{len(missing):>6}{f'  (for example {examples})' if len(missing) else ''}")
    notes = documents["notes"].dropna().str.split("; ").explode()
    odd = notes.mask(notes.str.startswith("announces"), "points_missing").value_counts().sort_index()
    if len(odd):
        lines.append("  to look at        " + ", ".join(f"{name} {n}" for name, n in odd.items()))
    years = documents["year"].dropna().value_counts().sort_index()
    lines.append("  by year    " + "  ".join(f"{year}: {n} ({n / len(documents):.0%})" for year, n in years.items()))
    regions = documents["region_en"].dropna().value_counts()
    shown = "  ".join(f"{name}: {n} ({n / len(documents):.0%})" for name, n in regions.head(MOST_REGIONS).items())
    more = f"  and {len(regions) - MOST_REGIONS} more" if len(regions) > MOST_REGIONS else ""
    lines.append(f"  by region  {shown}{more}")
    return "\n".join(lines)


def printable(name: str) -> str:
    """Return a file name without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in name)
