"""What a study counts by, as plain text that goes to every worker: themes, regions, words, settings.

Workers get JSON and build from it what this machine has; no object of a study
is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from pydantic import TypeAdapter

from policy_themes.config import Settings
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides, load_overrides
from policy_themes.errors import UsageError
from policy_themes.lexicon import Lexicon, checked, load_lexicon
from policy_themes.regions import Regions, load_regions
from policy_themes.tokenize import StopWords, UserDictionary, load_dictionary, load_stopwords


@dataclass(frozen=True)
class Setup:
    """
    Everything that decides what is read and counted, and nothing that is found.

    Examples
    --------
    >>> setup = Setup.of_study(Settings())
    >>> Setup.of_text(setup.text).lexicon == setup.lexicon
    True
    """

    settings: Settings
    columns: Columns
    regions: Regions
    overrides: Overrides
    lexicon: Lexicon
    dictionary: UserDictionary
    stopwords: StopWords

    @classmethod
    def of_study(cls, settings: Settings) -> "Setup":
        """
        Load the files that the settings name.

        Raises
        ------
        UsageError
            If one is faulty, or a setting needs all documents on one machine.
        """
        if settings.part != "all" or settings.copies == "weighted":
            wrong = f"part: {settings.part}" if settings.part != "all" else f"copies: {settings.copies}"
            raise UsageError(f"`{wrong}` is not counted part by part.", hint="Leave it out of study.yml.")
        made = cls(
            settings=settings,
            columns=Columns(**settings.columns.model_dump()),
            regions=load_regions(settings.file("regions")),
            overrides=load_overrides(settings.file("overrides")),
            lexicon=load_lexicon(settings.file("lexicon"), replace=settings.lexicon_mode == "replace"),
            dictionary=load_dictionary(settings.file("dictionary")),
            stopwords=load_stopwords(settings.file("stopwords")),
        )
        made.overrides.check(made.gazetteer)
        return made

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places."""
        return Gazetteer(self.regions)

    def checked(self, themes: Sequence[str]) -> list[str]:
        """
        Return identifiers of themes after making sure that the lexicon has them.

        Raises
        ------
        UsageError
        """
        return checked(themes, self.lexicon)

    @property
    def text(self) -> str:
        """The whole as JSON."""
        return _adapter().dump_json(self).decode()

    @staticmethod
    @cache
    def of_text(text: str) -> "Setup":
        """Return what `text` was made of; a worker builds it once."""
        return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Setup]:
    """Return what turns it into JSON and back."""
    return TypeAdapter(Setup)
