"""What people coded: how right the machine is, how much two people agree, and shares corrected by it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.schema import conform
from policy_themes.text.answers import yes_or_no

DRAWS, LEVEL = 20_000, 0.95
Z = float(ndtri((1 + LEVEL) / 2))
CODERS = ("coder_1", "coder_2")


def read_codes(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """
    Put the codes of a sheet beside its key.

    Parameters
    ----------
    sheet : DataFrame
        Columns ``row, coder_1`` and perhaps ``coder_2``: yes or no (x, 1, 是; 0, 否), blank where not coded.
    key : DataFrame
        Table ``coding_key``.

    Returns
    -------
    DataFrame
        The key with ``coder_1, coder_2`` as 1, 0 or unknown.

    Raises
    ------
    UsageError
        If a code is neither yes nor no, or the rows are not those of the key.
    """
    if "row" not in sheet or "coder_1" not in sheet:
        raise UsageError("The sheet has no columns `row` and `coder_1`.", hint="Give the sheet that was written.")
    rows = pd.to_numeric(sheet["row"], errors="coerce")
    if rows.isna().any() or rows.duplicated().any() or not set(rows) <= set(key["row"]):
        raise UsageError("The rows of the sheet are not those of its key.", hint="Give the key written beside it.")
    codes = pd.DataFrame(index=rows.astype(int))
    for coder in CODERS:
        given = sheet[coder] if coder in sheet else pd.Series([None] * len(sheet))
        codes[coder] = [_code(value, row) for value, row in zip(given, rows, strict=True)]
    named = key.assign(group=key["group"].astype(object).where(key["group"].notna(), "").astype(str))
    return named.merge(codes, left_on="row", right_index=True, how="left")


def _code(value: object, row: object) -> float:
    """Return 1, 0 or unknown."""
    try:
        answer = yes_or_no("" if pd.isna(value) else str(value))  # type: ignore[call-overload]
    except ValueError as error:
        raise UsageError(
            f"Row {row}: {value!r} is neither yes nor no.", hint="Write yes or no (x, 1, 是; 0, 否)."
        ) from error
    return np.nan if answer is None else float(answer)


def coding_scores(codes: pd.DataFrame) -> pd.DataFrame:
    """
    Return precision, recall and the agreement of two coders.

    Parameters
    ----------
    codes : DataFrame
        What `read_codes` returned.

    Returns
    -------
    DataFrame
        Table ``coding_scores``: ``measure`` is precision (of the texts with
        the theme, how many have it to the first coder), recall (the reverse,
        texts weighted by the chance they had to be drawn) or kappa (Cohen's).
        Intervals of 95 %: precision by Wilson, recall from the posteriors
        (Jeffreys) of its strata, kappa by the large-sample error of Fleiss,
        Cohen and Everitt (1969).

    Raises
    ------
    InsufficientDataError
        If nothing that was drawn at random is coded.
    """
    own = codes[codes["sample"].eq("random") & codes["coder_1"].notna()]
    if own.empty:
        raise InsufficientDataError("No row that was drawn at random is coded.", hint="Fill in `coder_1`.")
    records = [_precision(own), _recall(own)]
    both = codes[codes["coder_1"].notna() & codes["coder_2"].notna()]
    if len(both):
        records.append(_kappa(both["coder_1"].to_numpy() == 1, both["coder_2"].to_numpy() == 1))
    return conform([{"theme": codes["theme"].iloc[0], **record} for record in records], "coding_scores")


def _precision(own: pd.DataFrame) -> Mapping[str, object]:
    """Score the texts with the theme; strata weighted by their size, the interval Wilson's for as many texts."""
    from scipy.stats import binomtest  # most of a second to import

    strata = own[own["machine"]]
    if strata.empty:
        return {"measure": "precision", "n": 0}
    share = _weighted(strata)
    interval = binomtest(round(share * len(strata)), len(strata)).proportion_ci(LEVEL, "wilson")
    return {"measure": "precision", "n": len(strata), "value": share, "ci_low": interval.low, "ci_high": interval.high}


def _weighted(strata: pd.DataFrame) -> float:
    """Return the share of yes, each text weighted by the texts that it stands for."""
    sizes = strata.groupby(["group", "machine"])["coder_1"].transform("size")
    return float(np.average(strata["coder_1"], weights=strata["n_stratum"].astype(float) / sizes))


def _recall(own: pd.DataFrame) -> Mapping[str, object]:
    """Score the texts that people say have the theme."""
    random = np.random.default_rng(1)
    found: NDArray[np.float64] = np.zeros(DRAWS)
    missed: NDArray[np.float64] = np.zeros(DRAWS)
    point = {True: 0.0, False: 0.0}
    for (_, machine), stratum in own.groupby(["group", "machine"]):
        size, n, yes = float(stratum["n_stratum"].iloc[0]), len(stratum), int(stratum["coder_1"].sum())
        drawn = size * random.beta(yes + 0.5, n - yes + 0.5, DRAWS)
        point[bool(machine)] += size * yes / n
        if machine:
            found += drawn
        else:
            missed += drawn
    if point[True] + point[False] == 0 or set(own["machine"]) != {True, False}:
        return {"measure": "recall", "n": len(own)}
    low, high = np.quantile(found / (found + missed), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = point[True] / (point[True] + point[False])
    # Where no text without the theme was coded yes, the posterior's middle lies below the estimate of one.
    return {"measure": "recall", "n": len(own), "value": value, "ci_low": low, "ci_high": max(high, value)}


def _kappa(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> Mapping[str, object]:
    """Score the agreement of two coders beyond chance."""
    table = np.array([[np.mean(one & other), np.mean(one & ~other)], [np.mean(~one & other), np.mean(~one & ~other)]])
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    agreed, chance = float(np.trace(table)), float(rows @ columns)
    if chance == 1:
        return {"measure": "kappa", "n": len(one)}
    value = (agreed - chance) / (1 - chance)
    first = sum(table[i, i] * (1 - (rows[i] + columns[i]) * (1 - value)) ** 2 for i in range(2))
    second = (1 - value) ** 2 * sum(table[i, 1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in range(2))
    variance = (first + second - (value - chance * (1 - value)) ** 2) / ((1 - chance) ** 2 * len(one))
    half = Z * float(np.sqrt(max(variance, 0)))
    return {
        "measure": "kappa",
        "n": len(one),
        "value": value,
        "ci_low": max(value - half, -1),
        "ci_high": min(value + half, 1),
    }


def corrected_shares(codes: pd.DataFrame, machine: pd.Series, groups: pd.Series, *, census: bool) -> pd.DataFrame:
    """
    Correct each group's share of texts with the theme by what was coded.

    The machine's share plus the mean of what it got wrong, as estimated from
    the coded texts, each weighted by the chance it had to be drawn. However
    wrong the machine is, and however differently in one group and another, the
    result is right on average.

    Parameters
    ----------
    codes : DataFrame
        What `read_codes` returned, drawn by group.
    machine : Series of bool
        Of every text, whether the machine found the theme.
    groups : Series of str
        Of every text, its group.
    census : bool
        Whether the texts are all there are: then only the drawing of coded
        texts is uncertain; else the texts are a sample as well.

    Returns
    -------
    DataFrame
        Table ``corrected_shares``: one row for each group that has coded texts
        of both kinds.

    References
    ----------
    Egami, N., Hinck, M., Stewart, B. M. and Wei, H. (2023). Using imperfect
    surrogates for downstream inference. https://arxiv.org/abs/2306.04746
    """
    own = codes[codes["sample"].eq("random") & codes["coder_1"].notna()]
    records = []
    for group, found in machine.groupby(groups.to_numpy()):
        coded = own[own["group"] == group]
        n_all, naive = len(found), float(found.mean())
        error, variance, spread = 0.0, 0.0, 0.0
        enough = True
        for kind in (True, False):
            stratum = coded[coded["machine"] == kind]
            size = int((found == kind).sum())
            if size and len(stratum) < 2:
                enough = False
            elif size:
                wrong = stratum["coder_1"].to_numpy(dtype=float) - float(kind)
                share, n = size / n_all, len(wrong)
                error += share * float(wrong.mean())
                # Half a wrong code more on each side: where none was seen, some are still possible.
                rate = (float(np.abs(wrong).sum()) + 0.5) / (n + 1)
                variance += share**2 * (1 - n / size) * rate * (1 - rate) / (n - 1)
                # Variance of the true codes over all texts, from the strata.
                spread += share * float(stratum["coder_1"].mean())
        if not enough:
            continue
        if not census:
            variance += spread * (1 - spread) / n_all
        value, error = naive + error, float(np.sqrt(variance))
        records.append(
            {"theme": codes["theme"].iloc[0], "group": group, "n_texts": n_all, "n_coded": len(coded),
             "share_machine": naive, "share_corrected": value, "standard_error": error,
             "ci_low": max(value - Z * error, 0.0), "ci_high": min(value + Z * error, 1.0)}
        )  # fmt: skip
    return conform(records, "corrected_shares")


def corrected_contrast(shares: pd.DataFrame, one: str, other: str) -> tuple[float, float, float]:
    """
    Return the difference of two groups' corrected shares with its interval of 95 %.

    Parameters
    ----------
    shares : DataFrame
        Table ``corrected_shares``.
    one, other : str
        Groups.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["a", "b"], "share_corrected": [0.5, 0.2], "standard_error": [0.03, 0.04]})
    >>> [round(value, 3) for value in corrected_contrast(table, "a", "b")]
    [0.3, 0.202, 0.398]
    """
    own = shares.set_index("group")
    first, second = own["share_corrected"].astype(float)[[one, other]].tolist()
    error, other_error = own["standard_error"].astype(float)[[one, other]].tolist()
    half = Z * float(np.hypot(error, other_error))
    return first - second, first - second - half, first - second + half
