"""`python3 run.py bench --topics`: topic engines side by side on the passages of the 395 work reports, K = 50.

One tenth of the passages is held out; the perplexity of half their words, given the other half, is taken by one
evaluator (`policy_themes.topics.quality.completion`) for all. Seconds are CPU seconds of one process, feeding and
reading included. `--only=NAME` measures the rows of that name; `--only=overhead`, `--only=quality` and
`--only=structural` what stands around them. Rows that begin with "bare" are scripts without the suite.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import scipy.sparse as sp
from blogs import SPEC, read_blogs, read_posts
from words import SHARED, read

from policy_themes.errors import UsageError
from policy_themes.topics import Engine, TopicSpec, fit_topics
from policy_themes.topics.fit import default_iterations, default_k
from policy_themes.topics.page import quality_page, several_k
from policy_themes.topics.quality import completion, hold_out
from policy_themes.topics.records import Matrix
from policy_themes.topics.structural import fit_structural
from policy_themes.vectorize import DocTerm

K, MANY = 50, 20_000
STM = SHARED / "reference" / "stm"
# CPU seconds of R's stm for the same model, on the machine where the reference was made.
R_SECONDS = 84
Fit = Callable[[DocTerm], Matrix]


def ours(engine: Engine, iterations: int | None = None) -> Fit:
    """Return the suite's own call."""
    return lambda texts: fit_topics(texts, TopicSpec(K, engine=engine, iterations=iterations)).beta


def stock(passes: int, **tuned: float) -> Fit:
    """Return gensim as a script would call it, with its defaults or tuned."""

    def fit(texts: DocTerm) -> Matrix:
        from gensim.matutils import Sparse2Corpus
        from gensim.models import LdaModel

        bags = Sparse2Corpus(sp.csc_matrix(texts.counts), documents_columns=False)
        names = dict(enumerate(texts.terms))
        model = LdaModel(bags, id2word=names, num_topics=K, passes=passes, random_state=1, **tuned)
        return np.asarray(model.get_topics(), dtype=np.float64)

    return fit


def bare(iterations: int) -> Fit:
    """Return tomotopy as a script would call it, fed with words, its topics and proportions read at the end."""

    def fit(texts: DocTerm) -> Matrix:
        import tomotopy

        counts = texts.counts
        model = tomotopy.LDAModel(k=K, alpha=0.1, eta=0.05, seed=1)
        model.optim_interval = 0
        for row in range(counts.shape[0]):
            own = slice(counts.indptr[row], counts.indptr[row + 1])
            terms = np.repeat(counts.indices[own], counts.data[own]).tolist()
            if terms:
                model.add_doc([texts.terms[term] for term in terms])
        model.train(iterations, workers=1)
        _ = np.array([document.get_topic_dist() for document in model.docs])
        places = {term: place for place, term in enumerate(texts.terms)}
        beta = np.full((K, len(texts.terms)), 1e-12)
        columns = [places[term] for term in model.used_vocabs]
        beta[:, columns] = [model.get_topic_word_dist(topic) for topic in range(K)]
        return beta

    return fit


def overhead(texts: DocTerm) -> float:
    """Return how much longer the suite takes than a bare script for as many rounds, those that it makes unless told."""
    rounds = default_iterations("tomotopy", int(texts.counts.sum()))
    least: dict[str, float] = {}
    for _ in range(2):
        for name, fit in (("ours", ours("tomotopy")), ("bare", bare(rounds))):
            start = time.process_time()
            fit(texts)
            least[name] = min(least.get(name, np.inf), time.process_time() - start)
    return least["ours"] / least["bare"] - 1


def structural() -> str:
    """Return what is to be said of the structural model of 5,000 posts, K = 20, beside R's."""
    if not STM.is_dir():
        return f"(no posts in {STM}: the row of the structural model is left out)"
    texts, posts = read_blogs(STM), read_posts(STM)
    start = time.process_time()
    try:
        fit = fit_structural(texts, SPEC, posts)
    except UsageError as error:
        return f"(the row of the structural model is left out: {error})"
    seconds = time.process_time() - start
    return (
        f"structural, {len(texts.doc_ids):,} posts, K = {SPEC.k}, {SPEC.prevalence}: {fit.spec.iterations} rounds, "
        f"{seconds:.1f} CPU seconds (bound {R_SECONDS / 2:.0f}: half of what R took on the machine of the reference)"
    )


TUNED = {"chunksize": 512, "eta": 0.01, "alpha": 0.1, "decay": 0.6, "offset": 16}
ROWS: list[tuple[str, Fit]] = [
    ("bare gensim, defaults, 1 pass", stock(1)),
    ("bare gensim, defaults, 5 passes", stock(5)),
    ("bare gensim, tuned, 3 passes", stock(3, **TUNED)),
    ("bare gensim, tuned, 6 passes", stock(6, **TUNED)),
    ("bare tomotopy, 100 rounds", bare(100)),
    ("tomotopy, 25 rounds", ours("tomotopy", 25)),
    ("tomotopy, 50 rounds", ours("tomotopy", 50)),
    ("tomotopy, 100 rounds", ours("tomotopy", 100)),
    ("tomotopy, as it comes", ours("tomotopy")),
    ("nmf, as it comes", ours("nmf")),
    ("gensim, as it comes", ours("gensim")),
]


def main() -> None:
    """Measure and print."""
    only = [name.removeprefix("--only=") for name in sys.argv if name.startswith("--only=")]
    if not only or "structural" in only:
        print(structural(), flush=True)
    if only == ["structural"]:
        return
    with TemporaryDirectory() as name:
        study = read(Path(name))
        texts, held = hold_out(study.topic_counts(study.languages[0]))
    n_words = int(texts.counts.sum())
    print(f"{texts.counts.shape[0]:,} passages, {n_words:,} words, {len(texts.terms):,} terms; K = {K}\n")
    print(f"| {'engine':<32} | perplexity | CPU seconds |")
    print(f"| {'-' * 32} | ---------: | ----------: |")
    for row, fit in ROWS:
        if only and not any(name in row for name in only):
            continue
        start = time.process_time()
        beta = fit(texts)
        seconds = time.process_time() - start
        print(f"| {row:<32} | {completion(beta, held):>10.0f} | {seconds:>11.1f} |", flush=True)
    if not only or "overhead" in only:
        print(
            f"\nthe suite takes {overhead(texts):+.1%} of the CPU time of the bare script, best of two each (bound +5%)"
        )
    if not only or "quality" in only:
        few = texts.rows(np.sort(np.random.default_rng(1).permutation(len(texts.doc_ids))[:MANY]))
        start = time.perf_counter()
        k = default_k(len(few.doc_ids))
        quality_page(few, TopicSpec(k), several_k(k))
        seconds = time.perf_counter() - start
        print(
            f"\nquality page, K = {', '.join(map(str, several_k(k)))}, 10 seeds, {len(few.doc_ids):,} passages: {seconds:.0f} wall seconds (bound 360)"
        )
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB (bound 2048)")


if __name__ == "__main__":
    main()
