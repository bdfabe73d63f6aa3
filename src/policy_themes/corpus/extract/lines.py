"""The lines that a browser would show of a page, with how much of each is links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

UNSEEN = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "select", "option",
                    "button", "textarea", "input", "canvas", "map", "audio", "video"})  # fmt: skip
INLINE = frozenset({"a", "abbr", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
                    "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
                    "u", "var", "img", "o:p", "st1:chsdate", "wbr", "ruby", "rb", "rt", "nobr"})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(frozen=True)
class Line:
    """A visible line: its text, how much of it is links, and the element it stands in."""

    text: str
    links: int
    node: etree._Element


def visible_lines(root: etree._Element) -> Iterator[Line]:
    """Yield the visible lines in order. No recursion: pages nest deeper than Python does."""
    parts: list[str] = []
    links = 0
    block = root
    # (element, block it is in, link it is in, whether its end is meant)
    waiting: list[tuple[etree._Element, etree._Element, bool, bool]] = [(root, root, False, False)]

    def flush() -> Iterator[Line]:
        nonlocal links
        text = " ".join("".join(parts).split())
        if text:
            yield Line(text, links, block)
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


def is_link(line: Line) -> bool:
    """Tell whether a line is a row of links and nothing else."""
    return line.links >= 0.8 * len(line.text)
