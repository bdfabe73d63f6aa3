"""`python3 run.py bench --again`: a whole report of the 395 work reports, cold, again, with one more document, with another lexicon; and beside a stock script.

Each row is a process of its own, timed from outside with all its children, once.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from bench import CLI, SHARED, measure

# What the stock script does, by this suite.
OURS = """
import sys
from pathlib import Path
from policy_themes.report import charts
from policy_themes.report.save import write_charts
from policy_themes.study import open_study

study = open_study(sys.argv[1])
language = study.languages[0]
study.with_topics(k=20)
drawn = [
    charts.trend(study, language=language),
    charts.grid(study, theme=study.featured(language)[0], language=language),
    charts.topic_words(study, language=language),
    charts.terms(study, by="region_code", language=language),
]
write_charts(drawn, Path(sys.argv[2]), study)
"""
LEXICON = """
version: "1"
themes:
  - id: low_altitude
    label: {en: Low-altitude economy, zh: 低空经济}
    count: {zh: [低空经济]}
"""


def main() -> None:
    """Measure and print."""
    corpus = SHARED / "corpora" / "prov_gwr"
    if not corpus.is_dir():
        raise SystemExit(f"no corpora in {SHARED}")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        docs, out, cache = place / "docs", place / "out", place / "cache"
        shutil.copytree(corpus, docs)
        docs.chmod(0o755)
        print(f"| {'job':<58} | {'bound':<22} | {'seconds':>8} | {'of cold':>7} | {'peak MiB':>8} |")
        print(f"| {'-' * 58} | {'-' * 22} | {'-' * 7}: | {'-' * 6}: | {'-' * 7}: |", flush=True)
        cold = 0.0

        def row(job: str, bound: str, *command: object, cached: Path = cache) -> float:
            seconds, peak = measure([*map(str, command)], cached)
            share = f"{seconds / cold:.0%}" if cold else ""
            print(f"| {job:<58} | {bound:<22} | {seconds:>8.1f} | {share:>7} | {peak:>8.0f} |", flush=True)
            return seconds

        report = (*CLI, "report", docs, "--out", out)
        cold = row("report, cold, with docx and pdf", "90 s without, 1536 MiB", *report)
        row("the same again, nothing changed", "5 %", *report)
        (docs / "新闻.txt").write_text("浙江省召开会议\n2021年3月5日\n推进现代化。坚持枫桥经验。\n", encoding="utf-8")
        row("one document more", "10 %", *report)
        (docs / "study.yml").write_text("lexicon: own.yml\n", encoding="utf-8")
        (docs / "own.yml").write_text(LEXICON, encoding="utf-8")
        row("another lexicon", "25 %", *report)
        cold = 0.0
        stock = Path(__file__).with_name("stock.py")
        cold = row(
            "a stock script: jieba, gensim, scikit-learn, matplotlib", "", sys.executable, stock, corpus, place / "s"
        )
        ours = (sys.executable, "-c", OURS, corpus)
        fresh = place / "fresh"
        row("the same jobs here, reading included", "1/2 of the script", *ours, place / "a", cached=fresh)
        for path in fresh.glob("topics-*"):
            shutil.rmtree(path)
        row("the same jobs here, reading not included", "1/3 of the script", *ours, place / "b", cached=fresh)


if __name__ == "__main__":
    main()
