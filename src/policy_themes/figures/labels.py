"""Words on figures, in English, Chinese or both; the words themselves are data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from policy_themes.config import Labels as Mode
from policy_themes.lexicon.records import Label, Lexicon
from policy_themes.regions import Regions
from policy_themes.store.yaml_file import mapping, read_yaml
from policy_themes.text.units import Language


@cache
def _words() -> Mapping[str, Label]:
    """Load the words."""
    with as_file(files("policy_themes") / "data" / "labels.yml") as path:
        content = mapping(read_yaml(path).content, "labels.yml")
    return {key: Label(en=value["en"], zh=value["zh"]) for key, value in content.items()}  # type: ignore[index]


@dataclass(frozen=True)
class Labels:
    """
    Names of everything that is drawn.

    Attributes
    ----------
    mode : {"en", "zh", "both"}
    lexicon : Lexicon
    regions : Regions

    Examples
    --------
    >>> from policy_themes.lexicon import load_lexicon
    >>> from policy_themes.regions import load_regions
    >>> labels = Labels("both", load_lexicon(), load_regions())
    >>> labels.word("year"), labels.region("330000")
    ('Year 年份', 'Zhejiang 浙江')
    """

    mode: Mode
    lexicon: Lexicon
    regions: Regions

    def join(self, label: Label, *, between: str = " ") -> str:
        """Return a label in the wanted language, or in both."""
        if self.mode == "both":
            return label.en if label.en == label.zh else f"{label.en}{between}{label.zh}"
        return label.en if self.mode == "en" else label.zh

    def pair(self, key: str, **values: Callable[[Language], str] | str) -> Label:
        """Return a word in both languages, its gaps filled."""
        label = _words()[key]

        def filled(text: str, language: Language) -> str:
            given = {name: value if isinstance(value, str) else value(language) for name, value in values.items()}
            return text.format(**given) if given else text

        return Label(en=filled(label.en, "en"), zh=filled(label.zh, "zh"))

    def word(self, key: str, *, between: str = " ", **values: Callable[[Language], str] | str) -> str:
        """Return a word of the data file in the wanted language."""
        return self.join(self.pair(key, **values), between=between)

    def lines(self, label: Label) -> tuple[str, ...]:
        """Return a longer text as one line a language."""
        return {"en": (label.en,), "zh": (label.zh,), "both": (label.en, label.zh)}[self.mode]

    def legend(self, *marks: tuple[str, str]) -> Label:
        """Return signs and the words of the data file that explain them, in a row."""
        pairs = [(sign, self.pair(key)) for sign, key in marks]
        return Label(
            en=" · ".join(f"{sign} {word.en}".strip() for sign, word in pairs),
            zh=" · ".join(f"{sign} {word.zh}".strip() for sign, word in pairs),
        )

    def theme_label(self, theme: str) -> Label:
        """Return a theme's names."""
        return self.lexicon.theme(theme).label

    def theme(self, theme: str, *, between: str = " ") -> str:
        """Return a theme's name."""
        return self.join(self.theme_label(theme), between=between)

    def outcome_label(self, outcome: str) -> Label:
        """Return the names of what is explained: a theme, ``topic:3``, or ``theme-topics:`` and a theme."""
        kind, _, named = outcome.partition(":")
        if kind == "topic":
            return self.pair("topic", topic=named)
        if kind == "theme-topics":
            return self.pair("topics_of", theme=lambda name: getattr(self.theme_label(named), name))
        return self.theme_label(outcome)

    def region_label(self, code: str | None) -> Label:
        """Return a region's names; an unknown one says so."""
        return Label(en=self.regions.name(code, "en"), zh=self.regions.name(code, "zh"))

    def region(self, code: str | None) -> str:
        """Return a region's name."""
        return self.join(self.region_label(code))

    def group_label(self, by: str, group: str) -> Label:
        """Return the names of a group of documents, or of all the others."""
        if group == "rest":
            return self.pair("rest")
        side, _, year = group.partition(" ")
        if by == "year" and side in ("before", "from"):
            return self.pair(f"group_{side}", year=year)
        return self.region_label(group) if by == "region_code" else Label(group, group)

    def group(self, by: str, group: str) -> str:
        """Return the name of a group of documents: a region's, or the year itself."""
        return self.region(group) if by == "region_code" else group
