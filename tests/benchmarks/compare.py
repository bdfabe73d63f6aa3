"""`python3 run.py bench --compare`: rates, grids, trends and contrasts of the 395 work reports, CPU seconds, best of two.

Texts are those of `words`; segmentation and counting of hits come before the clock.
"""

import resource
from pathlib import Path
from tempfile import TemporaryDirectory

from words import best, read

from policy_themes.compare import IntervalKind, Question, corpus_rates, specifications


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        study = read(Path(name))
        study.settings = study.settings.model_copy(update={"collected": "census"})
        _ = study.words, study.hits
    theme = study.lexicon.ids[0]

    def all_rates(kind: IntervalKind = "none") -> None:
        parts = (study.hits, study.corpus, study.lexicon, study.settings)
        for by in ([], ["year"], ["region_code"], ["year", "region_code"]):
            corpus_rates(*parts, by=by, facets=False, interval=kind if len(by) == 2 else "none")

    jobs = [
        ("rates of all themes: whole, years, regions, grid", "", best(all_rates, 2)),
        ("the same with pooled intervals of the grid", "<= 8 s",
         best(lambda: all_rates("pooled"), 1)),
        ("trends of all themes", "", best(study.trends, 2)),
        ("one theme's trend under 32 ways of counting", "",
         best(lambda: specifications(study.hits.table, study.corpus.documents, study.lexicon, theme=theme), 2)),
        ("diffusion of one theme, with its evidence", "", best(lambda: study.diffusion(theme), 2)),
        ("words from 2014 on against before, tested", "<= 20 s",
         best(lambda: study.contrasts(Question("year", at=2014)), 1)),
    ]  # fmt: skip
    print(f"{len(study.corpus.documents)} documents, {len(study.lexicon.ids)} themes\n")
    print(f"| {'job':<50} | {'bound':<8} | CPU seconds |")
    print(f"| {'-' * 50} | {'-' * 8} | ----------: |")
    for job, bound, seconds in jobs:
        print(f"| {job:<50} | {bound:<8} | {seconds:>11.2f} |")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (bound 1024)")


if __name__ == "__main__":
    main()
