"""All tables of a study under their names."""

from collections.abc import Mapping

import pandas as pd

from policy_themes import compare, topics
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.report.catalogue import BOTH
from policy_themes.schema import conform
from policy_themes.study import Study
from policy_themes.text.units import Language

TOPIC_TABLES = (
    "topic_terms", "doc_topics", "topic_prevalence", "theme_topics", "exemplars", "topic_stability", "topic_correlations", "topic_names",
)  # fmt: skip


def study_tables(study: Study) -> Mapping[str, pd.DataFrame]:
    """
    Return the tables of a report by name.

    Returns
    -------
    mapping of str to DataFrame
        Tables that need more than the folder has are there without rows.
    """
    return {**word_tables(study), **all_topic_tables(study)}


def word_tables(study: Study) -> Mapping[str, pd.DataFrame]:
    """Return those of `study_tables` that need no topics."""
    tables: dict[str, pd.DataFrame] = {
        "documents": study.corpus.documents,
        "ledger": study.corpus.ledger,
        "removed": study.corpus.removed,
        "recall": study.tokens.recall,
        "near_misses": study.near_misses,
        "forced_cuts": study.tokens.forced_cuts,
        "coverage": compare.coverage(study.corpus.documents),
        "theme_hits": study.hits.table,
        "theme_rates": all_rates(study),
        "evidence": study.evidence(),
    }
    weights = [table for language in study.languages for table in _terms(study, language)]
    tables["term_weights"] = conform(pd.concat(weights) if weights else [], "term_weights")
    return tables


def all_topic_tables(study: Study) -> Mapping[str, pd.DataFrame]:
    """Return those of `study_tables` that need topics, without rows where there are none."""
    try:
        return topic_tables(study)
    except InsufficientDataError:
        return {name: conform([], name) for name in TOPIC_TABLES}


def topic_tables(study: Study, *, k: int | None = None) -> dict[str, pd.DataFrame]:
    """
    Return the topic tables of every language that has enough passages.

    Raises
    ------
    InsufficientDataError
        If none has.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    file = study.settings.file("topic_names")
    names = topics.read_names(file) if file else None
    failures: list[InsufficientDataError] = []
    for language in study.languages:
        try:
            fit = study.topics(language, k=k)
        except InsufficientDataError as error:
            failures.append(error)
            continue
        found = [
            ("topic_terms", topics.topic_terms(fit)),
            ("doc_topics", topics.doc_topics(fit)),
            *(("topic_prevalence", study.topic_prevalence(language, by=by, k=k)) for by in BOTH),
            ("theme_topics", links := study.theme_topics(language, k=k)),
            ("topic_stability", study.topic_stability(language, k=k)),
            ("exemplars", study.exemplars(language, k=k)),
            ("topic_correlations", topics.topic_correlations(fit)),
            ("topic_names", topics.topic_names(fit, links, names)),
        ]
        for name, table in found:
            parts.setdefault(name, []).append(table)
    if not parts:
        raise failures[0]
    return {name: conform(pd.concat(parts[name]), name) for name in TOPIC_TABLES}


def engine_tables(study: Study, *, k: int | None = None, drop_one: str | None = None) -> dict[str, pd.DataFrame]:
    """Return what only some engines have: how groups word topics; shares of keywords, and what hangs on each."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for language in study.languages:
        try:
            fit = study.topics(language, k=k)
        except InsufficientDataError:  # `topic_tables` says so
            continue
        pairs = [(group, fit.groups[0]) for group in fit.groups[1:]]
        for pair in pairs:
            parts.setdefault("topic_wording", []).append(topics.topic_wording(fit, pair))
        if fit.themes:
            parts.setdefault("keyword_shares", []).append(study.keyword_shares(language))
        if drop_one in fit.themes:
            parts.setdefault("keyword_influence", []).append(study.keyword_influence(language, drop_one, k=k))
    if drop_one and "keyword_influence" not in parts:
        raise UsageError(f"No topic began with `{drop_one}`.", hint="`themes` in study.yml says which themes do.")
    return {name: conform(pd.concat(tables), name) for name, tables in parts.items()}


def all_rates(study: Study) -> pd.DataFrame:
    """Return the rates of the whole corpus, by year, by region and by both, in one table, facets included."""
    groupings = [[], ["year"], ["region_code"], ["year", "region_code"]]
    rates = [study.rates(by=by, facets=len(by) < 2) for by in groupings]
    return conform(pd.concat([table for table in rates if len(table)]), "theme_rates")


def _terms(study: Study, language: Language) -> list[pd.DataFrame]:
    """Return the weighted terms of one language."""
    try:
        return [study.term_weights(language, by=by) for by in BOTH]
    except InsufficientDataError:
        return []
