"""Which region a document is about, and who speaks in it, with the reason.

What a document says of itself comes before what it mentions: its title, then
its folder and file name, its outlet, the office that acts in its first
sentences; only then names in the body, and only when there is a single one.
A document that names several provinces and belongs to none stays unknown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import PurePosixPath

from policy_themes.regions import NATIONAL, Place, Regions
from policy_themes.store.yaml_file import mapping, read_yaml
from policy_themes.text.normalize import normalize
from policy_themes.text.sentences import sentences
from policy_themes.text.units import Language

LEAD_SENTENCES = 2
LEAD_CHARACTERS = 400
_OFFICE_ZH = ("省", "市", "自治区", "人民", "特别", "壮族", "回族", "维吾尔")
_OFFICE_EN = (
    " provincial",
    " province",
    " municipal",
    " municipality",
    " autonomous",
    " people's",
    " party",
    " high court",
)


@dataclass(frozen=True)
class Placed:
    """A region code (None: unknown) and the reason for it."""

    code: str | None
    source: str


@dataclass(frozen=True)
class Clues:
    """What a document says of itself, normalised; empty where it says nothing."""

    title: str
    path: str
    outlet: str
    body: str
    language: Language

    @property
    def lead(self) -> str:
        """The first sentences of the body."""
        spans = sentences(self.body[: 3 * LEAD_CHARACTERS], self.language)[:LEAD_SENTENCES]
        return self.body[: min(spans[-1].end, LEAD_CHARACTERS)] if spans else ""


@cache
def _data() -> Mapping[str, object]:
    """Load the phrases."""
    with as_file(files("policy_themes") / "data" / "institutions.yml") as path:
        return mapping(read_yaml(path).content, "institutions.yml")


def _phrases(key: str, language: Language) -> Sequence[str]:
    """Return a list of phrases of the data file."""
    by_language: Mapping[str, Sequence[str]] = _data()[key]  # type: ignore[assignment]
    return by_language[language]


def _first(text: str, phrases: Sequence[str]) -> int:
    """Return where the first of some phrases stands, or a place beyond the text."""
    lowered = text.lower().replace("’", "'")
    return min((place for phrase in phrases if (place := lowered.find(phrase)) >= 0), default=len(text) + 1)


def locate(clues: Clues, regions: Regions) -> Placed:
    """
    Decide a document's region.

    Examples
    --------
    >>> from policy_themes.regions import load_regions
    >>> clues = Clues("", "a.txt", "", "Recently, the Provincial Party Committee met for a safe Shanxi.", "en")
    >>> locate(clues, load_regions())
    Placed(code='140000', source='body')
    """
    language = clues.language
    in_title = regions.find(clues.title, language)
    if len({place.code for place in in_title}) == 1:
        return Placed(in_title[0].code, "title")
    if not in_title and _first(clues.title, _phrases("national", language)) <= len(clues.title):
        return Placed(NATIONAL, "title")
    for source, text in (("path", _path_text(clues.path)), ("outlet", clues.outlet)):
        codes = {place.code for name in ("zh", "en") for place in regions.find(text, name)}
        if len(codes) == 1:
            return Placed(codes.pop(), source)
    return _from_lead(clues, regions) or _from_body(clues, regions)


def _path_text(path: str) -> str:
    """Return the folder and file names as text, without the ending."""
    return normalize(str(PurePosixPath(path).with_suffix("")).replace("/", " ").replace("_", " ")).text


def _from_lead(clues: Clues, regions: Regions) -> Placed | None:
    """Decide by the office that acts in the first sentences."""
    lead, language = clues.lead, clues.language
    offices = [place for place in regions.find(lead, language) if _is_office(lead, place, language)]
    place = offices[0].span.start if offices else len(lead) + 1
    national = _first(lead, _phrases("national", language))
    if min(place, national) > len(lead):
        return None
    provincial = _first(lead, _phrases("provincial", language))
    if provincial < min(place, national):
        return None  # a province speaks, and does not say here which
    return Placed(offices[0].code, "issuer") if place < national else Placed(NATIONAL, "issuer")


def _is_office(text: str, place: Place, language: Language) -> bool:
    """Tell whether a region's name begins the name of an office or is itself one with its rank."""
    after = text[place.span.end : place.span.end + 30]
    if language == "zh":
        return after.startswith(_OFFICE_ZH) or place.span.of(text).endswith(("省", "市", "自治区"))
    return after.lower().replace("’", "'").startswith(_OFFICE_EN)


def _from_body(clues: Clues, regions: Regions) -> Placed:
    """Decide by the only region that the body names; several stay unknown."""
    counts = Counter(place.code for place in regions.find(clues.body, clues.language))
    if not counts:
        return Placed(None, "no region named")
    if len(counts) > 1:
        named = ", ".join(code for code, _ in sorted(counts.items()))
        return Placed(None, f"several regions named: {named}"[:120])
    provincial = _first(clues.body, _phrases("provincial", clues.language)) <= len(clues.body)
    code, count = next(iter(counts.items()))
    if count < 2 and not provincial:
        return Placed(None, f"named once only: {code}")
    return Placed(code, "body")


def classify(key: str, clues: Clues) -> str | None:
    """
    Return the institution that speaks, or the kind of document; None if unknown.

    Parameters
    ----------
    key : {"institutions", "kinds"}
    clues : Clues

    Examples
    --------
    >>> classify("institutions", Clues("全省法院院长会议召开", "", "", "", "zh"))
    'court'
    """
    entries: Sequence[Mapping[str, object]] = _data()[key]  # type: ignore[assignment]
    for text in (clues.title, clues.outlet, clues.lead):
        places = [(_first(text, entry[clues.language]), str(entry["id"])) for entry in entries]  # type: ignore[arg-type]
        place, name = min(places, key=lambda pair: pair[0])
        if place <= len(text):
            return name
    return None


def outlet_name(written: str) -> str:
    """
    Return the name of an outlet as the data file has it.

    Examples
    --------
    >>> outlet_name("http://www.legaldaily.com.cn")
    'Rule of Law Daily (legaldaily.com.cn)'
    """
    known: Mapping[str, str] = _data()["outlets"]  # type: ignore[assignment]
    return next((name for key, name in known.items() if key in written), written)
