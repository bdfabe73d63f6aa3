"""Copies: the same text under another path, word for word or reprinted with changes, points at its representative.

Candidates are found by MinHash (rensa) and banding; each is then verified by
the exact Jaccard similarity of its shingles, three characters of the body in
Chinese, six in English, blanks and marks apart. A title, a header or a footer
is not compared. Within two months a text may be rewritten by half and is still
a reprint, if it keeps the numbers or the title and is of the same place; texts that lie further apart,
or have no date, must be nearly the same, so that next year's notice of the
same form is none. So the wide net is cast only among neighbours in time, and
its cost grows with the documents of two months. Of a text only its keys stay
in memory, 640 bytes; its shingles lie on disk where there are many.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from policy_themes.schema import rows
from policy_themes.store.spool import Spool
from policy_themes.text.units import Language

if TYPE_CHECKING:
    import pandas as pd

SIMILAR, SAME_FORM, NEAR_DAYS = 0.25, 0.8, 62
PERMUTATIONS = 384
# Of 384 values: 128 bands of 3 catch a similarity of .25 with .87, of .3 with .97; 32 bands of 12 catch .8 with .90, .9 with 1.
WIDE, NARROW = 128, 32
SHINGLE: Mapping[Language, int] = {"zh": 3, "en": 6}
FEWEST_SHINGLES, LARGEST_BUCKET, CHUNK = 30, 50, 500
SEED = 1
LAST_LETTER = 0xFFFF
# A region taken from these is what the text is about; one taken from outlet or site may be the reprint's.
_OF_THE_TEXT = frozenset({"title", "issuer", "document number", "dateline", "body"})
_NUMBER = re.compile(r"\d[\d.]*\d")
# What is asked of a document; a row of all columns would take several times the room.
_ASKED = ["doc_id", "language", "date", "title", "region_code", "region_source"]
_PRIMES = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB],
    dtype=np.uint64,
)  # fmt: skip


def mark_duplicates(documents: "pd.DataFrame", bodies: Mapping[str, str]) -> "pd.DataFrame":
    """
    Fill ``duplicate_of`` and ``similarity``.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``.
    bodies : mapping of doc_id to str
        The text that is compared.

    Returns
    -------
    DataFrame
        The same rows in the same order. The representative of a cluster is its
        earliest dated member, then the one whose path sorts first.
    """
    order = documents.assign(_undated=documents["date"].isna()).sort_values(["_undated", "date", "path"])
    first = order.groupby("content_sha256", sort=False)["doc_id"].first()
    representative = dict(zip(documents["doc_id"], documents["content_sha256"].map(first), strict=True))
    similarity = {doc_id: 1.0 for doc_id, other in representative.items() if doc_id != other}
    ranked = [row for row in rows(order[_ASKED]) if representative[row.doc_id] == row.doc_id]
    with Spool() as spool:
        near = _near(ranked, bodies, spool)
    similarity |= {doc_id: jaccard for doc_id, (_, jaccard) in near.items()}
    representative = {doc_id: near.get(first_copy, (first_copy,))[0] for doc_id, first_copy in representative.items()}
    marked = documents.copy()
    chosen = documents["doc_id"].map(representative)
    marked["duplicate_of"] = chosen.where(chosen != documents["doc_id"], None).astype("str")
    marked["similarity"] = documents["doc_id"].map(similarity).astype("Float64")
    return marked


def shingles(text: str, language: Language) -> NDArray[np.uint64]:
    """
    Return the hashes of a text's shingles, each once, ascending.

    Examples
    --------
    >>> len(shingles("依法治国，依法", "zh"))
    4
    """
    written = np.frombuffer(text.lower().encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.compress(_is_letter()[np.minimum(written, LAST_LETTER)], written).astype(np.uint64)
    size = SHINGLE[language]
    if len(codes) < size:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(len(codes) - size + 1, np.uint64)
    for place in range(size):
        hashes ^= codes[place : place + len(hashes)] * _PRIMES[place]
    hashes.sort()  # np.unique hashes first, which takes three times as long
    return np.compress(np.concatenate([np.ones(1, bool), hashes[1:] != hashes[:-1]]), hashes)


@cache
def _is_letter() -> NDArray[np.bool_]:
    """Return of each character of the first plane whether it is a letter or a digit; beyond it all are."""
    known = np.fromiter((chr(code).isalnum() for code in range(LAST_LETTER + 1)), dtype=bool, count=LAST_LETTER + 1)
    known[LAST_LETTER] = True
    return known


def _near(ranked: Sequence[Any], bodies: Mapping[str, str], spool: Spool) -> Mapping[str, tuple[str, float]]:
    """Return for each document that is a near copy its representative and their similarity; shingles go into the spool."""
    parent = list(range(len(ranked)))

    def similarity(one: int, other: int) -> float:
        return _jaccard(*(np.frombuffer(spool[place], dtype=np.uint64) for place in (one, other)))

    # Which pairs are joined first makes no difference to the clusters.
    for one, other in _candidates(ranked, bodies, spool):
        low, high = sorted((_root(parent, one), _root(parent, other)))
        if low == high or ranked[one].language != ranked[other].language:
            continue
        # Alike to each other and to the cluster's representative: no chain from one form to the next.
        pairs = {(one, other), (low, high)}
        if all(_is_reprint(ranked[a], ranked[b], bodies, similarity(a, b)) for a, b in pairs):
            parent[high] = low
    found: dict[str, tuple[str, float]] = {}
    for place, row in enumerate(ranked):
        root = _root(parent, place)
        if root != place:
            found[row.doc_id] = (ranked[root].doc_id, similarity(place, root))
    return found


def _is_reprint(one: Any, other: Any, bodies: Mapping[str, str], jaccard: float) -> bool:  # noqa: ANN401  # rows
    """Tell whether two texts of a given similarity are one."""
    if jaccard < _needed(one, other):
        return False
    if jaccard >= SAME_FORM:
        return True
    return not _of_other_places(one, other) and _same_particulars(one, other, bodies)


def _of_other_places(one: Any, other: Any) -> bool:  # noqa: ANN401  # rows of a table
    """Tell whether two texts say that they are of different places: two regions' news of like meetings."""
    codes = [str(row.region_code) for row in (one, other) if row.region_source in _OF_THE_TEXT]
    if len(codes) < 2:
        return False
    short, long = sorted((re.sub("(?:00)+$", "", code) for code in codes), key=len)
    return not long.startswith(short)


def _same_particulars(one: Any, other: Any, bodies: Mapping[str, str]) -> bool:  # noqa: ANN401  # rows of a table
    """Tell whether two texts of like wording name the same numbers, or have like titles: official prose repeats itself."""
    numbers, others = ({*_NUMBER.findall(f"{row.title or ''} {bodies[row.doc_id]}")} for row in (one, other))
    if numbers or others:
        return len(numbers & others) >= 0.5 * max(1, min(len(numbers), len(others)))
    first, second = ({*pairwise(str(row.title or ""))} for row in (one, other))
    return bool(first) and len(first & second) >= 0.5 * len(first | second)


def _month(row: Any) -> int | None:  # noqa: ANN401  # a row of a table
    """Return the number of a document's month; None where only its year is known, or nothing."""
    written = str(row.date or "")
    return int(written[:4]) * 12 + int(written[5:7]) if len(written) >= 7 else None


def _root(parent: list[int], place: int) -> int:
    """Return the representative of a cluster, shortening the way to it."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _candidates(ranked: Sequence[Any], bodies: Mapping[str, str], spool: Spool) -> Iterator[tuple[int, int]]:
    """Put the shingles of all documents into the spool, then yield pairs whose sketches agree in at least one band."""
    places: list[int] = []
    narrow, wide = [np.zeros((0, NARROW), np.uint32)], [np.zeros((0, WIDE), np.uint32)]
    for start in range(0, len(ranked), CHUNK):
        chunk = [shingles(bodies[row.doc_id], row.language) for row in ranked[start : start + CHUNK]]
        for own in chunk:
            spool.add(own.tobytes())
        enough = [number for number, own in enumerate(chunk) if len(own) >= FEWEST_SHINGLES]
        if enough:
            matrix = _sketches([chunk[number] for number in enough])
            places += [start + number for number in enough]
            narrow.append(_bands(matrix, NARROW))
            wide.append(_bands(matrix, WIDE))
    if len(places) < 2:
        return
    yield from _agreeing(places, np.concatenate(narrow))
    keys = np.concatenate(wide)
    months = [_month(ranked[place]) for place in places]
    for block in _blocks(months):
        yield from _agreeing([places[index] for index in block], keys[block])


def _sketches(sets: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the MinHash of each set, shape (n_sets, PERMUTATIONS)."""
    import rensa

    offsets = np.concatenate([[0], np.cumsum(list(map(len, sets)))]).astype(np.uint64)
    found = rensa.RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(sets), offsets, PERMUTATIONS, SEED)
    return np.array(found.to_rows(), dtype=np.uint64)


def _bands(matrix: NDArray[np.uint64], count: int) -> NDArray[np.uint32]:
    """Return a key of every row for each of so many bands of columns, shape (n_rows, count)."""
    width = matrix.shape[1] // count
    mixed = matrix[:, : count * width].reshape(len(matrix), count, width) * _PRIMES[np.arange(width) % len(_PRIMES)]
    # Half of the bits are enough: keys that fall together by chance only make a pair more to verify.
    keys = np.bitwise_xor.reduce(mixed ^ (mixed >> np.uint64(29)), axis=2) >> np.uint64(32)
    return np.asarray(keys, dtype=np.uint32)


def _blocks(months: Sequence[int | None]) -> Iterator[list[int]]:
    """Yield the places of documents of neighbouring months; those without a month are in none."""
    by_month: dict[int, list[int]] = {}
    for place, month in enumerate(months):
        if month is not None:
            by_month.setdefault(month, []).append(place)
    for month, own in sorted(by_month.items()):
        later = [place for step in (1, 2) for place in by_month.get(month + step, [])]
        if len(own) + len(later) > 1:
            yield own + later


def _agreeing(places: Sequence[int], keys: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """Yield pairs of places whose keys are alike in at least one band."""
    met: set[int] = set()
    order = np.argsort(keys, axis=0, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=0)
    alike = ordered[1:] == ordered[:-1]
    for band in np.flatnonzero(alike.any(axis=0)):
        rows_alike = np.flatnonzero(alike[:, band])
        for run in np.split(rows_alike, np.flatnonzero(np.diff(rows_alike) > 1) + 1):
            group = [places[int(index)] for index in order[run[0] : run[-1] + 2, band]]
            # Of a very full bucket, neighbours are enough: clusters join them up.
            reach = len(group) if len(group) <= LARGEST_BUCKET else 2
            for number, one in enumerate(group):
                for other in group[number + 1 : number + reach]:
                    pair = min(one, other) << 32 | max(one, other)
                    if pair not in met:
                        met.add(pair)
                        yield min(one, other), max(one, other)


def _jaccard(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Return the share of shingles that two texts have in common."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(1, len(one) + len(other) - common)


def _needed(one: Any, other: Any) -> float:  # noqa: ANN401  # rows of a table
    """Return how similar two documents must be: more where they are dated far apart."""
    written = [str(row.date or "") for row in (one, other)]
    if not all(len(value) == 10 for value in written):
        return SIMILAR if written[0][:7] == written[1][:7] and len(written[0]) >= 7 else SAME_FORM
    first, second = map(date.fromisoformat, written)
    return SIMILAR if abs((first - second).days) <= NEAR_DAYS else SAME_FORM
