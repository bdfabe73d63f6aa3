"""Themes of two groups of documents: by how much their rates differ, and what of it the documents can carry.

The same care as for words (`policy_themes.compare.wording`): documents are dealt out
within year × institution, a region against all others is ranked among them, years
before and after a year are dealt out as years, and a reason stands where nothing may be
tested. Themes are named before the documents are read, so they are one family and the
false discovery rate is held over it. What is tested is the headline of a theme: the mean
of its documents' rates, or the share of documents that have it.
"""

import numpy as np
import pandas as pd
import scipy.sparse as sp

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.summing import PER, measure_of
from policy_themes.compare.uncertainty.bootstrap import Floats
from policy_themes.compare.uncertainty.intervals import FEWEST_EACH, contrast_intervals, dispersion
from policy_themes.compare.wording.asked import Folder, asked_groups, check_names, untestable
from policy_themes.compare.wording.contrast import BLOCKS, FINE, REST
from policy_themes.compare.wording.inference import judge
from policy_themes.compare.wording.permutation import Booleans, Integers
from policy_themes.compare.wording.question import Compared, Question, compared
from policy_themes.errors import InsufficientDataError
from policy_themes.schema import conform
from policy_themes.text.units import UNITS, Language
from policy_themes.vectorize.counts import DocTerm

# Standard errors from zero at which four of five such comparisons would come out at .05.
DETECTED = 2.8


def differences(folder: Folder, question: Question) -> pd.DataFrame:
    """
    Compare groups of a folder's documents by how often they have each theme.

    Parameters
    ----------
    folder : Folder
        A `Study`.
    question : Question
        ``by`` names a column of ``documents``; ``words`` are the themes, all of the lexicon where it is empty.

    Returns
    -------
    DataFrame
        Table ``differences``: a row for each theme of each group, by language.

    Raises
    ------
    InsufficientDataError
        If no language has two groups of documents.
    UsageError
        If a group does not occur.
    """
    named = (*question.groups, *filter(None, [question.against]))
    check_names("group", named, folder.corpus.unique[question.by].dropna().astype(str))
    parts = [_of_language(folder, language, question) for language in folder.languages]
    found = [part for part in parts if len(part)]
    if not found:
        raise InsufficientDataError(
            f"The documents are not of two groups by `{question.by}`.",
            hint="`policy-themes rates` prints what they say.",
        )
    return conform(pd.concat(found, ignore_index=True), "differences")


def _of_language(folder: Folder, language: Language, question: Question) -> pd.DataFrame:
    """Compare the documents of one language."""
    documents = folder.corpus.unique
    documents = documents[(documents["language"] == language) & documents[question.by].notna()]
    themes = tuple(folder.lexicon.ids)
    named = question.words or themes
    question, groups, strata, blocks = asked_groups(documents, question)
    lengths = dict(zip(documents["doc_id"], documents["n_units"].astype(float), strict=True))
    chosen = compared(
        _theme_counts(folder.hits, documents["doc_id"].tolist(), themes, language),
        groups, lengths=lengths, unit=UNITS[language], strata=strata, blocks=blocks,
    )  # fmt: skip
    shown = question.groups or tuple(sorted(set(chosen.groups.tolist()) - {question.against}))
    refused, searched = untestable(folder, question, themes)
    shares = _shares(chosen)
    tested = np.flatnonzero(np.isin(themes, named))
    rows = []
    for group in shown:
        side = chosen.groups == group
        rest = chosen.groups == question.against if question.against else ~side
        if not (side.any() and rest.any()):
            continue
        table = _described(chosen, side, rest, shares).assign(group=group)
        if folder.settings.collected == "search":
            table = _bounded(table, chosen, side, rest, shares, question.seed)
        table = table.iloc[tested].reset_index(drop=True)
        rows.append(_tested(table, chosen, question, side, rest, shares, tested, refused, n_groups=len(shown)))
    if not rows:
        return conform([], "differences")
    table = pd.concat(rows, ignore_index=True)
    own = table["theme"].isin(searched)
    table.loc[own, ["p", "low", "high", "detectable"]] = np.nan
    table.loc[own, "refused"] = "documents were searched by this theme"
    return _adjusted(
        table.assign(by=question.by, other=question.against or REST, language=language, unit=UNITS[language])
    )


def _theme_counts(hits: ThemeHits, doc_ids: list[str], themes: tuple[str, ...], language: Language) -> DocTerm:
    """Return documents × themes."""
    whole = hits.table[hits.table["facet"].isna() & hits.table["theme"].isin(list(themes))]
    wide = whole.pivot_table(index="doc_id", columns="theme", values="n_hits", aggfunc="sum")
    counts = wide.reindex(index=doc_ids, columns=list(themes)).fillna(0).to_numpy(dtype=np.int64)
    return DocTerm(sp.csr_array(counts), tuple(themes), tuple(doc_ids), (-1,) * len(doc_ids), language)


def _shares(documents: Compared) -> Booleans:
    """Tell the themes whose headline is the share of documents."""
    counts = documents.docterm.counts.toarray()
    return np.array([measure_of(pd.Series(own)) == "share" for own in counts.T])


def _values(documents: Compared, shares: Booleans) -> Floats:
    """Return documents × themes: hits in 10,000, or whether there is one."""
    counts = documents.docterm.counts.toarray().astype(float)
    return np.asarray(np.where(shares, counts > 0, PER * counts / documents.lengths[:, None]), dtype=np.float64)


def _described(documents: Compared, side: Booleans, rest: Booleans, shares: Booleans) -> pd.DataFrame:
    """Return what is counted on either side, the headline of both, and the difference."""
    counts = documents.docterm.counts
    table = pd.DataFrame({"theme": documents.docterm.terms, "measure": np.where(shares, "share", "rate")})
    for name, own in (("group", side), ("other", rest)):
        with_theme = np.asarray((counts[own] > 0).sum(axis=0)).ravel()
        table[f"n_docs_{name}"], table[f"n_docs_with_{name}"] = int(own.sum()), with_theme
        table[f"n_hits_{name}"] = np.asarray(counts[own].sum(axis=0)).ravel()
        table[f"n_units_{name}"] = int(documents.lengths[own].sum())
        rate = PER * table[f"n_hits_{name}"] / table[f"n_units_{name}"]
        table[f"value_{name}"] = np.where(shares, with_theme / own.sum(), rate)
    table["difference"] = table["value_group"] - table["value_other"]
    table["ratio"] = (table["value_group"] / table["value_other"]).where(table["value_other"] > 0)
    return table


def _tested(
    table: pd.DataFrame, documents: Compared, question: Question, side: Booleans, rest: Booleans, shares: Booleans,
    tested: Integers, refused: str, *, n_groups: int,
) -> pd.DataFrame:  # fmt: skip
    """Test the themes of one group, as far as the documents allow; whether both sides vary alike is told by all themes."""
    if refused:
        return table.assign(p=np.nan, detectable=np.nan, method="", refused=refused)
    both = side | rest
    values = _values(documents, shares)[both]
    _, strata = np.unique(documents.strata[both], return_inverse=True)
    blocks = None if documents.blocks is None else documents.blocks[both]
    found = judge(
        sp.csr_array(values), side[both], strata, blocks=blocks, what=BLOCKS.get(question.by, "blocks"),
        columns=tested, n=max(question.n, FINE * len(tested) * n_groups - 1), seed=question.seed,
    )  # fmt: skip
    errors = [
        values[own].var(axis=0, ddof=1) / own.sum() if own.sum() > 1 else np.nan for own in (side[both], rest[both])
    ]
    dealt = found.p is not None and blocks is None
    return table.assign(
        p=np.nan if found.p is None else found.p,
        detectable=DETECTED * np.sqrt(errors[0] + errors[1])[tested] if dealt else np.nan,
        method=found.method,
        refused=found.refused or None,
    )


def _bounded(
    table: pd.DataFrame, documents: Compared, side: Booleans, rest: Booleans, shares: Booleans, seed: int
) -> pd.DataFrame:
    """Add the interval of a sample to differences of rates whose sides have documents enough."""
    if min(side.sum(), rest.sum()) < FEWEST_EACH:
        return table
    counts, units = documents.docterm.counts.toarray().astype(float), documents.lengths[:, None]
    spread = dispersion(counts, units, np.unique(documents.groups.astype(str), return_inverse=True)[1])
    found = contrast_intervals((counts[side], counts[rest]), (units[side], units[rest]), spread, seed=seed)
    rates = ~shares
    table.loc[rates, "low"], table.loc[rates, "high"] = PER * found.low[rates], PER * found.high[rates]
    table.loc[rates, "interval"] = [f"95 %: {method}" for method in found.method[rates]]
    return table


def _adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Hold the false discovery rate over all themes and groups of the table (Benjamini and Hochberg)."""
    from scipy.stats import false_discovery_control  # most of a second to import

    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "q"] = false_discovery_control(table.loc[tested, "p"].to_numpy(dtype=float))
        table.loc[tested, "family"] = int(tested.sum())
    return table
