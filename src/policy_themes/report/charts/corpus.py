"""The documents of a study as figures: what was collected, what is known of it."""

from policy_themes import compare, figures
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart
from policy_themes.report.charts.refusing import NO_PAIRS, labels_of, need, refusing
from policy_themes.study import Study
from policy_themes.text.units import Language


@refusing("coverage", "coverage_title")
def coverage(study: Study) -> Chart:
    """Draw what was collected."""
    return figures.coverage_map(compare.coverage(study.corpus.documents), labels_of(study))


@refusing("composition", "composition_title")
def composition(study: Study, *, language: Language) -> Chart:
    """Draw of what kinds of document, institutions and outlets each year consists."""
    need(study, ["year"], language)
    return figures.composition_map(study.composition, labels_of(study), language=language)


@refusing("lengths", "lengths_title")
def lengths(study: Study) -> Chart:
    """Draw how long the documents are."""
    return figures.lengths(study.corpus.documents, labels_of(study))


@refusing("known", "known_title")
def known(study: Study) -> Chart:
    """Draw what is known of the documents, and what became of the files."""
    return figures.known(study.corpus.documents, study.corpus.ledger, labels_of(study))


@refusing("language_agreement", "agreement_title")
def agreement(study: Study) -> Chart:
    """Draw which themes stand in both languages of the same texts."""
    table = study.language_agreement
    if not table[["n_both", "n_zh_only", "n_en_only"]].to_numpy().any():
        raise InsufficientDataError(NO_PAIRS.en)
    return figures.agreement_chart(table, labels_of(study))
