"""Which region a document is about, and who speaks in it, with the reason.

What a document says of itself comes before what it mentions: its title, then
its issuer, document number, folder and file name, outlet and site, the office
that acts in its first sentences; only then names in the body, and only when
there is a single one. A document that names several provinces and belongs to
none stays unknown, and so does a name that several places share.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from policy_themes.corpus.clues import Clues
from policy_themes.corpus.gazetteer import Gazetteer, Named
from policy_themes.corpus.institutions import first_of, institution_data, phrases
from policy_themes.regions import NATIONAL
from policy_themes.text.normalize import normalize
from policy_themes.text.units import Language

_OFFICE_ZH = ("省", "市", "自治区", "人民", "特别", "壮族", "回族", "维吾尔", "委", "政法", "司法", "公安", "检察", "法院",
              "中级", "高级", "党委", "政府", "各级", "州", "区", "县")  # fmt: skip
_OFFICE_EN = (
    " provincial", " province", " municipal", " municipality", " autonomous", " people's", " party", " high court",
    " city", " county", " district", " department", " bureau", " public security", " intermediate", " political",
    " special administrative",
)  # fmt: skip
OPENING = 600
_VISIT = re.compile(r"赴|前往|走进|\bvisits?\b|experience of")
_VENUE = re.compile(r"^在[\u4e00-\u9fff]{2,10}(?:召开|举行|举办|开幕|闭幕)")
_WHOLE = re.compile(r"全省|全区|省委|省政府|自治区")
_SPEAKER = re.compile(r"代表(?P<place>[\u4e00-\u9fff]{2,12}?)(?:第[^,。]{1,4}届)?人民政府")
_DATELINE = re.compile(r"^(?:\S{0,10}(?:社|报|网))?(?P<place>[\u4e00-\u9fff]{2,6}?)\d{1,2}月\d{1,2}日(?:电|讯|消息)")


@dataclass(frozen=True)
class Placed:
    """A region code (None: unknown) and the reason for it."""

    code: str | None
    source: str


def locate(clues: Clues, gazetteer: Gazetteer) -> Placed:
    """
    Decide a document's region.

    Examples
    --------
    >>> from policy_themes.regions import load_regions
    >>> clues = Clues("", "a.txt", "", "Recently, the Provincial Party Committee met for a safe Shanxi.", "en")
    >>> locate(clues, Gazetteer(load_regions()))
    Placed(code='140000', source='body')
    """
    language = clues.language
    given = gazetteer.regions.table.get(clues.region)
    if given is not None:
        return Placed(given.code, "column")
    for source, text in (("column", clues.region), ("title", clues.title), ("issuer", clues.issuer)):
        placed = _from_name(source, text, language, gazetteer, clues.year)
        if placed is not None:
            return placed
    prefix = _number_region(clues.number)
    if prefix is not None:
        return Placed(prefix, "document number")
    for source, text in (("path", _path_text(clues.path)), ("outlet", clues.outlet), ("site", clues.site)):
        named = [item for name in ("zh", "en") for item in gazetteer.find(text, name, clues.year)]
        code = _single(named, gazetteer)
        if code is not None:
            return Placed(code, source)
    return _from_lead(clues, gazetteer) or _from_dateline(clues, gazetteer) or _from_body(clues, gazetteer)


def _from_name(source: str, text: str, language: Language, gazetteer: Gazetteer, year: int | None) -> Placed | None:
    """Decide by a title or the name of an issuer: the office that it begins with, or the only place in it."""
    if not text:
        return None
    visited = _VISIT.search(text)
    named = gazetteer.find(text[: visited.start()] if visited else text, language, year)
    # 全省…会议在南昌召开: the town is where they met.
    venues = [item for item in named if _VENUE.search(text[max(0, item.span.start - 1) : item.span.end + 6])]
    if venues and len(venues) == len(named):
        code = venues[0].code
        return Placed(gazetteer.top(code), source) if code and _WHOLE.search(text) else None
    named = [item for item in named if item not in venues]
    ministry = first_of(text, phrases("ministries", language))
    first = named[0].span.start if named else len(text) + 1
    if ministry <= len(text) and ministry < first:
        return Placed(NATIONAL, source)
    code = _single(named, gazetteer)
    if code is not None:
        return Placed(code, source)
    if not named and first_of(text, phrases("national", language)) <= len(text):
        return Placed(NATIONAL, source)
    if named and named[0].code and named[0].span.start < 3 and _is_office(text, named[0], language):
        return Placed(named[0].code, source)
    return None


def _single(named: Sequence[Named], gazetteer: Gazetteer) -> str | None:
    """Return the one place that some names mean, the narrowest where one lies in another."""
    sure = gazetteer.narrowest(item.code for item in named if item.code)
    open_names = [item for item in named if item.code is None]
    if len(sure) != 1 or any(not _inside(item, next(iter(sure)), gazetteer) for item in open_names):
        return None
    return next(iter(sure))


def _inside(item: Named, code: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a name of several places may mean one that lies in the given place, or the place itself."""
    return any(code == other or code in gazetteer.parents(other) for other in item.codes)


def _number_region(number: str) -> str | None:
    """Return the region of a document number: 苏政办发〔2023〕15号 is of 江苏."""
    prefixes: Mapping[str, str] = institution_data()["number_prefixes"]
    for length in (3, 2, 1):
        code = prefixes.get(number[:length])
        if code is not None:
            return code
    return None


def _path_text(path: str) -> str:
    """Return the folder and file names as text, without the ending."""
    return normalize(str(PurePosixPath(path).with_suffix("")).replace("/", " ").replace("_", " ")).text


def _from_lead(clues: Clues, gazetteer: Gazetteer) -> Placed | None:
    """Decide by the office that acts in the first sentences."""
    lead, language = clues.lead, clues.language
    speaker = _SPEAKER.search(clues.body[:OPENING])
    spoken = _single(gazetteer.find(speaker["place"], language, clues.year), gazetteer) if speaker else None
    if spoken is not None:
        return Placed(spoken, "issuer")
    named = gazetteer.find(lead, language, clues.year)
    offices = [item for item in named if item.code and _is_office(lead, item, language)]
    place = offices[0].span.start if offices else len(lead) + 1
    national = first_of(lead, phrases("national", language))
    if min(place, national) > len(lead):
        return None
    provincial = first_of(lead, phrases("provincial", language))
    if provincial < min(place, national):
        return None  # a province speaks, and does not say here which
    return Placed(offices[0].code, "issuer") if place < national else Placed(NATIONAL, "issuer")


def _from_dateline(clues: Clues, gazetteer: Gazetteer) -> Placed | None:
    """Decide by where a report was filed: from a capital, it is about the province."""
    match = _DATELINE.search(clues.dateline)
    named = gazetteer.find(match["place"], clues.language, clues.year) if match else []
    code = _single(named, gazetteer)
    if code is None:
        return None
    return Placed(gazetteer.top(code) if code[2:] == "0100" else code, "dateline")


def _is_office(text: str, item: Named, language: Language) -> bool:
    """Tell whether a region's name begins the name of an office or is itself one with its rank."""
    after = text[item.span.end : item.span.end + 30]
    if language == "zh":
        return after.startswith(_OFFICE_ZH) or item.span.of(text).endswith(("省", "市", "自治区", "县", "区", "州"))
    return after.lower().replace("’", "'").startswith(_OFFICE_EN)


def _from_body(clues: Clues, gazetteer: Gazetteer) -> Placed:
    """Decide by the only province that the body names; several stay unknown."""
    named = [item for item in gazetteer.find(clues.body, clues.language, clues.year) if item.code]
    counts = Counter(gazetteer.top(item.code) for item in named if item.code)
    if not counts:
        return Placed(None, "no region named")
    if len(counts) > 1:
        listed = ", ".join(code for code, _ in sorted(counts.items()))
        return Placed(None, f"several regions named: {listed}"[:120])
    provincial = first_of(clues.body, phrases("provincial", clues.language)) <= len(clues.body)
    code, count = next(iter(counts.items()))
    if count < 2 and not provincial:
        return Placed(None, f"named once only: {code}")
    return Placed(code, "body")
