"""Themes compared: hits, rates by year and region, evidence, and what lies beside a theme."""

from policy_themes.compare.evidence import evidence, in_order, phrase_evidence
from policy_themes.compare.grid import coverage
from policy_themes.compare.hits import ThemeHits, find_hits
from policy_themes.compare.lexicon_check import phrase_hits, theme_checks, theme_overlaps
from policy_themes.compare.links import main_topic, theme_topics, theme_weights, triangulate
from policy_themes.compare.rates import rates

__all__ = [
    "ThemeHits",
    "coverage",
    "evidence",
    "find_hits",
    "in_order",
    "main_topic",
    "phrase_evidence",
    "phrase_hits",
    "rates",
    "theme_checks",
    "theme_overlaps",
    "theme_topics",
    "theme_weights",
    "triangulate",
]
