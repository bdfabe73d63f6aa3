"""Comparisons as a notebook shows them: the columns that are read, or one row that says why there are none."""

from collections.abc import Callable

import pandas as pd

from policy_themes.compare import Question
from policy_themes.errors import InsufficientDataError
from policy_themes.study import Study
from policy_themes.text.units import Language

TREND = ["basis", "measure", "estimate", "low", "high", "p_value", "detectable", "n_years", "n_regions", "note"]
WORDS = ["group", "other", "term", "n_group", "n_other", "n_docs_group", "dispersion", "z", "p_adjusted", "refused"]
HEAVIEST = 5


def trend(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return how one theme changes over the years, over all documents and with regions held."""
    table = _or_reason(study.trends)
    return table if "refused" in table else table.query("theme == @theme and language == @language")[TREND]


def contrast(study: Study, question: Question, *, language: Language) -> pd.DataFrame:
    """Return the heaviest words of each group in one language."""
    table = _or_reason(lambda: study.contrasts(question))
    if "rank" not in table:
        return table
    return table.query("language == @language and rank <= @HEAVIEST and z > 0")[WORDS]


def _or_reason(asked: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table, or why there is none: in a notebook a refusal is a result."""
    try:
        return asked()
    except InsufficientDataError as error:
        return pd.DataFrame({"refused": [str(error)]})
