"""Topics: what the words say when no theme is asked for."""

from policy_themes.topics.lda import check_k, default_k, fit_lda
from policy_themes.topics.records import LdaSpec, TopicFit
from policy_themes.topics.tables import doc_topics, topic_prevalence, topic_terms

__all__ = ["LdaSpec", "TopicFit", "check_k", "default_k", "doc_topics", "fit_lda", "topic_prevalence", "topic_terms"]
