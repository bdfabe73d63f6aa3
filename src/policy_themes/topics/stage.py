"""Fitting as a stage of a study: a model that was fitted before is loaded."""

from dataclasses import asdict, replace
from functools import partial
from hashlib import sha256

import numpy as np
import pandas as pd

from policy_themes.errors import UsageError
from policy_themes.schema import conform
from policy_themes.store.cache import StageCache, digest
from policy_themes.topics.ahead import Begun, worth_beginning
from policy_themes.topics.covariates import covariates
from policy_themes.topics.drift import Drift, drift
from policy_themes.topics.every import fit_any
from policy_themes.topics.fit import Progress, check_k, fit_topics, iterations_of
from policy_themes.topics.over_time import fit_over_time
from policy_themes.topics.records import ENGINES, TopicFit, TopicSpec
from policy_themes.topics.refits import refits
from policy_themes.topics.slices import dealt_out, frequent, half_of, slices_of
from policy_themes.vectorize.counts import DocTerm


def fit_once(
    docterm: DocTerm,
    spec: TopicSpec,
    cache: StageCache,
    progress: Progress,
    *,
    documents: pd.DataFrame,
    begun: Begun | None = None,
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
    begun : Begun, optional
        The same fit, begun before.

    Raises
    ------
    UsageError
        If there are more topics than passages; as in `fit_any`.
    """
    check_k(spec.k, docterm)
    return cache.get(
        "topics",
        _key(docterm, spec, documents),
        make=lambda: begun.fit(progress) if begun else fit_any(docterm, spec, documents, progress=progress),
        save=TopicFit.save,
        load=TopicFit.load,
    )


def refits_once(
    docterm: DocTerm,
    shown: TopicFit,
    cache: StageCache,
    progress: Progress,
    *,
    documents: pd.DataFrame,
    begun: Begun | None = None,
) -> pd.DataFrame:
    """
    Match a fit's topics with those of other fits, or load what was found before.

    Parameters
    ----------
    docterm, cache, progress, documents, begun
        As in `fit_once`.
    shown : TopicFit

    Returns
    -------
    DataFrame
        Table ``topic_stability``.
    """
    return cache.get(
        "refits",
        _key(docterm, shown.spec, documents),
        make=lambda: refits(
            docterm, shown, documents=documents, progress=progress, fits=begun.refits(progress) if begun else ()
        ),
        save=lambda table, folder: table.to_parquet(folder / "refits.parquet"),
        load=lambda folder: conform(pd.read_parquet(folder / "refits.parquet"), "topic_stability"),
    )


def begin_once(docterm: DocTerm, spec: TopicSpec, cache: StageCache, *, documents: pd.DataFrame) -> Begun | None:
    """
    Begin what `fit_once` and `refits_once` will be asked for, in processes beside this one.

    Returns
    -------
    Begun or None
        None where both are in the cache, where K is refused, the fit too small to be
        worth a process, or the engine needs more than counts.

    Raises
    ------
    InsufficientDataError
        If the texts carry no model.
    """
    try:
        check_k(spec.k, docterm)
    except UsageError:
        return None  # whoever asks for the fit is told
    if not worth_beginning(docterm, spec):
        return None
    shown = replace(spec, iterations=iterations_of(docterm, spec))
    keys = {"topics": _key(docterm, spec, documents), "refits": _key(docterm, shown, documents)}
    missing = [name for name, key in keys.items() if cache.find(name, key, load=lambda _: True) is None]
    return Begun(docterm, shown, missing) if missing else None


def drift_once(
    docterm: DocTerm, spec: TopicSpec, cache: StageCache, progress: Progress, *, documents: pd.DataFrame, refits: int
) -> Drift:
    """
    Say how the words of topics move, or load what was found before.

    Parameters
    ----------
    docterm, spec, cache, documents
        As in `fit_once`, of a dynamic model.
    progress : callable
        Wraps the rounds of the first fit, then the others.
    refits : int
        Fits to halves of the documents, and as many with years dealt out anew.

    Raises
    ------
    UsageError, InsufficientDataError
    """
    own = frequent(docterm)
    slices = slices_of(own, documents, spec)
    fit = fit_once(docterm, spec, cache, progress, documents=documents)
    every = range(spec.seed + 1, spec.seed + refits + 1)
    dealt = [dealt_out(slices, own.doc_ids, seed=seed) for seed in every]
    single = replace(spec, engine="tomotopy")
    jobs = [
        *(partial(fit_over_time, own, spec, half_of(slices, own.doc_ids, seed=seed)) for seed in every),
        *(partial(fit_over_time, own, spec, given) for given in dealt),
        *(partial(fit_topics, own.rows(np.flatnonzero(slices.of_unit == row)), single) for row in slices.fitted),
    ]

    def make() -> Drift:
        fits = [job() for job in progress(jobs)]
        alone = {name: found.beta for name, found in zip(fit.groups, fits[2 * refits :], strict=True)}
        pairs = list(zip(fits[refits : 2 * refits], dealt, strict=True))
        return drift(fit, slices, halves=fits[:refits], dealt=pairs, alone=alone)

    return cache.get(
        "drift",
        digest(fit.doc_ids, slices.of_unit.tolist(), fit.beta.tolist(), asdict(fit.spec), refits),
        make=make,
        save=Drift.save,
        load=Drift.load,
    )


def _key(docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame) -> str:
    """Hash all that a fit depends on."""
    parts = (docterm.counts.indptr, docterm.counts.indices, docterm.counts.data)
    counts = [sha256(np.asarray(part, dtype="<i8").tobytes()).hexdigest() for part in parts]
    known: list[object] = []
    if spec.engine == "dynamic":
        slices = slices_of(frequent(docterm), documents, spec)
        known = [slices.table["slice"].tolist(), slices.of_unit.tolist()]
    elif spec.engine not in ENGINES:
        given = covariates(docterm, spec, documents)
        design = None if given.prevalence is None else given.prevalence.tolist()
        known = [given.known.tolist(), design, given.content]
    return digest(docterm.terms, docterm.doc_ids, docterm.passages, counts, asdict(spec), known)
