"""LDA by gensim, started where it can succeed.

Started at random with gensim's defaults, LDA does not recover topics that were
planted in a corpus; started from a non-negative matrix factorisation of the
same counts it does (a test plants topics and looks for them). The whole corpus
is one batch, so nothing depends on the order of the passages but the sums.
`LdaMulticore` is not used: its result hangs on how fast its processes are.
"""

from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from gensim.models import LdaModel

from policy_themes.topics.engines.nmf import STEP, factorise
from policy_themes.topics.fit import Progress, default_iterations
from policy_themes.topics.records import Factors, TopicSpec


def fit(counts: sp.csr_array, spec: TopicSpec, progress: Progress) -> Factors:
    """
    Fit LDA by variational inference.

    Parameters
    ----------
    counts : csr_array of shape (n_units, n_terms)
        No row is empty.
    spec : TopicSpec
        ``iterations`` are passes over the corpus.
    progress : callable

    Returns
    -------
    Factors

    References
    ----------
    Hoffman, M., Blei, D. & Bach, F. (2010). Online learning for latent
    Dirichlet allocation. NIPS 23.
    """
    corpus = _bags(counts)
    model = LdaModel(
        id2word={term: str(term) for term in range(counts.shape[1])},
        num_topics=spec.k,
        chunksize=len(corpus),
        decay=0.5,
        offset=1.0,
        iterations=60,
        gamma_threshold=1e-3,
        random_state=spec.seed,
        alpha=[min(0.5, 5.0 / spec.k)] * spec.k,
        eta=0.01,
        dtype=np.float64,
    )
    start = range(default_iterations("nmf", int(counts.sum())) // STEP)
    _, components = factorise(counts, spec.k, spec.seed, progress(start))
    components = components + 1e-12
    model.state.sstats = components / components.sum(axis=1, keepdims=True) * (float(counts.sum()) / spec.k)
    model.sync_state()
    for _ in progress(range(spec.iterations or 1)):
        # One chunk and counters at zero: each pass is one step of batch inference, of full weight.
        model.num_updates = model.state.numdocs = 0
        model.update(corpus, passes=1, update_every=0)
    gamma, _ = model.inference(corpus)
    beta = model.get_topics().astype(np.float64)
    return Factors(beta / beta.sum(axis=1, keepdims=True), gamma / gamma.sum(axis=1, keepdims=True))


def _bags(counts: sp.csr_array) -> list[list[tuple[int, int]]]:
    """Return the rows in gensim's form."""
    bounds, terms, numbers = counts.indptr.tolist(), counts.indices.tolist(), counts.data.tolist()
    return [list(zip(terms[first:last], numbers[first:last], strict=True)) for first, last in pairwise(bounds)]
