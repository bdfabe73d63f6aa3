"""Names of provinces, prefectures and counties in text, each with the years in which it was in force.

A name that several places share (鼓楼区) is settled by a parent that stands
with it, and by nothing else: one that is not settled stays unknown.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from policy_themes.regions import NATIONAL, Region, Regions
from policy_themes.text.phrases import Phrases
from policy_themes.text.spans import Span, leftmost_longest, stands_alone
from policy_themes.text.units import Language

FIRST, LAST = 1980, 2024
# Short names that are words, streets, schools or persons more often than places.
WORDS = frozenset({"朝阳", "中山", "吉林", "海南", "兴安", "安康", "平安", "和田", "保定", "太平", "长治", "宝山", "开封", "文山",
                   "百色", "来宾", "崇左", "通化", "白银", "黄山", "三明", "大理", "铜陵", "大同", "永州", "自贡", "阿里", "普洱",
                   "海口", "那曲", "海东", "海北", "海西", "黄南", "松江", "嘉定"})  # fmt: skip
NOT_PLACES_EN = frozenset({"Hainan", "Jilin", "Heze", "Aba", "Ili", "Hami", "Dali", "Sanming", "Yulin", "Bose"})
_NOT_AFTER = ("路", "街", "大学", "大道", "中路", "东路", "西路", "南路", "北路", "学院", "饭店", "宾馆", "站", "籍")


@dataclass(frozen=True)
class Place:
    """A place of the table."""

    code: str
    level: str
    name: str
    short: str
    pinyin: str
    parents: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Named:
    """A place named in a text, or several that the name may mean."""

    codes: tuple[str, ...]
    span: Span

    @property
    def code(self) -> str | None:
        """The code, if the name means one place."""
        return self.codes[0] if len(self.codes) == 1 else None


class Gazetteer:
    """
    Finds places in normalised text.

    Parameters
    ----------
    regions : Regions
        The top level. Prefectures and counties are known for the built-in scheme only.

    Examples
    --------
    >>> from policy_themes.regions import load_regions
    >>> places = Gazetteer(load_regions())
    >>> [named.code for named in places.find("浙江省诸暨市与江岸区", "zh")]
    ['330681', '420102']
    >>> places.find("鼓楼区司法局", "zh")[0].code is None
    True
    """

    def __init__(self, regions: Regions) -> None:
        self.regions = regions
        self._names: dict[Language, tuple[Phrases, list[tuple[tuple[str, int, int], ...]]]] = {}

    @property
    def places(self) -> Mapping[str, Sequence[Place]]:
        """Prefectures and counties by code; none where the regions are the user's own."""
        return _table() if "330000" in self.regions.table else {}

    def _build(self, language: Language) -> tuple[Phrases, list[tuple[tuple[str, int, int], ...]]]:
        """Return every name as one set of phrases, and of each its codes with their years."""
        names: dict[str, list[tuple[str, int, int]]] = {}
        for region in self.regions.table.values():
            if region.code != NATIONAL:
                for name in region.aliases:
                    if name.isascii() == (language == "en"):
                        names.setdefault(name, []).append((region.code, 0, 9999))
        for versions in self.places.values():
            for place in versions:
                for name in _written(place, language):
                    if name not in names or all(code != place.code for code, *_ in names[name]):
                        names.setdefault(name, []).append((place.code, place.first, place.last))
        return Phrases(list(names)), [tuple(owners) for owners in names.values()]

    def find(self, text: str, language: Language, year: int | None = None) -> list[Named]:
        """
        Return the places named in a text, the longest name at each place, ancestors joined to what they lead to.

        Parameters
        ----------
        text : str
        language : {"zh", "en"}
        year : int, optional
            Of the document: names that were not in force then are left out.
        """
        if language not in self._names:
            self._names[language] = self._build(language)
        names, known_as = self._names[language]
        when = LAST if year is None else min(max(year, FIRST), LAST)
        owners: dict[Span, tuple[str, ...]] = {}
        for number, start, end in names.find(text):
            span, known = Span(start, end), known_as[number]
            if language == "en" and not stands_alone(text, span):
                continue
            codes = tuple(sorted({code for code, begin, end in known if begin <= when <= end}))
            if not codes and year is None:
                codes = tuple(sorted({code for code, *_ in known}))
            if codes and not text.startswith(_NOT_AFTER, span.end):
                owners[span] = codes
        named = [Named(owners[span], span) for span in leftmost_longest(owners)]
        return self._chained(self._settled(named), text)

    def _settled(self, named: list[Named]) -> list[Named]:
        """Settle names of several places by the parents that the same text names."""
        sure = {item.codes[0] for item in named if len(item.codes) == 1}
        settled = []
        for item in named:
            codes = item.codes
            if len(codes) > 1:
                fitting = tuple(code for code in codes if any(parent in sure for parent in self.parents(code)))
                codes = fitting if len(fitting) == 1 else codes
            settled.append(Named(codes, item.span))
        return settled

    def _chained(self, named: list[Named], text: str) -> list[Named]:
        """Join a place to the one inside it that follows at once: 浙江省绍兴市 is one name, of 绍兴市."""
        chained: list[Named] = []
        for item in named:
            before = chained[-1] if chained else None
            if (
                before is not None
                and before.code
                and item.code
                and before.code in self.parents(item.code)
                and not text[before.span.end : item.span.start].strip(" ,、·")
            ):
                chained[-1] = Named(item.codes, Span(before.span.start, item.span.end))
            else:
                chained.append(item)
        return chained

    def parents(self, code: str) -> tuple[str, ...]:
        """Return the codes of the places in which one lies, the nearest first."""
        versions = self.places.get(code)
        return versions[-1].parents if versions else ()

    def top(self, code: str) -> str:
        """Return the province of a place."""
        return (self.parents(code) or (code,))[-1]

    def widened(self, code: str, level: str) -> str:
        """
        Return the place of a level in which one lies, or the place itself if it is no narrower.

        Parameters
        ----------
        code : str
        level : {"province", "prefecture", "county"}
        """
        if code in self.regions.table:
            return code
        own = self.places.get(code)
        if own is None or level == "county" or own[-1].level == level:
            return code
        if level == "province":
            return self.top(code)
        return next((parent for parent in self.parents(code) if parent in self.places), self.top(code))

    def narrowest(self, codes: Iterable[str]) -> set[str]:
        """Return some codes without those in which another of them lies."""
        own = set(codes)
        return own - {parent for code in own for parent in self.parents(code)}

    def region(self, code: str) -> Region | None:
        """Return a place of any level with its names."""
        known = self.regions.table.get(code)
        if known is not None:
            return known
        versions = self.places.get(code)
        if not versions:
            return None
        place = versions[-1]
        return Region(code, place.level, _english(place), place.name, place.name, (place.name,))


def _written(place: Place, language: Language) -> list[str]:
    """Return the names under which a place is looked for."""
    if language == "en":
        if place.level == "prefecture":
            names = [place.pinyin, f"{place.pinyin} City", f"{place.pinyin} Prefecture"]
            names = names[1:] if place.pinyin in NOT_PLACES_EN or len(place.pinyin) < 5 else names
        else:
            names = [_english(place)]
        # Yan'an is written Yanan and Yan’an as well.
        return list(
            dict.fromkeys(form for name in names for form in (name, name.replace("'", ""), name.replace("'", "’")))
        )
    if place.level != "prefecture":
        return [place.name] if len(place.name) > 2 else []
    names = [place.name]
    if place.name.endswith("自治州"):
        names.append(f"{place.short}州")
    if len(place.short) > 1 and place.short not in WORDS:
        names.append(place.short)
    return names


def _english(place: Place) -> str:
    """Return a place's English name."""
    ranks = {"市": "City", "区": "District", "县": "County", "旗": "Banner", "州": "Prefecture", "盟": "League"}
    return f"{place.pinyin} {ranks.get(place.name[-1], '')}".strip()


@cache
def _table() -> Mapping[str, Sequence[Place]]:
    """Load prefectures and counties by code, the versions of each in the order of time."""
    table: dict[str, list[Place]] = {}
    with (
        as_file(files("policy_themes") / "data" / "places_cn.csv") as path,
        path.open(encoding="utf-8", newline="") as stream,
    ):
        lines = (line for line in stream if not line.startswith("#"))
        for row in csv.DictReader(lines):
            province = row["code"][:2] + "0000"
            parents = tuple(dict.fromkeys(code for code in (row["parent"], province) if code))
            first, last = int(row["first"]), int(row["last"])
            table.setdefault(row["code"], []).append(
                Place(row["code"], row["level"], row["name"], row["short"], row["pinyin"], parents, first, last)
            )
    return {code: sorted(versions, key=lambda place: place.last) for code, versions in table.items()}
