"""Fitting as a stage of a study: a model that was fitted before is loaded."""

from dataclasses import asdict

import pandas as pd

from policy_themes.store.cache import StageCache, digest
from policy_themes.topics.covariates import covariates
from policy_themes.topics.every import fit_any
from policy_themes.topics.fit import Progress, check_k
from policy_themes.topics.records import ENGINES, TopicFit, TopicSpec
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
        If there are more topics than passages; as in `fit_any`.
    """
    check_k(spec.k, docterm)
    counts = [part.tolist() for part in (docterm.counts.indptr, docterm.counts.indices, docterm.counts.data)]
    known: list[object] = []
    if spec.engine not in ENGINES:
        given = covariates(docterm, spec, documents)
        design = None if given.prevalence is None else given.prevalence.tolist()
        known = [given.known.tolist(), design, given.content]

    return cache.get(
        "topics",
        digest(docterm.terms, docterm.doc_ids, docterm.passages, counts, asdict(spec), known),
        make=lambda: fit_any(docterm, spec, documents, progress=progress),
        save=TopicFit.save,
        load=TopicFit.load,
    )
