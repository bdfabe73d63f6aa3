"""Weighted terms and topics, and what was covered."""

from collections.abc import Mapping

MODELS: Mapping[str, Mapping[str, str]] = {
    "term_weights": {
        "by": "text",
        "group": "text",
        "language": "text",
        "term": "text",
        "tf_idf": "float",
        "n_group": "int",
        "n_docs_group": "int",
        "n_docs": "int",
        "rank": "int",
    },
    "topic_terms": {
        "topic": "int",
        "term": "text",
        "beta": "float",
        "frex": "float",
        "rank": "int",
        "language": "text",
    },
    "doc_topics": {"doc_id": "text", "topic": "int", "gamma": "float?", "n_passages": "int", "language": "text"},
    "topic_prevalence": {
        "by": "text",
        "group": "text",
        "topic": "int",
        "prevalence": "float",
        "low": "float?",
        "high": "float?",
        "n_docs": "int",
        "n_passages": "int",
        "method": "text",
        "language": "text",
    },
    "theme_topics": {"theme": "text", "topic": "int", "score": "float", "n_passages": "int", "language": "text"},
    "coverage": {
        "year": "int?",
        "region_code": "text?",
        "region_en": "text?",
        "institution": "text?",
        "n_docs": "int",
        "n_units": "int",
    },
}
