"""One function for every engine: counts and a spec in, a `TopicFit` out.

Which words a row holds decides whether it takes part: a row without a known
word has no proportions, whatever an engine's prior would give it. Topics come
in descending order of the words they account for, so that topic 1 is the
largest whoever fitted it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from policy_themes.config import MOST_TOPICS
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics.records import ENGINES, Engine, Factors, TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm

Progress = Callable[[Iterable[Any]], Iterable[Any]]
FEWEST_PASSAGES = 10
PASSAGES_A_TOPIC = 5
# Modules by name: an engine's library is loaded when it is used.
MODULES = {"gensim": "gensim_lda", "tomotopy": "tomotopy_lda", "nmf": "nmf"}
# Of an engine, the fewest and the most rounds; in between as many as make so many words seen: each round over a large
# corpus teaches more than one over a small one.
ROUNDS: Mapping[Engine, tuple[int, int]] = {"tomotopy": (200, 500), "gensim": (5, 10), "nmf": (50, 300)}
WORDS_SEEN: Mapping[Engine, int] = {"tomotopy": 100_000_000, "gensim": 10_000_000, "nmf": 100_000_000}


def default_k(n_passages: int) -> int:
    """
    Return the number of topics for a small corpus: one for five passages, at most 20.

    Examples
    --------
    >>> default_k(23), default_k(4000)
    (4, 20)
    """
    return max(2, min(20, n_passages // PASSAGES_A_TOPIC))


def default_iterations(engine: Engine, n_tokens: int) -> int:
    """
    Return how many rounds over the corpus an engine makes unless told.

    Examples
    --------
    >>> default_iterations("tomotopy", 50_000), default_iterations("tomotopy", 2_000_000)
    (500, 200)
    """
    fewest, most = ROUNDS[engine]
    return max(fewest, min(most, WORDS_SEEN[engine] // max(n_tokens, 1)))


def iterations_of(docterm: DocTerm, spec: TopicSpec) -> int:
    """Return how many rounds a fit to counts makes."""
    return spec.iterations or default_iterations(spec.engine, int(docterm.counts.sum()))


def check_k(k: int, docterm: DocTerm) -> None:
    """
    Refuse a corpus that is too small for any topic, and a K that is too large for it or for anybody.

    Only texts with a known word count.

    Raises
    ------
    InsufficientDataError, UsageError
    """
    units = "documents" if set(docterm.passages) == {-1} else "passages"
    check_sizes(
        k, int(np.count_nonzero(docterm.counts.sum(axis=1))), docterm.counts.shape[1], f"{docterm.language} {units}"
    )


def check_sizes(k: int, n_units: int, n_terms: int, units: str) -> None:
    """
    Refuse what `check_k` refuses, given the numbers.

    Parameters
    ----------
    k : int
    n_units, n_terms : int
        Texts with a known word; terms.
    units : str
        What they are, for the message: ``zh passages``.

    Raises
    ------
    InsufficientDataError, UsageError
    """
    language, _, plural = units.partition(" ")
    if n_units < FEWEST_PASSAGES or n_terms < FEWEST_PASSAGES:
        raise InsufficientDataError(
            f"A topic model needs at least {FEWEST_PASSAGES} {plural} and as many terms; "
            f"there are {n_units} and {n_terms} in {language}.",
            hint="Add documents.",
        )
    if k > min(n_units, n_terms):
        raise UsageError(
            f"`k` = {k} topics cannot be told apart in {n_units} {plural} and {n_terms} terms.",
            hint=f"The largest sensible number here is {default_k(n_units)}.",
        )
    if k > MOST_TOPICS:
        raise UsageError(
            f"`k` = {k} topics would take very long to fit and to read; at most {MOST_TOPICS} are fitted.",
            hint=f"The largest sensible number here is {default_k(n_units)}.",
        )


def fit_topics(docterm: DocTerm, spec: TopicSpec, *, progress: Progress = iter) -> TopicFit:
    """
    Fit a topic model.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
    progress : callable, optional
        Wraps the rounds to show how far it is; what it raises ends the fit.

    Returns
    -------
    TopicFit
        Topics in descending order of prevalence.

    Raises
    ------
    InsufficientDataError, UsageError
        If the corpus is too small, or K is too large for it.
    """
    if spec.engine not in ENGINES:
        raise UsageError(f"The engine `{spec.engine}` needs more than counts.", hint=f"Here use {', '.join(ENGINES)}.")
    check_k(spec.k, docterm)
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    known = np.flatnonzero(n_tokens)
    made = replace(spec, iterations=iterations_of(docterm, spec))
    engine = import_module(f"policy_themes.topics.engines.{MODULES[spec.engine]}")
    # Sums of several threads differ in their last digits with the number of cores.
    with threadpool_limits(1):
        found: Factors = engine.fit(known_counts(docterm, known), made, progress)
    return in_order(docterm, made, found, known)


def known_counts(docterm: DocTerm, known: NDArray[np.intp]) -> sp.csr_array:
    """Return the rows that take part in a fit."""
    counts = sp.csr_array(docterm.counts[known])
    counts.sort_indices()
    return counts


def in_order(docterm: DocTerm, spec: TopicSpec, found: Factors, known: NDArray[np.intp]) -> TopicFit:
    """
    Return what an engine found as a fit of all rows, the largest topic first.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
    found : Factors
        Of the known rows.
    known : ndarray of int
        Rows that took part; the others have no proportions.
    """
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    order = np.argsort(-(found.gamma * n_tokens[known, None]).sum(axis=0), kind="stable")
    found = found.ordered(order)
    gamma = np.full((len(n_tokens), spec.k), np.nan)
    gamma[known] = found.gamma
    return TopicFit(
        beta=found.beta,
        gamma=gamma,
        n_tokens=n_tokens,
        terms=docterm.terms,
        doc_ids=docterm.doc_ids,
        passages=docterm.passages,
        language=docterm.language,
        spec=spec,
        draws=found.draws,
        wording=found.wording,
        groups=found.groups,
        themes=found.themes,
    )
