"""Who speaks in a document and what kind of document it is: the phrases of ``institutions.yml``."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from policy_themes.corpus.clues import Clues
from policy_themes.store.yaml_file import mapping, read_yaml
from policy_themes.text.units import Language


@cache
def institution_data() -> Mapping[str, Any]:
    """Load the phrases."""
    with as_file(files("policy_themes") / "data" / "institutions.yml") as path:
        return mapping(read_yaml(path).content, "institutions.yml")


def phrases(key: str, language: Language) -> Sequence[str]:
    """Return a list of phrases of the data file."""
    by_language: Mapping[str, Sequence[str]] = institution_data()[key]
    return by_language[language]


def first_of(text: str, phrases: Sequence[str]) -> int:
    """Return where the first of some phrases stands, or a place beyond the text."""
    lowered = text.lower().replace("’", "'")
    return min((place for phrase in phrases if (place := lowered.find(phrase)) >= 0), default=len(text) + 1)


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
    entries: Sequence[Mapping[str, Any]] = institution_data()[key]
    title = _plain(clues.title).lower()
    if key == "institutions":
        return _first_name((title, clues.issuer, clues.outlet, clues.lead, clues.site), entries, clues.language)
    own = [entry for entry in entries if not any(phrase in title for phrase in entry.get("unless", ()))]
    ending = title.rstrip('”"》)） ')
    for entry in own:
        if ending.endswith(tuple(phrase.rstrip("》") for phrase in entry[clues.language])):
            return str(entry["id"])
    # The first sentences of a notice may report a meeting: they are asked only where no title says anything.
    found = _first_name((title, clues.path.rpartition("/")[2], "" if title else clues.lead), own, clues.language)
    return found or ("news" if clues.outlet or clues.dateline or clues.is_page else None)


def _first_name(texts: Sequence[str], entries: Sequence[Mapping[str, Any]], language: Language) -> str | None:
    """Return the entry of which a phrase stands first, in the first text that holds any."""
    for text in texts:
        places = [(first_of(text, entry[language]), str(entry["id"])) for entry in entries]
        place, name = min(places, key=lambda pair: pair[0])
        if place <= len(text):
            return name
    return None


def _plain(title: str) -> str:
    """Return a title without a year in brackets at its end, and without the blanks that space its characters."""
    bare = re.sub(r"[(（](?:19|20)\d\d年?[)）]$", "", title)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))", "", bare)


def outlet_name(written: str) -> str:
    """
    Return the name of an outlet as the data file has it.

    Examples
    --------
    >>> outlet_name("http://www.legaldaily.com.cn")
    'Rule of Law Daily (legaldaily.com.cn)'
    """
    known: Mapping[str, str] = institution_data()["outlets"]
    return next((name for key, name in known.items() if key in written), written)
