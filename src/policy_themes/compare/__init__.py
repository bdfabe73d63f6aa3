"""Themes compared: hits, rates, trends, surfaces, diffusion, evidence, and what lies beside a theme."""

from policy_themes.compare.behind import Cell, CellIndex
from policy_themes.compare.checks.aligned import (
    aligned_texts,
    language_agreement,
    language_leaks,
    renderings,
    synonym_coverage,
)
from policy_themes.compare.checks.languages import language_trends
from policy_themes.compare.checks.lexicon_check import phrase_hits, theme_checks, theme_overlaps
from policy_themes.compare.composition import composition, source_breaks
from policy_themes.compare.differences import differences
from policy_themes.compare.effects import effects, theme_effects
from policy_themes.compare.evidence import evidence, in_order, phrase_evidence
from policy_themes.compare.grid import coverage
from policy_themes.compare.hits import ThemeHits, find_hits
from policy_themes.compare.links import main_topic, theme_topics, theme_weights, triangulate
from policy_themes.compare.over_time.diffusion import adoption, diffusion
from policy_themes.compare.over_time.specifications import specification_summary, specifications
from policy_themes.compare.over_time.surface import corpus_surface, surface
from policy_themes.compare.over_time.trends import corpus_trends
from policy_themes.compare.rates import method_of, rates, rates_of
from policy_themes.compare.regression import Cluster
from policy_themes.compare.summing import Headlines
from policy_themes.compare.tally import Tally, tally
from policy_themes.compare.topic_effects import predicted_topics, topic_effects, topics_of_theme
from policy_themes.compare.topic_question import TopicAnswer, TopicQuestion, answer_topics
from policy_themes.compare.uncertainty.cells import KINDS, IntervalKind, chosen_kind, corpus_rates
from policy_themes.compare.wording.asked import answer
from policy_themes.compare.wording.contrast import contrasts
from policy_themes.compare.wording.question import Compared, Question, compared
from policy_themes.compare.wording.split import split_documents
from policy_themes.compare.wordings import wordings

__all__ = [
    "KINDS",
    "Cell",
    "CellIndex",
    "Cluster",
    "Compared",
    "Headlines",
    "IntervalKind",
    "Question",
    "Tally",
    "ThemeHits",
    "TopicAnswer",
    "TopicQuestion",
    "adoption",
    "aligned_texts",
    "answer",
    "answer_topics",
    "chosen_kind",
    "compared",
    "composition",
    "contrasts",
    "corpus_rates",
    "corpus_surface",
    "corpus_trends",
    "coverage",
    "differences",
    "diffusion",
    "effects",
    "evidence",
    "find_hits",
    "in_order",
    "language_agreement",
    "language_leaks",
    "language_trends",
    "main_topic",
    "method_of",
    "phrase_evidence",
    "phrase_hits",
    "predicted_topics",
    "rates",
    "rates_of",
    "renderings",
    "source_breaks",
    "specification_summary",
    "specifications",
    "split_documents",
    "surface",
    "synonym_coverage",
    "tally",
    "theme_checks",
    "theme_effects",
    "theme_overlaps",
    "theme_topics",
    "theme_weights",
    "topic_effects",
    "topics_of_theme",
    "triangulate",
    "wordings",
]
