"""The same themes in two languages where the texts are not aligned: whether the lines move together.

Rates in Chinese and in English have no common unit and are never added up or
set against each other. What can be compared is movement: whether a theme rises
in both, over the years in which both languages have documents.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policy_themes.schema import conform
from policy_themes.text.units import LANGUAGES

# Fewer common years correlate by chance.
ENOUGH_YEARS = 5


def language_trends(rates: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """
    Compare how each theme moves in the two languages.

    Parameters
    ----------
    rates : DataFrame
        Table ``theme_rates`` by year.
    themes : sequence of str
        In their order.

    Returns
    -------
    DataFrame
        Table ``language_trends``. ``change`` is the mean rate of the later half
        of the common years over that of the earlier half; unknown where the
        earlier is zero. The correlation (Spearman's) needs five common years.

    Examples
    --------
    >>> from policy_themes.schema import empty
    >>> language_trends(empty("theme_rates"), []).empty
    True
    """
    whole = rates[rates["facet"].isna() & rates["year"].notna() & rates["region_code"].isna() & (rates["n_docs"] > 0)]
    records = []
    for theme in themes:
        own = whole[whole["theme"] == theme]
        lines = {language: own[own["language"] == language].set_index("year")["rate_per_10k"] for language in LANGUAGES}
        if any(line.empty for line in lines.values()):
            continue
        common = pd.DataFrame(lines).dropna().astype(float).sort_index()
        changes = {language: _change(common[language].to_numpy()) for language in LANGUAGES}
        known = [value for value in changes.values() if value is not None]
        enough = len(common) >= ENOUGH_YEARS and bool((common.max() > common.min()).all())
        records.append(
            {
                "theme": theme,
                "n_years": len(common),
                "first_year": common.index.min() if len(common) else None,
                "last_year": common.index.max() if len(common) else None,
                "change_zh": changes["zh"],
                "change_en": changes["en"],
                "same_direction": ("yes" if (known[0] - 1) * (known[1] - 1) > 0 else "no") if len(known) == 2 else None,
                "correlation": float(common["zh"].corr(common["en"], method="spearman")) if enough else None,
            }
        )
    return conform(records, "language_trends")


def _change(rates: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float | None:
    """Return the later half over the earlier; a year in the middle belongs to neither."""
    half = len(rates) // 2
    if half == 0 or not rates[:half].mean() > 0:
        return None
    return float(rates[-half:].mean() / rates[:half].mean())
