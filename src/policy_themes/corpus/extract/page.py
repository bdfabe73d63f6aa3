"""Saved web pages: the article's lines first, then everything that stands around it.

Which part of a page is its article is found by the containers that content
systems use (``pages.yml``), and otherwise by trafilatura. Everything
inside that part is kept, so that no sentence of the body is lost; what stands
outside comes last and is listed as removed.
"""

import html as escapes
import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree
from lxml import html as lxml_html

from policy_themes.corpus.decode import decode
from policy_themes.corpus.extract.article import bare, find_article, find_title
from policy_themes.corpus.extract.lines import Line, is_link, visible_lines
from policy_themes.corpus.extract.records import Extracted, RefusedError
from policy_themes.corpus.rules import page_data
from policy_themes.text.spans import Span
from policy_themes.text.units import language_of

SHORT = 800
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})", re.I)
_XML = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SCRIPT = re.compile(r"<(script|style)\b")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(https?://[^\s<>]{4,500})", re.I)
_ERROR = re.compile(
    r"\b404\b|\b403\b|页面不存在|无法访问|找不到|已删除|请(?:先)?登录|Not Found|(?:sign|log) in to (?:continue|read)|Access denied",
    re.I,
)


def read_page(content: bytes, *, charset: str | None = None, url: str | None = None) -> list[Extracted]:
    """
    Read one saved page.

    Parameters
    ----------
    content : bytes
    charset, url : str, optional
        What a container (mhtml) says of it.

    Raises
    ------
    RefusedError
        ``encoding_uncertain``, ``extraction_empty``, ``boilerplate_only`` or ``corrupt``.
    """
    declared = _CHARSET.search(content[:8192])
    decoded = decode(content, declared=charset or (declared[1].decode("ascii") if declared else None))
    if decoded is None:
        raise RefusedError("encoding_uncertain")
    source = _XML.sub("", decoded.text.replace("\0", ""))
    try:
        root = lxml_html.document_fromstring(source, parser=lxml_html.HTMLParser(remove_pis=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("empty_text" if "empty" in str(error).lower() else "corrupt", str(error)[:200]) from error
    said = dict(_said(root, source))
    if url:
        said.setdefault("url", url)
    lines = list(visible_lines(root))
    _check_whole(source, lines)
    article = find_article(root, lines, source)
    text = "\n".join(line.text for line in lines)
    if article is None and text and language_of(text) is None:
        raise RefusedError("language")
    if article is None or (len(text) < SHORT and _ERROR.search(text)):
        raise RefusedError("boilerplate_only", "The page holds navigation or an error, and no article.")
    return [_arranged(lines, article, said, decoded.encoding, decoded.notes)]


def _check_whole(source: str, lines: list[Line]) -> None:
    """Refuse a page of which the parser dropped nearly everything (markup nested too deep, a text node too long)."""
    seen = sum(len(line.text) for line in lines)
    without = _without_scripts(source[:5_000_000])
    written = len(re.sub(r"\s+", "", re.sub(r"<[^<>]{0,2000}>", "", without)))
    if written > 2000 and seen < 0.05 * written:
        raise RefusedError("extraction_empty", f"{seen} of about {written} characters of the page could be read.")


def _without_scripts(source: str) -> str:
    """Return markup without its scripts and styles, in one pass however many of them are never closed."""
    lowered, kept, done = source.lower(), [], 0
    for match in _SCRIPT.finditer(lowered):
        if match.start() >= done:
            end = lowered.find(f"</{match[1]}", match.end())
            if end < 0:
                break
            kept.append(source[done : match.start()])
            done = end
    return "".join([*kept, source[done:]])


def _arranged(
    lines: list[Line], article: Span, said: Mapping[str, str], encoding: str, notes: tuple[str, ...]
) -> Extracted:
    """Put title, header, article and surroundings into one text, in this order."""
    first, last = article.start, article.end - 1
    title, start = find_title(lines, first, last, said)
    header = [line for line in lines[start:first] if line.text != title]
    repeated = {
        n
        for n in range(first, min(first + 4, last))
        if len(bare(lines[n].text)) >= 4 and bare(lines[n].text) in bare(title)
    }
    body = [lines[number] for number in range(first, last + 1) if number not in repeated]
    linked = [line for line in body if is_link(line)]
    chrome = [*lines[:start], *linked, *lines[last + 1 :]]
    head = "\n".join([*([title] if title else []), *(line.text for line in header if not is_link(line))])
    content = "\n".join([*([head] if head else []), *(line.text for line in body if not is_link(line))])
    text = "\n".join([content, *(line.text for line in chrome if line.text != title)])
    return Extracted(
        text, encoding, "html", titled=bool(title), head=len(head), content=len(content), said=said, notes=notes
    )


def _said(root: etree._Element, source: str) -> Iterator[tuple[str, str]]:
    """Yield what the page's metadata says; for each role the first of the known names wins."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        value = " ".join((meta.get("content") or "").split())
        if name and value:
            metas.setdefault(name, value)
    for role, names in page_data("metadata").items():
        value = next((metas[name.lower()] for name in names if metas.get(name.lower())), "")
        if value:
            yield role, value[:500]
    page_title = root.findtext(".//title")
    if page_title and page_title.strip():
        yield "page_title", " ".join(page_title[:2000].split())[:500]
    canonical = next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None)
    saved = _SAVED_FROM.search(source[:3000])
    if "url" not in metas and (canonical or saved):
        yield "url", escapes.unescape(canonical or (saved[1] if saved else ""))
    yield from _structured(root)
    script = re.search(r"(?:publish_time|\bct)\s*[=:]\s*[\"'](\d{10}|\d{4}-\d\d-\d\d)", source)
    if script:
        yield "date_script", script[1]


def _structured(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the date of JSON-LD."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json" and script.text:
            try:
                data = json.loads(script.text[:100_000])
            except (ValueError, RecursionError):
                continue
            for item in data if isinstance(data, list) else [data]:
                if isinstance(item, dict) and isinstance(item.get("datePublished"), str):
                    yield "date_json", item["datePublished"][:40]
