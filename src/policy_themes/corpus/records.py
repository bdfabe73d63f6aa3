"""What a folder became: tables of documents, texts, passages, removed parts, and the ledger."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.passages import COUNTED
from policy_themes.text.normalize import OffsetMap, normalize
from policy_themes.text.spans import Span
from policy_themes.text.units import Language

if TYPE_CHECKING:
    import pandas as pd


class Passage(NamedTuple):
    """
    A counted stretch of one document.

    Attributes
    ----------
    doc_id : str
    number : int
        Place among the document's passages, from 0.
    role : {"title", "body"}
    span : Span
        In the document's normalised text.
    text : str
        Normalised.
    language : {"zh", "en"}
    """

    doc_id: str
    number: int
    role: str
    span: Span
    text: str
    language: Language


@dataclass(frozen=True)
class Corpus:
    """
    Audited documents.

    Attributes
    ----------
    documents, ledger, texts, passages, points, removed : DataFrame
        Columns in ``schema.TABLES`` under the same names. ``texts.normalized``
        is what positions in ``passages``, ``points`` and ``removed`` refer to.
    """

    documents: "pd.DataFrame"
    ledger: "pd.DataFrame"
    texts: "pd.DataFrame"
    passages: "pd.DataFrame"
    points: "pd.DataFrame"
    removed: "pd.DataFrame"

    def with_copies(self) -> "Corpus":
        """Return the same corpus in which every copy counts as a document of its own."""
        return replace(self, documents=self.documents.assign(duplicate_of=None).astype({"duplicate_of": "str"}))

    def of_documents(self, doc_ids: Collection[str]) -> "Corpus":
        """Return the corpus of a few documents, so that quoting them does not go through all the others."""
        wanted = list(doc_ids)
        tables = {name: getattr(self, name) for name in ("documents", "texts", "passages", "points", "removed")}
        return replace(self, **{name: table[table["doc_id"].isin(wanted)] for name, table in tables.items()})

    def of_part(self, part: str) -> "Corpus":
        """
        Return the corpus of one part of its work reports; documents that do not say where it begins have no text.

        Parameters
        ----------
        part : {"review", "plan"}
        """
        passages = self.passages[self.passages["part"] == part]
        lengths = passages.groupby("doc_id")["n_units"].sum()
        documents = self.documents[self.documents["doc_id"].isin(lengths.index)].reset_index(drop=True)
        documents["n_units"] = documents["doc_id"].map(lengths).astype("Int64")
        # Where the representative of a text has no such part, the next of its copies stands for it.
        texts = documents["duplicate_of"].fillna(documents["doc_id"])
        order = documents.assign(_undated=documents["date"].isna()).sort_values(["_undated", "date", "path"])
        first = texts.map(order.groupby(texts.reindex(order.index), sort=False)["doc_id"].first())
        documents["duplicate_of"] = first.where(first != documents["doc_id"], None).astype("str")
        return replace(self, documents=documents, passages=passages.reset_index(drop=True))

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each document where every text weighs one, however often it was printed."""
        texts = self.documents["duplicate_of"].fillna(self.documents["doc_id"])
        return dict(zip(self.documents["doc_id"], 1.0 / texts.map(texts.value_counts()), strict=True))

    def at_level(self, level: str, gazetteer: Gazetteer) -> "Corpus":
        """
        Return the same corpus with every region widened to a level.

        Parameters
        ----------
        level : {"province", "prefecture", "county"}
        gazetteer : Gazetteer
        """
        wide = {code: gazetteer.widened(code, level) for code in self.documents["region_code"].dropna().unique()}
        if all(code == other for code, other in wide.items()):
            return self
        documents = self.documents.copy()
        documents["region_code"] = documents["region_code"].map(wide).astype("str")
        for column, name in (("region_en", "name_en"), ("region_zh", "name_zh"), ("region_level", "level")):
            names = {code: getattr(gazetteer.region(code), name) for code in wide.values()}
            documents[column] = documents["region_code"].map(names).astype("str")
        return replace(self, documents=documents)

    @cached_property
    def unique(self) -> "pd.DataFrame":
        """Documents without copies, one row each."""
        return self.documents[self.documents["duplicate_of"].isna()].reset_index(drop=True)

    @cached_property
    def _places(self) -> dict[str, int]:
        # One text at a time: to select rows by a condition is to copy all texts.
        return {doc_id: place for place, doc_id in enumerate(self.texts["doc_id"])}

    @cached_property
    def _normalized(self) -> dict[str, str]:
        return dict(zip(self.texts["doc_id"], self.texts["normalized"], strict=True))

    @cached_property
    def languages(self) -> dict[str, Language]:
        """Language of each document."""
        return dict(zip(self.documents["doc_id"], self.documents["language"], strict=True))

    def normalized(self, doc_id: str) -> str:
        """Return a document's whole normalised text."""
        return self._normalized[doc_id]

    def original(self, doc_id: str) -> str:
        """Return a document's text as it was decoded."""
        return str(self.texts["original"].array[self._places[doc_id]])

    def offsets(self, doc_id: str) -> OffsetMap:
        """Return the way back from a document's normalised text to its original."""
        return normalize(self.original(doc_id)).offsets

    def iter_passages(self, *, copies: bool = False) -> Iterator[Passage]:
        """Yield the counted passages in order; those of copies only on request."""
        counted = self.counted_passages(copies=copies)
        columns = (counted[name].tolist() for name in ("doc_id", "passage", "role", "start", "end"))
        for doc_id, number, role, start, end in zip(*columns, strict=True):
            text = self._normalized[doc_id][start:end]
            yield Passage(doc_id, number, role, Span(start, end), text, self.languages[doc_id])

    def counted_passages(self, *, copies: bool = False) -> "pd.DataFrame":
        """Return the rows of ``passages`` that are counted; those of copies only on request."""
        wanted = set((self.documents if copies else self.unique)["doc_id"])
        return self.passages[self.passages["role"].isin(COUNTED) & self.passages["doc_id"].isin(wanted)]
