"""Seeded themes (keyATM): topics that begin with the lexicon's words, beside free ones.

How frequent they are may hang on a formula. Leaving a keyword out shows what
hangs on it.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.schema import conform
from policy_themes.topics.covariates import covariates
from policy_themes.topics.draws import by_document
from policy_themes.topics.engines import topica_models
from policy_themes.topics.fit import Progress, check_k, in_order, known_counts
from policy_themes.topics.records import Factors, Matrix, TopicFit, TopicSpec
from policy_themes.vectorize.counts import DocTerm

ROUNDS = 1_000


def fit_seeded(docterm: DocTerm, spec: TopicSpec, documents: pd.DataFrame, *, progress: Progress = iter) -> TopicFit:
    """
    Fit topics with keywords.

    Parameters
    ----------
    docterm, documents
        As in `covariates`.
    spec : TopicSpec
        ``k`` counts the free topics too; ``keywords`` are words of the vocabulary; with ``prevalence`` the
        prior of a unit's proportions hangs on its document's columns.
    progress : callable, optional
        Wraps the rounds.

    Returns
    -------
    TopicFit
        `themes` says which topic began with which theme's words.

    Raises
    ------
    UsageError
        If topica is not installed, a keyword is no term, or there are fewer topics than themes; as in `covariates`.
    InsufficientDataError
        If no keyword of a theme stands in any text that takes part.

    References
    ----------
    Eshima, S., Imai, K. & Sasaki, T. (2024). https://doi.org/10.1111/ajps.12779
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
    given = covariates(docterm, spec, documents)
    check_k(spec.k, docterm.rows(given.known))
    n_tokens = np.asarray(docterm.counts.sum(axis=1)).ravel().astype(np.int64)
    rounds = spec.iterations or ROUNDS
    counts = known_counts(docterm, given.known)
    present = np.asarray(counts.sum(axis=0)).ravel() > 0
    keywords = {theme: [places[word] for word in words if present[places[word]]] for theme, words in spec.keywords}
    empty = [theme for theme, columns in keywords.items() if not columns]
    if empty:
        raise InsufficientDataError(
            f"No keyword of {', '.join(empty)} stands in the texts that take part.",
            hint="Name fewer themes in study.yml, or leave a term of the formula out.",
        )
    found = topica_models.seeded(
        counts, spec.k, keywords, prevalence=given.prevalence, rounds=rounds, seed=spec.seed, progress=progress
    )
    draws = by_document((one.astype(np.float64) for one in found.draws), docterm.doc_ids, n_tokens, given.known)
    themes = (*(theme for theme, _ in spec.keywords), *[""] * (spec.k - len(spec.keywords)))
    factors = Factors(found.beta, found.gamma, draws, themes=themes)
    return in_order(docterm, replace(spec, iterations=rounds), factors, given.known)


def drop_one(
    docterm: DocTerm, fit: TopicFit, documents: pd.DataFrame, *, theme: str, progress: Progress = iter
) -> pd.DataFrame:
    """
    Fit anew without each keyword of a theme, and say what changes.

    Parameters
    ----------
    docterm : DocTerm
    fit : TopicFit
        Of these counts and documents, seeded.
    documents : DataFrame
        As in `fit_seeded`.
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
        other = fit_seeded(docterm, replace(fit.spec, keywords=tuple(left.items())), documents)
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
