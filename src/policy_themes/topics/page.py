"""The quality of topics over several K and seeds, as two tables; nothing in them picks a K.

All fits are made to nine tenths of the texts, so that the same fits tell how
well held-out texts are completed and how well topics are found again. They are
shorter than the fit that is shown: their number matters more than their polish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from policy_themes.schema import conform
from policy_themes.topics.fit import Progress, check_k
from policy_themes.topics.many import NO_COLUMNS, SEEDLESS, Job, default_workers, fit_many, half
from policy_themes.topics.quality import completion, exclusivity, hold_out, npmi, scores, top_terms
from policy_themes.topics.records import Engine, Matrix, TopicFit, TopicSpec
from policy_themes.topics.stability import Stability, shuffled, stability
from policy_themes.vectorize.counts import DocTerm

SEEDS = 10
NAMED = 5
# Fewest and most rounds of a fit; in between as many as see so many words.
ROUNDS: Mapping[Engine, tuple[int, int]] = {
    "tomotopy": (50, 500), "gensim": (3, 10), "nmf": (50, 200), "structural": (10, 50), "seeded": (50, 500),
}  # fmt: skip
WORDS_SEEN: Mapping[Engine, int] = {
    "tomotopy": 20_000_000, "gensim": 2_000_000, "nmf": 20_000_000, "structural": 10_000_000, "seeded": 20_000_000,
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Tables ``topic_quality`` and ``topic_stability``."""

    quality: pd.DataFrame
    stability: pd.DataFrame


def several_k(k: int, *, fewest: int = 2) -> tuple[int, ...]:
    """
    Return numbers of topics around one, none below the fewest (as many as there are themes with keywords).

    Examples
    --------
    >>> several_k(20), several_k(3), several_k(10, fewest=8)
    ((10, 15, 20, 30, 40), (2, 3, 4, 6), (8, 10, 15, 20))
    """
    return tuple(sorted({max(fewest, round(k * factor)) for factor in (0.5, 0.75, 1, 1.5, 2)}))


def shorter(spec: TopicSpec, n_tokens: int) -> TopicSpec:
    """
    Return a spec with as many rounds as a fit among many gets.

    Examples
    --------
    >>> [shorter(TopicSpec(5), n).iterations for n in (1_000, 100_000, 1_000_000)]
    [500, 200, 50]
    """
    fewest, most = ROUNDS[spec.engine]
    rounds = max(fewest, min(most, WORDS_SEEN[spec.engine] // max(n_tokens, 1)))
    return replace(spec, iterations=spec.iterations or rounds)


def quality_page(
    docterm: DocTerm,
    spec: TopicSpec,
    ks: Sequence[int],
    *,
    documents: pd.DataFrame = NO_COLUMNS,
    shown: TopicFit | None = None,
    n_seeds: int = SEEDS,
    workers: int | None = None,
    progress: Progress = iter,
) -> Page:
    """
    Measure topic models that differ by K and by seed.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
        Its engine and seed; at its K, the text with its words dealt out anew is fitted as well.
    ks : sequence of int
        Numbers of topics.
    documents : DataFrame, optional
        ``doc_id`` and the columns that a formula names; held-out texts are completed without them.
    shown : TopicFit, optional
        The fit that people see: its topics are those of ``topic_stability`` at its K.
    n_seeds : int, default 10
    workers : int, optional
        Processes; by default as many as are worth it.
    progress : callable
        Wraps the fits.

    Raises
    ------
    InsufficientDataError, UsageError
        If the corpus is too small, or a K is too large for it.
    """
    texts, held = hold_out(docterm, seed=spec.seed)
    every = sorted(set(ks))
    for k in every:
        check_k(k, half(texts, seed=spec.seed) if spec.engine in SEEDLESS else texts)
    seeds = range(spec.seed, spec.seed + n_seeds)
    quick = shorter(spec, int(texts.counts.sum()))
    wanted = [(k, deal) for k in every for deal in ((None, spec.seed) if k == spec.k else (None,))]
    jobs = [Job(replace(quick, k=k, seed=seed), deal) for k, deal in wanted for seed in seeds]
    fits = fit_many(
        texts, jobs, documents=documents, workers=workers or default_workers(texts, jobs), progress=progress
    )
    quality: list[dict[str, object]] = []
    topics: list[dict[str, object]] = []
    for number, (k, deal) in enumerate(wanted):
        own = fits[number * n_seeds : (number + 1) * n_seeds]
        reference = shown.beta if shown is not None and shown.spec.k == k and deal is None else None
        found = stability(own, reference=reference)
        head = {"language": docterm.language, "engine": spec.engine, "k": k, "n_seeds": n_seeds}
        beta = own[found.reference] if reference is None else reference
        topics += stability_rows(head, beta, texts if deal is None else shuffled(texts, seed=deal), found, deal)
        summary = {"cosine": found.mean_cosine, "jaccard": found.mean_jaccard, "n_stable": int(found.stable.sum())}
        if deal is not None:
            quality[-1] |= {f"{name}_shuffled": value for name, value in summary.items()}
            continue
        each = [scores(one, texts) for one in own]
        quality.append(
            {
                **head,
                **summary,
                "unit": spec.unit,
                "iterations": quick.iterations,
                "n_units": texts.counts.shape[0],
                "perplexity": float(np.mean([completion(one, held, seed=spec.seed) for one in own])),
                "npmi": float(np.mean([one["npmi"] for one in each])),
                "exclusivity": float(np.mean([one["exclusivity"] for one in each])),
            }
        )
    return Page(conform(quality, "topic_quality"), conform(topics, "topic_stability"))


def stability_rows(
    head: Mapping[str, object], beta: Matrix, texts: DocTerm, found: Stability, deal: int | None
) -> list[dict[str, object]]:
    """Return the rows of ``topic_stability`` of one K."""
    together, own = npmi(beta, texts), exclusivity(beta)
    return [
        {
            **head,
            "text": "as it is" if deal is None else "shuffled",
            "topic": topic + 1,
            "terms": " ".join(texts.terms[term] for term in terms),
            "cosine": found.cosine[topic],
            "jaccard": found.jaccard[topic],
            "npmi": together[topic],
            "exclusivity": own[topic],
            "mark": "stable" if found.stable[topic] else "unstable",
        }
        for topic, terms in enumerate(top_terms(beta, NAMED))
    ]
