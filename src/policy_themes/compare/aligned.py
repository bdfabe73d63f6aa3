"""One lexicon in two languages: whether a theme found in one stands in the other, segment by segment."""

import json
from pathlib import Path

import pandas as pd

from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES, Language


def read_aligned(path: Path) -> pd.DataFrame:
    """
    Read aligned segments: jsonl with ``zh`` and ``en``, or csv with columns of these names.

    Returns
    -------
    DataFrame
        Columns ``zh, en``; a segment without text in both languages is left out.

    Raises
    ------
    UsageError
        If the file is not there, not UTF-8, or has a line of another form.
    """
    hint = 'A line is {"zh": "…", "en": "…"}, or a csv has the columns zh and en.'
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The file {path} cannot be read.", hint=hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8.", hint="Save it as UTF-8.") from error
    found: list[dict[str, object]] = []
    if path.suffix.lower() == ".csv":
        import csv

        found = list(csv.DictReader(text.splitlines(keepends=True)))
    else:
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise UsageError(f"{path.name} line {number} is not JSON.", hint=hint) from error
    for number, row in enumerate(found, start=1):
        if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in LANGUAGES):
            raise UsageError(f"{path.name} segment {number} has no text `zh` and `en`.", hint=hint)
    table = pd.DataFrame({name: [row[name] for row in found] for name in LANGUAGES}, dtype="str")
    return table[table["zh"].str.strip().ne("") & table["en"].str.strip().ne("")].reset_index(drop=True)


def document_pairs(corpus: Corpus) -> pd.DataFrame:
    """Return the documents that have a translation in the corpus as aligned segments: ``zh, en``."""
    pairs = []
    for row in rows(corpus.documents[corpus.documents["translation_of"].notna()]):
        sides = {corpus.languages[doc_id]: corpus.normalized(doc_id) for doc_id in (row.doc_id, row.translation_of)}
        if set(sides) == set(LANGUAGES):
            pairs.append(sides)
    return pd.DataFrame(pairs, columns=list(LANGUAGES), dtype="str")


def language_agreement(segments: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """
    Tell for each theme how often both languages of a segment have it.

    Parameters
    ----------
    segments : DataFrame
        Columns ``zh, en``.
    lexicon : Lexicon

    Returns
    -------
    DataFrame
        Table ``language_agreement``.

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> two = pd.DataFrame({"zh": ["建设法治中国", "经济增长"], "en": ["a law-based China", "rule of law"]})
    >>> table = language_agreement(two, load_lexicon()).set_index("theme")
    >>> table.loc["rule_of_law", ["n_both", "n_zh_only", "n_en_only"]].tolist()
    [1, 0, 1]
    """
    held = _held(segments, lexicon)
    records = []
    for theme in lexicon.ids:
        zh, en = ({number for number, name in held[language] if name == theme} for language in LANGUAGES)
        both = len(zh & en)
        records.append(
            {
                "theme": theme,
                "n_segments": len(segments),
                "n_both": both,
                "n_zh_only": len(zh) - both,
                "n_en_only": len(en) - both,
                "precision": both / len(en) if en else None,
                "recall": both / len(zh) if zh else None,
            }
        )
    return conform(records, "language_agreement")


def language_leaks(segments: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """
    List the segments that have a theme in one language only.

    Returns
    -------
    DataFrame
        Table ``language_leaks``.
    """
    held = _held(segments, lexicon)
    texts = {language: segments[language].tolist() for language in LANGUAGES}
    order = {theme: place for place, theme in enumerate(lexicon.ids)}
    leaks = sorted(
        (order[theme], language, number, theme, term)
        for language, other in (LANGUAGES, LANGUAGES[::-1])
        for (number, theme), term in held[language].items()
        if (number, theme) not in held[other]
    )
    records = [
        {"theme": theme, "only": language, "segment": number + 1, "term": term,
         "zh": texts["zh"][number], "en": texts["en"][number]}
        for _, language, number, theme, term in leaks
    ]  # fmt: skip
    return conform(records, "language_leaks")


def _held(segments: pd.DataFrame, lexicon: Lexicon) -> dict[Language, dict[tuple[int, str], str]]:
    """Return, by language, the first term of each theme in each segment."""
    matcher = Matcher(lexicon)
    held: dict[Language, dict[tuple[int, str], str]] = {language: {} for language in LANGUAGES}
    for language in LANGUAGES:
        texts = (normalize(text).text for text in segments[language])
        for batch in matcher.find_all(texts, language):
            for number, hit in zip(batch.text.tolist(), batch.hits(), strict=True):
                if not hit.excluded and not hit.wide:
                    held[language].setdefault((number, hit.theme), hit.term)
    return held
