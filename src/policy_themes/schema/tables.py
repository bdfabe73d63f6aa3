"""The columns of every table, in their order: ``text``, ``int``, ``float`` or ``bool``, with ``?`` where it may be unknown."""

from collections.abc import Mapping

from policy_themes.schema.corpus import CORPUS
from policy_themes.schema.evidence import EVIDENCE
from policy_themes.schema.models import MODELS
from policy_themes.schema.rates import RATES
from policy_themes.schema.themes import THEMES
from policy_themes.schema.words import WORDS

TABLES: Mapping[str, Mapping[str, str]] = {**CORPUS, **WORDS, **THEMES, **RATES, **EVIDENCE, **MODELS}
