"""Fitting as a stage of a study: a model that was fitted before is loaded."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from policy_themes.store.cache import StageCache, digest
from policy_themes.topics.lda import check_k, fit_lda
from policy_themes.topics.records import LdaSpec, TopicFit
from policy_themes.vectorize.counts import DocTerm


def fit_once(
    docterm: DocTerm, spec: LdaSpec, cache: StageCache, progress: Callable[[Iterable[Any]], Iterable[Any]]
) -> TopicFit:
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
        make=lambda: fit_lda(docterm, spec, progress=progress),
        save=TopicFit.save,
        load=TopicFit.load,
    )
