"""A cell found by ranges is the cell that a scan finds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.compare import CellIndex
from policy_themes.errors import UsageError
from policy_themes.study import open_study

ROW = st.tuples(
    st.sampled_from(["zh", "en"]), st.sampled_from([None, 2019, 2020, 2022]), st.sampled_from([None, "110000", "330000"]),
    st.integers(0, 3), st.integers(1, 50),
)  # fmt: skip


@given(
    st.lists(ROW, min_size=1, max_size=30),
    st.sampled_from(["zh", "en"]),
    st.sampled_from([None, 2019, 2021, 2022]),
    st.sampled_from([None, "110000", "999999"]),
)
def test_ranges_find_what_a_scan_finds(
    rows: list[tuple[str, int | None, str | None, int, int]], language: str, year: int | None, region: str | None
) -> None:
    documents = pd.DataFrame(
        {"doc_id": [f"d{n:02}" for n in range(len(rows))], "language": [row[0] for row in rows],
         "year": pd.array([row[1] for row in rows], dtype="Int64"), "region_code": [row[2] for row in rows],
         "n_units": [row[4] for row in rows]}
    )  # fmt: skip
    hits = np.array([[row[3], 1] for row in rows])
    cell = CellIndex(documents, sp.csr_array(hits), ["law", "always"]).cell(
        "law", language="zh" if language == "zh" else "en", year=year, region=region
    )
    own = documents["language"] == language
    own &= True if year is None else (documents["year"] == year).fillna(False)
    own &= True if region is None else documents["region_code"].eq(region)
    chosen = documents[own].assign(n_hits=hits[own.to_numpy(), 0])
    assert (cell.n_docs, cell.n_units, cell.n_hits) == (len(chosen), chosen["n_units"].sum(), chosen["n_hits"].sum())
    some = chosen[chosen["n_hits"] > 0]
    assert sorted(cell.documents["doc_id"]) == some["doc_id"].tolist()
    assert cell.documents.set_index("doc_id")["n_hits"].to_dict() == some.set_index("doc_id")["n_hits"].to_dict()


def test_a_cell_is_the_row_of_rates(seeds: Path) -> None:
    study = open_study(seeds)
    for row in study.rates(by=["year", "region_code"]).itertuples():
        cell = study.cells.cell(row.theme, language=row.language, year=row.year, region=row.region_code)
        assert (cell.n_docs, cell.n_docs_with_theme, cell.n_hits) == (row.n_docs, row.n_docs_with_theme, row.n_hits)
        assert cell.n_units == row.n_units


def test_an_unknown_theme_is_refused(seeds: Path) -> None:
    with pytest.raises(UsageError, match="peace"):
        open_study(seeds).cells.cell("peace", language="en")
