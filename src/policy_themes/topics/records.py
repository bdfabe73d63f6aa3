"""A fitted topic model as plain arrays, saved without anything that could run."""

import json
import zipfile
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from policy_themes.errors import UsageError
from policy_themes.text.units import Language

Engine = Literal["gensim", "tomotopy", "nmf"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
Unit = Literal["document", "section", "passage"]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class TopicSpec:
    """
    All settings of a fit.

    Attributes
    ----------
    k : int
        Number of topics.
    engine : {"gensim", "tomotopy", "nmf"}
        LDA by variational inference started from an NMF, LDA by Gibbs
        sampling, or the non-negative matrix factorisation itself.
    unit : {"document", "section", "passage"}
        What a row of the counts is.
    iterations : int or None
        Rounds over the corpus; None: as many as the engine needs.
    seed : int
    """

    k: int
    engine: Engine = "tomotopy"
    unit: Unit = "passage"
    iterations: int | None = None
    seed: int = 1


@dataclass(frozen=True)
class Factors:
    """
    What an engine gives back.

    Attributes
    ----------
    beta : ndarray of shape (k, n_terms)
        Positive; rows sum to one.
    gamma : ndarray of shape (n_units, k)
        Positive; rows sum to one.
    """

    beta: Matrix
    gamma: Matrix


@dataclass(frozen=True)
class TopicFit:
    """
    A fitted topic model.

    Attributes
    ----------
    beta : ndarray of shape (k, n_terms)
        Probability of each term in each topic; rows sum to one.
    gamma : ndarray of shape (n_units, k)
        Proportion of each topic in each passage; rows sum to one, or are NaN
        where a passage holds no known word.
    n_tokens : ndarray of shape (n_units,)
        Known words of each passage.
    terms, doc_ids, passages : tuple
        Names of columns and rows; a section has the number of its first
        passage, a whole document -1.
    language : {"zh", "en"}
    spec : TopicSpec
        With the iterations that were made.
    """

    beta: Matrix
    gamma: Matrix
    n_tokens: NDArray[np.int64]
    terms: tuple[str, ...]
    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    language: Language
    spec: TopicSpec

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, int]]]:
        """First passage and row of the units of each document, in order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for row, (doc_id, passage) in enumerate(zip(self.doc_ids, self.passages, strict=True)):
            found.setdefault(doc_id, []).append((passage, row))
        return {doc_id: sorted(units) for doc_id, units in found.items()}

    def row_of(self, doc_id: str, passage: int) -> int | None:
        """Return the row in which a passage stands, or None."""
        held = [(first, row) for first, row in self._rows.get(doc_id, ()) if first <= passage]
        if not held or (self.spec.unit == "passage" and held[-1][0] != passage):
            return None
        return held[-1][1]

    def save(self, folder: Path) -> None:
        """Write arrays as npz without objects, names as json."""
        np.savez(folder / "arrays.npz", beta=self.beta, gamma=self.gamma, n_tokens=self.n_tokens)
        names = {
            "terms": self.terms,
            "doc_ids": self.doc_ids,
            "passages": self.passages,
            "language": self.language,
            "spec": asdict(self.spec),
        }
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "TopicFit":
        """
        Read what `save` wrote.

        Raises
        ------
        UsageError
            If it is not what `save` writes: objects (a pickle) instead of numbers,
            other names, shapes that do not fit, or numbers that are no probabilities.
        """
        try:
            names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
            # Opened here: numpy leaves a file that is no archive open.
            with (folder / "arrays.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                fit = cls(
                    beta=arrays["beta"],
                    gamma=arrays["gamma"],
                    n_tokens=arrays["n_tokens"],
                    terms=tuple(names["terms"]),
                    doc_ids=tuple(names["doc_ids"]),
                    passages=tuple(names["passages"]),
                    language=names["language"],
                    spec=TopicSpec(**names["spec"]),
                )
            fit._check()
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise UsageError(
                f"{folder} holds no topic model that can be read: {error}.", hint="Fit it anew."
            ) from error
        return fit

    def _check(self) -> None:
        """Raise `ValueError` where the parts do not belong together."""
        k, n_units = self.spec.k, len(self.doc_ids)
        shapes = {"beta": (k, len(self.terms)), "gamma": (n_units, k), "n_tokens": (n_units,)}
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array.shape != shape or array.dtype != (np.int64 if name == "n_tokens" else np.float64):
                raise ValueError(f"`{name}` is {array.dtype} of shape {array.shape}, not of {shape}")
        if self.spec.engine not in ENGINES or len(self.passages) != n_units:
            raise ValueError("its names do not fit")
        known = self.gamma[~np.isnan(self.gamma).all(axis=1)]
        for name, rows in (("beta", self.beta), ("gamma", known)):
            if not (np.allclose(rows.sum(axis=1), 1, atol=1e-6) and (rows >= 0).all()):
                raise ValueError(f"rows of `{name}` are no probabilities")
