"""The one saver of figures: picture in three formats, numbers, and where they come from."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO

from policy_themes import __version__
from policy_themes.figures import Chart
from policy_themes.figures.style import drawing
from policy_themes.store.cache import digest, library_versions
from policy_themes.store.files import OutputFolder
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study

# Nothing of the hour goes into a picture: the same numbers give the same bytes.
FORMATS: Mapping[str, Mapping[str, object]] = {
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
    "png": {"dpi": 300, "metadata": {"Software": None}},
}


def save_chart(chart: Chart, out: OutputFolder, study: Study, *, command: str) -> bytes:
    """
    Save a chart as svg, pdf and png with its csv and json beside.

    Parameters
    ----------
    chart : Chart
    out : OutputFolder
        Open; the files are staged, not committed.
    study : Study
        For the record of origin.
    command : str
        What to call to draw it again.

    Returns
    -------
    bytes
        The png.
    """
    pictures = {name: _render(chart, name) for name in FORMATS}
    for name, content in pictures.items():
        out.write(f"{chart.stem}.{name}", content)
    out.write(f"{chart.stem}.csv", csv_bytes(chart.values))
    record = json.dumps(_origin(chart, study, command), ensure_ascii=False, indent=2, default=str)
    out.write(f"{chart.stem}.json", record.encode() + b"\n")
    return pictures["png"]


def _render(chart: Chart, name: str) -> bytes:
    """Draw into one format."""
    stream = BytesIO()
    with drawing():
        chart.figure.savefig(stream, format=name, **FORMATS[name])  # type: ignore[arg-type]
    return stream.getvalue()


def corpus_hash(study: Study) -> str:
    """Return a hash of the documents' content and metadata, independent of file times and places."""
    columns = ["path", "content_sha256", "date", "region_code", "language"]
    rows = study.corpus.documents[columns].astype(object).where(lambda frame: frame.notna(), None)
    return digest(sorted(map(tuple, rows.itertuples(index=False)), key=str))


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
        "themes": {
            theme.id: {"count": asdict(theme.count), "exclude": asdict(theme.exclude), "label": asdict(theme.label)}
            for theme in themes
        },
        "lexicon_version": study.lexicon.version,
        "n_documents": len(study.corpus.unique),
        "corpus_sha256": corpus_hash(study),
        "collected": study.settings.collected,
        "seed": study.settings.seed,
        "versions": {"policy-themes": __version__, **library_versions()},
        "command": command,
    }
