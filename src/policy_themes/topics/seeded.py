"""Seeded themes (keyATM): topics that begin with the lexicon's words, beside free ones.

What the keywords are matters more than anything a model does with them. So each
keyword's share of all words is shown before fitting, those that are weak or
absent are named, and leaving one out shows what hangs on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform
from policy_themes.text.units import Language
from policy_themes.topics.draws import by_document
from policy_themes.topics.engines import topica_models
from policy_themes.topics.fit import Progress, check_k, in_order, known_counts
from policy_themes.topics.records import Factors, Matrix, TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm

ROUNDS = 1_000
# A keyword of fewer than one word in 10,000 can hardly hold a topic (Eshima, Imai & Sasaki show such figures before fitting).
WEAK = 1e-4


def theme_words(lexicon: Lexicon, language: Language) -> dict[str, tuple[str, ...]]:
    """Return the words of every theme as they stand in a vocabulary: what it keeps whole, and what it counts."""
    return {
        theme.id: tuple(
            dict.fromkeys(phrase.replace(" ", "_") for phrase in (*theme.keep.of(language), *theme.count.of(language)))
        )
        for theme in lexicon.themes
    }


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


def fit_seeded(docterm: DocTerm, spec: TopicSpec, *, progress: Progress = iter) -> TopicFit:
    """
    Fit topics with keywords.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
        ``k`` counts the free topics too; ``keywords`` are words of the vocabulary.
    progress : callable, optional
        Wraps the rounds.

    Returns
    -------
    TopicFit
        `themes` says which topic began with which theme's words.

    Raises
    ------
    UsageError
        If topica is not installed, a keyword is no term, or there are fewer topics than themes.
    InsufficientDataError
    """
    topica_models.library()
    check_k(spec.k, docterm)
    if not spec.keywords or len(spec.keywords) > spec.k:
        raise UsageError(
            f"`k` = {spec.k} topics cannot hold {len(spec.keywords)} themes with keywords.",
            hint=f"Use {len(spec.keywords) + 2} or more, or name fewer themes in study.yml.",
        )
    places = {term: column for column, term in enumerate(docterm.terms)}
    missing = [word for _, words in spec.keywords for word in words if word not in places]
    if missing:
        raise UsageError(f"No term is {', '.join(missing[:5])}.", hint="`keyword_shares` says which are there.")
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    known = np.flatnonzero(n_tokens)
    made = replace(spec, iterations=spec.iterations or ROUNDS)
    found = topica_models.seeded(
        known_counts(docterm, known), spec.k, {theme: [places[word] for word in words] for theme, words in spec.keywords},
        rounds=made.iterations or ROUNDS, seed=spec.seed, progress=progress,
    )  # fmt: skip
    draws = by_document((one.astype(np.float64) for one in found.draws), docterm.doc_ids, n_tokens, known)
    themes = (*(theme for theme, _ in spec.keywords), *[""] * (spec.k - len(spec.keywords)))
    return in_order(docterm, made, Factors(found.beta, found.gamma, draws, themes=themes), known)


def drop_one(docterm: DocTerm, fit: TopicFit, *, theme: str, progress: Progress = iter) -> pd.DataFrame:
    """
    Fit anew without each keyword of a theme, and say what changes.

    Parameters
    ----------
    docterm : DocTerm
    fit : TopicFit
        Of these counts, seeded.
    theme : str
    progress : callable, optional
        Wraps the keywords, a fit each.

    Returns
    -------
    DataFrame
        Table ``keyword_influence``: the theme's share of all words with and without, and how its topic's words
        (cosine) and its proportions in the units (correlation) are alike.

    Raises
    ------
    UsageError
        If the theme has no topic.
    InsufficientDataError
        If it has one keyword only.
    """
    words = dict(fit.spec.keywords)
    if theme not in words:
        raise UsageError(f"No topic began with `{theme}`.", hint=f"Known: {', '.join(words)}.")
    if len(words[theme]) < 2:
        raise InsufficientDataError(f"`{theme}` has one keyword: without it there is no theme.", hint="Add keywords.")
    records = []
    for word in progress(words[theme]):
        left = {**words, theme: tuple(one for one in words[theme] if one != word)}
        other = fit_seeded(docterm, replace(fit.spec, keywords=tuple(left.items())))
        (beta, gamma), (own_beta, own_gamma) = (_theme(one, theme) for one in (other, fit))
        known = ~np.isnan(own_gamma)
        records.append(
            {"theme": theme, "keyword": word, "share": _share(fit, own_gamma), "share_without": _share(other, gamma),
             "cosine": float(beta @ own_beta / np.linalg.norm(beta) / np.linalg.norm(own_beta)),
             "correlation": float(np.corrcoef(gamma[known], own_gamma[known])[0, 1]), "language": fit.language}
        )  # fmt: skip
    return conform(records, "keyword_influence")


def _theme(fit: TopicFit, theme: str) -> tuple[Matrix, Matrix]:
    """Return the words of a theme's topic, and its proportions."""
    topic = fit.themes.index(theme)
    return fit.beta[topic], fit.gamma[:, topic]


def _share(fit: TopicFit, gamma: Matrix) -> float:
    """Return the share of all words that are of a topic."""
    known = ~np.isnan(gamma)
    return float(gamma[known] @ fit.n_tokens[known] / fit.n_tokens[known].sum())
