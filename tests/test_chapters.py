"""Chapters of a report: which there are, what cannot be concluded, what the methods rest on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from policy_themes.config import DRAWN_SECTIONS, SECTIONS, Settings, load_settings
from policy_themes.errors import UsageError
from policy_themes.figures import Labels
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.report.catalogue import _SECTIONS, catalogue
from policy_themes.report.limits import limits
from policy_themes.report.references import references
from policy_themes.study import Study, open_study

Write = Callable[[Path, Mapping[str, str | bytes]], Path]


def study_of(folder: Path, **changes: object) -> Study:
    study = open_study(folder)
    study.settings = study.settings.model_copy(update=changes)
    return study


def test_every_chapter_has_a_name_and_every_drawn_one_its_figures() -> None:
    labels = Labels("both", load_lexicon(), load_regions())
    assert set(_SECTIONS) == set(DRAWN_SECTIONS)
    for name in SECTIONS:
        pair = labels.pair(f"section_{name}")
        assert pair.en
        assert pair.zh


def test_chapters_come_in_the_order_that_is_asked_for(seeds: Path) -> None:
    chosen = ["languages", "methods", "corpus"]
    assert [section.key for section in catalogue(study_of(seeds, sections=chosen))] == [
        "section_languages",
        "section_corpus",
    ]


def test_the_choice_of_the_number_of_topics_is_there_only_where_it_is_named(seeds: Path) -> None:
    assert "section_quality" not in [section.key for section in catalogue(open_study(seeds))]
    named = study_of(seeds, sections=["quality"])
    assert [len(section.draw) for section in catalogue(named)] == [1]


def test_an_unknown_chapter_is_a_fault_of_the_study_file(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text("sections: [corpus, conclusions]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="sections"):
        load_settings(tmp_path / "study.yml")


def grid_of(folder: Path, write_files: Write, years: range, provinces: tuple[str, ...]) -> Study:
    """One notice for every year and province."""
    return open_study(
        write_files(
            folder, {f"{place}{year}.txt": f"{place}通知\n{year}年3月5日\n推进现代化建设，第{year}次。\n" for year in years for place in provinces}
        )
    )  # fmt: skip


def test_years_and_regions_are_confounded_where_no_year_has_two_regions(tmp_path: Path, write_files: Write) -> None:
    told = "cannot be told apart"
    apart = {
        f"{p}{y}.txt": f"{p}通知\n{y}年3月5日\n推进现代化。\n"
        for p, y in (("浙江省", 2020), ("陕西省", 2021), ("江苏省", 2022))
    }
    one = " ".join(said.en for said in limits(open_study(write_files(tmp_path / "one", apart))))
    full = " ".join(
        said.en
        for said in limits(grid_of(tmp_path / "full", write_files, range(2020, 2023), ("浙江省", "陕西省", "江苏省")))
    )
    assert told in one
    assert told not in full
    assert "9 of the 9 cells" in full
    assert "3 of the 9 cells" in one


def test_few_documents_and_unknown_ones_are_counted(tmp_path: Path, write_files: Write) -> None:
    few = open_study(
        write_files(
            tmp_path / "few", {"a.txt": "通知\n推进现代化。\n", "b.txt": "浙江省通知\n2021年3月5日\n推进法治。\n"}
        )
    )
    said = " ".join(limit.en for limit in limits(few))
    assert "Of 2 documents 1 have no year and 1 no region" in said
    assert "2 documents are too few" in said
    many = grid_of(tmp_path / "many", write_files, range(2010, 2016), ("浙江省", "陕西省", "江苏省"))
    said = " ".join(limit.en for limit in limits(many))
    assert "too few" not in said
    assert "no year" not in said


def test_what_a_translator_wrote_is_said_of_english_documents_only(
    seeds: Path, tmp_path: Path, write_files: Write
) -> None:
    assert "5 English documents" in " ".join(said.en for said in limits(open_study(seeds)))
    chinese = grid_of(tmp_path / "zh", write_files, range(2020, 2022), ("浙江省",))
    assert "translated" not in " ".join(said.en for said in limits(chinese))


@pytest.mark.parametrize(
    ("engine", "author", "absent"),
    [("tomotopy", "GRIFFITHS", "ESHIMA"), ("gensim", "LEE", "GRIFFITHS"), ("nmf", "LEE", "BLEI"), ("structural", "ROBERTS", "BLEI"), ("seeded", "ESHIMA", "ROBERTS")],
)  # fmt: skip
def test_references_are_those_of_the_engine(engine: str, author: str, absent: str) -> None:
    found = references(Settings().with_topics(engine=engine))
    assert any(text.startswith(author) for text in found)
    assert not any(text.startswith(absent) for text in found)
    assert found == sorted(found)
    assert not references(Settings(sections=["files"]))
