"""Years in slices, in each of which topics may have other words.

A slice is a year, or several where years hold too little. It is fitted where it
has five passages a topic. A slice without documents, or with fewer passages, is
no observation but still a step in time: the model passes through it and nothing
is reported of it. Documents without a year take no part, and are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.config import Settings
from policy_themes.errors import InsufficientDataError
from policy_themes.schema import conform
from policy_themes.topics.fit import PASSAGES_A_TOPIC
from policy_themes.topics.records import TopicSpec
from policy_themes.vectorize.counts import DocTerm

# Each term has a path of its own in every topic, and what a rare one does from year to year is noise.
MOST_TERMS = 2_000
MOST_TOPICS = 10
FITTED = "fitted"


@dataclass(frozen=True)
class Slices:
    """
    The years of units, in slices.

    Attributes
    ----------
    table : DataFrame
        Table ``slices``: every slice from the first to the last, gaps included.
    of_unit : ndarray of int, shape (n_units,)
        Row of the table in which a unit is fitted; -1: it takes no part.
    """

    table: pd.DataFrame
    of_unit: NDArray[np.int64]

    @property
    def fitted(self) -> list[int]:
        """Rows of the slices that are fitted."""
        return np.flatnonzero((self.table["mark"] == FITTED).to_numpy()).tolist()


def frequent(docterm: DocTerm, most: int = MOST_TERMS) -> DocTerm:
    """
    Return the counts of the most frequent terms.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> frequent(DocTerm(sp.csr_array([[1, 3, 2]]), ("a", "b", "c"), ("x",), (-1,), "en"), 2).terms
    ('b', 'c')
    """
    totals = np.asarray(docterm.counts.sum(axis=0)).ravel()
    chosen = np.sort(np.argsort(-totals, kind="stable")[:most]).tolist()
    return replace(docterm, counts=docterm.counts[:, chosen], terms=tuple(docterm.terms[term] for term in chosen))


def slices_of(docterm: DocTerm, documents: pd.DataFrame, spec: TopicSpec) -> Slices:
    """
    Put units into slices of `TopicSpec.width` years, counted from the first year.

    Parameters
    ----------
    docterm : DocTerm
        A unit without a known word takes no part.
    documents : DataFrame
        ``doc_id`` and ``year``.
    spec : TopicSpec
        ``k`` and ``width``.

    Raises
    ------
    InsufficientDataError
        If fewer than two slices can be fitted, with what would help.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> names = tuple("abcdefghijklmnopqrstuvwxyz")
    >>> texts = DocTerm(sp.csr_array(np.ones((26, 1), dtype=int)), ("w",), names, (-1,) * 26, "en")
    >>> years = pd.DataFrame({"doc_id": names, "year": [2019] * 12 + [2020] + [2022] * 13})
    >>> slices_of(texts, years, TopicSpec(k=2, engine="dynamic")).table[["slice", "n_docs", "mark"]].to_numpy().tolist()[:4]
    [['2019', 12, 'fitted'], ['2020', 1, 'too few'], ['2021', 0, 'absent'], ['2022', 13, 'fitted']]
    """
    doc_ids, n_tokens = docterm.doc_ids, np.asarray(docterm.counts.sum(axis=1)).ravel()
    years = (
        documents.set_index("doc_id")["year"]
        .astype("Float64")
        .reindex(list(doc_ids))
        .to_numpy(dtype=np.float64, na_value=np.nan)
    )
    if np.isnan(years).all():
        raise InsufficientDataError(
            f"No {docterm.language} document has a year.", hint="Give dates by `columns` or `overrides`."
        )
    start, end = int(np.nanmin(years)), int(np.nanmax(years))
    place = np.where(np.isnan(years), -1, (np.nan_to_num(years, nan=start) - start) // spec.width).astype(np.int64)
    units = pd.DataFrame({"slice": place, "doc_id": doc_ids})[n_tokens > 0].groupby("slice")
    n_docs, n_units = units["doc_id"].nunique(), units.size()
    least = PASSAGES_A_TOPIC * spec.k
    records: list[dict[str, object]] = []
    for row in [*range(int(place.max()) + 1), -1]:
        first = None if row < 0 else start + row * spec.width
        last = None if first is None else min(first + spec.width - 1, end)
        held = int(n_units.get(row, 0))
        mark = "no year" if row < 0 else "absent" if not held else FITTED if held >= least else "too few"
        name = None if first is None else str(first) if first == last else f"{first}–{last}"
        records.append(
            {"language": docterm.language, "slice": name, "first": first, "last": last, "n_docs": int(n_docs.get(row, 0)),
             "n_units": held, "mark": mark}
        )  # fmt: skip
    found = Slices(conform(records, "slices"), place)
    if len(found.fitted) < 2:
        raise InsufficientDataError(
            f"Words move between slices of time, and {len(found.fitted)} of {len(records) - 1} slices of {spec.width} "
            f"year{'s' * (spec.width > 1)} in {docterm.language} hold {least} passages ({PASSAGES_A_TOPIC} for each of "
            f"{spec.k} topics).",
            hint=_remedy(place, n_tokens, spec),
        )
    return replace(found, of_unit=np.where(np.isin(place, found.fitted) & (n_tokens > 0), place, -1))


def _remedy(place: NDArray[np.int64], n_tokens: NDArray[np.int64], spec: TopicSpec) -> str:
    """Return the least width, or else the most topics, with which there are two slices."""
    sizes = np.bincount(place[(place >= 0) & (n_tokens > 0)])
    for times in range(2, len(sizes)):
        wide = np.add.reduceat(sizes, range(0, len(sizes), times))
        if (wide >= PASSAGES_A_TOPIC * spec.k).sum() >= 2:
            return f"Set --width {times * spec.width}."
    second = int(np.sort(sizes)[-2]) if (sizes > 0).sum() >= 2 else 0
    fewer = second // PASSAGES_A_TOPIC
    return (
        f"Set --k {fewer}."
        if fewer >= 2
        else "Add documents of further years, or their dates (`columns`, `overrides`)."
    )


def dynamic_spec(
    docterm: DocTerm, documents: pd.DataFrame, settings: Settings, *, k: int | None, width: int
) -> TopicSpec:
    """
    Return the spec of a dynamic model: unless told, with as many topics as half of the slices carry, at most ten.

    Raises
    ------
    InsufficientDataError
        As in `slices_of`.
    """
    spec = TopicSpec(k=2, engine="dynamic", unit=settings.topics.unit, seed=settings.seed, width=width)
    wanted = k or settings.topics.k
    if wanted is None:
        table = slices_of(docterm, documents, spec).table
        sizes = table.loc[table["slice"].notna() & (table["n_units"] > 0), "n_units"]
        # Of few slices half may be one, and it takes two.
        held = min(int(sizes.median()), int(sizes.nlargest(2).min()))
        wanted = max(2, min(MOST_TOPICS, held // PASSAGES_A_TOPIC))
    return replace(spec, k=wanted)


def half_of(slices: Slices, doc_ids: Sequence[str], *, seed: int) -> Slices:
    """
    Keep a random half of the documents of each slice.

    Examples
    --------
    >>> given = Slices(pd.DataFrame(), np.array([0, 0, 0, 1, -1]))
    >>> half_of(given, ("a", "a", "b", "c", "d"), seed=2).of_unit.tolist()
    [0, 0, -1, 1, -1]
    """
    own = _documents(slices, doc_ids)
    random, kept = np.random.default_rng(seed), set[str]()
    for row in sorted(set(own.values())):
        held = [doc_id for doc_id, its in own.items() if its == row]
        kept |= {held[place] for place in random.permutation(len(held))[: -(-len(held) // 2)].tolist()}
    return replace(slices, of_unit=np.where([doc_id in kept for doc_id in doc_ids], slices.of_unit, -1))


def dealt_out(slices: Slices, doc_ids: Sequence[str], *, seed: int) -> Slices:
    """
    Deal the slices out anew among the documents that are fitted, a document's units together.

    Examples
    --------
    >>> given = Slices(pd.DataFrame(), np.array([0, 0, 1, 2, -1]))
    >>> dealt_out(given, ("a", "a", "b", "c", "d"), seed=2).of_unit.tolist()
    [2, 2, 0, 1, -1]
    """
    own = _documents(slices, doc_ids)
    rows = np.random.default_rng(seed).permutation(list(own.values())).tolist()
    other = dict(zip(own, rows, strict=True))
    dealt = [other[doc_id] if row >= 0 else -1 for doc_id, row in zip(doc_ids, slices.of_unit, strict=True)]
    return replace(slices, of_unit=np.array(dealt, dtype=np.int64))


def _documents(slices: Slices, doc_ids: Sequence[str]) -> dict[str, int]:
    """Return the slice of each document that is fitted."""
    return {doc_id: int(row) for doc_id, row in zip(doc_ids, slices.of_unit, strict=True) if row >= 0}
