"""Bytes of one file → its documents, by the format that its content has."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial

from policy_themes.corpus.extract.archive import read_archive
from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.extract.sniff import sniff

Reader = Callable[[bytes, Columns], Iterable[Extracted | Refused]]
ADVICE = {
    "ole": "An old Word or Excel file (.doc, .xls): save it as .docx or .xlsx.",
    "encrypted": "Remove the password and call again.",
    "image": "A picture: let OCR write its text into a PDF or a text file.",
    "pptx": "Slides: save them as PDF.",
    "opendocument": "Save it as .docx.",
    "rtf": "Save it as .docx.",
    "mismatch": "Its content is not what its name says.",
    "unknown": "Its content is of no known format.",
}


def read_format(content: bytes, name: str, columns: Columns, *, archives: bool = True) -> Iterator[Extracted | Refused]:
    """
    Yield the documents that some bytes hold.

    Parameters
    ----------
    content : bytes
    name : str
        File name; only its ending is looked at.
    columns : Columns
        Where a table keeps what.
    archives : bool, default True
        Whether a zip is opened.

    Raises
    ------
    RefusedError
        If nothing of it can be used.
    """
    if not content:
        raise RefusedError("empty_file")
    kind = sniff(content, name)
    if kind == "zip" and archives:
        yield from read_archive(content, lambda inner, path: read_format(inner, path, columns, archives=False))
        return
    reader = _readers().get(kind)
    if reader is None:
        reason = {"encrypted": "encrypted", "mismatch": "type_mismatch"}.get(kind, "unsupported_format")
        raise RefusedError(reason, ADVICE.get(kind, f"{kind} files are not read."))
    yield from reader(content, columns)


@cache
def _readers() -> Mapping[str, Reader]:
    """Return the reader of each format; their libraries are imported when the first file is read."""
    from policy_themes.corpus.extract import mhtml, objects, page, pdf, plain, table, word

    pages: Mapping[str, Callable[[bytes], Iterable[Extracted]]] = {
        "text": plain.read_plain,
        "markdown": plain.read_markdown,
        "html": page.read_page,
        "mhtml": mhtml.read_mhtml,
        "webarchive": mhtml.read_webarchive,
        "docx": word.read_word,
        "pdf": pdf.read_pdf,
    }
    return {
        **{kind: _without_columns(read) for kind, read in pages.items()},
        "csv": table.read_csv,
        "xlsx": table.read_xlsx,
        "parquet": table.read_parquet,
        "json": partial(objects.read_json, lines=False),
        "jsonl": partial(objects.read_json, lines=True),
    }


def _without_columns(read: Callable[[bytes], Iterable[Extracted]]) -> Reader:
    """Return a reader that takes the columns of tables and has no use for them."""
    return lambda content, _: read(content)
