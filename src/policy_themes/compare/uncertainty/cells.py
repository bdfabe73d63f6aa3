"""The intervals of ``theme_rates``: for a sample of documents, for the wording of single ones, or the reason for none.

What an interval would mean depends on how the documents came together, so that
is asked first: all documents of a kind (a census) have none, documents that were
at hand stand for no others, and a theme that documents were searched by says
nothing about how often it occurs.
"""

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits, headline
from policy_themes.compare.rates import SERIES, cell_columns, grouped, rates
from policy_themes.compare.summing import PER
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.intervals import dispersion, rate_intervals, refusal, share_interval
from policy_themes.compare.uncertainty.pooled import LABEL, wording_dispersion, wording_intervals
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, invalid
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES

IntervalKind = Literal["none", "sample", "pooled"]
KINDS: tuple[IntervalKind, ...] = ("none", "sample", "pooled")
WHY_NONE = {
    "census": "none: all documents of their kind (E0)",
    "convenience": "none: documents that were at hand stand for no others",
    None: "none: `collected` does not say how the documents were chosen",
    "search": "none: not asked for",
}
SEARCHED = "none: documents were searched for by this theme"
BOUNDS = ["ci_low", "ci_high", "share_ci_low", "share_ci_high", "interval"]


def chosen_kind(asked: IntervalKind | None, settings: Settings) -> IntervalKind:
    """
    Return which interval a study gets: what is asked for, else what follows from how it was collected.

    Raises
    ------
    UsageError
        If a sample interval is asked for documents that are no sample.

    Examples
    --------
    >>> chosen_kind(None, Settings(collected="search")), chosen_kind(None, Settings())
    ('sample', 'none')
    >>> chosen_kind(None, Settings(collected="census", sample=100))  # of all, so many were drawn
    'sample'
    """
    drawn = settings.sample is not None
    if asked is None:
        return "sample" if (drawn or settings.collected == "search") and settings.copies == "one" else "none"
    if asked == "sample" and settings.collected in ("census", "convenience") and not drawn:
        raise invalid(
            "--interval", asked, f"`none` or `pooled` where `collected` is {settings.collected}",
            hint=f"The reason for {WHY_NONE[settings.collected]}.",
        )  # fmt: skip
    if asked == "sample" and settings.copies != "one":
        raise invalid("--interval", asked, "`none` where copies count", hint="Set `copies: one`.")
    return asked


def corpus_rates(
    hits: ThemeHits,
    corpus: Corpus,
    lexicon: Lexicon,
    settings: Settings,
    *,
    by: Sequence[str],
    facets: bool = False,
    interval: IntervalKind | None = None,
) -> pd.DataFrame:
    """
    Return table ``theme_rates`` of a corpus, with the interval that is asked for or follows from the settings.

    Parameters
    ----------
    hits : ThemeHits
    corpus : Corpus
    lexicon : Lexicon
    settings : Settings
        How the documents were collected, how copies count, the seed.
    by, facets
        As in `policy_themes.compare.rates`.
    interval : {"none", "sample", "pooled"}, optional
        By default see `chosen_kind`.
    """
    kind = chosen_kind(interval, settings)
    weights = corpus.weights if settings.copies == "weighted" else None
    table = rates(hits.table, corpus.documents, lexicon, by=by, facets=facets, weights=weights)
    if kind == "sample":
        searched = searched_themes(lexicon, settings.search_terms)
        return sample_intervals(table, hits.table, corpus.documents, by=by, searched=searched, seed=settings.seed)
    if kind == "pooled":
        return pooled_intervals(table, hits.places, corpus.counted_passages(), corpus.unique[["doc_id", "language"]])
    return without_intervals(table, settings)


def without_intervals(table: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return ``theme_rates`` with the reason why it has no interval."""
    return table.assign(interval=pd.array([WHY_NONE[settings.collected]] * len(table), dtype="str"))


def searched_themes(lexicon: Lexicon, terms: Sequence[str]) -> frozenset[str]:
    """Return the themes that stand in the words documents were searched by."""
    matcher = Matcher(lexicon)
    found = [
        theme
        for language in LANGUAGES
        for hits in matcher.find_all([normalize(term).text for term in terms], language)
        for theme in hits.theme
    ]
    return frozenset(found)


def sample_intervals(
    table: pd.DataFrame,
    hits: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    by: Sequence[str],
    searched: Collection[str] = (),
    seed: int = 1,
) -> pd.DataFrame:
    """
    Return ``theme_rates`` with the intervals of a sample of documents.

    Parameters
    ----------
    table : DataFrame
        Table ``theme_rates`` of the same ``by``.
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``; copies count once.
    by : sequence of str
        As in `policy_themes.compare.rates`.
    searched : collection of str
        Themes that the documents were found by: no interval.
    seed : int, default 1

    Returns
    -------
    DataFrame
        Table ``theme_rates``.
    """
    names = cell_columns(by)
    once = grouped(documents[documents["duplicate_of"].isna()], by).dropna(subset=names).sort_values("doc_id")
    wide = hits.assign(facet=hits["facet"].fillna("")).pivot_table(
        index="doc_id", columns=["theme", "facet"], values="n_hits", aggfunc="sum", sort=False
    )
    wide = pd.DataFrame(wide.to_numpy(dtype=float), wide.index, wide.columns)  # one block: cells are taken from it
    parts = [
        _of_cell(own, wide.reindex(own["doc_id"]), spread, seed).assign(
            **{name: own[name].iloc[0] for name in (*names, "language")}
        )
        for _, part in once[once["n_units"] > 0].groupby("language")
        for own, spread in _cells(part, wide, names)
    ]
    bare = table.drop(columns=BOUNDS).assign(facet=table["facet"].fillna(""))
    if not parts:
        return conform(table, "theme_rates")
    found = bare.merge(pd.concat(parts, ignore_index=True), on=[*SERIES, *names], how="left")
    found["facet"] = found["facet"].replace("", None)
    own = found["theme"].isin(set(searched))
    found.loc[own, BOUNDS[:-1]] = np.nan
    found.loc[own, "interval"] = SEARCHED
    return conform(found, "theme_rates")


def _cells(part: pd.DataFrame, wide: pd.DataFrame, names: list[str]) -> list[tuple[pd.DataFrame, Floats]]:
    """Return the documents of each cell, with how hits vary among documents over all of them."""
    groups = [own for _, own in part.groupby(names, sort=False)] if names else [part]
    number = np.repeat(np.arange(len(groups)), [len(own) for own in groups])
    order = pd.concat(groups)
    counts = wide.reindex(order["doc_id"]).to_numpy(dtype=float)
    spread = dispersion(counts, order["n_units"].to_numpy(dtype=float)[:, None], number)
    return [(own, spread) for own in groups]


def _of_cell(own: pd.DataFrame, wide: pd.DataFrame, spread: Floats, seed: int) -> pd.DataFrame:
    """Return the intervals of one cell, a row a theme and facet."""
    counts, units = wide.to_numpy(dtype=float), own["n_units"].to_numpy(dtype=float)[:, None]
    table = wide.columns.to_frame(index=False)
    n_docs = len(own)
    reason = refusal(n_docs, own["outlet"].nunique() + int(own["outlet"].isna().sum()))
    if reason:
        return table.assign(ci_low=np.nan, ci_high=np.nan, share_ci_low=np.nan, share_ci_high=np.nan, interval=reason)
    found = rate_intervals(counts, units, spread, seed=seed)
    shares = [share_interval(int(n_with), n_docs) for n_with in (counts > 0).sum(0)]
    return table.assign(
        ci_low=PER * found.low,
        ci_high=PER * found.high,
        share_ci_low=[low for low, _ in shares],
        share_ci_high=[high for _, high in shares],
        interval=[f"95 %: rate {method}; share Wilson" for method in found.method],
    )


def pooled_intervals(
    table: pd.DataFrame, places: pd.DataFrame, passages: pd.DataFrame, languages: pd.DataFrame
) -> pd.DataFrame:
    """
    Return ``theme_rates`` with the intervals of wording, in the rows of whole themes.

    Parameters
    ----------
    table : DataFrame
        Table ``theme_rates``.
    places : DataFrame
        `policy_themes.compare.ThemeHits.places`.
    passages : DataFrame
        Counted passages, copies left out.
    languages : DataFrame
        ``doc_id, language`` of the documents.

    Returns
    -------
    DataFrame
        Table ``theme_rates``.

    Raises
    ------
    InsufficientDataError
        If no document has more than one run of passages: nothing tells how wording varies.
    """
    counted = headline(places)
    spoken = languages.set_index("doc_id")["language"]
    found = table.copy()
    known = False
    for language in table["language"].unique():
        own = passages[passages["doc_id"].map(spoken) == language]
        if own.groupby("doc_id").size().max() <= 1:
            continue
        known = True
        spread = wording_dispersion(counted[counted["doc_id"].isin(set(own["doc_id"]))], own)
        rows = (found["language"] == language) & found["facet"].isna() & (found["n_docs"] > 0)
        each = found.loc[rows, "theme"].map(spread).fillna(1.0).to_numpy(dtype=float)
        hits, units = (found.loc[rows, name].to_numpy(dtype=float) for name in ("n_hits", "n_units"))
        low, high = wording_intervals(hits, units, each)
        found.loc[rows, "ci_low"], found.loc[rows, "ci_high"] = PER * low, PER * high
        found.loc[rows, "interval"] = [f"95 %: {LABEL.format(one)}" for one in each]
    if not known:
        raise InsufficientDataError("No document has two passages.", hint="`--interval none` prints the rates.")
    return conform(found, "theme_rates")
