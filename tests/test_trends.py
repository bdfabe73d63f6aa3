"""Trends: nothings are seldom called one, truths are held; regions, outlets and lengths change no trend.

Every bar has its opposite: an estimator that is known to be wrong is put in, and must fail it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from policy_themes.compare.over_time.change import Change, period_change, slope, year_effects
from policy_themes.compare.over_time.trends import outlet_trends, trends
from policy_themes.compare.rates import rates
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.wild import Slope, clustered_slope
from policy_themes.lexicon import Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import TABLES, conform

REGIONS, YEARS = 31, 26
NONE = np.empty((0, 0))


def share(rejected: Sequence[bool]) -> float:
    return float(np.mean(rejected))


def shocked(rng: np.random.Generator, sd: float, *, trend: float = 0.0, n_years: int = YEARS) -> Floats:
    """Return a grid of regions and years in which what happens in a year happens everywhere."""
    noise = rng.normal(0, 1, (REGIONS, n_years)) + rng.normal(0, 1, (REGIONS, 1)) + sd * rng.normal(0, 1, n_years)
    return noise + trend * np.arange(n_years)


class TestYearsAsTheUnit:  # R2
    @pytest.mark.parametrize("sd", [0.0, 0.1, 0.2, 0.3, 0.5])
    def test_common_shocks_are_no_trend(self, sd: float) -> None:
        rng = np.random.default_rng([1, int(10 * sd)])
        years = np.arange(float(YEARS))
        found = [slope(years, shocked(rng, sd).mean(0)) for _ in range(1_500)]
        assert 0.03 <= share([one.p_value <= 0.05 for one in found]) <= 0.065

    @pytest.mark.parametrize("n_years", [6, 10, 26])
    def test_the_interval_holds_a_trend(self, n_years: int) -> None:
        rng = np.random.default_rng([2, n_years])
        years = np.arange(float(n_years))
        found = [slope(years, shocked(rng, 0.3, trend=0.05, n_years=n_years).mean(0)) for _ in range(1_500)]
        held = [one.low <= 0.05 <= one.high for one in found if np.isfinite(one.low)]
        assert 0.93 <= share(held) <= 0.975 and len(held) >= 0.95 * len(found)

    @pytest.mark.parametrize(("sd", "least"), [(0.1, 0.10), (0.3, 0.25), (0.5, 0.50)])
    def test_the_bar_bites(self, sd: float, least: float) -> None:
        """Clustered by region alone, common shocks are trends."""
        rng = np.random.default_rng([3, int(10 * sd)])
        place, year = (grid.ravel() for grid in np.indices((REGIONS, YEARS)))
        dummies = np.eye(REGIONS)[place][:, 1:]
        found = [
            clustered_slope(shocked(rng, sd).ravel(), year.astype(float), dummies, place, draws=199) for _ in range(60)
        ]
        assert share([one.p_value <= 0.05 for one in found]) >= least

    def test_years_that_resemble_their_neighbours_count_for_less(self) -> None:
        """Better than nothing, and not enough: what is left is said in a note."""
        rng = np.random.default_rng(4)
        years, plain, found = np.arange(float(YEARS)), [], []
        for _ in range(600):
            values = np.zeros(YEARS)
            for year in range(YEARS):
                values[year] = 0.5 * values[year - 1] * (year > 0) + rng.normal()
            found.append(slope(years, values))
            plain.append(stats.linregress(years, values).pvalue <= 0.05)
        mine = share([one.p_value <= 0.05 for one in found])
        assert mine <= 0.13 and share(plain) >= 1.8 * mine
        assert share(["worth" in one.note for one in found]) >= 0.4

    def test_what_can_be_detected_is_detected_four_times_in_five(self) -> None:
        rng = np.random.default_rng(5)
        years = np.arange(float(YEARS))
        least = np.median([slope(years, shocked(rng, 0.3).mean(0)).detectable for _ in range(300)])
        found = [slope(years, shocked(rng, 0.3, trend=float(least)).mean(0)) for _ in range(600)]
        assert 0.75 <= share([one.p_value <= 0.05 for one in found]) <= 0.87


class TestSlope:
    def test_agrees_with_least_squares(self) -> None:
        rng = np.random.default_rng(7)
        years = np.arange(2000.0, 2020.0)
        values = rng.normal(0, 1, 20) * np.resize([1.0, -1.0], 20)  # neighbours unlike
        found, fit = slope(years, values), stats.linregress(years, values)
        assert found.lag1 <= 0 or found.p_value >= fit.pvalue
        if found.lag1 <= 0:
            reach = stats.t.ppf(0.975, 18) * fit.stderr
            expected = (fit.slope, fit.slope - reach, fit.slope + reach, fit.pvalue)
            assert (found.estimate, found.low, found.high, found.p_value) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ([1.0, 2.0], "none: 2 years"),
            ([0.0] * 8, "none: every year has the same value"),
            ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "none: the years lie on one line"),
            ([(n - 6.0) ** 2 for n in range(12)], "none: years resemble"),
            ([1.0, 3.0, 2.0, 4.0, 1.0, 3.0, 2.0], "few years: 7"),
        ],
    )
    def test_says_why_there_is_no_interval_or_a_weak_one(self, values: list[float], said: str) -> None:
        found = slope(np.arange(float(len(values))), np.array(values))
        assert found.note.startswith(said) and np.isfinite(found.estimate)
        assert np.isnan(found.low) == said.startswith("none")

    def test_periods_agree_with_welch(self) -> None:
        rng = np.random.default_rng(8)
        before, after = rng.normal(0, 1, 7), rng.normal(1, 3, 5)
        found, test = period_change(before, after), stats.ttest_ind(after, before, equal_var=False)
        bounds = test.confidence_interval()
        assert (found.low, found.high, found.p_value) == pytest.approx((bounds.low, bounds.high, test.pvalue))

    @pytest.mark.parametrize(("n_before", "n_after"), [(0, 5), (2, 5), (5, 1)])
    def test_periods_of_few_years_have_no_interval(self, n_before: int, n_after: int) -> None:
        rng = np.random.default_rng(9)
        found = period_change(rng.normal(0, 1, n_before), rng.normal(0, 1, n_after))
        assert found.note.startswith("none") and np.isnan(found.p_value)


# Outlets


def news(
    rng: np.random.Generator, n_outlets: int, *, trend: float = 0.0, unequal: float = 0.0
) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """Return documents of outlets that cover different years and drift on their own: outcome, year, region, outlet."""
    sizes = np.maximum(2, 8 * np.exp(rng.normal(0, unequal, n_outlets))).astype(int)
    first = rng.integers(0, 7, n_outlets)
    last = np.minimum(first + rng.integers(2, 8, n_outlets), 9)
    outlet = np.repeat(np.arange(n_outlets), sizes)
    year = rng.integers(first[outlet], last[outlet] + 1).astype(float)
    region = rng.integers(0, 5, len(outlet))
    drift = rng.normal(0, 0.08, n_outlets)[outlet] * (year - 5)
    outcome = trend * year + rng.normal(0, 0.5, n_outlets)[outlet] + drift + rng.gamma(1, 1, len(outlet)) + 0.3 * region
    return outcome, year, np.eye(5)[region], outlet


def fitted(n_outlets: int, n: int, seed: int, *, trend: float = 0.0, unequal: float = 0.0) -> list[Slope]:
    rng = np.random.default_rng([seed, n_outlets])
    return [
        clustered_slope(*news(rng, n_outlets, trend=trend, unequal=unequal), seed=number, draws=399)
        for number in range(n)
    ]


def ordinary(outcome: Floats, year: Floats, dummies: Floats, _: np.ndarray) -> float:
    """Return the p-value of least squares that takes every document as one of its own."""
    design = np.column_stack([year, dummies])
    fit = np.linalg.lstsq(design, outcome, rcond=None)[0]
    left = outcome - design @ fit
    freedom = len(outcome) - design.shape[1]
    error = np.sqrt(left @ left / freedom * np.linalg.inv(design.T @ design)[0, 0])
    return float(2 * stats.t.sf(abs(fit[0]) / error, freedom))


class TestOutlets:  # R2, R4
    @pytest.mark.long
    @pytest.mark.parametrize("n_outlets", [10, 15, 30])
    def test_ten_outlets_and_more(self, n_outlets: int) -> None:
        found = [one for one in fitted(n_outlets, 2_000, 10, trend=0.1) if np.isfinite(one.low)]
        assert 0.93 <= share([one.low <= 0.1 <= one.high for one in found]) <= 0.97
        assert all(one.note == "" for one in found)

    @pytest.mark.parametrize("n_outlets", [10, 20])
    def test_false_trends_of_ten_outlets_and_more(self, n_outlets: int) -> None:
        assert share([one.p_value <= 0.05 for one in fitted(n_outlets, 1_000, 11)]) <= 0.065

    @pytest.mark.parametrize("n_outlets", [6, 8])
    def test_six_to_nine_are_few(self, n_outlets: int) -> None:
        found = [one for one in fitted(n_outlets, 600, 12) if np.isfinite(one.p_value)]
        assert all(one.note == f"few clusters: {n_outlets}" for one in found)
        assert share([one.p_value <= 0.05 for one in found]) <= 0.10

    def test_fewer_are_refused(self) -> None:
        for one in fitted(5, 5, 13):
            assert one.note == "none: 5 clusters, 6 are needed"
            assert np.isfinite(one.estimate) and np.isnan(one.low) and np.isnan(one.p_value)

    def test_the_bar_bites(self) -> None:
        rng = np.random.default_rng(14)
        assert share([ordinary(*news(rng, 15)) <= 0.05 for _ in range(300)]) >= 0.10

    def test_the_interval_is_the_test_inverted(self) -> None:
        rng = np.random.default_rng(15)
        outcome, year, region, outlet = news(rng, 12, trend=0.2)
        found = clustered_slope(outcome, year, region, outlet)
        for bound in (found.low, found.high):
            for step, inside in ((-1e-3, bound == found.high), (1e-3, bound == found.low)):
                moved = clustered_slope(outcome - (bound + step) * year, year, region, outlet)
                assert (moved.p_value > 0.05) == inside

    def test_draw_by_draw(self) -> None:
        """The closed form is the bootstrap that fits every draw anew."""
        rng = np.random.default_rng(16)
        outcome, year, region, outlet = news(rng, 8)
        draws = 99
        weights = np.random.default_rng(1).choice(
            [-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)], (draws, 8)
        )
        design = np.column_stack([year, region])  # the dummies hold the constant

        def t_value(values: Floats) -> float:
            fit = np.linalg.lstsq(design, values, rcond=None)[0]
            inverse = np.linalg.inv(design.T @ design)
            scores = np.array([design[outlet == g].T @ (values - design @ fit)[outlet == g] for g in range(8)])
            return float(fit[0] / np.sqrt((inverse @ scores.T @ scores @ inverse)[0, 0]))

        under = region @ np.linalg.lstsq(region, outcome, rcond=None)[0]
        drawn = [t_value(under + (outcome - under) * one[outlet]) for one in weights]
        by_hand = (1 + sum(abs(one) >= abs(t_value(outcome)) for one in drawn)) / (1 + draws)
        assert clustered_slope(outcome, year, region, outlet, draws=draws).p_value == pytest.approx(by_hand)


class TestOneRegionAgainstTheRest:
    """A region's own errors stand in its own cluster: its standard error vanishes."""

    @staticmethod
    def grid(rng: np.random.Generator) -> tuple[Floats, Floats, np.ndarray]:
        place = np.repeat(np.arange(20), 10)
        return rng.normal(0, 1, 20)[place] + rng.normal(0, 1, 200), (place == 0).astype(float), place

    def test_is_refused(self) -> None:
        outcome, treated, place = self.grid(np.random.default_rng(17))
        found = clustered_slope(outcome, treated, np.empty((200, 0)), place)
        assert found.note == "none: one or two clusters carry what is compared"
        assert np.isnan(found.low) and np.isnan(found.p_value) and np.isfinite(found.estimate)

    def test_because_ordinary_clustered_errors_hold_nothing(self) -> None:
        """With every region's level in the model, all residuals of a cluster add up to zero, and so does the error."""
        rng = np.random.default_rng(18)
        held = []
        for _ in range(1_000):
            outcome, _, place = self.grid(rng)
            means = np.bincount(place, outcome) / 10
            scores = np.bincount(place, outcome - means[place])[:2] / 10
            held.append(abs(means[0] - means[1]) <= stats.t.ppf(0.975, 19) * np.hypot(*scores))
        assert share(held) == 0.0


# Tables

LAW = Lexicon((Theme("law", Label("Law", "法"), Phrases()),), "1")


def typed(*rows: tuple[int, str, int, int], outlet: Sequence[str] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return hits and documents from (year, region, hits, units)."""
    documents = [
        {"doc_id": f"d{n}", "content_sha256": f"{n}", "year": year, "region_code": region, "region_en": region,
         "language": "zh", "n_units": units, "unit": "han", "path": f"{n}", "encoding": "utf-8",
         "outlet": outlet[n] if outlet else None}
        for n, (year, region, _, units) in enumerate(rows)
    ]  # fmt: skip
    hits = [
        {"doc_id": f"d{n}", "theme": "law", "n_hits": count, "n_excluded": 0, "n_units": units, "unit": "han"}
        for n, (_, _, count, units) in enumerate(rows)
    ]
    return conform(hits, "theme_hits"), conform(documents, "documents")


def changes(*rows: tuple[int, str, int, int], periods: tuple[range, range] | None = None) -> pd.DataFrame:
    tables = [rates(*typed(*rows), LAW, by=by) for by in (["year"], ["year", "region_code"])]
    return trends(tables[0], tables[1], periods=periods).set_index("basis")


class TestFixedRegions:  # R15
    def test_equal_weights_in_a_full_grid(self) -> None:
        rng = np.random.default_rng(19)
        place, year = (grid.ravel() for grid in np.indices((5, 7)))
        values = rng.normal(0, 1, (35, 2))
        found = year_effects(values, np.array(list("abcde"))[place], year)
        assert found.to_numpy() == pytest.approx(np.stack([values[year == when].mean(0) for when in range(7)]))

    def test_nothing_where_regions_share_no_year_or_there_is_one(self) -> None:
        apart = year_effects(np.ones((4, 1)), np.array(list("aabb")), np.array([1, 2, 3, 4]))
        alone = year_effects(np.ones((3, 1)), np.array(list("aaa")), np.array([1, 2, 3]))
        assert apart.empty and alone.empty

    def test_a_changing_mix_is_no_trend(self) -> None:
        """Regions that say more enter later: over all documents nearly always a trend, with regions held seldom."""
        rng = np.random.default_rng(20)
        false: dict[str, list[bool]] = {"regions": [], "documents": []}
        level, years = np.linspace(2, 30, 10), np.arange(20)
        place, when = (np.concatenate(parts) for parts in zip(*[
            (np.arange(6 + year // 5), np.full(6 + year // 5, year)) for year in years
        ], strict=True))  # fmt: skip
        for _ in range(1_000):
            values = rng.poisson(level[place] * np.exp(rng.normal(0, 0.1, 20))[when]).astype(float)
            held = year_effects(values[:, None], place.astype(str), when)[0]
            plain = np.bincount(when, values) / np.bincount(when)
            false["regions"].append(slope(held.index.to_numpy(dtype=float), held.to_numpy()).p_value <= 0.05)
            false["documents"].append(slope(years.astype(float), plain).p_value <= 0.05)
        assert share(false["regions"]) <= 0.06
        assert share(false["documents"]) >= 0.80

    def test_a_set_that_is_replaced_bit_by_bit_is_said(self) -> None:
        rows = [(2010 + n, "abcdefghij"[(n + k) // 3], 5 + k, 10_000) for n in range(12) for k in range(9)]
        note = changes(*dict.fromkeys(rows)).loc["regions", "note"]
        assert "no region has all years" in note

    def test_longer_documents_are_no_trend(self) -> None:
        rng = np.random.default_rng(21)
        years, false = np.arange(20.0), {"rate": [], "count": []}
        units = np.linspace(4, 10, 20)[:, None] * np.ones(15)
        for _ in range(1_000):
            hits = rng.poisson(units * 1.0)
            values = {"rate": hits.sum(1) / units.sum(1), "count": hits.mean(1)}
            for name, series in values.items():
                false[name].append(slope(years, series).p_value <= 0.05)
        assert share(false["rate"]) <= 0.06 and share(false["count"]) >= 0.9

    def test_simpson_is_said(self) -> None:
        """In both regions the theme falls; the one that says more enters late."""
        rows = [(2010 + n, "a", 40 - 2 * n + n % 2, 100_000) for n in range(10)]
        rows += [(2010 + n, "b", 300 - 2 * n, 100_000) for n in range(5, 10)]
        found = changes(*rows)
        assert found.loc["documents", "estimate"] > 0 > found.loc["regions", "estimate"]
        assert found["note"].str.contains("Simpson").all()
        calm = changes(
            *[row for row in rows if row[1] == "a"], *[(2010 + n, "b", 60 - 2 * n, 100_000) for n in range(10)]
        )
        assert not calm["note"].fillna("").str.contains("Simpson").any()

    def test_doubling_one_years_documents_leaves_every_value(self) -> None:
        rng = np.random.default_rng(22)
        rows = [(2010 + n, region, int(rng.integers(2, 30)), 10_000) for n in range(8) for region in "abc"]
        once, twice = changes(*rows), changes(*rows, *[row for row in rows if row[0] == 2013])
        columns = ["estimate", "low", "high", "p_value"]
        assert twice[columns].to_numpy(dtype=float) == pytest.approx(once[columns].to_numpy(dtype=float))
        assert (once["n_docs"].iloc[0], twice["n_docs"].iloc[0]) == (24, 27)

    def test_national_documents_are_no_region(self) -> None:
        rows = [(2010 + n, region, 2 + n % 3, 10_000) for n in range(8) for region in "ab"]
        more = [(2010 + n, "000000", 100 * n, 10_000) for n in range(8)]
        columns = ["estimate", "p_value", "n_regions"]
        assert changes(*rows, *more).loc["regions", columns].equals(changes(*rows).loc["regions", columns])


class TestTable:
    ROWS = [(2010 + n, region, 3 + n + n % 2, 10_000) for n in range(8) for region in "ab"]

    def test_columns_and_values(self) -> None:
        frames = [rates(*typed(*self.ROWS), LAW, by=by) for by in (["year"], ["year", "region_code"])]
        table = trends(*frames)
        assert list(table.columns) == list(TABLES["trends"]) and len(table) == 2
        row = table.iloc[0]
        values = np.array([3 + n + n % 2 for n in range(8)], dtype=float)
        expected = slope(np.arange(8.0), values)
        assert (row["estimate"], row["p_value"]) == (pytest.approx(expected.estimate), pytest.approx(expected.p_value))
        assert (row["measure"], row["unit"], row["change"], row["family"]) == ("rate", "year", "per year", 1)

    def test_periods(self) -> None:
        found = changes(*self.ROWS, periods=(range(2010, 2014), range(2014, 2018)))
        assert found["estimate"].tolist() == pytest.approx([4.0, 4.0])
        assert set(found["change"]) == {"2014–2017 less 2010–2013"}

    def test_no_inference_for_what_was_at_hand(self) -> None:
        frames = [rates(*typed(*self.ROWS), LAW, by=by) for by in (["year"], ["year", "region_code"])]
        table = trends(*frames, infer=False)
        assert table["estimate"].notna().all() and table[["low", "high", "p_value", "q_value"]].isna().all(axis=None)
        assert table["note"].str.contains("convenience").all()

    def test_one_region_has_no_row_with_regions_held(self) -> None:
        found = changes(*[row for row in self.ROWS if row[1] == "a"])
        assert pd.isna(found.loc["regions", "estimate"]) and "no two regions" in found.loc["regions", "note"]
        assert found.loc["documents", "p_value"] < 0.05

    def test_q_values_are_those_of_the_family(self) -> None:
        names = [f"t{n}" for n in range(5)]
        lexicon = Lexicon(tuple(Theme(name, Label(name, name), Phrases()) for name in names), "1")
        rng = np.random.default_rng(23)
        hits, documents = typed(*self.ROWS)
        every = pd.concat(
            [hits.assign(theme=name, n_hits=pd.array(rng.integers(2, 20, len(hits)), "Int64")) for name in names]
        )
        frames = [rates(every, documents, lexicon, by=by) for by in (["year"], ["year", "region_code"])]
        own = trends(*frames)
        own = own[own["basis"] == "documents"].dropna(subset=["p_value"])
        expected = stats.false_discovery_control(own["p_value"].to_numpy(dtype=float))
        assert own["q_value"].to_numpy(dtype=float) == pytest.approx(expected) and set(own["family"]) == {len(own)}

    def test_outlets(self) -> None:
        rng = np.random.default_rng(24)
        rows = [(2010 + n % 8, "ab"[n % 2], int(rng.poisson(5)), 10_000) for n in range(80)]
        hits, documents = typed(*rows, outlet=[f"o{n // 10}" for n in range(80)])
        table = outlet_trends(hits, documents, rates(hits, documents, LAW, by=["year"]))
        assert table[["unit", "n_clusters", "n_docs"]].to_numpy().tolist() == [["outlet", 8, 80]]
        assert table["note"][0] == "few clusters: 8" and table["low"][0] < table["estimate"][0] < table["high"][0]
        nameless = documents.assign(outlet=pd.array([None] * 80, dtype="str"))
        assert outlet_trends(hits, nameless, rates(hits, documents, LAW, by=["year"])).empty


def test_a_change_without_an_interval_has_none() -> None:
    assert np.isnan(Change(1.0).low) and Change(1.0).note == ""
