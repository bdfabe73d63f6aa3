"""What the package's data says of saved pages and tables: containers, names of metadata and of columns."""

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from policy_themes.store.yaml_file import mapping, read_yaml


@cache
def _pages() -> dict[str, Any]:
    """Load the file once."""
    with as_file(files("policy_themes") / "data" / "pages.yml") as path:
        return mapping(read_yaml(path).content, "pages.yml")


def page_data(key: str) -> Any:  # noqa: ANN401  # lists and mappings of names
    """
    Return one part of ``pages.yml``.

    Examples
    --------
    >>> page_data("metadata")["title"]
    ['ArticleTitle']
    """
    return _pages()[key]
