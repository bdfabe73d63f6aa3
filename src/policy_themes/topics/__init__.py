"""Topics: what the words say when no theme is asked for."""

from policy_themes.topics.choose import counts_of, spec_of
from policy_themes.topics.fit import default_k, fit_topics
from policy_themes.topics.names import read_names, topic_names
from policy_themes.topics.reading import exemplars, topic_correlations
from policy_themes.topics.records import ENGINES, Engine, TopicFit, TopicSpec, Unit
from policy_themes.topics.stage import fit_once
from policy_themes.topics.tables import doc_topics, topic_prevalence, topic_terms

__all__ = [
    "ENGINES", "Engine", "TopicFit", "TopicSpec", "Unit", "counts_of", "default_k", "doc_topics", "exemplars", "fit_once",
    "fit_topics", "read_names", "spec_of", "topic_correlations", "topic_names", "topic_prevalence", "topic_terms",
]  # fmt: skip
