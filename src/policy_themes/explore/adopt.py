"""A phrase more or less in a theme: what it changes, and, once it is wanted, the user's file that says so.

Nothing is written before it was seen. What is written are the user's own files,
the lexicon and the names of topics that `study.yml` names, or new ones beside it;
never a file of the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from policy_themes import compare, topics
from policy_themes.compare.hits import headline
from policy_themes.config import load_settings
from policy_themes.errors import UsageError
from policy_themes.explore.prepared import Counted, Prepared
from policy_themes.explore.selection import Selection
from policy_themes.explore.view import View
from policy_themes.lexicon import load_lexicon
from policy_themes.lexicon.edit import Action, changed, changed_entry, read_text, with_setting, with_theme
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import conform, rows
from policy_themes.store.files import write_atomic
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import Study
from policy_themes.text.units import Language

SHOWN = 8  # sentences of what is gained or lost


@dataclass(frozen=True)
class Change:
    """One phrase added to a theme, or dropped from it."""

    theme: str
    language: Language
    phrase: str
    action: Action


def tried(prepared: Prepared, change: Change) -> Mapping[str, object]:
    """
    Return what a change does: hits and documents before and after, by year, and the sentences it is about.

    Raises
    ------
    UsageError
        If the theme is unknown, or there is nothing to change.
    """
    study = prepared.study
    theme = study.lexicon.theme(study.checked([change.theme])[0])
    lexicon = Lexicon((changed(theme, change.language, change.phrase, change.action),), study.lexicon.version)
    after = Counted.of(study, compare.find_hits(study.corpus, lexicon), lexicon)
    sides = [_numbers(counted, change) for counted in (prepared.counted, after)]
    places = [headline(_own(counted, change)) for counted in (prepared.counted, after)]
    gained, lost = _differ(places[1], places[0]), _differ(places[0], places[1])
    return {
        "before": sides[0],
        "after": sides[1],
        "gained": _sentences(study, after, gained),
        "lost": _sentences(study, prepared.counted, lost),
        "n_gained": len(gained),
        "n_lost": len(lost),
    }


def _own(counted: Counted, change: Change) -> pd.DataFrame:
    """Return the places of a theme."""
    places = counted.hits.places
    return places[places["theme"] == change.theme]


def _numbers(counted: Counted, change: Change) -> Mapping[str, object]:
    """Return hits and documents of a theme, in all and by year."""
    view = {"language": change.language, "theme": change.theme}
    total = counted.rates(Selection(), by=(), held=False, **view)  # type: ignore[arg-type]
    years = counted.rates(Selection(), by=("year",), held=False, **view)  # type: ignore[arg-type]
    first = next(rows(total), None)
    return {
        "n_hits": first.n_hits if first else 0,
        "n_docs": first.n_docs_with_theme if first else 0,
        "of": first.n_docs if first else 0,
        "years": [[row.year, row.n_hits, row.n_docs_with_theme, row.n_docs] for row in rows(years)],
    }


def _differ(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the places of the one that no place of the other overlaps: a longer word there is the same occurrence."""
    known: dict[str, list[tuple[int, int]]] = {}
    for doc_id, start, end in other[["doc_id", "start", "end"]].itertuples(index=False):
        known.setdefault(doc_id, []).append((start, end))
    kept = [
        not any(begin < end and start < stop for begin, stop in known.get(doc_id, ()))
        for doc_id, start, end in one[["doc_id", "start", "end"]].itertuples(index=False)
    ]
    return one[kept]


def _sentences(study: Study, counted: Counted, places: pd.DataFrame) -> list[Mapping[str, object]]:
    """Quote the first of some places, one a document."""
    unique = set(study.corpus.unique["doc_id"])
    first = places[places["doc_id"].isin(unique)].drop_duplicates("doc_id").head(SHOWN)
    corpus = study.corpus.of_documents(first["doc_id"].tolist())
    hits = compare.ThemeHits(first.reset_index(drop=True), counted.hits.table)
    quoted = compare.evidence(corpus, hits)
    return [
        {"doc_id": row.doc_id, "left": row.left, "match": row.match, "right": row.right, "year": row.year}
        for row in rows(quoted)
    ]


@dataclass(frozen=True)
class Files:
    """
    The user's own files.

    Attributes
    ----------
    study : Path
        The study file; perhaps not there yet.
    """

    study: Path

    def named(self, key: str, default: str) -> Path:
        """Return the file that the study file names, or one beside it that it is to name."""
        settings = load_settings(self.study) if self.study.is_file() else None
        name = getattr(settings, key) if settings else None
        return (self.study.parent / (name or default)).resolve()

    def name(self, key: str, path: Path) -> None:
        """Let the study file name a file, if it does not."""
        source = read_text(self.study)
        settings = load_settings(self.study) if self.study.is_file() else None
        if settings is None or getattr(settings, key) is None:
            write_atomic(self.study, with_setting(source, key, path.name, name=self.study.name).encode())


def adopted(study: Study, files: Files, change: Change) -> Path:
    """
    Write a change into the user's lexicon, and return the file.

    Raises
    ------
    OutputError, UsageError
        Nothing has been written then.
    """
    theme = study.lexicon.theme(study.checked([change.theme])[0])
    changed(theme, change.language, change.phrase, change.action)  # refuses what is no change
    path = files.named("lexicon", "themes.yml")
    before = path.read_bytes() if path.is_file() else None
    entry: dict[str, Any] = changed_entry(theme, change.language, change.phrase, change.action)
    write_atomic(path, with_theme(read_text(path), entry, name=path.name).encode())
    try:
        load_lexicon(path, replace=study.settings.lexicon_mode == "replace")
        files.name("lexicon", path)
    except UsageError:
        _put_back(path, before)
        raise
    return path


def _put_back(path: Path, before: bytes | None) -> None:
    """Restore a file as it was."""
    if before is None:
        path.unlink(missing_ok=True)
    else:
        write_atomic(path, before)


def named_topic(study: Study, files: Files, view: View, topic: int, name: str) -> Path:
    """
    Write the name of a topic into the user's file of names, and return the file.

    Raises
    ------
    OutputError, UsageError
    """
    fit = study.topics(view.language)
    if not 1 <= topic <= fit.spec.k:
        raise UsageError(f"There is no topic {topic}.", hint=f"They are numbered 1 to {fit.spec.k}.")
    if any(not char.isprintable() for char in name):
        raise UsageError(
            "A name of a topic is one line of letters.", hint="Leave out line ends and marks that nobody sees."
        )
    path = files.named("topic_names", "topic_names.csv")
    given = topics.read_names(path) if path.is_file() else None
    table = topics.topic_names(fit, study.theme_topics(view.language), given)
    table.loc[table["topic"] == topic, ["name", "likeness"]] = [name.strip() or None, 1.0]
    if given is not None:  # names of the other language stay
        table = pd.concat([table, given[given["language"] != view.language]], ignore_index=True)
    before = path.read_bytes() if path.is_file() else None
    write_atomic(path, csv_bytes(conform(table, "topic_names")))
    try:
        files.name("topic_names", path)
    except UsageError:
        _put_back(path, before)
        raise
    return path
