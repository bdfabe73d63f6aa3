"""Yes and no as people write them into tables, in both languages."""

_YES = frozenset({"yes", "y", "x", "1", "true", "是"})
_NO = frozenset({"no", "n", "0", "false", "否"})


def yes_or_no(written: str) -> bool | None:
    """
    Return what an answer says; None for a blank.

    Raises
    ------
    ValueError
        If it says something else.

    Examples
    --------
    >>> yes_or_no(" Yes"), yes_or_no("否"), yes_or_no("")
    (True, False, None)
    """
    answer = written.strip().lower().removesuffix(".0")
    if answer and answer not in _YES | _NO:
        raise ValueError(written)
    return None if not answer else answer in _YES
