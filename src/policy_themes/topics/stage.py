"""Fitting as a stage of a study: a model that was fitted before is loaded."""

from dataclasses import asdict

import pandas as pd

from policy_themes.store.cache import StageCache, digest
from policy_themes.topics.fit import Progress, check_k, fit_topics
from policy_themes.topics.records import TopicFit, TopicSpec
from policy_themes.topics.seeded import fit_seeded
from policy_themes.topics.structural import covariates, fit_structural
from policy_themes.vectorize.counts import DocTerm


def fit_once(
    docterm: DocTerm, spec: TopicSpec, cache: StageCache, progress: Progress, *, documents: pd.DataFrame
) -> TopicFit:
    """
    Fit a topic model, or load the same fit of these counts from the cache.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
    cache : StageCache
    progress : callable
    documents : DataFrame
        ``doc_id`` and the columns that a formula may name.

    Raises
    ------
    UsageError
        If there are more topics than passages; as in `fit_structural` and `fit_seeded`.
    """
    check_k(spec.k, docterm)
    counts = [part.tolist() for part in (docterm.counts.indptr, docterm.counts.indices, docterm.counts.data)]
    known: list[object] = []
    if spec.engine == "structural":
        given = covariates(docterm, spec, documents)
        design = None if given.prevalence is None else given.prevalence.tolist()
        known = [given.known.tolist(), design, given.content]

    def make() -> TopicFit:
        if spec.engine == "structural":
            return fit_structural(docterm, spec, documents, progress=progress)
        if spec.engine == "seeded":
            return fit_seeded(docterm, spec, progress=progress)
        return fit_topics(docterm, spec, progress=progress)

    return cache.get(
        "topics",
        digest(docterm.terms, docterm.doc_ids, docterm.passages, counts, asdict(spec), known),
        make=make,
        save=TopicFit.save,
        load=TopicFit.load,
    )
