"""The dynamic topic model: topics whose words move from slice to slice."""

from dataclasses import replace

import numpy as np

from policy_themes.topics.engines import topica_dynamic
from policy_themes.topics.engines.topica_models import library
from policy_themes.topics.fit import Progress, check_k, in_order, known_counts
from policy_themes.topics.records import Factors, TopicFit, TopicSpec
from policy_themes.topics.slices import Slices
from policy_themes.vectorize.counts import DocTerm

ROUNDS = 20  # the most; it ends where nothing changes


def fit_over_time(docterm: DocTerm, spec: TopicSpec, slices: Slices, *, progress: Progress = iter) -> TopicFit:
    """
    Fit the dynamic topic model.

    Parameters
    ----------
    docterm : DocTerm
        Of the most frequent terms: each has a path in every topic, which takes its time.
    spec : TopicSpec
    slices : Slices
        Of the same units.
    progress : callable, optional
        Wraps the rounds.

    Returns
    -------
    TopicFit
        `groups` are the fitted slices, `wording` the words of each topic in each, `beta` their
        mean by the words of the topic in it.

    Raises
    ------
    UsageError
        If topica is not installed; as in `fit_topics`.
    InsufficientDataError

    References
    ----------
    Blei, D. & Lafferty, J. (2006). https://doi.org/10.1145/1143844.1143859
    """
    library()
    check_k(spec.k, docterm)
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    known, rows = np.flatnonzero(slices.of_unit >= 0), slices.fitted
    own = slices.of_unit[known]
    # Slices before the first that is fitted, or after the last, are no steps between anything.
    found = topica_dynamic.dynamic(
        known_counts(docterm, known), spec.k, own - rows[0], rounds=spec.iterations or ROUNDS, seed=spec.seed,
        progress=progress,
    )  # fmt: skip
    wording = found.wording[[row - rows[0] for row in rows]]
    words = np.stack([(found.gamma * n_tokens[known, None])[own == row].sum(axis=0) for row in rows])
    beta = np.einsum("sk,skn->kn", words / words.sum(axis=0), wording)
    factors = Factors(beta, found.gamma, wording=wording, groups=tuple(slices.table["slice"].iloc[rows]))
    return in_order(docterm, replace(spec, iterations=found.rounds), factors, known)
