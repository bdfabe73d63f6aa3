"""Words: fixed terms, near misses, proposals."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "recall": {"phrase": "text", "language": "text", "n_text": "int", "n_kept": "int", "recall": "float?"},
    "forced_cuts": {"phrase": "text", "language": "text", "engine": "text", "n_text": "int"},
    "near_misses": {
        "phrase": "text",
        "language": "text",
        "written": "text",
        "n_text": "int",
        "example": "text",
        "path": "text",
    },
    "vocabulary": {"language": "text", "term": "text", "n_docs": "int", "of_docs": "int"},
    "candidate_terms": {
        "language": "text",
        "term": "text",
        "words": "text",
        "n_text": "int",
        "n_docs": "int",
        "first_year": "int?",
        "last_year": "int?",
        "cohesion": "float",
        "left_entropy": "float",
        "right_entropy": "float",
        "burst": "float?",
        "burst_year": "int?",
        "n_quoted": "int",
        "baseline": "float?",
        "score": "float",
        "rank": "int",
        "example": "text",
        "path": "text",
        "accept": "text?",
    },
}
