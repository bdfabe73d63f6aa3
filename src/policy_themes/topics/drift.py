"""How the words of each topic move over slices of years, and whether more than chance makes them.

A dynamic model always moves its words a little, so its fit stands beside three
others. Fits to random halves of the documents of each slice: does the movement
hang on a few of them? (Halves lie as far from the whole as samples from what
they are drawn from.) Fits to the same documents with their years dealt out
anew: how far do words move where years mean nothing? And matched slices: every
slice fitted by itself, with nothing that ties it to its neighbours, its topics
matched with the model's by their words. They know nothing of smoothness, which
makes them the check on the prior; a topic that a slice does not have by itself
was carried there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes.schema import conform
from policy_themes.topics.names import ALIKE
from policy_themes.topics.records import Matrix, TopicFit
from policy_themes.topics.slices import Slices
from policy_themes.topics.stability import STABLE, match

TOP = 20
TABLES = ("slices", "topic_slices", "slice_terms", "word_movement")


@dataclass(frozen=True)
class Drift:
    """Tables ``slices``, ``topic_slices``, ``slice_terms`` and ``word_movement`` of one language."""

    slices: pd.DataFrame
    topic_slices: pd.DataFrame
    slice_terms: pd.DataFrame
    word_movement: pd.DataFrame

    def save(self, folder: Path) -> None:
        """Write each table as parquet."""
        for name in TABLES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet", index=False)

    @classmethod
    def load(cls, folder: Path) -> "Drift":
        """Read what `save` wrote."""
        return cls(*(conform(pd.read_parquet(folder / f"{name}.parquet"), name) for name in TABLES))


def cosine(one: Matrix, other: Matrix) -> Matrix:
    """
    Return the cosine of words along the last axis.

    Examples
    --------
    >>> cosine(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])).round(3).tolist()
    [0.0, 1.0]
    """
    return np.asarray((one * other).sum(axis=-1) / np.linalg.norm(one, axis=-1) / np.linalg.norm(other, axis=-1))


def most_moved(found: Drift) -> int:
    """Return the topic whose words in the last slice are least like those in the first."""
    last = found.topic_slices.groupby("topic")["cosine_first"].last()
    return int(last.to_numpy(dtype=np.float64).argmin()) + 1


def drift(
    fit: TopicFit,
    slices: Slices,
    *,
    halves: Sequence[TopicFit],
    dealt: Sequence[tuple[TopicFit, Slices]],
    alone: Mapping[str, Matrix],
) -> Drift:
    """
    Compare a dynamic model with the fits beside it.

    Parameters
    ----------
    fit : TopicFit
        Of a dynamic model.
    slices : Slices
        Of the same documents.
    halves : sequence of TopicFit
        Of halves of the documents, at least one.
    dealt : sequence of (TopicFit, Slices)
        Of all documents with years dealt out anew, as many.
    alone : mapping of slice to ndarray of shape (k, n_terms)
        Topics of each fitted slice by itself.

    Returns
    -------
    Drift
        A word came or went where its score is beyond that of any word of any topic in any fit
        with years dealt out anew, in the same direction in every half. (The score is the change
        of the root of its probability, by the words of the topic in both slices: what chance
        does to a frequent word and to a rare one, it does to their roots alike.) Where years mean nothing
        the fit is but one more of these: with n refits, at most one corpus in n + 1 has a word so marked.

    References
    ----------
    Blei, D. & Lafferty, J. (2006). https://doi.org/10.1145/1143844.1143859
    Rieger, J., Jentsch, C. & Rahnenführer, J. (2021). https://doi.org/10.18653/v1/2021.findings-emnlp.201
    """
    wording = _wording(fit, fit)
    others = np.stack([_wording(fit, other) for other in halves])
    chance = [_wording(other, other) for other, _ in dealt]
    beyond = max(float(np.abs(score(other, _held(other, given))).max()) for other, given in dealt)
    single = [match(wording[row], alone[name]) for row, name in enumerate(fit.groups)]
    matched = np.stack([alone[name][found.other] for name, found in zip(fit.groups, single, strict=True)])
    again = cosine(wording[None], others).mean(axis=0)
    likeness = np.stack([found.cosine for found in single])
    return Drift(
        slices=slices.table,
        topic_slices=_topic_slices(
            fit, slices, again, likeness, min(float(cosine(own[0], own[-1]).min()) for own in chance)
        ),
        slice_terms=_slice_terms(fit, np.where(likeness[:, :, None] >= ALIKE, matched, np.nan)),
        word_movement=_word_movement(fit, others, score(fit, _held(fit, slices)), beyond, again.mean(axis=0) >= STABLE),
    )


def _wording(fit: TopicFit, other: TopicFit) -> Matrix:
    """Return the words of another fit's topics in each slice, its topics in the order of the fit's."""
    if other.wording is None:
        raise ValueError("the fit has no slices")
    return np.asarray(other.wording[:, match(fit.beta, other.beta).other])


def _held(fit: TopicFit, slices: Slices) -> Matrix:
    """Return how many words of each slice are of each topic, shape (n_slices, k)."""
    words = np.nan_to_num(fit.gamma) * fit.n_tokens[:, None]
    return np.stack([words[slices.of_unit == row].sum(axis=0) for row in slices.fitted])


def score(fit: TopicFit, held: Matrix) -> Matrix:
    """
    Return how far each word moves from the first slice to the last, beside what sampling would do to it.

    Parameters
    ----------
    fit : TopicFit
    held : ndarray of shape (n_slices, k)
        Words of each topic in each slice.

    Returns
    -------
    ndarray of shape (k, n_terms)

    References
    ----------
    Freeman, M. & Tukey, J. (1950). https://doi.org/10.1214/aoms/1177729756
    """
    roots = np.sqrt(_wording(fit, fit)[[0, -1]])
    return np.asarray(2 * (roots[1] - roots[0]) / np.sqrt(1 / held[0] + 1 / held[-1])[:, None])


def _top(wording: Matrix) -> NDArray[np.bool_]:
    """Tell which words are among the first of a topic in any slice, shape (k, n_terms)."""
    ranks = np.argsort(np.argsort(-wording, axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray((ranks < TOP).any(axis=0))


def _topic_slices(fit: TopicFit, slices: Slices, again: Matrix, likeness: Matrix, chance: float) -> pd.DataFrame:
    """Return table ``topic_slices``."""
    wording, held = _wording(fit, fit), _held(fit, slices)
    before, first = cosine(wording[:-1], wording[1:]), cosine(wording[:1], wording)
    return conform(
        [
            {"language": fit.language, "topic": topic + 1, "slice": name, "n_words": held[row, topic],
             "share": held[row, topic] / held[row].sum(),
             "cosine_before": before[row - 1, topic] if row else None, "cosine_first": first[row, topic], "cosine_chance": chance,
             "cosine_halves": again[row, topic], "cosine_alone": likeness[row, topic]}
            for topic in range(fit.spec.k) for row, name in enumerate(fit.groups)
        ],
        "topic_slices",
    )  # fmt: skip


def _slice_terms(fit: TopicFit, alone: Matrix) -> pd.DataFrame:
    """Return table ``slice_terms``."""
    wording = _wording(fit, fit)
    ranks = np.argsort(np.argsort(-wording, axis=-1, kind="stable"), axis=-1, kind="stable") + 1
    return conform(
        [
            {"language": fit.language, "topic": topic + 1, "slice": name, "term": fit.terms[term],
             "rank": ranks[row, topic, term], "beta": wording[row, topic, term], "beta_alone": alone[row, topic, term]}
            for topic, shown in enumerate(_top(wording)) for row, name in enumerate(fit.groups)
            for term in sorted(np.flatnonzero(shown).tolist(), key=lambda term: ranks[row, topic, term])
        ],
        "slice_terms",
    )  # fmt: skip


def _word_movement(
    fit: TopicFit, others: Matrix, scores: Matrix, chance: float, stable: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return table ``word_movement``."""
    wording = _wording(fit, fit)
    change = wording[-1] - wording[0]
    every = np.concatenate([change[None], others[:, -1] - others[:, 0]])
    low, high = every.min(axis=0), every.max(axis=0)
    records = []
    for topic, shown in enumerate(_top(wording)):
        for term in sorted(np.flatnonzero(shown).tolist(), key=lambda term: (-change[topic, term], term)):
            came = scores[topic, term] > chance and low[topic, term] > 0
            went = scores[topic, term] < -chance and high[topic, term] < 0
            mark = "came" if came else "went" if went else "not beyond chance"
            records.append(
                {"language": fit.language, "topic": topic + 1, "term": fit.terms[term],
                 "beta_first": wording[0, topic, term], "beta_last": wording[-1, topic, term],
                 "change": change[topic, term], "low": low[topic, term], "high": high[topic, term],
                 "score": scores[topic, term], "chance": chance, "n_refits": len(others), "mark": mark if stable[topic] else "unstable"}
            )  # fmt: skip
    return conform(records, "word_movement")
