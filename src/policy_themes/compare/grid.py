"""What was collected: documents and text by year, region and institution, unknowns included."""

import pandas as pd

from policy_themes.schema import conform


def coverage(documents: pd.DataFrame) -> pd.DataFrame:
    """
    Count documents by year, region and institution.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``; copies, and translations of what is there, are left out.

    Returns
    -------
    DataFrame
        Table ``coverage``; an unknown year or region is a row of its own.
    """
    once = documents[documents["duplicate_of"].isna() & ~documents["translation_of"].isin(documents["doc_id"])]
    keys = ["year", "region_code", "region_en", "institution"]
    counted = once.groupby(keys, dropna=False).agg(n_docs=("doc_id", "size"), n_units=("n_units", "sum"))
    return conform(counted.reset_index(), "coverage")
