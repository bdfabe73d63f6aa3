"""What themes are called and where they stand, in the documents' own words."""

from policy_themes import figures
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart
from policy_themes.report.charts.refusing import labels_of, need, refusing
from policy_themes.study import By, Study
from policy_themes.text.units import Language


@refusing("concordance", "concordance_title")
def concordance(
    study: Study,
    *,
    theme: str,
    language: Language,
    year: int | None = None,
    region: str | None = None,
    removed: bool = False,
) -> Chart:
    """Draw hits of a theme in their context, of one year or region if asked, or those that were taken out of the count."""
    quoted = study.evidence(themes=study.checked([theme]))
    if year is not None:
        quoted = quoted[quoted["year"] == year]
    if region is not None:
        quoted = quoted[quoted["region_code"] == study.regions.code(region)]
    own = quoted[quoted["language"] == language]
    if not (own["excluded_by"].notna() if removed else own["counted"]).any():
        raise InsufficientDataError(
            f"No {'removed ' if removed else ''}hit of `{theme}` in these {language} documents."
        )
    documents = study.corpus.documents
    machine = documents.loc[documents["translated_by"] == "machine", "doc_id"].tolist()
    return figures.concordance(own, labels_of(study), theme=theme, language=language, removed=removed, machine=machine)


@refusing("wordings", "wordings_year_title")
def wordings(study: Study, *, theme: str, by: By, language: Language) -> Chart:
    """Draw which wordings of a theme each year or region uses."""
    need(study, [by], language)
    table = study.wordings(theme, by=by)
    if not (table["language"] == language).any() or not table.loc[table["language"] == language, "n_hits"].any():
        raise InsufficientDataError(
            f"No hit of `{theme}` in {language} documents that have a {by.removesuffix('_code')}."
        )
    return figures.theme_wordings(table, labels_of(study), theme=theme, by=by, language=language)
