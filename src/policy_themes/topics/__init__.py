"""Topics: what the words say when no theme is asked for."""

from policy_themes.topics.ahead import Begun
from policy_themes.topics.choose import counts_of, spec_of
from policy_themes.topics.drift import Drift
from policy_themes.topics.fit import default_k, fit_topics
from policy_themes.topics.keywords import keyword_shares, keywords_of, theme_words
from policy_themes.topics.names import read_names, topic_names
from policy_themes.topics.prevalence import topic_prevalence
from policy_themes.topics.reading import exemplars, topic_correlations
from policy_themes.topics.records import ENGINES, Engine, TopicFit, TopicSpec, Unit
from policy_themes.topics.refits import Identified, identified
from policy_themes.topics.seeded import drop_one
from policy_themes.topics.slices import dynamic_spec
from policy_themes.topics.stage import begin_once, drift_once, fit_once, refits_once
from policy_themes.topics.structural import topic_wording
from policy_themes.topics.tables import doc_topics, topic_terms

__all__ = [
    "ENGINES", "Begun", "Drift", "Engine", "Identified", "TopicFit", "TopicSpec", "Unit", "begin_once", "counts_of", "default_k", "doc_topics", "drift_once", "drop_one", "dynamic_spec", "exemplars", "fit_once", "fit_topics", "identified", "keyword_shares", "keywords_of", "read_names", "refits_once", "spec_of", "theme_words", "topic_correlations", "topic_names", "topic_prevalence", "topic_terms", "topic_wording",
]  # fmt: skip
