"""Comparisons as figures: changes, differences, effects, words that set groups apart."""

from policy_themes import compare, figures
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart
from policy_themes.report.charts.refusing import labels_of, need, refusing
from policy_themes.study import By, Study
from policy_themes.text.units import Language


@refusing("trends", "forest_title")
def trends(study: Study, *, language: Language, periods: tuple[range, range] | None = None) -> Chart:
    """Draw how every theme changes over the years, or between two periods, regions held where that can be."""
    table = study.trends(periods=periods)
    own = table[(table["language"] == language) & (table["unit"] == "year")]
    basis = "regions" if own.loc[own["basis"] == "regions", "estimate"].notna().any() else "documents"
    if own.loc[own["basis"] == basis, "estimate"].isna().all():
        raise InsufficientDataError(f"The {language} documents are of one year, or of none.")
    return figures.trend_forest(own, labels_of(study), language=language, basis=basis)


@refusing("differences", "forest_title")
def differences(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw by how much the themes of the first group of a question differ from the others'."""
    table = study.differences(question)
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"The {language} documents are not of two groups.")
    return figures.difference_forest(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


@refusing("slope", "forest_title")
def slope(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw the themes of two groups of documents, mostly of two periods, as lines from one to the other."""
    table = study.differences(question)
    own = table[table["language"] == language]
    if own.empty or not (own["value_group"] + own["value_other"] > 0).any():
        raise InsufficientDataError(f"The {language} documents are not of two groups that have a theme.")
    return figures.slope(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


@refusing("effects", "forest_title")
def effects(study: Study, *, theme: str, formula: str, language: Language) -> Chart:
    """Draw the effect of every term of a formula on a theme."""
    table = study.effects(theme, formula)
    if (table["language"] != language).all():
        raise InsufficientDataError(f"The {language} documents are too few for `{formula}`.")
    return figures.effect_forest(table, labels_of(study), language=language, formula=formula)


@refusing("contrast", "contrast_refused_title")
def contrast(study: Study, question: compare.Question, *, language: Language) -> Chart:
    """Draw the words that set the first group of a question apart."""
    table = study.contrasts(question)
    own = table[table["language"] == language]
    if own.empty:
        raise InsufficientDataError(f"No word of the {language} documents stands in enough of them.")
    return figures.contrast_plot(own, labels_of(study), language=language, group=str(own["group"].iloc[0]))


@refusing("terms", "terms_year_title")
def terms(study: Study, *, by: By, language: Language) -> Chart:
    """Draw the heaviest terms of each year or region."""
    need(study, [by], language)
    weights = study.term_weights(language, by=by)
    if weights.empty:
        raise InsufficientDataError("No term stands in enough documents.")
    return figures.group_terms(weights, labels_of(study), by=by, language=language)
