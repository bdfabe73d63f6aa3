"""Would other fits have given the topics that are shown? A few short ones tell, and what they do not find has no size.

A topic that other seeds do not find again says more about the seed. Where the
topics of a fit are on the whole not found again (too many of them, too few, or
too much alike), the sizes of even the steady ones are off: proportions shrink
towards each other, and a trend in them to a fraction of itself. Whether a topic
becomes more or less frequent can then still be asked, by how much cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from policy_themes.schema import conform
from policy_themes.topics.draws import topic_draws
from policy_themes.topics.fit import Progress
from policy_themes.topics.many import NO_COLUMNS, Job, default_workers, fit_many
from policy_themes.topics.page import shorter, stability_rows
from policy_themes.topics.records import Matrix, TopicFit, TopicSpec
from policy_themes.topics.stability import STABLE, stability
from policy_themes.vectorize.counts import DocTerm

REFITS = 3
NO_DOUBT = 1e-12


def refits(
    docterm: DocTerm,
    shown: TopicFit,
    *,
    documents: pd.DataFrame = NO_COLUMNS,
    workers: int | None = None,
    progress: Progress = iter,
    fits: Sequence[Matrix] = (),
) -> pd.DataFrame:
    """
    Match the topics of a fit with those of a few others.

    Parameters
    ----------
    docterm : DocTerm
        What it was fitted to.
    shown : TopicFit
    documents : DataFrame, optional
        ``doc_id`` and the columns that a formula names.
    workers : int, optional
        Processes; by default as many as are worth it.
    progress : callable
        Wraps the fits.
    fits : sequence of ndarray of shape (k, n_terms)
        Those of `refit_jobs`, where they are there already.

    Returns
    -------
    DataFrame
        Table ``topic_stability``, a row for each topic that is shown. Other fits
        have another seed; of an engine without chance, another half of the texts.
    """
    if not fits:
        jobs = refit_jobs(docterm, shown.spec)
        wanted = workers or default_workers(docterm, jobs)
        fits = fit_many(docterm, jobs, documents=documents, workers=wanted, progress=progress)
    head = {"language": docterm.language, "engine": shown.spec.engine, "k": shown.spec.k, "n_seeds": REFITS}
    found = stability(fits, reference=shown.beta)
    return conform(stability_rows(head, shown.beta, docterm, found, None), "topic_stability")


def refit_jobs(docterm: DocTerm, spec: TopicSpec) -> list[Job]:
    """Return the fits that a fit of a spec is matched with: shorter ones, of other seeds."""
    quick = shorter(replace(spec, iterations=None), int(docterm.counts.sum()))
    return [Job(replace(quick, seed=spec.seed + number)) for number in range(1, REFITS + 1)]


@dataclass(frozen=True)
class Identified:
    """
    What may be said of the proportions of a topic, or of a sum of topics.

    Attributes
    ----------
    what : {"size", "direction", "nothing"}
    why : str
        Why it is no more.
    """

    what: Literal["size", "direction", "nothing"]
    why: str = ""


def identified(found_again: pd.DataFrame, fit: TopicFit, topics: Sequence[int]) -> Identified:
    """
    Say what may be said of the proportions of some topics together.

    Parameters
    ----------
    found_again : DataFrame
        Table ``topic_stability`` of the fit.
    fit : TopicFit
    topics : sequence of int
        From 1; each counts by the words it accounts for.

    References
    ----------
    Maier, D. et al. (2018). https://doi.org/10.1080/19312458.2018.1430754
    """
    cosines = found_again.set_index("topic")["cosine"].astype(float)
    words = pd.Series(np.nansum(fit.gamma * fit.n_tokens[:, None], axis=0), index=range(1, fit.spec.k + 1))
    own = float(np.average(cosines.loc[list(topics)], weights=words.loc[list(topics)]))
    n_fits = int(found_again["n_seeds"].iloc[0])
    if own < STABLE:
        named = f"topic {topics[0]}" if len(topics) == 1 else f"these {len(topics)} topics"
        return Identified(
            "nothing", f"none: {n_fits} other fits do not find {named} again (cosine {own:.2f}, below {STABLE:.2f})"
        )
    mean, reliable = float(cosines.mean()), 1.0 if fit.spec.engine == "structural" else reliability(fit, topics)
    if mean < STABLE:
        why = f"the topics as a whole are not found again by {n_fits} other fits (mean cosine {mean:.2f}, below {STABLE:.2f})"
    elif reliable < STABLE:
        why = f"the texts are too short to tell proportions (reliability {reliable:.2f}, below {STABLE:.2f})"
    else:
        return Identified("size")
    return Identified("direction", f"direction only: {why}, so no size is identified; rates of a theme have one")


def reliability(fit: TopicFit, topics: Sequence[int]) -> float:
    """
    Return which part of the variance of documents' proportions is not doubt about them.

    By so much a trend in them is too small: a prior that knows no year draws
    every document towards the mean. (The prior of a structural model knows it.)

    Parameters
    ----------
    fit : TopicFit
    topics : sequence of int
        From 1, added up.

    References
    ----------
    Fuller, W. A. (1987). Measurement Error Models. https://doi.org/10.1002/9780470316665
    """
    draws = topic_draws(fit, topics).to_numpy()
    doubt = float(draws.var(axis=1, ddof=1).mean())
    true = max(float(draws.mean(axis=1).var(ddof=1)) - doubt / draws.shape[1], 0.0)
    return 1.0 if doubt < NO_DOUBT else true / (true + doubt)
