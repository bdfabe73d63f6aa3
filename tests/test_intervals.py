"""Intervals of samples and of wording hold what they should, on documents whose true rates are known.

Every bar has its opposite: an estimator that is known to be wrong is put in, and must fail it.
"""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from policy_themes.compare.rates import rates
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.cells import (
    BOUNDS,
    chosen_kind,
    pooled_intervals,
    sample_intervals,
    searched_themes,
)
from policy_themes.compare.uncertainty.intervals import (
    NO_HIT,
    RESAMPLES,
    contrast_intervals,
    contrast_refusal,
    dispersion,
    rate_intervals,
    refusal,
    share_interval,
)
from policy_themes.compare.uncertainty.pooled import wording_dispersion, wording_intervals
from policy_themes.config import Settings
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon import Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import TABLES, conform

REPS = 2_000
CELLS = 20  # of a theme, that its dispersion is taken over
# Hits in 1,000 units, coefficient of variation of the documents' own rates, share that can never have the theme.
SKEWED = [(8.0, 1.0, 0.0), (8.0, 0.5, 0.0), (3.0, 1.0, 0.0)]
RARE = [(1.0, 1.0, 0.5), (0.3, 1.0, 0.5), (0.1, 1.0, 0.0), (0.02, 1.0, 0.0), (4.0, 1.0, 0.8), (2.0, 1.0, 0.9)]


def documents(
    rng: np.random.Generator, shape: tuple[int, int], mean: float, skew: float, never: float
) -> tuple[Floats, Floats]:
    """Return hits and units of documents whose rates differ and whose lengths do too; the truth is mean / 1,000."""
    units = np.exp(rng.normal(-0.125, 0.5, shape)).round(3) * 1_000
    own = rng.gamma(1 / skew**2, skew**2, shape) * (rng.random(shape) >= never) / (1 - never)
    return rng.poisson(own * units * mean / 1_000).astype(float), units


def spread(rng: np.random.Generator, n_docs: int, mean: float, skew: float, never: float) -> Floats:
    """Return the dispersion of a theme for each repetition, each of a batch of 40 seen over cells of its own."""
    found = []
    for _ in range(REPS // 40):
        hits, units = documents(rng, (n_docs * CELLS, 1), mean, skew, never)
        found.append(dispersion(hits, units, np.repeat(np.arange(CELLS), n_docs))[0])
    return np.repeat(found, 40)


def coverage(low: Floats, high: Floats, truth: Floats | float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


def of_cells(n_docs: int, mean: float, skew: float, never: float, seed: int) -> float:
    rng = np.random.default_rng([seed, n_docs])
    hits, units = documents(rng, (n_docs, REPS), mean, skew, never)
    found = rate_intervals(hits, units, spread(rng, n_docs, mean, skew, never))
    return coverage(found.low, found.high, mean / 1_000)


class TestCoverageOfRates:  # R1
    @pytest.mark.parametrize(("mean", "skew", "never"), SKEWED)
    @pytest.mark.parametrize("n_docs", [10, 20, 50])
    def test_ten_documents_and_more(self, n_docs: int, mean: float, skew: float, never: float) -> None:
        assert 0.93 <= np.mean([of_cells(n_docs, mean, skew, never, seed) for seed in (1, 11)]) <= 0.97

    @pytest.mark.parametrize(("mean", "skew", "never"), [*SKEWED, *RARE])
    @pytest.mark.parametrize("n_docs", [5, 8])
    def test_five_to_nine_documents(self, n_docs: int, mean: float, skew: float, never: float) -> None:
        assert of_cells(n_docs, mean, skew, never, 2) >= 0.90

    @pytest.mark.parametrize(("mean", "skew", "never"), RARE)
    @pytest.mark.parametrize("n_docs", [10, 20, 50])
    def test_rare_themes(self, n_docs: int, mean: float, skew: float, never: float) -> None:
        """Few hits come in whole numbers, so only where ten are expected can the bar have an upper end."""
        found = of_cells(n_docs, mean, skew, never, 3)
        assert found >= 0.93
        if mean * n_docs > 10:  # themes that most documents never have: held somewhat too often
            assert found <= 0.98

    def test_one_hit_in_a_short_text_varies_more_than_a_single_hit_would(self) -> None:
        """By hand: a rate of .1, residuals of .9 and -.9, and two texts."""
        found = dispersion(np.array([[1.0], [0.0]]), np.array([[1.0], [9.0]]), np.array([0, 0]))
        assert found.tolist() == pytest.approx([2 * (0.81 + 0.81)])

    @pytest.mark.parametrize("mean", [1.0, 3.0, 8.0])
    @pytest.mark.parametrize(("n_docs", "least"), [(6, 0.89), (10, 0.90), (20, 0.93)])
    def test_cells_far_above_the_others(self, n_docs: int, least: float, mean: float) -> None:
        """The dispersion is that of all cells, and those that readers point at vary more."""
        rng = np.random.default_rng([10, n_docs])
        held = []
        for _ in range(60):
            truth = mean * np.exp(rng.normal(-0.245, 0.7, CELLS))
            hits, units = zip(*(documents(rng, (n_docs, 1), each, 1, 0) for each in truth), strict=True)
            numbers = np.repeat(np.arange(CELLS), n_docs)
            each = dispersion(np.concatenate(hits), np.concatenate(units), numbers)
            found = rate_intervals(np.hstack(hits), np.hstack(units), each)
            far = truth > 1.5 * mean
            held += ((found.low <= truth / 1_000) & (truth / 1_000 <= found.high))[far].tolist()
        assert np.mean(held) >= least

    def test_the_bar_bites(self) -> None:
        """The percentile bootstrap of five documents, and single hits as the unit, hold far less than they say."""
        rng = np.random.default_rng(4)
        hits, units = documents(rng, (5, REPS), 8, 1, 0)
        draws = rng.multinomial(5, np.full(5, 0.2), RESAMPLES).astype(float)
        drawn = np.sort((draws @ hits) / (draws @ units), axis=0)
        assert coverage(drawn[24], drawn[-25], 0.008) < 0.85
        total = hits.sum(0)
        naive = (stats.gamma.ppf(q, total + 0.5) / units.sum(0) for q in (0.025, 0.975))
        assert coverage(*naive, 0.008) < 0.75


class TestCoverageOfContrasts:  # R1
    @pytest.mark.parametrize(
        ("sizes", "least"), [((20, 20), 0.92), ((50, 50), 0.92), ((20, 50), 0.92), ((8, 20), 0.90)]
    )
    @pytest.mark.parametrize(
        ("first", "second"),
        [((8.0, 1.0, 0.0), (4.0, 1.0, 0.0)), ((3.0, 1.0, 0.0), (3.0, 0.5, 0.0)), (RARE[0], RARE[0])],
    )
    def test_difference_of_two_cells(
        self, sizes: tuple[int, int], least: float, first: tuple[float, ...], second: tuple[float, ...]
    ) -> None:
        rng = np.random.default_rng(5)
        kinds = [first, second]
        hits, units = zip(
            *(documents(rng, (n, REPS), *kind) for n, kind in zip(sizes, kinds, strict=True)), strict=True
        )
        each = np.maximum(*(spread(rng, n, *kind) for n, kind in zip(sizes, kinds, strict=True)))
        found = contrast_intervals(hits, units, each)
        held = coverage(found.low, found.high, (first[0] - second[0]) / 1_000)
        assert held >= least
        if min(sizes) >= 20 and first[0] >= 1:
            assert held <= 0.97

    def test_few_documents_on_one_side_are_refused(self) -> None:
        assert contrast_refusal(5, 30) == contrast_refusal(30, 5) == "none: 5 documents on one side, 8 are needed"
        assert contrast_refusal(8, 8) == ""

    def test_eight_to_nineteen_are_approximate(self) -> None:
        rng = np.random.default_rng(6)
        for n_docs, said in ((19, True), (20, False)):
            pair = [documents(rng, (n, 1), 8, 1, 0) for n in (n_docs, 40)]
            found = contrast_intervals((pair[0][0], pair[1][0]), (pair[0][1], pair[1][1]), 1.0)
            assert found.method[0].endswith("approximate") == said


class TestShares:
    def test_wilson_inside_exact_at_the_edges(self) -> None:
        for n_with, n_docs, method in ((3, 10, "wilson"), (0, 10, "exact"), (10, 10, "exact")):
            reference = stats.binomtest(n_with, n_docs).proportion_ci(method=method)
            assert share_interval(n_with, n_docs) == (reference.low, reference.high)

    @pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5])
    @pytest.mark.parametrize("n_docs", [10, 20, 50])
    def test_coverage(self, n_docs: int, share: float) -> None:
        chances = stats.binom.pmf(np.arange(n_docs + 1), n_docs, share)
        bounds = [share_interval(n_with, n_docs) for n_with in range(n_docs + 1)]
        held = sum(p for p, (low, high) in zip(chances, bounds, strict=True) if low <= share <= high)
        assert held >= 0.91  # exact sums, not simulated; Wilson's least here


class TestNoHit:
    def test_zero_has_an_upper_bound_of_three_hits(self) -> None:
        found = rate_intervals(np.zeros((10, 1)), np.full((10, 1), 1_000.0), 1.0)
        assert (found.low[0], found.high[0]) == (0.0, pytest.approx(NO_HIT / 10_000))
        assert pytest.approx(2.996, abs=1e-3) == NO_HIT

    def test_a_theme_that_comes_in_clusters_is_bounded_later(self) -> None:
        bounds = [rate_intervals(np.zeros((10, 1)), np.full((10, 1), 1.0), each).high[0] for each in (1.0, 4.0)]
        assert bounds[1] == pytest.approx(4 * bounds[0])


class TestRefusals:
    @pytest.mark.parametrize(
        ("n_docs", "n_outlets", "said"),
        [(1, 1, "1 document,"), (4, 4, "4 documents"), (5, 1, "one outlet"), (5, 2, ""), (9, 9, "")],
    )
    def test_reasons(self, n_docs: int, n_outlets: int, said: str) -> None:
        assert (said in refusal(n_docs, n_outlets)) and bool(refusal(n_docs, n_outlets)) == bool(said)

    @pytest.mark.parametrize(("n_docs", "said"), [(5, True), (9, True), (10, False)])
    def test_five_to_nine_are_approximate(self, n_docs: int, said: bool) -> None:
        found = rate_intervals(np.ones((n_docs, 1)), np.full((n_docs, 1), 100.0), 1.0)
        assert found.method[0].endswith("approximate") == said

    @pytest.mark.parametrize("collected", ["census", "convenience"])
    def test_no_sample_interval_for_what_is_no_sample(self, collected: str) -> None:
        settings = Settings(collected=collected)  # type: ignore[arg-type]
        assert chosen_kind(None, settings) == "none" and chosen_kind("pooled", settings) == "pooled"
        with pytest.raises(UsageError, match=collected):
            chosen_kind("sample", settings)

    def test_copies_that_count_are_no_sample_of_documents(self) -> None:
        assert chosen_kind(None, Settings(collected="search", copies="all")) == "none"
        with pytest.raises(UsageError, match="copies"):
            chosen_kind("sample", Settings(copies="weighted"))


# Wording (E1)

REGIONS, YEARS, PASSAGES = 31, 26, 40
BANDS = ((0.0, 2.0), (2.0, 10.0), (10.0, np.inf))


class Reports:
    """One report for each of 31 regions and 26 years, with effects of both, and bursts over neighbouring passages."""

    def __init__(self, level: float, burst: float, seed: int) -> None:
        rng = np.random.default_rng([7, seed])
        effects = [
            rng.normal(0, sd, shape) for sd, shape in ((0.6, (REGIONS, 1)), (0.4, (1, YEARS)), (0.3, (REGIONS, YEARS)))
        ]
        size = np.exp(rng.normal(0, 0.3, (REGIONS, YEARS)))
        self.truth = (level * np.exp(sum(effects)) * size).ravel()
        first = rng.poisson(np.repeat(self.truth[:, None] / burst / PASSAGES, PASSAGES, 1))
        more = (
            np.where(first > 0, rng.negative_binomial(np.maximum(first, 1), 1 / burst), 0) if burst > 1 else first * 0
        )
        over = rng.binomial(more, 0.3)  # what a passage begins the next goes on with
        counts = first + more - over
        counts[:, 1:] += over[:, :-1]
        counts[:, -1] += over[:, -1]
        self.counts = counts
        self.size = size.ravel()

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a row a hit, and a row a passage."""
        n_docs = len(self.truth)
        names = np.repeat([f"d{n:03}" for n in range(n_docs)], PASSAGES)
        numbers = np.tile(np.arange(PASSAGES), n_docs)
        units = np.repeat((250 * self.size).round().astype(int), PASSAGES)
        passages = pd.DataFrame({"doc_id": names, "passage": numbers, "n_units": units})
        places = passages.loc[passages.index.repeat(self.counts.ravel()), ["doc_id", "passage"]]
        return places.assign(theme="law"), passages


def wording(level: float, burst: float, seed: int) -> pd.DataFrame:
    """Return, for every report, its truth and whether the interval holds it, as does that of single hits."""
    made = Reports(level, burst, seed)
    each = float(wording_dispersion(*made.tables()).get("law", 1.0))
    found = pd.DataFrame({"truth": made.truth})
    for name, value in (("held", each), ("naive", 1.0)):
        low, high = wording_intervals(made.counts.sum(1).astype(float), np.ones(len(made.truth)), value)
        found[name] = (low <= made.truth) & (made.truth <= high)
    logs = np.log(made.truth)
    found["extreme"] = np.abs(logs - logs.mean()) > 2 * logs.std()
    return found


@pytest.mark.parametrize("burst", [1.0, 2.0, 3.0])
def test_wording_intervals_hold_by_expected_hits(burst: float, capsys: pytest.CaptureFixture[str]) -> None:
    cells = pd.concat(wording(level, burst, seed) for level in (0.3, 1.5, 8.0, 40.0) for seed in range(2))
    for low, high in BANDS:
        held = cells.loc[(cells["truth"] >= low) & (cells["truth"] < high), "held"].mean()
        assert held >= 0.93
        if low == 10:
            assert held <= 0.97
    extreme = cells.loc[cells["extreme"], "held"].mean()
    with capsys.disabled():
        sys.stdout.write(
            f"\nE1, bursts of {burst:.0f}: cells beyond 2 sd covered {extreme:.3f}, all {cells['held'].mean():.3f}\n"
        )
    assert extreme >= 0.90


def test_the_bar_on_wording_bites() -> None:
    """Neither single hits as the unit nor resampling each report's own passages holds it."""
    cells = pd.concat(wording(level, 2.0, 0) for level in (1.5, 8.0))
    assert cells.loc[cells["truth"] >= 2, "naive"].mean() < 0.85
    made, rng = Reports(1.5, 2.0, 0), np.random.default_rng(8)
    draws = rng.multinomial(PASSAGES, np.full(PASSAGES, 1 / PASSAGES), RESAMPLES).astype(float)
    drawn = np.sort(draws @ made.counts.T, axis=0)
    few = made.truth < 2
    assert coverage(drawn[24][few], drawn[-25][few], made.truth[few]) < 0.70


# In the table of rates

LEXICON = Lexicon(
    tuple(
        Theme(name, Label(name, name), Phrases(zh=(phrase,))) for name, phrase in (("law", "法治"), ("safe", "平安"))
    ),
    "1",
)


def sample(*cells: tuple[int, str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return hits and documents of cells of (year, outlets a, b …, number of documents)."""
    rows = [(year, outlets[n % len(outlets)], n) for year, outlets, count in cells for n in range(count)]
    found = [
        {"doc_id": f"d{i}", "content_sha256": str(i), "year": year, "region_code": "a", "region_en": "A", "outlet": outlet,
         "institution": "court" if n % 2 else "police", "language": "zh", "n_units": 1_000 + 100 * (n % 3), "unit": "han",
         "path": f"{i}", "encoding": "utf-8"}
        for i, (year, outlet, n) in enumerate(rows)
    ]  # fmt: skip
    hits = [
        {
            "doc_id": f"d{i}",
            "theme": theme,
            "n_hits": count,
            "n_excluded": 0,
            "n_units": 1_000 + 100 * (n % 3),
            "unit": "han",
        }
        for i, (_, _, n) in enumerate(rows)
        for theme, count in (("law", 1 + n % 3), ("safe", 0))
    ]
    return conform(hits, "theme_hits"), conform(found, "documents")


class TestInTheTable:
    HITS, DOCUMENTS = sample((2020, "ab", 4), (2021, "a", 6), (2022, "abc", 12), (2023, "ab", 6))

    def table(self, *by: str, searched: tuple[str, ...] = ()) -> pd.DataFrame:
        bare = rates(self.HITS, self.DOCUMENTS, LEXICON, by=by)
        return sample_intervals(bare, self.HITS, self.DOCUMENTS, by=by, searched=searched)

    def test_every_cell_has_an_interval_or_a_reason(self) -> None:
        table = self.table("year")
        assert list(table.columns) == list(TABLES["theme_rates"])
        said = table[table["theme"] == "law"].set_index("year")["interval"]
        assert said[2020] == "none: 4 documents, 5 are needed"
        assert said[2021] == "none: one outlet, 2 are needed"
        assert said[2022].startswith("95 %: rate bootstrap-t") and "approximate" not in said[2022]
        assert "approximate" in said[2023]
        own = table[table["interval"].str.startswith("95")]
        assert ((own["ci_low"] <= own["rate_per_10k"]) & (own["rate_per_10k"] <= own["ci_high"])).all()
        assert ((own["share_ci_low"] <= own["share_docs"]) & (own["share_docs"] <= own["share_ci_high"])).all()
        assert table.loc[table["interval"].str.startswith("none"), BOUNDS[:-1]].isna().all(axis=None)

    def test_the_interval_is_that_of_the_documents(self) -> None:
        table = self.table("year")
        row = table[(table["theme"] == "law") & (table["year"] == 2022)].iloc[0]
        own = self.DOCUMENTS[self.DOCUMENTS["year"] == 2022]
        hits = self.HITS[(self.HITS["theme"] == "law") & self.HITS["doc_id"].isin(own["doc_id"])]
        by_hand = rate_intervals(hits[["n_hits"]].to_numpy(dtype=float), own[["n_units"]].to_numpy(dtype=float), 1.0)
        assert row["ci_low"] == pytest.approx(10_000 * by_hand.low[0]) and row["ci_high"] == pytest.approx(
            10_000 * by_hand.high[0]
        )
        none = table[(table["theme"] == "safe") & (table["year"] == 2022)].iloc[0]
        assert none["ci_high"] == pytest.approx(10_000 * NO_HIT / own["n_units"].sum())

    def test_nothing_else_changes(self) -> None:
        for by in (("year",), ("institution",), ("year", "outlet"), ()):
            bare, table = rates(self.HITS, self.DOCUMENTS, LEXICON, by=by), self.table(*by)
            pd.testing.assert_frame_equal(bare.drop(columns=BOUNDS), table.drop(columns=BOUNDS))

    def test_a_theme_that_was_searched_for_has_none(self) -> None:
        assert searched_themes(LEXICON, ["法治 建设", "court"]) == {"law"}
        table = self.table("year", searched=("law",))
        own = table[table["theme"] == "law"]
        assert own["interval"].str.contains("searched for").all() and own[BOUNDS[:-1]].isna().all(axis=None)
        assert table[table["theme"] == "safe"]["ci_high"].notna().any()

    def test_order_of_documents_does_not_matter(self) -> None:
        table = self.table("year")
        other = sample_intervals(
            rates(self.HITS[::-1], self.DOCUMENTS[::-1], LEXICON, by=["year"]),
            self.HITS[::-1],
            self.DOCUMENTS[::-1],
            by=["year"],
        )
        pd.testing.assert_frame_equal(table, other)

    def test_groups_of_another_column(self) -> None:
        table = rates(self.HITS, self.DOCUMENTS, LEXICON, by=["institution"])
        assert set(table["grouping"]) == {"institution"} and list(table["group"][:2]) == ["court", "police"]
        for column in ("n_docs", "n_hits", "n_units"):
            whole = rates(self.HITS, self.DOCUMENTS, LEXICON, by=[])
            assert table.groupby("theme")[column].sum().to_dict() == whole.set_index("theme")[column].to_dict()
        both = rates(self.HITS, self.DOCUMENTS, LEXICON, by=["year", "outlet"])
        assert set(both[both["mark"] == "absent"]["year"]) == {2020, 2021, 2023} and len(both) == 2 * 4 * 3


def passages_of(n_docs: int, per: int) -> pd.DataFrame:
    names = [f"d{n}" for n in range(n_docs) for _ in range(per)]
    return pd.DataFrame({"doc_id": names, "passage": list(range(per)) * n_docs, "n_units": 100})


class TestWordingInTheTable:
    HITS, DOCUMENTS = sample((2021, "a", 1), (2022, "a", 1))
    PLACES = pd.DataFrame({"doc_id": ["d0", "d1"], "passage": 0, "theme": "law", "excluded": "", "wide": False})

    def test_each_cell_keeps_its_own_hits(self) -> None:
        bare = rates(self.HITS, self.DOCUMENTS, LEXICON, by=["year", "region_code"])
        table = pooled_intervals(bare, self.PLACES, passages_of(2, 10), self.DOCUMENTS[["doc_id", "language"]])
        law = table[table["theme"] == "law"].iloc[0]
        low, high = wording_intervals(np.array([1.0]), np.array([1_000.0]), 1.0)
        assert (law["ci_low"], law["ci_high"]) == (pytest.approx(10_000 * low[0]), pytest.approx(10_000 * high[0]))
        assert "wording variation, not political change" in law["interval"]
        assert table["share_ci_low"].isna().all()

    def test_nothing_is_known_of_the_wording_of_single_passages(self) -> None:
        bare = rates(self.HITS, self.DOCUMENTS, LEXICON, by=["year", "region_code"])
        with pytest.raises(InsufficientDataError, match="two passages"):
            pooled_intervals(bare, self.PLACES, passages_of(2, 1), self.DOCUMENTS[["doc_id", "language"]])


@pytest.mark.parametrize("scale", [1.0, 7.0])
def test_the_same_in_another_unit(scale: float) -> None:
    rng = np.random.default_rng(9)
    hits, units = documents(rng, (30, 3), 3, 1, 0)
    make: Callable[[Floats], Floats] = lambda lengths: rate_intervals(hits, lengths, 1.5).high  # noqa: E731
    assert make(units * scale) * scale == pytest.approx(make(units))
