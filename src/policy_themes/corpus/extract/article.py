"""Which lines of a page are its article, and which is its title."""

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from policy_themes.corpus.clean import TITLE_END, closes
from policy_themes.corpus.extract.lines import Line, is_link
from policy_themes.corpus.rules import page_data
from policy_themes.text.spans import Span

SMALL = 50
_PROSE = re.compile(r"[。！？；.!?;:：”\"）)]\s*$|[，。,].*[，。,]")
_FIELD = re.compile(r"\d{4}[-年./]|[>»›|*]|\d{1,2}:\d{2}|来源|作者|发布|字体|点击|浏览|日期|时间|^\W|\[[\d-]+\]$")
_SITE = re.compile(r"\s{0,3}(?:[|_]|[-–—]{1,2}|::)\s{0,3}[^|_\s][^|_]{1,30}$")


def find_article(root: etree._Element, lines: list[Line], source: str) -> Span | None:
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


def _plain(lines: list[Line], node: etree._Element) -> int:
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


def _by_trafilatura(lines: list[Line], source: str) -> Span | None:
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
    while last + 1 < len(lines) and lines[last + 1].node.getparent() in parents and not is_link(lines[last + 1]):
        last += 1
    while first > 0 and known[first - 1] and _goes_with(lines[first - 1], parents):
        first -= 1
    return Span(first, last + 1)


def _is_prose(line: Line) -> bool:
    """Tell whether a line is a sentence, and no row of links."""
    return line.links < 0.3 * len(line.text) and len(line.text) >= 15 and bool(_PROSE.search(line.text))


def _goes_with(line: Line, parents: set[etree._Element | None]) -> bool:
    """Tell whether a short line above the prose is part of it: a heading in the same element."""
    return line.node.getparent() in parents and not is_link(line) and line.node.tag in ("p", "h3", "h4", "h5", "li")


def _densest(lines: list[Line], prose: list[int]) -> tuple[int, int]:
    """Return the first and last line of the run of prose that holds most text; a side bar far away is another run."""
    runs: list[list[int]] = [[prose[0]]]
    for number in prose[1:]:
        between = lines[runs[-1][-1] + 1 : number]
        if sum(map(is_link, between)) > 3 or any(closes(line.text) for line in between):
            runs.append([number])
        else:
            runs[-1].append(number)
    best = max(runs, key=lambda run: sum(len(lines[number].text) for number in run))
    return best[0], best[-1]


def find_title(lines: list[Line], first: int, last: int, said: Mapping[str, str]) -> tuple[str, int]:
    """Return the title and the line where the article's header begins."""
    named = [said[key] for key in ("title", "og_title", "page_title") if said.get(key)]
    sites = {bare(said.get(key, "")) for key in ("republisher", "column")}
    wanted = [bare(name) for name in named if bare(name) not in sites]
    stop = min(first + 6, last + 1)
    begin = max(0, first - 40)
    likely = [
        number
        for number in range(begin, stop)
        if not is_link(lines[number]) and _is_title(lines[number], wanted) and bare(lines[number].text) not in sites
    ]
    if likely:
        best = max(likely, key=lambda number: (len(bare(lines[number].text)), number))
        return _with_next(lines, best), min(best + 1, first)
    for number in range(stop - 1, begin - 1, -1):
        if lines[number].node.tag in ("h1", "h2") and len(lines[number].text) >= 4 and not is_link(lines[number]):
            return _with_next(lines, number), min(number + 1, first)
    for number in range(first - 1, max(-1, first - 8), -1):
        if _may_be_title(lines[number]):
            return _with_next(lines, number), number + 1
    return (_SITE.sub("", named[0]) if named else ""), max(0, first - 6)


def _with_next(lines: list[Line], number: int) -> str:
    """Return a title with the line below it, where the issuer stands on a line of its own."""
    title = lines[number].text
    for below in (line.text for line in lines[number + 1 : number + 4]):
        goes_on = "关于" in title and not TITLE_END.search(title) and len(title) + len(below) < 120
        if len(below) > 60 or not (goes_on or (below.startswith("关于") and "关于" not in title)):
            break
        title += below
    return title


def _may_be_title(line: Line) -> bool:
    """Tell whether a line above the article reads like a title: long enough, no field, no sentence."""
    text = line.text
    return 8 <= len(text) <= 150 and not is_link(line) and not _FIELD.search(text) and not text.endswith(("。", "."))


def _is_title(line: Line, wanted: Sequence[str]) -> bool:
    """Tell whether a line is what the page's metadata begins with, apart from the name of the site."""
    own = bare(line.text)
    return len(own) >= 6 and any(own in name for name in wanted)


def bare(text: str) -> str:
    """Return a title without blanks and marks."""
    return re.sub(r"[\W_]+", "", text)
