"""One lexicon in two languages: whether a theme found in one stands in the other, segment by segment."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd

from policy_themes.compare.checks.languages import ENOUGH_YEARS
from policy_themes.corpus.records import Corpus
from policy_themes.errors import UsageError
from policy_themes.lexicon.match import Matcher
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import normalize
from policy_themes.text.units import LANGUAGES, Language


def read_aligned(path: Path) -> pd.DataFrame:
    """
    Read aligned segments: jsonl with ``zh`` and ``en`` and perhaps ``year``, or csv with columns of these names.

    Returns
    -------
    DataFrame
        Columns ``zh, en, year`` (unknown where it is not said); a segment
        without text in both languages is left out.

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
    table["year"] = pd.array([_year(row.get("year")) for row in found], dtype="Int64")
    return table[table["zh"].str.strip().ne("") & table["en"].str.strip().ne("")].reset_index(drop=True)


def _year(value: object) -> int | None:
    """Return a year, if it is one."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def aligned_texts(corpus: Corpus, file: Path | None) -> pd.DataFrame:
    """
    Return aligned segments: those of a file, or else the documents whose translation is in the corpus, whole.

    Returns
    -------
    DataFrame
        Columns ``zh, en, year``.
    """
    return document_pairs(corpus) if file is None else read_aligned(file)


def document_pairs(corpus: Corpus) -> pd.DataFrame:
    """Return the documents that have a translation in the corpus as aligned segments: ``zh, en, year``."""
    pairs: list[dict[str, object]] = []
    for row in rows(corpus.documents[corpus.documents["translation_of"].isin(corpus.documents["doc_id"])]):
        sides = {corpus.languages[doc_id]: corpus.normalized(doc_id) for doc_id in (row.doc_id, row.translation_of)}
        if set(sides) == set(LANGUAGES):
            pairs.append({"zh": sides["zh"], "en": sides["en"], "year": row.year})
    table = pd.DataFrame(pairs, columns=[*LANGUAGES, "year"])
    return table.astype({"zh": "str", "en": "str", "year": "Int64"})


def language_agreement(segments: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """
    Tell for each theme how often both languages of a segment have it.

    Parameters
    ----------
    segments : DataFrame
        Columns ``zh, en`` and perhaps ``year``.
    lexicon : Lexicon

    Returns
    -------
    DataFrame
        Table ``language_agreement``. The correlation (Spearman's) is between
        the shares of each year's segments that have the theme in the one and in
        the other language; it needs five years.

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> two = pd.DataFrame({"zh": ["建设法治中国", "经济增长"], "en": ["a law-based China", "rule of law"]})
    >>> table = language_agreement(two, load_lexicon()).set_index("theme")
    >>> table.loc["rule_of_law", ["n_both", "n_zh_only", "n_en_only"]].tolist()
    [1, 0, 1]
    """
    held = _held(segments, lexicon)
    years = segments["year"].dropna() if "year" in segments else pd.Series(dtype="Int64")
    n_years = int(years.nunique())
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
                "n_years": n_years,
                "correlation": _by_year(years, zh, en) if n_years >= ENOUGH_YEARS else None,
            }
        )
    return conform(records, "language_agreement")


def _by_year(years: pd.Series, zh: set[int], en: set[int]) -> float | None:
    """Correlate over the years the shares of segments that have a theme."""
    held = pd.DataFrame({"zh": years.index.isin(list(zh)), "en": years.index.isin(list(en))}, index=years.index)
    shares = held.groupby(years.astype(object)).mean()
    if (shares.max() == shares.min()).any():
        return None
    return float(shares["zh"].corr(shares["en"], method="spearman"))


def renderings(segments: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """
    List how each Chinese term of a theme is rendered, and how often no English phrase of the theme is there.

    Returns
    -------
    DataFrame
        Table ``renderings``: one row for each theme, Chinese term and English
        term beside it in a segment; ``en`` unknown where there is none, and
        ``share`` of the segments with that Chinese term.
    """
    held = _held(segments, lexicon)
    beside = [(theme, term, held["en"].get((number, theme))) for (number, theme), term in held["zh"].items()]
    order = {theme: place for place, theme in enumerate(lexicon.ids)}
    totals = Counter((theme, zh) for theme, zh, _ in beside)
    counted = sorted(
        Counter(beside).items(),
        key=lambda item: (order[item[0][0]], -totals[item[0][:2]], item[0][1], -item[1], str(item[0][2])),
    )
    records = [
        {"theme": theme, "zh": zh, "en": en, "n_segments": count, "share": count / totals[theme, zh]}
        for (theme, zh, en), count in counted
    ]
    return conform(records, "renderings")


def synonym_coverage(segments: pd.DataFrame, lexicon: Lexicon) -> pd.DataFrame:
    """
    Tell how many English terms stand for each theme, and how much of the Chinese they cover.

    A translation that renders one term in many ways, as machines do, is covered
    only as far as the lexicon knows these ways.

    Returns
    -------
    DataFrame
        Table ``synonym_coverage``: themes that the Chinese texts have.

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> three = pd.DataFrame({"zh": ["法治", "法治", "法治"], "en": ["rule of law", "law-based", "ruling with statutes"]})
    >>> table = synonym_coverage(three, load_lexicon())
    >>> table[["theme", "n_segments", "n_covered", "n_renderings"]].values.tolist()
    [['rule_of_law', 3, 2, 2]]
    """
    table = renderings(segments, lexicon)
    records = []
    for theme in dict.fromkeys(table["theme"]):
        own = table[table["theme"] == theme]
        terms = own.dropna(subset=["en"]).groupby("en")["n_segments"].sum().sort_index()
        total, covered = int(own["n_segments"].sum()), int(terms.sum())
        records.append(
            {
                "theme": theme,
                "n_segments": total,
                "n_covered": covered,
                "coverage": covered / total,
                "n_renderings": len(terms),
                "main": terms.idxmax() if covered else None,
                "share_main": terms.max() / covered if covered else None,
            }
        )
    return conform(records, "synonym_coverage")


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
