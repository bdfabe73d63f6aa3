"""Topics: what the words say when no theme is asked for."""

from policy_themes.topics.lda import default_k, fit_lda
from policy_themes.topics.records import LdaSpec, TopicFit
from policy_themes.topics.stage import fit_once
from policy_themes.topics.tables import doc_topics, topic_prevalence, topic_terms

__all__ = ["LdaSpec", "TopicFit", "default_k", "doc_topics", "fit_lda", "fit_once", "topic_prevalence", "topic_terms"]
