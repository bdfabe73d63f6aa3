"""The political calendar as a table: what makes one year unlike the next for reasons of its own.

A report of a congress year, of a change of term or of the first year of a plan
has words that come with the occasion; figures mark these years, so that like is
compared with like.
"""

import csv
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from policy_themes.errors import UsageError

REQUIRED = ("year", "event", "sign_en", "sign_zh", "name_en", "name_zh")


@dataclass(frozen=True)
class Occasion:
    """One year of one kind of event, with the sign that figures give it."""

    year: int
    event: str
    sign_en: str
    sign_zh: str
    name_en: str
    name_zh: str


def load_calendar(user: Path | None = None) -> tuple[Occasion, ...]:
    """
    Load the built-in calendar of China, or one of the user's own.

    Parameters
    ----------
    user : Path, optional
        A csv with the columns ``year, event, sign_en, sign_zh, name_en, name_zh``;
        lines that begin with ``#`` are remarks.

    Returns
    -------
    tuple of Occasion
        By year; several in one year in the order of the file.

    Raises
    ------
    UsageError
        If the file is no such table.

    Examples
    --------
    >>> [occasion.event for occasion in load_calendar() if occasion.year == 2018]
    ['term', 'plenum']
    """
    if user is not None:
        return _read(user)
    with as_file(files("policy_themes") / "data" / "calendar.csv") as path:
        return _read(path)


def _read(path: Path) -> tuple[Occasion, ...]:
    """Read one calendar."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not a UTF-8 csv: {error}.", hint="Save it as CSV UTF-8.") from error
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    missing = [name for name in REQUIRED if any(not row.get(name) for row in rows) or not rows]
    wrong = [row["year"] for row in rows if not missing and not (row["year"].isdigit() and len(row["year"]) == 4)]
    if missing or wrong:
        said = f"lacks {', '.join(missing)} in some row" if missing else f"has a year {wrong[0]!r}"
        raise UsageError(
            f"{path.name} {said}.", hint=f"Every row needs: {', '.join(REQUIRED)}; a year has four digits."
        )
    found = (Occasion(int(row["year"]), *(row[name].strip() for name in REQUIRED[1:])) for row in rows)
    return tuple(sorted(found, key=lambda occasion: occasion.year))
