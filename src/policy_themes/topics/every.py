"""Every engine by one call, whether it needs counts only or the documents' columns too."""

import pandas as pd

from policy_themes.topics.fit import Progress, fit_topics
from policy_themes.topics.over_time import fit_over_time
from policy_themes.topics.records import TopicFit, TopicSpec
from policy_themes.topics.seeded import fit_seeded
from policy_themes.topics.slices import frequent, slices_of
from policy_themes.topics.structural import fit_structural
from policy_themes.vectorize.counts import DocTerm


def fit_any(docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame, *, progress: Progress = iter) -> TopicFit:
    """
    Fit a topic model by the engine that its spec names.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
    documents : DataFrame
        ``doc_id`` and the columns that a formula may name; `year` for a dynamic model.
    progress : callable, optional
        Wraps the rounds.

    Raises
    ------
    InsufficientDataError, UsageError
        As in `fit_topics`, `fit_structural`, `fit_seeded` and `slices_of`.

    Examples
    --------
    >>> import numpy as np, scipy.sparse as sp
    >>> counts = np.kron(np.eye(2, dtype=int), np.full((6, 5), 3))
    >>> texts = DocTerm(sp.csr_array(counts), tuple("abcdefghij"), tuple("mnopqrstuvwx"), (-1,) * 12, "en")
    >>> documents = pd.DataFrame({"doc_id": list(texts.doc_ids)})
    >>> fit = fit_any(texts, TopicSpec(2, engine="nmf"), documents)
    >>> sorted(fit.gamma.argmax(axis=1)[[0, 6]].tolist())
    [0, 1]
    """
    if spec.engine == "dynamic":
        own = frequent(docterm)
        return fit_over_time(own, spec, slices_of(own, documents, spec), progress=progress)
    if spec.engine == "structural":
        return fit_structural(docterm, spec, documents, progress=progress)
    if spec.engine == "seeded":
        return fit_seeded(docterm, spec, documents, progress=progress)
    return fit_topics(docterm, spec, progress=progress)
