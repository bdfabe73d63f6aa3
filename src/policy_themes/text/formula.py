"""The formulas of models: columns joined by ``+``, with ``s()`` around numbers that may bend.

A formula is read, never run: what is no column of the documents is refused.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from policy_themes.errors import closest, invalid

NUMERIC = ("year", "n_units")
OFFERED = (
    "year", "region", "institution", "kind", "outlet", "n_units", "issuer", "region_level",
    "original_language", "translated_by",
)  # fmt: skip
COLUMN = {"region": "region_code"}
TERM = re.compile(r"(?:s\(\s*(\w{1,40})\s*(?:,\s*(\d{1,2})\s*)?\)|(\w{1,40}))", re.ASCII)
LEAST_DF, MOST_DF = 3, 20


@dataclass(frozen=True)
class Term:
    """
    One term of a formula.

    Attributes
    ----------
    name : str
    smooth : bool
    df : int or None
        Columns of a smooth; None: as many as its values carry.
    """

    name: str
    smooth: bool = False
    df: int | None = None

    @property
    def column(self) -> str:
        """The column of ``documents`` behind it."""
        return COLUMN.get(self.name, self.name)


def parse_formula(
    text: str,
    *,
    offered: Collection[str] = OFFERED,
    numeric: Collection[str] = NUMERIC,
    option: str = "--formula",
) -> tuple[Term, ...]:
    """
    Read a formula: terms joined by ``+``, each a column or ``s(column)``.

    Parameters
    ----------
    text : str
        ``s(year, 10)`` is a spline with ten columns, its knots where R's ``bs(year, df = 10)`` has them.
    offered, numeric : collection of str
        Columns there are; those that may stand in ``s()``.
    option : str
        Where it was given, for messages.

    Raises
    ------
    UsageError
        With what is allowed; nothing of a formula is ever executed.

    Examples
    --------
    >>> parse_formula("~ region + s(year)")
    (Term(name='region', smooth=False, df=None), Term(name='year', smooth=True, df=None))
    """
    allowed = f"`~ region + s(year)`: columns joined by +, s() around {' or '.join(sorted(numeric)) or 'numbers'}"
    terms = []
    for part in text.strip().removeprefix("~").split("+"):
        found = TERM.fullmatch(part.strip())
        if found is None:
            raise invalid(option, text, allowed)
        term = Term(found[1] or found[3], found[1] is not None, int(found[2]) if found[2] else None)
        if term.name not in offered or (term.smooth and term.name not in numeric):
            hint = f"{closest(term.name, offered)} Columns: {', '.join(offered)}.".strip()
            raise invalid(option, text, allowed, hint=hint)
        if term.df is not None and not LEAST_DF <= term.df <= MOST_DF:
            raise invalid(option, text, f"{LEAST_DF} to {MOST_DF} columns in s()")
        terms.append(term)
    if len({term.name for term in terms}) < len(terms):
        raise invalid(option, text, "each column once")
    return tuple(terms)
