"""The 5,000 posts of R's stm, for its tests of agreement and for the benchmark (``../shared/reference/stm``)."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp

from policy_themes.topics import TopicSpec
from policy_themes.vectorize import DocTerm

# As R fitted them.
SPEC = TopicSpec(k=20, engine="structural", unit="document", prevalence="~ rating + s(day, 10)")


def read_blogs(folder: Path) -> DocTerm:
    """Return the posts, one a line, term:count."""
    lines = gzip.decompress((folder / "poliblog5k.ldac.gz").read_bytes()).decode().splitlines()
    cells = [(row, *map(int, cell.split(":"))) for row, line in enumerate(lines) for cell in line.split()]
    rows, columns, counts = np.array(cells).T
    terms = tuple((folder / "poliblog5k_vocab.txt").read_text(encoding="utf-8").split())
    names = tuple(f"d{row:04}" for row in range(len(lines)))
    texts = sp.csr_array((counts, (rows, columns)), shape=(len(lines), len(terms)))
    return DocTerm(texts, terms, names, (-1,) * len(lines), "en")


def read_posts(folder: Path) -> pd.DataFrame:
    """Return the columns of the posts."""
    table = pd.read_csv(folder / "poliblog5k_meta.csv.gz")
    return table.assign(doc_id=[f"d{row:04}" for row in range(len(table))], year=2008)
