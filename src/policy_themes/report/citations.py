"""A document's row becomes a reference after GB/T 7714-2015, and nothing is invented for it.

The standard (sections 4 and 8, appendix A) puts elements in a fixed order with
ASCII stops: ``author. title[type/carrier]. publication (date). address``. Of
what a document does not say, an author is left out, as the standard allows
where references are numbered; place, publisher and date are said to be unknown
in square brackets where the type asks for them. A day of access
(``[2023-02-24]``) is never given: the documents are files, and nothing in them
says when somebody fetched them. Names stay as they are written; no surname is
turned to capitals, because nobody knows which part of a name it is.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from policy_themes.lexicon.records import Label

NEWS = ("news", "meeting news")
REPORTS = ("work report",)

NO_TITLE = Label("[title unknown]", "[题名不详]")
NO_PLACE = Label("[S.l.]", "[出版地不详]")
NO_PUBLISHER = Label("[s.n.]", "[出版者不详]")
NO_DATE = Label("[date unknown]", "[日期不详]")
TRANSLATOR = Label("trans", "译")


def reference(row: Any) -> str:  # noqa: ANN401  # a row of a table
    """
    Return a document's reference, in Chinese form for a Chinese document, else in English form.

    Parameters
    ----------
    row : named tuple
        Row of table ``documents``.

    Returns
    -------
    str
        One line. Work reports are R, news with an outlet N, all others EB with
        an address and Z without; ``/OL`` where there is an address.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> known = dict(title="我省部署法治建设", kind="meeting news", reporter="张三", outlet="浙江日报", date="2023-02-24")
    >>> unknown = dict.fromkeys(("issuer", "url", "document_number", "translated_by"))
    >>> reference(Row(language="zh", **known, **unknown))
    '张三. 我省部署法治建设[N]. 浙江日报, 2023-02-24.'
    >>> reference(Row(language="en", **(known | unknown | dict(title=None, kind="notice", reporter=None, outlet=None))))
    '[title unknown][Z]. [S.l.]: [s.n.], 2023-02-24.'
    """
    language = "zh" if row.language == "zh" else "en"
    url = web_address(row.url)
    code = _type(row, online=url is not None)
    date = _flat(row.date)
    parts = [_author(row, code), _title(row, language) + f"[{code}{'/OL' if url else ''}]"]
    # The standard's place of other contributors; a machine is none.
    if row.translated_by and row.translated_by != "machine":
        parts.append(f"{_flat(row.translated_by)}, {getattr(TRANSLATOR, language)}")
    if code == "N":
        parts.append(f"{_flat(row.outlet)}, {date or getattr(NO_DATE, language)}")
    elif url:  # what is online needs neither place nor publisher
        parts.append(f"({date})" if date else getattr(NO_DATE, language))
    else:
        publisher = _flat(row.outlet) or getattr(NO_PUBLISHER, language)
        parts.append(f"{getattr(NO_PLACE, language)}: {publisher}, {date or getattr(NO_DATE, language)}")
    return " ".join(f"{part.removesuffix('.')}." for part in (*parts, url or "") if part)


def web_address(url: str | None) -> str | None:
    """
    Return an address of the web on one line, else None: what is not of the web is no place to look a text up.

    Examples
    --------
    >>> web_address("https://www.gov.cn/a b"), web_address("javascript:alert(1)"), web_address("http://[")
    ('https://www.gov.cn/a%20b', None, None)
    """
    flat = _flat(url).replace(" ", "%20")
    try:
        parts = urlsplit(flat)
    except ValueError:  # a bracket without its fellow
        return None
    return flat if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _type(row: Any, *, online: bool) -> str:  # noqa: ANN401
    """Return the standard's letter for the kind of a document."""
    if row.kind in REPORTS:
        return "R"
    if row.kind in NEWS and row.outlet:
        return "N"
    return "EB" if online else "Z"


def _author(row: Any, code: str) -> str:  # noqa: ANN401
    """
    Return who answers for a text by its own words.

    The column ``institution`` is no name but a class that a rule found, so no
    author is made of it. An outlet answers for what it put on the web itself;
    a newspaper stands after the title.
    """
    named = row.issuer or (row.reporter if row.kind in NEWS else None)
    return _flat(named or (row.outlet if code == "EB" else None))


def _title(row: Any, language: str) -> str:  # noqa: ANN401
    """Return the title, with the number of the document unless it is in it."""
    title, number = _flat(row.title), _flat(row.document_number)
    if not title:
        title = getattr(NO_TITLE, language)
    return title if not number or number in title else f"{title}: {number}"


def _flat(text: str | None) -> str:
    """Return a text as one line."""
    return re.sub(r"\s+", " ", text or "").strip()
