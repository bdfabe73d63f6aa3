"""Regions as a table: codes, and names in both languages."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from policy_themes.errors import UsageError, closest
from policy_themes.text.normalize import normalize
from policy_themes.text.units import Language

NATIONAL = "000000"
REQUIRED = ("code", "name_en", "name_zh")


@dataclass(frozen=True)
class Region:
    """
    One region: code, level, names for figures, and all names it is written under.

    ``sign`` is its shortest Latin name (of its ISO code), ``tile`` its row and column in a schematic map, if it has them.
    """

    code: str
    level: str
    name_en: str
    name_zh: str
    short_zh: str
    aliases: tuple[str, ...]
    sign: str = ""
    tile: tuple[int, int] | None = None


@dataclass(frozen=True)
class Regions:
    """
    A region scheme.

    Examples
    --------
    >>> load_regions().name("610000", "en")
    'Shaanxi'
    """

    table: Mapping[str, Region]

    def name(self, code: str | None, language: Language) -> str:
        """Return a region's name for figures; unknown is said."""
        region = self.table.get(code or "")
        if region is None:
            return "unknown" if language == "en" else "未知"
        return region.name_en if language == "en" else region.short_zh

    def code(self, name: str) -> str:
        """
        Return the code of a region given by code or by any of its names.

        Raises
        ------
        UsageError
            If there is none.

        Examples
        --------
        >>> load_regions().code("Shaanxi")
        '610000'
        """
        for region in self.table.values():
            if name in (region.code, *region.aliases):
                return region.code
        known = [region.name_en for region in self.table.values()]
        raise UsageError(
            f"The region {name!r} is unknown. {closest(name, known)}".strip(), hint=f"Known: {', '.join(known)}."
        )


def load_regions(user: Path | None = None) -> Regions:
    """
    Load the built-in provinces of China, or a table of the user's own.

    Parameters
    ----------
    user : Path, optional
        A csv with columns ``code, name_en, name_zh`` and, if wanted, ``level,
        short_zh, pinyin, iso, aliases_en, aliases_zh, tile_row, tile_column``
        (aliases split by ``|``; tiles place the regions in a schematic map).

    Raises
    ------
    UsageError
        If the file lacks a column or gives one name to two regions.
    """
    if user is not None:
        return _read(user)
    with as_file(files("policy_themes") / "data" / "regions.csv") as path:
        return _read(path)


def _read(path: Path) -> Regions:
    """Read one table of regions."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path.name} is not a UTF-8 csv: {error}.", hint="Save it as CSV UTF-8.") from error
    seen = list(rows[0]) if rows else []
    missing = [name for name in REQUIRED if name not in seen]
    if missing:
        raise UsageError(
            f"{path.name} lacks the column(s) {', '.join(missing)}.",
            hint=f"It has: {', '.join(seen) or 'no row'}; needed: {', '.join(REQUIRED)}.",
        )
    table = {region.code: region for region in map(_region, rows)}
    owners: dict[str, str] = {}
    for region in table.values():
        for name in region.aliases:
            if owners.setdefault(name, region.code) != region.code:
                raise UsageError(
                    f"{path.name} gives the name {name!r} to {owners[name]} and to {region.code}.",
                    hint="Leave it with one of them.",
                )
    return Regions(table)


def _region(row: Mapping[str, str | None]) -> Region:
    """Build one region from its row."""

    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    written = [cell("name_en"), cell("name_zh"), cell("short_zh"), cell("pinyin")]
    written += cell("aliases_en").split("|") + cell("aliases_zh").split("|")
    names = tuple(dict.fromkeys(normalize(name).text for name in written if name.strip()))
    level = cell("level") or ("national" if cell("code") == NATIONAL else "region")
    place = (cell("tile_row"), cell("tile_column"))
    tile = (int(place[0]), int(place[1])) if all(part.isascii() and part.isdigit() for part in place) else None
    sign = cell("iso").rpartition("-")[2]
    return Region(
        cell("code"), level, cell("name_en"), cell("name_zh"), cell("short_zh") or cell("name_zh"), names, sign, tile
    )
