"""`python3 run.py bench --explore`: the explorer on the 395 work reports and on 100,000 generated documents, wall seconds.

The 100,000 documents are generated as tables, not as files: a year, a region, an outlet, an institution and a kind for
each, and a short text with some of the phrases of eight themes. Everything from there on is the real thing: their themes
are found and counted, the cells tallied, the pictures drawn, and Debian's Chromium shows the page, where there is one.
A click is a year that was not looked at before. All panels are trend, map, ranking, grid and passages; the words that set
a year apart need the documents cut into words, and are a row of their own for the reports.
"""

import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from words import read

from policy_themes.corpus import Corpus
from policy_themes.explore import Session
from policy_themes.explore.server import Server
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, empty
from policy_themes.study import Study, open_study

N, THEMES = 100_000, 8
PANELS = ("trend", "map", "ranking", "grid")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def generated(place: Path) -> Study:
    """Return a study of 100,000 documents that exist as tables only."""
    place.mkdir()
    study = open_study(place)
    lexicon = Lexicon(study.lexicon.themes[:THEMES], study.lexicon.version)
    chance = np.random.default_rng(7)
    codes = [code for code, region in study.regions.table.items() if region.tile is not None][:31]
    phrases = [theme.count.zh[0] for theme in lexicon.themes]
    said = chance.random((N, len(phrases))) < chance.uniform(0.02, 0.5, len(phrases))
    filler = "各地各部门认真学习贯彻会议精神，扎实推进各项工作，取得明显成效。" * 6
    texts = [
        "会议通知\n"
        + "。".join([filler, *(f"要坚持{phrase}" for phrase, has in zip(phrases, row, strict=True) if has)])
        for row in said
    ]
    ids = [f"{number:016x}" for number in range(N)]
    region = chance.choice(codes, N)
    units = [len(text) for text in texts]
    documents = pd.DataFrame(
        {
            "doc_id": ids, "content_sha256": ids, "year": chance.integers(1998, 2025, N), "region_code": region,
            "region_en": [study.regions.name(code, "en") for code in region], "language": "zh", "n_units": units,
            "outlet": chance.choice([f"报{number}" for number in range(20)], N), "unit": "han", "path": ids,
            "institution": chance.choice(["court", "police", "party committee"], N), "encoding": "utf-8",
            "kind": chance.choice(["news", "notice", "work report"], N),
        }
    )  # fmt: skip
    passages = pd.DataFrame(
        {"doc_id": ids, "passage": 0, "role": "body", "start": 0, "end": [len(text) for text in texts],
         "n_units": units, "language": "zh"}
    )  # fmt: skip
    study.__dict__["lexicon"] = lexicon
    study.__dict__["corpus"] = Corpus(
        conform(documents, "documents"), empty("ledger"),
        conform(pd.DataFrame({"doc_id": ids, "original": texts, "normalized": texts}), "texts"),
        conform(passages, "passages"), empty("points"), empty("removed"),
    )  # fmt: skip
    return study


def clocked(run: Callable[[], object]) -> float:
    """Return the wall seconds of a call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def clicks(session: Session, theme: str, panels: tuple[str, ...], years: range) -> float:
    """Return the median of what it takes until some panels of a year are answered."""

    def click(year: int) -> None:
        view = {"language": "zh", "theme": theme, "year": year}
        for panel in panels:
            assert "picture" in session.answer({"ask": "panel", "panel": panel, "view": view})
        if len(panels) > 1:
            assert "rows" in session.answer({"ask": "passages", "view": view})

    return statistics.median(clocked(lambda year=year: click(year)) for year in years)


@contextmanager
def page_of(session: Session) -> Iterator[Callable[[], tuple[float, float, float]]]:
    """Yield what opens the page: seconds to its first picture, from a click to its mark, and from a click to the map."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)))
    server = Server(session)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])

        def look() -> tuple[float, float, float]:
            page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", bypass_csp=True).new_page()
            start = time.perf_counter()
            page.goto(server.address)
            page.locator(".pt-card-trend .pt-picture img").wait_for()
            first = time.perf_counter() - start
            while page.locator(".pt-busy").count():
                page.wait_for_timeout(50)
            # Measured inside the page, from the click on: until the mark shows, and until the map is another one.
            feedback, changed = page.evaluate("""() => new Promise((done) => {
                const mark = document.querySelector('.pt-card-trend .pt-mark[aria-pressed="false"]');
                const map = document.querySelector('.pt-card-map'), start = performance.now();
                let feedback = null;
                new MutationObserver(() => { feedback ??= performance.now() - start; })
                    .observe(mark, { attributes: true, attributeFilter: ['aria-pressed'] });
                const before = map.querySelector('img').src;
                new MutationObserver(() => { if (map.querySelector('img')?.src !== before) done([feedback, performance.now() - start]); })
                    .observe(map, { childList: true, subtree: true });
                mark.click();
            })""")  # fmt: skip
            return first, feedback / 1000, changed / 1000

        yield look
        browser.close()
    server.shutdown()
    server.server_close()


def main() -> None:
    """Measure and print."""
    print(f"| {'job':<66} | {'bound':<7} | {'result':>8} |")
    print(f"| {'-' * 66} | {'-' * 7} | {'-' * 7}: |", flush=True)

    def row(job: str, bound: str, seconds: float) -> None:
        print(f"| {job:<66} | {bound:<7} | {seconds:>6.2f} s |", flush=True)

    with TemporaryDirectory() as name:
        place = Path(name)
        for label, study in ((None, read(place)), (f"{N:,} generated", generated(place / "none"))):
            label = label or f"{len(study.corpus.unique)} reports"
            session = Session(study, out=place / "views")
            study.hits  # noqa: B018  # what a prepared study has
            row(f"{label}: what is computed once, after counting", "", clocked(session.warm))
            theme = study.lexicon.ids[1]
            row(
                f"{label}: a click, the focused panel (map)",
                "0.3 s",
                clicks(session, theme, ("map",), range(2003, 2012)),
            )
            row(f"{label}: a click, all panels", "1.5 s", clicks(session, theme, PANELS, range(2012, 2021)))
            if any(map(shutil.which, BROWSERS)):
                with page_of(session) as look:
                    looks = [look() for _ in range(3)]
                for job, bound, at in (
                    ("first picture", "2 s", 0),
                    ("a click shows", "0.1 s", 1),
                    ("the map is another one", "", 2),
                ):
                    row(f"{label}: in the browser, {job}", bound, statistics.median(one[at] for one in looks))
            if "reports" in label:
                view = {"language": "zh", "theme": theme, "year": 2021}
                while "pending" in session.answer({"ask": "panel", "panel": "contrast", "view": view}):
                    pass
                row(
                    f"{label}: a click, words that set a year apart",
                    "",
                    clicks(session, theme, ("contrast",), range(2005, 2010)),
                )


if __name__ == "__main__":
    main()
