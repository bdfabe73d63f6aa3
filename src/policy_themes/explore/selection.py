"""Which documents are looked at: the scope that holds everywhere, and one year and one region in focus."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

BETWEEN = ","  # regions of one list; no code holds it
Year = Annotated[int, Field(ge=1, le=9999)]
Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Selection(BaseModel):
    """
    Which documents are looked at; an empty value narrows nothing.

    Attributes
    ----------
    first, last : int or None
        Years, both included.
    regions : tuple of str
        Codes.
    outlet, institution, kind : str
        Values of the columns of the documents.
    year : int or None
        In focus.
    region : str
        Code, in focus.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    first: Year | None = None
    last: Year | None = None
    regions: Annotated[tuple[Word, ...], Field(max_length=500, strict=False)] = ()
    outlet: Word = ""
    institution: Word = ""
    kind: Word = ""
    year: Year | None = None
    region: Word = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueError("`first` must not be after `last`")
        if any(BETWEEN in code or not code for code in self.regions):
            raise ValueError("a region is a code, without a comma")
        return self

    def without(self, *names: str) -> Self:
        """
        Return the same selection with some fields empty.

        Examples
        --------
        >>> Selection(first=2019, region="330000").without("region")
        Selection(first=2019, last=None, regions=(), outlet='', institution='', kind='', year=None, region='')
        """
        return self.model_copy(update={name: type(self).model_fields[name].default for name in names})

    @property
    def narrowing(self) -> tuple[str, ...]:
        """Names of the fields that narrow documents down."""
        return tuple(name for name in Selection.model_fields if getattr(self, name) not in (None, "", ()))
