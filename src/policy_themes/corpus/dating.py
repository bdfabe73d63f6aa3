"""Which of a document's dates is its date of publication, with all the others on record.

The order is fixed: what the page's header says, what its metadata says, its
address, its file name, the date it was signed, its title. The first that the
calendar has and that does not lie ahead of us is taken; the others stay as
candidates, and where one of them is more than a month away that is noted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import PurePosixPath

from policy_themes.corpus.dates import DateFound, parse_date
from policy_themes.text.normalize import normalize

CHINA = timezone(timedelta(hours=8))
APART = timedelta(days=31)
_URL = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_/]?(?P<m>0[1-9]|1[0-2])[-_/]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)[-/]?(?P<m>0[1-9]|1[0-2])/"),
)
# A report on last year's plan that presents the one of this year.
_REVIEW = re.compile(r"(?<!\d)(?P<past>(?:19|20)\d\d)年[^\d]{0,40}执行情况[^\d]{0,12}(?P<next>(?:19|20)\d\d)年")
_WRITTEN = re.compile(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}|\d{1,2}/\d{1,2}/\d{4}")
_SLASHED = re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>(?:19|20)\d\d)(?![\d/])")


@dataclass(frozen=True)
class Dating:
    """A date of publication, if there is one, all candidates in order, and what was odd."""

    found: DateFound | None
    candidates: tuple[DateFound, ...]
    notes: tuple[str, ...]


def decide(written: Sequence[tuple[str, str]], *, url: str = "", path: str = "", title: str = "") -> Dating:
    """
    Decide the date of publication.

    Parameters
    ----------
    written : sequence of (source, text)
        What header and metadata say, the best first.
    url, path, title : str

    Examples
    --------
    >>> dating = decide([("metadata", "2019-05-01")], url="https://a.cn/art/2021/3/5/art_1.html")
    >>> dating.found.value, [found.value for found in dating.candidates], dating.notes
    ('2019-05-01', ['2019-05-01', '2021-03-05'], ('date_conflict',))
    """
    notes: list[str] = []
    candidates: list[DateFound] = []
    name = normalize(PurePosixPath(path).stem.replace("_", " ")).text
    early = [(source, text) for source, text in written if source != "signed"]
    late = [(source, text) for source, text in written if source == "signed"]
    for source, text in early:
        _add(candidates, notes, _read(text, source, notes))
    _add(candidates, notes, _of_url(url))
    for source, text in (("file name", name), *late, ("title", _newest_part(title))):
        _add(candidates, notes, parse_date(text, source=source) if text else None)
    found = candidates[0] if candidates else None
    if found is not None and any(_apart(found, other) for other in candidates[1:]):
        notes.append("date_conflict")
    return Dating(found, tuple(candidates), tuple(dict.fromkeys(notes)))


def _newest_part(title: str) -> str:
    """
    Return a title from the year that it was written in.

    Examples
    --------
    >>> _newest_part("关于2022年计划执行情况与2023年计划草案的报告")
    '2023年计划草案的报告'
    """
    review = _REVIEW.search(title)
    return title[review.start("next") :] if review and int(review["next"]) == int(review["past"]) + 1 else title


def _add(candidates: list[DateFound], notes: list[str], found: DateFound | None) -> None:
    """Take a candidate unless it lies ahead of us."""
    if found is None:
        return
    if _first_day(found) > datetime.now(UTC).date() + timedelta(days=1):
        notes.append("future_date")
    else:
        candidates.append(found)


def _read(text: str, source: str, notes: list[str]) -> DateFound | None:
    """Read a written date, a time stamp, or a day and month in an order that is certain."""
    if re.fullmatch(r"1\d{9}", text):
        return parse_date(datetime.fromtimestamp(int(text), CHINA).date().isoformat(), source=source)
    slashed = _SLASHED.search(text)
    if slashed:
        first, second, year = int(slashed["a"]), int(slashed["b"]), slashed["y"]
        if first <= 12 and second <= 12 and first != second:
            notes.append("ambiguous_date")
            return None
        day, month = (first, second) if first > 12 else (second, first)
        text = f"{year}-{month:02d}-{day:02d}"
    found = parse_date(text, source=source)
    if found is None and _WRITTEN.search(text):
        notes.append("invalid_date")
    return found


def _of_url(url: str) -> DateFound | None:
    """Read the date in a page's address."""
    path = re.sub(r"^\w+://[^/]+", "", url)
    for pattern in _URL:
        match = pattern.search(path)
        if match:
            parts: Mapping[str, str] = match.groupdict()
            written = "-".join(parts[key] for key in ("y", "m", "d") if key in parts)
            return parse_date(written, source="url", years_alone=False)
    return None


def _first_day(found: DateFound) -> date:
    """Return the first day that a date may mean."""
    parts = [int(part) for part in found.value.split("-")]
    return date(*[*parts, 1, 1][:3])


def _apart(one: DateFound, other: DateFound) -> bool:
    """Tell whether two dates cannot mean about the same time."""
    if "day" == one.precision == other.precision:
        return abs(_first_day(one) - _first_day(other)) > APART
    return (
        one.value[:7] != other.value[:7] if "year" not in (one.precision, other.precision) else one.year != other.year
    )
