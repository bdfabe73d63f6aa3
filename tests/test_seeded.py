"""Seeded themes that hang on a formula: planted differences and trends come out, and where nothing is, nothing does."""

import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray

from policy_themes.compare.topic_effects import topic_effects
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics import TopicFit, TopicSpec
from policy_themes.topics.draws import topic_draws
from policy_themes.topics.seeded import drop_one, fit_seeded
from policy_themes.vectorize import DocTerm

pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")

Matrix = NDArray[np.float64]
K, TERMS, YEARS, N_DOCS = 4, 120, 12, 240
FORMULA = "~ region + s(year)"


@dataclass(frozen=True)
class World:
    """Documents whose first topic, "law", may be more frequent in region 33, or rise."""

    texts: DocTerm
    documents: pd.DataFrame
    spec: TopicSpec
    law: Matrix
    expected: Matrix

    def fit(self, formula: str | None) -> TopicFit:
        return fit_seeded(self.texts, replace(self.spec, prevalence=formula), self.documents)

    def found(self, fit: TopicFit) -> Matrix:
        return topic_draws(fit, [fit.themes.index("law") + 1]).mean(axis=1).to_numpy()

    def difference(self, shares: Matrix) -> float:
        there = self.documents["region_code"].eq("33").to_numpy()
        return float(shares[there].mean() - shares[~there].mean())

    def rise(self, shares: Matrix) -> float:
        """Return what a line through the documents rises by from the first year to the last."""
        return float(np.polyfit(self.documents["year"].to_numpy(dtype=float), shares, 1)[0] * (YEARS - 1))


def world(seed: int, *, region: float = 0.0, rise: float = 0.0, words: int = 40) -> World:
    """Draw documents; `region` and `rise` (first to last year) are on the log of the first topic's prior."""
    random = np.random.default_rng(seed)
    beta = random.dirichlet(np.full(TERMS, 0.05), size=K)
    there, year = np.arange(N_DOCS) % 2 == 1, np.arange(N_DOCS) // 2 % YEARS
    prior = np.full((N_DOCS, K), 0.4)
    prior[:, 0] *= np.exp(region * there + rise * (year / (YEARS - 1) - 0.5))
    theta = np.stack([random.dirichlet(own) for own in prior])
    counts = np.stack([random.multinomial(words, share) for share in theta @ beta])
    names = tuple(f"d{row:03d}" for row in range(N_DOCS))
    texts = DocTerm(sp.csr_array(counts), tuple(f"w{term:03d}" for term in range(TERMS)), names, (-1,) * N_DOCS, "en")
    documents = pd.DataFrame(
        {"doc_id": names, "region_code": np.where(there, "33", "11"), "year": pd.array(2000 + year, dtype="Int64")}
    )
    first = [tuple(f"w{term:03d}" for term in np.argsort(-row)[:3]) for row in beta]
    spec = TopicSpec(K, "seeded", "document", 400, keywords=(("law", first[0]), ("peace", first[1])))
    return World(texts, documents, spec, theta[:, 0], (prior / prior.sum(axis=1, keepdims=True))[:, 0])


def test_a_planted_difference_and_a_planted_rise_come_out_and_nothing_does_where_nothing_is() -> None:
    """Bar: within .06 of what the documents hold."""
    for made, asked in ((world(1, region=1.2), "difference"), (world(2, rise=2.5), "rise"), (world(3), "difference")):
        found = made.found(made.fit(FORMULA))
        for name in ("difference", "rise"):
            value, truth = getattr(made, name)(found), getattr(made, name)(made.law)
            sys.stdout.write(f"{asked}: {name} {value:.3f}, planted {truth:.3f}\n")
            assert abs(value - truth) <= 0.06
        assert np.corrcoef(found, made.law)[0, 1] > 0.9


def test_the_formula_helps_short_texts_and_a_wrong_one_less() -> None:
    """The prior is what it changes: with eight words a text its region says what the words leave open."""
    off: dict[str, list[float]] = {"none": [], "own": [], "dealt": []}
    for seed in range(4):
        made = world(seed, region=2.0, words=8)
        dealt = made.documents["doc_id"].sample(frac=1, random_state=seed).to_numpy()
        other = replace(made, documents=made.documents.assign(doc_id=dealt))
        for name, fit in (("none", made.fit(None)), ("own", made.fit("~ region")), ("dealt", other.fit("~ region"))):
            off[name].append(float(np.sqrt(((made.found(fit) - made.law) ** 2).mean())))
    sys.stdout.write("off by " + ", ".join(f"{name} {np.mean(values):.3f}" for name, values in off.items()) + "\n")
    assert np.mean(off["own"]) < np.mean(off["dealt"]) < np.mean(off["none"])


def test_a_short_fit_comes_to_its_formula_too() -> None:
    """By topica's own defaults the prior is not touched in the first 200 rounds."""
    made = world(1, region=2.0)
    few = replace(made, spec=replace(made.spec, iterations=60))
    assert not np.array_equal(few.fit("~ region").gamma, few.fit("~ year").gamma)


def test_the_same_call_gives_the_same_bytes_whatever_the_order_of_the_table() -> None:
    made = world(1, region=1.2)
    other = replace(made, documents=made.documents.sample(frac=1, random_state=1))
    assert np.array_equal(made.fit(FORMULA).gamma, other.fit(FORMULA).gamma)


def test_documents_that_lack_a_column_take_no_part_and_keywords_must_stand_in_the_others() -> None:
    made = world(1)
    made.documents.loc[:4, "year"] = None
    found = made.fit(FORMULA)
    assert np.flatnonzero(np.isnan(found.gamma).all(axis=1)).tolist() == [0, 1, 2, 3, 4]
    table = drop_one(made.texts, found, made.documents, theme="law")
    assert table["keyword"].tolist() == list(dict(made.spec.keywords)["law"])
    with pytest.raises(UsageError, match="region"):
        made.fit("~ regionn")
    words = list(dict(made.spec.keywords)["law"])
    away = np.isin(made.texts.terms, words) & (np.arange(N_DOCS) > 4)[:, None]
    texts = replace(made.texts, counts=sp.csr_array(np.where(away, 0, made.texts.counts.toarray())))
    assert texts.counts[:, np.isin(made.texts.terms, words)].sum() > 0
    with pytest.raises(InsufficientDataError, match="No keyword of law"):
        replace(made, texts=texts).fit(FORMULA)


def answers(made: World) -> pd.DataFrame:
    """Return the effects of region and year on the theme, by term."""
    fit = made.fit(FORMULA)
    table = topic_effects(fit, made.documents, "~ region + year", {"law": [fit.themes.index("law") + 1]})
    assert table["term"].tolist() in (["region: 33 less 11", "year"], ["region: 11 less 33", "year"])
    return table


@pytest.mark.long
def test_nothing_is_found_where_nothing_is() -> None:
    """R13: at most 7 of 60 corpora reject at .05, of region and of year, though both are in the model's prior."""
    rejected = np.zeros(2)
    for seed in range(60):
        rejected += answers(world(1000 + seed))["p_value"].to_numpy(dtype=float) < 0.05
    sys.stdout.write(f"rejected: region {rejected[0]:.0f}, year {rejected[1]:.0f} of 60\n")
    assert (rejected <= 7).all()


@pytest.mark.long
def test_the_size_of_what_is_planted_is_found() -> None:
    """R11: mean ratio .9 to 1.1, intervals cover at least 88 % (40 corpora)."""
    ratios, covered = [], []
    for seed in range(40):
        made = world(2000 + seed, region=1.2, rise=1.0)
        row = answers(made).iloc[0]
        sign = 1 if row["term"] == "region: 33 less 11" else -1
        truth = sign * made.difference(made.expected)
        ratios.append(float(row["estimate"]) / truth)
        covered.append(float(row["low"]) <= truth <= float(row["high"]))
    sys.stdout.write(f"ratio {np.mean(ratios):.3f}, covered {np.mean(covered):.3f}\n")
    assert 0.9 <= np.mean(ratios) <= 1.1 and np.mean(covered) >= 0.88


@pytest.mark.long
def test_hidden_states_over_years_change_where_nothing_does() -> None:
    """Why time is a formula here: topica's dynamic keyATM goes through all its states, and says each once, by one draw."""
    import topica

    off: dict[str, list[float]] = {"states": [], "formula": []}
    for seed in range(8):
        made = world(3000 + seed)
        rows = made.texts.counts.toarray()
        texts = [[made.texts.terms[term] for term in np.repeat(np.arange(TERMS), row)] for row in rows]
        years = made.documents["year"].astype(int).to_numpy()
        model = topica.KeyATM({theme: list(words) for theme, words in made.spec.keywords}, num_topics=K, seed=1)
        model.fit(texts, iters=400, timestamps=years.tolist(), num_states=5)
        assert len(set(model.time_state)) == 5
        truth = pd.Series(made.law).groupby(years).mean().to_numpy()
        formula = pd.Series(made.found(made.fit("~ s(year)"))).groupby(years).mean().to_numpy()
        for name, shares in (("states", np.asarray(model.time_prevalence)[:, 0]), ("formula", formula)):
            off[name].append(float(np.abs(shares - truth).mean()))
    sys.stdout.write(
        "years off by " + ", ".join(f"{name} {np.mean(values):.3f}" for name, values in off.items()) + "\n"
    )
    assert np.mean(off["states"]) > 2 * np.mean(off["formula"])
