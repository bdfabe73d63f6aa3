"""What a study's settings say about its topics: which counts, which spec."""

from collections.abc import Collection

import pandas as pd

from policy_themes.config import Settings
from policy_themes.text.units import Language
from policy_themes.tokenize.tokens import Tokens
from policy_themes.topics.fit import default_k
from policy_themes.topics.records import ENGINES, TopicSpec
from policy_themes.vectorize.counts import DocTerm, by_section, count_terms

MIN_DOCS = 2
FREE = 2  # topics without keywords beside those with, at least


def counts_of(
    words: Tokens, language: Language, passages: pd.DataFrame, settings: Settings, *, masked: Collection[str] = ()
) -> DocTerm:
    """
    Count what a topic model is fitted to.

    Parameters
    ----------
    words : Tokens
        Stop words already removed.
    language : {"zh", "en"}
    passages : DataFrame
        Table ``passages``, for the sections.
    settings : Settings
        ``topics.unit`` says what a row is.
    masked : collection of str
        Words that are left out (names).
    """
    unit = settings.topics.unit
    own = {doc_id for doc_id, name in zip(words.doc_ids, words.languages, strict=True) if name == language}
    counts = count_terms(
        words, language, unit="document" if unit == "document" else "passage", min_docs=min(MIN_DOCS, len(own)),
        masked=masked,
    )  # fmt: skip
    return by_section(counts, passages) if unit == "section" else counts


def spec_of(
    settings: Settings, n_units: int, *, k: int | None = None, keywords: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> TopicSpec:
    """
    Return the spec of a fit.

    Examples
    --------
    >>> spec_of(Settings(), 23).k, spec_of(Settings(), 23, k=3).k
    (4, 3)
    """
    chosen = settings.topics
    wanted = k or chosen.k or max(default_k(n_units), len(keywords) + FREE if keywords else 0)
    return TopicSpec(
        k=wanted, engine=chosen.engine, unit=chosen.unit, iterations=chosen.iterations, seed=settings.seed,
        prevalence=None if chosen.engine in ENGINES else chosen.prevalence,
        content=chosen.content if chosen.engine == "structural" else None, keywords=keywords,
    )  # fmt: skip
