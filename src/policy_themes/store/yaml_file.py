"""YAML read strictly, with the line of every value.

YAML as most readers take it turns ``NO`` into False, ``010`` into 8 and a
repeated key into silence. Here only ``true``/``false``, plain decimal numbers
and ``null`` are more than text; a repeated key, an alias, a tag, deep nesting
or a tab is an error that names its line. Nothing is ever constructed but
dicts, lists, text, numbers and booleans.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from policy_themes.errors import UsageError, invalid

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
# The parser in C is ten times as fast; wheels have it, a build without libyaml has not.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlFile:
    """
    The content of a YAML file and where each value stands.

    Attributes
    ----------
    name : str
        File name for messages.
    content : object
        Dicts, lists, str, int, float, bool, None.
    lines : mapping of tuple to int
        Line (from 1) of the value at each path of keys and indexes.
    """

    name: str
    content: object
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of a path, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path) -> YamlFile:
    """
    Read one YAML file strictly.

    Raises
    ------
    UsageError
        If the file cannot be read or breaks a rule; the message has the line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name} is larger than {MAX_BYTES} bytes.", hint="It is not a settings file.")
        source = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8.", hint="Save it as UTF-8 and call again.") from error
    return parse_yaml(source, name=path.name)


def parse_yaml(source: str, *, name: str) -> YamlFile:
    r"""
    Parse YAML text strictly.

    Examples
    --------
    >>> parsed = parse_yaml("region: NO\nk: 010\nn: 12\n", name="study.yml")
    >>> parsed.content
    {'region': 'NO', 'k': '010', 'n': 12}
    >>> parsed.line(("n",))
    3
    """
    try:
        _check_events(source, name)
        node = yaml.compose(source, Loader=LOADER)
    except yaml.YAMLError as error:
        raise _syntax_error(_fuller(source, error), name) from error
    lines: dict[tuple[str | int, ...], int] = {}
    content = None if node is None else _build(node, (), lines, name)
    return YamlFile(name, content, lines)


def _fuller(source: str, error: yaml.YAMLError) -> yaml.YAMLError:
    """Return what the parser in Python says of the same fault: it names the character."""
    try:
        for _ in yaml.parse(source, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as fuller:
        return fuller
    return error


def _syntax_error(error: yaml.YAMLError, name: str) -> UsageError:
    """Turn the parser's report into one sentence with its line."""
    mark = getattr(error, "problem_mark", None)
    where = f" line {mark.line + 1}" if mark is not None else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    hint = "Indent with spaces, never with tabs." if "\\t" in str(problem) else "Compare with `policy-themes init`."
    return UsageError(f"{name}{where}: {problem}.", hint=hint)


def _check_events(source: str, name: str) -> None:
    """Refuse aliases, tags and deep nesting before anything recursive looks at them."""
    depth = 0
    for event in yaml.parse(source, Loader=LOADER):
        line = event.start_mark.line + 1  # type: ignore[union-attr]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UsageError(f"{name} line {line}: anchors and aliases are not read.", hint="Write the value out.")
        tag = getattr(event, "tag", None)
        if tag:
            raise UsageError(f"{name} line {line}: the tag {tag!r} is not read.", hint="Remove it.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise UsageError(f"{name} line {line}: nested deeper than {MAX_DEPTH} levels.", hint="Check brackets.")


def _build(node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], name: str) -> object:
    """Build plain values from a composed node and note every line."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, index), lines, name) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    built: dict[str, object] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise UsageError(f"{name} line {line}: a key must be text.", hint="Check the indentation.")
        if key in built:
            raise UsageError(f"{name} line {line}: the key `{key}` stands twice.", hint="Keep one of them.")
        built[key] = _build(child, (*path, key), lines, name)
        lines[(*path, key)] = line
    return built


def _scalar(node: yaml.Node) -> object:
    """Return the value of one scalar: quoted is text, plain may be a number or a truth value."""
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})?\.\d{1,17}", text):
        return float(text)
    return text


def mapping(value: object, name: str) -> dict[str, object]:
    """Return a value that must be a mapping, as one."""
    if not isinstance(value, dict):
        raise invalid(name, value, "a mapping of keys to values")
    return value
