"""The report for Word and for print: complete, set with real styles, described, inert, the same every time."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from policy_themes.errors import OutputError
from policy_themes.figures.render import render
from policy_themes.figures.style import drawable
from policy_themes.report import charts
from policy_themes.report.charts import labels_of
from policy_themes.report.document import Drawn, html_report
from policy_themes.report.paper import paper_reports
from policy_themes.report.print import pdf_report
from policy_themes.report.quotes import Quote, quotes
from policy_themes.report.tree import changed, read
from policy_themes.study import Study, open_study

pytest.importorskip("typst")
pytest.importorskip("pypandoc")


@pytest.fixture(scope="module")
def study(hostile_folder: Path) -> Study:
    return open_study(hostile_folder)


@pytest.fixture(scope="module")
def drawn(study: Study) -> list[Drawn]:
    found = []
    for section, chart in (
        ("section_corpus", charts.coverage(study)),
        ("section_years", charts.trend(study, language="zh")),
        ("section_years", charts.trend(study, language="en")),
    ):
        pictures = render(chart.figure, chart.preset)
        found.append(Drawn(section, chart, pictures.page, pictures.files["pdf"]))
    return found


@pytest.fixture(scope="module")
def made(study: Study, drawn: list[Drawn]) -> Mapping[str, bytes]:
    found = paper_reports(study, drawn)
    assert set(found) == {"report.docx", "report.pdf"}
    return found


@pytest.fixture(scope="module")
def word(made: Mapping[str, bytes]) -> Document:
    return docx.Document(io.BytesIO(made["report.docx"]))


@pytest.fixture(scope="module")
def quoted(study: Study) -> list[Quote]:
    found = quotes(study, labels_of(study))
    assert {quote.language for quote in found} == {"zh", "en"}
    return found


def plain(text: str) -> str:
    """Leave out blanks, and soft hyphens of breaks."""
    return re.sub(r"[\s\u00ad\ufffe]+", "", text)


def styled(word: Document, name: str) -> list[str]:
    return [part.text for part in word.paragraphs if part.style is not None and part.style.name == name]


# Word


def test_word_has_headings_captions_and_sources(word: Document, study: Study, drawn: list[Drawn]) -> None:
    labels = labels_of(study)
    assert styled(word, "Title") == [study.settings.title]
    sections = (
        "section_corpus",
        "section_years",
        "section_evidence",
        "section_methods",
        "section_references",
        "section_limits",
        "section_files",
    )
    assert styled(word, "Heading 1") == [labels.word(key, between=" · ") for key in sections]
    assert styled(word, "Heading 2")[:3] == [labels.join(item.chart.title, between=" · ") for item in drawn]
    captions = styled(word, "Caption")
    assert len(captions) == len(styled(word, "Source")) == len(drawn)
    for number, (caption, source, item) in enumerate(zip(captions, styled(word, "Source"), drawn, strict=True), 1):
        assert plain(item.chart.caption.zh) in plain(caption)
        assert caption.startswith(f"Figure · 图 {number}. ")
        assert f"{item.chart.stem}.csv" in source
    counted = word.element.body.xpath("//w:instrText[contains(., 'SEQ Figure')]")
    assert len(counted) == len(drawn)
    said = plain("".join(part.text for part in word.paragraphs))
    for item in drawn:
        assert plain(item.chart.says.en) in said
        assert plain(item.chart.says.zh) in said


def test_a_caption_stays_with_its_picture(word: Document) -> None:
    for name in ("Heading 1", "Heading 2", "Says", "Figure", "Caption"):
        assert word.styles[name].paragraph_format.keep_with_next, name


def test_pictures_of_word_are_described_and_fit_the_page(word: Document, drawn: list[Drawn]) -> None:
    (section,) = word.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    room = section.page_width - section.left_margin - section.right_margin
    assert len(word.inline_shapes) == len(drawn)
    for shape, item in zip(word.inline_shapes, drawn, strict=True):
        described = shape._inline.docPr.get("descr")
        assert plain(item.chart.alt.en) in plain(described)
        assert plain(item.chart.alt.zh) in plain(described)
        assert room * 0.95 < shape.width <= room * 1.001
        assert shape.height < section.page_height * 0.75


def test_tables_of_word_repeat_their_header(word: Document, study: Study) -> None:
    (table,) = word.tables
    assert table.style is not None
    assert table.style.name == "Table"
    assert len(table.rows) == len(study.corpus.ledger) + 1
    first = table.rows[0]._tr
    assert first.xpath("./w:trPr/w:tblHeader")
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert len(widths) == 6
    assert max(widths) < 4 * min(widths)


def test_word_names_languages_and_chinese_fonts(word: Document) -> None:
    fonts = word.styles.element.xpath("./w:docDefaults//w:rFonts")[0]
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    assert not word.styles.element.xpath("//w:rFonts[@w:eastAsiaTheme]")
    (default,) = word.styles.element.xpath("./w:docDefaults//w:lang")
    assert (default.get(qn("w:val")), default.get(qn("w:eastAsia"))) == ("en", "zh-CN")
    for run in word.element.body.iter(qn("w:r")):
        text, named = run.xpath("string(.)"), run.xpath("string(./w:rPr/w:lang/@w:val)")
        if re.search("[\u4e00-\u9fff]{3}", text) and re.search("[\u3002\uff0c]", text):
            assert named in ("zh-CN", ""), text
    assert {"en", "zh-CN"} <= set(word.element.body.xpath("//w:lang/@w:val"))


def test_quotations_of_word_have_footnotes(word: Document, quoted: list[Quote]) -> None:
    parts = {str(part.partname): part.blob for part in word.part.package.iter_parts()}
    notes = ElementTree.fromstring(parts["/word/footnotes.xml"])
    said = ["".join(note.itertext()) for note in notes if note.get(qn("w:type")) is None]
    assert [plain(text) for text in said] == [plain(f"{quote.reference} {quote.where}") for quote in quoted]
    assert len(word.element.body.xpath("//w:footnoteReference")) == len(quoted)
    sentences = styled(word, "Block Text")
    assert [plain(text) for text in sentences] == [plain(q.before + q.match + q.after) for q in quoted]
    marks = [run.text for part in word.paragraphs for run in part.runs if run.style and run.style.name == "Mark"]
    assert plain("".join(marks)) == plain("".join(quote.match for quote in quoted))


def test_word_points_nowhere(made: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made["report.docx"])) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                content = archive.read(name).decode()
                ElementTree.fromstring(content)
                assert 'TargetMode="External"' not in content
                assert "INCLUDETEXT" not in content
                assert "<script" not in content


@pytest.mark.long
@pytest.mark.timeout(300)
def test_libreoffice_opens_the_word_file(made: Mapping[str, bytes], tmp_path: Path, drawn: list[Drawn]) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine (soffice; Debian: libreoffice-writer)")
    (tmp_path / "report.docx").write_bytes(made["report.docx"])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            office,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "report.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    pages = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    text = plain("".join(page.get_textpage().get_text_range() for page in pages))
    pictures = sum(part.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for page in pages for part in page.get_objects())
    assert pictures == len(drawn)
    for number, item in enumerate(drawn, 1):
        assert f"Figure·图{number}." in text
        assert plain(item.chart.title.zh) in text
    for page in pages:
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]


# Print


@pytest.fixture(scope="module")
def pages(made: Mapping[str, bytes]) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(made["report.pdf"])


@pytest.fixture(scope="module")
def printed(pages: pypdfium2.PdfDocument) -> str:
    return plain("".join(page.get_textpage().get_text_range() for page in pages))


def test_the_print_is_numbered_a4_with_an_outline(
    pages: pypdfium2.PdfDocument, study: Study, drawn: list[Drawn]
) -> None:
    labels = labels_of(study)
    for number, page in enumerate(pages, 1):
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
        assert f"{number} / {len(pages)}" in page.get_textpage().get_text_range()
    outline = [mark.get_title() for mark in pages.get_toc()]
    assert outline[0] == drawable(study.settings.title)
    for item in drawn:
        assert drawable(labels.join(item.chart.title, between=" · ")) in outline
    assert labels.word("section_evidence", between=" · ") in outline


def test_the_print_says_the_same(printed: str, study: Study, drawn: list[Drawn], quoted: list[Quote]) -> None:
    for number, item in enumerate(drawn, 1):
        for text in (item.chart.caption, item.chart.says):
            assert plain(drawable(text.zh)) in printed
            assert plain(drawable(text.en)) in printed
        assert f"Figure·图{number}." in printed
    for quote in quoted:
        assert plain(drawable(quote.match)) in printed
        assert plain(quote.mark) in printed
        # A long note may be cut by the end of a page, or by a number.
        assert plain(drawable(quote.where))[:15] in printed


def test_the_print_is_tagged_described_and_embeds_its_fonts(made: Mapping[str, bytes], drawn: list[Drawn]) -> None:
    content = made["report.pdf"]
    assert b"/StructTreeRoot" in content
    assert b"/Marked true" in content
    assert content.count(b"/S/Figure") + content.count(b"/S /Figure") == len(drawn)
    described = [
        bytes.fromhex(found.decode()).decode("utf-16") for found in re.findall(rb"/Alt ?<(FEFF[0-9A-F]+)>", content)
    ]
    assert described == [drawable(f"{item.chart.alt.en} {item.chart.alt.zh}") for item in drawn]
    for name, least in ((b"H1", 1), (b"H2", 5), (b"H3", 3), (b"Note", 4), (b"Table", 1), (b"TH", 6), (b"Caption", 3)):
        assert len(re.findall(rb"/S ?/" + name + rb"\b", content)) >= least, name
    assert {b"zh", b"en"} <= set(re.findall(rb"/Lang ?\((\w+)\)", content))
    assert content.count(b"/FontFile2") >= 1
    assert not re.search(rb"/Subtype ?/Type1\b", content)
    for name in (b"CreationDate", b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile"):
        assert name not in content, name


def test_what_the_font_lacks_stands_as_its_code(printed: str) -> None:
    assert "‹U+20BB7›" in printed
    assert "‹U+1F600›" in printed
    assert "\U0001f600" not in printed


def test_a_command_in_the_text_finds_nothing(study: Study, drawn: list[Drawn]) -> None:
    """Were a text ever read as a command of typst, it would fail, and not read the disk or fetch a package."""
    tree = read(html_report(study, drawn, paper=True))
    for command in ('#read("/etc/hostname")', '#read("../../etc/hostname")', '#import "@preview/cetz:0.3.0"'):
        raw = {"t": "Para", "c": [{"t": "RawInline", "c": ["typst", command]}]}
        with pytest.raises(OutputError, match="could not be made"):
            pdf_report({**tree, "blocks": [raw]}, drawn, title="x", labels=labels_of(study))


def test_hostile_text_stands_in_print_as_it_is(printed: str, hostile_texts: tuple[str, ...]) -> None:
    for text in hostile_texts[:-1]:  # the last goes over lines and pages
        assert plain(drawable(text)) in printed, text


def test_the_same_bytes_in_another_process(study: Study, made: Mapping[str, bytes], tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from policy_themes.study import open_study\n"
        "from policy_themes.figures.render import render; from policy_themes.report import charts\n"
        "from policy_themes.report.document import Drawn; from policy_themes.report.paper import paper_reports\n"
        "study = open_study(Path(sys.argv[1])); found = []\n"
        "for section, chart in (('section_corpus', charts.coverage(study)),\n"
        "    ('section_years', charts.trend(study, language='zh')), ('section_years', charts.trend(study, language='en'))):\n"
        "    pictures = render(chart.figure, chart.preset); found.append(Drawn(section, chart, pictures.page, pictures.files['pdf']))\n"
        "for name, content in paper_reports(study, found).items(): (Path(sys.argv[2]) / name).write_bytes(content)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(study.folder), str(tmp_path)], check=True, timeout=300)
    assert {path.name: path.read_bytes() == made[path.name] for path in tmp_path.iterdir()} == dict.fromkeys(made, True)


@pytest.mark.parametrize("mode", ["en", "zh"])
def test_one_language_is_one_language(mode: str, hostile_folder: Path, drawn: list[Drawn]) -> None:
    study = open_study(hostile_folder)
    study.settings = study.settings.model_copy(update={"labels": mode})
    found = paper_reports(study, drawn)
    word = docx.Document(io.BytesIO(found["report.docx"]))
    labels = labels_of(study)
    assert styled(word, "Caption")[0].startswith({"en": "Figure 1.", "zh": "图 1."}[mode])
    assert styled(word, "Heading 1")[0] == labels.word("section_corpus")
    described = [
        bytes.fromhex(part.decode()).decode("utf-16")
        for part in re.findall(rb"/Alt ?<(FEFF[0-9A-F]+)>", found["report.pdf"])
    ]
    assert found["report.pdf"].count(b"/Alt") == len(drawn)
    # What has no Chinese in it is not written as UTF-16.
    assert described == [drawable(item.chart.alt.zh) for item in drawn if mode == "zh"]


def test_a_change_of_a_tree_leaves_the_rest(study: Study) -> None:
    tree = read("<p>a <b>b</b></p>")
    assert changed(tree, lambda node: node) == tree
