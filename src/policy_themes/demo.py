"""Settings in, a small bilingual corpus out, with the right answers beside it.

A reader of real pages never knows how many hits there should have been. Here every sentence is drawn from a
template of our own (``data/demo.yml``) that says which themes it holds, so that the true counts, dates and
regions are known by construction: the tests, the notebooks' Chinese half and ``policy-themes demo`` use them.
Each sentence exists in both languages, so a translation says the same, sentence by sentence, except where the
templates plant a loose rendering. Nothing is written here; the caller writes ``content`` to ``path``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from policy_themes.store.files import write_atomic

__all__ = ["DemoDocument", "demo_documents"]

LANGUAGES = ("zh", "en")
_Record = Mapping[str, Any]


@dataclass(frozen=True)
class DemoDocument:
    """One file of the demonstration corpus and the truth about it.

    Attributes
    ----------
    path : str
        Relative, with forward slashes, safe on Windows.
    content : bytes
        The exact bytes to write.
    year, date, region_code : int, str or None
        As the page itself states them; ``date`` is ISO and may be partial (``2021-03``); None if not stated.
    language : str
        "zh", "en", or "none" for a file without text.
    translation_of, duplicate_of : str or None
        Path of the original.
    hits : Mapping[str, int]
        Planted hits in title and body, by theme; ids with ``_`` are false hits and predecessors.

    """

    path: str
    content: bytes
    year: int | None
    date: str | None
    region_code: str | None
    language: str
    translation_of: str | None
    duplicate_of: str | None
    hits: Mapping[str, int]


@dataclass(frozen=True)
class _Line:
    """A filled template: text and planted hits, by language."""

    text: Mapping[str, str]
    hits: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class _Draft:
    """A page before its language is chosen; ``title`` and ``body`` are what counts."""

    cell: _Cell
    path: Mapping[str, str]
    date: str | None
    title: _Line
    dateline: Mapping[str, str]
    body: tuple[tuple[_Line, ...], ...]
    editor: Mapping[str, str]


@dataclass(frozen=True)
class _Cell:
    """Where a page belongs, with its own generator, so that no page depends on another."""

    book: _Record
    seed: int
    kind: str
    region: str
    year: int

    @property
    def record(self) -> _Record:
        """Entry of the region in the templates."""
        found: _Record = self.book["regions"].get(self.region, self.book["placeless"])
        return found

    def rng(self, purpose: str) -> random.Random:
        """Seed from text: the same under every PYTHONHASHSEED."""
        return random.Random(f"{self.seed}/{self.kind}/{self.region}/{self.year}/{purpose}")


def demo_documents(*, seed: int = 1) -> tuple[DemoDocument, ...]:
    """Generate the demonstration corpus.

    Parameters
    ----------
    seed : int, default 1
        The same seed gives the same bytes.

    Returns
    -------
    tuple of DemoDocument
        About 190, sorted by path.

    Examples
    --------
    >>> corpus = demo_documents()
    >>> corpus == demo_documents()
    True
    >>> sorted({document.language for document in corpus})
    ['en', 'none', 'zh']

    """
    book = yaml.safe_load((files("policy_themes") / "data" / "demo.yml").read_text(encoding="utf-8"))
    samples, rng = book["plan"]["samples"], random.Random(seed)
    conferences = [_Cell(book, seed, "conference", region, year) for region, year in _places(book)]
    notices = [replace(cell, kind="notice") for cell in rng.sample(conferences, samples["notices"])]
    briefings = [replace(cell, kind="briefing") for cell in rng.sample(conferences, samples["briefings"])]
    drafts = [_draft(cell) for cell in [*conferences, *notices]]
    documents = [
        *(_page(draft, "zh") for draft in drafts),
        *(_page(draft, "en", translated=True) for draft in rng.sample(drafts, samples["translations"])),
        *(_page(_draft(cell), "en") for cell in briefings),
        *_awkward(book, seed),
    ]
    return tuple(sorted(documents, key=lambda document: document.path))


def write_demo(folder: Path, *, seed: int = 1) -> tuple[DemoDocument, ...]:
    """
    Write the demonstration corpus into a folder.

    Parameters
    ----------
    folder : Path
        Made, with its parents, where it is not there.
    seed : int, default 1

    Returns
    -------
    tuple of DemoDocument
        What was written.
    """
    documents = demo_documents(seed=seed)
    for document in documents:
        write_atomic(folder / document.path, document.content)
    return documents


def _places(book: _Record) -> list[tuple[str, int]]:
    """Region and year of every cell that is not left empty on purpose."""
    empty = book["plan"]["empty"]
    every = [(region, year) for region in book["regions"] for year in book["years"]]
    return [(region, year) for region, year in every if year not in empty.get(region, [])]


def _fill(rng: random.Random, template: _Record, slots: _Record, *, theme: str = "") -> _Line:
    """Draw one pair for each slot and write it into both languages."""
    fields = [field for lang in LANGUAGES for _, field, _, _ in Formatter().parse(template[lang]) if field]
    pairs = {field: rng.choice(slots[field]) for field in sorted(set(fields))}
    zh, en = (template[lang].format_map({k: v[i] for k, v in pairs.items()}) for i, lang in enumerate(LANGUAGES))
    own = {theme: 1} if theme else {}
    hits = {lang: template.get(f"{lang}_hits", own) for lang in LANGUAGES}
    return _Line({"zh": zh, "en": en[0].upper() + en[1:]}, hits)


def _planned(cell: _Cell) -> dict[str, int]:
    """Say how many sentences each theme gets; rates are rounded up or down at random."""
    plan, rng, place = cell.book["plan"], cell.rng("counts"), cell.book["years"].index(cell.year)
    extra = {theme: regions.get(cell.region, 0) for theme, regions in plan["extra"].items()}
    rates = {theme: by_year[place] + extra.get(theme, 0) for theme, by_year in plan["rates"].items()}
    once = {theme: int(cell.year in regions.get(cell.region, [])) for theme, regions in plan["once"].items()}
    return {theme: int(rate + rng.random()) for theme, rate in rates.items()} | once


def _body(cell: _Cell, slots: _Record) -> tuple[tuple[_Line, ...], ...]:
    """Mix theme sentences with neutral ones; add a lead and two paragraphs about nothing of interest."""
    book, rng = cell.book, cell.rng("body")
    lines = [
        _fill(rng, template, slots, theme=theme)
        for theme, count in _planned(cell).items()
        for template in rng.sample(book["themes"][theme], count)
    ]
    room = max(2, book["plan"]["least_lines"] - len(lines))
    second, *spare = [_fill(rng, template, slots) for template in rng.sample(book["neutral"], room + 1)]
    lines += spare
    rng.shuffle(lines)
    parts = rng.randint(3, 5)
    paragraphs = [tuple(lines[i::parts]) for i in range(parts)]
    filler = [_fill(rng, template, slots) for template in rng.sample(book["filler"], 4)]
    for pair in (filler[:2], filler[2:]):
        paragraphs.insert(rng.randint(1, len(paragraphs)), tuple(pair))
    lead = _fill(rng, rng.choice(book["kinds"][cell.kind]["leads"]), slots)
    return ((lead, second), *paragraphs)


def _dated(cell: _Cell, precision: str, outlet: list[str]) -> tuple[str | None, dict[str, str]]:
    """Draw a date and print it the way saved pages do."""
    book, rng = cell.book, cell.rng("date")
    month, day = rng.randint(*book["kinds"][cell.kind]["months"]), rng.randint(1, 28)
    clock = {"hour": rng.randint(8, 18), "minute": rng.randint(0, 59)}
    stamp = {"year": cell.year, "month": month, "day": day, "name": book["months"][month - 1], **clock}
    form = rng.choice(book["datelines"][precision])
    iso = {"day": f"{cell.year}-{month:02}-{day:02}", "month": f"{cell.year}-{month:02}"}.get(precision)
    return iso, {lang: form[lang].format(**stamp, outlet=outlet[i]) for i, lang in enumerate(LANGUAGES)}


def _draft(cell: _Cell, *, precision: str = "", name: str = "") -> _Draft:
    """Compose one page in both languages; ``name`` replaces the usual file name."""
    book, rng, kind = cell.book, cell.rng("head"), cell.book["kinds"][cell.kind]
    slots = {**book["slots"], **kind["slots"], **cell.record["slots"]}
    title = rng.choice(kind["titles"])
    national = [] if title.get("local") or not cell.record["code"] else book["outlets"]
    outlet = rng.choice(slots["outlet"] + national)
    usual = rng.choice(kind["precision"])  # drawn in any case, so that a reprint repeats its original
    date, dateline = _dated(cell, precision or usual, outlet)
    folder = cell.record.get("folder", slots["place"][0])
    names = [name, name] if name else kind["stem"][slots["level"][0][1]]
    path = {lang: f"{lang}/{folder[i]}/{date or book['undated']}_{names[i]}.txt" for i, lang in enumerate(LANGUAGES)}
    body, editor = _body(cell, slots), rng.choice(book["editors"])
    return _Draft(cell, path, date, _fill(rng, title, slots), dateline, body, editor)


def _page(draft: _Draft, language: str, *, translated: bool = False) -> DemoDocument:
    """Print a draft in one language as a saved page and add up what was planted."""
    cell = draft.cell
    indent, gap = ("　　", "") if language == "zh" else ("", " ")
    paragraphs = [indent + gap.join(line.text[language] for line in lines) for lines in draft.body]
    foot = [cell.book["translated"].format(title=draft.title.text["zh"])] if translated else []
    head = [draft.title.text[language], draft.dateline[language], ""]
    found: Counter[str] = Counter()
    for line in [draft.title, *(line for lines in draft.body for line in lines)]:
        found.update(line.hits[language])
    return DemoDocument(
        path=draft.path[language],
        content="\n".join([*head, *paragraphs, "", draft.editor[language], *foot, ""]).encode(),
        year=cell.year if draft.date else None,
        date=draft.date,
        region_code=cell.record["code"],
        language=language,
        translation_of=draft.path["zh"] if translated else None,
        duplicate_of=None,
        hits={theme: found[theme] for theme in cell.book["themes"]},
    )


def _awkward(book: _Record, seed: int) -> list[DemoDocument]:
    """Build the files that are hard to decode, date or place, the reprint, and those without text."""
    plan = book["awkward"]

    def draft(case: str, kind: str = "briefing", precision: str = "day") -> _Draft:
        spec = plan[case]
        return _draft(_Cell(book, seed, kind, spec["region"], spec["year"]), precision=precision, name=spec["name"])

    original, bom, encoded = draft("reprint", "conference"), draft("bom"), draft("gb18030")
    rare = _fill(random.Random(seed), plan["rare"], {})
    first, marked = _page(original, "zh"), _page(bom, "zh")
    other = _page(replace(encoded, body=(*encoded.body, (rare,))), "zh")
    empty = DemoDocument(plan["empty"], b"", None, None, None, "none", None, None, dict.fromkeys(first.hits, 0))
    return [
        replace(first, path=plan["reprint"]["path"], duplicate_of=first.path),
        replace(marked, content=b"\xef\xbb\xbf" + marked.content),
        replace(other, content=other.content.decode().encode("gb18030")),
        _page(draft("undated", precision="none"), "zh"),
        _page(draft("placeless"), "zh"),
        empty,
        replace(empty, path=plan["binary"], content=b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\x00\x01\xff\xfe\x80\n"),
    ]
