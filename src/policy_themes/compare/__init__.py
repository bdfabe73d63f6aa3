"""Themes compared: hits, rates, trends, diffusion, evidence, and what lies beside a theme."""

from policy_themes.compare.cells import KINDS, IntervalKind, corpus_rates
from policy_themes.compare.diffusion import adoption, diffusion
from policy_themes.compare.evidence import evidence, in_order, phrase_evidence
from policy_themes.compare.grid import coverage
from policy_themes.compare.hits import ThemeHits, find_hits
from policy_themes.compare.links import main_topic, theme_topics, theme_weights, triangulate
from policy_themes.compare.rates import rates
from policy_themes.compare.trends import corpus_trends

__all__ = [
    "KINDS",
    "IntervalKind",
    "ThemeHits",
    "adoption",
    "corpus_rates",
    "corpus_trends",
    "coverage",
    "diffusion",
    "evidence",
    "find_hits",
    "in_order",
    "main_topic",
    "phrase_evidence",
    "rates",
    "theme_topics",
    "theme_weights",
    "triangulate",
]
