"""The report as one web page and as a Word file, from one template.

Text of documents is escaped where it meets markup (the template escapes
everything), the page carries its pictures and refuses whatever would load or
run, and the Word file is made from the same page by pandoc, which is shut off
from disk and network.
"""

import base64
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from policy_themes import __version__
from policy_themes.errors import OutputError
from policy_themes.figures import Chart, Labels
from policy_themes.lexicon.records import Label
from policy_themes.report.charts import labels_of
from policy_themes.report.methods import methods, summary
from policy_themes.schema import rows
from policy_themes.study import Study

QUOTES_A_THEME = 2
MOST_FILES = 500
# Pandoc writes the hour into the file unless it is told one; the zip format begins in 1980.
EPOCH = "315705600"


@dataclass(frozen=True)
class Drawn:
    """A chart of the report and its png."""

    section: str
    chart: Chart
    png: bytes


def html_report(study: Study, drawn: Sequence[Drawn], *, paper: bool = False) -> str:
    """
    Return the report as one page that needs nothing else.

    Parameters
    ----------
    study : Study
    drawn : sequence of Drawn
        In the order of the report.
    paper : bool, default False
        Whether it will become a Word file: without the list of links, and with
        the stem of each figure where its picture goes.
    """
    labels = labels_of(study)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string((files("policy_themes") / "data" / "report.html.j2").read_text("utf-8"))
    return template.render(
        lang="zh-Hans" if labels.mode == "zh" else "en",
        title=study.settings.title,
        version=__version__,
        folder=study.folder.resolve().name.encode("utf-8", "backslashreplace").decode(),
        paper=paper,
        word=lambda key: labels.word(key, between=" · "),
        summary=labels.lines(summary(study)),
        methods=[line for part in methods(study) for line in labels.lines(part)],
        sections=_sections(drawn, labels, paper=paper),
        quotes=_quotes(study, labels),
        ledger_line=" ".join(labels.lines(_ledger_line(study))),
        files=_files(study),
    )


def _sections(drawn: Sequence[Drawn], labels: Labels, *, paper: bool) -> list[Mapping[str, object]]:
    """Return the sections with their charts as the template wants them."""
    sections: dict[str, list[Mapping[str, object]]] = {}
    for number, item in enumerate(drawn, start=1):
        chart = item.chart
        source = Label(
            f"Source: own calculation with policy-themes {__version__}; numbers in {chart.stem}.csv, origin in {chart.stem}.json.",
            f"来源：作者以 policy-themes {__version__} 计算；数据见 {chart.stem}.csv，出处见 {chart.stem}.json。",
        )
        sections.setdefault(item.section, []).append(
            {
                "title": labels.join(chart.title, between=" · "),
                "says": [line for line in labels.lines(chart.says) if line and chart.says != chart.caption],
                "caption": labels.lines(chart.caption),
                "alt": " ".join(labels.lines(chart.alt)),
                "source": " ".join(labels.lines(source)),
                "picture": chart.stem if paper else _inline(item.png),
                "number": number,
            }
        )
    return [{"key": key, "charts": charts} for key, charts in sections.items()]


def _quotes(study: Study, labels: Labels) -> list[Mapping[str, object]]:
    """Return the first sentences with each featured theme, one a document."""
    quotes: list[Mapping[str, object]] = []
    for language in study.languages:
        featured = study.featured(language)
        table = study.evidence(themes=featured)
        table = table[table["counted"] & (table["language"] == language)].drop_duplicates(["theme", "path"])
        for theme in featured:
            for row in rows(table[table["theme"] == theme].head(QUOTES_A_THEME)):
                place = row.sentence.find(row.left + row.match) + len(row.left)
                year = f", {row.year}" if row.year else ""
                region = f", {labels.region(row.region_code)}" if row.region_code else ""
                quotes.append(
                    {
                        "theme": labels.theme(theme, between=" · "),
                        "before": row.sentence[:place],
                        "match": row.match,
                        "after": row.sentence[place + len(row.match) :],
                        "source": f"{row.path}{year}{region} ({row.start}–{row.end})",
                    }
                )
    return quotes


def _ledger_line(study: Study) -> Label:
    """Count what became of the files."""
    ledger = study.corpus.ledger
    counts = ledger["outcome"].value_counts().sort_index()
    reasons = ledger["reason"].dropna().value_counts().sort_index()
    said = ", ".join(f"{n} {name}" for name, n in counts.items())
    why = "; ".join(f"{name}: {n}" for name, n in reasons.items())
    more = f" The first {MOST_FILES} are shown; all are in tables/ledger.csv." if len(ledger) > MOST_FILES else ""
    return Label(
        f"{len(ledger)} files: {said}{f' ({why})' if why else ''}.{more}", f"共 {len(ledger)} 个文件：{said}。"
    )


def _files(study: Study) -> list[Mapping[str, str]]:
    """Return a row for every file, with why its date and region are what they are."""
    columns = ["doc_id", "date", "date_source", "region_en", "region_source", "institution", "n_units", "unit"]
    table = study.corpus.ledger.head(MOST_FILES).merge(study.corpus.documents[columns], on="doc_id", how="left")
    return [
        {
            "path": row.path,
            "outcome": f"{row.outcome} ({row.reason})" if row.reason else row.outcome,
            "date": f"{row.date} ({row.date_source})" if row.date else (row.date_source or ""),
            "region": f"{row.region_en} ({row.region_source})" if row.region_en else (row.region_source or ""),
            "institution": row.institution or "",
            "length": f"{row.n_units} {row.unit}" if row.n_units else "",
        }
        for row in rows(table)
    ]


def _inline(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def docx_report(study: Study, drawn: Sequence[Drawn]) -> bytes | None:
    """
    Return the report as a Word file; None where pandoc is not installed.

    Parameters
    ----------
    study, drawn
        As in `html_report`.

    Raises
    ------
    OutputError
        If pandoc fails.
    """
    try:
        import pypandoc  # an extra of the installation
    except ImportError:
        return None
    pictures = {item.chart.stem: _inline(item.png) for item in drawn}

    def fill(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("t") == "Image":
            target = node["c"][2]
            target[0] = pictures[target[0]]
        return node

    # By way of pandoc's tree of the document: its reader of HTML is slow and large on inlined pictures.
    pandoc = pypandoc.get_pandoc_path()
    read = _pandoc(pandoc, "--from=html", "--to=json", given=html_report(study, drawn, paper=True))
    tree = json.dumps(json.loads(read, object_hook=fill))
    return _pandoc(pandoc, "--from=json", "--to=docx", "--shift-heading-level-by=-1", given=tree)


def _pandoc(program: str, *options: str, given: str) -> bytes:
    """Convert with pandoc, which is shut off from disk and network."""
    environment = dict(os.environ, SOURCE_DATE_EPOCH=EPOCH)
    command = [program, "--sandbox", *options, "--output=-"]
    done = subprocess.run(command, input=given.encode(), capture_output=True, env=environment, timeout=300, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[:300]
        raise OutputError(f"The Word file could not be made: {said}.", hint="The web report was made; see --debug.")
    return done.stdout
