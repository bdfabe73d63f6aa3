"""A question about topics to a whole study: every language by itself, and what its documents allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from policy_themes.compare.effects import withheld
from policy_themes.compare.regression import Cluster
from policy_themes.compare.topic_effects import checked, predicted_topics, topic_effects
from policy_themes.compare.uncertainty.jackknife import Link
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, PolicyThemesError, UsageError
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.formula import parse_formula
from policy_themes.text.units import Language
from policy_themes.topics.records import TopicFit
from policy_themes.topics.refits import Identified, identified


@dataclass(frozen=True)
class TopicQuestion:
    """
    What is asked of topics.

    Attributes
    ----------
    outcome : str
        ``topic:3``, or ``theme-topics:`` and a theme.
    formula : str
    cluster : {"year", "outlet"} or None
        None: outlets in a sample, else years.
    link : {"identity", "logit"}
    k : int or None
        Number of topics.
    predict : bool
        Whether shares are predicted too.
    """

    outcome: str
    formula: str
    cluster: Cluster | None = None
    link: Link = "identity"
    k: int | None = None
    predict: bool = False


@dataclass(frozen=True)
class TopicAnswer:
    """Tables ``effects`` and ``predicted``, the second empty where it was not asked for."""

    effects: pd.DataFrame
    predicted: pd.DataFrame


class Asked(Protocol):
    """What a study must know to answer."""

    settings: Settings

    @property
    def corpus(self) -> Corpus:
        """The documents."""

    @property
    def lexicon(self) -> Lexicon:
        """The themes."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages of the documents."""

    @property
    def topics(self) -> Callable[..., TopicFit]:
        """The topic model of a language."""

    @property
    def topic_stability(self) -> Callable[..., pd.DataFrame]:
        """Which of the topics other fits find again."""

    @property
    def topics_of(self) -> Callable[..., list[int]]:
        """The topics that an outcome names."""


def without_size(table: pd.DataFrame, known: Identified) -> pd.DataFrame:
    """
    Leave out of effects or predicted shares what other fits of the same topics would not confirm.

    Parameters
    ----------
    table : DataFrame
        Table ``effects`` or ``predicted`` of proportions.
    known : Identified

    Returns
    -------
    DataFrame
        The same table; where no size is identified, without estimates and intervals,
        and ``note`` says why and, if that can be said, whether there is more or less.
    """
    if known.what == "size":
        return table
    more = table["estimate"].astype(float).map(lambda value: "; more" if value > 0 else "; less" if value < 0 else "")
    said = more if "p_value" in table and known.what == "direction" else ""
    before = pd.Series([f"; {note}" if isinstance(note, str) else "" for note in table["note"]], index=table.index)
    table = table.assign(estimate=np.nan, low=np.nan, high=np.nan, note=known.why + said + before)
    return table.assign(p_value=np.nan) if "p_value" in table and known.what == "nothing" else table


def answer_topics(study: Asked, question: TopicQuestion) -> TopicAnswer:
    """
    Answer a question about topics, each language by itself.

    Raises
    ------
    UsageError
        If the formula is none, or what is asked for is not there in any language.
    InsufficientDataError
        If no language has documents enough.
    """
    parse_formula(question.formula)
    cluster: Cluster = question.cluster or ("outlet" if study.settings.collected == "search" else "year")
    theme = question.outcome.partition(":")[2]
    found: list[pd.DataFrame] = []
    predicted: list[pd.DataFrame] = []
    lacking: PolicyThemesError = InsufficientDataError("There are no documents.")
    for language in study.languages:
        try:
            fit = study.topics(language, k=question.k)
            chosen = checked(fit, study.topics_of(language, question.outcome, k=question.k))
            given = (fit, study.corpus.unique, question.formula, {question.outcome: chosen})
            tables = [topic_effects(*given, cluster=cluster, link=question.link, seed=study.settings.seed)]
            if question.predict:
                tables.append(predicted_topics(*given, seed=study.settings.seed))
            known = identified(study.topic_stability(language, k=question.k), fit, chosen)
            for made, table in zip((found, predicted), tables, strict=False):
                made.append(without_size(withheld(table, study.settings, study.lexicon, theme=theme), known))
        except (InsufficientDataError, UsageError) as error:  # the other language may do
            lacking = error
    if not found:
        raise lacking
    return TopicAnswer(
        conform(pd.concat(found), "effects"), conform(pd.concat(predicted) if predicted else [], "predicted")
    )
