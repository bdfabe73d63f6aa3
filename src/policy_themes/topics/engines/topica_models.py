"""The structural topic model and keyATM by topica, the one place that knows it.

It is young: pinned exactly, and held against R's results by tests. It is
always given words, as numbers of their columns (its own tokenizer keeps whole
Chinese clauses together), and one thread, so that a seed gives the same result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.errors import UsageError
from policy_themes.topics.fit import Progress
from policy_themes.topics.records import Matrix

# Nothing is impossible: a word that a topic never had keeps this share.
FLOOR = 1e-12
# The prior of keyATM is fitted to the formula that often, after a fifth of the rounds; in topica these are numbers of
# rounds (200 and then every 50), so that a short fit would never come to it.
BURN_IN, UPDATES = 5, 20


@dataclass(frozen=True)
class Structural:
    """
    What a structural model finds.

    Attributes
    ----------
    beta, gamma : ndarray
        As in `Factors`.
    mean : ndarray of shape (n_units, k - 1)
        Of the posterior of log-proportions against the last topic.
    covariance : ndarray of shape (n_units, k - 1, k - 1)
    wording : ndarray of shape (n_groups, k, n_terms) or None
    groups : tuple of str
    rounds : int
    """

    beta: Matrix
    gamma: Matrix
    mean: Matrix
    covariance: NDArray[np.float32]
    wording: Matrix | None
    groups: tuple[str, ...]
    rounds: int


@dataclass(frozen=True)
class Seeded:
    """
    What keyATM finds: topics with keywords first, in their order.

    Attributes
    ----------
    beta, gamma : ndarray
        As in `Factors`.
    draws : ndarray of shape (n_draws, n_units, k)
        Proportions in several states of the sampler.
    """

    beta: Matrix
    gamma: Matrix
    draws: NDArray[np.float32]


def library() -> Any:  # noqa: ANN401  # a module that may be missing
    """
    Return topica.

    Raises
    ------
    UsageError
        With the command that installs it.
    """
    try:
        return import_module("topica")
    except ImportError as error:
        raise UsageError(
            "Structural, seeded and dynamic models need the package topica, which is not installed.",
            hint="pip install 'policy-themes[structural]'",
        ) from error


def structural(
    counts: sp.csr_array,
    k: int,
    *,
    prevalence: Matrix | None,
    content: Sequence[str] | None,
    rounds: int,
    seed: int,
    progress: Progress = iter,
) -> Structural:
    """
    Fit the structural topic model, started from the words' co-occurrences (spectral).

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    k : int
    prevalence : ndarray of shape (n_units, n_columns), optional
    content : sequence of str, optional
        The group of each unit.
    rounds : int
        The most that are made; it ends where its bound changes by less than 1e-5.
    seed : int
    progress : callable

    References
    ----------
    Roberts, M., Stewart, B. & Airoldi, E. (2016). https://doi.org/10.1080/01621459.2016.1141684
    """
    model = library().STM(k, seed=seed, init="spectral")
    model.fit(
        words_of(counts), prevalence, content=content, iters=rounds, num_threads=1,
        progress=told(progress(range(rounds))),
    )  # fmt: skip
    columns, shape = columns_of(model), (k, counts.shape[1])
    wording = None
    if content is not None:
        wording = np.stack([spread(part, columns, shape) for part in np.moveaxis(model.topic_word_by_group, 1, 0)])
    return Structural(
        beta=spread(model.topic_word, columns, shape),
        gamma=np.asarray(model.doc_topic, dtype=np.float64),
        mean=np.asarray(model.eta_mean, dtype=np.float64),
        covariance=np.asarray(model.eta_cov, dtype=np.float32),
        wording=wording,
        groups=tuple(model.groups) if content is not None else (),
        rounds=len(model.bound_history),
    )


def seeded(
    counts: sp.csr_array,
    k: int,
    keywords: Mapping[str, Sequence[int]],
    *,
    prevalence: Matrix | None,
    rounds: int,
    seed: int,
    progress: Progress = iter,
) -> Seeded:
    """
    Fit keyATM: topics that have keywords, and free ones.

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    k : int
        Topics in all.
    keywords : mapping of theme to columns
    prevalence : ndarray of shape (n_units, n_columns), optional
        The Dirichlet prior of a unit is the exponential of a linear function of them.
    rounds, seed, progress
        As in `structural`; all rounds are made.

    References
    ----------
    Eshima, S., Imai, K. & Sasaki, T. (2024). https://doi.org/10.1111/ajps.12779
    """
    named = {theme: [str(column) for column in columns] for theme, columns in keywords.items()}
    model = library().KeyATM(named, num_topics=k, seed=seed, num_threads=1)
    model.fit(
        words_of(counts), covariates=prevalence, iters=rounds, burn_in=rounds // BURN_IN,
        optimize_interval=max(1, rounds // UPDATES), num_threads=1, progress=told(progress(range(rounds))),
    )  # fmt: skip
    return Seeded(
        beta=spread(model.topic_word, columns_of(model), (k, counts.shape[1])),
        gamma=np.asarray(model.doc_topic, dtype=np.float64),
        draws=np.asarray(model.theta_draws, dtype=np.float32),
    )


def words_of(counts: sp.csr_array) -> list[list[str]]:
    """Return the rows as lists of words, a word being the number of its column."""
    names = np.array([str(column) for column in range(counts.shape[1])], dtype=object)
    words = np.repeat(names[counts.indices], counts.data)
    ends = np.concatenate([[0], np.cumsum(counts.data)])[counts.indptr].tolist()
    return [words[first:last].tolist() for first, last in pairwise(ends)]


def columns_of(model: Any) -> list[int]:  # noqa: ANN401  # either model
    """Return the column of each word of a model."""
    return [int(word) for word in model.vocabulary]


def spread(found: Matrix, columns: list[int], shape: tuple[int, int]) -> Matrix:
    """Return a model's topics over all columns."""
    beta: Matrix = np.full(shape, FLOOR)
    beta[:, columns] += found
    return np.asarray(beta / beta.sum(axis=1, keepdims=True))


def told(steps: Any) -> Callable[..., None]:  # noqa: ANN401  # what a progress bar wraps
    """Return what a model calls after a round."""
    left = iter(steps)
    seen = 0

    def tell(done: int, *_: object) -> None:
        nonlocal seen
        while seen < done:
            next(left, None)
            seen += 1

    return tell
