"""The publications that the methods of a report rest on."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

from policy_themes.config import Settings
from policy_themes.store.yaml_file import read_yaml


@cache
def _all() -> tuple[Mapping[str, object], ...]:
    """Load the list."""
    with as_file(files("policy_themes") / "data" / "references.yml") as path:
        return tuple(read_yaml(path).content)  # type: ignore[arg-type]


def references(settings: Settings) -> list[str]:
    """
    Return the references of the chapters that a report has, and of its topic model, by author.

    Parameters
    ----------
    settings : Settings

    Examples
    --------
    >>> [text.split(",")[0] for text in references(Settings(sections=["terms"]))]
    ['SALTON G']
    """
    chapters, engine = set(settings.sections), settings.topics.engine
    used = [entry for entry in _all() if chapters & set(entry["of"]) and engine in entry.get("engines", [engine])]  # type: ignore[call-overload, operator]
    return sorted(str(entry["text"]) for entry in used)
