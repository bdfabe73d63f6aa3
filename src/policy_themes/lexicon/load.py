"""A lexicon file, read and checked: all its faults at once, each with its line."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy_themes.config import faults_error
from policy_themes.errors import UsageError
from policy_themes.lexicon.pattern import expand
from policy_themes.lexicon.records import Facet, Label, Lexicon, Near, Phrases, Theme
from policy_themes.store.yaml_file import YamlFile, read_yaml
from policy_themes.text.normalize import normalize

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class LabelEntry(_Entry):
    """``label``: a name in both languages."""

    en: str
    zh: str


class PhraseEntry(_Entry):
    """Patterns by language."""

    zh: list[str] = []
    en: list[str] = []


class NearEntry(_Entry):
    """``near``: patterns that count only in company."""

    phrases: PhraseEntry
    words: PhraseEntry
    window: Annotated[int, Field(ge=1, le=200)] = 12


class FacetEntry(_Entry):
    """One of ``facets``."""

    id: Identifier
    label: LabelEntry
    zh: list[str] = []
    en: list[str] = []
    scope: Literal["narrow", "wide"] = "narrow"


class ThemeEntry(_Entry):
    """One of ``themes``."""

    id: Identifier
    label: LabelEntry
    count: PhraseEntry
    near: list[NearEntry] = []
    exclude: PhraseEntry = PhraseEntry()
    keep: PhraseEntry = PhraseEntry()
    facets: list[FacetEntry] = []
    example: Mapping[Literal["zh", "en"], str] = {}
    note: str = ""


class LexiconEntry(_Entry):
    """The whole file."""

    version: str
    themes: list[ThemeEntry]


def load_lexicon(user: Path | None = None, *, replace: bool = False) -> Lexicon:
    """
    Load the built-in lexicon, extended or replaced by the user's own.

    Parameters
    ----------
    user : Path, optional
        A file of the same form as the built-in ``data/themes.yml``. A theme in
        it with a known id takes the place of the built-in one, in the order of themes too.
    replace : bool, default False
        Leave the built-in themes out altogether.

    Returns
    -------
    Lexicon

    Raises
    ------
    UsageError
        If a file has faults; the message lists all of them with their lines.

    Examples
    --------
    >>> "fengqiao_experience" in load_lexicon().ids
    True
    """
    with as_file(files("policy_themes") / "data" / "themes.yml") as path:
        builtin = _read(path)
    if user is None:
        return builtin
    own = _read(user)
    if replace:
        return own
    mine = {theme.id: theme for theme in own.themes}
    themes = [mine.pop(theme.id, theme) for theme in builtin.themes]
    return Lexicon((*themes, *mine.values()), f"{builtin.version}+{own.version}")


def _read(path: Path) -> Lexicon:
    """Read one file."""
    source = read_yaml(path)
    faults: list[str] = []
    try:
        entry = LexiconEntry.model_validate(source.content)
    except ValidationError as error:
        raise faults_error(source, error, _known_keys()) from error
    themes = tuple(_theme(theme, ("themes", index), source, faults) for index, theme in enumerate(entry.themes))
    ids = [theme.id for theme in themes]
    faults += [
        f"the theme `{name}` stands {ids.count(name)} times" for name in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if faults:
        raise UsageError(f"{source.name} has {len(faults)} fault(s):\n- " + "\n- ".join(faults))
    return Lexicon(themes, entry.version)


def _known_keys() -> set[str]:
    """Return every key that the file may have, for suggestions."""
    models = (LexiconEntry, ThemeEntry, FacetEntry, NearEntry, PhraseEntry, LabelEntry)
    return {name for model in models for name in model.model_fields}


_Where = tuple[str | int, ...]


def _theme(entry: ThemeEntry, where: _Where, source: YamlFile, faults: list[str]) -> Theme:
    """Build one theme, noting the faults of its patterns."""

    def phrases(value: PhraseEntry | FacetEntry, *place: str | int) -> Phrases:
        return Phrases(
            zh=_expanded(value.zh, (*where, *place, "zh"), source, faults),
            en=_expanded(value.en, (*where, *place, "en"), source, faults),
        )

    facets = tuple(
        Facet(facet.id, Label(facet.label.en, facet.label.zh), phrases(facet, "facets", index), facet.scope == "wide")
        for index, facet in enumerate(entry.facets)
    )
    near = tuple(
        Near(phrases(item.phrases, "near", index, "phrases"), phrases(item.words, "near", index, "words"), item.window)
        for index, item in enumerate(entry.near)
    )
    return Theme(
        id=entry.id,
        label=Label(entry.label.en, entry.label.zh),
        count=phrases(entry.count, "count"),
        near=near,
        exclude=phrases(entry.exclude, "exclude"),
        keep=phrases(entry.keep, "keep"),
        facets=facets,
        examples={str(language): text for language, text in entry.example.items()},
        note=entry.note,
        definition=entry.model_dump(exclude_defaults=True, exclude={"example"}),
    )


def _expanded(patterns: list[str], where: _Where, source: YamlFile, faults: list[str]) -> tuple[str, ...]:
    """Expand patterns to phrases in the normalised form they are matched in."""
    phrases: dict[str, None] = {}
    for index, pattern in enumerate(patterns):
        try:
            written = normalize(pattern).text
            phrases |= dict.fromkeys(expand(written.lower() if where[-1] == "en" else written))
        except ValueError as error:
            faults.append(f"line {source.line((*where, index))}: {error}")
    return tuple(phrases)
