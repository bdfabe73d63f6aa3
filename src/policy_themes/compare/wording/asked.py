"""A question about a folder's documents put to the words: which strata, what is dealt out, and what may be tested."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.compare.wording.around import words_around
from policy_themes.compare.wording.contrast import BLOCKS, contrasts
from policy_themes.compare.wording.question import Compared, Question, compared
from policy_themes.compare.wording.split import split_documents, tested_apart
from policy_themes.config import Settings
from policy_themes.corpus.records import Corpus
from policy_themes.errors import InsufficientDataError, UsageError, closest
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES, UNITS, Language
from policy_themes.tokenize.tokens import Tokens
from policy_themes.vectorize.counts import DocTerm, count_terms


class Folder(Protocol):
    """What is needed of a study."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def corpus(self) -> Corpus: ...  # noqa: D102
    @property
    def languages(self) -> tuple[Language, ...]: ...  # noqa: D102
    @property
    def lexicon(self) -> Lexicon: ...  # noqa: D102
    @property
    def words(self) -> Tokens: ...  # noqa: D102
    @property
    def hits(self) -> ThemeHits: ...  # noqa: D102
    @property
    def masked(self) -> frozenset[str]: ...  # noqa: D102
    def doc_term(self, language: Language, *, min_docs: int | None = None) -> DocTerm: ...  # noqa: D102


def answer(folder: Folder, question: Question) -> pd.DataFrame:
    """
    Compare groups of a folder's documents by their words, or by the words around a theme.

    Like is compared with like: regions within year × institution, years within
    region × institution. A region (a year) against all others is ranked among
    them; years before and after a year are dealt out as years; two regions, two
    years, or groups of any other kind as documents.

    Parameters
    ----------
    folder : Folder
        A `Study`.
    question : Question
        ``by`` names a column of ``documents``.

    Returns
    -------
    DataFrame
        Table ``contrasts``, each language by itself; a language whose documents
        are all of one group is not in it.

    Raises
    ------
    InsufficientDataError
        If no language has two groups of documents to compare, or a word in enough of them.
    UsageError
        If a group or a word of the question does not occur.
    """
    asked = (*question.groups, *filter(None, [question.against]))
    check_names("group", asked, folder.corpus.unique[question.by].dropna().astype(str))
    tables, lacking = [], InsufficientDataError("There are no documents.")
    for language in folder.languages:
        try:
            tables.append(_answered(folder, language, question))
        except InsufficientDataError as error:  # the other language may have enough
            lacking = error
    if not tables:
        raise lacking
    return conform(pd.concat(tables, ignore_index=True), "contrasts")


def _answered(folder: Folder, language: Language, question: Question) -> pd.DataFrame:
    """Compare the documents of one language."""
    documents = folder.corpus.unique
    documents = documents[(documents["language"] == language) & documents[question.by].notna()]
    question, groups, strata, blocks = asked_groups(documents, question)
    chosen = _compared(folder, language, question, groups, strata, blocks)
    if len(set(chosen.groups.tolist())) < 2:
        raise InsufficientDataError(
            f"The {language} documents are not of two groups by `{question.by}`.", hint="There is nothing to compare."
        )
    if question.words:
        check_names("word", question.words, chosen.docterm.terms)
    refused, searched = untestable(folder, question, chosen.docterm.terms)
    if not question.split:
        return contrasts(chosen, question, refused=refused, searched=searched)
    halves = split_documents(folder.corpus, question.seed)
    return tested_apart(chosen, question, halves, refused=refused, searched=searched)


def asked_groups(
    documents: pd.DataFrame, question: Question
) -> tuple[Question, dict[str, str], dict[str, str], dict[str, str] | None]:
    """
    Return what a question means for some documents.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``, of one language, all of them with a value of ``question.by``.
    question : Question

    Returns
    -------
    question : Question
        With the groups that a year splits them into.
    groups, strata : dict of doc_id to str
    blocks : dict of doc_id to str, or None
        Years or regions, where those are dealt out.
    """
    groups, two = _groups(documents, question), bool(question.against)
    if question.at is not None:
        question = replace(question, groups=(f"from {question.at}",), against=f"before {question.at}")
    like = [_column(documents, name) for name in ("year", "region_code", "institution") if name != question.by]
    strata = {doc_id: " ".join(part[doc_id] for part in like) for doc_id in groups}
    blocks = None if two or question.by not in BLOCKS else _column(documents, question.by)
    return question, groups, strata, blocks


def _column(documents: pd.DataFrame, name: str) -> dict[str, str]:
    """Return one column as text, by document."""
    return {row.doc_id: str(getattr(row, name)) for row in rows(documents)}


def _groups(documents: pd.DataFrame, question: Question) -> dict[str, str]:
    """Return the group of each document."""
    own = _column(documents, question.by)
    if question.at is None:
        return own
    return {doc_id: f"{'from' if int(year) >= question.at else 'before'} {question.at}" for doc_id, year in own.items()}


def _compared(
    folder: Folder, language: Language, question: Question, groups: dict[str, str], strata: dict[str, str],
    blocks: dict[str, str] | None,
) -> Compared:  # fmt: skip
    """Count the words of the documents, or around the hits of a theme, and say what is like what."""
    documents = folder.corpus.unique
    if not question.around:
        lengths = dict(zip(documents["doc_id"], documents["n_units"].astype(float), strict=True))
        docterm = folder.doc_term(language)
        return compared(docterm, groups, lengths=lengths, unit=UNITS[language], strata=strata, blocks=blocks)
    places = folder.hits.places
    tokens = folder.words.of_language(language)
    near = words_around(tokens, places[places["theme"] == question.around], window=question.window)
    sums = pd.Series(np.diff(near.bounds), dtype=float).groupby(np.array(near.doc_ids, dtype=object)).sum()
    least = min(folder.settings.terms.min_docs, int((sums > 0).sum()))
    docterm = count_terms(near, language, min_docs=least, masked=folder.masked)
    lengths = {str(doc_id): float(value) for doc_id, value in sums.items()}
    return compared(docterm, groups, lengths=lengths, unit="word around", strata=strata, blocks=blocks)


def check_names(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse groups and words that do not occur, with what does."""
    there = set(known)
    for name in names:
        if name not in there:
            some = ", ".join(sorted(there)[:40])
            raise UsageError(
                f"The {what} `{name}` does not occur. {closest(name, there)}".strip(),
                hint=f"Known: {some}." if what == "group" else "It may be rare, a stop word, or cut in another way.",
            )


def untestable(folder: Folder, question: Question, terms: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """Say why nothing may be tested, and which terms, or themes, may not because documents were searched by them."""
    collected = folder.settings.collected
    if collected is None:
        return "how the documents were collected is not said: `collected` in study.yml", frozenset()
    if collected == "convenience":
        return "a convenience sample stands for nothing but itself", frozenset()
    if collected == "census":
        return "", frozenset()
    sought = [normalize(term).text.lower() for term in folder.settings.search_terms]
    found = Matcher(folder.lexicon)
    themes = {theme for language in LANGUAGES for hits in found.find_all(sought, language) for theme in hits.theme}
    if question.around in themes:
        return "documents were searched by this theme", frozenset()
    spelled = {term: term.replace("_", " ") for term in terms}
    own = {term for term, text in spelled.items() if any(text in one or one in text for one in sought if one)}
    return "", frozenset(own | themes.intersection(terms))
