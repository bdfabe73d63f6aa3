"""The report's page as pandoc's tree, from which the files for Word and for print are written.

Pandoc is shut off from disk and network, and what it is told to convert are
names of pictures in place of pictures: its reader of pages is slow and large
on inlined ones. A numbered note of the page comes out as a real note, because
the page marks both ends by their roles.
"""

import json
import logging
import os
import subprocess
from collections.abc import Callable
from typing import Any, TypeAlias

from policy_themes.errors import OutputError

# Pandoc writes the hour into a file unless it is told one; the zip format begins in 1980.
EPOCH = "315705600"
HINT = "Nothing was written; without the extra `report` (pypandoc-binary, typst) the web report is made by itself."
Node: TypeAlias = dict[str, Any]
# With a handler here, pypandoc adds none that prints tracebacks, as of a pandoc that Ctrl-C ends with its group.
logging.getLogger("pypandoc").addHandler(logging.NullHandler())


def program() -> str | None:
    """Return where pandoc is; None where it is not installed."""
    try:
        import pypandoc  # an extra of the installation
    except ImportError:
        return None
    return str(pypandoc.get_pandoc_path())


def read(page: str) -> Node:
    """Return a page as a tree; headings have the anchors that the page gives them, and no others."""
    tree: Node = json.loads(convert(page, "--from=html-auto_identifiers", "--to=json"))
    return tree


def changed(node: Any, change: Callable[[Node], Any]) -> Any:  # noqa: ANN401  # trees are of lists, dicts and texts
    """
    Return a tree with every node changed, the innermost first.

    Parameters
    ----------
    node : object
        A tree, or any part of one.
    change : callable
        Returns what takes a node's place; a list is laid into the list that
        the node stood in.

    Examples
    --------
    >>> changed({"t": "Para", "c": [{"t": "Str", "c": "a"}]}, lambda node: [node, node] if node["t"] == "Str" else node)
    {'t': 'Para', 'c': [{'t': 'Str', 'c': 'a'}, {'t': 'Str', 'c': 'a'}]}
    """
    if isinstance(node, list):
        found: list[Any] = []
        for part in node:
            new = changed(part, change)
            found += new if isinstance(part, dict) and isinstance(new, list) else [new]
        return found
    if isinstance(node, dict):
        inside = {key: changed(value, change) for key, value in node.items()}
        return change(inside) if "t" in inside else inside
    return node


def attributes(node: Node) -> tuple[list[str], dict[str, str]]:
    """Return the classes and the other attributes of a span or a division."""
    _, classes, pairs = node["c"][0]
    return classes, dict(pairs)


def convert(text: str, *options: str) -> bytes:
    """
    Convert with pandoc, which is shut off from disk and network.

    Parameters
    ----------
    text : str
    *options : str
        Of pandoc.

    Raises
    ------
    OutputError
        If pandoc fails.
    """
    environment = dict(os.environ, SOURCE_DATE_EPOCH=EPOCH)
    command = [str(program()), "--sandbox", *options, "--output=-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, env=environment, timeout=300, check=False)
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip()[:300]
        raise OutputError(f"The files for Word and print could not be made: {why}.", hint=HINT)
    return done.stdout
