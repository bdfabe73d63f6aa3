"""LDA by tomotopy: collapsed Gibbs sampling in compiled code, the last rounds averaged.

One state of the sampler is one guess at which word belongs to which topic. The
mean over several states, taken some rounds apart when the sampler has settled,
is an estimate of the expected topics, and hangs less on where it stopped. One
worker, so that a seed gives the same result; nothing is stored in tomotopy's
own files.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
import tomotopy

from policy_themes.topics.fit import Progress
from policy_themes.topics.records import Factors, Matrix, TopicSpec

ALPHA, ETA = 0.1, 0.05
# States that are averaged, and rounds from one to the next.
STATES, APART = 5, 10
# Rounds between two looks at the clock.
STEP = 10


def fit(counts: sp.csr_array, spec: TopicSpec, progress: Progress) -> Factors:
    """
    Fit LDA by Gibbs sampling.

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    spec : TopicSpec
        ``iterations`` are rounds of sampling, those of the averaged states included.
    progress : callable

    Returns
    -------
    Factors

    References
    ----------
    Griffiths, T. & Steyvers, M. (2004). https://doi.org/10.1073/pnas.0307752101
    """
    model = tomotopy.LDAModel(k=spec.k, alpha=ALPHA, eta=ETA, seed=spec.seed)
    # The prior stays as it is: fitted to the corpus, it can take all words from a topic of a small one.
    model.optim_interval = 0
    feed(model, counts)
    rounds = spec.iterations or 1
    states = max(1, min(STATES, rounds // (2 * APART)))
    apart = min(APART, rounds)
    settle(model, rounds - states * apart, progress)
    found = average(model, counts.shape[1], [apart] * states)
    beta = found.beta + ETA
    return Factors(beta / beta.sum(axis=1, keepdims=True), found.gamma / found.gamma.sum(axis=1, keepdims=True))


def feed(model: tomotopy.LDAModel, counts: sp.csr_array) -> None:
    """Give a model the rows of counts; a word is the number of its column, as text."""
    bounds = counts.indptr.tolist()
    names = np.array([str(column) for column in range(counts.shape[1])], dtype=object)
    for first, last in pairwise(bounds):
        model.add_doc(np.repeat(names[counts.indices[first:last]], counts.data[first:last]).tolist())


def settle(model: tomotopy.LDAModel, rounds: int, progress: Progress) -> None:
    """Sample, looking up every few rounds so that progress is seen and Ctrl-C heard."""
    for done in progress(range(0, rounds, STEP)):
        model.train(min(STEP, rounds - done), workers=1)


def average(model: tomotopy.LDAModel, n_terms: int, apart: Sequence[int]) -> Factors:
    """
    Return the mean of several states of a sampler.

    Parameters
    ----------
    model : tomotopy.LDAModel
    n_terms : int
    apart : sequence of int
        Rounds before each state.

    Returns
    -------
    Factors
        Words counted in each topic, without the prior, and in each unit, with it.
    """
    words = np.zeros((model.k, n_terms))
    units: Matrix = np.zeros((len(model.docs), model.k))
    for rounds in apart:
        model.train(rounds, workers=1)
        columns = [int(name) for name in model.used_vocabs]
        words[:, columns] += [model.get_topic_word_dist(topic, normalize=False) for topic in range(model.k)]
        units += [document.get_topic_dist(normalize=False) for document in model.docs]
    words[:, columns] -= len(apart) * model.eta
    return Factors(np.maximum(words, 0) / len(apart), units / len(apart))
