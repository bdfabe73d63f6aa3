"""Ratios of sums over resampled documents, all series at once, as matrix products."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 999
BLOCK = 4_000_000  # entries of one block of resamples, 32 MB


@dataclass(frozen=True)
class Sums:
    """Sums over the documents of a cell, shape (n_series,) or (n_resamples, n_series), and what follows from them."""

    rate: Floats
    error: Floats


def sums(hits: Floats, units: Floats, draws: Floats | None) -> Sums:
    """Return rates and their linearised standard errors, of the documents or of each resample (a row of draws)."""

    def total(values: Floats) -> Floats:
        return values.sum(0) if draws is None else draws @ values

    n_docs, all_units = len(hits), total(units)
    rate = total(hits) / all_units
    squares = total(hits**2) - 2 * rate * total(hits * units) + rate**2 * total(units**2)
    return Sums(rate, np.sqrt(np.maximum(squares, 0) * n_docs / (n_docs - 1)) / all_units)


def resampled(hits: Floats, units: Floats, seed: int) -> Sums:
    """Return `sums` of `RESAMPLES` samples of the documents, with replacement."""
    parts = [sums(hits, units, draws) for draws in _draws(len(hits), seed)]
    return Sums(np.concatenate([one.rate for one in parts]), np.concatenate([one.error for one in parts]))


def _draws(n_docs: int, seed: int) -> Iterator[Floats]:
    """Yield blocks of resamples: how often each document is in each, shape (n, n_docs)."""
    rng = np.random.default_rng([seed, n_docs])
    chances, block = np.full(n_docs, 1 / n_docs), max(BLOCK // n_docs, 1)
    for start in range(0, RESAMPLES, block):
        yield rng.multinomial(n_docs, chances, min(block, RESAMPLES - start)).astype(float)


def quantiles(off: Floats, error: Floats, tail: float) -> tuple[Floats, Floats]:
    """Return the outer quantiles of studentised differences; a resample without spread lies beyond all others."""
    far = np.where(off == 0, 0.0, np.copysign(np.inf, off))
    ordered = np.sort(np.divide(off, error, out=far, where=error > 0), axis=0)
    place = round(tail * (RESAMPLES + 1))
    return ordered[place - 1], ordered[-place]
