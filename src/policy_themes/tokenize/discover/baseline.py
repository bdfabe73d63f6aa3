"""gensim's own score of two words as a phrase, shown beside the proposals."""

import numpy as np
from numpy.typing import NDArray

# Of normalised pointwise mutual information, -1 to 1: half of what is possible.
THRESHOLD = 0.5


def phrase_scores(
    first: NDArray[np.int64], second: NDArray[np.int64], both: NDArray[np.int64], total: int
) -> NDArray[np.float64]:
    """
    Score pairs of words as gensim's ``Phrases(scoring="npmi", threshold=0.5)`` does.

    ``Phrases`` itself counts in a dict of str, which takes minutes and hundreds
    of megabytes; its scorer takes the counts that are there.

    Parameters
    ----------
    first, second, both : ndarray of int, shape (n_pairs,)
        How often each word and the pair occur.
    total : int
        All words.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Not a number where it would not join them.

    References
    ----------
    https://radimrehurek.com/gensim/models/phrases.html

    Examples
    --------
    >>> phrase_scores(np.array([4, 9]), np.array([4, 9]), np.array([4, 1]), 100).tolist()
    [1.0, nan]
    """
    from gensim.models.phrases import npmi_scorer

    scores = np.array(
        [npmi_scorer(one, other, pair, 0, 1, total) for one, other, pair in zip(first, second, both, strict=True)],
        np.float64,
    )
    return np.where(scores > THRESHOLD, scores, np.nan)
