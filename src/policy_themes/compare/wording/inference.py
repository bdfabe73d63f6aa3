"""Which test of a difference the documents can carry, or the reason why they carry none.

What is dealt out decides what a p-value says. Documents: the two sides are
samples of documents, alike within a stratum. Blocks (whole years, whole
regions): what happens in a year happens to all its documents, so years change
sides, not documents. One block against the rest: every other block of about
its size takes its place in turn (a placebo); no error that is clustered by
region is ever computed, because with one region on a side there is none.

The bounds come from simulations with words that cluster in documents: within
them at most 6 % of nothings are called something at .05 (`tests/test_contrast.py`).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.wording.permutation import (
    Booleans,
    Integers,
    dealings,
    indicator,
    permutation_test,
    placebos,
    unequal_spread,
)

# Fewer observations on a side carry no p-value; up to APPROXIMATE it is named so.
FEWEST, APPROXIMATE = 8, 20
# How much more one side may vary than the other, with a side below APPROXIMATE and from there on.
UNEQUAL = (1.15, 1.25)
# Beyond this ratio of numbers only a greater spread of the smaller side does harm.
BALANCED = 1.5
# A placebo has from half to twice as many documents as what it stands for.
ALIKE = 2.0


@dataclass(frozen=True)
class Judged:
    """
    The p-values of all terms, or why there are none.

    Attributes
    ----------
    p, p_adjusted : ndarray of shape (n_terms,) or None
        Of the test alone, and of the largest difference of all these terms.
    method : str
        What was dealt out, how often, and whether it is approximate; "" where nothing was tested.
    refused : str
        The reason, or "".
    """

    p: Floats | None = None
    p_adjusted: Floats | None = None
    method: str = ""
    refused: str = ""


def judge(
    rates: sp.csr_array,
    side: Booleans,
    strata: Integers,
    *,
    blocks: Integers | None = None,
    what: str = "blocks",
    columns: Integers | None = None,
    n: int = 499,
    seed: int = 1,
) -> Judged:
    """
    Test the terms of two sides as far as their documents allow.

    Parameters
    ----------
    rates : csr_array of shape (n_docs, n_terms)
        Occurrences by length. Documents in an order that does not depend on where they lie.
    side : ndarray of bool, shape (n_docs,)
    strata : ndarray of int, shape (n_docs,)
        Like is compared with like: year × institution.
    blocks : ndarray of int, shape (n_docs,), optional
        The year or region of each document, where those and not documents are dealt out.
    what : str, default "blocks"
        Their name, for the method.
    columns : ndarray of int, optional
        Terms that are tested; by default all. Whether both sides vary alike is always told by all.
    n : int, default 499
        Dealings.
    seed : int, default 1

    Returns
    -------
    Judged

    Examples
    --------
    >>> rates = sp.csr_array(np.ones((9, 1)))
    >>> judge(rates, np.arange(9) < 3, np.zeros(9, int)).refused
    'too few: 3 documents on one side, 8 are needed'
    """
    tested = np.arange(rates.shape[1]) if columns is None else columns
    if blocks is None:
        observed = _telling(_Observed(rates, side, strata))
        return _dealt(observed, tested, "documents", n=n, seed=seed)
    if set(blocks[side].tolist()) & set(blocks[~side].tolist()):
        return Judged(refused=f"{what} have documents on both sides")
    many = [len(np.unique(blocks[own])) for own in (side, ~side)]
    if min(many) > 1:
        return _dealt(_collapsed(_Observed(rates, side, strata), blocks), tested, what, n=n, seed=seed)
    if max(many) == 1:
        return Judged(refused="one against one: nothing shows how much they differ anyway")
    alone = side if many[0] == 1 else ~side
    return _placebo(rates[:, tested], strata, blocks, int(blocks[alone][0]), what)


@dataclass(frozen=True)
class _Observed:
    """What is dealt out: rates (n, n_terms), side and stratum of each."""

    rates: sp.csr_array
    side: Booleans
    strata: Integers


def _telling(observed: _Observed) -> _Observed:
    """Return the documents whose stratum has some of both sides; the others say nothing."""
    side, strata = observed.side, observed.strata
    shares = np.bincount(strata, side) / np.maximum(np.bincount(strata), 1)
    telling = ((shares > 0) & (shares < 1))[strata]
    _, own = np.unique(strata[telling], return_inverse=True)
    return _Observed(observed.rates[telling], side[telling], own)


def _collapsed(observed: _Observed, blocks: Integers) -> _Observed:
    """Return blocks as observations: the mean of a block's rates, each less the mean of its stratum."""
    _, first, number = np.unique(blocks, return_index=True, return_inverse=True)
    into, within = indicator(number), indicator(observed.strata)
    of_strata = ((within @ observed.rates) / np.bincount(observed.strata)[:, None]).toarray()
    sums = (into @ observed.rates).toarray() - (into @ within.T) @ of_strata
    rates = sp.csr_array(sums / np.bincount(number)[:, None])
    return _Observed(rates, observed.side[first], np.zeros(len(first), np.int64))


def _dealt(observed: _Observed, tested: Integers, what: str, *, n: int, seed: int) -> Judged:
    """Test by dealing out observations, if they are enough and vary alike."""
    rates, side, strata = observed.rates, observed.side, observed.strata
    numbers = int(side.sum()), int((~side).sum())
    fewest = min(numbers)
    if fewest < FEWEST:
        return Judged(refused=f"too few: {fewest} {what} on one side, {FEWEST} are needed")
    if reason := _unequal(numbers, unequal_spread(rates, side, strata)):
        return Judged(refused=reason)
    found = permutation_test(rates[:, tested], dealings(side, strata, n=n, seed=seed), strata)
    near = f", approximate: {fewest} on one side" if fewest < APPROXIMATE else ""
    return Judged(found.p, found.p_adjusted, f"{what} dealt out {n} times within strata{near}")


def _unequal(numbers: tuple[int, int], spread: float) -> str:
    """Say whether the sides vary too differently for their numbers, or ""."""
    smaller = spread if numbers[0] <= numbers[1] else 1 / spread
    ratio = max(numbers) / min(numbers)
    worst = smaller if ratio > BALANCED else max(smaller, 1 / smaller)
    bound = UNEQUAL[min(numbers) >= APPROXIMATE]
    if 0 < worst <= bound or np.isnan(spread):  # nan: nothing varies
        return ""
    return f"unequal spread: {worst:.2f} times, at most {bound:g} with {min(numbers)} against {max(numbers)}"


def _placebo(rates: sp.csr_array, strata: Integers, blocks: Integers, treated: int, what: str) -> Judged:
    """Rank one block among those of about its size."""
    names, counts = np.unique(blocks, return_counts=True)
    own = int(counts[names == treated][0])
    if own < FEWEST:
        return Judged(refused=f"too few: {own} documents on one side, {FEWEST} are needed")
    alike = names[(counts >= max(own / ALIKE, FEWEST)) & (counts <= own * ALIKE)]
    if len(alike) < FEWEST:
        return Judged(refused=f"too few: {len(alike)} {what} have about as many documents, {FEWEST} are needed")
    rows = placebos(blocks, treated)
    kept = np.isin([treated, *names[names != treated].tolist()], alike)
    found = permutation_test(rates, rows[kept], strata)
    method = f"placebo: rank among {len(alike)} {what} of half to twice its documents, p at least 1/{len(alike)}"
    return Judged(found.p, found.p_adjusted, method)
