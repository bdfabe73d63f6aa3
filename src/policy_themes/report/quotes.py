"""Sentences of the documents for the report, each with its source in a note, and marked where a translation speaks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policy_themes.figures import Labels
from policy_themes.report.citations import reference
from policy_themes.schema import rows
from policy_themes.study import Study

QUOTES_A_THEME = 2


@dataclass(frozen=True)
class Quote:
    """
    A sentence that has a theme.

    Attributes
    ----------
    number : int
        Of its note, from 1.
    theme : str
        Its id.
    language : {"zh", "en"}
    before, match, after : str
        The sentence in three parts, as it stands in the original.
    mark : str
        What is known of its translation, in square brackets; empty of an original.
    place : str
        Region and year.
    reference : str
        After GB/T 7714.
    where : str
        File and characters; and where the original is, of a translation.
    """

    number: int
    theme: str
    language: str
    before: str
    match: str
    after: str
    mark: str
    place: str
    reference: str
    where: str


def quotes(study: Study, labels: Labels) -> list[Quote]:
    """
    Return the first sentences with each featured theme, one a document.

    Parameters
    ----------
    study : Study
    labels : Labels
    """
    documents = {row.doc_id: row for row in rows(study.corpus.documents)}
    found: list[Quote] = []
    for row in _hits(study):
        document = documents[row.doc_id]
        place = row.sentence.find(row.left + row.match) + len(row.left)
        region = labels.region(row.region_code) if row.region_code else ""
        quote = Quote(
            number=len(found) + 1,
            theme=row.theme,
            language=row.language,
            before=row.sentence[:place],
            match=row.match,
            after=row.sentence[place + len(row.match) :],
            mark=translation_mark(document, labels),
            place=", ".join(part for part in (region, str(row.year or "")) if part),
            reference=reference(document),
            where=_where(row, documents, labels),
        )
        found.append(quote)
    return found


def _hits(study: Study) -> Iterator[Any]:
    """Yield the rows of evidence that are quoted."""
    for language in study.languages:
        featured = study.featured(language)
        table = study.evidence(themes=featured)
        table = table[table["counted"] & (table["language"] == language)].drop_duplicates(["theme", "doc_id"])
        for theme in featured:
            yield from rows(table[table["theme"] == theme].head(QUOTES_A_THEME))


def translation_mark(document: Any, labels: Labels) -> str:  # noqa: ANN401  # a row of a table
    """
    Say of a document whether it is a translation, and whose; nothing of an original.

    Parameters
    ----------
    document : named tuple
        Row of table ``documents``.
    labels : Labels

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> from policy_themes.lexicon import load_lexicon
    >>> from policy_themes.regions import load_regions
    >>> labels = Labels("en", load_lexicon(), load_regions())
    >>> row = dict(language="en", original_language="zh", translation_of=None, region_code=None, institution=None)
    >>> [translation_mark(Row(translated_by=name, **row), labels) for name in ("machine", "Li Si", None)]
    ['[machine translation]', '[translated by Li Si]', '[translation; translator not named]']
    """
    if document.translated_by == "machine":
        key = "translation_machine"
    elif document.translated_by:
        key = "translation_named"
    elif document.translation_of or document.original_language not in (None, document.language):
        key = "translation_unnamed"
    elif document.language == "en" and document.original_language is None and _of_china(document):
        key = "translation_unsaid"
    else:
        return ""
    return f"[{labels.word(key, between=' · ', name=' '.join((document.translated_by or '').split()))}]"


def _of_china(document: Any) -> bool:  # noqa: ANN401
    """Tell whether a Chinese place or, where none is known, one of the institutions speaks."""
    if document.region_code:
        return bool(re.fullmatch(r"\d{6}", document.region_code))
    return document.institution is not None


def _where(row: Any, documents: Mapping[str, Any], labels: Labels) -> str:  # noqa: ANN401
    """Say in which file a sentence stands, and where its original is."""
    document = documents[row.doc_id]
    place = labels.word("quote_place", between=" · ", span=f"{row.start}–{row.end}")
    original = documents.get(document.translation_of or "")
    if original is None:
        return f"{_file(document)}, {place}."
    title = " ".join((original.title or "").split())
    named = f"{title} ({_file(original)})" if title else _file(original)
    return f"{_file(document)}, {place}. {labels.word('quote_original', between=' · ')}: {named}."


def _file(document: Any) -> str:  # noqa: ANN401
    """Return a document's path, and its row or member where a file holds several."""
    return f"{document.path}#{document.record}" if document.record else str(document.path)
