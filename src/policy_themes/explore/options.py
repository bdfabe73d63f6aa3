"""What a study offers to choose from: themes, years, regions, outlets, institutions, kinds; and the words of the interface."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

import pandas as pd

from policy_themes.explore.prepared import COLUMNS, Prepared
from policy_themes.explore.view import View
from policy_themes.schema import rows
from policy_themes.store.yaml_file import mapping, read_yaml

MOST_VALUES = 400  # of one list


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the words of the interface, both languages of each."""
    with as_file(files("policy_themes") / "data" / "explorer.yml") as path:
        content = mapping(read_yaml(path).content, "explorer.yml")
    return {key: {name: str(text) for name, text in mapping(value, key).items()} for key, value in content.items()}


def options(prepared: Prepared) -> Mapping[str, object]:
    """
    Return what can be chosen in a study.

    Parameters
    ----------
    prepared : Prepared
    """
    study = prepared.study
    documents = prepared.documents
    years = documents["year"].dropna()
    return {
        "title": study.settings.title,
        "folder": study.folder.resolve().name,
        "n_docs": len(documents),
        "languages": {language: int((documents["language"] == language).sum()) for language in study.languages},
        "years": [int(years.min()), int(years.max())] if len(years) else [],
        "themes": _themes(prepared),
        "featured": {language: study.featured(language) for language in study.languages},
        "regions": _regions(prepared),
        **{name: _values(documents[name]) for name in COLUMNS},
        "collected": study.settings.collected,
        "n_unknown": {
            "year": int(documents["year"].isna().sum()), "region": int(documents["region_code"].isna().sum())
        },
        "view": dict(View(language=next(iter(study.languages), "zh")).content()),
        "words": words(),
    }  # fmt: skip


def _themes(prepared: Prepared) -> list[Mapping[str, object]]:
    """Return every theme with its names, its parts, and how many documents of each language have it."""
    study = prepared.study
    table = prepared.counted.headlines
    total = {(row.theme, row.language): row.n_docs_with_theme for row in rows(study.rates(by=(), interval="none"))}
    return [
        {
            "id": theme.id,
            "en": theme.label.en,
            "zh": theme.label.zh,
            "facets": [{"id": facet.id, "en": facet.label.en, "zh": facet.label.zh} for facet in theme.facets],
            "n": {language: total.get((theme.id, language), 0) for language in study.languages},
            "headline": {language: table.get((language, theme.id, ""), "rate") for language in study.languages},
            "phrases": {language: list(theme.count.of(language))[:200] for language in study.languages},
        }
        for theme in study.lexicon.themes
    ]


def _regions(prepared: Prepared) -> list[Mapping[str, object]]:
    """Return the regions that have documents, with how many."""
    regions = prepared.study.regions
    counts = prepared.documents["region_code"].value_counts().sort_index()
    return [
        {"code": str(code), "en": regions.name(str(code), "en"), "zh": regions.name(str(code), "zh"), "n": int(n)}
        for code, n in counts.items()
    ]


def _values(column: pd.Series) -> list[list[object]]:
    """Return the values of a column and how often each stands there, the most frequent first."""
    counts = column.dropna().value_counts()
    order = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
    return [[str(value), int(n)] for value, n in order[:MOST_VALUES]]
