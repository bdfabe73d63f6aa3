"""First mentions, drop-outs and returns, counted by hand; the spread of 枫桥 over the provinces' work reports."""

from pathlib import Path

import pandas as pd
import pytest

from policy_themes.compare.over_time.diffusion import FIRST_DOCUMENT, LARGEST_RISE, adoption, diffusion, presence
from policy_themes.schema import TABLES, conform
from policy_themes.study import Study, open_study

THEME = "fengqiao_experience"


def typed(stories: dict[str, dict[int, int]], *, theme: str = "law") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return hits, documents and quotations from each region's hits by year."""
    rows = [(region, year, count) for region, years in stories.items() for year, count in years.items()]
    names = [f"{region}{year}" for region, year, _ in rows]
    documents = [
        {"doc_id": name, "content_sha256": name, "date": f"{year}-01-15", "year": year, "region_code": region,
         "region_en": region.upper(), "language": "zh", "n_units": 1_000, "unit": "han", "path": name, "encoding": "utf-8"}
        for name, (region, year, _) in zip(names, rows, strict=True)
    ]  # fmt: skip
    hits = [
        {"doc_id": name, "theme": theme, "n_hits": count, "n_excluded": 0, "n_units": 1_000, "unit": "han"}
        for name, (_, _, count) in zip(names, rows, strict=True)
    ]
    quoted = [
        {"doc_id": name, "theme": theme, "term": "x", "sentence": f"{name} {n}", "left": "", "match": "x", "right": "",
         "start": 10 * n, "end": 10 * n + 1, "year": year, "region_code": region, "path": name, "language": "zh", "counted": True}
        for name, (region, year, count) in zip(names, rows, strict=True)
        for n in range(count)
    ]  # fmt: skip
    return conform(hits, "theme_hits"), conform(documents, "documents"), conform(quoted, "evidence")


STORIES = {
    "a": {2018: 1, 2019: 1, 2020: 2},  # there from the beginning
    "b": {2018: 0, 2019: 1, 2020: 0, 2021: 1, 2022: 1},
    "c": {2018: 0, 2020: 2, 2021: 0},  # nothing is known of 2019
    "d": {2018: 0, 2019: 0, 2020: 0},
    "e": {2018: 0, 2021: 0, 2022: 1},
}


class TestByHand:
    def table(self) -> pd.DataFrame:
        return diffusion(*typed(STORIES), theme="law").set_index("region_code")

    def test_columns(self) -> None:
        assert list(diffusion(*typed(STORIES), theme="law").columns) == list(TABLES["diffusion"])

    @pytest.mark.parametrize(
        ("region", "first", "censored", "kept", "steps", "current", "mark"),
        [
            ("a", 2018, "left", 1.0, (0, 0), True, "kept"),
            ("b", 2019, None, 2 / 3, (1, 1), True, "returned"),
            ("c", 2020, "gap", 0.0, (1, 0), False, "dropped"),
            ("d", None, "right", None, (0, 0), False, "never"),
            ("e", 2022, None, None, (0, 0), True, "new"),
        ],
    )
    def test_story(
        self, region: str, first: int | None, censored: str | None, kept: float | None,
        steps: tuple[int, int], current: bool, mark: str,
    ) -> None:  # fmt: skip
        row = self.table().loc[region]
        for found, expected in ((row["first_year"], first), (row["censored"], censored), (row["kept"], kept)):
            assert pd.isna(found) if expected is None else found == pytest.approx(expected)
        assert ((row["dropped"], row["returned"]), row["current"], row["mark"]) == (steps, current, mark)

    def test_the_first_mention_can_be_read(self) -> None:
        table = self.table()
        assert table.loc["c", ["first_doc", "first_start", "first_sentence"]].tolist() == ["c2020", 0, "c2020 0"]
        assert table.loc["d", ["first_doc", "first_start", "first_sentence"]].isna().all()

    def test_counts(self) -> None:
        table = self.table()
        assert table["region_en"].to_dict() == {code: code.upper() for code in STORIES}
        assert table["n_years"].to_dict() == {"a": 3, "b": 5, "c": 3, "d": 3, "e": 3}
        assert table["n_years_with"].to_dict() == {"a": 3, "b": 3, "c": 1, "d": 0, "e": 1}
        assert (table.loc["b", "first_observed"], table.loc["b", "last_observed"]) == (2018, 2022)

    def test_in_the_order_of_first_mention(self) -> None:
        assert diffusion(*typed(STORIES), theme="law")["region_code"].tolist() == ["a", "b", "c", "e", "d"]

    def test_copies_and_the_undated_tell_nothing(self) -> None:
        hits, documents, quoted = typed(STORIES)
        documents.loc[documents["doc_id"] == "b2019", "duplicate_of"] = "a2019"
        documents.loc[documents["doc_id"] == "e2022", "year"] = pd.NA
        table = diffusion(hits, documents, quoted, theme="law").set_index("region_code")
        assert table.loc["b", "first_year"] == 2021 and table.loc["e", "mark"] == "never"

    def test_nothing_placed_gives_no_row(self) -> None:
        hits, documents, quoted = typed(STORIES)
        nowhere = documents.assign(region_code=pd.array([None] * len(documents), dtype="str"))
        assert diffusion(hits, nowhere, quoted, theme="law").empty and adoption(hits, nowhere).empty

    def test_order_of_documents_does_not_matter(self) -> None:
        hits, documents, quoted = typed(STORIES)
        mixed = (frame.sample(frac=1, random_state=1) for frame in (hits, documents, quoted))
        pd.testing.assert_frame_equal(diffusion(*mixed, theme="law"), diffusion(hits, documents, quoted, theme="law"))


REGIONS = [f"r{n}" for n in range(8)]


def waves(start: dict[str, dict[str, int]], *, last: int = 2024) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return hits and documents of eight regions, 2015 to 2023 and two of them to 2024; themes start where they are told."""
    years = {region: range(2015, last + 1 if region in REGIONS[:2] else last) for region in REGIONS}
    parts = []
    for theme, starts in start.items():
        stories = {r: {y: int(y >= starts.get(r, 9999)) for y in years[r]} for r in REGIONS}
        parts.append(typed(stories, theme=theme))
    return pd.concat([part[0] for part in parts]), parts[0][1]


class TestYears:
    EARLY = dict.fromkeys(REGIONS[:1], 2015) | dict.fromkeys(REGIONS[1:6], 2019)
    OTHER = dict.fromkeys(REGIONS[:4], 2017)

    def table(self, theme: str) -> pd.DataFrame:
        table = adoption(*waves({"law": self.EARLY, "slogan": self.OTHER}))
        assert list(table.columns) == list(TABLES["adoption"])
        return table[table["theme"] == theme].set_index("year")

    def test_the_wave_and_what_the_others_did(self) -> None:
        row = self.table("law").loc[2019]
        assert (row["n_with"], row["n_first"], row["share"], row["n_both"]) == (6, 5, 6 / 8, 8)
        assert (row["jump"], row["others"], row["n_others"], row["signal"]) == (5 / 8, 0.0, 1, LARGEST_RISE)
        assert self.table("law").loc[2017, "others"] == 4 / 8

    def test_a_year_with_two_reports_is_no_collapse(self) -> None:
        row = self.table("law").loc[2024]
        assert row["mark"] == "few regions" and row[["share", "jump"]].isna().all()
        assert (row["n_regions"], row["n_with"], row["n_both"]) == (2, 2, 2)

    def test_a_year_without_documents_is_absent(self) -> None:
        hits, documents = waves({"law": self.EARLY})
        documents = documents[documents["year"] != 2017]
        table = adoption(hits, documents).set_index("year")
        assert table.loc[2017, "mark"] == "absent" and table.loc[2018, "n_both"] == 0
        assert table.loc[[2017, 2018], "jump"].isna().all() and table.loc[2018, "share"] == 1 / 8

    def test_the_first_national_document_is_the_signal(self) -> None:
        hits, documents = waves({"law": self.EARLY})
        more_hits, more, _ = typed({"000000": {2016: 0, 2018: 3, 2019: 1}})
        table = adoption(pd.concat([hits, more_hits]), pd.concat([documents, more])).set_index("year")
        assert table["signal"].dropna().to_dict() == {2018: FIRST_DOCUMENT}
        assert table["n_regions"].max() == 8  # the nation is no region

    def test_presence_is_any_document_of_the_year(self) -> None:
        hits, documents, _ = typed({"a": {2018: 0}})
        more_hits, more, _ = typed({"b": {2018: 2}})
        more["region_code"] = "a"
        found = presence(pd.concat([hits, more_hits]), pd.concat([documents, more]))
        assert found["has"].tolist() == [True]


@pytest.fixture(scope="module")
def study(shared: Path) -> Study:
    """Return the 395 work reports."""
    return open_study(shared / "corpora" / "prov_gwr")


@pytest.mark.long
class TestFengqiao:
    """395 work reports of 16 provinces; what is asserted holds of the texts, whatever the lexicon's edges."""

    def test_it_spreads_beyond_zhejiang_in_2019(self, study: Study) -> None:
        table = study.diffusion(THEME).set_index("region_en")
        years = table["first_year"]
        assert (years < 2019).sum() == 2 and years["Zhejiang"] < 2010 and years["Jilin"] == 2014
        assert (years == 2019).sum() == 7
        # Not absorbing: three in ten of those that ever had it dropped it at least once.
        assert 0.3 <= (table.loc[years.notna(), "dropped"] > 0).mean() <= 0.8
        assert table.loc[years.notna(), ["first_doc", "first_sentence"]].notna().all(axis=None)
        assert table.loc[years.notna(), "first_sentence"].str.contains("枫桥").all()

    def test_the_wave_stands_out_and_2024_is_no_collapse(self, study: Study) -> None:
        table = study.adoption()
        own = table[table["theme"] == THEME].set_index("year")
        assert (own.loc[2019, "n_with"], own.loc[2019, "n_regions"], own.loc[2018, "n_with"]) == (9, 16, 1)
        assert own.loc[2019, "signal"] == LARGEST_RISE and own.loc[2019, "jump"] > own.loc[2019, "others"]
        assert (
            own.loc[2024, "mark"] == "few regions"
            and pd.isna(own.loc[2024, "share"])
            and pd.isna(own.loc[2024, "jump"])
        )
