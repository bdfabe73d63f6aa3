"""A whole report into one folder, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from policy_themes.errors import InsufficientDataError
from policy_themes.execute import Executed
from policy_themes.progress import say
from policy_themes.report.document import html_report
from policy_themes.report.drawing import draw_figures
from policy_themes.report.manifest import commit
from policy_themes.report.paper import paper_reports
from policy_themes.report.tables import all_topic_tables, engine_tables, topic_tables, word_tables
from policy_themes.report.unchanged import first_files
from policy_themes.store.files import OutputFolder, check_apart
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study


def write_report(
    study: Study, out: Path, *, command: str, notebooks: Callable[[], Sequence[Executed]] | None = None, key: str = ""
) -> list[Path]:
    """
    Write figures, tables, report.html, report.docx, report.pdf and manifest.json into a folder.

    Parameters
    ----------
    study : Study
    out : Path
        Empty, new, or an earlier output of ours. It changes only when all is done.
    command : str
        What to call to do it again, for the record.
    notebooks : callable, optional
        Executes the suite's notebooks; their files go into ``notebooks/``.
    key : str
        Of all that the report hangs on, for the next call to see that nothing has changed.

    Returns
    -------
    list of Path
        What a person opens first.

    Raises
    ------
    OutputError, InsufficientDataError, UsageError, NotebookError
    """
    check_apart(study.folder, out)
    # The cores are busy with processes: threads for a single sum would wait for each other, and take forty times as long.
    with OutputFolder(out) as folder, threadpool_limits(1):
        drawn = draw_figures(study, folder, command=command, meanwhile=lambda: _before_refits(study, folder))
        # Pandoc is another process: the tables of topics are written meanwhile.
        with ThreadPoolExecutor(1) as other:
            paper = other.submit(paper_reports, study, drawn)
            _write_tables(folder, all_topic_tables(study))
            folder.write("report.html", html_report(study, drawn).encode())
        for name, content in paper.result().items():
            folder.write(name, content)
        if notebooks is not None:
            say("running the notebooks …")
            for executed in notebooks():
                folder.write(f"notebooks/{executed.stem}.ipynb", executed.notebook)
                folder.write(f"notebooks/{executed.stem}.html", executed.page)
        commit(folder, study, command, key=key)
    return first_files(out)


def _before_refits(study: Study, folder: OutputFolder) -> None:
    """Write the tables that need no topics, and quote what is read of the topics that are shown."""
    _write_tables(folder, word_tables(study))
    for language in study.languages:
        with suppress(InsufficientDataError):  # `all_topic_tables` leaves them empty
            study.exemplars(language)


def _write_tables(folder: OutputFolder, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables under their names."""
    for name, table in tables.items():
        folder.write(f"tables/{name}.csv", csv_bytes(table))


def write_topics(
    study: Study, out: Path, *, k: int | None, command: str, drop_one: str | None = None
) -> Mapping[str, pd.DataFrame]:
    """
    Write the topic tables of every language that has enough passages.

    Parameters
    ----------
    study, out, command
        As in `write_report`.
    k : int or None
        Number of topics.
    drop_one : str, optional
        Of a seeded model, a theme that is fitted anew without each of its keywords.

    Returns
    -------
    mapping of str to DataFrame
        The tables that were written.

    Raises
    ------
    InsufficientDataError
        If no language has enough passages.
    UsageError
        If K is too large.
    """
    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        tables = topic_tables(study, k=k) | engine_tables(study, k=k, drop_one=drop_one)
        for name, table in tables.items():
            folder.write(f"{name}.csv", csv_bytes(table))
        commit(folder, study, command)
    return tables
