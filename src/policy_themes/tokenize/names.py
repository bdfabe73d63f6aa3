"""Words that are names of places, to be masked where terms are compared.

Without this, what tells Zhejiang's documents from Jiangsu's is 杭州. Names
come from the regions table and, for Chinese, from the place names that jieba's
dictionary marks as such.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from policy_themes.corpus.dates import MONTHS
from policy_themes.regions import Regions
from policy_themes.text.units import WORD, Language

_RANKS = frozenset(
    [
        "province",
        "provincial",
        "city",
        "municipality",
        "region",
        "autonomous",
        "special",
        "administrative",
        "and",
        "of",
        "the",
        "national",
    ]
)

_ENGLISH_NUMBERS = frozenset(
    ["hundred", "thousand", "million", "billion", "trillion", "percent", "percentage", "point", "year", "month", "day", *MONTHS]
)  # fmt: skip


def place_words(regions: Regions, outlets: Iterable[str] = (), vocabulary: Iterable[str] = ()) -> frozenset[str]:
    """
    Return all words that name a place of the scheme, a Chinese place, an outlet, or an office of a place.

    Parameters
    ----------
    regions : Regions
    outlets : iterable of str
        Names of outlets.
    vocabulary : iterable of str
        Words of the corpus; of these, the ones that begin with a region's
        Chinese name (辽宁省委) are names as well.

    Examples
    --------
    >>> from policy_themes.regions import load_regions
    >>> words = place_words(load_regions(), ["Qinghai Daily"])
    >>> "zhejiang" in words, "浙江省" in words, "杭州" in words, "mongolia" in words, "law" in words
    (True, True, True, True, False)
    """
    written = [name for region in regions.table.values() if region.level != "national" for name in region.aliases]
    words: set[str] = set(written)
    for name in written:
        words |= {word.lower() for word in WORD.findall(name)} - _RANKS
    words |= {f"{name}{rank}" for name in written for rank in ("省", "市", "自治区") if not name.isascii()}
    words |= set(outlets)
    chinese = tuple(name for name in written if not name.isascii())
    words |= {word for word in vocabulary if word.startswith(chinese)}
    return frozenset(words) | (_dictionary_words("ns") - {"中国", "中华人民共和国", "祖国"})


def number_words(language: Language) -> frozenset[str]:
    """
    Return words that only count, measure or date; for Chinese those that jieba's dictionary marks so.

    Examples
    --------
    >>> {"三年", "今后", "十", "二季度"} <= number_words("zh"), "法治" in number_words("zh"), "september" in number_words("en")
    (True, False, True)
    """
    return _dictionary_words("m", "q", "mq", "t", "f") if language == "zh" else _ENGLISH_NUMBERS


def in_dictionary(words: Iterable[str]) -> frozenset[str]:
    """
    Return those of some words that jieba's dictionary has.

    Examples
    --------
    >>> sorted(in_dictionary(["法治", "放管服"]))
    ['法治']
    """
    wanted = frozenset(words)
    return wanted.intersection(word for word, _ in _dictionary()) if wanted else wanted


@cache
def _dictionary_words(*tags: str) -> frozenset[str]:
    """Return the words to which jieba's dictionary gives one of some tags (``ns`` place, ``m`` number, ``t`` time)."""
    return frozenset(word for word, tag in _dictionary() if tag in tags)


def _dictionary() -> Iterator[tuple[str, str]]:
    """Yield every word of jieba's dictionary with its tag."""
    with (files("jieba") / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.split()
            yield word, tag
