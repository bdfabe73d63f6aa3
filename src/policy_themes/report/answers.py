"""Comparisons as a notebook shows them: the columns that are read, or one row that says why there are none."""

from collections.abc import Callable
from typing import Literal

import pandas as pd

from policy_themes.compare import Question
from policy_themes.errors import InsufficientDataError
from policy_themes.study import Study
from policy_themes.text.units import Language

TREND = ["basis", "measure", "estimate", "low", "high", "p_value", "detectable", "n_years", "n_regions", "note"]
WORDS = ["group", "other", "term", "n_group", "n_other", "n_docs_group", "dispersion", "z", "p_adjusted", "refused"]
THEMES = [
    "group",
    "other",
    "theme",
    "measure",
    "value_group",
    "value_other",
    "difference",
    "n_docs_group",
    "p",
    "q",
    "refused",
]
HEAVIEST = 5
PARTS: tuple[Literal["review", "plan"], ...] = ("review", "plan")


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


def difference(study: Study, question: Question, *, language: Language) -> pd.DataFrame:
    """Return by how much the rates of one group's themes differ from the others', the largest differences first."""
    table = _or_reason(lambda: study.differences(question))
    if "theme" not in table:
        return table
    own = table.query("language == @language and value_group + value_other > 0")[THEMES]
    return own.sort_values("difference", key=abs, ascending=False, ignore_index=True)


def parts(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return one theme by year in what work reports review and in what they plan."""

    def both() -> pd.DataFrame:
        found = {}
        for part in PARTS:
            table = study.part(part).rates(by=["year"])
            own = table[(table["theme"] == theme) & (table["language"] == language)]
            found[part] = own.set_index("year")[["n_docs", "n_hits", "rate_per_10k"]]
        return pd.concat(found, axis=1)

    return _or_reason(both)


def surface(study: Study, *, theme: str, language: Language) -> pd.DataFrame:
    """Return a theme's rates smoothed over regions and years, or why there are none."""
    return _or_reason(lambda: study.surface(theme, language))


def _or_reason(asked: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table, or why there is none: in a notebook a refusal is a result."""
    try:
        return asked()
    except InsufficientDataError as error:
        return pd.DataFrame({"refused": [str(error)]})
