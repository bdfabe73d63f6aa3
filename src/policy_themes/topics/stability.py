"""Does another seed give the same topics? The one question that a single fit cannot answer.

Topics of two fits are matched one to one (Hungarian method) by the cosine of
what their words have beyond the words of all topics. (Without taking these off,
topics of nothing, each of them the language as a whole, would be most alike.)
A topic that other seeds do not find again says more about the seed than about
the texts. The opposite that must show up as such is the same text with its
words dealt out anew: every text as long and every word as frequent as before,
and no topics in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.topics.quality import top_terms
from policy_themes.topics.records import Matrix
from policy_themes.vectorize.counts import DocTerm

# Below it the size of a topic is not identified: its trend shrinks with it.
STABLE = 0.90
NOTHING = 1e-300


@dataclass(frozen=True)
class Match:
    """
    The topics of one fit beside those of another.

    Attributes
    ----------
    other : ndarray of int, shape (k,)
        Which topic of the other fit each topic is matched with.
    cosine : ndarray of shape (k,)
        Of their probabilities of words, less the mean of all topics of both fits.
    jaccard : ndarray of shape (k,)
        Share of their first ten words that both have.
    """

    other: NDArray[np.int64]
    cosine: Matrix
    jaccard: Matrix


@dataclass(frozen=True)
class Stability:
    """
    How well topics are found again.

    Attributes
    ----------
    reference : int
        The fit that resembles the others most (medoid); -1 where one was given.
    cosine, jaccard : ndarray of shape (k,)
        Of each topic of the reference, mean over the fits.
    mean_cosine, mean_jaccard : float
        Over all pairs of fits.
    """

    reference: int
    cosine: Matrix
    jaccard: Matrix
    mean_cosine: float
    mean_jaccard: float

    @property
    def stable(self) -> NDArray[np.bool_]:
        """Tell which topics are found again."""
        return self.cosine >= STABLE


def match(one: Matrix, other: Matrix) -> Match:
    """
    Match the topics of two fits of the same terms.

    Examples
    --------
    >>> found = match(np.array([[0.9, 0.1, 0.0], [0.0, 0.1, 0.9]]), np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))
    >>> found.other.tolist(), found.cosine.round(3).tolist()
    ([1, 0], [0.983, 0.983])
    """
    from scipy.optimize import linear_sum_assignment  # a quarter of a second to import

    common = (one.mean(axis=0) + other.mean(axis=0)) / 2
    own, its = one - common, other - common
    lengths = [np.linalg.norm(beta, axis=1) for beta in (own, its)]
    cosines = own @ its.T / np.maximum(np.outer(*lengths), NOTHING)
    _, chosen = linear_sum_assignment(-cosines)
    first, second = (top_terms(beta).tolist() for beta in (one, other))
    pairs = [(set(words), set(second[place])) for words, place in zip(first, chosen, strict=True)]
    jaccard = np.array([len(these & those) / len(these | those) for these, those in pairs])
    return Match(chosen, cosines[np.arange(len(one)), chosen], jaccard)


def stability(fits: Sequence[Matrix], *, reference: Matrix | None = None) -> Stability:
    """
    Compare fits that differ by their seed.

    Parameters
    ----------
    fits : sequence of ndarray of shape (k, n_terms)
        At least two.
    reference : ndarray of shape (k, n_terms), optional
        The fit that is shown; without it the one that resembles the others most.

    References
    ----------
    Maier, D. et al. (2018). https://doi.org/10.1080/19312458.2018.1430754
    Rieger, J., Jentsch, C. & Rahnenführer, J. (2024). https://doi.org/10.7717/peerj-cs.2279
    """
    pairs = {(one, other): match(fits[one], fits[other]) for one, other in combinations(range(len(fits)), 2)}
    totals = np.zeros(len(fits))
    for (one, other), found in pairs.items():
        totals[[one, other]] += found.cosine.mean()
    medoid = -1 if reference is not None else int(totals.argmax())
    shown = fits[medoid] if reference is None else reference
    against = [match(shown, other) for number, other in enumerate(fits) if number != medoid]
    return Stability(
        reference=medoid,
        cosine=np.mean([found.cosine for found in against], axis=0),
        jaccard=np.mean([found.jaccard for found in against], axis=0),
        mean_cosine=float(np.mean([found.cosine.mean() for found in pairs.values()])),
        mean_jaccard=float(np.mean([found.jaccard.mean() for found in pairs.values()])),
    )


def shuffled(docterm: DocTerm, *, seed: int = 1) -> DocTerm:
    """
    Deal the words of all texts out anew.

    Examples
    --------
    >>> texts = DocTerm(sp.csr_array([[3, 0], [0, 2]]), ("a", "b"), ("x", "y"), (-1, -1), "en")
    >>> dealt = shuffled(texts).counts
    >>> dealt.sum(axis=1).tolist(), dealt.sum(axis=0).tolist()
    ([3, 2], [3, 2])
    """
    counts = docterm.counts
    words = np.random.default_rng(seed).permutation(np.repeat(counts.indices, counts.data))
    texts = np.repeat(np.arange(counts.shape[0]), np.asarray(counts.sum(axis=1)).ravel())
    ones = np.ones(len(words), dtype=np.int64)
    dealt = sp.csr_array(sp.coo_array((ones, (texts, words)), shape=counts.shape))
    dealt.sum_duplicates()
    return DocTerm(dealt, docterm.terms, docterm.doc_ids, docterm.passages, docterm.language)
