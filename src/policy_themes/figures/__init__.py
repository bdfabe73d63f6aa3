"""Figures: each a function of tidy tables that returns a `Chart`, and saves nothing."""

from policy_themes.figures.audit import known, lengths
from policy_themes.figures.batch import batched
from policy_themes.figures.chart import Chart, refusal
from policy_themes.figures.composition import composition_map
from policy_themes.figures.concordance import concordance
from policy_themes.figures.course import topic_course
from policy_themes.figures.diffusion import adoption_curve, adoption_ladder
from policy_themes.figures.drift import topic_drift
from policy_themes.figures.forest import difference_forest, effect_forest, trend_forest
from policy_themes.figures.heatmaps import coverage_map, theme_grid, theme_topic_map
from policy_themes.figures.keywords import contrast_plot
from policy_themes.figures.labels import Labels
from policy_themes.figures.languages import agreement_chart
from policy_themes.figures.predicted import predicted_shares
from policy_themes.figures.presets import PRESETS, Preset, printed_for
from policy_themes.figures.quality import topic_quality
from policy_themes.figures.regions import theme_regions
from policy_themes.figures.slope import slope
from policy_themes.figures.stability import topic_stability
from policy_themes.figures.surface import theme_surface
from policy_themes.figures.terms import group_terms
from policy_themes.figures.tilemap import tile_map
from policy_themes.figures.tilemap_pair import N_DOCS, tile_pair
from policy_themes.figures.topics import topic_prevalence, topic_words
from policy_themes.figures.trends import theme_trend
from policy_themes.figures.triangulation import triangulation
from policy_themes.figures.wordings import theme_wordings

__all__ = [
    "N_DOCS",
    "PRESETS",
    "Chart",
    "Labels",
    "Preset",
    "adoption_curve",
    "adoption_ladder",
    "agreement_chart",
    "batched",
    "composition_map",
    "concordance",
    "contrast_plot",
    "coverage_map",
    "difference_forest",
    "effect_forest",
    "group_terms",
    "known",
    "lengths",
    "predicted_shares",
    "printed_for",
    "refusal",
    "slope",
    "theme_grid",
    "theme_regions",
    "theme_surface",
    "theme_topic_map",
    "theme_trend",
    "theme_wordings",
    "tile_map",
    "tile_pair",
    "topic_course",
    "topic_drift",
    "topic_prevalence",
    "topic_quality",
    "topic_stability",
    "topic_words",
    "trend_forest",
    "triangulation",
]
