"""What a document says of itself, before anything is decided of it."""

from dataclasses import dataclass

from policy_themes.text.sentences import sentences
from policy_themes.text.units import Language

LEAD_SENTENCES, LEAD_CHARACTERS = 2, 400


@dataclass(frozen=True)
class Clues:
    """What a document says of itself, normalised; empty where it says nothing."""

    title: str
    path: str
    outlet: str
    body: str
    language: Language
    issuer: str = ""
    number: str = ""
    site: str = ""
    region: str = ""
    dateline: str = ""
    year: int | None = None
    is_page: bool = False

    @property
    def lead(self) -> str:
        """The first sentences of the body."""
        spans = sentences(self.body[: 3 * LEAD_CHARACTERS], self.language)[:LEAD_SENTENCES]
        return self.body[: min(spans[-1].end, LEAD_CHARACTERS)] if spans else ""
