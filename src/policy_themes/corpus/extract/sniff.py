"""What a file is, by its content; its name decides only between kinds of plain text."""

import re
from pathlib import PurePosixPath

ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:div|table|meta|p)[\s>][^<]{0,400}<", re.I)
_MIME = re.compile(rb"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.I)
TEXT_ENDINGS = frozenset({".txt", ".md", ".markdown", ".text", ""})
BINARY_ENDINGS = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".parquet", ".zip", ".doc", ".xls"})
PAGE_ENDINGS = frozenset({".html", ".htm", ".xhtml", ".shtml"})
TABLE_ENDINGS = {".csv": "csv", ".tsv": "csv", ".tab": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"}
OTHERS = {b"\x1f\x8b": "gzip", b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"{\\rtf": "rtf", b"\x89PNG": "image"}
OTHERS |= {b"\xff\xd8\xff": "image", b"GIF8": "image", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x7fELF": "program"}


def sniff(content: bytes, name: str) -> str:
    r"""
    Return the format of some bytes: ``text``, ``html``, ``docx``, ``pdf``, ``csv`` and so on; ``unknown`` for the rest.

    Examples
    --------
    >>> sniff(b"%PDF-1.7 ...", "a.txt"), sniff("现代化".encode(), "a.txt"), sniff(b"title,text\n", "a.csv")
    ('pdf', 'text', 'csv')
    """
    ending = PurePosixPath(name).suffix.lower()
    start = content[:4096]
    if start.startswith(ZIP) or start.startswith(b"PK\x05\x06"):
        return _zip_kind(content, ending)
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"bplist"):
        return "webarchive"
    if start.startswith(OLE):
        return "encrypted" if b"E\0n\0c\0r\0y\0p\0t" in content[:200_000] else "ole"
    for magic, kind in OTHERS.items():
        if start.startswith(magic):
            return kind
    if ending in TABLE_ENDINGS and not _is_page(start):
        return TABLE_ENDINGS[ending]
    if ending in (".mhtml", ".mht") or (_MIME.match(start) and b"multipart/related" in start.lower()):
        return "mhtml"
    if _is_page(start) or ending in PAGE_ENDINGS:
        return "html"
    if ending in BINARY_ENDINGS:
        return "mismatch"
    if ending in (".md", ".markdown"):
        return "markdown"
    if ending in TEXT_ENDINGS or _is_plain(start):
        return "text"
    return "unknown"


def _is_page(start: bytes) -> bool:
    """Tell whether markup of a page stands where a file begins, in an 8-bit or a 16-bit encoding."""
    return bool(_HTML.search(start.replace(b"\0", b"")[:2048]))


def _is_plain(start: bytes) -> bool:
    """Tell whether bytes look like text of an unknown name: no controls to speak of."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return sum(byte < 9 or 13 < byte < 32 for byte in start) == 0


def _zip_kind(content: bytes, ending: str) -> str:
    """Tell Office files from plain archives by their first member names."""
    for mark, kind in ((b"word/document", "docx"), (b"xl/workbook", "xlsx"), (b"ppt/presentation", "pptx")):
        if mark in content:
            return kind
    if b"mimetypeapplication/vnd.oasis" in content[:200] or b"mimetypeapplication/epub" in content[:200]:
        return "opendocument"
    if ending in (".docx", ".xlsx", ".pptx"):
        return ending[1:]  # its reader says what is missing
    return "zip"
