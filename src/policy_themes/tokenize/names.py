"""Words that are names of places, to be masked where terms are compared.

Without this, what tells Zhejiang's documents from Jiangsu's is 杭州. Names
come from the regions table and, for Chinese, from the place names that jieba's
dictionary marks as such.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from policy_themes.regions import Regions
from policy_themes.text.units import WORD

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
    return frozenset(words) | _dictionary_places()


@cache
def _dictionary_places() -> frozenset[str]:
    """Return the words that jieba's dictionary marks as places (tag ``ns``), the country itself left out."""
    text = (files("jieba") / "dict.txt").read_text(encoding="utf-8")
    return frozenset(row.split(" ", 1)[0] for row in text.splitlines() if row.endswith(" ns")) - {
        "中国",
        "中华人民共和国",
        "祖国",
    }
