"""Fitting as a stage of a study: a model that was fitted before is loaded."""

from dataclasses import asdict

from policy_themes.store.cache import StageCache, digest
from policy_themes.topics.fit import Progress, check_k, fit_topics
from policy_themes.topics.records import TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm


def fit_once(docterm: DocTerm, spec: TopicSpec, cache: StageCache, progress: Progress) -> TopicFit:
    """
    Fit a topic model, or load the same fit of these counts from the cache.

    Raises
    ------
    UsageError
        If there are more topics than passages.
    """
    check_k(spec.k, docterm)
    counts = [part.tolist() for part in (docterm.counts.indptr, docterm.counts.indices, docterm.counts.data)]
    return cache.get(
        "topics",
        digest(docterm.terms, docterm.doc_ids, docterm.passages, counts, asdict(spec)),
        make=lambda: fit_topics(docterm, spec, progress=progress),
        save=TopicFit.save,
        load=TopicFit.load,
    )
