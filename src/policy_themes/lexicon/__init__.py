"""Themes as data: which phrases count, which contexts do not, which are kept whole."""

from policy_themes.lexicon.load import load_lexicon
from policy_themes.lexicon.match import Hit, Matcher
from policy_themes.lexicon.records import Facet, Lexicon, Theme, checked

__all__ = ["Facet", "Hit", "Lexicon", "Matcher", "Theme", "checked", "load_lexicon"]
