"""The report as a Word file: Word's own headings, captions, tables and footnotes, so that it can be worked on.

The styles are data (``data/word``): they name Chinese fonts beside Latin ones,
without which Word would set Chinese in whatever the machine has.
"""

import json
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from policy_themes.figures.render import DPI
from policy_themes.report.document import Drawn, inline
from policy_themes.report.tree import Node, attributes, changed, convert

WIDTH, HEIGHT = 160.0, 150.0  # millimetres that a picture may take of a page of A4, heading and caption beside it
PARTS = ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/footer1.xml", "word/styles.xml")  # fmt: skip
# Word counts figures itself, so that one more or less renumbers them and a list of figures can be made.
NUMBER = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> SEQ Figure \\* ARABIC </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
LANGUAGES = {"zh-Hans": "zh-CN"}
STYLES = {"muted": "Muted", "source": "Source", "says": "Says", "mark": "Mark"}


def docx_report(tree: Node, drawn: Sequence[Drawn]) -> bytes:
    """
    Return the report as a Word file.

    Parameters
    ----------
    tree : dict
        The page, made for paper.
    drawn : sequence of Drawn
        Its figures.

    Raises
    ------
    OutputError
        If pandoc fails.
    """
    pngs = {item.chart.stem: item.png for item in drawn}

    def change(node: Node) -> Node | list[Node]:
        if node["t"] == "Image":
            return _picture(node, pngs[node["c"][2][0]])
        if node["t"] == "Figure":
            return _figure(node)
        if node["t"] == "Header" and node["c"][0] == 1:
            return []  # the title stands in what the file says of itself, and pandoc sets it from there
        if node["t"] == "Span" and "number" in attributes(node)[0]:
            return {"t": "RawInline", "c": ["openxml", NUMBER.format(int(node["c"][1][0]["c"]))]}
        return _styled(node) if node["t"] in ("Div", "Span") else node

    with TemporaryDirectory(prefix="policy-themes-") as place:
        styles = Path(place) / "styles.docx"
        styles.write_bytes(_styles())
        return convert(
            json.dumps(changed(tree, change)),
            "--from=json",
            "--to=docx",
            "--shift-heading-level-by=-1",
            f"--reference-doc={styles}",
        )


def _styles() -> bytes:
    """Return an empty Word file with our styles, page and footer, from which pandoc takes them."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in PARTS:
            path = files("policy_themes") / "data" / "word" / name.replace("/", "-").removeprefix("word-")
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return stream.getvalue()


def _picture(node: Node, png: bytes) -> Node:
    """Put the picture where its name stood, in its own size unless it is wider than the text or too high."""
    across, down = (int.from_bytes(png[start : start + 4], "big") for start in (16, 20))
    _, alt, _ = node["c"]
    width = min(WIDTH, across / DPI * 25.4, HEIGHT * across / down)
    return {"t": "Image", "c": [["", [], [["width", f"{width:.1f}mm"]]], alt, [inline(png), ""]]}


def _figure(node: Node) -> list[Node]:
    """Lay a figure out as Word does: the picture, kept with the caption below it, kept with the source."""
    _, (_, caption), content = node["c"]
    return [_paragraphs("Figure", content), _paragraphs("Caption", caption[:1]), *caption[1:]]


def _styled(node: Node) -> Node:
    """Give what the page marks by a class the style of that name, and languages the names that Word has for them."""
    classes, known = attributes(node)
    names = [STYLES[name] for name in classes if name in STYLES]
    if names:
        return {"t": node["t"], "c": [_style(names[0]), node["c"][1]]}
    if "lang" in known:
        lang = LANGUAGES.get(known["lang"], known["lang"])
        return {"t": node["t"], "c": [["", [], [["lang", lang]]], node["c"][1]]}
    return node


def _paragraphs(style: str, blocks: list[Node]) -> Node:
    """Return paragraphs of one of our styles."""
    return {"t": "Div", "c": [_style(style), blocks]}


def _style(name: str) -> list[object]:
    """Return what names a style to pandoc."""
    return ["", [], [["custom-style", name]]]
