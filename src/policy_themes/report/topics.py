"""Whether the topics of a study hold up: the quality page and the intrusion sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from policy_themes import topics
from policy_themes.errors import InsufficientDataError
from policy_themes.progress import track
from policy_themes.report.manifest import commit
from policy_themes.schema import conform, rows
from policy_themes.store.files import OutputFolder, check_apart
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study
from policy_themes.text.units import Language
from policy_themes.topics.intrusion import Intrusion, intrusion_sheet
from policy_themes.topics.page import Page, quality_page, several_k


def write_quality(
    study: Study, out: Path, *, ks: Sequence[int] | None, n_seeds: int, command: str
) -> Mapping[str, pd.DataFrame]:
    """
    Write ``topic_quality`` and ``topic_stability`` of every language that has enough passages.

    Parameters
    ----------
    study : Study
    out : Path
        Empty, new, or an earlier output of ours.
    ks : sequence of int, optional
        Numbers of topics; by default five around the study's.
    n_seeds : int
    command : str
        What to call to do it again, for the record.

    Raises
    ------
    InsufficientDataError
        If no language has enough.
    UsageError
        If a K is too large.
    """
    check_apart(study.folder, out)
    with OutputFolder(out) as folder:
        pages: list[Page] = []
        failures: list[InsufficientDataError] = []
        for language in study.languages:
            try:
                pages.append(quality_of(study, language, ks=ks, n_seeds=n_seeds))
            except InsufficientDataError as error:
                failures.append(error)
        if not pages:
            raise failures[0]
        tables = {
            "topic_quality": conform(pd.concat([page.quality for page in pages]), "topic_quality"),
            "topic_stability": conform(pd.concat([page.stability for page in pages]), "topic_stability"),
        }
        for name, table in tables.items():
            folder.write(f"{name}.csv", csv_bytes(table))
        commit(folder, study, command)
    return tables


def quality_of(
    study: Study, language: Language, *, ks: Sequence[int] | None = None, n_seeds: int = 10, most: int | None = None
) -> Page:
    """
    Return the quality page of one language.

    At the K nearest to the study's, topics are those that `Study.topics` shows,
    and the text with its words dealt out anew is fitted as well. Where there are
    more than `most` texts, so many of them are drawn by lot.
    """
    counts = study.topic_counts(language)
    own = study.topic_spec(counts)
    n_texts = counts.counts.shape[0]
    if most is not None and n_texts > most:
        counts = counts.rows(np.sort(np.random.default_rng(own.seed).permutation(n_texts)[:most]))
    every = ks or several_k(own.k, fewest=max(2, len(own.keywords)))
    spec = replace(own, k=min(every, key=lambda k: abs(k - own.k)))
    shown = study.topics(language, k=spec.k)
    return quality_page(
        counts, spec, every, documents=study.topic_columns, shown=shown, n_seeds=n_seeds,
        progress=track("fitting topics"),
    )  # fmt: skip


def intrusion_of(study: Study, language: Language, *, k: int | None = None) -> Intrusion:
    """Return the intrusion sheet of one language and its key; topics appear under the names they were given."""
    fit = study.topics(language, k=k)
    file = study.settings.file("topic_names")
    named = topics.topic_names(fit, study.theme_topics(language, k=k), topics.read_names(file) if file else None)
    names = {row.topic: row.name for row in rows(named) if row.topic is not None and row.name}
    return intrusion_sheet(fit, study.exemplars(language, k=k, top=2), names=names, seed=study.settings.seed)
