"""Errors that say what to do: one message, one next step, one exit code.

Every failure that a user can cause is one of these classes; the command line
prints ``message`` and ``hint`` on stderr and ends with ``exit_code``. Anything
else that escapes is a bug and ends in 1.
"""

from collections.abc import Iterable


class PolicyThemesError(Exception):
    """
    Base of all expected failures.

    Parameters
    ----------
    message : str
        What is wrong: the thing, its value, what is allowed.
    hint : str, optional
        The next step.

    Examples
    --------
    >>> str(UsageError("`k` = 9 is too large.", hint="Use 4 or less."))
    '`k` = 9 is too large. Use 4 or less.'
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class UsageError(PolicyThemesError):
    """Wrong usage or configuration."""

    exit_code = 2


class QuarantineError(PolicyThemesError):
    """Done, but more of the input was quarantined than the limit allows."""

    exit_code = 3


class InsufficientDataError(PolicyThemesError):
    """Too little usable data for what was asked; no number is printed."""

    exit_code = 4


class NotebookError(PolicyThemesError):
    """A notebook failed, ran out of time or lost its kernel."""

    exit_code = 5


class OutputError(PolicyThemesError):
    """The output place is locked, full, unwritable or not ours."""

    exit_code = 6


def invalid(name: str, value: object, allowed: str, *, hint: str = "") -> UsageError:
    """
    Build the error for one bad argument or setting.

    Parameters
    ----------
    name, value : str, object
        The argument and what was given.
    allowed : str
        What would have been accepted, as a phrase that follows "must be".
    hint : str, optional
        The next step.

    Returns
    -------
    UsageError

    Examples
    --------
    >>> str(invalid("seed", -1, "a whole number of at least 0"))
    '`seed` = -1 is invalid; it must be a whole number of at least 0.'
    """
    return UsageError(f"`{name}` = {value!r} is invalid; it must be {allowed}.", hint=hint)


def closest(word: str, known: Iterable[str]) -> str:
    """
    Suggest the known name nearest to a mistyped one.

    Returns
    -------
    str
        A sentence, or "" where nothing is near.

    Examples
    --------
    >>> closest("them", ["themes", "seed"])
    'Did you mean `themes`?'
    >>> closest("zzz", ["themes"])
    ''
    """
    from difflib import get_close_matches

    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else ""
