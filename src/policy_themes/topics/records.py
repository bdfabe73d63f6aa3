"""A fitted topic model as plain arrays, saved without anything that could run."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_themes.text.units import Language


@dataclass(frozen=True)
class LdaSpec:
    """
    All settings of a fit.

    Attributes
    ----------
    k : int
        Number of topics.
    passes : int
        Passes of variational inference over the corpus.
    seed : int
    """

    k: int
    passes: int = 10
    seed: int = 1


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
        Names of columns and rows.
    language : {"zh", "en"}
    spec : LdaSpec
    """

    beta: NDArray[np.float64]
    gamma: NDArray[np.float64]
    n_tokens: NDArray[np.int64]
    terms: tuple[str, ...]
    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    language: Language
    spec: LdaSpec

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
        """Read what `save` wrote."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            return cls(
                beta=arrays["beta"],
                gamma=arrays["gamma"],
                n_tokens=arrays["n_tokens"],
                terms=tuple(names["terms"]),
                doc_ids=tuple(names["doc_ids"]),
                passages=tuple(names["passages"]),
                language=names["language"],
                spec=LdaSpec(**names["spec"]),
            )
