"""Saved web pages: the article's lines first, then everything that stands around it.

Which part of a page is its article is found by the containers that content
systems use (``boilerplate.yml``), and otherwise by trafilatura. Everything
inside that part is kept, so that no sentence of the body is lost; what stands
outside comes last and is listed as removed.
"""

import html as escapes
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from policy_themes.corpus.decode import decode
from policy_themes.corpus.extract.records import Extracted, RefusedError
from policy_themes.corpus.rules import page_data
from policy_themes.text.spans import Span
from policy_themes.text.units import language_of

UNSEEN = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "select", "option",
                    "button", "textarea", "input", "canvas", "map", "audio", "video"})  # fmt: skip
INLINE = frozenset({"a", "abbr", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
                    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
                    "u", "var", "img", "o:p", "st1:chsdate", "wbr", "ruby", "rb", "rt", "nobr"})  # fmt: skip
SMALL, SHORT = 50, 800
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,30})", re.I)
_XML = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(https?://[^\s<>]{4,500})", re.I)
_PROSE = re.compile(r"[。！？；.!?;:：”\"）)]\s*$|[，。,].*[，。,]")
_CLOSING = re.compile(
    r"^\W*(?:相关(?:新闻|链接|文章|阅读|稿件)|推荐阅读|往期(?:回顾|推荐)|网友评论|热点(?:新闻|推荐)|延伸阅读|精彩推荐"
    r"|Related|Latest news|More (?:news|stories)|You may also)", re.I
)  # fmt: skip
_ERROR = re.compile(
    r"\b404\b|\b403\b|页面不存在|无法访问|找不到|已删除|请(?:先)?登录|Not Found|(?:sign|log) in to (?:continue|read)|Access denied",
    re.I,
)
_FIELD = re.compile(r"\d{4}[-年./]|[>»›|*]|\d{1,2}:\d{2}|来源|作者|发布|字体|点击|浏览|日期|时间|^\W|\[[\d-]+\]$")
_TITLE_END = re.compile(r"(?:通知|意见|办法|方案|函|批复|决定|公告|通报|报告|规定|细则|条例|请示)$")
_SITE = re.compile(r"\s*(?:[|_]|[-–—]{1,2}|::)\s*[^|_]{2,30}$")


@dataclass(frozen=True)
class _Line:
    """A visible line: its text, how much of it is links, and the element it stands in."""

    text: str
    links: int
    node: etree._Element


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
    lines = list(_lines(root))
    _check_whole(source, lines)
    article = _article(root, lines, source)
    text = "\n".join(line.text for line in lines)
    if article is None and text and language_of(text) is None:
        raise RefusedError("language")
    if article is None or (len(text) < SHORT and _ERROR.search(text)):
        raise RefusedError("boilerplate_only", "The page holds navigation or an error, and no article.")
    return [_arranged(lines, article, said, decoded.encoding, decoded.notes)]


def _check_whole(source: str, lines: list[_Line]) -> None:
    """Refuse a page of which the parser dropped nearly everything (markup nested too deep, a text node too long)."""
    seen = sum(len(line.text) for line in lines)
    without = re.sub(r"<(script|style)\b.*?</\1\s*>", "", source[:5_000_000], flags=re.I | re.S)
    written = len(re.sub(r"\s+", "", re.sub(r"<[^<>]{0,2000}>", "", without)))
    if written > 2000 and seen < 0.05 * written:
        raise RefusedError("extraction_empty", f"{seen} of about {written} characters of the page could be read.")


def _lines(root: etree._Element) -> Iterator[_Line]:
    """Yield the visible lines in order. No recursion: pages nest deeper than Python does."""
    parts: list[str] = []
    links = 0
    block = root
    # (element, block it is in, link it is in, whether its end is meant)
    waiting: list[tuple[etree._Element, etree._Element, bool, bool]] = [(root, root, False, False)]

    def flush() -> Iterator[_Line]:
        nonlocal links
        text = " ".join("".join(parts).split())
        if text:
            yield _Line(text, links, block)
        parts.clear()
        links = 0

    while waiting:
        node, outer, linked, ended = waiting.pop()
        own = isinstance(node.tag, str) and node.tag not in INLINE
        if ended:
            if own or node.tag == "br":
                yield from flush()
                block = outer
            parts.append(node.tail or "")
            links += len((node.tail or "").strip()) if linked else 0
            continue
        if not isinstance(node.tag, str) or node.tag in UNSEEN or _hidden(node):
            waiting.append((node, outer, linked, True)) if node is not root and node.tail else None
            if isinstance(node.tag, str) and node.tag in UNSEEN:
                continue
            continue
        if own:
            yield from flush()
            block = node
        inside = linked or node.tag == "a"
        parts.append(node.text or "")
        links += len((node.text or "").strip()) if inside else 0
        if node is not root:
            waiting.append((node, outer, linked, True))
        inner = node if own else block
        waiting.extend((child, inner, inside, False) for child in reversed(node))
    yield from flush()


def _hidden(node: etree._Element) -> bool:
    """Tell whether a browser would not show an element (a content container is shown by its page's script)."""
    if node.get("id") == "js_content":
        return False
    return node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style") or ""))


def _article(root: etree._Element, lines: list[_Line], source: str) -> Span | None:
    """Return which lines are the article's."""
    for name in page_data("containers"):
        kind, value = name[0], name[1:]
        path = f"//*[@id='{value}']" if kind == "#" else f"//*[contains(concat(' ',@class,' '),' {value} ')]"
        found = [node for node in root.xpath(path) if _plain(lines, node) >= SMALL]
        if found:
            own = set((_common(found) if len(found) < 4 else found[0]).iter())
            places = [number for number, line in enumerate(lines) if line.node in own]
            return Span(places[0], places[-1] + 1)
    return _by_trafilatura(lines, source)


def _plain(lines: list[_Line], node: etree._Element) -> int:
    """Return how many characters outside of links an element shows."""
    own = set(node.iter())
    return sum(len(line.text) - line.links for line in lines if line.node in own)


def _common(nodes: list[etree._Element]) -> etree._Element:
    """Return the nearest element that holds all of some elements."""
    first = [nodes[0], *nodes[0].iterancestors()]
    for node in nodes[1:]:
        own = {node, *node.iterancestors()}
        first = [candidate for candidate in first if candidate in own]
    return first[0]


def _by_trafilatura(lines: list[_Line], source: str) -> Span | None:
    """Return the stretch of lines around what trafilatura takes for the article."""
    import trafilatura

    text = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    squeezed = re.sub(r"[\s|]+", "", text)
    known = [bool(squeezed) and len(line.text) > 1 and re.sub(r"\s+", "", line.text) in squeezed for line in lines]
    prose = [number for number, line in enumerate(lines) if _is_prose(line) and (known[number] or not squeezed)]
    if not prose:
        prose = [number for number, line in enumerate(lines) if _is_prose(line)]
    if not prose:
        return None
    first, last = _densest(lines, prose)
    # Short lines of the same kind right below (a signature and its date) belong to it.
    parents = {lines[number].node.getparent() for number in range(first, last + 1)}
    while last + 1 < len(lines) and lines[last + 1].node.getparent() in parents and not _is_link(lines[last + 1]):
        last += 1
    while first > 0 and known[first - 1] and _goes_with(lines[first - 1], parents):
        first -= 1
    return Span(first, last + 1)


def _is_prose(line: _Line) -> bool:
    """Tell whether a line is a sentence, and no row of links."""
    return line.links < 0.3 * len(line.text) and len(line.text) >= 15 and bool(_PROSE.search(line.text))


def _goes_with(line: _Line, parents: set[etree._Element | None]) -> bool:
    """Tell whether a short line above the prose is part of it: a heading in the same element."""
    return line.node.getparent() in parents and not _is_link(line) and line.node.tag in ("p", "h3", "h4", "h5", "li")


def _densest(lines: list[_Line], prose: list[int]) -> tuple[int, int]:
    """Return the first and last line of the run of prose that holds most text; a side bar far away is another run."""
    runs: list[list[int]] = [[prose[0]]]
    for number in prose[1:]:
        between = lines[runs[-1][-1] + 1 : number]
        if sum(map(_is_link, between)) > 3 or any(_CLOSING.search(line.text) for line in between):
            runs.append([number])
        else:
            runs[-1].append(number)
    best = max(runs, key=lambda run: sum(len(lines[number].text) for number in run))
    return best[0], best[-1]


def _arranged(
    lines: list[_Line], article: Span, said: Mapping[str, str], encoding: str, notes: tuple[str, ...]
) -> Extracted:
    """Put title, header, article and surroundings into one text, in this order."""
    first, last = article.start, article.end - 1
    title, start = _title(lines, first, last, said)
    header = [line for line in lines[start:first] if line.text != title]
    repeated = {
        n
        for n in range(first, min(first + 4, last))
        if len(_bare(lines[n].text)) >= 4 and _bare(lines[n].text) in _bare(title)
    }
    body = [lines[number] for number in range(first, last + 1) if number not in repeated]
    linked = [line for line in body if _is_link(line)]
    chrome = [*lines[:start], *linked, *lines[last + 1 :]]
    head = "\n".join([*([title] if title else []), *(line.text for line in header if not _is_link(line))])
    content = "\n".join([*([head] if head else []), *(line.text for line in body if not _is_link(line))])
    text = "\n".join([content, *(line.text for line in chrome if line.text != title)])
    return Extracted(
        text, encoding, "html", titled=bool(title), head=len(head), content=len(content), said=said, notes=notes
    )


def _is_link(line: _Line) -> bool:
    """Tell whether a line is a row of links and nothing else."""
    return line.links >= 0.8 * len(line.text)


def _title(lines: list[_Line], first: int, last: int, said: Mapping[str, str]) -> tuple[str, int]:
    """Return the title and the line where the article's header begins."""
    named = [said[key] for key in ("title", "og_title", "page_title") if said.get(key)]
    sites = {_bare(said.get(key, "")) for key in ("republisher", "column")}
    wanted = [_bare(name) for name in named if _bare(name) not in sites]
    stop = min(first + 6, last + 1)
    begin = max(0, first - 40)
    likely = [
        number
        for number in range(begin, stop)
        if not _is_link(lines[number]) and _is_title(lines[number], wanted) and _bare(lines[number].text) not in sites
    ]
    if likely:
        best = max(likely, key=lambda number: (len(_bare(lines[number].text)), number))
        return _with_next(lines, best), min(best + 1, first)
    for number in range(stop - 1, begin - 1, -1):
        if lines[number].node.tag in ("h1", "h2") and len(lines[number].text) >= 4 and not _is_link(lines[number]):
            return _with_next(lines, number), min(number + 1, first)
    for number in range(first - 1, max(-1, first - 8), -1):
        if _may_be_title(lines[number]):
            return _with_next(lines, number), number + 1
    return (_SITE.sub("", named[0]) if named else ""), max(0, first - 6)


def _with_next(lines: list[_Line], number: int) -> str:
    """Return a title with the line below it, where the issuer stands on a line of its own."""
    title = lines[number].text
    for below in (line.text for line in lines[number + 1 : number + 4]):
        goes_on = "关于" in title and not _TITLE_END.search(title) and len(title) + len(below) < 120
        if len(below) > 60 or not (goes_on or (below.startswith("关于") and "关于" not in title)):
            break
        title += below
    return title


def _may_be_title(line: _Line) -> bool:
    """Tell whether a line above the article reads like a title: long enough, no field, no sentence."""
    text = line.text
    return 8 <= len(text) <= 150 and not _is_link(line) and not _FIELD.search(text) and not text.endswith(("。", "."))


def _is_title(line: _Line, wanted: Sequence[str]) -> bool:
    """Tell whether a line is what the page's metadata begins with, apart from the name of the site."""
    bare = _bare(line.text)
    return len(bare) >= 6 and any(bare in name for name in wanted)


def _bare(text: str) -> str:
    """Return a title without blanks and marks."""
    return re.sub(r"[\W_]+", "", text)


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
        yield "page_title", " ".join(page_title.split())
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
