"""What a reader gives: texts, with what the format itself says of them; or a refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Extracted:
    """
    One document as its format holds it.

    Attributes
    ----------
    text : str
        Title line (where the format knows one), header lines, content, and
        last what surrounds the article on the page.
    encoding : str
    format : str
    record : str or None
        Which row or member of the file it is.
    titled : bool
        Whether the first line of ``text`` is known to be the title.
    head, content : int or None
        Where in ``text`` the header ends and the content ends; None: not known.
    said : mapping of str to str
        Metadata of the format: ``date, url, outlet, region, id, title``.
    notes : tuple of str
        What was odd: ``encoding_conflict`` and the like.
    """

    text: str
    encoding: str
    format: str
    record: str | None = None
    titled: bool = False
    head: int | None = None
    content: int | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A row or member of a file that cannot be used, and why."""

    reason: str
    record: str | None = None
    detail: str | None = None


class RefusedError(Exception):
    """A whole file cannot be used."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(reason)
        self.refused = Refused(reason, None, detail)


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what; None: to be guessed."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    region: str | None = None
    outlet: str | None = None
    id: str | None = None
    url: str | None = None

    def named(self) -> Mapping[str, str]:
        """Return the columns that the user named."""
        return {role: name for role, name in vars(self).items() if name}
