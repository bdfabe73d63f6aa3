"""Tables as bytes: csv for people, parquet for programs."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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


def load_parquet(files: "Sequence[Path]", columns: "Sequence[str] | None" = None) -> "pd.DataFrame":
    """
    Read a table, or its parts one after the other.

    Parameters
    ----------
    files : sequence of Path
        Whatever their names are: they are opened here, as a library may insist on names in UTF-8.
    columns : sequence of str, optional
        All by default.
    """
    import pandas as pd

    frames = []
    for file in files:
        with file.open("rb") as stream:
            frames.append(pd.read_parquet(stream, columns=None if columns is None else list(columns)))
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def n_rows(file: "Path") -> int:
    """Return how many rows a parquet file has, without reading them."""
    import pyarrow.parquet as pq

    with file.open("rb") as stream:
        return int(pq.read_metadata(stream).num_rows)
