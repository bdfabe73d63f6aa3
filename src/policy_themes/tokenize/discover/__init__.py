"""Terms that the dictionaries lack, found by how they hold together and where they stand."""

from policy_themes.tokenize.discover.terms import candidate_terms

__all__ = ["candidate_terms"]
