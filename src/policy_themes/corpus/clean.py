"""A normalised page → its title, its body, and what is neither, by rule.

The rules are data (``boilerplate.yml``). Nothing is cut from the text: the
page stays whole and every part of it gets a role, so that what was removed
can be listed and every position still points at the original.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files

from policy_themes.corpus.header import read_header
from policy_themes.store.yaml_file import mapping, read_yaml
from policy_themes.text.sentences import lines, sentences
from policy_themes.text.spans import Span, subtract
from policy_themes.text.units import Language, count_units

HEAD_LINES = 12
TITLE_UNITS: Mapping[Language, int] = {"zh": 60, "en": 40}
TITLE_END = re.compile(r"(?:通知|意见|办法|方案|函|批复|决定|公告|通报|报告|规定|细则|条例|请示)$")
_SENTENCE_END = re.compile(r"[。.!?;:,]$")


@dataclass(frozen=True)
class Removed:
    """A part of the page that is not body, and the rule that says so."""

    rule: str
    span: Span


@dataclass(frozen=True)
class Page:
    """
    The parts of one normalised page.

    Attributes
    ----------
    title : Span or None
    body : tuple of Span
        In order; a line has several where something was taken out of it.
    removed : tuple of Removed
    found : mapping of str to tuple of str
        What the rules' named groups caught: dates, outlets, republishers.
    said : mapping of str to str
        The labelled fields of the header (`read_header`).
    """

    title: Span | None
    body: tuple[Span, ...]
    removed: tuple[Removed, ...]
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """
    What a format knows of a page: where its header and its content end, and whether its first line is its title.

    ``None`` where it does not know.
    """

    titled: bool = False
    head: int | None = None
    content: int | None = None


@dataclass(frozen=True)
class _Rule:
    id: str
    scope: str
    where: str
    longest: int
    pattern: re.Pattern[str]
    words: tuple[str, ...] = ()


@cache
def _rules() -> tuple[_Rule, ...]:
    """Load the rules."""
    with as_file(files("policy_themes") / "data" / "boilerplate.yml") as path:
        content = mapping(read_yaml(path).content, "boilerplate.yml")
    return tuple(
        _Rule(
            item["id"],
            item["scope"],
            item["where"],
            item.get("max", 10**9),
            re.compile(item["pattern"]),
            tuple(item.get("words", ())),
        )
        for item in content["rules"]  # type: ignore[attr-defined]
    )


@cache
def _rules_at(head: bool, tail: bool) -> tuple[_Rule, ...]:
    """Return the rules for a line that stands at the head or at the tail of a page, at both or at neither."""
    places = {"any", *(["head"] if head else []), *(["tail"] if tail else [])}
    return tuple(rule for rule in _rules() if rule.scope != "rest" and rule.where in places)


def clean(text: str, language: Language, parts: Parts | None = None) -> Page:
    r"""
    Tell a page's title and body from its chrome.

    Parameters
    ----------
    text : str
        Normalised.
    language : {"zh", "en"}
    parts : Parts, optional
        What the format knows of the page's parts.

    Returns
    -------
    Page

    Examples
    --------
    >>> text = "A meeting was held\n2024-01-15\nThe work went on.\nEdit: Ying Ying"
    >>> page = clean(text, "en")
    >>> page.title.of(text), [span.of(text) for span in page.body]
    ('A meeting was held', ['The work went on.'])
    >>> [(part.rule, part.span.of(text)) for part in page.removed]
    [('dateline', '2024-01-15'), ('editor_line', 'Edit: Ying Ying')]
    """
    removed: list[Removed] = []
    kept: list[Span] = []
    found: dict[str, list[str]] = {}
    rows = lines(text)
    parts = parts or Parts()
    end = parts.content if parts.content is not None else len(text)
    title = rows[0] if parts.titled and rows and rows[0].end <= end else None
    above = [row for row in rows[1 if title else 0 :] if row.end <= (parts.head or 0)]
    below = [row for row in rows if row not in above and row != title and row.end <= end]
    first = [row for number, row in enumerate(below[:HEAD_LINES]) if _in_place("head", row, number, end)]
    header = read_header(text, [*above, *first], above)
    for number, row in enumerate(rows):
        if row == title:
            continue
        if above and row not in above:
            # Where the header is known, only the first lines of the content may still be of it.
            number = below.index(row) + HEAD_LINES - 3 if row in first else HEAD_LINES
        if row.start >= end // 3 and closes(row.of(text)):
            end = min(end, row.start)
        if row.start >= end:
            removed.append(Removed("page_chrome", row))
            continue
        mine: list[Removed] = []
        for part, caught in _apply(text, row, number, language, end):
            # Two rules may want the same words; they go once.
            free = subtract(part.span, [other.span for other in mine])
            mine += [Removed(part.rule, span) for span in free if span.of(text).strip()]
            for name, value in caught.items():
                if value:
                    found.setdefault(name, []).append(value.strip())
        free = [piece.stripped(text) for piece in subtract(row, [part.span for part in mine])]
        free = [piece for piece in free if piece.end > piece.start]
        if row in header.rows or row in above:
            mine += [Removed("header_fields" if row in header.rows else "page_header", piece) for piece in free]
            free = []
        removed += mine
        kept += free
    title = title or _title(text, kept, language)
    body = [piece for piece in kept if title is None or not title.holds(piece)]
    by_rule = {name: tuple(values) for name, values in found.items()}
    return Page(title, tuple(body), tuple(removed), by_rule, header.values)


def closes(line: str) -> bool:
    """Tell whether with a line begins what follows an article on its page: related news, comments."""
    return len(line) < 40 and any(rule.scope == "rest" and rule.pattern.search(line) for rule in _rules())


def _apply(
    text: str, row: Span, number: int, language: Language, end: int
) -> Iterator[tuple[Removed, Mapping[str, str | None]]]:
    """Try all rules on one line; a rule that takes the whole line is the last."""
    for rule in _rules_at(_in_place("head", row, number, end), _in_place("tail", row, number, end)):
        if rule.scope == "sentence":
            yield from ((Removed(rule.id, span), {}) for span in _sentences_with(rule, text, row, language, end))
            continue
        if rule.scope == "line" and row.end - row.start > rule.longest:
            continue
        # A long line is searched only where the rule can match: at its beginning or its end.
        area = Span(max(row.start, row.end - 200), row.end) if rule.scope == "suffix" else row
        match = rule.pattern.search(area.of(text)[:1000])
        if match is not None:
            span = Span(area.start + match.start(), area.start + match.end())
            yield Removed(rule.id, row if rule.scope == "line" else span), match.groupdict()
            if rule.scope == "line":
                return


def _in_place(where: str, row: Span, number: int, length: int) -> bool:
    """Tell whether a line stands where a rule applies."""
    if where == "head":
        # The last lines of a short text are its signature, not its header.
        return number < 3 or (number < HEAD_LINES and row.end <= length * 2 // 3)
    return where != "tail" or row.end > length * 2 // 3


def _sentences_with(rule: _Rule, text: str, row: Span, language: Language, end: int) -> Iterable[Span]:
    """Yield the sentences that a rule's pattern occurs in; of a rule for the tail, those of the second half."""
    line = row.of(text)
    if not any(word in line for word in rule.words):
        return
    for span in sentences(text, language, row):
        if (rule.where == "any" or span.start > end // 2) and rule.pattern.search(span.of(text)[:2000]):
            yield span


def _title(text: str, kept: list[Span], language: Language) -> Span | None:
    """Return the first line if it can be a title: short, no sentence, something below it."""
    if len(kept) < 2:
        return None
    first = kept[0].of(text)
    if kept[1].of(text)[0].islower():
        return None  # a line that was broken by hand, not a title
    if count_units(first, language) > TITLE_UNITS[language] or len(first) > 300 or _SENTENCE_END.search(first):
        return None
    if kept[1].of(text).startswith("关于") and TITLE_END.search(kept[1].of(text)) and len(first) < 40:
        return Span(kept[0].start, kept[1].end)  # the issuer on a line of its own
    return kept[0] if count_units(first, language) >= 2 else None
