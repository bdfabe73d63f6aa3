"""Names that people gave to topics, carried from one fit to the next by the words of the topics.

A number is no name: after a refit topic 3 may be topic 7. So the file of names
holds the first words of the topic that was named, with their probabilities,
and a name goes to the topic whose words are most like them, if any are.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from policy_themes.errors import UsageError
from policy_themes.schema import conform, rows
from policy_themes.topics.quality import top_terms
from policy_themes.topics.records import Matrix, TopicFit

STORED = 20
# Words less like those that were named belong to something else.
ALIKE = 0.5
PAIR = re.compile(r"([^=]{1,200}?)=(\d(?:\.\d+)?)(?: |$)")


def read_names(path: Path) -> pd.DataFrame:
    """
    Read a file of names: `topic_names.csv` with its column ``name`` filled in.

    Raises
    ------
    UsageError
    """
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype={"name": "str", "terms": "str", "language": "str"})
        named = table.dropna(subset=["name", "terms", "language"])
        for words in named["terms"]:
            _stored(words)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"{path} is no file of topic names.", hint="Fill in `name` in the topic_names.csv of an earlier run."
        ) from error
    return named.reset_index(drop=True)


def _stored(terms: str) -> dict[str, float]:
    """Read words and their probabilities: ``law=0.05 court=0.02``."""
    found = {word: float(share) for word, share in PAIR.findall(terms)}
    if not found:
        raise ValueError(terms)
    return found


def topic_names(fit: TopicFit, links: pd.DataFrame, given: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Name the topics of a fit.

    Parameters
    ----------
    fit : TopicFit
    links : DataFrame
        Table ``theme_topics``: the theme with most hits in a topic is proposed as its name.
    given : DataFrame, optional
        What `read_names` returned.

    Returns
    -------
    DataFrame
        Table ``topic_names``: every topic, with the name that was given to one
        like it; then the names that fit no topic any more.
    """
    known = fit.beta.round(6)
    records = [
        {
            "language": fit.language,
            "topic": topic + 1,
            "proposed": _proposed(links, topic + 1),
            "terms": " ".join(f"{fit.terms[term]}={known[topic, term]:.6f}" for term in terms),
        }
        for topic, terms in enumerate(top_terms(fit.beta, STORED))
    ]
    if given is not None:
        from scipy.optimize import linear_sum_assignment  # half a second to import, and most runs name nothing

        own = given[given["language"] == fit.language].reset_index(drop=True)
        likeness = _likeness(fit, own)
        name, topic = linear_sum_assignment(-likeness)
        matched = {int(row): int(column) for row, column in zip(name, topic, strict=True)}
        for number, row in enumerate(rows(own)):
            place = matched.get(number)
            if place is not None and likeness[number, place] >= ALIKE:
                records[place] |= {"name": row.name, "likeness": likeness[number, place]}
            else:
                records.append({"language": fit.language, "name": row.name, "terms": row.terms})
    return conform(records, "topic_names")


def _likeness(fit: TopicFit, given: pd.DataFrame) -> Matrix:
    """Return the cosine of the words of each name with those of each topic."""
    places = {term: place for place, term in enumerate(fit.terms)}
    stored = np.zeros((len(given), len(fit.terms)))
    lengths = np.zeros((len(given), 1))
    for number, terms in enumerate(given["terms"]):
        words = _stored(terms)
        lengths[number] = np.linalg.norm(list(words.values()))
        for word, share in words.items():
            if word in places:
                stored[number, places[word]] = share
    unit = fit.beta / np.linalg.norm(fit.beta, axis=1, keepdims=True)
    return np.asarray(stored / np.maximum(lengths, 1e-300) @ unit.T)


def _proposed(links: pd.DataFrame, topic: int) -> str | None:
    """Return the theme with most hits in a topic, of those that stand in it more than in any other."""
    if links.empty:
        return None
    main = links.sort_values("score", ascending=False, kind="stable").drop_duplicates("theme")
    own = main[main["topic"] == topic]
    weight = own["score"].astype(float) * own["n_passages"].astype(float)
    return None if own.empty else str(own["theme"].iloc[int(weight.to_numpy().argmax())])
