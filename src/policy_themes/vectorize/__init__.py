"""Words become numbers: counts, and the weights that tell groups of documents apart."""

from policy_themes.vectorize.counts import DocTerm, by_section, count_terms
from policy_themes.vectorize.tfidf import document_weights, term_weights

__all__ = ["DocTerm", "by_section", "count_terms", "document_weights", "term_weights"]
