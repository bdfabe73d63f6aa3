"""Tables as bytes: csv for people, parquet for programs."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# What a spreadsheet would take for a formula, full-width forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def csv_bytes(frame: "pd.DataFrame") -> bytes:
    r"""
    Write a table as csv: UTF-8 with a byte-order mark, so that Excel reads the Chinese.

    Text that a spreadsheet would run as a formula gets a leading apostrophe.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_bytes(pd.DataFrame({"title": ["=1+1", "法治"], "n": [-1, 2]})).decode("utf-8-sig")
    "title,n\n'=1+1,-1\n法治,2\n"
    """
    safe = frame.copy()
    for name in safe.columns:
        if not (safe[name].dtype.kind in "iufb" or str(safe[name].dtype) in ("Int64", "Float64", "boolean")):
            safe[name] = safe[name].astype(object).map(_inert)
    text = safe.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    return ("\ufeff" + text).encode("utf-8", "replace")


def _inert(value: object) -> object:
    """Return text that no spreadsheet runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def parquet_bytes(frame: "pd.DataFrame") -> bytes:
    """Write a table as parquet."""
    stream = BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()
