"""Effects of what is known of documents on how often they have a theme, all at once.

``~ region + institution + s(year)`` compares regions among documents of the same
institution and time. It is least squares over documents, so an effect reads as
hits in 10,000, or as a share of documents. What a document shares with others of
its year (or outlet) is no evidence of its own: errors come from the wild cluster
bootstrap (`policy_themes.compare.uncertainty.wild`) by years, or by outlets in a
sample of news, where years stay the unit of a trend; never by regions, whose
effects would then have no error at all.
"""

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.regression import Cluster, Regression, unit_of
from policy_themes.compare.summing import PER, measure_of
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.cells import SEARCHED, WHY_NONE, searched_themes
from policy_themes.compare.uncertainty.wild import clustered_slope
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, PolicyThemesError, UsageError
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.formula import Term, parse_formula

UNCERTAINTY = "wild cluster bootstrap by {}; documents of these {}s only; {}"
AS_COUNTED = "counts taken as they are"
DRAWN = "proportions drawn {} times, topics taken as they were fitted"


def theme_effects(
    hits: ThemeHits,
    corpus: Corpus,
    lexicon: Lexicon,
    settings: Settings,
    *,
    theme: str,
    formula: str,
    cluster: Cluster | None = None,
) -> pd.DataFrame:
    """
    Return the effect of every term of a formula on how often documents have a theme, each language by itself.

    Parameters
    ----------
    hits : ThemeHits
    corpus : Corpus
    lexicon : Lexicon
    settings : Settings
        How the documents were collected, and the seed.
    theme : str
    formula : str
        See `parse_formula`.
    cluster : {"year", "outlet"}, optional
        By default outlets in a sample, else years.

    Returns
    -------
    DataFrame
        Table ``effects``: on the rate, or on the share of documents where the median document that has
        the theme has it once. Documents at hand, or searched by this theme, get no interval.

    Raises
    ------
    UsageError
        If the formula is none, or a term of it is the same in all documents of every language.
    InsufficientDataError
        If no language has documents enough.
    """
    parse_formula(formula)
    unit: Cluster = cluster or ("outlet" if settings.collected == "search" else "year")
    own = hits.table[(hits.table["theme"] == theme) & hits.table["facet"].isna() & (hits.table["n_units"] > 0)]
    counts = own.set_index("doc_id")
    tables: list[pd.DataFrame] = []
    lacking: PolicyThemesError = InsufficientDataError("There are no documents.")
    for language, part in corpus.unique.groupby("language"):
        some = counts.loc[counts.index.isin(part["doc_id"])]
        share = measure_of(some["n_hits"]) == "share"
        outcome = (some["n_hits"] > 0).astype(float) if share else PER * some["n_hits"] / some["n_units"]
        try:
            table = effects(outcome, part, formula, name=theme, cluster=unit, seed=settings.seed)
        except (InsufficientDataError, UsageError) as error:  # the other language may do
            lacking = error
            continue
        tables.append(table.assign(language=language, measure="share" if share else "rate"))
    if not tables:
        raise lacking
    return conform(withheld(pd.concat(tables, ignore_index=True), settings, lexicon, theme=theme), "effects")


def withheld(table: pd.DataFrame, settings: Settings, lexicon: Lexicon, *, theme: str | None) -> pd.DataFrame:
    """Leave estimates without intervals where documents are at hand, or were searched by the theme."""
    searched = settings.collected == "search" and theme in searched_themes(lexicon, settings.search_terms)
    if searched or settings.collected not in ("census", "search"):
        reason = SEARCHED if searched else WHY_NONE[settings.collected]
        table = table.assign(low=np.nan, high=np.nan, note=reason)
        return table.assign(p_value=np.nan) if "p_value" in table else table
    return table


def effects(
    outcome: pd.Series,
    documents: pd.DataFrame,
    formula: str | tuple[Term, ...],
    *,
    name: str,
    cluster: Cluster = "year",
    seed: int = 1,
    draws: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Return the effect of every term of a formula on an outcome.

    Parameters
    ----------
    outcome : Series
        Of documents, by ``doc_id``: a rate in 10,000, a share, or zero and one.
    documents : DataFrame
        Table ``documents``; those without a value of some term are left out.
    formula : str or tuple of Term
        See `parse_formula`. A column of words is compared with its most frequent
        value, a smooth one with its first.
    name : str
        Of the outcome.
    cluster : {"year", "outlet"}
        What documents share; for the terms of the year always the year. A document
        without an outlet is one of its own.
    seed : int, default 1
    draws : DataFrame, optional
        Draws of an outcome that is itself estimated, one a column, whose mean it is:
        the variance of the effect over them is added (method of composition).

    Returns
    -------
    DataFrame
        Table ``effects``; without an interval below six clusters, with the reason.

    Raises
    ------
    UsageError
        If a column is unknown, or the same in all documents.
    InsufficientDataError
        If there are no more documents than terms to estimate.

    References
    ----------
    Webb, M. D. (2023). https://doi.org/10.1111/caje.12661
    Treier, S. & Jackman, S. (2008). https://doi.org/10.1111/j.1540-5907.2007.00308.x
    """
    terms = parse_formula(formula) if isinstance(formula, str) else formula
    model = Regression.of(outcome, documents, terms, cluster=cluster)
    values = model.known["outcome"].to_numpy(dtype=np.float64)
    drawn = None if draws is None else draws.loc[model.known.index].to_numpy(dtype=np.float64)
    taken = AS_COUNTED if drawn is None else DRAWN.format(drawn.shape[1])
    shared = {unit: model.clusters(unit) for unit in {unit_of(term, cluster) for term in terms}}
    records = []
    for asked in model.asked():
        unit = unit_of(asked.block.term, cluster)
        regressor, controls = model.isolated(asked)
        between = 0.0 if drawn is None else _between(regressor, controls, drawn)
        found = clustered_slope(values, regressor, controls, shared[unit], seed=seed, between=between)
        records.append(
            {"outcome": name, "term": asked.said, "estimate": found.estimate, "low": found.low, "high": found.high,
             "p_value": found.p_value, "n_docs": len(model.known), "n_clusters": found.n_clusters,
             "note": found.note or None, "uncertainty": UNCERTAINTY.format(unit, unit, taken)}
        )  # fmt: skip
    return finite_only(conform(records, "effects"))


def _between(regressor: Floats, controls: Floats, drawn: Floats) -> float:
    """Return the variance of a slope over draws of the outcome, with its share for so many draws (Rubin)."""
    fixed = np.column_stack([regressor, np.ones(len(regressor)), controls])
    slopes = np.linalg.lstsq(fixed, drawn, rcond=None)[0][0]
    return float((1 + 1 / len(slopes)) * slopes.var(ddof=1))


def finite_only(table: pd.DataFrame) -> pd.DataFrame:
    """Leave numbers out that are none, and say why there is no estimate."""
    finite = np.isfinite(table[["estimate", "low", "high"]].astype(float))
    table.loc[~finite["estimate"], "note"] = "none: cannot be told apart from the other terms"
    table[["estimate", "low", "high"]] = table[["estimate", "low", "high"]].where(finite)
    return conform(table, "effects")
