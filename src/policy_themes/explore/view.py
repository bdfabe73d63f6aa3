"""A view: everything that decides what the explorer shows, as one frozen record with an address.

What is not in a view is not on the screen, so that an address, a file or the cell
of a notebook gives back exactly what was looked at. A view is parsed strictly: it
comes out of an address bar, where anything may stand.

Two things narrow documents down. The *scope* (years from and to, regions, outlet …)
holds in every panel. The *focus*, one year and one region, is a mark that was
chosen: the panel it was chosen in goes on showing its neighbours, every other
panel shows only what stands behind it.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args
from urllib.parse import parse_qsl, urlencode

from pydantic import Field, ValidationError, model_validator

from policy_themes.errors import UsageError, closest, invalid
from policy_themes.explore.selection import BETWEEN, Selection, Word

PanelName = Literal["trend", "map", "ranking", "grid", "contrast", "topics", "passages"]
Measure = Literal["headline", "rate", "share", "prevalence", "effect"]
PANELS: tuple[PanelName, ...] = get_args(PanelName)
MAX_ADDRESS = 8_000


class View(Selection):
    """
    What the explorer shows.

    Attributes
    ----------
    lang : {"en", "zh"}
        Of the interface and of the words on pictures.
    language : {"zh", "en"}
        Of the documents.
    theme : str
        Identifier.
    facet : str
        One part of the theme; empty: the whole.
    phrase : str
        Own phrase, in the place of a theme.
    measure : {"headline", "rate", "share", "prevalence", "effect"}
        ``headline`` is the rate or the share, whichever speaks for the theme in the whole study.
    against : Selection or None
        A second selection, beside the first.
    panel : str
        The panel that is large; empty: all.
    document : str
        The document that is open.
    topic : int or None
    weight : float
        λ: how much the probability of a topic's words weighs against their lift.
    sort : {"text", "left", "right"}
        Of passages.
    removed : bool
        Passages that an excluding context took out of the count, instead of those that count.
    page : int
        Of passages, from 1.
    narrow : bool
        Pictures for half a column: a phone.
    """

    lang: Literal["en", "zh"] = "en"
    language: Literal["zh", "en"] = "zh"
    theme: Word = ""
    facet: Word = ""
    phrase: Word = ""
    measure: Measure = "headline"
    against: Selection | None = None
    panel: Literal["", "trend", "map", "ranking", "grid", "contrast", "topics", "passages"] = ""
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")] = ""
    topic: Annotated[int, Field(ge=1, le=10_000)] | None = None
    weight: Annotated[float, Field(ge=0, le=1, strict=False)] = 0.6
    sort: Literal["text", "left", "right"] = "text"
    removed: bool = False
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    narrow: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.facet and self.phrase:
            raise ValueError("a phrase of one's own has no facets")
        return self

    @property
    def selection(self) -> Selection:
        """The first selection alone."""
        return Selection(**{name: getattr(self, name) for name in Selection.model_fields})

    def side(self, other: bool) -> Selection:
        """Return the first selection, or the second one."""
        return self.against if other and self.against is not None else self.selection

    @classmethod
    def of(cls, content: object) -> Self:
        """
        Read a view from what JSON holds.

        Raises
        ------
        UsageError
            With the first fault.

        Examples
        --------
        >>> View.of({"theme": "fengqiao_experience", "first": 2019}).first
        2019
        """
        if not isinstance(content, dict):
            raise invalid("view", content, "a mapping of names to values")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise _fault(error) from error

    @classmethod
    def from_address(cls, query: str) -> Self:
        """
        Read a view from the query (or what follows the #) of an address.

        Raises
        ------
        UsageError

        Examples
        --------
        >>> View.from_address("theme=safe_china&first=2019&against.regions=330000%2C440000").against.regions
        ('330000', '440000')
        """
        if len(query) > MAX_ADDRESS:
            raise invalid("address", f"{query[:40]}…", f"at most {MAX_ADDRESS} characters long")
        content: dict[str, object] = {}
        against: dict[str, object] = {}
        for key, text in parse_qsl(query.lstrip("#?"), keep_blank_values=True):
            inner = key.removeprefix("against.")
            place = content if inner == key else against
            if inner in place:
                raise invalid(key, text, "named once")
            place[inner] = _value(inner, text)
        return cls.of(content | ({"against": against} if against else {}))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """
        Read a view from a file's content.

        Raises
        ------
        UsageError
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(
                "This is no file of a view: it is not JSON.", hint="`Share as a file` writes one."
            ) from error
        return cls.of(content)

    def content(self) -> Mapping[str, object]:
        """Return what differs from an untouched view, as JSON holds it."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def to_json(self) -> str:
        """Return the content of a file."""
        return json.dumps(self.content(), ensure_ascii=False, indent=1) + "\n"

    def to_address(self) -> str:
        """
        Return the query of an address.

        Examples
        --------
        >>> View(theme="safe_china", regions=("330000", "440000"), removed=True).to_address()
        'regions=330000%2C440000&theme=safe_china&removed=true'
        """
        flat: dict[str, str] = {}
        for key, value in self.content().items():
            if isinstance(value, dict):
                flat |= {f"{key}.{inner}": _text(own) for inner, own in value.items()}
            else:
                flat[key] = _text(value)
        return urlencode(flat)


def _text(value: object) -> str:
    """Return a value as it stands in an address."""
    if isinstance(value, list):
        return BETWEEN.join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(name: str, text: str) -> object:
    """Return a value of an address as JSON would hold it; what is no such value stays text, and is refused later."""
    if name == "regions":
        return text.split(BETWEEN)
    if name in ("removed", "narrow"):
        return {"true": True, "false": False}.get(text, text)
    if name in ("first", "last", "year", "topic", "page"):
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else text
    if name == "weight":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _fault(error: ValidationError) -> UsageError:
    """Turn pydantic's first finding into one message."""
    first = error.errors()[0]
    name = ".".join(map(str, first["loc"])) or "view"
    if first["type"] == "extra_forbidden":
        known = closest(name.rpartition(".")[2], View.model_fields)
        return UsageError(f"A view has no `{name}`. {known}".strip(), hint=f"It has: {', '.join(View.model_fields)}.")
    said = first["msg"].removeprefix("Value error, ")
    return UsageError(f"`{name}` of the view: {said[:1].lower()}{said[1:]}.", hint="Start again from the bare address.")
