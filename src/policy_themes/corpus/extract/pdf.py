"""PDF files with a text layer: running headers apart, hard line ends joined."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

from policy_themes.corpus.extract.records import Extracted, RefusedError
from policy_themes.text.units import count_units

MOST_PAGES, MOST_CHARACTERS = 3000, 20_000_000
EDGE = 3
GUTTER, FEWEST_LINES, MOST_BOXES = 4.0, 5, 2000
_PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:第 ?)?(?:page )?[\dIVXivx]{1,5}(?: ?页)?(?: ?(?:/|of|共) ?\d{1,5} ?页?)?[\W_]*$", re.I
)
_STOP = re.compile(r"[。！？!?.:：;；”\"』」)）]\s*$")
_FIELDS = re.compile(r"(?:来源|发布时间|发布日期|点击数|浏览次数|Source|Published) ?[:：]")
_LAYOUT = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}[、章节条.]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、]|[•●■—-]\s)"
)


def read_pdf(content: bytes) -> list[Extracted]:
    """
    Read the text layer of a PDF.

    Raises
    ------
    RefusedError
        ``encrypted``, ``corrupt``, ``no_text_layer``, ``garbled_text`` or ``limit_size``.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        reason = "encrypted" if "assword" in str(error) else "corrupt"
        raise RefusedError(reason, str(error)[:200]) from error
    with document:
        if len(document) > MOST_PAGES:
            raise RefusedError("limit_size", f"{len(document)} pages; at most {MOST_PAGES} are read.")
        pages = [_page(document, number) for number in range(len(document))]
        said = {"title": str(document.get_metadata_dict().get("Title") or "")}
    if sum(len(line) for page in pages for line in page) < 20:
        raise RefusedError("no_text_layer", "It is a picture of text; let OCR add a text layer and call again.")
    _check_readable("".join(line for page in pages for line in page))
    running = _running(pages)
    kept = [[line for line in page if _key(line) not in running] for page in pages]
    apart = list(dict.fromkeys(line for page in pages for line in page if _key(line) in running))
    text = "\n".join(_joined([line for page in kept for line in page]))
    whole = "\n".join([text, *apart])
    return [Extracted(whole, "utf-8", "pdf", head=0, content=len(text), said=said)]


def _page(document: object, number: int) -> list[str]:
    """Return the lines of one page."""
    page = document[number]  # type: ignore[index]
    try:
        layer = page.get_textpage()
        text = _by_column(layer, page.get_width()) or layer.get_text_bounded()
    finally:
        page.close()
    if len(text) > MOST_CHARACTERS:
        raise RefusedError("limit_size", f"page {number + 1} has {len(text)} characters.")
    # PDFium marks a hyphen at a line's end with U+FFFE.
    text = text.replace("\ufffe\r\n", "").replace("\ufffe\n", "").replace("\ufffe", "")
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def _by_column(layer: Any, width: float) -> str | None:  # noqa: ANN401  # pypdfium2 has no types
    """Return the text of a page that was drawn line by line across two columns, column by column; None for others."""
    boxes: list[tuple[float, float, float, float]] = []
    for index in range(min(layer.count_rects(), MOST_BOXES)):
        box = layer.get_rect(index)
        last = boxes[-1] if boxes else box
        # A line in two fonts is drawn in pieces: pieces that touch are one.
        if boxes and abs(box[1] - last[1]) < GUTTER and -GUTTER < box[0] - last[2] < GUTTER:
            boxes[-1] = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        else:
            boxes.append(box)
    middle = width / 2
    left = [box for box in boxes if box[2] < middle + GUTTER]
    right = [box for box in boxes if box[0] > middle - GUTTER and box[2] >= middle + GUTTER]
    sides = [box[2] < middle + GUTTER for box in boxes if box[2] < middle + GUTTER or box[0] > middle - GUTTER]
    switches = sum(one != other for one, other in pairwise(sides))
    if min(len(left), len(right)) < FEWEST_LINES or switches < min(len(left), len(right)):
        return None
    # Headings across the page come first; so does a single short line above the right column's first.
    top = max(box[3] for box in right)
    columns = {*left, *right}
    head = [box for box in boxes if box not in columns or box[1] > top]
    ordered = head + [box for side in (left, right) for box in side if box[1] <= top]
    return "\n".join(layer.get_text_bounded(*box).strip() for box in ordered)


def _check_readable(text: str) -> None:
    """Refuse a text whose characters are mostly none that people write."""
    sample = text[:20_000]
    odd = sum(
        "\ue000" <= char <= "\uf8ff" or char == "\ufffd" or (char < " " and char not in "\t\n") for char in sample
    )
    written = count_units(sample, "zh") + sum(char.isalnum() or char in " ,.;:-()，。；：、（）" for char in sample)
    if odd > 0.1 * len(sample) or written < 0.5 * len(sample):
        raise RefusedError("garbled_text", "Its fonts do not say which characters they draw; OCR it.")


def _key(line: str) -> str:
    """Return a line with its numbers alike, so that a running header with a page number is one."""
    return re.sub(r"\d+", "#", line)


def _running(pages: list[list[str]]) -> set[str]:
    """Return the lines that stand at the edge of at least half of the pages, and page numbers."""
    edges = Counter(key for page in pages for key in {_key(line) for line in page[:EDGE] + page[-EDGE:]})
    enough = max(2, len(pages) / 2) if len(pages) > 1 else 10**9
    running = {key for key, count in edges.items() if count >= enough and len(key) < 120}
    return running | {_key(line) for page in pages for line in page[-1:] + page[:1] if _PAGE_NUMBER.match(line)}


def _joined(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph: those that run to the margin go on in the next."""
    width = sorted(map(len, lines))[int(0.9 * (len(lines) - 1))] if lines else 0
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _LAYOUT.match(line):
            last = joined[-1]
            latin = last[-1].isascii() and line[0].isascii()
            joined[-1] = last + (" " if latin else "") + line
        else:
            joined.append(line)
        goes_on = (
            not _FIELDS.search(line)
            and len(line) > 0.8 * width
            and width > 15
            and not (_STOP.search(line) and len(line) < 0.95 * width)
        )
    return joined
