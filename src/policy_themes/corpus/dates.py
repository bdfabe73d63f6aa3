"""Dates as they are written, with their precision and where they were found.

A date is a value (ISO, perhaps partial), a precision and a source. It is taken
from what the page says of itself, in a fixed order, and from nothing else:
never from today, never from the file's time stamp. What cannot be a day of the
calendar, or lies after the newest year that is plausible, is no date.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
EARLIEST, LATEST = 1900, 2100

_FORMS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})年 ?(?P<m>\d{1,2})月 ?(?P<d>\d{1,2})[日号]"),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"\b(?P<n>{_NAMES})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?, ?(?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<n>{_NAMES})\.?,? (?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})年 ?(?P<m>\d{1,2})月(?! ?\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})(?![\d-])"),
    re.compile(rf"\b(?P<n>{_NAMES})\.?,? (?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:年|(?!\d))"),
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_ZH_NUMBER = re.compile(
    r"[〇○零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,3}月)?(?:[一二三四五六七八九十]{1,3}[日号])?"
)
_ON_EN = r"\b(?:on|held on|today|\()(?: the (?:morning|afternoon|evening) of)?,? ?\(?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? \(?)?"
_EVENT_EN = (
    re.compile(rf"{_ON_EN}(?P<n>{_NAMES})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?(?:to|-|–) ?\d)", re.I),
    re.compile(rf"{_ON_EN}(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<n>{_NAMES})\b", re.I),
)
_EVENT_ZH = re.compile(r"(?<![\d年])(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?! ?(?:至|-|到|—))")


@dataclass(frozen=True)
class DateFound:
    """
    A date, or a part of one.

    Attributes
    ----------
    value : str
        ``2021-03-20``, ``2021-03`` or ``2021``.
    precision : {"day", "month", "year"}
    source : str
        The rule that found it.
    """

    value: str
    precision: str
    source: str

    @property
    def year(self) -> int:
        """The year."""
        return int(self.value[:4])


def parse_date(text: str, *, source: str, years_alone: bool = True) -> DateFound | None:
    """
    Read the first date in a short text.

    Parameters
    ----------
    text : str
        Normalised.
    source : str
        Recorded in the result.
    years_alone : bool, default True
        Whether a bare year counts.

    Examples
    --------
    >>> parse_date("14:00, March 20, 2021 Source: Qinghai Daily", source="dateline")
    DateFound(value='2021-03-20', precision='day', source='dateline')
    >>> parse_date("二〇二一年三月", source="title").value
    '2021-03'
    >>> parse_date("2023-02-29", source="dateline") is None
    True
    """
    text = _ZH_NUMBER.sub(lambda match: _arabic(match.group()), text)
    for form in _FORMS[: None if years_alone else -1]:
        for match in form.finditer(text):
            found = _valid(match.groupdict(), source)
            if found is not None:
                return found
        if form.search(text) and form is not _FORMS[-1] and "d" in form.groupindex:
            return None  # a full date that no calendar has is not a year either
    return None


def _arabic(chinese: str) -> str:
    """Write a date in Chinese numerals with digits: 二〇二一年十二月 → 2021年12月."""
    year, rest = chinese.split("年", 1)
    number = re.compile(r"[一二三四五六七八九十]+")
    return year.translate(_DIGITS) + "年" + number.sub(lambda match: str(_small(match.group())), rest)


def _small(chinese: str) -> int:
    """Read a Chinese numeral below one hundred."""
    tens, ten, ones = chinese.rpartition("十")
    if not ten:
        return int(chinese.translate(_DIGITS))
    return 10 * (int(tens.translate(_DIGITS)) if tens else 1) + (int(ones.translate(_DIGITS)) if ones else 0)


def _valid(parts: Mapping[str, str | None], source: str) -> DateFound | None:
    """Return the date of matched parts if the calendar has it."""
    year = int(parts["y"] or 0)
    name = parts.get("n")
    month = MONTHS[name.lower()] if name else int(parts.get("m") or 0)
    day = int(parts.get("d") or 0)
    written_zero = (parts.get("m") and not month) or (parts.get("d") and not day)
    if not EARLIEST <= year <= LATEST or written_zero:
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return DateFound(f"{year}-{month:02d}-{day:02d}", "day", source)
    return DateFound(f"{year}-{month:02d}", "month", source) if month else DateFound(str(year), "year", source)


def event_date(lead: str, published: DateFound | None) -> str | None:
    """
    Read the day of the event that a page reports, its year taken from the page's own date.

    Examples
    --------
    >>> event_date("On the afternoon of January 14th, the Ministry", DateFound("2024-01-15", "day", "dateline"))
    '2024-01-14'
    >>> event_date("12月30日，会议召开", DateFound("2024-01-02", "day", "dateline"))
    '2023-12-30'
    """
    match = next((found for form in _EVENT_EN if (found := form.search(lead))), None) or _EVENT_ZH.search(lead)
    if match is None or published is None or published.precision != "day":
        return None
    parts = match.groupdict()
    month = MONTHS[parts["n"].lower()] if parts.get("n") else int(parts["m"])
    year = int(parts.get("y") or published.year)
    try:
        event = date(year, month, int(parts["d"]))
        if not parts.get("y") and event > date.fromisoformat(published.value):
            event = event.replace(year=year - 1)
    except ValueError:
        return None
    return event.isoformat() if event <= date.fromisoformat(published.value) else None
