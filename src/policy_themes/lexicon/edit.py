"""A user's lexicon file changed by one phrase: only the lines of that theme are written anew, comments elsewhere stay."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import yaml

from policy_themes.errors import UsageError
from policy_themes.lexicon.pattern import expand
from policy_themes.lexicon.records import Phrases, Theme
from policy_themes.store.yaml_file import YamlFile, parse_yaml
from policy_themes.text.normalize import normalize
from policy_themes.text.units import Language

Action = Literal["add", "drop"]
HEADER = "# Themes of this study. A theme with the id of a built-in one takes its place.\n"


def matched(phrase: str, language: Language) -> str:
    """
    Return a phrase in the form in which it is matched.

    Raises
    ------
    UsageError
        If it is empty, or holds what a pattern means something by.
    """
    text = " ".join(normalize(phrase).text.split())
    text = text.lower() if language == "en" else text
    if not text or any(char in text for char in "()|?"):
        raise UsageError(
            f"{phrase!r} is no plain phrase.", hint="Type words, without brackets, bars and question marks."
        )
    return text


def changed(theme: Theme, language: Language, phrase: str, action: Action) -> Theme:
    """
    Return a theme that counts one phrase more, or one less.

    Raises
    ------
    UsageError
        If it counts the phrase already, or does not.
    """
    text, known = matched(phrase, language), theme.count.of(language)
    if (text in known) == (action == "add"):
        said = "counts it already" if action == "add" else "does not count it"
        raise UsageError(
            f"The theme `{theme.id}` {said}: {text}.", hint=f"It counts: {', '.join(known[:30]) or 'nothing'}."
        )
    phrases = (*known, text) if action == "add" else tuple(one for one in known if one != text)
    count = Phrases(
        zh=phrases if language == "zh" else theme.count.zh, en=phrases if language == "en" else theme.count.en
    )
    if not (count.zh or count.en):
        raise UsageError(f"Without {text} the theme `{theme.id}` counts nothing.", hint="Add another phrase first.")
    return replace(theme, count=count)


def changed_entry(theme: Theme, language: Language, phrase: str, action: Action) -> dict[str, Any]:
    """
    Return a theme as its file has it, with one phrase more or less; a pattern that stands for more keeps the rest.

    Examples
    --------
    >>> from policy_themes.lexicon.records import Label
    >>> definition = {"id": "law", "count": {"zh": ["依法治(国|省)"]}}
    >>> law = Theme("law", Label("law", "法"), Phrases(zh=("依法治国", "依法治省")), definition=definition)
    >>> changed_entry(law, "zh", "依法治省", "drop")["count"]
    {'zh': ['依法治国']}
    """
    text = matched(phrase, language)
    entry: dict[str, Any] = deepcopy(dict(theme.definition))
    if theme.examples:
        entry["example"] = dict(theme.examples)
    count = dict(entry.get("count", {}))
    patterns = list(count.get(language, []))
    count[language] = [*patterns, text] if action == "add" else [
        kept for pattern in patterns for kept in _without(pattern, text, language)
    ]  # fmt: skip
    entry["count"] = {name: value for name, value in count.items() if value}
    return entry


def _without(pattern: str, text: str, language: Language) -> list[str]:
    """Return what is left of a pattern without one of its phrases."""
    written = normalize(pattern).text
    phrases = expand(written.lower() if language == "en" else written)
    return [one for one in phrases if one != text] if text in phrases else [pattern]


def with_theme(source: str, entry: Mapping[str, Any], *, name: str) -> str:
    r"""
    Return the text of a lexicon file with a theme put in or in its place.

    Parameters
    ----------
    source : str
        The file as it is; empty: a new one.
    entry : mapping
        The theme as a file has it.
    name : str
        Of the file, for messages.

    Raises
    ------
    UsageError
        If the file as it is has faults.

    Examples
    --------
    >>> text = with_theme("", {"id": "a", "count": {"zh": ["平安"]}}, name="themes.yml")
    >>> print(with_theme(text + "# mine\n", {"id": "a", "count": {"zh": ["平安", "安全"]}}, name="themes.yml"))
    # Themes of this study. A theme with the id of a built-in one takes its place.
    version: '1'
    themes:
    - id: a
      count:
        zh:
        - 平安
        - 安全
    # mine
    <BLANKLINE>
    """
    if not source.strip():
        return f"{HEADER}version: '1'\nthemes:\n{_block(entry, '')}"
    parsed = parse_yaml(source, name=name)
    content = parsed.content if isinstance(parsed.content, dict) else {}
    themes = content.get("themes")
    if not isinstance(themes, list) or not themes:
        return _whole({**content, "themes": [dict(entry)]}, content)
    ids = [theme.get("id") if isinstance(theme, dict) else None for theme in themes]
    place = ids.index(entry["id"]) if entry["id"] in ids else len(ids)
    wanted = {**content, "themes": [*themes[:place], dict(entry), *themes[place + 1 :]]}
    written = _replaced(source, parsed, place, len(ids), entry)
    try:
        if parse_yaml(written, name=name).content == wanted:
            return written
    except UsageError:
        pass
    return _whole(wanted, content)  # written in a form in which no theme has lines of its own


def _replaced(source: str, parsed: YamlFile, place: int, n: int, entry: Mapping[str, Any]) -> str:
    """Return the text with the lines of one theme written anew, or with new ones after the last."""
    lines = source.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    tops = sorted(line for path, line in parsed.lines.items() if len(path) == 1)
    listed = [parsed.line(("themes", number)) for number in range(n)]
    end = next((line for line in tops if line > listed[-1]), len(lines) + 1)
    bounds = [*listed, end]
    first, last = (bounds[place], bounds[place + 1]) if place < n else (end, end)
    while last > 1 and last - 1 >= (first if place < n else listed[-1]) and _idle(lines[last - 2]):
        last -= 1  # comments and blanks between two themes stay
    first = min(first, last)
    dash = lines[listed[0] - 1]
    indent = dash[: len(dash) - len(dash.lstrip())]
    return "".join([*lines[: first - 1], _block(entry, indent), *lines[last - 1 :]])


def _idle(line: str) -> bool:
    """Tell whether a line is blank or a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def _block(entry: Mapping[str, Any], indent: str) -> str:
    """Return a theme as lines of a list."""
    text = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, width=1_000)
    return "".join(indent + line for line in text.splitlines(keepends=True))


def _whole(content: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Return a file written anew."""
    written = {"version": before.get("version", "1"), **content}
    return HEADER + yaml.safe_dump(written, allow_unicode=True, sort_keys=False, width=1_000)


def with_setting(source: str, key: str, value: str, *, name: str) -> str:
    r"""
    Return the text of a study file that names a file of the user's.

    Raises
    ------
    UsageError
        If a line cannot be put in without changing others.

    Examples
    --------
    >>> with_setting("seed: 2\nlexicon: null\n", "lexicon", "themes.yml", name="study.yml")
    'seed: 2\nlexicon: themes.yml\n'
    """
    parsed = parse_yaml(source, name=name)
    content = parsed.content if isinstance(parsed.content, dict) else {}
    line = yaml.safe_dump({key: value}, allow_unicode=True, width=1_000)
    lines = source.splitlines(keepends=True)
    if key in content:
        lines[parsed.line((key,)) - 1] = line
    else:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.append(line)
    written = "".join(lines)
    try:
        if parse_yaml(written, name=name).content == {**content, key: value}:
            return written
    except UsageError:
        pass
    raise UsageError(f"{name} could not be changed safely.", hint=f"Add the line `{key}: {value}` to it.")


def read_text(path: Path | None) -> str:
    """Return the text of a file; nothing where there is none."""
    return path.read_text(encoding="utf-8-sig") if path is not None and path.is_file() else ""
