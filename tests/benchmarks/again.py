"""`python3 run.py bench --again`: a whole report of the 395 work reports, cold, again, with one more document, with another lexicon; and beside a stock script.

Each row is a process of its own, timed from outside with all its children, once.
"""

import shutil
import sys
from pathlib import Path

from timing import CLI, SHARED, Table, measure

# What the stock script does, by this suite.
OURS = """
import sys
from pathlib import Path
from policy_themes.report import charts
from policy_themes.report.save import write_charts
from policy_themes.study import open_study

study = open_study(sys.argv[1]).with_topics(k=20)
language = study.languages[0]
with study.topics_ahead():
    drawn = [
        charts.trend(study, language=language),
        charts.grid(study, theme=study.featured(language)[0], language=language),
        charts.terms(study, by="region_code", language=language),
        charts.topic_words(study, language=language),
    ]
write_charts(drawn, Path(sys.argv[2]), study)
"""
# A report as it is where the extra `report` is not installed: without docx and pdf.
WITHOUT_PANDOC = "import sys; sys.modules['pypandoc'] = None; from policy_themes.cli.app import main; main()"
PLAIN = (sys.executable, "-c", WITHOUT_PANDOC, "report")
INGEST = "ingest 395 work reports"
COLD = "report 395 work reports, cold"
STOCK = "a stock script: jieba, gensim, scikit-learn, matplotlib"
NEWS = "浙江省召开会议\n2021年3月5日\n推进现代化。坚持枫桥经验。\n"
LEXICON = """
version: "1"
themes:
  - id: low_altitude
    label: {en: Low-altitude economy, zh: 低空经济}
    count: {zh: [低空经济]}
"""


def rows(table: Table, place: Path) -> None:
    """Measure each, all or none of them: most begin with what the one before left."""
    if not table.wants("395 work reports"):
        return
    corpus = SHARED / "corpora" / "prov_gwr"
    docs, out, cache = place / "docs", place / "out", place / "cache"
    shutil.copytree(corpus, docs)
    docs.chmod(0o755)
    cold: dict[str, float] = {}

    def row(job: str, bound: str, *command: object, cached: Path = cache, of: str = "") -> None:
        seconds, peak = measure([*map(str, command)], cached)
        cold[job] = seconds
        table.row(f"{job} ({seconds / cold[of]:.0%})" if of else job, bound, seconds, peak)

    report = (*CLI, "report", docs, "--out", out)
    ingest, other = (*CLI, "ingest", docs, "--out"), place / "ingests"
    row(INGEST, "12 s, 600 MiB", *ingest, place / "read", cached=other)
    row("the same into another place", "", *ingest, place / "read-again", cached=other, of=INGEST)
    row("the same, nothing changed", "10 %", *ingest, place / "read", cached=other, of=INGEST)
    news = docs / "新闻.txt"
    news.write_text(NEWS, encoding="utf-8")
    row("the same, one document more", "10 %", *ingest, place / "read", cached=other, of=INGEST)
    news.unlink()
    plain = (*PLAIN, docs, "--out", place / "plain")
    row(f"{COLD}, without docx and pdf", "90 s, 1536 MiB", *plain, cached=place / "plain-cache")
    row(COLD, "1536 MiB", *report)
    row("the same again, nothing changed", "5 %", *report, of=COLD)
    news.write_text(NEWS, encoding="utf-8")
    row("one document more", "10 %", *report, of=COLD)
    (docs / "study.yml").write_text("lexicon: own.yml\n", encoding="utf-8")
    (docs / "own.yml").write_text(LEXICON, encoding="utf-8")
    row("another lexicon", "25 %", *report, of=COLD)
    row(STOCK, "", sys.executable, Path(__file__).with_name("stock.py"), corpus, place / "s")
    ours, fresh = (sys.executable, "-c", OURS, corpus), place / "fresh"
    row("the same jobs here, with reading", "50 % of the script", *ours, place / "a", cached=fresh, of=STOCK)
    for path in fresh.iterdir():
        if not path.name.startswith(("corpus-", "latest-")):
            shutil.rmtree(path)
    row("the same jobs here, without reading", "33 % of the script", *ours, place / "b", cached=fresh, of=STOCK)
