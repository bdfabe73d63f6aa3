"""Topics to read: their words under any λ, the passages that have most of them, whether other fits find them again."""

from collections.abc import Mapping

import numpy as np

from policy_themes.explore.prepared import Prepared
from policy_themes.explore.view import View
from policy_themes.schema import rows
from policy_themes.topics.tables import document_gamma, relevance

WORDS = 12
EXEMPLARS, LONGEST = 3, 300  # passages of a topic, characters of each


def topic_page(prepared: Prepared, view: View) -> Mapping[str, object]:
    """
    Return what is known of each topic of one language.

    Parameters
    ----------
    prepared : Prepared
        Its topics are fitted.
    view : View
        ``weight`` is λ, ``topic`` the one whose passages are quoted.
    """
    study = prepared.study
    fit = study.topics(view.language)
    scores = relevance(fit, weight=view.weight)
    names = prepared.topic_names(view.language)
    stability = {int(row.topic): row for row in rows(study.topic_stability(view.language))}
    sizes = document_gamma(fit).mean()
    listed = []
    for number in range(1, fit.spec.k + 1):
        order = np.lexsort((np.arange(len(fit.terms)), -scores[number - 1]))[:WORDS]
        row, found = names.get(number), stability.get(number)
        listed.append(
            {
                "topic": number,
                "name": (row.name if row is not None else None) or "",
                "proposed": _theme(prepared, view, row.proposed if row is not None else None),
                "share": float(sizes[number]),
                "stable": None if found is None else found.mark != "unstable",
                "cosine": None if found is None else found.cosine,
                "terms": [[fit.terms[term].replace("_", " "), float(fit.beta[number - 1, term])] for term in order],
            }
        )
    return {"k": fit.spec.k, "topics": listed, "exemplars": _exemplars(prepared, view)}


def _theme(prepared: Prepared, view: View, theme: str | None) -> str:
    """Return the name of a theme that a topic might bear."""
    if theme is None or theme not in prepared.study.lexicon.ids:
        return ""
    return str(getattr(prepared.study.lexicon.theme(theme).label, view.lang))


def _exemplars(prepared: Prepared, view: View) -> list[Mapping[str, object]]:
    """Quote the passages that have most of the chosen topic."""
    if view.topic is None:
        return []
    table = prepared.study.exemplars(view.language, top=EXEMPLARS)
    return [
        {"doc_id": row.doc_id, "gamma": row.gamma, "text": row.text[:LONGEST], "path": row.path}
        for row in rows(table[table["topic"] == view.topic])
    ]
