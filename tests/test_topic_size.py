"""Sizes of topics: right where they are identified, withheld where they are not."""

import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.compare.topic_effects import topic_effects
from policy_themes.compare.topic_question import without_size
from policy_themes.topics import TopicFit, TopicSpec, fit_topics, identified, topic_prevalence
from policy_themes.topics.refits import REFITS, Identified, refits, reliability
from policy_themes.vectorize import DocTerm

K, YEARS, RISE = 6, 20, 0.5


@dataclass(frozen=True)
class Planted:
    """A corpus in which the first of six topics rises from half its mean share to one and a half."""

    docterm: DocTerm
    documents: pd.DataFrame
    first: NDArray[np.float64]
    slope: float

    @classmethod
    def drawn(cls, seed: int, *, n_tokens: int = 120, common: float = 0.0, n_docs: int = 400) -> "Planted":
        """Draw one; `common` is the part of every topic's words that all share."""
        random = np.random.default_rng(seed)
        own = random.dirichlet(np.full(800, 0.05), size=K)
        beta = (1 - common) * own + common * random.dirichlet(np.full(800, 0.5))
        year = np.arange(n_docs) % YEARS
        share = (1 + 2 * RISE * (year / (YEARS - 1) - 0.5)) / K
        means = np.column_stack([share, *[(1 - share) / (K - 1)] * (K - 1)])
        theta = np.array([random.dirichlet(mean * K * 0.3) for mean in means])
        counts = np.array([random.multinomial(n_tokens, row @ beta) for row in theta])
        names = tuple(f"d{row:04}" for row in range(n_docs))
        docterm = DocTerm(sp.csr_array(counts), tuple(map(str, range(800))), names, (-1,) * n_docs, "en")
        documents = pd.DataFrame({"doc_id": names, "year": pd.array(2000 + year, dtype="Int64")})
        return cls(docterm, documents, beta[0], 2 * RISE / K / (YEARS - 1))

    def fit(self, k: int = K, *, seed: int = 1, iterations: int = 300) -> tuple[TopicFit, int]:
        """Fit topics; return which of them is the one that rises."""
        fit = fit_topics(self.docterm, TopicSpec(k, unit="document", seed=seed, iterations=iterations))
        alike = fit.beta @ self.first / np.linalg.norm(fit.beta, axis=1)
        return fit, int(alike.argmax()) + 1


def known(planted: Planted, fit: TopicFit, topic: int) -> Identified:
    return identified(refits(planted.docterm, fit, workers=1), fit, [topic])


@pytest.mark.long
def test_the_size_of_a_trend_in_separable_topics_is_right_and_not_withheld() -> None:
    ratios, covered, withheld = [], [], []
    for seed in range(40):
        planted = Planted.drawn(seed)
        fit, topic = planted.fit(seed=seed + 1, iterations=500)
        row = topic_effects(fit, planted.documents, "~ year", {"t": [topic]}).iloc[0]
        ratios.append(row["estimate"] / planted.slope)
        covered.append(row["low"] <= planted.slope <= row["high"])
        if seed < 10:
            withheld.append(known(planted, fit, topic).what != "size")
    sys.stdout.write(f"ratio {np.mean(ratios):.3f}, covered {np.mean(covered):.3f}, withheld {np.mean(withheld):.2f}\n")
    assert 0.9 <= np.mean(ratios) <= 1.1
    assert np.mean(covered) >= 0.88
    assert sum(withheld) <= 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "k", "drawn"),
    [("alike", (K,), {"common": 0.7}), ("wrong k", (3, 12), {}), ("short", (K,), {"n_tokens": 8, "n_docs": 200})],
)
def test_sizes_that_are_not_identified_are_withheld(name: str, k: tuple[int, ...], drawn: dict[str, float]) -> None:
    """The naive size, which is then not printed, is off by more than the bar of the separable corpora allows."""
    ratios, said = [], []
    for seed in range(20):
        planted = Planted.drawn(seed, **drawn)  # type: ignore[arg-type]
        fit, topic = planted.fit(k[seed % len(k)], seed=seed + 1, iterations=150)
        row = topic_effects(fit, planted.documents, "~ year", {"t": [topic]})
        ratios.append(float(row["estimate"].iloc[0]) / planted.slope)
        found = known(planted, fit, topic)
        said.append(found.what)
        shown = without_size(row, found).iloc[0]
        assert found.what == "size" or shown[["estimate", "low", "high"]].isna().all()
    sys.stdout.write(f"{name}: ratio {np.mean(ratios):.3f}, {pd.Series(said).value_counts().to_dict()}\n")
    assert said.count("size") <= 1
    if name != "wrong k":
        assert not 0.9 <= np.mean(ratios) <= 1.1


@pytest.fixture(scope="module")
def small() -> tuple[Planted, TopicFit]:
    planted = Planted.drawn(3, n_docs=120)
    return planted, planted.fit(iterations=200)[0]


def test_other_fits_find_planted_topics_again(small: tuple[Planted, TopicFit]) -> None:
    planted, fit = small
    found = refits(planted.docterm, fit, workers=1)
    assert list(found["topic"]) == list(range(1, K + 1)) and set(found["n_seeds"]) == {REFITS}
    assert found["cosine"].min() > 0.9 and set(found["mark"]) == {"stable"}
    pd.testing.assert_frame_equal(found, refits(planted.docterm, fit, workers=2))
    other = replace(fit, beta=np.random.default_rng(1).dirichlet(np.ones(800), size=K))
    lost = refits(planted.docterm, other, workers=1)
    assert set(lost["mark"]) == {"unstable"}


def table_of(cosines: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"topic": range(1, len(cosines) + 1), "cosine": cosines, "n_seeds": 3})


def test_what_may_be_said_of_topics(small: tuple[Planted, TopicFit]) -> None:
    fit = small[1]
    assert identified(table_of([0.95] * 6), fit, [1]) == Identified("size")
    lost = identified(table_of([0.99, 0.99, 0.99, 0.99, 0.99, 0.5]), fit, [6])
    assert lost.what == "nothing" and "3 other fits do not find topic 6 again (cosine 0.50" in lost.why
    assert identified(table_of([0.99, 0.99, 0.99, 0.99, 0.99, 0.5]), fit, [1]).what == "size"
    rough = identified(table_of([0.99, 0.5, 0.5, 0.5, 0.99, 0.5]), fit, [1])
    assert rough.what == "direction" and "mean cosine 0.66" in rough.why
    # A sum of topics counts each by its words.
    shares = np.nansum(fit.gamma * fit.n_tokens[:, None], axis=0)
    mixed = [1.0, 0.85, 1.0, 1.0, 1.0, 1.0]
    weighted = (shares[0] + 0.85 * shares[1]) / (shares[0] + shares[1])
    assert (identified(table_of(mixed), fit, [1, 2]).what == "size") == (weighted >= 0.9)


def test_reliability_is_the_share_by_which_a_trend_is_too_small() -> None:
    found = []
    for n_tokens in (4, 40, 2_000):
        fit = shares_of(np.random.default_rng(1), 2_000, n_tokens)
        own = fit.gamma[:, 0]
        doubt = (own * (1 - own)).mean() / (n_tokens + 1)  # of a Dirichlet with so many words
        found.append(reliability(fit, [1]))
        assert found[-1] == pytest.approx(own.var() / (own.var() + doubt), abs=0.01)
    assert found[0] < 0.5 and found[2] > 0.99
    assert reliability(fit, [1, 2, 3]) == 1.0  # all of the text is known


def test_direction_and_reason_are_left_where_the_size_is_not() -> None:
    table = pd.DataFrame(
        {
            "estimate": [0.2, -0.1, np.nan],
            "low": 0.1,
            "high": 0.3,
            "p_value": [0.01, 0.2, np.nan],
            "note": [None, "few", None],
        }
    )
    pd.testing.assert_frame_equal(without_size(table, Identified("size")), table)
    some = without_size(table, Identified("direction", "why"))
    assert some["note"].tolist() == ["why; more", "why; less; few", "why"]
    assert some["estimate"].isna().all() and some["high"].isna().all() and some["p_value"].tolist()[:2] == [0.01, 0.2]
    none = without_size(table, Identified("nothing", "why"))
    assert none["note"].tolist() == ["why", "why; few", "why"] and none["p_value"].isna().all()
    predicted = without_size(table.drop(columns="p_value"), Identified("direction", "why"))
    assert predicted["note"].tolist() == ["why", "why; few", "why"] and predicted["low"].isna().all()


def shares_of(random: np.random.Generator, n_docs: int, n_tokens: int) -> TopicFit:
    """Return a fit of documents whose mean shares are one, two and seven tenths."""
    gamma = random.dirichlet([1.0, 2.0, 7.0], size=n_docs)
    names = tuple(f"d{row}" for row in range(n_docs))
    spec = TopicSpec(3, unit="document")
    words = np.full(n_docs, n_tokens)
    return TopicFit(np.full((3, 5), 0.2), gamma, words, tuple("abcde"), names, (-1,) * n_docs, "en", spec)


def test_intervals_of_prevalence_hold_the_mean_of_those_sampled_from() -> None:
    covered = {True: 0, False: 0}
    for number in range(300):
        fit = shares_of(np.random.default_rng(number), 20, 50)
        groups = dict.fromkeys(fit.doc_ids, "x")
        for sampled in covered:
            table = topic_prevalence(fit, groups, by="year", sampled=sampled, seed=number)
            inside = (table["ci_low"] <= [0.1, 0.2, 0.7]) & (table["ci_high"] >= [0.1, 0.2, 0.7])
            covered[sampled] += int(inside.sum())
            assert table["ci_low"].between(0, 1).all() and table["ci_high"].between(0, 1).all()
    assert 0.93 <= covered[True] / 900 <= 0.98
    assert covered[False] / 900 < 0.9  # taken as a census, sampling is not in it


def test_prevalence_says_what_its_interval_covers_and_which_topics_hold() -> None:
    fit = shares_of(np.random.default_rng(1), 12, 50)
    groups = {doc_id: "few" if number < 4 else "many" for number, doc_id in enumerate(fit.doc_ids)}
    again = pd.DataFrame({"topic": [1, 2, 3], "mark": ["stable", "unstable", "stable"]})
    table = topic_prevalence(fit, groups, by="year", sampled=True, found_again=again)
    few, many = table[table["group"] == "few"], table[table["group"] == "many"]
    assert few["ci_low"].isna().all() and set(few["interval"]) == {"none: fewer than 5 documents"}
    assert many["ci_low"].notna().all() and many["interval"].str.contains("documents a sample").all()
    assert many["mark"].tolist() == ["stable", "unstable", "stable"]
    assert topic_prevalence(fit, groups, by="year")["interval"].str.contains("not a sample").all()
