"""Text becomes words: Chinese and English behind one protocol, fixed terms kept whole."""

from policy_themes.tokenize.dictionary import UserDictionary, load_dictionary
from policy_themes.tokenize.stopwords import StopWords, load_stopwords
from policy_themes.tokenize.tokens import Tokens
from policy_themes.tokenize.words import segment

__all__ = ["StopWords", "Tokens", "UserDictionary", "load_dictionary", "load_stopwords", "segment"]
