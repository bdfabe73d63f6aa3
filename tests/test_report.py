"""The report as files: complete, the same every time, inert, and honest about what a folder cannot carry."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from policy_themes import __version__
from policy_themes.errors import OutputError, UsageError
from policy_themes.figures import Chart
from policy_themes.figures.render import Renderer
from policy_themes.report.catalogue import catalogue
from policy_themes.report.manifest import corpus_hash
from policy_themes.report.run import write_report
from policy_themes.report.tables import study_tables
from policy_themes.schema import TABLES
from policy_themes.store.cache import library_versions
from policy_themes.store.files import LOCK, MARKER, STAGING
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study, open_study

pytestmark = pytest.mark.long  # a report of every kind of folder takes minutes

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
COMMAND = "policy-themes report seeds --out figures"
ENDINGS = ("svg", "pdf", "png", "csv", "json")
STEMS = {
    "coverage",
    "known",
    "theme_trend_en",
    "trends_en",
    "theme_regions_en",
    "tiles_modernization_en",
    "grid_modernization_en",
    "grid_fengqiao_experience_en",
    "slope_from_2023_en",
    "contrast_modernization_from_2023_en",
    "terms_by_year_en",
    "terms_by_region_en",
    "topic_words_en",
    "topic_stability_en",
    "wordings_modernization_by_year_en",
    "topic_prevalence_by_year_en",
    "topic_prevalence_by_region_en",
    "theme_topics_en",
    "triangulation_modernization_by_year_en",
    "triangulation_modernization_by_region_en",
    "language_agreement",
}
NAMES = (
    "documents", "ledger", "removed", "recall", "near_misses", "forced_cuts", "coverage", "theme_hits", "theme_rates", "evidence", "term_weights",
    "topic_terms", "doc_topics", "topic_prevalence", "theme_topics", "topic_stability", "exemplars", "topic_correlations", "topic_names",
)  # fmt: skip


class Page(HTMLParser):
    """Collect tags, attributes and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.parts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def values(self, tag: str, name: str) -> list[str]:
        return [value for one, key, value in self.attributes if (one, key) == (tag, name)]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def study(seeds: Path) -> Study:
    return open_study(seeds)


@pytest.fixture(scope="module")
def charts(study: Study) -> dict[str, Chart]:
    drawn = [draw() for section in catalogue(study) for draw in section.draw]
    return {chart.stem: chart for chart in drawn}


@pytest.fixture(scope="module")
def out(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report") / "first"
    paths = write_report(study, place, command=COMMAND)
    assert paths == [place / "report.html", place / "report.docx", place / "report.pdf"]
    return place


@pytest.fixture(scope="module")
def page(out: Path) -> Page:
    return Page((out / "report.html").read_text(encoding="utf-8"))


# The same bytes


def test_a_second_report_into_another_folder_has_the_same_bytes(seeds: Path, out: Path) -> None:
    again = out.parent / "second"
    write_report(open_study(seeds), again, command=COMMAND)
    first, second = files_of(out), files_of(again)
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_nothing_of_this_machine_is_in_the_files(seeds: Path, out: Path) -> None:
    for name, content in files_of(out).items():
        if not name.endswith((".png", ".pdf", ".docx")):
            for place in (str(seeds), str(out), str(Path.home()) + "/"):
                assert place.encode() not in content, name


# Everything there


def test_every_figure_is_there_in_every_form(out: Path) -> None:
    others = {"manifest.json", "report.pdf"}
    found = {path.name for path in out.iterdir() if path.suffix[1:] in ENDINGS and path.name not in others}
    assert found == {f"{stem}.{ending}" for stem in STEMS for ending in ENDINGS}
    for stem in STEMS:
        content = {ending: (out / f"{stem}.{ending}").read_bytes() for ending in ENDINGS}
        assert content["svg"].startswith(b"<?xml")
        assert content["pdf"].startswith(b"%PDF-")
        assert content["png"].startswith(b"\x89PNG")
        assert b"FontFile2" in content["pdf"]
        assert b"<script" not in content["svg"]


def test_the_csv_of_a_figure_is_its_values(out: Path, charts: dict[str, Chart]) -> None:
    assert set(charts) == STEMS
    for stem, chart in charts.items():
        assert (out / f"{stem}.csv").read_bytes() == csv_bytes(chart.values), stem


def test_the_record_of_a_figure_says_where_it_comes_from(out: Path, charts: dict[str, Chart], study: Study) -> None:
    for stem, chart in charts.items():
        record = json.loads((out / f"{stem}.json").read_text(encoding="utf-8"))
        assert record["figure"] == stem
        for name in ("title", "caption", "alt"):
            label = getattr(chart, name)
            assert record[name] == {"en": label.en, "zh": label.zh}
            assert label.en
            assert re.search("[\u4e00-\u9fff]", label.zh)
        assert record["spec"] == json.loads(json.dumps(chart.spec, default=str))
        named = {chart.spec.get("theme"), *chart.spec.get("themes", ())} - {None}  # type: ignore[misc]
        assert set(record["themes"]) == named
        assert all(definition["count"] for definition in record["themes"].values())
        assert record["seed"] == 1
        assert record["corpus_sha256"] == corpus_hash(study.corpus)
        assert record["versions"] == {"policy-themes": __version__, **library_versions()}
        assert record["command"] == COMMAND
        assert record["n_documents"] == 5
        assert record["collected"] is None
        assert record["lexicon_version"] == study.lexicon.version


def test_tables_have_the_columns_of_the_schema(out: Path) -> None:
    assert sorted(path.stem for path in (out / "tables").iterdir()) == sorted(NAMES)
    for name in NAMES:
        with (out / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert next(csv.reader(stream)) == list(TABLES[name]), name


def test_evidence_has_a_row_for_every_hit(out: Path) -> None:
    quoted: dict[tuple[str, str], int] = {}
    excluded: dict[tuple[str, str], int] = {}
    for row in rows_of(out / "tables" / "evidence.csv"):
        key = (row["doc_id"], row["theme"])
        quoted[key] = quoted.get(key, 0) + (row["counted"] == "True")
        excluded[key] = excluded.get(key, 0) + (row["excluded_by"] != "")
    hits = [row for row in rows_of(out / "tables" / "theme_hits.csv") if not row["facet"]]
    assert sum(int(row["n_hits"]) for row in hits) == sum(quoted.values()) > 50
    for row in hits:
        key = (row["doc_id"], row["theme"])
        assert quoted.get(key, 0) == int(row["n_hits"])
        assert excluded.get(key, 0) == int(row["n_excluded"])


def test_evidence_stands_where_it_says(seeds: Path, out: Path) -> None:
    for row in rows_of(out / "tables" / "evidence.csv"):
        text = (seeds / row["path"]).read_bytes().decode("utf-8-sig")
        said = row["match"].removeprefix("'")
        assert text[int(row["start"]) : int(row["end"])] == said
        assert said in row["sentence"]


def test_the_manifest_names_every_file_and_every_input(seeds: Path, out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["files"]) == sorted(set(files_of(out)) - {"manifest.json", MARKER})
    read = {entry["path"]: entry["outcome"] for entry in manifest["inputs"]}
    assert set(read) == {path.name for path in seeds.iterdir()}
    assert sum(outcome == "kept" for outcome in read.values()) == 5
    assert manifest["command"] == COMMAND


# The page


def test_the_page_shows_every_figure_with_its_words(page: Page, charts: dict[str, Chart]) -> None:
    pictures = page.values("img", "src")
    assert len(pictures) == len(charts)
    assert all(source.startswith("data:image/png;base64,") for source in pictures)
    assert page.values("img", "alt") == [f"{chart.alt.en} {chart.alt.zh}" for chart in charts.values()]
    for chart in charts.values():
        for text in (chart.caption.en, chart.caption.zh, chart.title.en, chart.title.zh, f"{chart.stem}.csv"):
            assert text in page.text, chart.stem


def test_the_page_loads_and_runs_nothing(page: Page) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    for _, name, value in page.attributes:
        if name in ("src", "href", "srcset", "action"):
            assert value.startswith(("#", "data:image/png;base64,")), value
    policies = [value for _, name, value in page.attributes if name == "content" and "default-src" in value]
    assert policies == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
    ]
    assert page.values("meta", "http-equiv") == ["Content-Security-Policy"]


def test_links_of_the_page_lead_somewhere(page: Page) -> None:
    targets = {value for _, name, value in page.attributes if name == "id"}
    links = page.values("a", "href")
    assert len(links) >= 8
    assert {link.removeprefix("#") for link in links} <= targets


def test_the_page_lists_every_file_and_quotes_sentences(page: Page, seeds: Path) -> None:
    for path in seeds.glob("*.txt"):
        assert path.name in page.text
    assert page.tags.count("mark") >= 6
    assert page.tags.count("blockquote") == page.tags.count("mark")


def test_a_quotation_leads_to_its_note_and_back(page: Page) -> None:
    links = set(page.values("a", "href"))
    quoted = {value for value in page.values("a", "id") if value.startswith("quote")}
    notes = {value for value in page.values("li", "id") if value.startswith("note")}
    assert len(quoted) == len(notes) == page.tags.count("blockquote")
    assert {f"#{name}" for name in quoted | notes} <= links


# The Word file


def test_the_word_file_holds_the_same(out: Path, charts: dict[str, Chart]) -> None:
    with zipfile.ZipFile(out / "report.docx") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        document = archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert document.count("<pic:pic") == document.count("<w:drawing>") == len(charts)
    # Two pictures of the same bytes are one file.
    assert 0 < len([name for name in names if name.startswith("word/media/")]) <= len(charts)
    assert 'TargetMode="External"' not in relations
    text = re.sub(r"<[^>]+>", "", document)
    styles = re.findall(r'<w:pStyle w:val="(\w+)"', document)
    assert styles.count("Title") == 1 or "Heading1" in styles
    assert styles.count("Heading2") + styles.count("Heading1") >= len(charts)
    alternatives = re.findall(r'descr="([^"]*)"', document)
    for chart in charts.values():
        for label in (chart.title, chart.caption):
            for said in (label.en, label.zh):
                assert _plain(said) in _plain(_unescaped(text)), chart.stem
        assert any(_plain(chart.alt.zh) in _plain(_unescaped(found)) for found in alternatives), chart.stem


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)


def _plain(text: str) -> str:
    """Leave out blanks, which pandoc sets anew."""
    return re.sub(r"\s+", "", text)


# What an earlier run left


def fast(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    """Let a report hold only some of its sections."""
    monkeypatch.setattr(
        "policy_themes.report.drawing.catalogue", lambda study: [s for s in catalogue(study) if s.key in keys]
    )
    monkeypatch.setattr("policy_themes.report.run.paper_reports", lambda study, drawn: {})


ONE = {"a.txt": "浙江省召开会议\n2021年3月5日 来源：浙江日报\n推进现代化。坚持枫桥经验。\n"}


def test_figures_of_an_earlier_run_go_and_foreign_files_stay(
    tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, place = write_files(tmp_path / "docs", ONE), tmp_path / "out"
    fast(monkeypatch, "section_corpus", "section_years")
    write_report(open_study(folder), place, command="first")
    assert (place / "theme_trend_zh.svg").is_file()
    write_files(place, {"mine.svg": "mine", "tables/mine.csv": "mine", "notes/a.txt": "mine"})
    fast(monkeypatch, "section_corpus")
    write_report(open_study(folder), place, command="second")
    assert {path.name for path in place.glob("*.svg")} == {"coverage.svg", "known.svg", "mine.svg"}
    for name in ("mine.svg", "tables/mine.csv", "notes/a.txt"):
        assert (place / name).read_text() == "mine"
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert "mine.svg" not in manifest["files"]


def test_a_foreign_file_with_one_of_our_names_is_not_replaced(
    tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, place = write_files(tmp_path / "docs", ONE), tmp_path / "out"
    fast(monkeypatch, "section_corpus")
    write_report(open_study(folder), place, command="first")
    write_files(place, {"theme_trend_zh.svg": "mine"})
    before = files_of(place)
    fast(monkeypatch, "section_corpus", "section_years")
    with pytest.raises(OutputError, match=r"theme_trend_zh\.svg is there, and no run of ours wrote it"):
        write_report(open_study(folder), place, command="second")
    assert files_of(place) == before


def test_a_failure_at_the_very_end_leaves_the_earlier_report(
    tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, place = write_files(tmp_path / "docs", ONE), tmp_path / "out"
    fast(monkeypatch, "section_corpus")
    write_report(open_study(folder), place, command="first")
    before = files_of(place)

    def fail() -> list[object]:
        raise UsageError("no notebooks today")

    with pytest.raises(UsageError, match="today"):
        write_report(open_study(folder), place, command="second", notebooks=fail)  # type: ignore[arg-type]
    assert files_of(place) == before
    assert not list(place.glob(f"{STAGING}*"))


# Folders that cannot carry much

FOLDERS: Mapping[str, Mapping[str, str]] = {
    "a single tiny document": {"a.txt": "Notice\nMay 5, 2021\nClosed.\n"},
    "no date": {"a.txt": "浙江省召开会议\n推进现代化，坚持枫桥经验。\n", "b.txt": "陕西省召开会议\n推进现代化。\n"},
    "no region": {"a.txt": "召开会议\n2021年3月5日\n推进现代化。\n", "b.txt": "召开大会\n2022年3月5日\n推进法治。\n"},
    "only Chinese": ONE,
    "no theme": {"a.txt": "通知\n2021年3月5日\n办公室暂停开放。\n", "b.txt": "Notice\nMay 5, 2021\nWe are closed.\n"},
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_report_is_made_of_any_folder(
    name: str, tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_files(tmp_path / "docs", FOLDERS[name])
    study = open_study(folder)
    if name != "a single tiny document":  # once with pandoc is enough
        monkeypatch.setattr("policy_themes.report.run.paper_reports", lambda study, drawn: {})
        monkeypatch.setattr("policy_themes.report.drawing.Renderer", lambda: Renderer(helper=False))
        monkeypatch.setattr("policy_themes.figures.render.DPI", 40)
    drawn = [draw() for section in catalogue(study) for draw in section.draw]
    assert len({chart.stem for chart in drawn}) == len(drawn)
    monkeypatch.setattr("policy_themes.report.drawing.catalogue", lambda study: _drawn(drawn))
    write_report(study, tmp_path / "out", command="c")
    page = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert page.tags.count("img") == len(drawn)
    refused = [chart for chart in drawn if chart.refused]
    assert refused
    for chart in refused:
        table = list(csv.DictReader(io.StringIO((tmp_path / "out" / f"{chart.stem}.csv").read_text("utf-8-sig"))))
        assert [row["reason"].removeprefix("'") for row in table] == [chart.caption.en]
        assert chart.caption.en in page.text
        assert re.search("[\u4e00-\u9fff]", chart.caption.zh)
    for table_name in NAMES:
        assert (tmp_path / "out" / "tables" / f"{table_name}.csv").is_file()
    said = {chart.stem: chart.caption.en for chart in refused}
    if name == "no date":
        assert said["theme_trend_zh"] == "No document has a year."
        assert "theme_regions_zh" not in said
    if name == "no region":
        assert said["theme_regions_zh"] == "No document has a region."
        assert "theme_trend_zh" not in said
    if name == "only Chinese":
        assert not [chart.stem for chart in drawn if chart.stem.endswith("_en")]
    if name == "no theme":
        assert "No theme" in said["theme_trend_zh"]
        assert "No theme" in said["theme_trend_en"]
        assert "No theme occurs." in page.text


def _drawn(charts: list[Chart]) -> list[object]:
    from policy_themes.report.catalogue import Section

    return [Section("section_corpus", tuple((lambda chart=chart: chart) for chart in charts))]


@pytest.fixture
def poor(tmp_path: Path, write_files: Write) -> dict[str, Chart]:
    """Charts of a folder without any region, where much is refused."""
    study = open_study(write_files(tmp_path / "docs", FOLDERS["no region"]))
    return {chart.stem: chart for section in catalogue(study) for draw in section.draw for chart in [draw()]}


def test_a_refused_chart_has_the_stem_of_the_drawn_one(poor: dict[str, Chart]) -> None:
    assert "triangulation_modernization_by_region_zh" in poor


@pytest.mark.parametrize("stem", ["terms_by_region_zh", "topic_prevalence_by_region_zh"])
def test_a_refused_chart_by_region_is_titled_so(stem: str, poor: dict[str, Chart]) -> None:
    assert poor[stem].refused
    assert "region" in poor[stem].title.en


def test_a_refused_chart_names_its_theme(poor: dict[str, Chart]) -> None:
    titles = [
        chart.title for stem, chart in poor.items() if stem.startswith(("grid_", "triangulation_")) and chart.refused
    ]
    assert titles
    assert all("Modernization" in title.en or "rule of law" in title.en.lower() for title in titles)
    assert not any(re.search("modernization|rule_of_law", title.zh) for title in titles)


def test_tables_of_a_folder_without_topics_are_empty_and_complete(tmp_path: Path, write_files: Write) -> None:
    tables = study_tables(open_study(write_files(tmp_path / "docs", ONE)))
    assert set(tables) == set(NAMES)
    for name, table in tables.items():
        assert list(table.columns) == list(TABLES[name])
    assert tables["topic_terms"].empty
    assert not tables["theme_rates"].empty
