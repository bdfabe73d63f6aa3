"""The dynamic topic model by topica: slices of years in, the words of each topic in each slice out.

tomotopy has one too; given the same planted topics, its sampler misses some of
them at every learning rate tried (a test shows it). A slice without documents stays a step of the chain: it
gets one document without a word, so that the years around it are as far apart
as they are, and nothing is observed in it.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.topics.engines.topica_models import columns_of, library, spread, told, words_of
from policy_themes.topics.fit import Progress
from policy_themes.topics.records import Matrix

# How far the logarithm of a word's probability may move from one slice to the next (as a variance). At topica's own
# .005 half of a planted movement is smoothed away; a test holds both.
VARIANCE = 0.05
ALPHA = 0.1


@dataclass(frozen=True)
class Dynamic:
    """
    What a dynamic model finds.

    Attributes
    ----------
    wording : ndarray of shape (n_slices, k, n_terms)
        Probability of each term in each topic in each slice; rows sum to one.
    gamma : ndarray of shape (n_units, k)
    rounds : int
    """

    wording: Matrix
    gamma: Matrix
    rounds: int


def dynamic(
    counts: sp.csr_array,
    k: int,
    slices: NDArray[np.int64],
    *,
    rounds: int,
    seed: int,
    variance: float = VARIANCE,
    progress: Progress = iter,
) -> Dynamic:
    """
    Fit the dynamic topic model, started from the words' co-occurrences (spectral).

    Started at random it loses a topic for some seeds.

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    k : int
    slices : ndarray of int, shape (n_units,)
        From 0; numbers that are left out are slices without documents.
    rounds : int
        The most that are made; it ends where its bound hardly changes.
    seed : int
    variance : float
    progress : callable

    References
    ----------
    Blei, D. & Lafferty, J. (2006). Dynamic topic models. ICML 23. https://doi.org/10.1145/1143844.1143859
    """
    gaps = sorted(set(range(int(slices.max()) + 1)) - set(slices.tolist()))
    step, made = told(progress(range(rounds))), 0

    def tell(done: int, *_: object) -> None:
        nonlocal made
        made = done
        step(done)

    model = library().DTM(k, alpha=ALPHA, chain_variance=variance, init="spectral", seed=seed)
    model.fit([*words_of(counts), *([] for _ in gaps)], [*slices.tolist(), *gaps], iters=rounds, progress=tell)
    columns, shape = columns_of(model), (k, counts.shape[1])
    wording = np.stack([spread(np.asarray(model.topic_word(step)), columns, shape) for step in range(model.num_times)])
    gamma = np.asarray(model.doc_topic, dtype=np.float64)[: counts.shape[0]]
    return Dynamic(wording, gamma / gamma.sum(axis=1, keepdims=True), made)
