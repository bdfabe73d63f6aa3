"""A question about topics to a whole study: every language by itself, and what its documents allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from policy_themes.compare.effects import withheld
from policy_themes.compare.regression import Cluster
from policy_themes.compare.topic_effects import predicted_topics, topic_effects
from policy_themes.compare.uncertainty.jackknife import Link
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, PolicyThemesError, UsageError
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.formula import parse_formula
from policy_themes.text.units import Language
from policy_themes.topics.records import TopicFit


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
    def topics_of(self) -> Callable[..., list[int]]:
        """The topics that an outcome names."""


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
            outcomes = {question.outcome: study.topics_of(language, question.outcome, k=question.k)}
            given = (fit, study.corpus.unique, question.formula, outcomes)
            found.append(topic_effects(*given, cluster=cluster, link=question.link, seed=study.settings.seed))
            if question.predict:
                predicted.append(predicted_topics(*given, seed=study.settings.seed))
        except (InsufficientDataError, UsageError) as error:  # the other language may do
            lacking = error
    if not found:
        raise lacking
    tables = {"effects": found, "predicted": predicted}
    made = {
        name: conform(withheld(pd.concat(parts), study.settings, study.lexicon, theme=theme) if parts else [], name)
        for name, parts in tables.items()
    }
    return TopicAnswer(made["effects"], made["predicted"])
