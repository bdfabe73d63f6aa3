"""Themes compared: hits, rates by year and region, evidence, and what lies beside a theme."""

from policy_themes.compare.aligned import aligned_texts, language_agreement, language_leaks, renderings
from policy_themes.compare.evidence import evidence, in_order, phrase_evidence
from policy_themes.compare.grid import coverage
from policy_themes.compare.hits import ThemeHits, find_hits
from policy_themes.compare.languages import language_trends
from policy_themes.compare.lexicon_check import phrase_hits, theme_checks, theme_overlaps
from policy_themes.compare.links import main_topic, theme_topics, theme_weights, triangulate
from policy_themes.compare.rates import rates

__all__ = [
    "ThemeHits",
    "aligned_texts",
    "coverage",
    "evidence",
    "find_hits",
    "in_order",
    "language_agreement",
    "language_leaks",
    "language_trends",
    "main_topic",
    "phrase_evidence",
    "phrase_hits",
    "rates",
    "renderings",
    "theme_checks",
    "theme_overlaps",
    "theme_topics",
    "theme_weights",
    "triangulate",
]
