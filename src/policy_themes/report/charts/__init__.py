"""The figures of a study, each one call: ``charts.trend(study)``.

What a folder cannot carry comes back as a chart that says why; nothing here
raises because there are too few documents.
"""

from policy_themes.report.charts.compared import contrast, differences, effects, slope, terms, trends
from policy_themes.report.charts.corpus import agreement, composition, coverage, known, lengths
from policy_themes.report.charts.quoted import concordance, wordings
from policy_themes.report.charts.refusing import labels_of, need
from policy_themes.report.charts.themes import adoption, grid, ladder, regions, surface, tile_pair, tiles, trend
from policy_themes.report.charts.topics import (
    drift,
    predicted,
    theme_topics,
    topic_course,
    topic_effects,
    topic_prevalence,
    topic_quality,
    topic_stability,
    topic_words,
    triangulation,
)

__all__ = [
    "adoption",
    "agreement",
    "composition",
    "concordance",
    "contrast",
    "coverage",
    "differences",
    "drift",
    "effects",
    "grid",
    "known",
    "labels_of",
    "ladder",
    "lengths",
    "need",
    "predicted",
    "regions",
    "slope",
    "surface",
    "terms",
    "theme_topics",
    "tile_pair",
    "tiles",
    "topic_course",
    "topic_effects",
    "topic_prevalence",
    "topic_quality",
    "topic_stability",
    "topic_words",
    "trend",
    "trends",
    "triangulation",
    "wordings",
]
