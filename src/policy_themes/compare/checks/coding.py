"""A sheet for people to code: texts drawn at random from those with and without a theme, and the key apart.

The sheet does not say what the machine found. Half of it is drawn from the
texts in which the theme was found and half from the others, so that a rare
theme's precision and recall can both be estimated; the key holds the chance
that each text had to be drawn. Texts with most hits come besides, to be read,
and count in no estimate.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits, headline
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.schema import conform

Unit = Literal["document", "passage"]
# Who is to read hundreds of texts cannot read whole reports.
LONG = 2_000
FEWEST = 10


@dataclass(frozen=True)
class Coding:
    """What goes to the coders, and what stays: tables ``coding_sheet`` and ``coding_key``."""

    sheet: pd.DataFrame
    key: pd.DataFrame


def coding_sheet(
    corpus: Corpus,
    hits: ThemeHits,
    theme: str,
    *,
    n: int = 100,
    top: int = 20,
    by: Literal["year", "region_code"] | None = None,
    unit: Unit | None = None,
    seed: int = 1,
) -> Coding:
    """
    Draw texts for people to code.

    Parameters
    ----------
    corpus : Corpus
        Copies are left out.
    hits : ThemeHits
    theme : str
    n : int, default 100
        Texts drawn at random, of each group where ``by`` is given.
    top : int, default 20
        Texts with most hits besides.
    by : {"year", "region_code"}, optional
        Draw from each group, so that groups can be compared by what was coded.
    unit : {"document", "passage"}, optional
        What is coded; by default passages where documents are long.
    seed : int, default 1

    Returns
    -------
    Coding
        In an order that tells nothing.

    Raises
    ------
    InsufficientDataError
        If there are fewer than ten texts.
    """
    texts = coding_texts(corpus, hits, theme, unit, by)
    if len(texts) < FEWEST:
        raise InsufficientDataError(
            f"There are {len(texts)} texts to code.",
            hint=f"At least {FEWEST} are needed; passages are shorter than documents.",
        )
    # One number for each text from what it is, so that the order of the files draws nothing else.
    random = np.random.default_rng(seed)
    texts = texts.sort_values(["doc_id", "passage"], ignore_index=True)
    texts["lot"] = random.permutation(len(texts))
    drawn = []
    for _, stratum in texts.groupby(["group", "machine"]):
        wanted = min(len(stratum), max(1, n // 2))
        drawn.append(stratum.nsmallest(wanted, "lot").assign(sample="random", n_stratum=len(stratum), n_drawn=wanted))
    chosen = pd.concat(drawn)
    most = texts[~texts.index.isin(chosen.index) & (texts["n_hits"] > 0)]
    most = most.sort_values(["n_hits", "lot"], ascending=[False, True]).head(top).assign(sample="top")
    chosen = pd.concat([chosen, most]).sort_values("lot", ignore_index=True)
    chosen = chosen.assign(row=np.arange(1, len(chosen) + 1), theme=theme)
    return Coding(conform(chosen, "coding_sheet"), conform(chosen, "coding_key"))


def coding_texts(corpus: Corpus, hits: ThemeHits, theme: str, unit: Unit | None, by: str | None) -> pd.DataFrame:
    """
    Return every text that may be drawn, with what the machine found in it.

    Returns
    -------
    DataFrame
        ``doc_id, passage, start, end, n_hits, machine, path, title, year,
        region_code, group, text``.
    """
    documents = corpus.unique
    if unit is None:
        unit = "passage" if float(documents["n_units"].median()) > LONG else "document"
    passages = corpus.counted_passages()
    mine = headline(hits.places[hits.places["theme"] == theme])
    spans = passages[["doc_id", "passage", "start", "end"]]
    if unit == "document":
        spans = (
            spans.groupby("doc_id", as_index=False).agg(start=("start", "min"), end=("end", "max")).assign(passage=-1)
        )
        found = mine.groupby("doc_id").size()
        counts = spans["doc_id"].map(found)
    else:
        found = mine.groupby(["doc_id", "passage"]).size()
        counts = pd.Series(found.reindex(pd.MultiIndex.from_frame(spans[["doc_id", "passage"]])).to_numpy())
    spans = spans.reset_index(drop=True)
    spans["n_hits"] = counts.fillna(0).astype(int).to_numpy()
    spans["machine"] = spans["n_hits"] > 0
    spans = spans.merge(documents[["doc_id", "path", "title", "year", "region_code"]], on="doc_id")
    spans["group"] = "" if by is None else spans[by].astype(object).where(spans[by].notna(), "unknown").astype(str)
    spans["text"] = [
        corpus.normalized(doc_id)[start:end]
        for doc_id, start, end in zip(spans["doc_id"], spans["start"], spans["end"], strict=True)
    ]
    return spans
