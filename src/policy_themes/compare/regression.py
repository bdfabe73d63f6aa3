"""Documents and a formula, ready to be asked: columns, what documents share, and which can be told apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.errors import InsufficientDataError
from policy_themes.text.formula import Term
from policy_themes.vectorize.design import Block, Contrast, blocks_of

Cluster = Literal["year", "outlet"]


@dataclass(frozen=True)
class Asked:
    """
    One contrast of one term.

    Attributes
    ----------
    block : Block
    first : int
        Its first column in the design.
    contrast : Contrast
    """

    block: Block
    first: int
    contrast: Contrast

    @property
    def said(self) -> str:
        """The name of the row: "region: 33 less 11"."""
        name = self.block.term.name
        return f"{name}: {self.contrast.said}" if self.contrast.said else name


@dataclass(frozen=True)
class Regression:
    """
    The right side of a regression over documents.

    Attributes
    ----------
    known : DataFrame
        The documents that have all that is asked, by ``doc_id``.
    blocks : list of Block
    design : ndarray of shape (n_docs, n_columns)
        Without a constant.
    """

    known: pd.DataFrame
    blocks: list[Block]
    design: Floats

    @classmethod
    def of(
        cls, outcome: pd.Series, documents: pd.DataFrame, terms: tuple[Term, ...], *, cluster: Cluster
    ) -> "Regression":
        """
        Put an outcome and the columns of its documents together; the outcome becomes column ``outcome``.

        Raises
        ------
        UsageError
            If a column is the same in all documents.
        InsufficientDataError
            If there are no more documents than columns.
        """
        columns = [term.column for term in terms]
        needed = list(dict.fromkeys([*columns, "year", *(["outlet"] if cluster == "outlet" else [])]))
        joined = documents.set_index("doc_id")[needed].assign(outcome=outcome)
        known = joined.dropna(subset=["outcome", "year", *columns]).sort_index()
        blocks = blocks_of(known, terms)
        design = np.column_stack([block.columns for block in blocks])
        if len(known) <= design.shape[1] + 1:
            raise InsufficientDataError(
                f"{len(known)} documents cannot tell {design.shape[1]} effects apart.", hint="Leave out a term."
            )
        return cls(known, blocks, design)

    def asked(self) -> Iterator[Asked]:
        """Go through every contrast of every term."""
        first = 0
        for block in self.blocks:
            yield from (Asked(block, first, contrast) for contrast in block.contrasts)
            first += block.columns.shape[1]

    def clusters(self, unit: Cluster) -> NDArray[np.intp]:
        """Return what documents share, as numbers; one without an outlet is one of its own."""
        shared = self.known[unit].astype("str")
        return pd.factorize(shared.fillna("\0" + self.known.index.to_series()), sort=True)[0]

    def isolated(self, asked: Asked) -> tuple[Floats, Floats]:
        """Turn the design so that one coefficient is what is asked: its column, and the others."""
        weights = np.zeros(self.design.shape[1])
        weights[asked.first : asked.first + len(asked.contrast.weights)] = asked.contrast.weights
        size = float(weights @ weights)
        others = np.linalg.svd(weights[None, :])[2][1:]
        return self.design @ weights / size, self.design @ others.T


def unit_of(term: Term, cluster: Cluster) -> Cluster:
    """Return the unit of a term: all documents of a year share its shocks, so a trend has years as its unit."""
    return "year" if term.name == "year" else cluster
