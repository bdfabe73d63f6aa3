"""The words that tell one group of documents from others: a table that ranks, and tests where it may.

Two kinds of number stand side by side and mean different things. Log-odds, its
z and G2 describe: they count words as if each were drawn on its own, so they
order words and prove nothing. ``p`` and ``p_adjusted`` come from dealing out
documents, years or regions anew (`compare.inference`), and are there only where
the way the documents were collected, their number and their spread carry them;
``refused`` says why they are not. A word is listed only if enough documents of
its own side hold it, so that one document cannot put it there.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from policy_themes.compare.wording.inference import Judged, judge
from policy_themes.compare.wording.keyness import dispersion, independence, log_odds, prior_counts, squares
from policy_themes.compare.wording.permutation import Booleans, Integers
from policy_themes.compare.wording.question import Compared, Question
from policy_themes.schema import conform

PER = 10_000
REST = "rest"
# Dealings for each word of a declared family: the least p must lie well below the first bound, .05 over the family.
FINE = 40
BLOCKS = {"year": "years", "region_code": "regions"}


def contrasts(
    documents: Compared, question: Question, *, refused: str = "", searched: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """
    Return the words of each group that set it apart, and those that set its counterpart apart.

    Parameters
    ----------
    documents : Compared
    question : Question
    refused : str, default ""
        Why nothing may be tested, if so (the documents are a convenience sample).
    searched : frozenset of str
        Terms that documents were searched by: they get no p-value.

    Returns
    -------
    DataFrame
        Table ``contrasts``. ``rank`` orders the words of either side by z
        (positive: the group's, negative: the other side's); it describes. Only
        ``p`` and ``p_adjusted`` are tests.

    Examples
    --------
    >>> from policy_themes.compare.wording.question import compared
    >>> from policy_themes.vectorize import DocTerm
    >>> counts = sp.csr_array([[2, 1], [3, 1], [0, 1], [1, 2]])
    >>> docterm = DocTerm(counts, ("court", "law"), ("a", "b", "c", "d"), (-1,) * 4, "en")
    >>> groups = {"a": "north", "b": "north", "c": "south", "d": "south"}
    >>> documents = compared(docterm, groups, lengths=dict.fromkeys("abcd", 10))
    >>> table = contrasts(documents, Question("part", groups=("north",), min_docs=2))
    >>> table[["term", "rank", "n_group", "n_other", "n_docs_group", "n_docs_other"]].values.tolist()
    [['court', 1, 5, 1, 2, 1], ['law', 1, 2, 3, 2, 2]]
    >>> table["refused"][0]
    'too few: 2 documents on one side, 8 are needed'
    """
    shown = question.groups or tuple(sorted(set(documents.groups.tolist()) - {question.against}))
    question = replace(question, groups=shown)
    parts = []
    for group in shown:
        side = documents.groups == group
        rest = documents.groups == question.against if question.against else ~side
        if side.any() and rest.any():
            parts.append(_contrast(documents, question, group, side, rest, refused))
    if not parts:
        return conform([], "contrasts")
    table = pd.concat(parts, ignore_index=True)
    known = table["term"].isin(searched)
    table.loc[known, ["p", "p_adjusted"]] = np.nan
    table.loc[known, "refused"] = "documents were searched by this word"
    return conform(_listed(_adjusted(table, question), question), "contrasts")


def _contrast(
    documents: Compared, question: Question, group: str, side: Booleans, rest: Booleans, refused: str
) -> pd.DataFrame:
    """Describe and test all terms of one group against one other."""
    table = _described(documents, question, side, rest)
    held = (table["n_docs_group"] + table["n_docs_other"]).to_numpy() >= question.min_docs
    declared = table["term"].isin(question.words).to_numpy() | (not question.words)
    judged = Judged(refused=refused)
    if not refused:
        columns = table.index.to_numpy()
        judged = _judged(documents, question, side, rest, columns[held], np.flatnonzero(declared[held]))
    table["p"], table["p_adjusted"] = np.nan, np.nan
    if judged.p is not None and judged.p_adjusted is not None:
        table.loc[held & declared, "p"] = judged.p
        table.loc[held & declared, "p_adjusted"] = judged.p_adjusted
    rare = f"too few: fewer than {question.min_docs} documents hold the word"
    table["refused"] = judged.refused or np.where(~declared, "not of the declared family", np.where(held, "", rare))
    return table.assign(
        by=question.by,
        group=group,
        other=question.against or REST,
        language=documents.docterm.language,
        around=question.around or None,
        unit=documents.unit,
        method=judged.method,
    )


def _judged(
    documents: Compared, question: Question, side: Booleans, rest: Booleans, columns: Integers, tested: Integers
) -> Judged:
    """Test some of the columns that enough documents hold."""
    both = side | rest
    _, strata = np.unique(documents.strata[both], return_inverse=True)
    return judge(
        sp.csr_array(documents.docterm.counts[both][:, columns] / documents.lengths[both][:, None]),
        side[both],
        strata,
        blocks=None if documents.blocks is None else documents.blocks[both],
        what=BLOCKS.get(question.by, "blocks"),
        columns=tested,
        n=max(question.n, FINE * len(question.words) * len(question.groups) - 1),
        seed=question.seed,
    )


def _described(documents: Compared, question: Question, side: Booleans, rest: Booleans) -> pd.DataFrame:
    """Return what is counted of each term, and the numbers that rank."""
    counts = documents.docterm.counts
    one, other = (np.asarray(counts[own].sum(axis=0), dtype=np.float64).ravel() for own in (side, rest))
    tables = squares(one, other)
    odds = log_odds(one, other, prior_counts(one, other, prior=question.prior, alpha0=question.alpha0))
    table = pd.DataFrame(
        {
            "term": documents.docterm.terms,
            "n_group": one.astype(np.int64),
            "n_other": other.astype(np.int64),
            "n_docs_group": np.asarray((counts[side] > 0).sum(axis=0)).ravel(),
            "n_docs_other": np.asarray((counts[rest] > 0).sum(axis=0)).ravel(),
            "docs_group": int(side.sum()),
            "docs_other": int(rest.sum()),
            "rate_group": PER * one / documents.lengths[side].sum(),
            "rate_other": PER * other / documents.lengths[rest].sum(),
            "dispersion": np.where(
                odds.delta > 0, *(dispersion(counts[own], documents.lengths[own]) for own in (side, rest))
            ),
            "tf_idf": np.asarray(documents.weights[side].mean(axis=0)).ravel(),
            "log_odds": odds.delta,
            "z": odds.z,
            "g2": independence(tables),
            "chi2": independence(tables, kind="chi2"),
            "chi2_yates": independence(tables, kind="yates"),
        }
    )
    return table[np.isfinite(odds.z)]


def _adjusted(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    """
    Adjust for the whole family: all words of all groups of the table, or the declared ones.

    The maximum over the words of a group is multiplied by the number of
    groups; a declared family keeps the false discovery rate instead.
    """
    from scipy.stats import false_discovery_control  # most of a second to import

    tested = table["p"].notna()
    table["family"] = pd.Series(float(tested.sum()), table.index).where(tested)
    how = "false discovery rate (Benjamini-Hochberg)" if question.words else "largest difference, step-down"
    if question.words and tested.any():
        table.loc[tested, "p_adjusted"] = false_discovery_control(table.loc[tested, "p"])
    elif tested.any():
        n_groups = table.loc[tested, "group"].nunique()
        table["p_adjusted"] = (table["p_adjusted"] * n_groups).clip(upper=1.0)
        how += f", times {n_groups} groups" if n_groups > 1 else ""
    prior = f"z: prior {question.prior}" + (f", alpha0 {question.alpha0:g}" if question.prior == "informative" else "")
    tests = (f"{prior}; p: " + table["method"] + f"; adjusted: {how}").where(tested, prior)
    return table.assign(method=tests, refused=table["refused"].replace("", None))


def _listed(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return the first words of either side of every group, and every declared one."""
    own = table["z"] > 0
    held = np.where(own, table["n_docs_group"], table["n_docs_other"])
    enough = held >= np.minimum(question.min_docs, np.where(own, table["docs_group"], table["docs_other"]))
    # Ties are settled by the term, so that no order of documents shows.
    order = table.assign(_own=~own, _size=-table["z"].abs().round(9)).sort_values(["group", "_own", "_size", "term"])
    listed = order[enough[order.index]]
    table = table.assign(rank=(listed.groupby(["group", "_own"]).cumcount() + 1).reindex(order.index))
    chosen = table.loc[order.index]
    return chosen[(chosen["rank"] <= question.top) | chosen["term"].isin(question.words)]
