"""Of what years consist, where lines break, and the calendar that stands above them."""

from pathlib import Path

import pandas as pd
import pytest

from policy_themes import figures
from policy_themes.calendar import load_calendar
from policy_themes.compare import composition, rates, source_breaks
from policy_themes.errors import UsageError
from policy_themes.figures import Labels
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.schema import conform
from policy_themes.study import open_study

HEAD = "year,event,sign_en,sign_zh,name_en,name_zh\n"


def documents(*rows: tuple[int | None, str | None, str | None]) -> pd.DataFrame:
    """Return documents of a year, a kind and an outlet."""
    return pd.DataFrame(
        [
            {"doc_id": str(number), "language": "en", "year": year, "kind": kind, "outlet": outlet,
             "institution": None, "region_code": "330000", "duplicate_of": None}
            for number, (year, kind, outlet) in enumerate(rows)
        ]
    )  # fmt: skip


def test_every_dimension_adds_up_to_the_documents_of_a_year() -> None:
    made = composition(documents((2020, "news", "A"), (2020, None, "A"), (2020, "news", "B"), (None, "news", "A")))
    assert made.groupby("of")["n_docs"].sum().to_dict() == {"kind": 3, "institution": 3, "outlet": 3, "region_code": 3}
    kinds = made[made["of"] == "kind"]
    assert sorted(zip(kinds["value"].fillna("?"), kinds["n_docs"], strict=True)) == [("?", 1), ("news", 2)]
    assert made.groupby("of")["share"].sum().round(9).eq(1).all()


def test_copies_are_no_part_of_it() -> None:
    twice = documents((2020, "news", "A"), (2020, "news", "B"))
    twice.loc[1, "duplicate_of"] = "0"
    assert composition(twice)["n_docs"].eq(1).all()


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ([(2020, "news", "A"), (2021, "news", "A")], []),
        ([(2020, "news", "A"), (2023, "notice", "A")], [(2023, "kind")]),
        ([(2020, "news", "A"), (2021, "news", "B")], [(2021, "outlet")]),
        ([(2020, "news", "A"), (2021, None, "A"), (2022, "notice", "A")], []),  # the unknown breaks nothing
        ([(2020, "news", "A"), (2021, "news", "A"), (2021, "notice", "A"), (2022, "notice", "A")], []),  # by halves
    ],
)
def test_lines_break_where_most_documents_are_of_another_source(
    years: list[tuple[int, str | None, str]], found: list[tuple[int, str]]
) -> None:
    broken = source_breaks(composition(documents(*years)))
    assert list(zip(broken["year"], broken["of"], strict=True)) == found


def test_a_line_does_not_run_through_another_kind_of_source(seeds: Path) -> None:
    study = open_study(seeds)
    assert study.source_breaks["year"].tolist() == [2022, 2022]
    labels = Labels("en", study.lexicon, study.regions)
    chart = figures.theme_trend(
        study.rates(by=["year"]), labels, themes=["modernization"], language="en",
        breaks=study.source_breaks, calendar=study.calendar,
    )  # fmt: skip
    (ax,) = chart.figure.axes
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_linestyle() == ":"] == [
        [2021],
        [2022, 2023, 2024],
    ]
    assert [text.get_text() for text in ax.texts if text.get_position()[0] == 2023] == ["T"]
    said = chart.values.set_index("year")
    assert said.loc[2022, "calendar"] == "congress" and said["calendar"].notna().all()
    assert (
        said.loc[2022, "source_break"].startswith("kind: meeting news → news; outlet: ")
        and said["source_break"].count() == 1
    )


@pytest.mark.long
def test_a_year_with_few_regions_joins_no_line_and_carries_no_trend(shared: Path) -> None:
    study = open_study(shared / "corpora" / "prov_gwr")
    by_year = study.rates(by=["year"])
    own = by_year[by_year["theme"] == "anti_corruption"].set_index("year")
    assert own.loc[2024, "n_docs"] == 1 and own.loc[2024, "few_regions"] and not own.loc[2005:2023, "few_regions"].any()
    trend = study.trends().query("theme == 'anti_corruption' and basis == 'documents'").iloc[0]
    assert trend["last_year"] == 2023 and "2024 left out: few regions" in trend["note"]
    labels = Labels("en", study.lexicon, study.regions)
    chart = figures.theme_trend(by_year, labels, themes=["anti_corruption"], language="zh")
    (ax,) = chart.figure.axes
    assert all(2024 not in line.get_xdata() for line in ax.lines if len(line.get_xdata()) > 1)


def test_documents_of_no_region_are_never_few(toy_lexicon: object) -> None:
    rows = documents((2020, "news", "A"), (2021, "news", "A")).assign(region_code=None, region_en=None)
    hits = pd.DataFrame(
        [
            {"doc_id": doc_id, "theme": "modernization", "facet": None, "n_hits": 1, "n_excluded": 0, "n_units": 400, "unit": "word"}
            for doc_id in rows["doc_id"]
        ]
    )  # fmt: skip
    table = rates(conform(hits, "theme_hits"), rows, load_lexicon(), by=["year"])
    assert not table["few_regions"].any()


class TestCalendar:
    def test_terms_are_five_years_apart_and_follow_a_congress(self) -> None:
        years = {
            kind: [one.year for one in load_calendar() if one.event == kind] for kind in ("term", "congress", "plan")
        }
        for own in years.values():
            assert set(pd.Series(own).diff().dropna()) == {5}
        assert [year + 1 for year in years["congress"]] == years["term"]

    def test_the_users_own_replaces_it(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_text("# mine\n" + HEAD + "2020,election,E,选,election,选举\n", encoding="utf-8")
        assert [(one.year, one.sign_zh) for one in load_calendar(path)] == [(2020, "选")]

    @pytest.mark.parametrize(
        ("content", "said"),
        [("", "lacks"), ("year,event\n2020,x\n", "lacks sign_en"), (HEAD + "soon,x,X,X,x,x\n", "year 'soon'")],
    )
    def test_a_file_that_is_none_is_refused(self, tmp_path: Path, content: str, said: str) -> None:
        path = tmp_path / "own.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            load_calendar(path)

    def test_a_file_in_another_encoding_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_bytes((HEAD + "2020,x,选,选,x,选举\n").encode("gb18030"))
        with pytest.raises(UsageError, match="UTF-8"):
            load_calendar(path)


def test_the_picture_of_the_composition_shows_its_values(seeds: Path) -> None:
    study = open_study(seeds)
    for mode in ("en", "zh", "both"):
        chart = figures.composition_map(study.composition, Labels(mode, study.lexicon, load_regions()), language="en")
        assert len(chart.figure.axes) == 3
        for ax, (_, part) in zip(chart.figure.axes, chart.values.groupby("of", sort=False), strict=True):
            drawn = [int(text.get_text()) for text in ax.texts if text.get_text() not in ("", "0")]
            assert sum(drawn) == part["n_docs"].sum() == 5
