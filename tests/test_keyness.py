"""Statistics of 2 × 2 counts against scipy, log-odds against a plain loop and against other people's numbers."""

from math import log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

from policy_themes.compare.wording.keyness import dispersion, fisher, independence, log_odds, prior_counts, squares

EXAMPLE = np.array([[[7.0], [3.0]], [[2.0], [7.0]]])
COUNTS = st.integers(0, 60)


class TestTwoByTwo:
    """R7: exact agreement."""

    def test_the_example(self) -> None:
        found = [independence(EXAMPLE, kind=kind)[0] for kind in ("g2", "chi2", "yates")]  # type: ignore[arg-type]
        assert found == pytest.approx([4.534939332, 4.337160494, 2.632438272], abs=1e-9)
        assert fisher(EXAMPLE)[0] == pytest.approx(0.069778519, abs=1e-9)

    @settings(max_examples=500)
    @given(COUNTS, COUNTS, COUNTS, COUNTS)
    def test_as_scipy_does(self, a: int, b: int, c: int, d: int) -> None:
        table = np.array([[a, b], [c, d]], dtype=float)
        assert fisher(table[:, :, None])[0] == pytest.approx(fisher_exact(table).pvalue, abs=1e-9)
        own = [independence(table[:, :, None], kind=kind)[0] for kind in ("g2", "chi2", "yates")]  # type: ignore[arg-type]
        if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
            assert own == [0, 0, 0]
            return
        expected = [
            chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic,
            chi2_contingency(table, correction=False).statistic,
            chi2_contingency(table, correction=True).statistic,
        ]
        assert own == pytest.approx(expected, abs=1e-9)

    def test_many_terms_at_once_are_each_by_itself(self) -> None:
        rng = np.random.default_rng(1)
        one, other = rng.integers(0, 90, 40).astype(float), rng.integers(0, 90, 40).astype(float)
        tables = squares(one, other)
        assert (tables.sum(axis=0) == [[one.sum()], [other.sum()]]).all()
        alone = [independence(tables[:, :, [n]])[0] for n in range(40)]
        assert independence(tables).tolist() == pytest.approx(alone, abs=1e-9)

    def test_swapping_the_sides_changes_nothing_and_doubling_doubles(self) -> None:
        one, other = np.array([7.0, 2.0, 30.0]), np.array([3.0, 7.0, 0.0])
        for kind in ("g2", "chi2"):
            found = independence(squares(one, other), kind=kind)  # type: ignore[arg-type]
            assert independence(squares(other, one), kind=kind) == pytest.approx(found, abs=1e-9)  # type: ignore[arg-type]
            twice = independence(squares(2 * one, 2 * other), kind=kind)  # type: ignore[arg-type]
            assert twice == pytest.approx(2 * found, rel=1e-12)


def loop(one: list[float], other: list[float], alpha: list[float]) -> list[tuple[float, float, float]]:
    """Monroe, Colaresi & Quinn (2008), equations 16, 19 and 22, a term at a time."""
    n, m, size = sum(one), sum(other), sum(alpha)
    found = []
    for y, x, a in zip(one, other, alpha, strict=True):
        first = log((y + a) / (n + size - y - a))
        second = log((x + a) / (m + size - x - a))
        variance = 1 / (y + a) + 1 / (x + a)
        found.append((first - second, variance, (first - second) / sqrt(variance)))
    return found


class TestLogOdds:
    """R8: exact agreement."""

    @settings(max_examples=200)
    @given(st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=8), st.sampled_from(["informative", "symmetric"]))
    def test_as_a_plain_loop_does(self, counts: list[tuple[int, int]], prior: str) -> None:
        counts = [pair for pair in counts if sum(pair)]
        one, other = np.array(counts, dtype=float).reshape(-1, 2).T
        if len(counts) < 2:
            return
        alpha = prior_counts(one, other, prior=prior, alpha0=50)  # type: ignore[arg-type]
        found = log_odds(one, other, alpha)
        for own, expected in zip(zip(found.delta, found.variance, found.z, strict=True),
                                 loop(one.tolist(), other.tolist(), alpha.tolist()), strict=True):  # fmt: skip
            assert own == pytest.approx(expected, rel=1e-9, abs=1e-12)

    def test_as_two_other_programs_do(self, shared: Path) -> None:
        """The counts of poliblog5k, Conservative against Liberal, prior .01: see its README."""
        table = pd.read_csv(shared / "reference" / "log_odds_poliblog5k.csv", keep_default_na=False)
        one, other = (table[name].to_numpy(dtype=float) for name in ("n_conservative", "n_liberal"))
        found = log_odds(one, other, prior_counts(one, other, prior="symmetric"))
        assert len(table) == 2632 and one.sum() + other.sum() == 1_005_745
        assert np.abs(found.delta / table["log_odds"] - 1).max() <= 1e-9
        assert np.abs(found.z / table["z"] - 1).max() <= 1e-9

    def test_another_prior_would_not_agree(self, shared: Path) -> None:
        table = pd.read_csv(shared / "reference" / "log_odds_poliblog5k.csv", keep_default_na=False)
        one, other = (table[name].to_numpy(dtype=float) for name in ("n_conservative", "n_liberal"))
        found = log_odds(one, other, prior_counts(one, other))
        assert np.abs(found.delta / table["log_odds"] - 1).max() > 1e-3

    def test_swapping_the_sides_changes_the_sign(self) -> None:
        one, other = np.array([7.0, 2.0, 30.0]), np.array([3.0, 7.0, 0.0])
        alpha = prior_counts(one, other)
        assert log_odds(other, one, alpha).z == pytest.approx(-log_odds(one, other, alpha).z, rel=1e-12)

    def test_the_informative_prior_is_the_frequencies(self) -> None:
        one, other = np.array([30.0, 10.0]), np.array([30.0, 10.0])
        assert prior_counts(one, other, alpha0=100).tolist() == [75, 25]
        assert prior_counts(2 * one, 2 * other, alpha0=100).tolist() == [75, 25]
        assert prior_counts(one, other, prior="symmetric").tolist() == [0.01, 0.01]

    def test_the_prior_keeps_a_word_that_stands_twice_from_the_top(self) -> None:
        one, other = np.array([300.0, 2.0, 700.0]), np.array([100.0, 0.0, 900.0])
        assert log_odds(one, other, prior_counts(one, other)).z.argmax() == 0
        plain = log_odds(one, other, np.full(3, 1e-9))
        assert plain.delta.argmax() == 1

    def test_a_term_that_is_nowhere_has_none(self) -> None:
        one, other = np.array([3.0, 0.0, 2.0]), np.array([1.0, 0.0, 4.0])
        found = log_odds(one, other, prior_counts(one, other))
        assert np.isnan(found.z).tolist() == [False, True, False]


class TestDispersion:
    def test_by_hand(self) -> None:
        # Lengths 10, 30, 60: shares .1, .3, .6. The second term is .5, 0, .5: (.4 + .3 + .1) / 2 = .4.
        counts = sp.csr_array([[1, 2, 4, 0], [3, 0, 0, 0], [6, 2, 0, 0]])
        found = dispersion(counts, np.array([10.0, 30.0, 60.0]))
        assert found[:3] == pytest.approx([0, 0.4, 0.9], abs=1e-12) and np.isnan(found[3])

    def test_order_and_a_doubled_corpus_change_nothing(self) -> None:
        rng = np.random.default_rng(2)
        counts, lengths = rng.integers(0, 4, (12, 30)), rng.integers(50, 500, 12).astype(float)
        found = dispersion(sp.csr_array(counts), lengths)
        order = rng.permutation(12)
        assert dispersion(sp.csr_array(counts[order]), lengths[order]) == pytest.approx(found, abs=1e-12)
        twice = dispersion(sp.csr_array(np.vstack([counts, counts])), np.tile(lengths, 2))
        assert twice == pytest.approx(found, abs=1e-12)
