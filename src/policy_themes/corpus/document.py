"""One file's text → one described document: where, when, who, and its passages."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from policy_themes.corpus.clean import Page, clean
from policy_themes.corpus.dates import DateFound, event_date, parse_date
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.passages import Piece, passages
from policy_themes.corpus.places import Clues, Placed, classify, locate, outlet_name
from policy_themes.regions import Regions
from policy_themes.text.normalize import normalize
from policy_themes.text.units import UNITS, Language


@dataclass(frozen=True)
class Document:
    """A document as it goes into the tables."""

    doc_id: str
    original: str
    normalized: str
    language: Language
    page: Page
    pieces: tuple[Piece, ...]
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def n_units(self) -> int:
        """Length of title and body."""
        return sum(piece.n_units for piece in self.pieces)

    def row(self) -> Mapping[str, object]:
        """Return its row of ``documents``."""
        body = "\n".join(piece.span.of(self.normalized) for piece in self.pieces)
        return {
            "doc_id": self.doc_id,
            "content_sha256": hashlib.sha256(body.encode()).hexdigest(),
            "language": self.language,
            "n_units": self.n_units,
            "unit": UNITS[self.language],
            **self.fields,
        }

    def passage_rows(self) -> Iterator[Mapping[str, object]]:
        """Yield its rows of ``passages``."""
        for number, piece in enumerate(self.pieces):
            yield {
                "doc_id": self.doc_id,
                "passage": number,
                "role": piece.role,
                "section": piece.section,
                "start": piece.span.start,
                "end": piece.span.end,
                "n_units": piece.n_units,
            }

    def removed_rows(self) -> Iterator[Mapping[str, object]]:
        """Yield its rows of ``removed``."""
        for part in self.page.removed:
            text = part.span.of(self.normalized)
            yield {
                "doc_id": self.doc_id,
                "rule": part.rule,
                "text": text,
                "start": part.span.start,
                "end": part.span.end,
            }


def describe(
    path: str,
    original: str,
    encoding: str,
    normalized: str,
    language: Language,
    regions: Regions,
    overrides: Overrides,
) -> Document:
    """
    Describe one document.

    Parameters
    ----------
    path : str
        Relative to the folder, with forward slashes.
    original, normalized : str
        The decoded text and its matched form.
    encoding : str
        What it was decoded with.
    language : {"zh", "en"}
    regions : Regions
    overrides : Overrides

    Returns
    -------
    Document
    """
    page = clean(normalized, language)
    pieces = tuple(passages(normalized, page, language))
    body = "\n".join(span.of(normalized) for span in page.body)
    title = page.title.of(normalized) if page.title else ""
    outlet = "; ".join(dict.fromkeys(map(outlet_name, page.found.get("outlet", ()))))
    clues = Clues(title=title, path=path, outlet=outlet, body=body, language=language)
    dated = _dated(page, title, path)
    placed = locate(clues, regions)
    fields: dict[str, object] = {
        "path": path,
        "title": title or None,
        "encoding": encoding,
        "outlet": outlet or None,
        "republisher": next(iter(page.found.get("republisher", ())), None),
        "institution": classify("institutions", clues),
        "kind": classify("kinds", clues),
        **_date_fields(dated),
        "event_date": event_date(clues.lead, dated),
        **_region_fields(placed, regions),
    }
    fields |= overrides.of(path, regions)
    digest = hashlib.sha256(path.encode()).hexdigest()[:16]
    return Document(digest, original, normalized, language, page, pieces, fields)


def _dated(page: Page, title: str, path: str) -> DateFound | None:
    """Take the date from what the page says of itself, then from its name, then from its title."""
    for written in page.found.get("date", ()):
        found = parse_date(written, source="page header")
        if found is not None:
            return found
    name = normalize(PurePosixPath(path).stem.replace("_", " ")).text
    return parse_date(name, source="file name") or parse_date(title, source="title")


def _date_fields(dated: DateFound | None) -> Mapping[str, object]:
    """Return the date's columns."""
    if dated is None:
        return {"date": None, "date_precision": None, "date_source": "no date found", "year": None}
    return {
        "date": dated.value,
        "date_precision": dated.precision,
        "date_source": dated.source,
        "year": dated.year,
    }


def _region_fields(placed: Placed, regions: Regions) -> Mapping[str, object]:
    """Return the region's columns."""
    region = regions.table.get(placed.code or "")
    return {
        "region_code": placed.code,
        "region_en": region.name_en if region else None,
        "region_zh": region.name_zh if region else None,
        "region_level": region.level if region else None,
        "region_source": placed.source,
    }
