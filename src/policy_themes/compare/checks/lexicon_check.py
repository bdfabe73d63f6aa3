"""What a lexicon catches in a folder: by phrase, between themes, and what hangs on a single phrase."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import pandas as pd

from policy_themes.compare.hits import ThemeHits, find_hits, headline
from policy_themes.corpus.records import Corpus
from policy_themes.lexicon.pattern import expand
from policy_themes.lexicon.records import Lexicon, Phrases, Theme
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES, Language

# A theme that fewer documents of a kind have is not what such documents are about; of fewer documents nothing is said.
HARDLY, ENOUGH = 0.10, 20


def phrase_hits(corpus: Corpus, hits: ThemeHits, lexicon: Lexicon) -> pd.DataFrame:
    """
    Count what each phrase catches, copies left out.

    Returns
    -------
    DataFrame
        Table ``phrase_hits``: one row for each theme, language and phrase that
        occurs, wide facets apart, and one for each pattern that catches nothing.
    """
    places = _own(corpus, hits)
    parts = ["theme", "language", "facet", "term"]
    records = []
    totals = places[places["counted"]].groupby(["theme", "language", "facet"]).size()
    patterns = {(theme.id, language): _patterns(theme, language) for theme in lexicon.themes for language in LANGUAGES}
    caught = set()
    for key, group in places.groupby(parts, sort=True):
        theme, language, facet, term = cast("tuple[str, Language, str, str]", key)
        mine = group[group["counted"]]
        pattern = patterns[theme, language].get((facet, term))
        caught.add((theme, language, facet, pattern))
        total = int(totals.get((theme, language, facet), 0))
        records.append(
            {
                "theme": theme,
                "language": language,
                "phrase": term,
                "pattern": pattern,
                "facet": facet or None,
                "n_hits": len(mine),
                "n_removed": len(group) - len(mine),
                "share": len(mine) / total if total else None,
                "n_docs": mine["doc_id"].nunique(),
                "first_year": mine["year"].min(),
                "last_year": mine["year"].max(),
            }
        )
    spoken = set(places["language"])
    for (theme, language), known in patterns.items():
        for facet, pattern in dict.fromkeys((facet, pattern) for (facet, _), pattern in known.items()):
            if language in spoken and (theme, language, facet, pattern) not in caught:
                records.append({"theme": theme, "language": language, "pattern": pattern, "facet": facet or None,
                                "n_hits": 0, "n_removed": 0, "n_docs": 0})  # fmt: skip
    order = {theme: number for number, theme in enumerate(lexicon.ids)}
    table = conform(records, "phrase_hits")
    keys = table.assign(_theme=table["theme"].map(order), _wide=table["facet"].notna(), _pattern=table["pattern"])
    sorted_keys = keys.sort_values(
        ["_theme", "language", "_wide", "n_hits", "n_removed", "phrase", "_pattern"],
        ascending=[True, True, True, False, False, True, True],
    )
    return table.loc[sorted_keys.index].reset_index(drop=True)


def _own(corpus: Corpus, hits: ThemeHits) -> pd.DataFrame:
    """Return the hits outside copies, with language, year and kind; ``facet`` names a wide one, else ""."""
    documents = corpus.unique[["doc_id", "language", "year", "kind"]]
    places = hits.places.merge(documents, on="doc_id", how="inner")
    places["counted"] = places["excluded"].eq("")
    wide = places["wide"].astype(bool)
    places["facet"] = [facets[0] if mine else "" for facets, mine in zip(places["facets"], wide, strict=True)]
    return places


def _patterns(theme: Theme, language: Language) -> dict[tuple[str, str], str]:
    """Return, for every phrase of the headline ("") and of the wide facets, the pattern of the file it stems from."""
    definition = cast("Mapping[str, Any]", theme.definition)
    near = [pattern for item in definition.get("near", []) for pattern in item["phrases"].get(language, [])]
    written = {"": [*definition.get("count", {}).get(language, []), *near]}
    for facet in definition.get("facets", []):
        if facet.get("scope") == "wide":
            written[facet["id"]] = facet.get(language, [])
    found: dict[tuple[str, str], str] = {}
    for facet_id, patterns in written.items():
        for pattern in patterns:
            form = normalize(pattern).text
            for phrase in expand(form.lower() if language == "en" else form):
                found.setdefault((facet_id, phrase), pattern)
    return found


def theme_overlaps(corpus: Corpus, hits: ThemeHits) -> pd.DataFrame:
    """
    Count how many hits of one theme share text with a hit of another, copies left out.

    Returns
    -------
    DataFrame
        Table ``theme_overlaps``, the largest share first.
    """
    places = headline(_own(corpus, hits))
    totals = places.groupby(["theme", "language"]).size()
    shared: Counter[tuple[str, str, str]] = Counter()
    columns = (places[name].tolist() for name in ("doc_id", "start", "end", "theme", "language"))
    for _, group in groupby(sorted(zip(*columns, strict=True)), key=itemgetter(0)):
        met: dict[tuple[int, int, str], tuple[str, set[str]]] = {}
        hits_here = [(start, end, theme, language) for _, start, end, theme, language in group]
        for number, (start, end, theme, language) in enumerate(hits_here):
            for later_start, later_end, other, _ in hits_here[number + 1 :]:
                if later_start >= end:
                    break
                met.setdefault((start, end, theme), (language, set()))[1].add(other)
                met.setdefault((later_start, later_end, other), (language, set()))[1].add(theme)
        for (_, _, theme), (language, others) in met.items():
            shared.update((theme, language, other) for other in others)
    records = [
        {"theme": theme, "other": other, "language": language, "n_shared": count,
         "share": count / int(totals[theme, language])}
        for (theme, language, other), count in shared.items()
    ]  # fmt: skip
    table = conform(records, "theme_overlaps")
    return table.sort_values(["share", "theme", "other"], ascending=[False, True, True], ignore_index=True)


def theme_checks(corpus: Corpus, hits: ThemeHits, lexicon: Lexicon, phrases: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up each theme: how much of it there is, what hangs on its strongest phrase, where it is no subject.

    Parameters
    ----------
    corpus, hits, lexicon
    phrases : DataFrame
        Table ``phrase_hits`` of these.

    Returns
    -------
    DataFrame
        Table ``theme_checks``: one row for each theme and language.
    """
    spoken = phrases[phrases["facet"].isna() & phrases["phrase"].notna()]
    first = spoken.drop_duplicates(["theme", "language"])
    strongest = {(row.theme, row.language): row for row in rows(first) if row.n_hits}
    weakened = Lexicon(tuple(_without(theme, strongest) for theme in lexicon.themes), lexicon.version)
    with_all, without = _counts(corpus, hits), _counts(corpus, find_hits(corpus, weakened))
    removed = spoken.groupby(["theme", "language"])["n_removed"].sum()
    records = []
    for theme in lexicon.ids:
        for language in sorted(set(corpus.unique["language"])):
            key = (theme, language)
            own, rest, top = with_all.get(key), without.get(key), strongest.get(key)
            records.append(
                {
                    "theme": theme,
                    "language": language,
                    "n_hits": own.n_hits if own else 0,
                    "n_removed": int(removed.get(key, 0)),
                    "n_docs": own.n_docs if own else 0,
                    "first_year": own.first_year if own else None,
                    "last_year": own.last_year if own else None,
                    "strongest": top.phrase if top else None,
                    "share_strongest": top.share if top else None,
                    "n_hits_without": (rest.n_hits if rest else 0) if top else None,
                    "n_docs_without": (rest.n_docs if rest else 0) if top else None,
                    "first_year_without": rest.first_year if rest else None,
                    "no_subject_of": _no_subject(corpus, hits, theme, language),
                }
            )
    return conform(records, "theme_checks")


def _without(theme: Theme, strongest: Mapping[tuple[str, str], object]) -> Theme:
    """Return a theme without its strongest phrase in each language."""
    dropped = {language: getattr(strongest.get((theme.id, language)), "phrase", None) for language in LANGUAGES}

    def rest(phrases: Phrases) -> Phrases:
        return Phrases(*(tuple(p for p in phrases.of(name) if p != dropped[name]) for name in ("zh", "en")))

    near = tuple(replace(item, phrases=rest(item.phrases)) for item in theme.near)
    return replace(theme, count=rest(theme.count), near=near)


class _Count:
    """Hits of one theme in one language."""

    def __init__(self, group: pd.DataFrame) -> None:
        self.n_hits, self.n_docs = len(group), int(group["doc_id"].nunique())
        self.first_year, self.last_year = group["year"].min(), group["year"].max()


def _counts(corpus: Corpus, hits: ThemeHits) -> dict[tuple[str, str], _Count]:
    """Count the headline of each theme and language."""
    places = headline(_own(corpus, hits))
    return {cast("tuple[str, str]", key): _Count(group) for key, group in places.groupby(["theme", "language"])}


def _no_subject(corpus: Corpus, hits: ThemeHits, theme: str, language: str) -> str | None:
    """Name the kinds of document, of which there are enough, that hardly have a theme."""
    documents = corpus.unique[corpus.unique["language"] == language]
    table = hits.table
    holding = set(table.loc[table["theme"].eq(theme) & table["facet"].isna() & table["n_hits"].gt(0), "doc_id"])
    said = []
    for kind, group in documents.groupby("kind", sort=True):
        n_with = int(group["doc_id"].isin(holding).sum())
        if len(group) >= ENOUGH and n_with < HARDLY * len(group):
            said.append(f"{kind} ({n_with} of {len(group)})")
    return ", ".join(said) or None
