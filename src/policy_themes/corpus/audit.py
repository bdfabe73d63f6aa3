"""Parts as they were read → parts in which copies and translations are marked, and nothing is lost."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from policy_themes.corpus.duplicates import mark_duplicates
from policy_themes.corpus.records import Corpus
from policy_themes.corpus.rows import with_copies
from policy_themes.corpus.stored import load_unmarked, n_parts, save_marked
from policy_themes.corpus.translations import mark_translations
from policy_themes.store.spool import Spool


class Bodies(Mapping[str, str]):
    """The body of each document by its ``doc_id``; they do not lie in memory together."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._number: dict[str, int] = {}

    def add(self, corpus: Corpus) -> None:
        """Add the documents of a part."""
        texts = dict(zip(corpus.texts["doc_id"].tolist(), corpus.texts["normalized"].tolist(), strict=True))
        lines: dict[str, list[str]] = {doc_id: [] for doc_id in texts}
        own = corpus.passages[corpus.passages["role"] == "body"]
        for doc_id, start, end in zip(*(own[name].tolist() for name in ("doc_id", "start", "end")), strict=True):
            lines[doc_id].append(texts[doc_id][start:end])
        for doc_id, pieces in lines.items():
            self._number[doc_id] = self._spool.add("\n".join(pieces).encode())

    def __getitem__(self, doc_id: str) -> str:
        return self._spool[self._number[doc_id]].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)


def audit(folder: Path) -> pd.DataFrame:
    """
    Mark copies and translations in a corpus that was read, and see that every document is accounted for.

    Parameters
    ----------
    folder : Path
        Parts, documents and ledger unmarked; these two are written beside.

    Returns
    -------
    DataFrame
        Table ``ledger``, the outcome of copies told.
    """
    parts = range(n_parts(folder))
    with Spool() as spool:
        bodies, held = Bodies(spool), []
        for part in parts:
            corpus = load_unmarked(folder, part, ("documents", "texts", "passages"))
            bodies.add(corpus)
            held.append(corpus.documents)
        documents = mark_translations(mark_duplicates(pd.concat(held, ignore_index=True), bodies), bodies)
    ledgers, begin = [], 0
    for part, read in zip(parts, held, strict=True):
        own = documents.iloc[begin : begin + len(read)].reset_index(drop=True)
        begin += len(read)
        ledgers.append(with_copies(load_unmarked(folder, part, ("ledger",)).ledger, own))
        save_marked(own, ledgers[-1], folder, part)
    ledger = pd.concat(ledgers, ignore_index=True)
    counted = int(ledger["outcome"].isin(["kept", "duplicate"]).sum())
    if counted != len(documents) or ledger[["path", "record"]].duplicated().any():
        raise AssertionError("the ledger does not account for every document exactly once")
    return ledger
