"""How the words of topics move: tables of all topics, figures of some, into one folder."""

from collections.abc import Sequence
from pathlib import Path

from policy_themes.errors import invalid
from policy_themes.figures.render import render
from policy_themes.report import charts
from policy_themes.report.manifest import commit
from policy_themes.report.save import save_chart
from policy_themes.store.files import OutputFolder, check_apart
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study
from policy_themes.text.units import Language
from policy_themes.topics import Drift
from policy_themes.topics.drift import TABLES, most_moved


def write_drift(
    study: Study,
    out: Path,
    *,
    language: Language,
    topics: Sequence[int],
    command: str,
    k: int | None,
    width: int,
    refits: int,
) -> Drift:
    """
    Write the tables of one language, and a figure for each topic that is asked for.

    Parameters
    ----------
    study : Study
    out : Path
        Empty, new, or an earlier output of ours.
    language : {"zh", "en"}
    topics : sequence of int
        From 1; none: the one whose words move farthest.
    command : str
        What to call to do it again, for the record.
    k, width, refits
        As in `Study.topic_drift`.

    Raises
    ------
    UsageError, InsufficientDataError, OutputError
    """
    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        spec = study.drift_spec(language, k=k, width=width)
        if max(topics, default=1) > spec.k:
            raise invalid("--topic", max(topics), f"a number from 1 to {spec.k}")
        found = study.topic_drift(language, k=k, width=width, refits=refits)
        for name in TABLES:
            folder.write(f"{name}.csv", csv_bytes(getattr(found, name)))
        for topic in topics or [most_moved(found)]:
            chart = charts.drift(study, topic=topic, language=language, k=k, width=width, refits=refits)
            save_chart(chart, render(chart.figure, chart.preset), folder, study, command=command)
        commit(folder, study, command)
    return found
