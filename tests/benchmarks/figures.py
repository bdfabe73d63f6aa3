"""`python3 run.py bench --figures`: the figures of the 395 work reports, and the report of them, wall seconds, best of two.

Tables and topics are computed before the clock: what is measured is drawing, saving and writing.
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from words import read

from policy_themes.figures.render import Renderer, render
from policy_themes.report import charts
from policy_themes.report.catalogue import catalogue
from policy_themes.report.document import Drawn, html_report
from policy_themes.report.paper import paper_reports

MIB = 2**20


def clocked(run: Callable[[], object], *, times: int = 2) -> float:
    """Return the least wall seconds of a call."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        study = read(Path(name))
        language, theme = study.languages[0], study.featured(study.languages[0])[0]
        jobs = [(section.key, draw) for section in catalogue(study) for draw in section.draw]
        made = [draw() for _, draw in jobs]  # what they draw is computed

        def whole() -> None:
            with Renderer() as renderer:
                for _, draw in jobs:
                    renderer.begin(draw())
                for _ in renderer.finished():
                    pass

        print(f"| {'job':<50} | {'bound':<10} | {'result':>10} |")
        print(f"| {'-' * 50} | {'-' * 10} | {'-' * 9}: |", flush=True)

        def row(job: str, bound: str, result: str) -> None:
            print(f"| {job:<50} | {bound:<10} | {result:>10} |", flush=True)

        row(f"the whole catalogue, {len(jobs)} figures, two processes", "30 s", f"{clocked(whole):.1f} s")
        for job, bound, draw in (
            ("themes over the years as svg, pdf and png", "0.8 s", lambda: charts.trend(study, language=language)),
            ("words that set groups apart, the same", "0.8 s", lambda: charts.terms(study, by="year", language=language)),
            ("a grid with n in every cell, the same", "1.5 s", lambda: charts.grid(study, theme=theme, language=language)),
        ):  # fmt: skip
            figures = [draw().figure for _ in range(2)]
            row(job, bound, f"{clocked(lambda figures=figures: render(figures.pop())):.2f} s")
        drawn = []
        for (key, _), chart in zip(jobs, made, strict=True):
            pictures = render(chart.figure, chart.preset)
            drawn.append(Drawn(key, chart, pictures.page, pictures.files["pdf"]))
        row("report.html", "6 MiB", f"{len(html_report(study, drawn).encode()) / MIB:.1f} MiB")
        row("report.docx and report.pdf", "20 s", f"{clocked(lambda: paper_reports(study, drawn), times=1):.1f} s")


if __name__ == "__main__":
    main()
