"""`python3 run.py bench --words`: segmentation and counting beside jieba, CPU seconds on one core, best of three.

Texts are the 395 work reports of the shared corpora, or, where these are absent, the demonstration corpus forty times.
Jieba cuts a twelfth of them, and its time is multiplied: it is the slow one.
"""

import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from policy_themes.compare import find_hits
from policy_themes.corpus import Corpus
from policy_themes.demo import write_demo
from policy_themes.lexicon import load_lexicon
from policy_themes.store.cache import StageCache
from policy_themes.study import Study, open_study
from policy_themes.tokenize import UserDictionary, segment
from policy_themes.tokenize.discover import candidate_terms
from policy_themes.tokenize.keep import FixedTerms
from policy_themes.tokenize.segment import ChineseSegmenter

SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[3] / "shared"))
PART, RUNS, LARGE = 12, 3, 100_000_000


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the least CPU seconds of some runs."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def read(place: Path) -> Study:
    """Return the study that is measured on, its documents in the shared corpora or written to a place."""
    reports = SHARED / "corpora" / "prov_gwr"
    if not reports.is_dir():
        reports = place / "demo"
        write_demo(reports)
    return open_study(reports)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        corpus = read(Path(name)).source
    lexicon, none = load_lexicon(), UserDictionary()
    texts = [
        corpus.normalized(doc_id) for doc_id in corpus.documents.loc[corpus.documents["language"] == "zh", "doc_id"]
    ]
    start = time.process_time()
    fast = ChineseSegmenter(none, "rjieba")
    fast.cut("依法治国")
    first_use = time.process_time() - start
    slow, fixed = ChineseSegmenter(none, "jieba"), FixedTerms(lexicon.keep("zh"), "zh")
    slow.cut("依法治国")
    some = texts[::PART]
    jieba = best(lambda: [slow.cut(text) for text in some], 1) * sum(map(len, texts)) / sum(map(len, some))
    results = [
        ("jieba, token strings", "", jieba),
        ("rjieba, token strings", "", best(lambda: [fast.cut(text) for text in texts])),
        (
            "token strings, fixed terms whole",
            ">= 15 times jieba",
            best(lambda: [fixed.cut(text, fast.cut, fixed.occurrences(text)) for text in texts]),
        ),
        (
            "words with passages and offsets",
            ">= 7 times jieba",
            best(lambda: segment(corpus, lexicon, none, cache=StageCache(None), workers=1)),
        ),
        ("all themes counted", "<= .5 s", best(lambda: find_hits(corpus, lexicon))),
        ("first use of the engine", "<= .3 s", first_use),
        (
            "one line of 1,000,000 characters",
            "<= 30 s",
            best(lambda: fast.cut("".join(texts).replace("\n", "")[:1_000_000])),
        ),
        ("32,000 times 镕", "<= 1 s", best(lambda: fast.cut("镕" * 32_000))),
    ]
    start = time.process_time()
    proposed = candidate_terms(corpus, lexicon.phrases)
    results.append((f"new terms: {len(proposed)} proposed", "", time.process_time() - start))
    print(f"{len(texts)} texts, {sum(map(len, texts)):,} characters\n")
    print(f"| {'job':<34} | {'bound':<18} | CPU seconds | times jieba |")
    print(f"| {'-' * 34} | {'-' * 18} | ----------: | ----------: |")
    for number, (job, bound, seconds) in enumerate(results):
        times = f"{jieba / seconds:.1f}" if number < 4 else ""
        print(f"| {job:<34} | {bound:<18} | {seconds:>11.2f} | {times:>11} |")
    large = many_times(corpus, LARGE // sum(len(text.encode()) for text in texts) + 1)
    size = sum(len(text.encode()) for text in large.texts["normalized"])
    walls = [wall(lambda n=n: segment(large, lexicon, none, cache=StageCache(None), workers=n)) for n in (1, 2)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"\n{size / 1e6:.0f} MB to words, wall seconds: one process {walls[0]:.1f}, two {walls[1]:.1f}: "
        f"{walls[0] / walls[1]:.2f} times as fast (bound 1.5); peak {memory / 1024:.0f} MiB"
    )


def many_times(corpus: Corpus, n: int) -> Corpus:
    """Return a corpus that holds every document so many times."""

    def repeated(table: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([table.assign(doc_id=table["doc_id"] + f"-{copy}") for copy in range(n)], ignore_index=True)

    tables = {name: repeated(getattr(corpus, name)) for name in ("documents", "texts", "passages")}
    return replace(corpus, **tables)


def wall(work: Callable[[], object]) -> float:
    """Return the least wall seconds of two runs."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    main()
