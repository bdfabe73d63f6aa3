"""The small pattern language of the lexicon, expanded to plain phrases.

A pattern is text with alternatives in brackets, which may be optional and may
nest: ``依法治(国|省|市)``, ``moderni(s|z)(ation|e)``, ``rule of (the )?law``.
There is nothing else, so every pattern is a finite list of phrases: matching
them all is one linear pass, and no file of a user can make it slow.
"""

MAX_PHRASES = 5_000
MAX_BRACKETS = 60


def expand(pattern: str) -> tuple[str, ...]:
    """
    Return every phrase a pattern stands for.

    Parameters
    ----------
    pattern : str
        Text with ``(a|b)`` and ``(a|b)?``.

    Returns
    -------
    tuple of str
        Distinct phrases, in the order of the pattern.

    Raises
    ------
    ValueError
        If a bracket is not closed, a ``?`` follows no bracket, a phrase is
        empty, or there are more than 5,000 of them.

    Examples
    --------
    >>> expand("依法治(国|省)")
    ('依法治国', '依法治省')
    >>> expand("rule of (the )?law")
    ('rule of the law', 'rule of law')
    """
    if pattern.count("(") > MAX_BRACKETS:
        raise ValueError(f"`{pattern[:40]}…` has more than {MAX_BRACKETS} brackets")
    phrases, rest = _alternatives(pattern, 0, pattern)
    if rest != len(pattern):
        raise ValueError(f"`{pattern}` closes a bracket that was not opened")
    phrases = [" ".join(phrase.split()) for phrase in phrases]
    if not all(phrases):
        raise ValueError(f"`{pattern}` allows an empty phrase")
    return tuple(dict.fromkeys(phrases))


def _alternatives(pattern: str, start: int, whole: str) -> tuple[list[str], int]:
    """Read alternatives up to a closing bracket or the end."""
    options: list[str] = []
    while True:
        phrases, start = _sequence(pattern, start, whole)
        options += phrases
        if start < len(pattern) and pattern[start] == "|":
            start += 1
            continue
        return options, start


def _sequence(pattern: str, start: int, whole: str) -> tuple[list[str], int]:
    """Read one alternative: letters and bracketed groups."""
    phrases = [""]
    while start < len(pattern) and pattern[start] not in "|)":
        if pattern[start] == "?":
            raise ValueError(f"`{whole}` has a ? that follows no bracket")
        if pattern[start] != "(":
            phrases = [phrase + pattern[start] for phrase in phrases]
            start += 1
            continue
        options, start = _alternatives(pattern, start + 1, whole)
        if start >= len(pattern):
            raise ValueError(f"`{whole}` does not close a bracket")
        start += 1
        if start < len(pattern) and pattern[start] == "?":
            options, start = [*options, ""], start + 1
        if len(phrases) * len(options) > MAX_PHRASES:
            raise ValueError(f"`{whole}` stands for more than {MAX_PHRASES} phrases")
        phrases = [phrase + option for phrase in phrases for option in options]
    return phrases, start
