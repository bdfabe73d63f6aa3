"""Bytes of one file → its documents, by the format that its content has."""

from collections.abc import Iterator

from policy_themes.corpus.extract.archive import read_archive
from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.extract.sniff import sniff

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
    yield from _reader(kind, content, columns)


def _reader(kind: str, content: bytes, columns: Columns) -> Iterator[Extracted | Refused]:
    """Call the reader of a format; each is imported when it is first needed."""
    from policy_themes.corpus.extract import mhtml, objects, page, pdf, plain, table, word

    if kind == "text":
        yield from plain.read_plain(content)
    elif kind == "markdown":
        yield from plain.read_markdown(content)
    elif kind == "html":
        yield from page.read_page(content)
    elif kind == "mhtml":
        yield from mhtml.read_mhtml(content)
    elif kind == "webarchive":
        yield from mhtml.read_webarchive(content)
    elif kind == "docx":
        yield from word.read_word(content)
    elif kind == "pdf":
        yield from pdf.read_pdf(content)
    elif kind == "csv":
        yield from table.read_csv(content, columns)
    elif kind == "xlsx":
        yield from table.read_xlsx(content, columns)
    elif kind == "parquet":
        yield from table.read_parquet(content, columns)
    elif kind in ("json", "jsonl"):
        yield from objects.read_json(content, columns, lines=kind == "jsonl")
    else:
        reason = {"encrypted": "encrypted", "mismatch": "type_mismatch"}.get(kind, "unsupported_format")
        raise RefusedError(reason, ADVICE.get(kind, f"{kind} files are not read."))
