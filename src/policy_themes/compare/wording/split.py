"""Two halves of a corpus: words are found on one, and counted and tested on the other.

Words that were picked because they differ, and then tested on the same
documents, differ nearly always. The halves are dealt out by a hash of the
document, so the same documents fall into the same halves whatever order they
are read in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Literal

import pandas as pd

from policy_themes.compare.wording.contrast import contrasts
from policy_themes.compare.wording.question import Compared, Question
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.schema import conform, rows

Half = Literal["A", "B"]
APART = "; words found on one half of the documents, counted and tested on the other"


def split_documents(corpus: Corpus, seed: int = 1) -> dict[str, Half]:
    """
    Deal the documents out into halves, alike in year and region.

    Parameters
    ----------
    corpus : Corpus
    seed : int, default 1

    Returns
    -------
    dict of doc_id to {"A", "B"}
        Of every document; a copy is where its representative is, a translation
        where its original is. What is left over of a year and region (a year's
        only report of a province) is evened out within the year, then over all.
    """
    documents = corpus.documents
    root = _roots(documents)
    decide = set(root.values())
    own = [row for row in rows(documents) if row.doc_id in decide]
    keyed = sorted((str(row.year), str(row.region_code), _hashed(row.doc_id, seed), row.doc_id) for row in own)
    halves: dict[str, Half] = {}
    # Pairs by year and region, then by year, then any: a half of each to either side.
    left = keyed
    for depth in (2, 1, 0):
        rest = []
        for _, group in groupby(left, key=itemgetter(slice(depth))):
            members = sorted(group, key=itemgetter(2))
            for one, other in zip(members[::2], members[1::2], strict=False):
                halves[one[3]], halves[other[3]] = "A", "B"
            rest += members[len(members) // 2 * 2 :]
        left = rest
    halves.update({doc_id: "A" for *_, doc_id in left})
    return {doc_id: halves[root[doc_id]] for doc_id in documents["doc_id"]}


def tested_apart(
    documents: Compared,
    question: Question,
    halves: Mapping[str, Half],
    *,
    refused: str = "",
    searched: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """
    Find the words of every group on one half of the documents, and test them on the other.

    Parameters
    ----------
    documents : Compared
    question : Question
        ``top`` words of either side are found; ``words`` are not used.
    halves : mapping of doc_id to {"A", "B"}
        Of `split_documents`: A finds, B tests.
    refused, searched
        As in `policy_themes.compare.wording.contrast.contrasts`.

    Returns
    -------
    DataFrame
        Table ``contrasts`` of the second half; the words of a group are one declared family.

    Raises
    ------
    InsufficientDataError
        If no group has documents in both halves.
    """
    first, second = (documents.only([halves[one] == half for one in documents.docterm.doc_ids]) for half in ("A", "B"))
    seen = contrasts(first, replace(question, words=()), refused="found on this half")
    tables = []
    for group, own in seen[seen["rank"].notna()].groupby("group"):
        asked = replace(question, groups=(str(group),), words=tuple(sorted(set(own["term"]))))
        tables.append(contrasts(second, asked, refused=refused, searched=searched))
    found = [table for table in tables if len(table)]
    if not found:
        raise InsufficientDataError("No group has documents in both halves.", hint="Leave out --split.")
    table = pd.concat(found, ignore_index=True)
    return conform(table.assign(method=table["method"] + APART), "contrasts")


def _roots(documents: pd.DataFrame) -> dict[str, str]:
    """Return the document that decides for each: the representative of a copy, the original of a translation."""
    known = set(documents["doc_id"])
    parent = {row.doc_id: row.duplicate_of or row.translation_of for row in rows(documents)}
    root = {}
    for doc_id in parent:
        seen, at = {doc_id}, doc_id
        while (above := parent[at]) in known and above not in seen:
            seen.add(above)
            at = above
        root[doc_id] = at
    return root


def _hashed(doc_id: str, seed: int) -> str:
    """Return a number that has nothing to do with the document but is always the same."""
    return hashlib.sha256(f"{seed}:{doc_id}".encode("utf-8", "surrogatepass")).hexdigest()
