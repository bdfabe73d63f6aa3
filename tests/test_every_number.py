"""Every number of every table of themes is as many rows of `evidence`, and each of them stands in its file."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from policy_themes.compare import (
    Question,
    language_trends,
    phrase_hits,
    specification_summary,
    specifications,
    theme_checks,
    theme_overlaps,
)
from policy_themes.study import Study, open_study

GROUPINGS = ([], ["year"], ["region_code"], ["year", "region_code"], ["institution"], ["year", "kind"])


@pytest.fixture(scope="module", params=["demo", "seeds"])
def study(request: pytest.FixtureRequest, demo_folder: Path, seeds: Path) -> Study:
    return open_study(seeds if request.param == "seeds" else demo_folder)


@pytest.fixture(scope="module")
def quoted(study: Study) -> pd.DataFrame:
    """Return the table, with the columns of each hit's document."""
    own = study.corpus.documents[["doc_id", "institution", "kind"]]
    return study.evidence().merge(own, on="doc_id", how="left", validate="many_to_one")


def counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return hits and documents by cell."""
    return rows.groupby(keys).agg(n_hits=("doc_id", "size"), n_docs_with_theme=("doc_id", "nunique"))


def equal(table: pd.DataFrame, found: pd.DataFrame, keys: list[str]) -> None:
    """Compare both, cell by cell; a cell without evidence has zero."""
    assert not table.duplicated(keys).any()
    joined = table[[*keys, "n_hits", "n_docs_with_theme"]].merge(found.reset_index(), on=keys, how="outer")
    for name in ("n_hits", "n_docs_with_theme"):
        pd.testing.assert_series_equal(
            joined[f"{name}_x"].astype(int), joined[f"{name}_y"].fillna(0).astype(int), check_names=False
        )


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda by: ",".join(by) or "whole")
def test_every_cell_of_rates(study: Study, quoted: pd.DataFrame, by: list[str]) -> None:
    table = study.rates(by=by)
    other = [name for name in by if name not in ("year", "region_code")]
    table = table.rename(columns={"group": other[0]}) if other else table
    keys = ["theme", "language", *by]
    rows = quoted[quoted["counted"]].dropna(subset=by)
    assert len(table) and int(table["n_hits"].sum()) == len(rows) > 0
    equal(table, counted(rows, keys), keys)


def test_every_facet_of_rates(study: Study, quoted: pd.DataFrame) -> None:
    table = study.rates(by=["year"], facets=True).dropna(subset=["facet"])
    rows = quoted[quoted["facet"].notna() & quoted["excluded_by"].isna()].dropna(subset=["year"])
    rows = rows.assign(facet=rows["facet"].str.split(";")).explode("facet")
    keys = ["theme", "language", "year", "facet"]
    equal(table, counted(rows, keys), keys)


def test_every_document_of_hits(study: Study, quoted: pd.DataFrame) -> None:
    table = study.hits.table[study.hits.table["facet"].isna()]
    table = table[table["doc_id"].isin(study.corpus.unique["doc_id"])]
    pairs = quoted.groupby(["doc_id", "theme"])["counted"].agg(["sum", "size"])
    both = table.set_index(["doc_id", "theme"])[["n_hits", "n_excluded"]].join(pairs).fillna(0).astype(int)
    assert (both["n_hits"] == both["sum"]).all()
    excluded = quoted[quoted["excluded_by"].notna()].groupby(["doc_id", "theme"]).size()
    assert (both["n_excluded"] == excluded.reindex(both.index).fillna(0)).all()


def test_both_sides_of_every_difference(study: Study, quoted: pd.DataFrame) -> None:
    table = study.differences(Question("region_code"))
    rows = quoted[quoted["counted"]].dropna(subset=["region_code"])
    own = rows.groupby(["language", "theme", "region_code"]).size()
    all_ = rows.groupby(["language", "theme"]).size()
    for row in table.itertuples():
        mine = int(own.get((row.language, row.theme, row.group), 0))
        assert (row.n_hits_group, row.n_hits_other) == (mine, int(all_.get((row.language, row.theme), 0)) - mine)


def test_every_phrase_of_the_check(study: Study, quoted: pd.DataFrame) -> None:
    table = phrase_hits(study.corpus, study.hits, study.lexicon)
    whole = table[table["facet"].isna()].groupby(["theme", "language"])["n_hits"].sum()
    found = quoted[quoted["counted"]].groupby(["theme", "language"]).size()
    assert whole[whole > 0].to_dict() == found.to_dict()


def test_every_first_mention_is_a_row_and_every_year_of_adoption_its_regions(
    study: Study, quoted: pd.DataFrame
) -> None:
    rows = quoted[quoted["counted"]].dropna(subset=["year", "region_code"])
    theme = rows["theme"].mode().iloc[0]
    places = set(zip(rows["theme"], rows["doc_id"], rows["start"], rows["sentence"], strict=True))
    first = study.diffusion(theme).dropna(subset=["first_year"])
    assert len(first)
    for row in first.itertuples():
        assert (theme, row.first_doc, row.first_start, row.first_sentence) in places
    own = rows[rows["region_code"] != "000000"]
    regions = own.groupby(["theme", "language", "year"])["region_code"].nunique()
    for row in study.adoption().itertuples():
        assert row.n_with == int(regions.get((row.theme, row.language, row.year), 0))


def test_every_quotation_stands_in_the_original(study: Study, quoted: pd.DataFrame) -> None:
    originals = dict(zip(study.corpus.texts["doc_id"], study.corpus.texts["original"], strict=True))
    for row in quoted.itertuples():
        assert originals[row.doc_id][row.start : row.end] == row.match
        assert row.match in row.sentence


def test_evidence_of_some_themes_is_the_same_alone_and_out_of_all(study: Study) -> None:
    alone = open_study(study.folder).evidence(themes=study.lexicon.ids[:2])
    assert len(study.evidence()) > len(alone) > 0
    pd.testing.assert_frame_equal(study.evidence(themes=study.lexicon.ids[:2]), alone)


# Each table, and what is unknown everywhere in the demonstration taken as a sample; any other column holds something.
TABLES_OF: dict[str, tuple[Callable[[Study, str], pd.DataFrame], set[str]]] = {
    "composition": (lambda study, theme: study.composition, set()),
    "theme_rates": (
        lambda study, theme: study.rates(by=["year", "region_code"], facets=True),
        {"ci_high", "ci_low", "group", "grouping", "rate_fixed_regions", "share_ci_high", "share_ci_low"},
    ),
    "rates of years": (
        lambda study, theme: study.rates(by=["year"]),
        {"facet", "group", "grouping", "region_code", "region_en"},
    ),
    "trends": (lambda study, theme: study.trends(), set()),
    "surface": (lambda study, theme: study.surface(theme, "zh"), set()),
    "diffusion": (lambda study, theme: study.diffusion(theme), set()),
    "adoption": (lambda study, theme: study.adoption(), set()),
    "specifications": (lambda study, theme: ways(study, theme), set()),
    "specification_summary": (lambda study, theme: specification_summary(ways(study, theme)), set()),
    "evidence": (lambda study, theme: study.evidence(themes=[theme]), {"excluded_by", "part", "point", "section"}),
    "wordings": (lambda study, theme: study.wordings(theme, by="year"), set()),
    "contrasts": (lambda study, theme: study.contrasts(Question("region_code", groups=("330000",))), {"around"}),
    "effects": (lambda study, theme: study.effects(theme, "~ region + year"), set()),
    "differences": (
        lambda study, theme: study.differences(Question("region_code", groups=("330000",))),
        {"detectable"},
    ),
    "phrase_hits": (lambda study, theme: phrase_hits(study.corpus, study.hits, study.lexicon), set()),
    "theme_overlaps": (lambda study, theme: theme_overlaps(study.corpus, study.hits), set()),
    "theme_checks": (lambda study, theme: checks(study), set()),
    "language_trends": (lambda study, theme: language_trends(study.rates(by=["year"]), study.lexicon.ids), set()),
    "recall": (lambda study, theme: study.tokens.recall, set()),
    "candidate_terms": (lambda study, theme: study.candidate_terms(), {"accept"}),
}


def ways(study: Study, theme: str) -> pd.DataFrame:
    return specifications(study.hits.table, study.corpus.documents, study.lexicon, theme=theme)


def checks(study: Study) -> pd.DataFrame:
    return theme_checks(study.corpus, study.hits, study.lexicon, phrase_hits(study.corpus, study.hits, study.lexicon))


@pytest.fixture(scope="module")
def sampled(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    settings = tmp_path_factory.mktemp("sampled") / "study.yml"
    settings.write_text("collected: search\nsearch_terms: [nothing of it]\n", encoding="utf-8")
    return open_study(demo_folder, settings)


@pytest.mark.parametrize("name", TABLES_OF)
def test_no_column_is_empty_but_where_nothing_can_be_known(sampled: Study, name: str) -> None:
    make, unknown = TABLES_OF[name]
    table = make(sampled, "modernization")
    assert len(table)
    assert {column for column in table if table[column].isna().all()} == unknown
