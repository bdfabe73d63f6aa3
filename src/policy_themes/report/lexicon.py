"""The check of a lexicon on a folder, written and summed up."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from policy_themes.compare.checks.aligned import aligned_texts, language_agreement, language_leaks
from policy_themes.compare.checks.lexicon_check import phrase_hits, theme_checks, theme_overlaps
from policy_themes.report.manifest import commit
from policy_themes.schema import rows
from policy_themes.store.files import OutputFolder, check_apart
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study

SHOWN = 5


def check_tables(study: Study, aligned: Path | None = None) -> Mapping[str, pd.DataFrame]:
    """
    Return what the lexicon of a study catches in its folder.

    Parameters
    ----------
    study : Study
    aligned : Path, optional
        Aligned segments in both languages; by default those of the study file,
        or else the documents of the folder that have a translation in it, whole.

    Returns
    -------
    mapping of str to DataFrame
        Tables ``theme_checks``, ``phrase_hits``, ``theme_overlaps``, ``removed_hits``
        (rows of ``evidence``), ``language_agreement``, ``language_leaks``.
    """
    phrases = phrase_hits(study.corpus, study.hits, study.lexicon)
    evidence = study.evidence()
    file = aligned or study.settings.file("aligned")
    segments = aligned_texts(study.corpus, file)
    return {
        "theme_checks": theme_checks(study.corpus, study.hits, study.lexicon, phrases),
        "phrase_hits": phrases,
        "theme_overlaps": theme_overlaps(study.corpus, study.hits),
        "removed_hits": evidence[evidence["excluded_by"].notna()].reset_index(drop=True),
        "language_agreement": language_agreement(segments, study.lexicon),
        # A whole document is no sentence that a person could look at.
        "language_leaks": language_leaks(segments if file else segments[:0], study.lexicon),
    }


def write_check(study: Study, tables: Mapping[str, pd.DataFrame], out: Path, *, command: str) -> None:
    """
    Write the tables of a check into a folder.

    Raises
    ------
    OutputError
    """
    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        for name, table in tables.items():
            folder.write(f"{name}.csv", csv_bytes(table))
        commit(folder, study, command)


def check_summary(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a check in lines: each theme that occurs, then what a person should look at."""
    checks = tables["theme_checks"]
    found = checks[checks["n_hits"] > 0]
    lines = [
        f"{'theme':<28}{'':<3}{'hits':>7}{'removed':>9}{'docs':>7}  {'years':<10} strongest phrase (share; documents without it)"
    ]
    for row in rows(found):
        years = "–".join(dict.fromkeys(str(year) for year in (row.first_year, row.last_year) if year)) or "–"
        strongest = f"{row.strongest} ({row.share_strongest:.0%}; {row.n_docs_without})"
        lines.append(
            f"{row.theme:<28}{row.language:<3}{row.n_hits:>7}{row.n_removed:>9}{row.n_docs:>7}  {years:<10} {strongest}"
        )
    absent = checks[checks["n_hits"] == 0]
    for language, group in absent.groupby("language"):
        lines.append(f"\nno hit ({language}): {', '.join(group['theme'])}")
    for row in rows(checks[checks["no_subject_of"].notna()]):
        lines.append(f"{row.theme}: not a subject of this kind of document: {row.no_subject_of}")
    overlaps = tables["theme_overlaps"].head(SHOWN)
    if len(overlaps):
        lines.append("\nshared between themes:")
        lines += [f"  {row.share:.0%} of {row.theme} ({row.language}) is {row.other} too" for row in rows(overlaps)]
    agreement = tables["language_agreement"]
    compared = agreement[agreement["n_both"] + agreement["n_zh_only"] + agreement["n_en_only"] > 0]
    if len(compared):
        lines.append(
            f"\n{int(agreement['n_segments'].max())} aligned texts: P = Chinese where English has it, R = the reverse"
        )
        for row in rows(compared):
            precision = "–" if row.precision is None else f"{row.precision:.2f}"
            recall = "–" if row.recall is None else f"{row.recall:.2f}"
            lines.append(
                f"  {row.theme:<28} P {precision:>4}  R {recall:>4}  both {row.n_both}, "
                f"only Chinese {row.n_zh_only}, only English {row.n_en_only}"
            )
    return "\n".join(lines)
