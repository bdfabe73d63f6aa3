"""What stands behind a cell: its documents with a theme, found in milliseconds however many documents there are.

Documents are ordered by language, year and region once, and each theme holds the
places of its documents in that order. Any cell is then a few ranges: its
denominators are differences of running sums, its documents a piece of the theme's
places; nothing is scanned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.errors import invalid
from policy_themes.text.units import Language

Integers = NDArray[np.int64]
COLUMNS = ["doc_id", "language", "year", "region_code", "n_units"]


@dataclass(frozen=True)
class Cell:
    """
    One cell, with the numbers that ``theme_rates`` has of it.

    Attributes
    ----------
    n_docs, n_docs_with_theme, n_hits, n_units : int
    documents : DataFrame
        Those with the theme: ``doc_id, language, year, region_code, n_units, n_hits``, by year, region and identifier.
    """

    n_docs: int
    n_docs_with_theme: int
    n_hits: int
    n_units: int
    documents: pd.DataFrame


class CellIndex:
    """
    Documents and hits in an order in which every cell is a few ranges.

    Parameters
    ----------
    documents : DataFrame
        Columns ``doc_id, language, year, region_code, n_units``; copies left out.
    counts : sparse array of shape (n_docs, n_themes)
        Hits, rows as ``documents``.
    themes : sequence of str

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "doc_id": ["a", "b", "c"], "language": "zh", "year": [2020, 2021, 2021],
    ...     "region_code": ["330000", "330000", None], "n_units": [100, 200, 300]})
    >>> index = CellIndex(documents, sp.csr_array([[1], [4], [0]]), ["law"])
    >>> cell = index.cell("law", language="zh", year=2021)
    >>> cell.n_docs, cell.n_docs_with_theme, cell.n_hits, cell.n_units, cell.documents["doc_id"].tolist()
    (2, 1, 4, 500, ['b'])
    """

    def __init__(self, documents: pd.DataFrame, counts: sp.sparray, themes: Sequence[str]) -> None:
        self.themes = tuple(themes)
        codes, self._values = [], []
        for name in ("language", "year", "region_code"):
            number, values = pd.factorize(documents[name], sort=True)
            codes.append(number + 1)  # 0: unknown
            self._values.append({value: place for place, value in enumerate(values, start=1)})
        self._sizes = [len(values) + 1 for values in self._values]
        keys = np.ravel_multi_index(codes, self._sizes)
        order = np.lexsort((documents["doc_id"].to_numpy(dtype=str), keys))
        self._keys: Integers = keys[order].astype(np.int64)
        self._documents = documents[COLUMNS].iloc[order].reset_index(drop=True)
        self._counts = sp.csc_array(sp.csr_array(counts)[order])
        self._counts.sort_indices()
        self._units = np.concatenate([[0], np.cumsum(self._documents["n_units"].to_numpy(dtype=np.int64))])

    @classmethod
    def of(cls, hits: pd.DataFrame, documents: pd.DataFrame) -> "CellIndex":
        """
        Build the index of tables ``theme_hits`` and ``documents``; copies are left out.

        Returns
        -------
        CellIndex
        """
        once = documents[documents["duplicate_of"].isna()].reset_index(drop=True)
        some = hits[hits["facet"].isna() & (hits["n_hits"] > 0)]
        themes = list(dict.fromkeys(hits["theme"]))
        rows = pd.Index(once["doc_id"]).get_indexer(some["doc_id"])
        columns = pd.Index(themes).get_indexer(some["theme"])
        own = rows >= 0
        values = some["n_hits"].to_numpy(dtype=np.int64)
        counts = sp.csr_array((values[own], (rows[own], columns[own])), shape=(len(once), len(themes)))
        return cls(once, counts, themes)

    def cell(self, theme: str, *, language: Language, year: int | None = None, region: str | None = None) -> Cell:
        """
        Return one cell.

        Parameters
        ----------
        theme : str
        language : {"zh", "en"}
        year : int, optional
            Without it all documents, those of an unknown year too.
        region : str, optional
            A region's code; likewise.

        Raises
        ------
        UsageError
            If the theme is unknown.
        """
        if theme not in self.themes:
            raise invalid("theme", theme, "a theme of the lexicon")
        ranges = self._ranges(language, year, region)
        column = slice(*self._counts.indptr[self.themes.index(theme) :][:2])
        places, values = self._counts.indices[column], self._counts.data[column]
        bounds = np.searchsorted(places, ranges)
        own = np.concatenate([np.arange(0), *(np.arange(low, high) for low, high in bounds)]).astype(np.int64)
        found = self._documents.iloc[places[own]].assign(n_hits=values[own]).reset_index(drop=True)
        return Cell(
            n_docs=int((ranges[:, 1] - ranges[:, 0]).sum()),
            n_docs_with_theme=len(found),
            n_hits=int(values[own].sum()),
            n_units=int((self._units[ranges[:, 1]] - self._units[ranges[:, 0]]).sum()),
            documents=found,
        )

    def _ranges(self, language: str, year: int | None, region: str | None) -> Integers:
        """Return first and last place of the runs of documents that make a cell, in order."""
        wanted = []
        for values, size, value in zip(self._values, self._sizes, (language, year, region), strict=True):
            place = values.get(value, -1)
            wanted.append(range(size) if value is None else range(place, place + 1) if place >= 0 else range(0))
        if not all(wanted):
            return np.empty((0, 2), dtype=np.int64)
        several = len(wanted[2]) > 1
        # All regions of a year lie together: one run instead of one for each.
        starts = [
            (one, when, where)
            for one in wanted[0]
            for when in wanted[1]
            for where in (wanted[2][:1] if several else wanted[2])
        ]
        first = np.ravel_multi_index(np.array(starts).T, self._sizes)
        last = first + (self._sizes[2] if several else 1)
        return np.column_stack([np.searchsorted(self._keys, first), np.searchsorted(self._keys, last)])
