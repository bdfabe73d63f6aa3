"""Tests of differences under nothing at all: how often they find something, and that worse tests would be noticed."""

import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.stats import chi2, false_discovery_control, kstest

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.wording.around import words_around
from policy_themes.compare.wording.asked import answer
from policy_themes.compare.wording.contrast import contrasts
from policy_themes.compare.wording.inference import judge
from policy_themes.compare.wording.keyness import independence, log_odds, prior_counts
from policy_themes.compare.wording.permutation import dealings, permutation_test, placebos, unequal_spread
from policy_themes.compare.wording.question import Compared, Question, compared
from policy_themes.compare.wording.split import split_documents
from policy_themes.config import Settings
from policy_themes.corpus import Corpus
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon import Lexicon
from policy_themes.schema import TABLES
from policy_themes.study import open_study
from policy_themes.text.units import Language
from policy_themes.tokenize import Tokens
from policy_themes.vectorize import DocTerm, count_terms

Array = NDArray[np.float64]
RHO = (0.0, 0.002, 0.01, 0.03)
BAR = 0.06
SIMULATIONS = 4_000


def bursty(rng: np.random.Generator, lengths: Array, rate: Array | float, rho: Array | float, n: int) -> Array:
    """Counts of n words, (n_docs, n): binomial with a rate of its own in each document, correlated by rho inside it."""
    rate, rho = (np.broadcast_to(np.asarray(value, dtype=float).reshape(-1, 1), (len(lengths), n))
                 if np.ndim(value) < 2 else np.asarray(value) for value in (rate, rho))  # fmt: skip
    some = np.maximum(rho, 1e-12)
    own = np.where(rho > 0, rng.beta(rate * (1 - some) / some, (1 - rate) * (1 - some) / some), rate)
    return rng.binomial(lengths.astype(int)[:, None], own).astype(float)


def test_a_group_without_documents_has_no_words() -> None:
    counts = DocTerm(sp.csr_array(np.ones((2, 1), dtype=int)), ("x",), ("a", "b"), (-1, -1), "en")
    documents = compared(counts, {"a": "1", "b": "2"}, lengths={"a": 5, "b": 5})
    table = contrasts(documents, Question("part", groups=("3",)))
    assert table.empty and list(table) == list(TABLES["contrasts"])


def test_some_of_the_documents_are_what_they_were_among_all() -> None:
    counts = DocTerm(sp.csr_array(np.arange(8).reshape(4, 2)), ("x", "y"), tuple("abcd"), (-1,) * 4, "en")
    lengths, groups = dict(zip("abcd", (10, 20, 30, 40), strict=True)), dict(zip("abcd", "1122", strict=True))
    alike = {"strata": dict(zip("abcd", "pqpq", strict=True)), "blocks": dict(zip("abcd", "rrss", strict=True))}
    some = compared(counts, groups, lengths=lengths, **alike).only([True, False, False, True])
    assert (some.docterm.doc_ids, some.docterm.terms, some.docterm.language) == (("a", "d"), ("x", "y"), "en")
    assert some.docterm.counts.toarray().tolist() == [[0, 1], [6, 7]] and some.docterm.passages == (-1, -1)
    assert (some.lengths.tolist(), some.unit, some.groups.tolist()) == ([10, 40], "word", ["1", "2"])
    assert some.blocks is not None and (some.strata.tolist(), some.blocks.tolist()) == ([0, 1], [0, 1])
    assert compared(counts, groups, lengths=lengths).only([True] * 4).blocks is None


def sides(n_group: int, n_other: int) -> NDArray[np.bool_]:
    return np.arange(n_group + n_other) < n_group


def held(counts: Array) -> Array:
    """The words that a contrast tests: those of at least five documents."""
    return counts[:, (counts > 0).sum(axis=0) >= 5]


def share(p: Array | None) -> float:
    assert p is not None
    return float((p <= 0.05).mean())


def even(n_group: int, n_other: int) -> Array:
    """Lengths from 200 to 2,000 words, alike on both sides."""
    return np.concatenate([200 + 1_800 * (np.arange(n) + 0.5) / n for n in (n_group, n_other)]).round()


def null(n_group: int, n_other: int, rho: float, *, n: int = SIMULATIONS, seed: int = 0) -> sp.csr_array:
    """Rates of words that differ nowhere."""
    rng, lengths = np.random.default_rng([seed, n_group, n_other]), even(n_group, n_other)
    return sp.csr_array(held(bursty(rng, lengths, 0.008, rho, n)) / lengths[:, None])


@pytest.mark.parametrize(("n_group", "n_other"), [(20, 20), (10, 60), (8, 30)])
@pytest.mark.parametrize("rho", RHO)
class TestNothing:
    """R3: words that differ nowhere, clustering in documents by rho."""

    def test_documents_dealt_out_find_five_in_a_hundred(self, n_group: int, n_other: int, rho: float) -> None:
        side, strata = sides(n_group, n_other), np.zeros(n_group + n_other, dtype=np.int64)
        rates, found = null(n_group, n_other, rho), []
        for seed, columns in enumerate(np.array_split(np.arange(rates.shape[1]), 8)):
            judged = judge(rates, side, strata, columns=columns, seed=seed)  # dealings of their own for each eighth
            assert judged.refused == "" and judged.p is not None and judged.p_adjusted is not None
            assert ("approximate" in judged.method) == (n_group < 20)
            assert (judged.p_adjusted >= judged.p).all()
            found.append(judged.p)
        p = np.concatenate(found)
        assert share(p) <= BAR
        assert kstest(p, "uniform").pvalue > 0.01

    def test_words_taken_for_independent_draws_do_not(self, n_group: int, n_other: int, rho: float) -> None:
        """The bar bites: the p-values of G2 itself, and |z| of log-odds beyond 1.96."""
        lengths, side = even(n_group, n_other), sides(n_group, n_other)
        counts = null(n_group, n_other, rho).toarray() * lengths[:, None]
        one, other = counts[side].sum(axis=0), counts[~side].sum(axis=0)
        rest = [lengths[side].sum() - one, lengths[~side].sum() - other]
        found = share(chi2.sf(independence(np.stack([np.stack([one, other]), np.stack(rest)])), 1))
        z = log_odds(one, other, prior_counts(one, other, prior="symmetric")).z
        by_z = float((np.abs(z) > 1.96).mean())
        if rho >= 0.002:
            assert found > 2 * BAR and by_z > 2 * BAR, (found, by_z)
        else:
            assert found <= BAR, found


class TestUnequalSpread:
    @pytest.mark.parametrize(
        ("n_group", "n_other", "rho", "rho_other", "found"),
        [
            (10, 60, 0.03, 0.002, 0.15),
            (20, 60, 0.03, 0.002, 0.1),
            (20, 20, 0.03, 0.002, 0.1),
            (20, 20, 0.002, 0.03, 0.1),
        ],
    )
    def test_what_cannot_hold_the_bar_is_refused(
        self, n_group: int, n_other: int, rho: float, rho_other: float, found: float
    ) -> None:
        rng = np.random.default_rng(1)
        lengths = rng.integers(200, 2_000, n_group + n_other).astype(float)
        side = sides(n_group, n_other)
        counts = held(bursty(rng, lengths, 0.006, np.where(side, rho, rho_other), 2_000))
        rates, strata = sp.csr_array(counts / lengths[:, None]), np.zeros(len(side), dtype=np.int64)
        judged = judge(rates, side, strata)
        assert judged.p is None and judged.refused.startswith("unequal spread"), judged
        assert f"{min(n_group, n_other)} against {max(n_group, n_other)}" in judged.refused
        # The bar bites: tested all the same, it would find this much.
        assert share(permutation_test(rates, dealings(side, strata), strata).p) > found

    def test_pairs_tell_which_side_varies_more(self) -> None:
        """A document against one in each year: there one residual mirrors the other."""
        rng = np.random.default_rng(16)
        years, side = np.tile(np.arange(20), 2), sides(20, 20)
        lengths = np.tile(rng.integers(300, 2_000, 20), 2).astype(float)
        shock = 0.4 * rng.standard_normal((20, 2_000))[years]
        for rho, refused in ((0.003, False), (0.03, True)):
            each = np.where(side, rho, 0.003)[:, None].repeat(2_000, axis=1)
            rates = sp.csr_array(held(bursty(rng, lengths, 0.006 * np.exp(shock), each, 2_000)) / lengths[:, None])
            judged = judge(rates, side, years)
            found = share(permutation_test(rates, dealings(side, years), years).p)
            assert judged.refused.startswith("unequal spread") == refused
            assert found > BAR if refused else found <= BAR

    def test_shorter_documents_vary_more(self) -> None:
        rng = np.random.default_rng(2)
        side = sides(10, 60)
        lengths = np.where(side, rng.integers(100, 200, 70), rng.integers(800, 1_200, 70)).astype(float)
        counts = held(bursty(rng, lengths, 0.006, 0.002, 2_000))
        rates, strata = sp.csr_array(counts / lengths[:, None]), np.zeros(70, dtype=np.int64)
        assert judge(rates, side, strata).refused.startswith("unequal spread")
        assert judge(rates, ~side, strata).refused.startswith("unequal spread")
        assert share(permutation_test(rates, dealings(side, strata), strata).p) > BAR

    def test_it_is_one_where_documents_are_dealt_out_by_chance(self) -> None:
        for n_group, n_other in ((8, 8), (10, 60), (40, 40)):
            rates, side = null(n_group, n_other, 0.01, seed=3), sides(n_group, n_other)
            strata = np.arange(len(side)) % 3
            found = unequal_spread(rates, side, strata)
            assert found == pytest.approx(1, abs=0.12)
            assert unequal_spread(rates, ~side, strata) == pytest.approx(1 / found, rel=1e-9)

    @pytest.mark.long
    def test_whatever_is_printed_holds_the_bar(self) -> None:
        """Numbers and spreads on a grid: each is refused, or finds at most six in a hundred."""
        printed, worst = [], 0.0
        for n_group, n_other in ((8, 8), (8, 30), (10, 20), (10, 60), (20, 20), (20, 60), (30, 120), (60, 60)):
            for rho in (0.002, 0.01):
                for factor in (0.5, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0):
                    rng = np.random.default_rng([n_group, n_other, int(rho * 1_000), int(factor * 100)])
                    lengths = rng.integers(300, 2_000, n_group + n_other).astype(float)
                    side = sides(n_group, n_other)
                    counts = held(bursty(rng, lengths, 0.006, np.where(side, rho * factor, rho), SIMULATIONS))
                    rates, strata = sp.csr_array(counts / lengths[:, None]), np.zeros(len(side), dtype=np.int64)
                    judged = judge(rates, side, strata)
                    if judged.p is not None:
                        printed.append((n_group, n_other, rho, factor, share(judged.p)))
                        worst = max(worst, printed[-1][-1])
        assert len(printed) >= 50
        # Two standard errors of 4,000 simulations.
        assert worst <= BAR + 0.007, sorted(printed, key=lambda row: -row[-1])[:5]
        assert np.mean([row[-1] for row in printed]) <= 0.053


class TestStrata:
    def test_an_unequal_mix_of_years_is_no_difference(self) -> None:
        rng = np.random.default_rng(4)
        years = np.repeat(np.arange(6), 20)
        side = np.concatenate([np.arange(20) < 2 + 3 * year for year in range(6)])
        lengths = rng.integers(300, 2_000, 120).astype(float)
        rate = 0.006 * np.exp(0.8 * rng.standard_normal((6, 2_000)))[years]
        rates = sp.csr_array(held(bursty(rng, lengths, rate, np.full((120, 2_000), 0.005), 2_000)) / lengths[:, None])
        assert share(judge(rates, side, years).p) <= BAR
        assert share(judge(rates, side, np.zeros(120, dtype=np.int64)).p) > 2 * BAR  # the bar bites

    def test_a_stratum_of_one_side_says_nothing(self) -> None:
        rates = null(20, 20, 0.002, n=1_000)
        side, strata = np.arange(40) % 2 == 0, np.repeat([0, 1], 20)
        side[20:] = True
        assert judge(rates, side, strata).p is not None
        alone = judge(rates[:20], side[:20], strata[:20])
        assert (judge(rates, side, strata).p == alone.p).all()  # type: ignore[union-attr]
        assert judge(rates, strata == 0, strata).refused == "too few: 0 documents on one side, 8 are needed"

    def test_years_before_and_after_are_dealt_out_as_years(self) -> None:
        """Regions share what happens in a year: by documents that would be a difference between periods."""
        rng = np.random.default_rng(5)
        years, regions = np.repeat(np.arange(22), 12), np.tile(np.arange(12), 22)
        shock = 0.3 * rng.standard_normal((22, 2_000))[years] + 0.3 * rng.standard_normal((12, 2_000))[regions]
        lengths = rng.integers(300, 2_000, len(years)).astype(float)
        rates = sp.csr_array(
            held(bursty(rng, lengths, 0.006 * np.exp(shock), np.full(shock.shape, 0.002), 2_000)) / lengths[:, None]
        )
        judged = judge(rates, years >= 11, regions, blocks=years, what="years")
        assert "years dealt out 499 times within strata, approximate: 11 on one side" in judged.method
        assert share(judged.p) <= BAR and kstest(judged.p, "uniform").pvalue > 0.01
        assert share(judge(rates, years >= 11, regions).p) > 3 * BAR  # the bar bites

    @pytest.mark.parametrize("uneven", [False, True])
    def test_one_region_is_ranked_among_the_others(self, uneven: bool) -> None:
        """A region's own manner is no difference from the rest: dealing out its documents would call it one."""
        rng = np.random.default_rng(6)
        per_region = np.where(np.arange(31) % 2, 12, 20) if uneven else np.full(31, 16)
        regions = np.repeat(np.arange(31), per_region)
        years = np.concatenate([np.arange(n) for n in per_region])
        shock = 0.3 * rng.standard_normal((31, 3_000))[regions] + 0.3 * rng.standard_normal((20, 3_000))[years]
        lengths = rng.integers(300, 2_000, len(years)).astype(float)
        counts = held(bursty(rng, lengths, 0.006 * np.exp(shock), np.full(shock.shape, 0.002), 3_000))
        rates = sp.csr_array(counts / lengths[:, None])
        for region in (0, 1):
            judged = judge(rates, regions == region, years, blocks=regions, what="regions")
            assert judged.method.startswith("placebo: rank among 31 regions") and "1/31" in judged.method
            assert share(judged.p) <= BAR and judged.p is not None and judged.p.min() == pytest.approx(1 / 31)
        assert share(judge(rates, regions == 0, years).p) > 4 * BAR  # the bar bites


class TestRefusals:
    @pytest.mark.parametrize(
        ("n_group", "n_other", "said"), [(7, 30, "too few: 7 documents"), (30, 3, "too few: 3 doc")]
    )
    def test_fewer_than_eight_documents(self, n_group: int, n_other: int, said: str) -> None:
        side = sides(n_group, n_other)
        judged = judge(null(n_group, n_other, 0.002, n=50), side, np.zeros(len(side), dtype=np.int64))
        assert judged.p is None and judged.p_adjusted is None and judged.method == "" and said in judged.refused

    def test_blocks_that_carry_nothing(self) -> None:
        rates, side, strata = null(20, 20, 0.002, n=50), sides(20, 20), np.zeros(40, dtype=np.int64)

        def said(blocks: NDArray[np.int64]) -> str:
            return judge(rates, side, strata, blocks=blocks, what="regions").refused

        assert said(side.astype(np.int64)).startswith("one against one")
        assert said(np.zeros(40, dtype=np.int64)) == "regions have documents on both sides"
        assert said(np.arange(40) // 5) == "too few: 4 regions on one side, 8 are needed"
        assert said(np.where(side, 0, 1 + np.arange(40) // 10)).startswith("too few: 3 regions have about as many")
        assert said(np.where(side, 0, np.arange(40))).startswith("too few: 1 regions have about as many")


class TestDealings:
    def test_strata_keep_their_numbers(self) -> None:
        rng = np.random.default_rng(7)
        side, strata = rng.random(60) < 0.4, rng.integers(0, 5, 60)
        found = dealings(side, strata, n=200, seed=1)
        assert (found[0] == side).all() and len({row.tobytes() for row in found}) == 201
        for stratum in range(5):
            assert (found[:, strata == stratum].sum(axis=1) == side[strata == stratum].sum()).all()
        assert found.mean(axis=0) == pytest.approx(
            [side[strata == stratum].mean() for stratum in strata], abs=0.15
        )  # every document of a stratum as often as the others

    def test_statistic_by_a_plain_loop(self) -> None:
        rng = np.random.default_rng(8)
        rates, strata = rng.poisson(1.0, (30, 12)).astype(float), rng.integers(0, 3, 30)
        rates[:, 3] = 0
        side = rng.random(30) < 0.5
        found = permutation_test(sp.csr_array(rates), dealings(side, strata, n=9), strata).t
        for term in range(12):
            y, z = rates[:, term].copy(), side.astype(float)
            for stratum in range(3):
                own = strata == stratum
                y[own] -= y[own].mean()
                z[own] -= z[own].mean()
            slope = (z * y).sum() / (z * z).sum()
            error = np.sqrt(((z * (y - slope * z)) ** 2).sum()) / (z * z).sum()
            assert found[term] == pytest.approx(slope / error if error else 0, rel=1e-9)

    def test_step_down_by_a_plain_loop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rng = np.random.default_rng(9)
        rates = sp.csr_array(rng.poisson(1.0, (30, 25)).astype(float))
        strata, side = np.zeros(30, dtype=np.int64), sides(15, 15)
        drawn = dealings(side, strata, n=99)
        found = permutation_test(rates, drawn, strata)
        each = np.abs([permutation_test(rates, row[None], strata).t for row in drawn])
        order = np.argsort(-each[0])
        last = 0.0
        for place, term in enumerate(order):
            largest = each[:, order[place:]].max(axis=1)
            last = max(last, float((largest >= each[0, term] * (1 - 1e-9)).mean()))
            assert found.p_adjusted[term] == pytest.approx(last)
            assert found.p[term] == pytest.approx((each[:, term] >= each[0, term] * (1 - 1e-9)).mean())
        monkeypatch.setattr("policy_themes.compare.wording.permutation.CHUNK", 7)
        again = permutation_test(rates, drawn, strata)
        assert (again.p == found.p).all() and (again.p_adjusted == found.p_adjusted).all()

    def test_rates_without_spread(self) -> None:
        side = sides(10, 10)
        rates = np.stack([side * 2.0 + 1, np.ones(20), np.zeros(20)], axis=1)
        found = permutation_test(
            sp.csr_array(rates), dealings(side, np.zeros(20, dtype=np.int64)), np.zeros(20, dtype=np.int64)
        )
        assert found.t.tolist() == [np.inf, 0, 0] and found.p.tolist() == [0.002, 1, 1]

    def test_placebos_are_all_units(self) -> None:
        found = placebos(np.array([4, 2, 4, 9]), 9)
        assert found.tolist() == [[False, False, False, True], [False, True, False, False], [True, False, True, False]]


class TestFamilies:
    """R5: many cells over the same documents."""

    @staticmethod
    def p_values(rng: np.random.Generator, n_real: int, n: int) -> Array:
        """60 themes in 40 documents, dealt out; all of them rise and fall with what a document is about."""
        lengths = rng.integers(300, 2_000, 40).astype(float)
        side = sides(20, 20)
        common = np.exp(0.4 * rng.standard_normal((40, 1)) * rng.choice([-1, 1], 60))
        effect = np.where(side[:, None] & (np.arange(60) < n_real), 3.0, 1.0)
        counts = bursty(rng, lengths, 0.006 * common * effect, np.full((40, 60), 0.003), 60)
        strata = np.zeros(40, dtype=np.int64)
        found = permutation_test(
            sp.csr_array(counts / lengths[:, None]),
            dealings(side, strata, n=n, seed=int(rng.integers(1 << 30))),
            strata,
        )
        return np.stack([found.p, found.p_adjusted])

    @pytest.mark.long
    def test_any_false_cell_and_the_share_of_false_ones(self) -> None:
        rng = np.random.default_rng(10)
        raw, adjusted, largest, false, power = [], [], [], [], []
        for _ in range(1_000):
            p, p_adjusted = self.p_values(rng, 0, 2_399)
            raw.append((p <= 0.05).any())
            adjusted.append((false_discovery_control(p) <= 0.05).any())
            largest.append((p_adjusted <= 0.05).any())
        for _ in range(400):
            p, _ = self.p_values(rng, 10, 2_399)
            found = false_discovery_control(p) <= 0.05
            false.append(found[10:].sum() / max(found.sum(), 1))
            power.append(found[:10].mean())
        assert np.mean(adjusted) <= 0.06 and np.mean(largest) <= 0.06
        assert np.mean(false) <= 0.055 and np.mean(power) > 0.5
        assert np.mean(raw) > 0.5  # the bar bites: each cell by itself

    def test_with_499_dealings_no_family_of_60_could_be_told(self) -> None:
        assert 0.002 * 60 > 0.05  # what a contrast raises the number of dealings for


class TestSelection:
    """R6: words that were picked because they differ, tested on the same documents and on others."""

    @pytest.mark.long
    def test_picked_on_one_half_and_tested_on_the_other(self) -> None:
        rng = np.random.default_rng(11)
        names = np.array([f"{n}" for n in range(80)])
        halves = split_documents(corpus_of_rows({"doc_id": name, "year": 2020, "region_code": "1"} for name in names))
        half = np.array([halves[name] == "A" for name in names])
        strata, same, other = np.zeros(40, dtype=np.int64), [], []
        for _ in range(200):
            lengths = rng.integers(300, 2_000, 80).astype(float)
            rate = 0.002 * np.exp(0.7 * rng.standard_normal(2_000))
            counts = bursty(rng, lengths, np.tile(rate, (80, 1)), np.full((80, 2_000), 0.005), 2_000)
            rates, side = sp.csr_array(counts / lengths[:, None]), rng.permutation(80) < 40
            t = permutation_test(rates[half], side[half][None], strata).t
            picked = np.argsort(-np.abs(t))[:20]
            for own, found in ((half, same), (~half, other)):
                drawn = dealings(side[own], strata, n=199)
                found.append(share(permutation_test(rates[own][:, picked], drawn, strata).p))
        assert np.mean(other) <= BAR
        assert np.mean(same) > 0.95  # the bar bites


def corpus_of_rows(rows: Iterable[Mapping[str, object]]) -> Corpus:
    """A corpus of which only the table of documents matters."""
    frame = pd.DataFrame(list(rows))
    frame = frame.reindex(columns=list(dict.fromkeys([*frame.columns, "duplicate_of", "translation_of"])))
    return Corpus(frame, *(pd.DataFrame() for _ in range(5)))


class TestSplit:
    ROWS = tuple(
        {"doc_id": f"{year}{region}{n}", "year": year, "region_code": region}
        for year in range(2000, 2010) for region in ("1", "2", "3") for n in range(year % 3)
    )  # fmt: skip

    def test_halves_are_alike_in_year_and_region(self) -> None:
        halves = split_documents(corpus_of_rows(self.ROWS))
        assert set(halves) == {row["doc_id"] for row in self.ROWS}
        for by, most in ((("year",), 1), (("year", "region_code"), 1), ((), 1)):
            sums = Counter()  # type: ignore[var-annotated]
            for row in self.ROWS:
                sums[tuple(row[name] for name in by)] += 1 if halves[str(row["doc_id"])] == "A" else -1
            assert max(map(abs, sums.values())) <= most, by

    def test_the_same_whatever_the_order_and_another_with_another_seed(self) -> None:
        halves = split_documents(corpus_of_rows(self.ROWS))
        assert split_documents(corpus_of_rows(self.ROWS[::-1])) == halves
        assert split_documents(corpus_of_rows(self.ROWS), seed=2) != halves
        marked = {f"{2}{n}": half for n, half in enumerate(halves.values())}
        assert 0 < sum(half == "A" for half in marked.values()) < len(marked)

    def test_copies_and_translations_stay_together(self) -> None:
        rows = [dict(row) for row in self.ROWS]
        rows += [
            {"doc_id": f"copy of {row['doc_id']}", "year": 1990, "region_code": "9", "duplicate_of": row["doc_id"]}
            for row in self.ROWS
        ]
        rows += [
            {
                "doc_id": f"translation of {row['doc_id']}",
                "year": None,
                "region_code": None,
                "translation_of": f"copy of {row['doc_id']}",
            }
            for row in self.ROWS
        ]
        halves = split_documents(corpus_of_rows(rows))
        for row in self.ROWS:
            own = halves[str(row["doc_id"])]
            assert halves[f"copy of {row['doc_id']}"] == halves[f"translation of {row['doc_id']}"] == own


# The table


WORDS = ("court", "law", "peace", "rare", "reform", "village", *(f"w{n:02}" for n in range(40)))


def planted(order: Sequence[int] | None = None, copies: int = 1) -> Compared:
    """40 documents of two parts and two years: the north says `village` more, and `rare` stands in one of its alone."""
    rng = np.random.default_rng(12)
    counts = rng.poisson([20, 30, 10, 0, 15, 6, *[5] * 40], (40, 46)).astype(np.int64)
    north = np.arange(40) < 20
    counts[north, 5] += rng.poisson(12, 20)
    counts[3, 3] = 40
    ids = [f"d{n:02}" for n in range(40)]
    rows = np.tile(np.arange(40) if order is None else np.array(order), copies)
    names = tuple(ids[row] + "x" * (place // 40) for place, row in enumerate(rows))
    docterm = DocTerm(sp.csr_array(counts[rows]), WORDS, names, (-1,) * len(names), "en")
    plain = {name: int(name.rstrip("x")[1:]) for name in names}
    return compared(
        docterm,
        {name: "north" if north[n] else "south" for name, n in plain.items()},
        lengths={name: float(counts[n].sum() * 3) for name, n in plain.items()},
        strata={name: str(n % 2) for name, n in plain.items()},
    )


def cells(table: pd.DataFrame, group: str = "north") -> "dict[str, pd.Series[float]]":
    return {row["term"]: row for _, row in table[table["group"] == group].iterrows()}


class TestTable:
    def test_columns_and_counts_by_hand(self) -> None:
        documents = planted()
        table = contrasts(documents, Question("part", groups=("north",)))
        row, counts = cells(table)["village"], documents.docterm.counts.toarray()
        side = documents.groups == "north"
        assert list(table.columns) == list(TABLES["contrasts"])
        assert row["n_group"] == counts[side, 5].sum() and row["n_other"] == counts[~side, 5].sum()
        assert row["n_docs_group"] == (counts[side, 5] > 0).sum() and row["docs_group"] == row["docs_other"] == 20
        assert row["rate_group"] == pytest.approx(10_000 * counts[side, 5].sum() / documents.lengths[side].sum())
        assert (row["rank"], row["other"], row["language"], row["unit"]) == (1, "rest", "en", "word")
        assert row["p"] == 0.002 and row["p_adjusted"] == 0.002 and row["family"] == 45
        assert pd.isna(row["around"]) and pd.isna(row["refused"])
        assert row["method"] == (
            "z: prior informative, alpha0 500; p: documents dealt out 499 times within strata; "
            "adjusted: largest difference, step-down"
        )
        others = [cells(table)[word]["p_adjusted"] for word in ("court", "law", "peace", "reform")]
        assert min(others) > 0.05

    def test_one_document_cannot_carry_a_word(self) -> None:
        shown = contrasts(planted(), Question("part", groups=("north",)))
        assert "rare" not in set(shown["term"])
        asked = cells(contrasts(planted(), Question("part", groups=("north",), words=("rare",))))["rare"]
        assert asked["z"] > 3 and asked["dispersion"] > 0.9 and pd.isna(asked["rank"]) and pd.isna(asked["p"])
        assert asked["refused"] == "too few: fewer than 5 documents hold the word"

    def test_sides_swapped_change_signs_and_nothing_else(self) -> None:
        table = contrasts(planted(), Question("part", prior="symmetric"))
        north, south = cells(table), cells(table, "south")
        for word in ("court", "law", "village"):
            assert north[word]["z"] == pytest.approx(-south[word]["z"], rel=1e-9)
            for column in ("g2", "p", "dispersion", "rank"):
                assert north[word][column] == pytest.approx(south[word][column], rel=1e-9)
        assert set(table["family"]) == {90}
        assert "times 2 groups" in table["method"][0] and north["village"]["p_adjusted"] == 0.004

    def test_order_of_documents_does_not_matter(self) -> None:
        order = np.random.default_rng(13).permutation(40).tolist()
        for question in (Question("part"), Question("part", words=("village", "law"))):
            pd.testing.assert_frame_equal(contrasts(planted(), question), contrasts(planted(order), question))

    def test_a_doubled_corpus_changes_only_what_counts(self) -> None:
        one, two = (cells(contrasts(planted(copies=n), Question("part", groups=("north",)))) for n in (1, 2))
        assert one.keys() == two.keys()
        for word, row in one.items():
            for column in ("rate_group", "rate_other", "dispersion", "rank"):
                assert two[word][column] == pytest.approx(row[column], rel=1e-9)
            assert two[word]["n_group"] == 2 * row["n_group"]
            assert two[word]["g2"] == pytest.approx(2 * row["g2"], rel=1e-9)

    def test_a_declared_family_is_one(self) -> None:
        table = contrasts(planted(), Question("part", groups=("north",), words=("village", "law"), top=1))
        tested = table[table["p"].notna()].set_index("term")
        assert set(tested.index) == {"village", "law"} and set(tested["family"]) == {2}
        expected = false_discovery_control(tested["p"].astype(float))
        assert tested["p_adjusted"].tolist() == pytest.approx(expected.tolist())
        assert tested["method"].str.contains("Benjamini-Hochberg").all()
        assert set(table[table["p"].isna()]["refused"]) <= {"not of the declared family"}

    def test_a_large_declared_family_is_dealt_out_often_enough(self) -> None:
        documents = planted()
        words = (*WORDS[6:36], "village")
        table = contrasts(documents, Question("part", groups=("north",), words=words))
        assert "dealt out 1239 times" in cells(table)["village"]["method"]

    def test_what_may_not_be_tested(self) -> None:
        table = contrasts(planted(), Question("part"), refused="a convenience sample stands for nothing but itself")
        assert table["p"].isna().all() and table["p_adjusted"].isna().all() and table["family"].isna().all()
        assert set(table["refused"]) == {"a convenience sample stands for nothing but itself"}
        assert set(table["method"]) == {"z: prior informative, alpha0 500"}
        sought = cells(contrasts(planted(), Question("part"), searched=frozenset(["village"])))
        assert (
            pd.isna(sought["village"]["p"]) and sought["village"]["refused"] == "documents were searched by this word"
        )
        assert sought["law"]["p"] > 0

    def test_one_group_against_another(self) -> None:
        table = contrasts(planted(), Question("part", against="south"))
        assert set(table["group"]) == {"north"} and set(table["other"]) == {"south"}


class TestAround:
    #        0        8      15   19  23    29       38    44
    TEXT = "promote modern work and build modernize peace village"
    WORDS = TEXT.split()

    def near(self, window: int | None, **hit: object) -> tuple[str, ...]:
        starts = np.array([sum(len(word) + 1 for word in self.WORDS[:n]) for n in range(8)], dtype=np.int32)
        cut = Tokens.of_words(["z", "a"], [0, 3], ["en", "en"], [["village"], self.WORDS])
        tokens = replace(cut, starts=np.concatenate([np.zeros(1, np.int32), starts]))
        hits = [{"doc_id": "a", "passage": 3, "start": 8, "end": 14, "excluded": "", "wide": False} | hit]
        found = words_around(tokens, pd.DataFrame(hits), window=window)
        assert found.words[0] == () and found.doc_ids == ("z", "a")
        return found.words[1]

    def test_words_beside_a_hit_without_the_hit(self) -> None:
        assert self.near(1) == ("promote", "work")
        assert self.near(2) == ("promote", "work", "and")
        assert self.near(None) == tuple(word for word in self.WORDS if word != "modern")

    def test_a_hit_over_parts_of_words_takes_the_words(self) -> None:
        assert self.near(1, start=10, end=17) == ("promote", "and")
        assert self.near(1, start=15, end=22) == ("modern", "build")

    def test_excluded_and_wide_hits_have_no_window(self) -> None:
        assert self.near(3, excluded="context") == () == self.near(3, wide=True)

    def test_of_two_hits_neither_is_in_the_window_of_the_other(self) -> None:
        starts = [sum(len(word) + 1 for word in self.WORDS[:n]) for n in range(8)]
        tokens = replace(Tokens.of_words(["a"], [0], ["en"], [self.WORDS]), starts=np.array(starts, dtype=np.int32))
        hits = [
            {"doc_id": "a", "passage": 0, "start": starts[n], "end": starts[n] + 6, "excluded": "", "wide": wide}
            for n, wide in ((1, False), (5, True))
        ]
        assert words_around(tokens, pd.DataFrame(hits), window=4).words == (("promote", "work", "and", "build"),)

    def test_no_hit_no_word(self) -> None:
        tokens = Tokens.of_words(["a"], [0], ["en"], [["law"]])
        none = pd.DataFrame(columns=["doc_id", "passage", "start", "end", "excluded", "wide"])
        assert words_around(tokens, none).words == ((),)
        assert words_around(Tokens.of_words([], [], [], []), none).words == ()


@pytest.mark.long
def test_a_large_vocabulary_within_its_budget() -> None:
    """395 documents, 15,000 terms, 499 dealings: at most 20 s and far below 1 GiB."""
    rng = np.random.default_rng(14)
    rates = sp.random_array((395, 15_000), density=0.13, format="csr", rng=rng)
    side, strata = rng.random(395) < 0.3, np.arange(395) % 26
    tracemalloc.start()
    begun = time.process_time()
    permutation_test(rates, dealings(side, strata), strata)
    took, most = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took <= 20 and most <= 300e6, (took, most)


# A folder asked


@dataclass(frozen=True)
class Shelf:
    """What `answer` needs of a study, made by hand: ten regions × 16 years, a report each."""

    settings: Settings
    corpus: Corpus
    lexicon: Lexicon
    words: Tokens
    hits: ThemeHits
    languages: tuple[Language, ...] = ("en",)
    masked: frozenset[str] = frozenset({"masked"})

    def doc_term(self, language: Language, *, min_docs: int | None = None) -> DocTerm:
        return count_terms(self.words, language, min_docs=min_docs or 2, masked=self.masked)


def shelf(lexicon: Lexicon, **settings: object) -> Shelf:
    """Region 3 says `village`; years from 2010 on say `digital`, after `modernization` they say `peace`."""
    rng = np.random.default_rng(15)
    rows, texts, places = [], [], []
    for region in range(10):
        for year in range(2002, 2018):
            words = ["masked"] * 5 + ["village"] * (6 if region == 3 else int(rng.integers(0, 2)))
            words += ["digital"] * int(rng.poisson(5 if year >= 2010 else 1))
            words += rng.choice([f"w{n:02}" for n in range(60)], 140 - len(words)).tolist()
            words = [words[n] for n in rng.permutation(len(words))]
            for _ in range(3):
                words += ["modernization", "peace" if year >= 2010 else "industry", *rng.choice(["w00", "w01"], 6)]
            doc_id = f"{region}-{year}"
            starts = np.concatenate([[0], np.cumsum([len(word) + 1 for word in words])])[:-1]
            places += [
                {"doc_id": doc_id, "passage": 0, "theme": "modern", "start": int(start), "end": int(start) + 13, "excluded": "", "wide": False}
                for start, word in zip(starts, words, strict=True) if word == "modernization"
            ]  # fmt: skip
            rows.append({"doc_id": doc_id, "year": year, "region_code": f"{region}", "institution": None,
                         "language": "en", "n_units": len(words)})  # fmt: skip
            texts.append((words, starts))
    ids = [row["doc_id"] for row in rows]
    tokens = Tokens.of_words(ids, [0] * len(ids), ["en"] * len(ids), [words for words, _ in texts])
    tokens = replace(tokens, starts=np.concatenate([starts for _, starts in texts]).astype(np.int32))
    hits = ThemeHits(pd.DataFrame(places), pd.DataFrame())
    return Shelf(Settings.model_validate(settings), corpus_of_rows(rows), lexicon, tokens, hits)


class TestAnswers:
    def test_one_region_against_the_rest(self, toy_lexicon: Lexicon) -> None:
        table = answer(shelf(toy_lexicon, collected="census"), Question("region_code", groups=("3",)))
        first = table[table["rank"] == 1].iloc[0]
        assert (first["group"], first["other"], first["term"], first["unit"]) == ("3", "rest", "village", "word")
        assert first["p"] == pytest.approx(0.1) and first["docs_group"] == 16 and first["docs_other"] == 144
        assert "placebo: rank among 10 regions" in first["method"] and "masked" not in set(table["term"])

    def test_two_regions_by_their_documents_within_years(self, toy_lexicon: Lexicon) -> None:
        question = Question("region_code", groups=("3",), against="4", words=("village",))
        row = cells(answer(shelf(toy_lexicon, collected="census"), question), "3")["village"]
        assert (
            row["p"] <= 0.01 and row["family"] == 1 and "documents dealt out 499 times within strata" in row["method"]
        )

    def test_years_before_and_after(self, toy_lexicon: Lexicon) -> None:
        table = answer(shelf(toy_lexicon, collected="census"), Question("year", at=2010))
        row = cells(table, "from 2010")["digital"]
        assert (row["other"], row["docs_group"], row["docs_other"]) == ("before 2010", 80, 80)
        assert row["p_adjusted"] <= 0.05 and "years dealt out 499 times within strata, approximate: 8" in row["method"]
        assert set(table[table["p_adjusted"] <= 0.05]["term"]) == {"digital", "peace", "industry"}
        few = answer(shelf(toy_lexicon, collected="census"), Question("year", at=2012))
        assert set(few["refused"]) == {"too few: 6 years on one side, 8 are needed"}

    def test_around_a_theme(self, toy_lexicon: Lexicon) -> None:
        question = Question("year", at=2010, around="modern", window=1)
        table = answer(shelf(toy_lexicon, collected="census"), question)
        rows = cells(table, "from 2010")
        assert rows["peace"]["rank"] == rows["industry"]["rank"] == 1 and set(table["unit"]) == {"word around"}
        assert rows["peace"]["n_group"] == 240 and rows["peace"]["n_other"] == 0 and set(table["around"]) == {"modern"}
        assert rows["peace"]["rate_group"] <= 10_000 and "modernization" not in set(table["term"])

    @pytest.mark.parametrize(
        ("settings", "said"),
        [({}, "how the documents were collected is not said: `collected` in study.yml"),
         ({"collected": "convenience"}, "a convenience sample stands for nothing but itself"),
         ({"collected": "search", "search_terms": ["Modernization"]}, "documents were searched by this theme")],
    )  # fmt: skip
    def test_what_was_collected_decides(self, settings: dict[str, object], said: str, toy_lexicon: Lexicon) -> None:
        table = answer(shelf(toy_lexicon, **settings), Question("year", at=2010, around="modern"))
        assert set(table["refused"]) == {said} and table["p"].isna().all() and len(table)
        assert cells(table, "from 2010")["peace"]["z"] > 3

    def test_words_that_were_searched_for_get_no_p(self, toy_lexicon: Lexicon) -> None:
        folder = shelf(toy_lexicon, collected="search", search_terms=["digital villages"])
        rows = cells(answer(folder, Question("year", at=2010)), "from 2010")
        assert rows["digital"]["refused"] == "documents were searched by this word" and pd.isna(rows["digital"]["p"])
        assert rows["peace"]["p"] <= 0.05

    def test_groups_and_words_that_do_not_occur(self, toy_lexicon: Lexicon) -> None:
        folder = shelf(toy_lexicon)
        with pytest.raises(UsageError, match=r"The group `99` does not occur"):
            answer(folder, Question("region_code", groups=("99",)))
        with pytest.raises(UsageError, match=r"The word `vilage` does not occur. Did you mean `village`\?"):
            answer(folder, Question("region_code", words=("vilage",)))
        with pytest.raises(InsufficientDataError, match="not of two groups by `year`"):
            answer(folder, Question("year", at=1990))

    @pytest.mark.long
    def test_what_modernization_was_of_before_and_after_2013(self, shared: Path, tmp_path: Path) -> None:
        """The third plenum of November 2013 brought the modernization of the system and the ability to govern."""
        (tmp_path / "study.yml").write_text("collected: census\n", encoding="utf-8")
        study = open_study(shared / "corpora" / "prov_gwr", tmp_path / "study.yml")
        table = study.contrasts(Question("year", at=2014, around="modernization", top=20))
        own = table[(table["z"] > 0) & (table["p_adjusted"] <= 0.05)]
        assert {"体系", "治理"} <= set(own["term"]), own[["term", "p_adjusted"]]
