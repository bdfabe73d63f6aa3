"""Effects of what is known of documents on how often they have a theme, all at once.

``~ region + institution + s(year)`` compares regions among documents of the same
institution and time. It is least squares over documents, so an effect reads as
hits in 10,000, or as a share of documents. What a document shares with others of
its year (or outlet) is no evidence of its own: errors come from the wild cluster
bootstrap (`policy_themes.compare.uncertainty.wild`) by years, or by outlets in a
sample of news; never by regions, whose effects would then have no error at all.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.rates import PER
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.cells import SEARCHED, WHY_NONE, searched_themes
from policy_themes.compare.uncertainty.wild import clustered_slope
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, PolicyThemesError, UsageError, closest, invalid
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform

Cluster = Literal["year", "outlet"]
NUMERIC = ("year", "n_units")
OFFERED = (
    "year", "region", "institution", "kind", "outlet", "n_units", "part", "issuer", "region_level",
    "original_language", "translated_by",
)  # fmt: skip
COLUMN = {"region": "region_code"}
KNOTS = 5  # of s(year), or as many as there are years less two
UNCERTAINTY = "wild cluster bootstrap by {}; documents of these {}s only; counts taken as they are"


@dataclass(frozen=True)
class Term:
    """One term of a formula: a column, smooth or not."""

    name: str
    smooth: bool = False

    @property
    def column(self) -> str:
        """The column of ``documents`` behind it."""
        return COLUMN.get(self.name, self.name)


def parse_formula(text: str) -> tuple[Term, ...]:
    """
    Read a formula: terms joined by ``+``, each a column of the documents or ``s(column)``.

    Raises
    ------
    UsageError
        With what is allowed; nothing of a formula is ever executed.

    Examples
    --------
    >>> parse_formula("~ region + s(year)")
    (Term(name='region', smooth=False), Term(name='year', smooth=True))
    """
    allowed = "`~ region + s(year)`: columns joined by +, s() around year or n_units"
    body = text.strip().removeprefix("~")
    terms = []
    for part in body.split("+"):
        found = re.fullmatch(r"\s*(?:s\(\s*(\w{1,40})\s*\)|(\w{1,40}))\s*", part)
        if found is None:
            raise invalid("--formula", text, allowed)
        term = Term(found[1] or found[2], found[1] is not None)
        if term.name not in OFFERED or (term.smooth and term.name not in NUMERIC):
            raise invalid(
                "--formula", text, allowed, hint=f"{closest(term.name, OFFERED)} Columns: {', '.join(OFFERED)}.".strip()
            )
        terms.append(term)
    if len({term.name for term in terms}) < len(terms):
        raise invalid("--formula", text, "each column once")
    return tuple(terms)


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
        share = bool(some.loc[some["n_hits"] > 0, "n_hits"].median() <= 1)
        outcome = (some["n_hits"] > 0).astype(float) if share else PER * some["n_hits"] / some["n_units"]
        try:
            table = effects(outcome, part, formula, name=theme, cluster=unit, seed=settings.seed)
        except (InsufficientDataError, UsageError) as error:  # the other language may do
            lacking = error
            continue
        tables.append(table.assign(language=language, measure="share" if share else "rate"))
    if not tables:
        raise lacking
    table = pd.concat(tables, ignore_index=True)
    searched = settings.collected == "search" and theme in searched_themes(lexicon, settings.search_terms)
    if searched or settings.collected not in ("census", "search"):  # the estimates stand alone
        reason = SEARCHED if searched else WHY_NONE[settings.collected]
        table = table.assign(low=np.nan, high=np.nan, p_value=np.nan, note=reason)
    return conform(table, "effects")


def effects(
    outcome: pd.Series, documents: pd.DataFrame, formula: str, *, name: str, cluster: Cluster = "year", seed: int = 1
) -> pd.DataFrame:
    """
    Return the effect of every term of a formula on an outcome.

    Parameters
    ----------
    outcome : Series
        Of documents, by ``doc_id``: a rate in 10,000, or zero and one.
    documents : DataFrame
        Table ``documents``; those without a value of some term are left out.
    formula : str
        See `parse_formula`. A column of words is compared with its most frequent
        value, a smooth one with its first.
    name : str
        Of the outcome.
    cluster : {"year", "outlet"}
        What documents share. A document without an outlet is one of its own.
    seed : int, default 1

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
    """
    terms = parse_formula(formula)
    needed = list(
        dict.fromkeys([*(term.column for term in terms), "year", *(["outlet"] if cluster == "outlet" else [])])
    )
    joined = documents.set_index("doc_id")[needed].assign(outcome=outcome)
    known = joined.dropna(subset=["outcome", "year", *(term.column for term in terms)]).sort_index()
    if known.empty:
        raise InsufficientDataError("No document has all that the formula names.", hint="Leave out a term.")
    for term in terms:
        if known[term.column].nunique() < 2:
            value = known[term.column].iloc[0]
            raise UsageError(
                f"`{term.name}` is {value} in all {len(known)} documents: it has no effect.", hint="Leave it out."
            )
    blocks = [_design(known[term.column], term) for term in terms]
    design = np.column_stack([block.design for block in blocks])
    if len(known) <= design.shape[1] + 1:
        raise InsufficientDataError(
            f"{len(known)} documents cannot tell {design.shape[1]} effects apart.", hint="Leave out a term."
        )
    shared = known[cluster].astype("str")
    clusters = pd.factorize(shared.fillna("\0" + known.index.to_series()), sort=True)[0]
    values = known["outcome"].to_numpy(dtype=float)
    rows, first = [], 0
    for term, block in zip(terms, blocks, strict=True):
        for said, weights in block.contrasts:
            wanted = np.zeros(design.shape[1])
            wanted[first : first + len(weights)] = weights
            regressor, controls = _isolated(design, wanted)
            found = clustered_slope(values, regressor, controls, clusters, seed=seed)
            rows.append(
                {"outcome": name, "term": f"{term.name}: {said}" if said else term.name, "estimate": found.estimate,
                 "low": found.low, "high": found.high, "p_value": found.p_value, "n_docs": len(known),
                 "n_clusters": found.n_clusters, "note": found.note or None, "uncertainty": UNCERTAINTY.format(cluster, cluster)}
            )  # fmt: skip
        first += block.design.shape[1]
    table = conform(rows, "effects")
    finite = np.isfinite(table[["estimate", "low", "high"]].astype(float))
    table.loc[~finite["estimate"], "note"] = "none: cannot be told apart from the other terms"
    table[["estimate", "low", "high"]] = table[["estimate", "low", "high"]].where(finite)
    return conform(table, "effects")


@dataclass(frozen=True)
class _Block:
    """Columns of one term, and what is asked of their coefficients: a name and weights each."""

    design: Floats
    contrasts: list[tuple[str, Floats]]


def _design(values: pd.Series, term: Term) -> _Block:
    """Return the columns of one term."""
    if term.smooth:
        return _smooth(values.to_numpy(dtype=np.float64))
    if term.name in NUMERIC:
        return _Block(values.to_numpy(dtype=float)[:, None], [("", np.ones(1))])
    counts = values.astype("str").value_counts()
    levels = sorted(counts.index, key=lambda level: (-int(counts[level]), level))
    columns = np.column_stack([values.astype("str").eq(level).to_numpy() for level in levels[1:]]).astype(np.float64)
    return _Block(
        columns,
        [(f"{level} less {levels[0]}", one) for level, one in zip(levels[1:], np.eye(columns.shape[1]), strict=True)],
    )


def _smooth(values: Floats) -> _Block:
    """Return a natural cubic spline, and each value's distance from the first."""
    from sklearn.preprocessing import SplineTransformer

    seen = np.unique(values)
    if len(seen) < 4:
        raise InsufficientDataError(f"s() needs four different values, there are {len(seen)}.", hint="Leave out s().")
    knots = np.quantile(seen, np.linspace(0, 1, min(KNOTS, len(seen) - 2)))[:, None]
    spline = SplineTransformer(degree=3, knots=knots, include_bias=False).fit(seen[:, None])
    at = spline.transform(seen[:, None])
    contrasts = [(f"{value:.0f} less {seen[0]:.0f}", own - at[0]) for value, own in zip(seen[1:], at[1:], strict=True)]
    return _Block(np.asarray(spline.transform(values[:, None]), dtype=np.float64), contrasts)


def _isolated(design: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Turn a design so that one coefficient is the weighted sum of the old ones: its column, and the others."""
    size = float(weights @ weights)
    others = np.linalg.svd(weights[None, :])[2][1:]
    return design @ weights / size, design @ others.T
