"""The report as one web page; what goes to print is made from the same page and the same template.

Text of documents is escaped where it meets markup (the template escapes
everything); the page carries its pictures and refuses whatever would load or
run.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined

from policy_themes import __version__
from policy_themes.config import TEXT_SECTIONS
from policy_themes.figures import Chart, Labels
from policy_themes.lexicon.records import Label
from policy_themes.report.charts import labels_of
from policy_themes.report.limits import limits
from policy_themes.report.methods import methods, summary
from policy_themes.report.quotes import quotes
from policy_themes.report.references import references
from policy_themes.schema import rows
from policy_themes.study import Study

MOST_FILES = 500
# As a reader of the screen is told them, to change its voice.
TAGS = {"en": "en", "zh": "zh-Hans"}


@dataclass(frozen=True)
class Drawn:
    """A chart of the report, its small png, and its pdf for print."""

    section: str
    chart: Chart
    png: bytes
    pdf: bytes


@dataclass(frozen=True)
class Said:
    """A text, and the language that it is in."""

    lang: str
    text: str


def html_report(study: Study, drawn: Sequence[Drawn], *, paper: bool = False) -> str:
    """
    Return the report as one page that needs nothing else.

    Parameters
    ----------
    study : Study
    drawn : sequence of Drawn
        In the order of the report.
    paper : bool, default False
        Whether it will become a file for Word or print: without the list of
        links, and with the stem of each figure where its picture goes.
    """
    labels = labels_of(study)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string((files("policy_themes") / "data" / "report.html.j2").read_text("utf-8"))
    found = quotes(study, labels)
    return template.render(
        lang=page_language(labels),
        tags=TAGS,
        title=study.settings.title,
        version=__version__,
        folder=study.folder.resolve().name.encode("utf-8", "backslashreplace").decode(),
        paper=paper,
        word=lambda key: said(labels, labels.pair(key)),
        plain=lambda key, **values: labels.word(key, between=" · ", **values),
        summary=said(labels, summary(study)),
        findings=_findings(drawn, labels),
        methods=[line for part in methods(study) for line in said(labels, part)],
        limits=[line for part in limits(study) for line in said(labels, part)],
        references=references(study.settings),
        chapters=_chapters(study, drawn),
        charts=_charts(drawn, labels, paper=paper),
        quotes=found,
        themes=[
            (said(labels, labels.theme_label(theme)), list(group)) for theme, group in groupby(found, lambda q: q.theme)
        ],
        ledger=said(labels, _ledger_line(study)),
        files=_files(study),
    )


def page_language(labels: Labels) -> str:
    """Return the language of the page as a whole."""
    return TAGS["zh" if labels.mode == "zh" else "en"]


def said(labels: Labels, label: Label) -> list[Said]:
    """
    Return a label's text in each wanted language.

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> from policy_themes.regions import load_regions
    >>> labels = Labels("both", load_lexicon(), load_regions())
    >>> [part.text for part in said(labels, Label("Year", "年份"))], len(said(labels, Label("2021", "2021")))
    (['Year', '年份'], 1)
    """
    languages = ("en", "zh") if labels.mode == "both" else (labels.mode,)
    found = [Said(TAGS[language], getattr(label, language)) for language in languages]
    return found[:1] if label.en == label.zh else found


def _chapters(study: Study, drawn: Sequence[Drawn]) -> list[str]:
    """Return the chapters in the order of the settings; references follow the methods that rest on them."""
    held = {item.section for item in drawn}
    found: list[str] = []
    for name in study.settings.sections:
        key = f"section_{name}"
        found += [key] if name in TEXT_SECTIONS or key in held else []
        found += ["section_references"] if name == "methods" and references(study.settings) else []
    return found


def _charts(drawn: Sequence[Drawn], labels: Labels, *, paper: bool) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return the charts of each chapter as the template wants them."""
    charts: dict[str, list[Mapping[str, object]]] = {}
    for number, item in enumerate(drawn, start=1):
        chart = item.chart
        source = Label(
            f"Source: own calculation with policy-themes {__version__}; numbers in {chart.stem}.csv, origin in {chart.stem}.json.",
            f"来源：作者以 policy-themes {__version__} 计算；数据见 {chart.stem}.csv，出处见 {chart.stem}.json。",
        )
        charts.setdefault(item.section, []).append(
            {
                "title": said(labels, chart.title),
                "says": [part for part in said(labels, chart.says) if part.text and chart.says != chart.caption],
                "caption": said(labels, chart.caption),
                "alt": " ".join(labels.lines(chart.alt)),
                "source": said(labels, source),
                "picture": chart.stem if paper else inline(item.png),
                "number": number,
            }
        )
    return charts


def _findings(drawn: Sequence[Drawn], labels: Labels) -> list[tuple[int, list[Said]]]:
    """Return what the first figure of each chapter says in numbers, with the figure's number."""
    found: dict[str, tuple[int, list[Said]]] = {}
    for number, item in enumerate(drawn, start=1):
        chart = item.chart
        if not chart.refused and chart.says.en and chart.says != chart.caption:
            found.setdefault(item.section, (number, said(labels, chart.says)))
    return list(found.values())


def _ledger_line(study: Study) -> Label:
    """Count what became of the files."""
    ledger = study.corpus.ledger
    counts = ledger["outcome"].value_counts().sort_index()
    reasons = ledger["reason"].dropna().value_counts().sort_index()
    named = ", ".join(f"{n} {name}" for name, n in counts.items())
    why = "; ".join(f"{name}: {n}" for name, n in reasons.items())
    more = f" The first {MOST_FILES} are shown; all are in tables/ledger.csv." if len(ledger) > MOST_FILES else ""
    return Label(
        f"{len(ledger)} files: {named}{f' ({why})' if why else ''}.{more}", f"共 {len(ledger)} 个文件：{named}。"
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


def inline(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
