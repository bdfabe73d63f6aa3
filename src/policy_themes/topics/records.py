"""A fitted topic model as plain arrays, saved without anything that could run."""

import json
import zipfile
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from policy_themes.errors import UsageError
from policy_themes.text.units import Language

Engine = Literal["gensim", "tomotopy", "nmf", "structural", "seeded", "dynamic", "spark"]
ENGINES: tuple[Engine, ...] = ("gensim", "tomotopy", "nmf")  # that need nothing but counts
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
    engine : {"gensim", "tomotopy", "nmf", "structural", "seeded", "dynamic", "spark"}
        LDA by variational inference started from an NMF, LDA by Gibbs
        sampling, or the non-negative matrix factorisation itself; the structural
        topic model; topics with keywords (keyATM); topics whose words move over years; LDA
        by expectation maximisation on a cluster.
    unit : {"document", "section", "passage"}
        What a row of the counts is.
    iterations : int or None
        Rounds over the corpus; None: as many as the engine needs.
    seed : int
    prevalence : str or None
        Of a structural or seeded model: the formula by which topics are more or less frequent.
    content : str or None
        Of a structural model: the column by which topics are worded differently.
    keywords : tuple of (str, tuple of str)
        Of a seeded model: themes with their words.
    width : int
        Of a dynamic model: years of a slice.
    """

    k: int
    engine: Engine = "tomotopy"
    unit: Unit = "passage"
    iterations: int | None = None
    seed: int = 1
    prevalence: str | None = None
    content: str | None = None
    keywords: tuple[tuple[str, tuple[str, ...]], ...] = ()
    width: int = 1

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "TopicSpec":
        """Return what `asdict` and json made plain."""
        keywords = tuple((theme, tuple(words)) for theme, words in plain.get("keywords", ()))
        return cls(**{**plain, "keywords": keywords})


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
    draws : ndarray of shape (n_draws, n_docs, k) or None
        See `TopicFit`.
    wording : ndarray of shape (n_groups, k, n_terms) or None
    groups : tuple of str
    themes : tuple of str
    """

    beta: Matrix
    gamma: Matrix
    draws: NDArray[np.float32] | None = None
    wording: Matrix | None = None
    groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def ordered(self, order: NDArray[np.intp]) -> "Factors":
        """Return the same topics in another order."""
        return Factors(
            beta=self.beta[order],
            gamma=self.gamma[:, order],
            draws=None if self.draws is None else self.draws[:, :, order],
            wording=None if self.wording is None else self.wording[:, order],
            groups=self.groups,
            themes=tuple(self.themes[topic] for topic in order.tolist()) if self.themes else (),
        )


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
    draws : ndarray of shape (n_draws, n_docs, k) or None
        Proportions of documents, in the order in which they first stand in `doc_ids`,
        as the posterior of the model has them; NaN as in `gamma`.
    wording : ndarray of shape (n_groups, k, n_terms) or None
        Probability of each term in each topic as each of `groups` words it.
    groups : tuple of str
        Values of the column `TopicSpec.content`; of a dynamic model, its slices of years.
    themes : tuple of str
        Of a seeded model, the theme of each topic; "" for a free one.
    """

    beta: Matrix
    gamma: Matrix
    n_tokens: NDArray[np.int64]
    terms: tuple[str, ...]
    doc_ids: tuple[str, ...]
    passages: tuple[int, ...]
    language: Language
    spec: TopicSpec
    draws: NDArray[np.float32] | None = None
    wording: Matrix | None = None
    groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """Each document once, in the order of `draws`."""
        return tuple(dict.fromkeys(self.doc_ids))

    @cached_property
    def drawn(self) -> dict[int, NDArray[np.float32]]:
        """What `draws.all_draws` drew of a fit without draws of its own, by seed."""
        return {}

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
        more = {name: array for name in ("draws", "wording") if (array := getattr(self, name)) is not None}
        np.savez(folder / "arrays.npz", beta=self.beta, gamma=self.gamma, n_tokens=self.n_tokens, **more)
        names = {
            "terms": self.terms,
            "doc_ids": self.doc_ids,
            "passages": self.passages,
            "language": self.language,
            "spec": asdict(self.spec),
            "groups": self.groups,
            "themes": self.themes,
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
                    spec=TopicSpec.of(names["spec"]),
                    draws=arrays.get("draws"),
                    wording=arrays.get("wording"),
                    groups=tuple(names["groups"]),
                    themes=tuple(names["themes"]),
                )
            fit._check()
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise UsageError(
                f"{folder} holds no topic model that can be read: {error}.", hint="Fit it anew."
            ) from error
        return fit

    def _check(self) -> None:
        """Raise `ValueError` where the parts do not belong together."""
        k, n_units, n_terms = self.spec.k, len(self.doc_ids), len(self.terms)
        n_draws = 0 if self.draws is None else len(self.draws)
        fitting: dict[str, tuple[type, tuple[int, ...]]] = {
            "beta": (np.float64, (k, n_terms)),
            "gamma": (np.float64, (n_units, k)),
            "n_tokens": (np.int64, (n_units,)),
            "draws": (np.float32, (n_draws, len(self.documents), k)),
            "wording": (np.float64, (len(self.groups), k, n_terms)),
        }
        for name, (kind, shape) in fitting.items():
            array = getattr(self, name)
            if array is None and name in ("draws", "wording"):
                continue
            if array.shape != shape or array.dtype != kind:
                raise ValueError(f"`{name}` is {array.dtype} of shape {array.shape}, not of {shape}")
        if self.spec.engine not in get_args(Engine) or len(self.passages) != n_units or len(self.themes) not in (0, k):
            raise ValueError("its names do not fit")
        for name in ("beta", "gamma", "draws", "wording"):
            array = getattr(self, name)
            if array is None:
                continue
            known = array[~np.isnan(array).all(axis=-1)]
            if not (np.allclose(known.sum(axis=-1), 1, atol=1e-5) and (known >= 0).all()):
                raise ValueError(f"rows of `{name}` are no probabilities")
