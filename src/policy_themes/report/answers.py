"""Comparisons as a notebook shows them: the columns that are read, or one row that says why there are none."""

from collections.abc import Callable
from typing import Literal

import pandas as pd

from policy_themes import topics
from policy_themes.compare import Question, TopicQuestion
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.study import By, Study
from policy_themes.text.units import Language

TREND = ["basis", "measure", "estimate", "low", "high", "p_value", "detectable", "n_years", "n_regions", "note"]
WORDS = ["group", "other", "term", "n_group", "n_other", "n_docs_group", "dispersion", "z", "p_adjusted", "refused"]
THEMES = [
    "group",
    "other",
    "theme",
    "measure",
    "value_group",
    "value_other",
    "difference",
    "n_docs_group",
    "p",
    "q",
    "refused",
]
EFFECTS = ["outcome", "term", "estimate", "low", "high", "p_value", "n_docs", "n_clusters", "note"]
HEAVIEST = 5
PARTS: tuple[Literal["review", "plan"], ...] = ("review", "plan")


def trend(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return how one theme changes over the years, over all documents and with regions held."""
    table = _or_reason(study.trends)
    return table if "refused" in table else table.query("theme == @theme and language == @language")[TREND]


def contrast(study: Study, question: Question, *, language: Language) -> pd.DataFrame:
    """Return the heaviest words of each group in one language."""
    table = _or_reason(lambda: study.contrasts(question))
    if "rank" not in table:
        return table
    return table.query("language == @language and rank <= @HEAVIEST and z > 0")[WORDS]


def difference(study: Study, question: Question, *, language: Language) -> pd.DataFrame:
    """Return by how much the rates of one group's themes differ from the others', the largest differences first."""
    table = _or_reason(lambda: study.differences(question))
    if "theme" not in table:
        return table
    own = table.query("language == @language and value_group + value_other > 0")[THEMES]
    return own.sort_values("difference", key=abs, ascending=False, ignore_index=True)


def middle_year(study: Study, *, language: Language) -> int | None:
    """Return the year from which on half of one language's documents are, or None where none has a year."""
    own = study.corpus.unique.query("language == @language")["year"].dropna()
    return None if own.empty else int(own.astype("int").median())


def parts(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return one theme by year in what work reports review and in what they plan."""

    def both() -> pd.DataFrame:
        found = {}
        for part in PARTS:
            table = study.part(part).rates(by=["year"])
            own = table[(table["theme"] == theme) & (table["language"] == language)]
            found[part] = own.set_index("year")[["n_docs", "n_hits", "rate_per_10k"]]
        return pd.concat(found, axis=1)

    return _or_reason(both)


def surface(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return a theme's rates smoothed over regions and years, or why there are none."""
    return _or_reason(lambda: study.surface(theme, language))


def stability(study: Study, *, language: Language) -> pd.DataFrame:
    """Return which topics other fits find again."""
    return _or_reason(lambda: study.topic_stability(language)[["topic", "terms", "cosine", "jaccard", "npmi", "mark"]])


def exemplars(study: Study, *, language: Language, top: int = 1) -> pd.DataFrame:
    """Return the texts that have most of each topic."""

    def quoted() -> pd.DataFrame:
        table = study.exemplars(language, top=top)
        return table[["topic", "gamma", "text", "path", "start", "end"]]

    return _or_reason(quoted)


def topic_terms(study: Study, *, language: Language, top: int = 8) -> pd.DataFrame:
    """Return the first words of each topic by probability, and by how much they set it apart."""

    def words() -> pd.DataFrame:
        table = topics.topic_terms(study.topics(language), top=10 * top)
        parts = {}
        for name, by in (("most probable", "beta"), ("frequent and exclusive", "frex"), ("relevant", "relevance")):
            ranked = table.sort_values(["topic", by], ascending=[True, False], kind="stable").groupby("topic").head(top)
            parts[name] = ranked.groupby("topic")["term"].agg(" ".join)
        return pd.DataFrame(parts).reset_index()

    return _or_reason(words)


def prevalence(study: Study, *, by: By, language: Language) -> pd.DataFrame:
    """Return the share of the text that each topic is, by year or region, with its interval; of seeded topics those with a theme."""

    def shares() -> pd.DataFrame:
        table = study.topic_prevalence(language, by=by)
        themes = dict(enumerate(study.topics(language).themes, start=1))
        named = table["topic"].map(themes).fillna("").replace("", "free")
        return table.assign(theme=named)[
            ["group", "topic", "theme", "prevalence", "ci_low", "ci_high", "n_docs", "mark"]
        ]

    return _or_reason(shares)


def topic_effects(study: Study, question: TopicQuestion, *, language: Language) -> pd.DataFrame:
    """Return the effect of every term of a formula on topics, or why it cannot be told."""

    def own() -> pd.DataFrame:
        table = study.topic_effects(question).effects
        return table[table["language"] == language][EFFECTS]

    return _or_reason(own)


def keywords(study: Study, *, language: Language) -> pd.DataFrame:
    """Return the keywords of each theme by how they stand in the texts before topics are fitted; absent ones as a number."""

    def marked() -> pd.DataFrame:
        table = study.keyword_shares(language)
        said = table["keyword"] + " (" + table["n"].astype("str") + ")"
        table = table.assign(keywords=said.where(table["n"] > 0, ""), mark=table["mark"].replace("", "sound"))
        grouped = table.groupby(["theme", "mark"], sort=False)["keywords"]
        return grouped.agg(n_keywords="size", keywords=lambda own: " ".join(filter(None, own))).reset_index()

    return _or_reason(marked)


def wording(study: Study, *, language: Language, top: int = 5) -> pd.DataFrame:
    """Return how two groups word the same topics, by a structural model with a content column."""

    def words() -> pd.DataFrame:
        fit = study.topics(language)
        table = topics.topic_wording(fit, (fit.groups[1], fit.groups[0]))
        return table[table["rank"] <= top].drop(columns="language")

    return _or_reason(words)


def _or_reason(asked: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table, or why there is none: in a notebook a refusal is a result."""
    try:
        return asked()
    except (InsufficientDataError, UsageError) as error:
        return pd.DataFrame({"refused": [str(error)]})
