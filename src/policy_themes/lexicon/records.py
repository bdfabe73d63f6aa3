"""The records of a lexicon: themes, their facets, their phrases by language.

A theme says what *counts* and what is *kept whole*, and the two are apart: to
count 调解 is right, to force it whole would cut 协调解决 in two. A facet is a
part of a theme. A narrow facet sorts the theme's own hits ("modernization *of
what*"); a wide one adds wordings that are near the theme but not it (a
predecessor such as 社会管理, or "modern country"), shown beside the headline
and never inside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policy_themes.errors import UsageError, closest
from policy_themes.text.units import Language


@dataclass(frozen=True)
class Label:
    """A name or a text in both languages."""

    en: str
    zh: str

    def _repr_markdown_(self) -> str:
        """Show both in a notebook."""
        return f"{self.en}\n\n{self.zh}"


@dataclass(frozen=True)
class Phrases:
    """
    Literal phrases by language, already expanded from their patterns.

    Examples
    --------
    >>> Phrases(zh=("枫桥经验",), en=("fengqiao experience",)).of("zh")
    ('枫桥经验',)
    """

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def of(self, language: Language) -> tuple[str, ...]:
        """Return the phrases of one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Near:
    """Phrases that count only with one of ``words`` within ``window`` characters."""

    phrases: Phrases
    words: Phrases
    window: int = 12


@dataclass(frozen=True)
class Facet:
    """A part of a theme; ``wide`` facets stand beside the headline, not in it."""

    id: str
    label: Label
    phrases: Phrases
    wide: bool = False


@dataclass(frozen=True)
class Theme:
    """
    One theme.

    Attributes
    ----------
    id : str
        Stable identifier.
    label : Label
    count : Phrases
        What counts as a hit.
    near : tuple of Near
        What counts only in company.
    exclude : Phrases
        Longer contexts whose inside is no hit (高水平安全 holds 平安).
    keep : Phrases
        Kept whole by segmentation.
    facets : tuple of Facet
    examples : mapping of language to sentence
        A sentence that holds the theme exactly once.
    note : str
    definition : mapping of str to object
        The theme as its file has it, patterns not expanded, for the record.
    """

    id: str
    label: Label
    count: Phrases
    near: tuple[Near, ...] = ()
    exclude: Phrases = Phrases()
    keep: Phrases = Phrases()
    facets: tuple[Facet, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    definition: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Lexicon:
    """Themes in their order, and the version of the file they come from."""

    themes: tuple[Theme, ...]
    version: str

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the themes, in order."""
        return tuple(theme.id for theme in self.themes)

    def theme(self, theme_id: str) -> Theme:
        """Return one theme by its identifier; `KeyError` if there is none."""
        return {theme.id: theme for theme in self.themes}[theme_id]

    def keep(self, language: Language) -> tuple[str, ...]:
        """Return all phrases of a language that segmentation keeps whole, sorted."""
        return tuple(sorted({phrase for theme in self.themes for phrase in theme.keep.of(language)}))

    @property
    def phrases(self) -> frozenset[str]:
        """All phrases that it counts, keeps whole or sorts by, of both languages; those that exclude are no terms."""
        parts = [
            part
            for theme in self.themes
            for part in (theme.count, theme.keep, *(near.phrases for near in theme.near),
                         *(facet.phrases for facet in theme.facets))
        ]  # fmt: skip
        return frozenset(phrase for part in parts for phrase in (*part.zh, *part.en))


def checked(themes: Sequence[str], lexicon: Lexicon) -> list[str]:
    """
    Return identifiers of themes after making sure that a lexicon has them.

    Raises
    ------
    UsageError
        If one is unknown.
    """
    for theme in themes:
        if theme not in lexicon.ids:
            raise UsageError(
                f"The theme `{theme}` is unknown. {closest(theme, lexicon.ids)}".strip(),
                hint=f"Known: {', '.join(lexicon.ids)}.",
            )
    return list(themes)
