"""Tables of any size, made up: as many regions and years as a figure may have to show, and names that nobody would choose."""

import hashlib

import numpy as np
import pandas as pd

from policy_themes.config import Labels as Mode
from policy_themes.figures import Labels
from policy_themes.lexicon import Lexicon, Theme, load_lexicon
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.regions import Region, Regions, load_regions
from policy_themes.schema import conform

SIZES = (1, 5, 34, 200)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "a $\\frac{1}{$ b",
    "modernization of everything and of what comes after it, " * 6,
    "平安🙂中国\U00020bb7",
    "\u202eright to left\u200f\u2066 法治",
    "two\nlines\tand {braces} & <b>",
)
TILES = 15


def region_scheme(n: int, names: tuple[str, ...] = ()) -> Regions:
    """Return so many regions: the divisions of China if they are enough, else a grid of others; with names if given."""
    real = [region for code, region in sorted(load_regions().table.items()) if code != "000000"][:n]
    table = {region.code: region for region in real}
    if n > len([region for region in real if region.tile]) or names:
        table = {}
        for number in range(n):
            code = f"{number:06d}"
            en, zh = (names[number % len(names)],) * 2 if names else (f"Region {number}", f"地区{number}")
            table[code] = Region(code, "province", en, zh, zh, (), f"R{number}", divmod(number, TILES))
    return Regions(table)


def names(n_regions: int, mode: Mode, *, hostile: bool = False) -> Labels:
    """Return the names of so many regions and of the built-in themes, or hostile ones of all."""
    if not hostile:
        return Labels(mode, load_lexicon(), region_scheme(n_regions))
    themes = tuple(Theme(f"t{at}", Label(name, name), Phrases(zh=("x",))) for at, name in enumerate(HOSTILE))
    return Labels(mode, Lexicon(themes, "hostile"), region_scheme(n_regions, HOSTILE))


def drawn_by_lot(*parts: object) -> float:
    """Return a number from 0 to 1 that hangs on the parts alone."""
    return int(hashlib.sha256(repr(parts).encode()).hexdigest()[:8], 16) / 16**8


def rates(labels: Labels, *, year: int | None = None, sampled: bool = True) -> pd.DataFrame:
    """Return ``theme_rates`` by region: a rate and a share, a zero, a gap, an interval around each."""
    records = []
    for place, theme in enumerate(labels.lexicon.ids[:2]):
        share = place == 1
        for number, code in enumerate(labels.regions.table):
            value = 0.0 if number % 7 == 5 else drawn_by_lot(theme, code) * (1 if share else 50)
            gap = number % 11 == 10
            rate, part = (None, None) if gap else (value, min(value, 1.0))
            records.append(
                {"theme": theme, "region_code": code, "region_en": labels.region_label(code).en, "year": year,
                 "language": "zh", "unit": "han", "n_docs": 0 if gap else 20 + number, "n_docs_with_theme": 0, "few_regions": False,
                 "n_hits": 0 if gap or not value else 9, "n_units": 9_999, "headline": "share" if share else "rate",
                 "rate_per_10k": rate, "low": rate, "high": None if gap else rate * 1.3,
                 "share_docs": part, "share_low": part, "share_high": part, "n_regions": 1, "n_fixed_regions": 0,
                 "mark": "absent" if gap else "value" if value else "zero", "method": "m",
                 "ci_low": None if gap or not sampled else rate * 0.6, "ci_high": None if gap or not sampled else rate * 1.8,
                 "share_ci_low": None if gap or not sampled else part * 0.6,
                 "share_ci_high": None if gap or not sampled else min(part * 1.8, 1.0),
                 "interval": "95 %: rate gamma; share Wilson" if sampled else "none: all documents of their kind (E0)"}
            )  # fmt: skip
    return conform(records, "theme_rates")


def wordings(labels: Labels, *, by: str, n_years: int = 1, n_terms: int = 14, hostile: bool = False) -> pd.DataFrame:
    """Return ``wordings`` of the first theme: every third one wide, every eighth group without documents."""
    groups = [str(1950 + year) for year in range(n_years)] if by == "year" else list(labels.regions.table)
    terms = list(HOSTILE) if hostile else [f"社会治理提法{at}" for at in range(n_terms)]
    records = []
    for number, group in enumerate(groups):
        absent = number % 8 == 7
        hits = [0 if absent else int(drawn_by_lot(group, term) * 40) for term in terms]
        records += [
            {"theme": labels.lexicon.ids[0], "by": by, "group": group, "language": "zh", "term": term,
             "scope": "wide" if at % 3 == 2 else "narrow", "n_hits": n, "n_theme": sum(hits),
             "share": n / sum(hits) if sum(hits) else None, "n_docs_term": n, "n_docs": 0 if absent else 40}
            for at, (term, n) in enumerate(zip(terms, hits, strict=True))
        ]  # fmt: skip
    return conform(records, "wordings")


def evidence(
    labels: Labels, n: int, *, n_years: int = 1, language: str = "zh", text: str = "推进社会治理现代化，"
) -> pd.DataFrame:
    """Return so many rows of ``evidence`` over some years, every fifth inside an excluded context, some of no year."""
    codes = list(labels.regions.table)
    records = [
        {"doc_id": f"d{at}", "theme": labels.lexicon.ids[0], "term": "法治", "sentence": text, "left": text * (at % 9),
         "match": "rule of law" if language == "en" else "法治", "right": text * (at % 7), "start": at, "end": at + 2,
         "year": None if at % 13 == 12 else 1950 + at % n_years, "region_code": codes[at % len(codes)] if at % 3 else None,
         "path": f"{text}/{at}.txt", "language": language, "counted": at % 5 != 4,
         "excluded_by": f"高水平{text}" if at % 5 == 4 else None}
        for at in range(n)
    ]  # fmt: skip
    return conform(records, "evidence")


def prevalence(labels: Labels, *, by: str, n_years: int = 1, n_topics: int = 12) -> pd.DataFrame:
    """Return ``topic_prevalence``: every other topic not found again."""
    groups = [str(1950 + year) for year in range(n_years)] if by == "year" else list(labels.regions.table)
    records = [
        {"by": by, "group": group, "topic": topic, "prevalence": (value := 0.3 * drawn_by_lot(group, topic)), "n_docs": 26,
         "n_passages": 99, "method": "m", "language": "zh", "ci_low": value * 0.5, "ci_high": value * 1.5, "interval": "95 %: made up",
         "mark": "unstable" if topic % 2 else "stable"}
        for group in groups for topic in range(1, n_topics + 1)
    ]  # fmt: skip
    return conform(records, "topic_prevalence")


def stability(n_topics: int, words: str = "社会 治理 现代化 法治 平安") -> pd.DataFrame:
    """Return ``topic_stability`` of so many topics, and of the same text with its words dealt out anew."""
    cosines = np.linspace(0.2, 0.99, n_topics)
    records = [
        {"language": "zh", "engine": "tomotopy", "k": n_topics, "text": text, "topic": at + 1, "terms": words, "cosine": value,
         "jaccard": 0.5, "npmi": 0.1, "exclusivity": 0.5, "n_seeds": 3, "mark": "stable" if value >= 0.9 else "unstable"}
        for text in ("as it is", "shuffled") for at, value in enumerate(cosines)
    ]  # fmt: skip
    return conform(records, "topic_stability")
