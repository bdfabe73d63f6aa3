"""Themes as figures: by year, by region, by both, and how they spread."""

from collections.abc import Sequence

from policy_themes import figures
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart
from policy_themes.report.charts.refusing import labels_of, need, refusing
from policy_themes.study import By, Study
from policy_themes.text.units import Language


@refusing("theme_trend", "trend_title")
def trend(study: Study, *, language: Language, themes: Sequence[str] | None = None) -> Chart:
    """Draw themes by year."""
    need(study, ["year"], language)
    shown = _themes(study, language, themes)
    return figures.theme_trend(
        study.rates(by=["year"]), labels_of(study), themes=shown, language=language,
        breaks=study.source_breaks, calendar=study.calendar,
    )  # fmt: skip


@refusing("theme_regions", "region_title")
def regions(study: Study, *, language: Language, themes: Sequence[str] | None = None) -> Chart:
    """Draw themes by region."""
    need(study, ["region_code"], language)
    shown = _themes(study, language, themes)
    return figures.theme_regions(study.rates(by=["region_code"]), labels_of(study), themes=shown, language=language)


@refusing("grid", "grid_title")
def grid(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw one theme by year and region."""
    by: list[By] = ["year", "region_code"]
    need(study, by, language)
    rates = study.rates(by=by)
    if not ((rates["theme"] == theme) & (rates["language"] == language)).any():
        raise InsufficientDataError("No document has both a year and a region.")
    return figures.theme_grid(rates, labels_of(study), theme=theme, language=language)


@refusing("surface", "surface_title")
def surface(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw one theme's smoothed rates by year and region."""
    need(study, ["year", "region_code"], language)
    return figures.theme_surface(study.surface(theme, language), labels_of(study))


@refusing("tiles", "tiles_title")
def tiles(study: Study, *, theme: str, language: Language, years: Sequence[int] = ()) -> Chart:
    """Draw one theme on a schematic of all regions, a panel a year."""
    by: list[By] = ["year", "region_code"]
    need(study, by, language)
    return figures.tile_map(study.rates(by=by), labels_of(study), theme=theme, language=language, years=years)


@refusing("tile_pair", "tiles_title")
def tile_pair(study: Study, *, theme: str, against: str, language: Language, year: int | None = None) -> Chart:
    """Draw a theme and another one, or ``n_docs``, on one schematic of all regions; of all years together or of one."""
    study.checked([theme] if against == figures.N_DOCS else [theme, against])
    need(study, ["region_code"], language)
    rates = study.rates(by=["region_code"] if year is None else ["year", "region_code"])
    rates = rates if year is None else rates[rates["year"] == year]
    return figures.tile_pair(rates, labels_of(study), theme=theme, against=against, language=language)


@refusing("adoption", "adoption_title")
def adoption(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw in how many regions a theme stands, year by year, beside all other themes."""
    by: list[By] = ["year", "region_code"]
    need(study, by, language)
    table = study.adoption()
    if table[(table["theme"] == theme) & (table["language"] == language)]["year"].nunique() < 2:
        raise InsufficientDataError("The regions' documents are of one year: nothing can spread.")
    return figures.adoption_curve(table, labels_of(study), theme=theme, language=language)


@refusing("ladder", "ladder_title")
def ladder(study: Study, *, theme: str, language: Language) -> Chart:
    """Draw which region had a theme in which year."""
    by: list[By] = ["year", "region_code"]
    need(study, by, language)
    rates = study.rates(by=by)
    if not ((rates["theme"] == theme) & (rates["language"] == language)).any():
        raise InsufficientDataError("No document has both a year and a region.")
    return figures.adoption_ladder(rates, labels_of(study), theme=theme, language=language)


def _themes(study: Study, language: Language, themes: Sequence[str] | None) -> Sequence[str]:
    """Return the themes to draw; none that occurs is too little."""
    shown = themes or study.featured(language)
    if not shown:
        raise InsufficientDataError(f"No theme of the lexicon occurs in the {language} documents.")
    return shown
