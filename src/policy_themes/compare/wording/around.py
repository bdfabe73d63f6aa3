"""The words around the hits of a theme: "modernization of what" is asked of them, not of whole documents."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.compare.hits import headline
from policy_themes.tokenize.tokens import Tokens


def words_around(tokens: Tokens, places: pd.DataFrame, *, window: int | None = 10) -> Tokens:
    """
    Keep the words near hits, each once, and drop the hits themselves.

    Parameters
    ----------
    tokens : Tokens
        Stop words removed or not; what is here is what a window counts.
    places : DataFrame
        Rows of `ThemeHits.places` of one theme. Words inside any of them, also
        an excluded or a wide one, are left out; only counted hits have a window.
    window : int or None, default 10
        Words on each side, within the passage; None: the whole passage.

    Returns
    -------
    Tokens
        The same passages, with fewer words.

    Examples
    --------
    >>> from dataclasses import replace
    >>> cut = Tokens.of_words(["a"], [0], ["en"], [["promote", "modern", "work", "and", "peace"]])
    >>> cut = replace(cut, starts=np.array([0, 8, 15, 20, 24], dtype=np.int32))
    >>> hit = {"doc_id": "a", "passage": 0, "start": 8, "end": 14, "excluded": "", "wide": False}
    >>> words_around(cut, pd.DataFrame([hit]), window=1).words
    (('promote', 'work'),)
    """
    passage = {key: number for number, key in enumerate(zip(tokens.doc_ids, tokens.passages, strict=True))}
    keys = zip(places["doc_id"].tolist(), places["passage"].tolist(), strict=True)
    owners = np.array([passage.get(key, -1) for key in keys], dtype=np.int64)
    known = owners >= 0
    owners, hits = owners[known], places[known]
    first, last = _covered(tokens, owners, hits)
    low, high = tokens.bounds[owners], tokens.bounds[owners + 1]
    if window is not None:
        low, high = np.maximum(first - window, low), np.minimum(last + window, high)
    counted = hits.index.isin(headline(hits).index)
    near = _marked(len(tokens.numbers), low[counted], high[counted])
    return tokens.only(near & ~_marked(len(tokens.numbers), first, last))


def _covered(
    tokens: Tokens, owners: NDArray[np.int64], hits: pd.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first word that each hit touches, and the first after it."""
    # One number for passage and place, so that all hits are looked up at once.
    width = int(max(tokens.starts.max(initial=0), hits["end"].max() if len(hits) else 0)) + 1
    places = tokens.owners * width + tokens.starts
    first = np.searchsorted(places, owners * width + hits["start"].to_numpy(dtype=np.int64))
    last = np.searchsorted(places, owners * width + hits["end"].to_numpy(dtype=np.int64))
    # A word that begins before the hit may reach into it.
    lengths = np.array([len(word) for word in tokens.vocabulary] or [0], dtype=np.int64)
    before = np.maximum(first - 1, 0)
    ends = tokens.starts[before] + lengths[tokens.numbers[before]] if len(tokens.numbers) else before
    reaches = (first > tokens.bounds[owners]) & (ends > hits["start"].to_numpy(dtype=np.int64))
    return first - reaches, last


def _marked(n: int, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of n places lie in any of the stretches."""
    steps = np.zeros(n + 1, dtype=np.int64)
    np.add.at(steps, low, 1)
    np.add.at(steps, high, -1)
    return np.cumsum(steps[:-1]) > 0
