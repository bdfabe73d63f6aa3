"""The one saver of figures: picture in three formats, numbers, and where they come from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from policy_themes import __version__
from policy_themes.figures import Chart
from policy_themes.figures.render import Pictures, render
from policy_themes.report.manifest import corpus_hash
from policy_themes.store.cache import library_versions
from policy_themes.store.files import OutputFolder, check_apart
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study


def save_chart(chart: Chart, pictures: Pictures, out: OutputFolder, study: Study, *, command: str) -> None:
    """
    Save a chart as svg, pdf and png with its csv and json beside.

    Parameters
    ----------
    chart : Chart
    pictures : Pictures
        Of this chart.
    out : OutputFolder
        Open; the files are staged, not committed.
    study : Study
        For the record of origin.
    command : str
        What to call to draw it again.
    """
    for name, content in pictures.files.items():
        out.write(f"{chart.stem}.{name}", content)
    out.write(f"{chart.stem}.csv", csv_bytes(chart.values))
    record = json.dumps(_origin(chart, study, command), ensure_ascii=False, indent=2, default=str)
    out.write(f"{chart.stem}.json", record.encode() + b"\n")


def write_charts(charts: Sequence[Chart], folder: Path, study: Study, *, command: str = "write_charts") -> list[Path]:
    """
    Save charts of one's own into a folder, all of them or none.

    Parameters
    ----------
    charts : sequence of Chart
    folder : Path
        New, empty, or an earlier output of ours; never inside the folder of the documents.
    study : Study
    command : str
        What to call to draw them again.

    Returns
    -------
    list of Path
        The files of these charts.

    Raises
    ------
    OutputError, UsageError
    """
    check_apart(study.folder, folder)
    with OutputFolder(folder) as out:
        for chart in charts:
            save_chart(chart, render(chart.figure, chart.preset), out, study, command=command)
        out.commit()
    stems = {chart.stem for chart in charts}
    return sorted(path for path in folder.iterdir() if path.stem in stems)


def _origin(chart: Chart, study: Study, command: str) -> Mapping[str, object]:
    """Return where a figure comes from."""
    named = [chart.spec.get("theme"), *(chart.spec.get("themes") or [])]  # type: ignore[misc]
    themes = [study.lexicon.theme(theme) for theme in study.lexicon.ids if theme in named]
    return {
        "figure": chart.stem,
        "title": asdict(chart.title),
        "caption": asdict(chart.caption),
        "alt": asdict(chart.alt),
        "says": asdict(chart.says),
        "spec": chart.spec,
        "themes": {theme.id: theme.definition for theme in themes},
        "lexicon_version": study.lexicon.version,
        "n_documents": len(study.corpus.unique),
        "corpus_sha256": corpus_hash(study.corpus),
        "collected": study.settings.collected,
        "seed": study.settings.seed,
        "versions": {"policy-themes": __version__, **library_versions()},
        "command": command,
    }
