"""The words of the lexicon's themes as keywords: how much of the text they are, known before anything is fitted.

What the keywords are matters more than anything a model does with them; so
those that are weak or absent are named.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from policy_themes.errors import InsufficientDataError
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.units import Language
from policy_themes.vectorize.counts import DocTerm

# A keyword of fewer than one word in 10,000 can hardly hold a topic (Eshima, Imai & Sasaki show such figures before fitting).
WEAK = 1e-4


def theme_words(lexicon: Lexicon, language: Language) -> dict[str, tuple[str, ...]]:
    """
    Return the words of every theme as they stand in a vocabulary.

    What is kept whole but not counted (新时代, which stands beside 枫桥经验) is no word of the theme.

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> words = theme_words(load_lexicon(), "zh")["fengqiao_experience"]
    >>> "枫桥经验" in words, "新时代" in words
    (True, False)
    """
    words: dict[str, tuple[str, ...]] = {}
    for theme in lexicon.themes:
        counted = theme.count.of(language)
        kept = [term for term in theme.keep.of(language) if any(phrase in term for phrase in counted)]
        words[theme.id] = tuple(dict.fromkeys(phrase.replace(" ", "_") for phrase in (*kept, *counted)))
    return words


def keyword_shares(docterm: DocTerm, words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """
    Return each keyword's share of all words, before anything is fitted.

    Parameters
    ----------
    docterm : DocTerm
    words : mapping of theme to words

    Returns
    -------
    DataFrame
        Table ``keyword_shares``; ``mark`` is "absent", "weak", "shared" (a keyword of
        several themes tells none of them apart) or "".

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> texts = DocTerm(sp.csr_array([[3, 1]]), ("law", "tea"), ("a",), (-1,), "en")
    >>> keyword_shares(texts, {"rule": ["law", "court"]})[["keyword", "n", "share", "mark"]].values.tolist()
    [['law', 3, 0.75, ''], ['court', 0, 0.0, 'absent']]
    """
    counts = np.asarray(docterm.counts.sum(axis=0)).ravel()
    documents = pd.Series(docterm.doc_ids)
    places = {term: column for column, term in enumerate(docterm.terms)}
    by_column = docterm.counts.tocsc()
    owners = pd.Series([word for own in words.values() for word in dict.fromkeys(own)]).value_counts()
    records = []
    for theme, own in words.items():
        for word in dict.fromkeys(own):
            column = places.get(word)
            n = 0 if column is None else int(counts[column])
            share = n / max(int(counts.sum()), 1)
            inside = (
                [] if column is None else by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
            )
            mark = "absent" if n == 0 else "weak" if share < WEAK else "shared" if owners[word] > 1 else ""
            records.append(
                {"theme": theme, "keyword": word, "n": n, "share": share, "n_docs": int(documents.iloc[inside].nunique()),
                 "mark": mark, "language": docterm.language}
            )  # fmt: skip
    return conform(records, "keyword_shares")


def keywords_of(shares: pd.DataFrame) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    Return the keywords that are there, by theme; themes that have none are left out.

    Raises
    ------
    InsufficientDataError
        If no theme has any.
    """
    present = shares[shares["n"] > 0]
    found = tuple((str(theme), tuple(part["keyword"])) for theme, part in present.groupby("theme", sort=False))
    if not found:
        raise InsufficientDataError("No keyword of any theme is among the terms.", hint="Look at the lexicon.")
    return found
