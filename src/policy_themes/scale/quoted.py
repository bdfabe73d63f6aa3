"""Hits in their sentences, quoted part by part."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from policy_themes import compare
from policy_themes.scale.here import Here
from policy_themes.scale.parts import Parts, compared
from policy_themes.scale.setup import Setup
from policy_themes.schema import conform, empty


def quotations(
    engine: Here,
    parts: Parts,
    setup: Setup,
    *,
    themes: Sequence[str] | None = None,
    phrase: str | None = None,
    window: int | None = None,
) -> pd.DataFrame:
    """
    Return table ``evidence`` of a stored corpus.

    Parameters
    ----------
    engine : Here
    parts : Parts
    setup : Setup
    themes : sequence of str, optional
        All themes unless named.
    phrase : str, optional
        This instead of themes.
    window : int, optional
        As in `policy_themes.compare.evidence`.

    Returns
    -------
    DataFrame
        The same rows as of a corpus in memory, in the same order.
    """
    named = None if themes is None else list(themes)
    work = partial(quotes_of_part, setup.text, parts.place, named, phrase, window)
    return conform(pd.concat(engine.tables(work, parts.tasks), ignore_index=True), "evidence")


def quotes_of_part(
    setup: str, place: str, themes: list[str] | None, phrase: str | None, window: int | None, task: str
) -> pd.DataFrame:
    """Quote what is asked for in one part."""
    given = Setup.of_text(setup)
    corpus = compared(given, place, task, original=True)
    if corpus is None:
        return empty("evidence")
    if phrase is not None:
        return compare.phrase_evidence(corpus, phrase, window=window)
    return compare.evidence(corpus, compare.find_hits(corpus, given.lexicon), themes=themes, window=window)
