"""The report as a pdf of A4 pages, set by typst from the same page as the others.

Every word arrives as a string literal, which typst sets as it is, without
commands and without making dashes of hyphens; should any of it be read as a
command all the same, there is nothing to reach: the folder typst sees holds
the report's own figures and nothing else, no package, no font of the machine.
The result is tagged (headings, figures with their descriptions, tables, notes);
it holds no hour. It does not claim PDF/UA-1, under which typst takes figures as
svg only: these would be four times as large, and their words not searchable.
"""

import json
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policy_themes.errors import OutputError
from policy_themes.figures import Labels
from policy_themes.figures.style import drawable
from policy_themes.report.document import Drawn, page_language
from policy_themes.report.tree import HINT, Node, attributes, changed, convert


def pdf_report(tree: Node, drawn: Sequence[Drawn], *, title: str, labels: Labels) -> bytes | None:
    """
    Return the report as a pdf; None where typst is not installed.

    Parameters
    ----------
    tree : dict
        The page, made for paper.
    drawn : sequence of Drawn
        Its figures, which go in as drawings with text that can be searched.
    title : str
    labels : Labels

    Raises
    ------
    OutputError
        If pandoc or typst fails.
    """
    try:
        import typst  # an extra of the installation
    except ImportError:
        return None
    body = convert(json.dumps(changed(tree, _for_print)), "--from=json", "--to=typst", "--wrap=none").decode()
    data = files("policy_themes") / "data"
    head = (data / "report.typ").read_text("utf-8")
    alts = {f"alt {item.chart.stem}": drawable(" ".join(labels.lines(item.chart.alt))) for item in drawn}
    with TemporaryDirectory(prefix="policy-themes-") as place, as_file(data / "fonts") as fonts:
        for item in drawn:
            (Path(place) / f"{item.chart.stem}.pdf").write_bytes(item.pdf)
        compiler = typst.Compiler(
            f"{head}\n{body}".encode(),
            root=place,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)]),
            sys_inputs={"title": drawable(title), "lang": page_language(labels)[:2], **alts},
            package_path=place,
            package_cache_path=place,
        )
        return _compiled(compiler, typst.TypstError)


def _compiled(compiler: Any, error: type[Exception]) -> bytes:  # noqa: ANN401  # typst's own class
    """Set the pages; the time is set, or typst would write the present one."""
    try:
        return bytes(compiler.compile(format="pdf", timestamp=0))
    except error as failed:
        raise OutputError(f"The pdf could not be made: {str(failed)[:300]}.", hint=HINT) from failed


def _for_print(node: Node) -> Node:
    """Show what the font lacks as codes; tell typst of languages, of small print, and of what stays with the next."""
    if node["t"] == "Str":
        return {"t": "RawInline", "c": ["typst", _literal(drawable(node["c"]))]}
    if node["t"] == "Image":
        return {"t": "Image", "c": [node["c"][0], [], node["c"][2]]}  # its description is given apart
    if node["t"] in ("Div", "Span"):
        (name, classes, _), inside = node["c"]
        return {"t": node["t"], "c": [[name, classes, _for_typst(node)], inside]}
    return node


def _for_typst(node: Node) -> list[list[str]]:
    """Return what pandoc hands on to typst of a span or a division."""
    classes, known = attributes(node)
    found = [["typst:text:lang", f'"{known["lang"][:2]}"']] if "lang" in known else []
    if {"muted", "source"} & set(classes):
        found += [["typst:text:size", "8pt"], ["typst:text:fill", 'rgb("#52606d")']]
    if "says" in classes:
        found.append(["typst:sticky", "true"])
    return found


def _literal(text: str) -> str:
    r"""
    Return a text as typst's string literal.

    Examples
    --------
    >>> print(_literal('#read("a\\b")'))
    #"#read(\"a\\b\")";
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{escaped}";'
