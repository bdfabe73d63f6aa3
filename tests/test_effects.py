"""Effects of a formula's terms: what they estimate, how sure they are, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from policy_themes.compare import effects
from policy_themes.compare.effects import finite_only, withheld
from policy_themes.compare.uncertainty.cells import SEARCHED, WHY_NONE
from policy_themes.compare.uncertainty.wild import clustered_slope
from policy_themes.config import Settings
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon import load_lexicon
from policy_themes.schema import TABLES
from policy_themes.text.formula import OFFERED, parse_formula

REGIONS, YEARS = 12, 20


def grid(
    random: np.random.Generator, *, shock: float = 0.5, regions: int = REGIONS, years: int = YEARS
) -> pd.DataFrame:
    """Return one document a region and year, with effects of regions, shocks of years, and an outcome."""
    region = np.tile(np.arange(regions), years)
    year = np.repeat(np.arange(years), regions)
    place, when = random.normal(0, 1, regions), random.normal(0, shock, years)
    outcome = 5 + place[region] + when[year] + random.normal(0, 1, len(region))
    return pd.DataFrame(
        {"doc_id": [f"d{n:04}" for n in range(len(region))], "region_code": [f"r{one:02}" for one in region],
         "year": pd.array(2000 + year, dtype="Int64"), "institution": np.where((region + year) % 3 == 0, "court", "police"),
         "outlet": [f"o{one % 8}" for one in region], "truth": place[region], "outcome": outcome}
    )  # fmt: skip


def found(documents: pd.DataFrame, formula: str, **options: object) -> pd.DataFrame:
    outcome = documents.set_index("doc_id")["outcome"]
    return effects(outcome, documents, formula, name="law", **options).set_index("term")  # type: ignore[arg-type]


def test_estimates_are_least_squares() -> None:
    """Against a design written out by hand."""
    documents = grid(np.random.default_rng(1))
    table = found(documents, "~ region + institution + year")
    levels = sorted(set(documents["region_code"]))
    columns = [np.ones(len(documents)), *(documents["region_code"].eq(level).astype(float) for level in levels[1:])]
    columns += [documents["institution"].eq("court").astype(float), documents["year"].astype(float)]
    fit = np.linalg.lstsq(np.column_stack(columns), documents["outcome"], rcond=None)[0]
    for level, value in zip(levels[1:], fit[1:], strict=False):
        assert table.loc[f"region: {level} less {levels[0]}", "estimate"] == pytest.approx(value, abs=1e-9)
    assert table.loc["institution: court less police", "estimate"] == pytest.approx(fit[-2], abs=1e-9)
    assert table.loc["year", "estimate"] == pytest.approx(fit[-1], abs=1e-9)


def test_a_smooth_year_follows_a_curve_that_a_line_does_not() -> None:
    documents = grid(np.random.default_rng(2), shock=0.0)
    years = documents["year"].astype(float) - 2000
    documents["outcome"] += 6 * np.sin(years / YEARS * np.pi)
    table = found(documents, "~ region + s(year)")
    assert table.loc["year: 2010 less 2000", "estimate"] == pytest.approx(6, abs=0.8)
    assert table.loc["year: 2019 less 2000", "estimate"] == pytest.approx(6 * np.sin(19 / 20 * np.pi), abs=1)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(collected="convenience"), WHY_NONE["convenience"]),
        (Settings(collected="search", search_terms=["法治"]), SEARCHED),
        (Settings(collected="census"), None),
        (Settings(collected="search", search_terms=["枫桥经验"]), None),
    ],
)
def test_documents_that_stand_for_no_others_have_no_interval(settings: Settings, said: str | None) -> None:
    table = found(grid(np.random.default_rng(4)), "~ region + year").reset_index()
    shown = withheld(table, settings, load_lexicon(), theme="rule_of_law")
    if said is None:
        pd.testing.assert_frame_equal(shown, table)
        return
    assert shown["estimate"].equals(table["estimate"]) and shown["note"].eq(said).all()
    assert shown[["low", "high", "p_value"]].isna().all(axis=None)


def test_order_of_documents_and_names_of_levels_change_nothing() -> None:
    documents = grid(np.random.default_rng(3))
    table = found(documents, "~ region + s(year)")
    pd.testing.assert_frame_equal(table, found(documents.sample(frac=1, random_state=1), "~ region + s(year)"))


@pytest.mark.long
def test_intervals_of_regions_hold_the_truth_under_common_shocks() -> None:
    """Clustered by year: .93 to .97, but for the error of so many draws; clustered by region nearly never."""
    random, held, by_region = np.random.default_rng(4), [], []
    for _ in range(250):
        documents = grid(random)
        truth = documents.drop_duplicates("region_code").set_index("region_code")["truth"]
        table = found(documents, "~ region")
        for term, row in table.iterrows():
            one, other = str(term).removeprefix("region: ").split(" less ")
            held.append(row["low"] <= truth[one] - truth[other] <= row["high"])
        wrong = documents.assign(outlet=documents["region_code"])
        first = found(wrong, "~ region", cluster="outlet").iloc[0]
        by_region.append(bool(pd.notna(first["low"])))
    assert 0.93 <= np.mean(held) <= 0.97
    assert not any(by_region)  # refused: a region carries its own contrast


@pytest.mark.long
def test_trends_under_common_shocks_are_no_more_often_false_than_they_may() -> None:
    """The year as cluster; documents as their own clusters call most nothings a trend (the meta-test)."""
    random, false, naive = np.random.default_rng(5), [], []
    for draw in range(300):
        documents = grid(random)
        false.append(found(documents, "~ region + year").loc["year", "p_value"] <= 0.05)
        if draw >= 60:
            continue
        places = np.eye(REGIONS)[np.tile(np.arange(REGIONS), YEARS), 1:]
        when, values = (documents[name].to_numpy(dtype=float) for name in ("year", "outcome"))
        naive.append(clustered_slope(values, when, places, np.arange(len(documents))).p_value <= 0.05)
    assert np.mean(false) <= 0.065 + 1.64 * np.sqrt(0.065 * 0.935 / 300)
    assert np.mean(naive) > 0.15


def test_a_trend_has_years_as_its_unit_even_where_outlets_are_what_documents_share() -> None:
    table = found(grid(np.random.default_rng(9)), "~ institution + year", cluster="outlet")
    assert table.loc["year", "n_clusters"] == YEARS and "by year" in table.loc["year", "uncertainty"]
    assert table.loc["institution: court less police", "n_clusters"] == 8


def test_draws_of_an_outcome_widen_its_intervals_and_never_move_the_estimate() -> None:
    random = np.random.default_rng(10)
    documents = grid(random)
    outcome = documents.set_index("doc_id")["outcome"]
    noise = random.normal(0, 3, (len(outcome), 40))
    draws = pd.DataFrame(outcome.to_numpy()[:, None] + noise - noise.mean(axis=1, keepdims=True), index=outcome.index)
    sure, drawn = found(documents, "~ institution + year"), found(documents, "~ institution + year", draws=draws)
    assert np.allclose(sure["estimate"].astype(float), drawn["estimate"].astype(float))
    assert (drawn["high"] - drawn["low"] > sure["high"] - sure["low"]).all()
    assert (drawn["p_value"] >= sure["p_value"]).all() and drawn["uncertainty"].str.contains("drawn 40 times").all()


def test_a_planted_trend_is_significant_and_inside_its_interval() -> None:
    documents = grid(np.random.default_rng(11))
    years = documents["year"].astype(float) - 2000
    row = found(documents.assign(outcome=documents["outcome"] + 0.5 * years), "~ region + year").loc["year"]
    assert row["low"] < 0.5 < row["high"] and row["p_value"] < 0.01
    assert found(documents, "~ region + year").loc["year", "p_value"] > 0.01


def test_numbers_that_are_none_are_left_out_one_by_one() -> None:
    table = found(grid(np.random.default_rng(12)), "~ region + year").reset_index().head(3)
    table["estimate"], table["low"], table["high"] = [1.0, 1.0, np.inf], [-np.inf, 0.0, 0.0], [2.0, np.inf, 2.0]
    left = finite_only(table)
    assert left["estimate"].notna().tolist() == [True, True, False]
    assert left["low"].notna().tolist() == [False, True, True]
    assert left["high"].notna().tolist() == [True, False, True]
    assert left["note"].str.contains("told apart").tolist()[2]


def test_six_clusters_are_needed() -> None:
    table = found(grid(np.random.default_rng(6), years=5), "~ region")
    assert table[["low", "high", "p_value"]].isna().all(axis=None) and table["estimate"].notna().all()
    assert table["note"].str.startswith("none").all()


def test_terms_that_say_the_same_are_not_told_apart() -> None:
    documents = grid(np.random.default_rng(7)).assign(
        kind=lambda table: table["region_code"].map(lambda code: f"kind {code}")
    )
    table = found(documents, "~ region + kind")
    assert table["estimate"].isna().all() and table["note"].str.contains("told apart").all()


def test_documents_that_lack_a_value_are_left_out_and_counted() -> None:
    documents = grid(np.random.default_rng(8))
    documents.loc[:49, "institution"] = None
    assert found(documents, "~ institution")["n_docs"].eq(len(documents) - 50).all()


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("~ region * year", "columns joined"), ("~ s(region)", "columns joined"), ("~ __import__('os')", "columns joined"),
        ("", "columns joined"), ("~ regionn", "region"), ("~ year + s(year)", "once"),
    ],
)  # fmt: skip
def test_another_formula_is_refused_and_never_run(formula: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_formula(formula)
    assert said in f"{error.value} {error.value.hint}"


def test_a_constant_and_too_many_terms_are_refused() -> None:
    documents = grid(np.random.default_rng(9))
    with pytest.raises(UsageError, match="in all"):
        found(documents.assign(institution="court"), "~ institution")
    with pytest.raises(InsufficientDataError, match="cannot tell"):
        found(documents.iloc[:12], "~ region")
    with pytest.raises(InsufficientDataError, match="No document"):
        found(documents.assign(institution=None), "~ institution")


def test_every_column_that_is_offered_is_one_of_the_documents() -> None:
    columns = {term.column for name in OFFERED for term in parse_formula(f"~ {name}")}
    assert columns <= set(TABLES["documents"])
