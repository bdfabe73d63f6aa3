"""A folder becomes documents: read, decoded, cleaned, dated, placed, and a ledger of everything met."""

from policy_themes.corpus.read import read_corpus
from policy_themes.corpus.records import Corpus

__all__ = ["Corpus", "read_corpus"]
