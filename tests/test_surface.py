"""A surface of rates holds what it says, on cells whose true rates are known, and says where it does not.

The truth is not drawn from the model: paths are steps at a region's own time, years a wave with shocks.
Every bar has its opposite: an estimator that is known to be wrong is put in, and must fail it.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_themes.compare import surface
from policy_themes.compare.over_time.field import Counts, estimate, find_mode, kernels
from policy_themes.compare.over_time.surface import FEWEST_CLUSTERS
from policy_themes.compare.uncertainty.pooled import wording_intervals
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.schema import TABLES
from policy_themes.study import Study, open_study

REGIONS, YEARS, OWN = 31, 26, 0.3
BARS = ((0.7, 0.90), (3.0, 0.90), (10.0, 0.93))  # mean hits a cell, share of cells whose interval must hold the truth
UNITS = 10_000


def reports(
    level: float, burst: float, seed: int, *, regions: int = REGIONS, years: int = YEARS, missing: float = 0.1
) -> pd.DataFrame:
    """Return cells with ``true_smooth`` and ``true_expected`` per 10,000 beside them, some without documents."""
    rng = np.random.default_rng([9, seed])
    time = np.arange(years)
    steps = 1 / (1 + np.exp(-(time - rng.uniform(0, years, (regions, 1))) / 2)) - 0.5
    smooth = (
        rng.normal(0, 0.6, (regions, 1)) + 0.5 * np.sin(time / 5) + rng.normal(0, 0.3, years)
        + rng.normal(0, 0.8, (regions, 1)) * steps
    )  # fmt: skip
    own = rng.normal(0, OWN, smooth.shape)
    base = np.log(level) - np.log(np.exp(smooth + own).mean())
    units = np.exp(rng.normal(0, 0.3, smooth.shape)) * UNITS
    rate = np.exp(base + smooth + own)
    mean = rate * units / UNITS
    hits = rng.poisson(mean) if burst == 1 else rng.negative_binomial(mean / (burst - 1), 1 / burst)
    region, year = np.indices(smooth.shape)
    cells = pd.DataFrame(
        {
            "theme": "law", "language": "zh", "facet": None, "unit": "han",
            "region_code": [f"{11 + n}0000" for n in region.ravel()], "region_en": [f"R{n}" for n in region.ravel()],
            "year": 1998 + year.ravel(), "n_docs": 1, "n_hits": hits.ravel(),
            "n_units": units.round().astype(int).ravel(), "mean_hits": mean.ravel(),
            "true_smooth": np.exp(base + smooth + OWN**2 / 2).ravel(), "true_expected": rate.ravel(),
        }
    )  # fmt: skip
    gone = rng.random(len(cells)) < missing
    cells.loc[gone, ["n_docs", "n_hits", "n_units"]] = 0
    return cells


def scored(level: float, burst: float, seed: int, dispersion: float | None = None) -> pd.DataFrame:
    """Return, for every row of a surface, whether its intervals hold the truth."""
    made = reports(level, burst, seed)
    truth = made[["region_code", "year", "true_smooth", "true_expected", "mean_hits"]]
    found = surface(made, burst if dispersion is None else dispersion).merge(truth, on=["region_code", "year"])
    for name in ("smooth", "expected"):
        found[f"{name}_held"] = found[f"true_{name}"].between(found[f"{name}_low"], found[f"{name}_high"])
        logs = np.log(found[f"true_{name}"])
        found[f"{name}_far"] = np.abs(logs - logs.mean()) > 2 * logs.std()
    return found


@cache
def cells(level: float, burst: float, n_reps: int) -> pd.DataFrame:
    """Return what repetitions give."""
    return pd.concat([scored(level, burst, seed) for seed in range(n_reps)])


def check(level: float, burst: float, n_reps: int, least: float, capsys: pytest.CaptureFixture[str]) -> None:
    """Print coverage, that of cells beyond 2 sd and that of gaps beside it, and compare it with the bar."""
    found = cells(level, burst, n_reps)
    seen = found[found["mark"] == "observed"]
    gaps = found.loc[found["mark"] == "gap", "smooth_held"].mean()
    held = {name: seen[f"{name}_held"].mean() for name in ("smooth", "expected")}
    far = {name: seen.loc[seen[f"{name}_far"], f"{name}_held"].mean() for name in held}
    width = np.log(seen["expected_high"] / seen["expected_low"]).mean()
    said = "; ".join(f"{name} {held[name]:.3f}, beyond 2 sd {far[name]:.3f}" for name in held)
    with capsys.disabled():
        sys.stdout.write(
            f"\nE1 surface, {level} hits a cell, bursts of {burst:.0f}: {said}; gaps {gaps:.3f}; width {width:.2f}\n"
        )
    assert min(held["smooth"], held["expected"], gaps) >= least
    assert held["expected"] <= 0.985
    # What shrinkage costs: cells far from the others are held less often than the whole.
    assert far["expected"] < held["expected"]


@pytest.mark.parametrize(("level", "least"), BARS)
def test_intervals_hold(level: float, least: float, capsys: pytest.CaptureFixture[str]) -> None:
    check(level, 2.0, 2, least, capsys)


@pytest.mark.long
@pytest.mark.parametrize("burst", [1.0, 2.0, 3.0])
@pytest.mark.parametrize(("level", "least"), BARS)
def test_intervals_hold_for_every_burst(
    level: float, least: float, burst: float, capsys: pytest.CaptureFixture[str]
) -> None:
    check(level, burst, 10, least, capsys)


def test_the_bar_bites() -> None:
    """Single hits as the unit, a cell's own hits as they are, and the smooth rate taken for the cell fail it."""
    ignored = pd.concat(scored(10.0, 3.0, seed, dispersion=1.0) for seed in range(2))
    assert ignored.loc[ignored["mark"] == "observed", "expected_held"].mean() < 0.90
    found = cells(10.0, 2.0, 2)
    seen = found[found["mark"] == "observed"]
    low, high = wording_intervals(*(seen[name].to_numpy(dtype=float) for name in ("n_hits", "n_units")), 1.0)
    assert seen["true_expected"].between(UNITS * low, UNITS * high).mean() < 0.90
    assert seen["true_expected"].between(seen["smooth_low"], seen["smooth_high"]).mean() < 0.90


def test_it_is_nearer_to_the_truth_than_the_raw_rates() -> None:
    seen = cells(3.0, 2.0, 2).query("mark == 'observed'")
    off = {name: ((seen[name] - seen["true_expected"]) ** 2).mean() for name in ("rate_per_10k", "expected")}
    assert off["expected"] < 0.6 * off["rate_per_10k"]


@pytest.mark.long
@pytest.mark.parametrize(("regions", "years"), [(3, 4), (5, 8), (10, 6), (REGIONS, YEARS)])
def test_the_fewest_hits_still_hold_on_average(regions: int, years: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Half as many again as the least, over repetitions; a single surface of so few may be off as a whole."""
    held = []
    for seed in range(30):
        made = reports(1.5 * FEWEST_CLUSTERS / (0.9 * regions * years), 1.0, seed, regions=regions, years=years)
        try:
            found = surface(made, 1.0).merge(made[["region_code", "year", "true_smooth"]], on=["region_code", "year"])
        except InsufficientDataError:
            continue
        held.append(found["true_smooth"].between(found["smooth_low"], found["smooth_high"]).mean())
    with capsys.disabled():
        sys.stdout.write(
            f"\nE1 surface, {regions} × {years}, few hits: {np.mean(held):.3f}, worst tenth {np.quantile(held, 0.1):.2f}\n"
        )
    assert len(held) >= 20
    assert np.mean(held) >= 0.88


# The model against what is known to be right


def small(seed: int = 1) -> tuple[Counts, np.ndarray]:
    rng = np.random.default_rng(seed)
    units = np.where(rng.random((4, 6)) < 0.2, 0.0, 1_000.0)
    return Counts(rng.poisson(5, units.shape) * (units > 0.0), units, 1.5), np.log([0.4, 0.3, 0.2, 0.1, 2.0, 3.0])


def test_it_says_what_scikit_learn_says_with_equal_parts_and_noise() -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern

    counts, sizes = small()
    shared, smooth, whole = kernels(sizes, 6)
    mode = find_mode(counts, sizes)
    field = estimate(mode, whole, shared)[0]
    seen = counts.units > 0
    mean = (counts.expected * np.exp(field))[seen]
    places = np.argwhere(np.ones_like(seen)).astype(float)
    regions, years, paths, own, years_length, paths_length = np.exp(sizes)
    same, any_ = 1e-6, 1e6  # lengths over regions: only itself, all alike
    kernel = (
        ConstantKernel(4.0) + ConstantKernel(years) * Matern([any_, years_length], nu=0.5)
        + ConstantKernel(regions) * RBF([same, any_]) + ConstantKernel(paths) * Matern([same, paths_length], nu=0.5)
    )  # fmt: skip
    noise = counts.dispersion / mean + own
    theirs = GaussianProcessRegressor(kernel, alpha=noise, optimizer=None)
    theirs.fit(places[seen.ravel()], field[seen] + counts.hits[seen] / mean - 1)
    middle, spread = theirs.predict(places, return_std=True)
    ours = estimate(mode, smooth, shared)
    assert ours[0].ravel() == pytest.approx(middle, abs=1e-6)
    assert ours[1].ravel() == pytest.approx(spread, abs=1e-6)


def test_the_evidence_is_that_of_one_large_matrix() -> None:
    counts, sizes = small()
    shared, _, whole = kernels(sizes, 6)
    mode = find_mode(counts, sizes)
    field = estimate(mode, whole, shared)[0].ravel()
    covariance = np.kron(np.ones((4, 4)), shared) + np.kron(np.eye(4), whole)
    mean = counts.expected.ravel() * np.exp(field)
    likelihood = (counts.hits.ravel() * field - mean).sum() / counts.dispersion
    volume = np.linalg.slogdet(np.eye(24) + covariance * (mean / counts.dispersion))[1]
    dense = likelihood - field @ np.linalg.solve(covariance, field) / 2 - volume / 2
    assert mode.evidence == pytest.approx(dense, abs=1e-6)


# The table


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    return reports(4.0, 1.5, 1, regions=5, years=8, missing=0.25)


def test_a_row_for_each_year_between_a_regions_first_and_last(made: pd.DataFrame) -> None:
    found = surface(made, 1.5)
    assert list(found.columns) == list(TABLES["surface"])
    years = made[made["n_docs"] > 0].groupby("region_code")["year"].agg(["min", "max"])
    for code, own in found.groupby("region_code"):
        assert own["year"].tolist() == list(range(years.loc[code, "min"], years.loc[code, "max"] + 1))
    gaps = found["mark"] == "gap"
    assert gaps.any() and (gaps == (found["n_docs"] == 0)).all()
    unknown = found[["rate_per_10k", "expected", "expected_low", "expected_high"]].isna()
    assert (unknown.all(axis=1) == gaps).all() and (unknown.any(axis=1) == gaps).all()
    raw = 10_000 * found["n_hits"] / found["n_units"].where(~gaps)
    assert found.loc[~gaps, "rate_per_10k"].tolist() == pytest.approx(raw[~gaps].tolist())
    assert found["method"].str.startswith("E1: wording variation, not political change").all()


def test_a_gap_is_less_certain_than_its_neighbours(made: pd.DataFrame) -> None:
    found = surface(made, 1.5)
    width = np.log(found["smooth_high"] / found["smooth_low"])
    assert width[found["mark"] == "gap"].mean() > width[found["mark"] == "observed"].mean()


@given(st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_order_of_rows_changes_nothing(random: object) -> None:
    made = reports(4.0, 1.5, 1, regions=4, years=5)
    order = list(made.index)
    random.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(surface(made.loc[order], 1.5), surface(made, 1.5))


@given(st.integers(0, 10_000), st.sampled_from([1.0, 2.5]))
@settings(max_examples=10)
def test_bounds_are_in_order_and_follow_the_unit(seed: int, dispersion: float) -> None:
    made = reports(20.0, dispersion, seed, regions=3, years=5, missing=0.0)
    found, tenfold = surface(made, dispersion), surface(made.assign(n_units=10 * made["n_units"]), dispersion)
    for name in ("smooth", "expected"):
        assert (found[f"{name}_low"] < found[name]).all() and (found[name] < found[f"{name}_high"]).all()
        assert found[name].tolist() == pytest.approx((10 * tenfold[name]).tolist(), rel=1e-3)


def test_the_nation_is_no_region_and_facets_are_left_out(made: pd.DataFrame) -> None:
    nation = made.head(8).assign(region_code="000000", n_hits=500)
    facets = made.assign(facet="part", n_hits=0)
    pd.testing.assert_frame_equal(surface(pd.concat([nation, facets, made]), 1.5), surface(made, 1.5))


@pytest.mark.parametrize(
    ("regions", "years", "said"), [(1, 1, "1 region"), (2, 8, "2 region"), (5, 3, "3 year"), (1, 20, "1 region")]
)
def test_few_regions_or_years_are_refused(regions: int, years: int, said: str) -> None:
    with pytest.raises(InsufficientDataError, match=said) as refused:
        surface(reports(50.0, 1.0, 1, regions=regions, years=years, missing=0.0), 1.0)
    assert "--interval pooled" in refused.value.hint


def test_few_hits_are_refused_by_their_clusters(made: pd.DataFrame) -> None:
    few = made.assign(n_hits=(made["n_docs"] > 0).astype(int))
    assert few["n_hits"].sum() / 2 < FEWEST_CLUSTERS and len(surface(few, 1.0))
    for rates, dispersion in ((few, 2.0), (made.assign(n_hits=0), 1.0)):
        with pytest.raises(InsufficientDataError, match="too few for a surface"):
            surface(rates, dispersion)


def test_several_themes_and_a_mistaken_year_are_refused(made: pd.DataFrame) -> None:
    with pytest.raises(UsageError, match="several themes"):
        surface(pd.concat([made, made.assign(theme="safe")]), 1.0)
    with pytest.raises(UsageError, match="100 years"):
        surface(pd.concat([made, made.tail(1).assign(year=1098, n_docs=1, n_units=9)]), 1.0)


def test_one_cell_beyond_all_others_does_not_break_it(made: pd.DataFrame) -> None:
    odd = made.copy()
    odd.loc[odd.index[odd["n_docs"] > 0][3], "n_hits"] = 5_000
    found = surface(odd, 1.5)
    assert np.isfinite(found["smooth"]).all() and found["expected"].max() > 1_000


# Real documents


@pytest.fixture(scope="module")
def study(shared: Path) -> Study:
    """Return the 395 work reports."""
    return open_study(shared / "corpora" / "prov_gwr")


@pytest.mark.long
class TestWorkReports:
    def test_modernization_keeps_its_level_and_rises(self, study: Study) -> None:
        found = study.surface("modernization", "zh")
        seen = found[found["mark"] == "observed"]
        assert (found["mark"] == "gap").any() and found["region_code"].nunique() == 16
        assert seen["smooth"].mean() == pytest.approx(seen["rate_per_10k"].mean(), rel=0.1)
        assert seen["smooth"].std() < seen["rate_per_10k"].std()
        by_year = seen.groupby("year")["smooth"].mean()
        assert by_year.loc[2021:].mean() > 1.5 * by_year.loc[2012:2017].mean()

    def test_zhejiang_had_fengqiao_before_all_others(self, study: Study) -> None:
        found = study.surface("fengqiao_experience", "zh").set_index(["region_en", "year"])
        for year in range(2014, 2019):
            before = found.xs(year, level="year").drop(index="Zhejiang")
            assert found.loc[("Zhejiang", year), "smooth_low"] > before["smooth"].max()
