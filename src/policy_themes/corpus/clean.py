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

from policy_themes.store.yaml_file import mapping, read_yaml
from policy_themes.text.sentences import lines, sentences
from policy_themes.text.spans import Span, subtract
from policy_themes.text.units import Language, count_units

HEAD_LINES = 12
TITLE_UNITS: Mapping[Language, int] = {"zh": 60, "en": 40}
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
    """

    title: Span | None
    body: tuple[Span, ...]
    removed: tuple[Removed, ...]
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rule:
    id: str
    scope: str
    where: str
    longest: int
    pattern: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    """Load the rules."""
    with as_file(files("policy_themes") / "data" / "boilerplate.yml") as path:
        content = mapping(read_yaml(path).content, "boilerplate.yml")
    return tuple(
        _Rule(item["id"], item["scope"], item["where"], item.get("max", 10**9), re.compile(item["pattern"]))
        for item in content["rules"]  # type: ignore[attr-defined]
    )


def clean(text: str, language: Language) -> Page:
    r"""
    Tell a page's title and body from its chrome.

    Parameters
    ----------
    text : str
        Normalised.
    language : {"zh", "en"}

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
    for number, row in enumerate(lines(text)):
        mine: list[Removed] = []
        for part, caught in _apply(text, row, number, language):
            # Two rules may want the same words; they go once.
            free = subtract(part.span, [other.span for other in mine])
            mine += [Removed(part.rule, span) for span in free if span.of(text).strip()]
            for name, value in caught.items():
                if value:
                    found.setdefault(name, []).append(value.strip())
        removed += mine
        free = [piece.stripped(text) for piece in subtract(row, [part.span for part in mine])]
        kept += [piece for piece in free if piece.end > piece.start]
    title = _title(text, kept, language)
    body = kept[1:] if title else kept
    return Page(title, tuple(body), tuple(removed), {name: tuple(values) for name, values in found.items()})


def _apply(text: str, row: Span, number: int, language: Language) -> Iterator[tuple[Removed, Mapping[str, str | None]]]:
    """Try all rules on one line; a rule that takes the whole line is the last."""
    for rule in _rules():
        if not _in_place(rule.where, row, number, len(text)):
            continue
        if rule.scope == "sentence":
            yield from ((Removed(rule.id, span), {}) for span in _sentences_with(rule, text, row, language))
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
        return number < HEAD_LINES
    return where != "tail" or row.end > length * 2 // 3


def _sentences_with(rule: _Rule, text: str, row: Span, language: Language) -> Iterable[Span]:
    """Yield the sentences of the page's last third that a rule's pattern occurs in."""
    if rule.pattern.search(row.of(text)):
        for span in sentences(text, language, row):
            if span.start > len(text) // 2 and rule.pattern.search(span.of(text)[:2000]):
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
    return kept[0] if count_units(first, language) >= 2 else None
