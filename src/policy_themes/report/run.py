"""A whole report into one folder, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from policy_themes.execute import Executed
from policy_themes.figures.render import Renderer
from policy_themes.progress import say, track
from policy_themes.report.catalogue import catalogue
from policy_themes.report.document import Drawn, html_report
from policy_themes.report.manifest import commit
from policy_themes.report.paper import paper_reports
from policy_themes.report.save import save_chart
from policy_themes.report.tables import engine_tables, study_tables, topic_tables
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
    with OutputFolder(out) as folder:
        drawn = _draw(study, folder, command)
        study.evidence()  # once, for the tables, for the page and for paper
        # Pandoc is another process: the tables are written meanwhile.
        with ThreadPoolExecutor(1) as other:
            paper = other.submit(paper_reports, study, drawn)
            for name, table in study_tables(study).items():
                folder.write(f"tables/{name}.csv", csv_bytes(table))
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


def _draw(study: Study, folder: OutputFolder, command: str) -> list[Drawn]:
    """Draw and save every figure of the report."""
    with Renderer() as renderer:
        _ = study.corpus, study.tokens, study.hits
        jobs = [(section.key, draw) for section in catalogue(study) for draw in section.draw]
        charts = []
        for _, draw in track("computing")(jobs):
            charts.append(draw())
            renderer.begin(charts[-1])
        drawn: dict[int, Drawn] = {}
        for number, pictures in track("drawing", total=len(jobs))(renderer.finished()):
            save_chart(charts[number], pictures, folder, study, command=command)
            drawn[number] = Drawn(jobs[number][0], charts[number], pictures.page, pictures.files["pdf"])
    return [drawn[number] for number in sorted(drawn)]


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
