"""What is added up from prepared cells is what the selected documents themselves give."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_themes import compare
from policy_themes.compare.summing import measure_of
from policy_themes.compare.tally import counted_ways
from policy_themes.explore import Selection
from policy_themes.explore.prepared import Counted, Prepared, chosen
from policy_themes.study import Study, open_study


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


@pytest.fixture(scope="module")
def prepared(study: Study) -> Prepared:
    return Prepared(study)


@st.composite
def narrowed(draw: st.DrawFn) -> Selection:
    first, last = sorted((draw(st.integers(2014, 2026)), draw(st.integers(2014, 2026))))
    every = {
        "first": first, "last": last, "year": draw(st.integers(2016, 2025)),
        "regions": tuple(draw(st.lists(st.sampled_from(["330000", "610000", "510000", "440000", "x"]), max_size=3))),
        "region": draw(st.sampled_from(["330000", "110000"])), "kind": draw(st.sampled_from(["news", "notice", "x"])),
        "outlet": draw(st.sampled_from(["Rule of Law Daily", "法治日报"])), "institution": "political-legal committee",
    }  # fmt: skip
    return Selection(**{name: value for name, value in every.items() if draw(st.integers(0, 3)) == 0})


def of_documents(study: Study, selection: Selection, by: tuple[str, ...], *, facets: bool) -> pd.DataFrame:
    """Return the rates of the selected documents, the others taken out before anything is counted."""
    kept = study.corpus.documents[chosen(study.corpus.documents, selection)].reset_index(drop=True)
    hits = study.hits.table[study.hits.table["doc_id"].isin(kept["doc_id"])].reset_index(drop=True)
    return compare.rates(hits, kept, study.lexicon, by=by, facets=facets)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    selection=narrowed(),
    by=st.sampled_from([(), ("year",), ("region_code",), ("year", "region_code")]),
    facets=st.booleans(),
)
def test_slices_are_the_rates_of_the_selected_documents(
    selection: Selection, by: tuple[str, ...], facets: bool, study: Study, prepared: Prepared
) -> None:
    expected = of_documents(study, selection, by, facets=facets)
    found = prepared.counted.rates(selection, by=by, facets=facets, held=False)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_the_whole_study_is_what_the_study_says(study: Study, prepared: Prepared) -> None:
    for by in ((), ("year",), ("region_code",), ("year", "region_code")):
        expected = study.rates(by=by, interval="none").drop(columns="interval")
        found = prepared.counted.rates(Selection(), by=by, held=False).drop(columns="interval")
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_weighted_copies_are_the_same_up_to_the_order_of_adding(demo_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "study.yml"
    file.write_text("copies: weighted\n", encoding="utf-8")
    study = open_study(demo_folder, file)
    counted = Prepared(study).counted
    found = counted.rates(Selection(), by=("year",), held=False).drop(columns="interval")
    pd.testing.assert_frame_equal(found, study.rates(by=["year"], interval="none").drop(columns="interval"), rtol=1e-12)
    assert found["method"].str.contains("sharing a weight").all()


def test_rate_or_share_does_not_flip_while_filtering(prepared: Prepared) -> None:
    counted = prepared.counted
    whole = counted.rates(Selection(), by=()).set_index(["language", "theme"])["headline"]
    flipped = 0
    for year in range(2016, 2026):
        held = counted.rates(Selection(year=year), by=()).set_index(["language", "theme"])["headline"]
        own = counted.rates(Selection(year=year), by=(), held=False).set_index(["language", "theme"])["headline"]
        assert (held == whole[held.index]).all()
        flipped += int((own != whole[own.index]).sum())
    assert flipped > 0  # else holding would be for nothing


def test_hits_of_one_theme_are_tallied_alone(study: Study, prepared: Prepared) -> None:
    sums = prepared.counted.sums
    n = int(sums.counts[sums.which == 0, 0].sum())
    theme = sums.series["theme"][0]
    own = study.hits.table[(study.hits.table["theme"] == theme) & study.hits.table["facet"].isna()]
    assert n == int(own[own["doc_id"].isin(study.corpus.unique["doc_id"])]["n_hits"].sum()) > 0


def test_the_median_is_one_where_more_than_half_are() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        hits = pd.Series(rng.poisson(rng.uniform(0.2, 2), rng.integers(1, 30)))
        some = hits[hits > 0].astype(float)
        assert measure_of(hits) == ("share" if len(some) and some.median() <= 1 else "rate")


def test_ways_back_say_how_many_documents_there_are(prepared: Prepared) -> None:
    selection = Selection(year=2020, kind="nothing of the kind")
    assert prepared.n_docs(selection, "zh") == 0
    assert prepared.ways_back(selection, "zh") == [("kind", prepared.n_docs(Selection(year=2020), "zh"))]


def test_a_study_without_documents_of_a_year_has_no_rows(prepared: Prepared) -> None:
    counted: Counted = prepared.counted
    assert counted.rates(Selection(year=1901), by=("year",)).empty
    assert counted.rates(Selection(year=1901), by=()).empty


def test_eight_ways_are_counted_as_for_specifications(study: Study, prepared: Prepared) -> None:
    from policy_themes.compare.rates import grouped

    documents = grouped(study.corpus.documents, ["year"])
    ways = counted_ways(study.hits.table, documents, study.lexicon, facets=True)
    sums = prepared.counted.sums
    column = 3 + 8 + 3  # hits of all documents, exclusions and wide wording counted
    total = ways.groupby(["theme", "facet"])["hits11"].sum()
    for number, (theme, facet) in enumerate(zip(sums.series["theme"], sums.series["facet"], strict=True)):
        assert sums.counts[sums.which == number, column].sum() == total[theme, facet]
