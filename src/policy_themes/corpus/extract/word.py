"""Word files (docx): all text a reader of the document sees, table cells and text boxes included."""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from policy_themes.corpus.extract.records import Extracted, RefusedError
from policy_themes.corpus.extract.zipped import check_xml, member, opened

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = {f"{W}del", f"{W}moveFrom", FALLBACK, f"{W}instrText"}
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}
NOTES = ("word/footnotes.xml", "word/endnotes.xml")


def read_word(content: bytes) -> list[Extracted]:
    """
    Read a docx. Deleted text of tracked changes is left out, inserted text is kept.

    Raises
    ------
    RefusedError
    """
    with opened(content) as archive:
        names = set(archive.namelist())
        if "word/document.xml" not in names:
            raise RefusedError("corrupt", "There is no word/document.xml in it.")
        for name in names:
            if name.endswith((".xml", ".rels")):
                check_xml(member(archive, name))
        paragraphs = list(_paragraphs(archive, "word/document.xml"))
        styled = bool(paragraphs) and paragraphs[0][1]
        for name in NOTES:
            if name in names:
                paragraphs += _paragraphs(archive, name)
    lines = [text for text, _ in paragraphs if text.strip()]
    text = "\n".join(lines)
    return [Extracted(text, "utf-8", "docx", titled=styled, head=0, content=len(text))]


def _paragraphs(archive: ZipFile, name: str) -> Iterator[tuple[str, bool]]:
    """Yield the text of each paragraph of a part, and whether it has the style of a title."""
    try:
        # etree refuses to load entities, documents of the net, and very deep or long content.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(member(archive, name), parser)
    except etree.XMLSyntaxError as error:
        raise RefusedError("corrupt", f"{name}: {error}"[:200]) from error
    for paragraph in root.iter(f"{W}p"):
        if any(parent.tag in GONE for parent in paragraph.iterancestors()):
            continue
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        yield "".join(_runs(paragraph)), style is not None and style.get(f"{W}val") == "Title"


def _runs(paragraph: etree._Element) -> Iterator[str]:
    """Yield the text of one paragraph without that of paragraphs inside it (text boxes come apart)."""
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if node.tag in GONE or node.tag == f"{W}p" or not isinstance(node.tag, str):
            continue
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in BREAKS:
            yield BREAKS[node.tag]
        waiting += reversed(node)
