"""One file's text → one described document: where, when, who, and its passages."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policy_themes.corpus.clean import Page, Parts, clean
from policy_themes.corpus.clues import Clues
from policy_themes.corpus.dates import DateFound, event_date
from policy_themes.corpus.dating import decide
from policy_themes.corpus.extract.records import Extracted
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.institutions import classify, outlet_name
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.passages import COUNTED, Piece, passages
from policy_themes.corpus.places import Placed, locate
from policy_themes.corpus.points import Point, find_points, mismatches
from policy_themes.corpus.sections import report_parts
from policy_themes.corpus.translations import MACHINE, translated_by_machine, translated_from
from policy_themes.text.normalize import Normalized, OffsetMap, normalize, script_of
from policy_themes.text.units import UNITS, Language

_NUMBER = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{1,12}[〔\[(【](?:19|20)\d\d[〕\])】] ?第? ?\d{1,5} ?号")
_LINK = re.compile(r"(?:原文链接|原文地址|原文网址|阅读原文|Original link) ?: ?(https?://[^\s\u4e00-\u9fff]{4,500})")
_CHINESE_DATE = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
_ENGLISH_DATE = r"[A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d|\d{1,2} [A-Z][a-z]{2,8} (?:19|20)\d\d"
_SIGNATURE = re.compile(
    rf"(?:^|\n)[^\n。.]{{0,40}}?(?P<date>{_CHINESE_DATE}|{_ENGLISH_DATE}|(?:19|20)\d\d年(?:\d{{1,2}}月)?(?=\s*\Z)) ?(?:\n|$)"
)


@dataclass(frozen=True)
class Document:
    """A document as it goes into the tables."""

    doc_id: str
    original: str
    normalized: str
    language: Language
    page: Page
    pieces: tuple[Piece, ...]
    points: tuple[Point, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def n_units(self) -> int:
        """Length of title and body."""
        return sum(piece.n_units for piece in self._counted)

    @property
    def _counted(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.role in COUNTED]

    def row(self) -> Mapping[str, object]:
        """Return its row of ``documents``."""
        body = "\n".join(piece.span.of(self.normalized) for piece in self._counted)
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
                "part": piece.part,
                "point": piece.point,
                "language": piece.language,
            }

    def point_rows(self) -> Iterator[Mapping[str, object]]:
        """Yield its rows of ``points``."""
        found = Counter(point.list for point in self.points)
        for point in self.points:
            yield {
                "doc_id": self.doc_id,
                "list": point.list,
                "point": point.number,
                "style": point.style,
                "label": point.label,
                "announced": point.announced,
                "found": found[point.list],
                "start": point.span.start,
                "end": point.span.end,
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
    item: Extracted,
    original: str,
    normalized: Normalized,
    language: Language,
    gazetteer: Gazetteer,
    overrides: Overrides,
) -> Document:
    """
    Describe one document.

    Parameters
    ----------
    path : str
        Relative to the folder, with forward slashes.
    item : Extracted
        What the format says of it.
    original : str
        The decoded text.
    normalized : Normalized
        Its matched form.
    language : {"zh", "en"}
    gazetteer : Gazetteer
    overrides : Overrides

    Returns
    -------
    Document
    """
    text, offsets = normalized.text, normalized.offsets
    head = None if item.head is None else offsets.normalized(item.head)
    content = None if item.content is None else offsets.normalized(item.content)
    page = clean(text, language, Parts(item.titled, head, content))
    said = {role: normalize(value).text for role, value in item.said.items()}
    body = "\n".join(span.of(text) for span in page.body)
    title = page.title.of(text) if page.title else ""
    written = [*page.found.get("outlet", ()), *_values(page.said, "outlet"), *_values(said, "outlet")]
    outlet = "; ".join(dict.fromkeys(map(outlet_name, written)))
    number = document_number(page.said.get("number", "") or text[: max(600, head or 0)])
    link = said.get("url") or next((match[1] for match in _LINK.finditer(text)), "")
    dating = decide(_written_dates(page, said, body), url=link, path=path, title=title)
    session = " ".join(part.span.of(text) for part in page.removed if part.rule in ("session_line", "date_in_brackets"))
    clues = Clues(
        title=title,
        path=path,
        outlet=outlet,
        body=body,
        language=language,
        issuer=page.said.get("issuer", "") or session,
        number=number,
        site=said.get("republisher") or _site(said.get("page_title", ""), title),
        region=said.get("region", ""),
        dateline=" ".join(part.span.of(text) for part in page.removed if part.rule == "correspondent"),
        year=dating.found.year if dating.found else None,
        is_page=item.format == "html",
    )
    placed = locate(clues, gazetteer)
    kind = classify("kinds", clues)
    points = find_points(text, page.body, language)
    institution = classify("institutions", clues)
    parts = None
    if kind == "work report":
        parts = report_parts(text, page.body, clues.year, of_government=institution == "government")
    pieces = tuple(passages(text, page, language, points, parts))
    odd = ["mixed_language"] if any(piece.role == "other_language" for piece in pieces) else []
    fields: dict[str, object] = {
        "path": path,
        "title": _quoted(page, original, offsets) or None,
        "encoding": item.encoding,
        "issuer": page.said.get("issuer"),
        "outlet": outlet or None,
        "republisher": next(iter(page.found.get("republisher", ())), None) or clues.site or None,
        "institution": institution,
        "kind": kind,
        **_date_fields(dating.found),
        "event_date": event_date(session or clues.lead, dating.found),
        **_region_fields(placed, gazetteer),
        "format": item.format,
        "record": item.record,
        "document_number": number or None,
        "reporter": page.said.get("reporter"),
        "url": link or None,
        "date_candidates": "; ".join(dict.fromkeys(f"{found.value} ({found.source})" for found in dating.candidates))
        or None,
        "script": script_of(original) if language == "zh" else None,
        "translated_by": MACHINE if translated_by_machine(text) else page.said.get("translator"),
        "original_language": translated_from(text),
        "notes": "; ".join(dict.fromkeys([*item.notes, *dating.notes, *odd, *mismatches(points)])) or None,
    }
    fields |= overrides.of(path, gazetteer)
    identity = f"{path}\n{item.record}" if item.record else path
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return Document(digest, original, text, language, page, pieces, points, fields)


def _quoted(page: Page, original: str, offsets: OffsetMap) -> str:
    """Return the title as it is written, on one line."""
    if page.title is None:
        return ""
    written = offsets.span(page.title.start, page.title.end).of(original)
    return " ".join(re.sub(r"(?<=[\u4e00-\u9fff])\s*\n\s*(?=[\u4e00-\u9fff])", "", written).split())


def _values(said: Mapping[str, str], role: str) -> list[str]:
    """Return the value of a role as a list."""
    return [said[role]] if said.get(role) else []


def _written_dates(page: Page, said: Mapping[str, str], body: str) -> list[tuple[str, str]]:
    """Return what header, column, metadata and signature say of the date, the best first."""
    found = (
        [("column", said["date"])] if said.get("date") and "page_title" not in said and "og_title" not in said else []
    )
    found += [("page header", value) for value in _values(page.said, "date")]
    found += [("page header", value) for value in page.found.get("date", ())]
    found += [("metadata", said[role]) for role in ("date", "date_json", "date_script") if said.get(role)]
    found += [("signed", value) for value in _values(page.said, "signed")]
    signature = _SIGNATURE.search(body[-400:])
    if signature:
        found.append(("signed", signature["date"]))
    return found


def document_number(text: str) -> str:
    r"""
    Return the first document number of a text.

    Examples
    --------
    >>> document_number("江苏省人民政府办公厅文件\n苏政办发〔2023〕15号\n关于…")
    '苏政办发〔2023〕15号'
    """
    match = _NUMBER.search(text)
    return match.group() if match else ""


def _site(page_title: str, title: str) -> str:
    """Return the name of the site that follows the article's title in the page's title."""
    bare = page_title.replace(title, "").strip(" -_|—–:") if title else ""
    parts = re.split(r"[|_—–]|-{1,2}", bare)
    return parts[-1].strip()[:60] if bare and len(parts[-1].strip()) > 2 else ""


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


def _region_fields(placed: Placed, gazetteer: Gazetteer) -> Mapping[str, object]:
    """Return the region's columns."""
    region = gazetteer.region(placed.code or "")
    return {
        "region_code": placed.code,
        "region_en": region.name_en if region else None,
        "region_zh": region.name_zh if region else None,
        "region_level": region.level if region else None,
        "region_source": placed.source,
    }
