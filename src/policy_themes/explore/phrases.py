"""Phrases of one's own: counted at once, and how many of their occurrences segmentation keeps whole."""

import numpy as np

from policy_themes.explore.prepared import Counted
from policy_themes.tokenize import Tokens


def kept_whole(counted: Counted, tokens: Tokens) -> tuple[int, int]:
    """
    Return how often a phrase occurs, and how often it lies inside one word of the segmentation.

    Parameters
    ----------
    counted : Counted
        Of `policy_themes.explore.asked.find_phrase`.
    tokens : Tokens
        All words, stop words included.
    """
    number = {key: place for place, key in enumerate(zip(tokens.doc_ids, tokens.passages, strict=True))}
    places = counted.hits.places
    n_text = n_kept = 0
    for doc_id, passage, start, end in zip(
        places["doc_id"], places["passage"], places["start"], places["end"], strict=True
    ):
        place = number.get((doc_id, passage))
        if place is None:  # a copy, which is not cut
            continue
        starts = tokens.starts[tokens.bounds[place] : tokens.bounds[place + 1]]
        n_text += 1
        # Kept where no word begins inside it.
        first = int(np.searchsorted(starts, start, side="right"))
        n_kept += bool(first >= 1 and (first == len(starts) or starts[first] >= end))
    return n_text, n_kept
