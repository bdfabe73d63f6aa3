"""Themes compared: hits, rates by year and region, evidence, and what lies beside a theme."""

from policy_themes.compare.asked import answer
from policy_themes.compare.contrast import contrasts
from policy_themes.compare.evidence import evidence, in_order, phrase_evidence
from policy_themes.compare.grid import coverage
from policy_themes.compare.hits import ThemeHits, find_hits
from policy_themes.compare.links import main_topic, theme_topics, theme_weights, triangulate
from policy_themes.compare.question import Compared, Question, compared
from policy_themes.compare.rates import rates
from policy_themes.compare.split import split_documents

__all__ = [
    "Compared",
    "Question",
    "ThemeHits",
    "answer",
    "compared",
    "contrasts",
    "coverage",
    "evidence",
    "find_hits",
    "in_order",
    "main_topic",
    "phrase_evidence",
    "rates",
    "split_documents",
    "theme_topics",
    "theme_weights",
    "triangulate",
]
