"""`python3 run.py bench --compare`: rates, grids, trends and contrasts of the 395 work reports, CPU seconds, best of two.

Texts are those of `words`; segmentation and counting of hits come before the clock.
"""

import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import scipy.sparse as sp
from words import best, read

from policy_themes.compare import CellIndex, IntervalKind, Question, corpus_rates, specifications

DOCUMENTS, YEARS, REGIONS, FIRST, THEMES = 1_000_000, 26, 31, 2000, 32


def large_index() -> CellIndex:
    """Return generated documents in random order, a tenth of which has each theme."""
    random = np.random.default_rng(1)
    documents = pd.DataFrame(
        {"doc_id": random.permutation(DOCUMENTS).astype(str), "language": "zh",
         "year": FIRST + random.integers(0, YEARS, DOCUMENTS),
         "region_code": np.char.zfill(random.integers(0, REGIONS, DOCUMENTS).astype(str), 6),
         "n_units": random.integers(100, 5_000, DOCUMENTS)}
    )  # fmt: skip
    counts = sp.random_array(
        (DOCUMENTS, THEMES),
        density=0.1,
        rng=random,
        dtype=np.int64,
        data_sampler=lambda size: random.integers(1, 9, size),
    )
    return CellIndex(documents, counts, [f"theme{number}" for number in range(THEMES)])


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

    sample = study.settings.model_copy(update={"collected": "search", "search_terms": ["无"]})

    def sampled() -> None:
        for by in ([], ["year"], ["region_code"], ["year", "region_code"]):
            corpus_rates(study.hits, study.corpus, study.lexicon, sample, by=by)

    index, place = large_index(), iter(range(10**9))

    def slices() -> None:
        for theme in index.themes:
            at = next(place)
            index.cell(theme, language="zh", year=FIRST + at % YEARS, region=f"{at % REGIONS:06}")
            index.cell(theme, language="zh", region=f"{at % REGIONS:06}")
            index.cell(theme, language="zh", year=FIRST + at % YEARS)

    jobs = [
        ("rates of all themes: whole, years, regions, grid", "", best(all_rates, 2)),
        ("the same with pooled intervals of the grid", "<= 8 s",
         best(lambda: all_rates("pooled"), 1)),
        ("the same with intervals of a sample, 999 resamples", "<= 8 s", best(sampled, 1)),
        ("trends of all themes", "", best(study.trends, 2)),
        ("one theme's trend under 32 ways of counting", "",
         best(lambda: specifications(study.hits.table, study.corpus.documents, study.lexicon, theme=theme), 2)),
        ("diffusion of one theme, with its evidence", "", best(lambda: study.diffusion(theme), 2)),
        ("words from 2008 on against before, tested", "<= 20 s",
         best(lambda: study.contrasts(Question("year", at=2008, min_docs=2)), 1)),
        (f"a slice of {DOCUMENTS:,} documents: theme, year, region", "<= .1 s", best(slices, 3) / (3 * len(index.themes))),
    ]  # fmt: skip
    n_terms = study.doc_term("zh").counts.shape[1]
    print(f"{len(study.corpus.documents)} documents, {len(study.lexicon.ids)} themes, vocabulary {n_terms:,}\n")
    print(f"| {'job':<50} | {'bound':<8} | CPU seconds |")
    print(f"| {'-' * 50} | {'-' * 8} | ----------: |")
    for job, bound, seconds in jobs:
        print(f"| {job:<50} | {bound:<8} | {seconds:>11.4g} |")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (bound 1024)")


if __name__ == "__main__":
    main()
