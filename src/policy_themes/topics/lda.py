"""LDA by gensim, started where it can succeed.

Started at random with gensim's defaults, LDA does not recover topics that were
planted in a corpus; started from a non-negative matrix factorisation of the
same counts it does (a test plants topics and looks for them). The whole corpus
is one batch, so nothing depends on the order of the passages but the sums.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics.records import LdaSpec, TopicFit
from policy_themes.vectorize.counts import DocTerm

FEWEST_PASSAGES = 10
PASSAGES_A_TOPIC = 5


def default_k(n_passages: int) -> int:
    """
    Return the number of topics for a small corpus: one for five passages, at most 20.

    Examples
    --------
    >>> default_k(23), default_k(4000)
    (4, 20)
    """
    return max(2, min(20, n_passages // PASSAGES_A_TOPIC))


def check_k(k: int, docterm: DocTerm) -> None:
    """
    Refuse a corpus that is too small for any topic, and a K that is too large for it.

    Raises
    ------
    InsufficientDataError, UsageError
    """
    n_passages, n_terms = docterm.counts.shape
    if n_passages < FEWEST_PASSAGES or n_terms < FEWEST_PASSAGES:
        raise InsufficientDataError(
            f"A topic model needs at least {FEWEST_PASSAGES} passages and as many terms; "
            f"there are {n_passages} and {n_terms} in {docterm.language}.",
            hint="Add documents.",
        )
    if k > min(n_passages, n_terms):
        raise UsageError(
            f"`k` = {k} topics cannot be told apart in {n_passages} passages and {n_terms} terms.",
            hint=f"The largest sensible number here is {default_k(n_passages)}.",
        )


def fit_lda(docterm: DocTerm, spec: LdaSpec, *, progress: Callable[[range], Iterable[int]] = iter) -> TopicFit:
    """
    Fit LDA to passages.

    Parameters
    ----------
    docterm : DocTerm
        Rows are passages.
    spec : LdaSpec
    progress : callable, optional
        Wraps the passes to show how far it is.

    Returns
    -------
    TopicFit
        Topics in descending order of prevalence.

    Raises
    ------
    InsufficientDataError, UsageError
        If the corpus is too small, or K is too large for it.

    References
    ----------
    Hoffman, M., Blei, D. & Bach, F. (2010). Online learning for latent
    Dirichlet allocation. NIPS 23. Cichocki, A. & Phan, A. (2009).
    https://doi.org/10.1587/transfun.E92.A.708
    """
    check_k(spec.k, docterm)
    known = np.asarray(docterm.counts.sum(axis=1)).ravel() > 0
    corpus = _bags(docterm, known)
    model = _started_model(docterm, known, spec)
    for _ in progress(range(spec.passes)):
        # One chunk and counters at zero: each pass is one step of batch inference, of full weight.
        model.num_updates = model.state.numdocs = 0
        model.update(corpus, passes=1, update_every=0)
    weights, _ = model.inference(corpus)
    gamma = np.full((len(known), spec.k), np.nan)
    gamma[known] = weights / weights.sum(axis=1, keepdims=True)
    beta = model.get_topics().astype(np.float64)
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    order = np.argsort(-np.nansum(gamma * n_tokens[:, None], axis=0), kind="stable")
    return TopicFit(
        beta=beta[order] / beta[order].sum(axis=1, keepdims=True),
        gamma=gamma[:, order],
        n_tokens=n_tokens,
        terms=docterm.terms,
        doc_ids=docterm.doc_ids,
        passages=docterm.passages,
        language=docterm.language,
        spec=spec,
    )


def _bags(docterm: DocTerm, known: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Return passages with a known word in gensim's form."""
    counts = docterm.counts
    counts.sort_indices()
    return [
        [
            (int(counts.indices[place]), int(counts.data[place]))
            for place in range(counts.indptr[row], counts.indptr[row + 1])
        ]
        for row in np.flatnonzero(known)
    ]


def _started_model(docterm: DocTerm, known: NDArray[np.bool_], spec: LdaSpec):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Return a gensim model whose topics are the components of an NMF (gensim has no types)."""
    from gensim.models import LdaModel

    model = LdaModel(
        id2word=dict(enumerate(docterm.terms)),
        num_topics=spec.k,
        chunksize=max(1, int(known.sum())),
        decay=0.5,
        offset=1.0,
        iterations=60,
        gamma_threshold=1e-3,
        random_state=spec.seed,
        alpha=[min(0.5, 5.0 / spec.k)] * spec.k,
        eta=0.01,
        dtype=np.float64,
    )
    components = _nmf(docterm, known, spec)
    total = float(docterm.counts.sum())
    model.state.sstats = components * (total / spec.k)
    model.sync_state()
    return model


def _nmf(docterm: DocTerm, known: NDArray[np.bool_], spec: LdaSpec) -> NDArray[np.float64]:
    """Factorise the counts; rows of the result sum to one."""
    from sklearn.decomposition import NMF

    model = NMF(
        spec.k, init="nndsvda", solver="mu", beta_loss="kullback-leibler", max_iter=300, tol=1e-4,
        random_state=spec.seed,
    )  # fmt: skip
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # A start need not have converged.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(docterm.counts[np.flatnonzero(known)].astype(np.float64))
    components = np.asarray(model.components_, dtype=np.float64) + 1e-12
    return np.asarray(components / components.sum(axis=1, keepdims=True))
