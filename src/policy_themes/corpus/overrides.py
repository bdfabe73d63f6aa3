"""The user's corrections of metadata: a csv that wins over everything and is recorded as such."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from policy_themes.corpus.dates import parse_date
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.errors import UsageError, closest

COLUMNS = (
    "path",
    "date",
    "region_code",
    "title",
    "outlet",
    "institution",
    "kind",
    "translation_of",
    "original_language",
    "translated_by",
)


@dataclass(frozen=True)
class Overrides:
    """Corrections by path."""

    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def check(self, gazetteer: Gazetteer) -> None:
        """
        Refuse a correction that is none.

        Raises
        ------
        UsageError
        """
        for path in self.rows:
            self.of(path, gazetteer)

    def of(self, path: str, gazetteer: Gazetteer) -> Mapping[str, object]:
        """Return the columns of ``documents`` that the user set for a path."""
        row = self.rows.get(path, {})
        fields: dict[str, object] = {name: value for name, value in row.items() if name not in ("date", "region_code")}
        if "date" in row:
            found = parse_date(row["date"], source="override")
            if found is None:
                raise UsageError(f"overrides: the date {row['date']!r} of {path} is none.", hint="Write 2021-03-20.")
            fields |= {
                "date": found.value,
                "date_precision": found.precision,
                "date_source": "override",
                "year": found.year,
            }
        if "region_code" in row:
            region = gazetteer.region(row["region_code"])
            if region is None:
                raise UsageError(
                    f"overrides: the region {row['region_code']!r} of {path} is unknown.",
                    hint=f"Use a code of the regions table, such as {next(iter(gazetteer.regions.table))}.",
                )
            fields |= {
                "region_code": region.code,
                "region_en": region.name_en,
                "region_zh": region.name_zh,
                "region_level": region.level,
                "region_source": "override",
            }
        return fields


def load_overrides(path: Path | None) -> Overrides:
    """
    Read a table of corrections; empty cells correct nothing.

    Raises
    ------
    UsageError
        If it is no UTF-8 csv, lacks ``path`` or has a column that is unknown.
    """
    if path is None:
        return Overrides()
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path.name} is not a UTF-8 csv: {error}.", hint="Save it as CSV UTF-8.") from error
    names = list(reader.fieldnames or [])
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or "path" not in names:
        what = f"has the unknown column `{unknown[0]}`" if unknown else "lacks the column `path`"
        hint = closest(unknown[0], COLUMNS) if unknown else ""
        raise UsageError(f"{path.name} {what}.", hint=f"{hint} Columns: {', '.join(COLUMNS)}.".strip())
    return Overrides({row["path"]: {k: v for k, v in row.items() if v and k != "path"} for row in rows})
