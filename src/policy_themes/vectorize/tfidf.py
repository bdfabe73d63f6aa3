"""TF-IDF of documents, and of groups as the mean of their documents.

The inverse document frequency is taken over documents, never over group
totals: over groups, words that every group uses most come out on top. A group
is the mean of its documents' vectors, each of length one, so that a long
document weighs no more than a short one.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import scipy.sparse as sp

from policy_themes.schema import conform
from policy_themes.vectorize.counts import DocTerm


def document_weights(docterm: DocTerm) -> sp.csr_array:
    """
    Weight the terms of each document.

    Returns
    -------
    csr_array of shape (n_docs, n_terms)
        ``1 + log(count)`` times ``log((1 + n) / (1 + df)) + 1``, rows of
        Euclidean length one (a row without terms stays zero). The logarithm of
        the count keeps the words that every long report repeats a hundred
        times (建设, 发展) from drowning what only some of them say.

    References
    ----------
    Sparck Jones, K. (1972). https://doi.org/10.1108/eb026526
    """
    from sklearn.feature_extraction.text import TfidfTransformer  # over a second to import

    return sp.csr_array(TfidfTransformer(sublinear_tf=True, smooth_idf=True, norm="l2").fit_transform(docterm.counts))


def term_weights(
    docterm: DocTerm, groups: Mapping[str, str], *, by: str, top: int = 10, min_docs: int = 2
) -> pd.DataFrame:
    """
    Return the terms that weigh most in each group of documents.

    Parameters
    ----------
    docterm : DocTerm
        Rows are documents.
    groups : mapping of doc_id to group
        Documents that are not in it are left out (their year or region is unknown).
    by : str
        Name of the grouping, for the table.
    top : int, default 10
        Terms a group.
    min_docs : int, default 2
        A term must stand in so many documents of the group, or in all of them
        where the group has fewer.

    Returns
    -------
    DataFrame
        Table ``term_weights``; ``n_group`` is the term's count in the group.
    """
    weights = document_weights(docterm)
    counts = docterm.counts
    doc_freqs = np.asarray((counts > 0).sum(axis=0)).ravel()
    records: list[Mapping[str, object]] = []
    for group in sorted({groups[doc_id] for doc_id in docterm.doc_ids if doc_id in groups}):
        rows = [row for row, doc_id in enumerate(docterm.doc_ids) if groups.get(doc_id) == group]
        mean = np.asarray(weights[rows].mean(axis=0)).ravel()
        in_docs = np.asarray((counts[rows] > 0).sum(axis=0)).ravel()
        in_group = np.asarray(counts[rows].sum(axis=0)).ravel()
        mean = np.where(in_docs >= min(min_docs, len(rows)), mean, 0.0)
        # Ties are settled by the term, so that no order of documents shows.
        order = np.lexsort((np.arange(len(mean)), -mean.round(12)))[:top]
        records += [
            {
                "by": by,
                "group": group,
                "language": docterm.language,
                "term": docterm.terms[term],
                "tf_idf": float(mean[term]),
                "n_group": int(in_group[term]),
                "n_docs_group": int(in_docs[term]),
                "n_docs": int(doc_freqs[term]),
                "rank": rank,
            }
            for rank, term in enumerate(order, start=1)
            if mean[term] > 0
        ]
    return conform(records, "term_weights")
