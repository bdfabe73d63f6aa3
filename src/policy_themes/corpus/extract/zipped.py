"""Reading zip containers within limits: what claims to be small and is not, is refused before it is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from policy_themes.corpus.extract.records import RefusedError

MOST_ENTRIES = 10_000
MOST_PART, MOST_TOTAL, MOST_RATIO = 64_000_000, 256_000_000, 200
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# What zipfile raises for damaged archives; NotImplementedError for a compression that it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, KeyError, ValueError)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """
    Open a zip after looking at what it declares.

    Raises
    ------
    RefusedError
        ``corrupt_zip``, ``zip_entries``, ``zip_ratio``, ``zip_size`` or ``encrypted``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except BROKEN as error:
        raise RefusedError("corrupt_zip", str(error)[:200]) from error
    if len(entries) > MOST_ENTRIES:
        raise RefusedError("zip_entries", f"{len(entries)} members; at most {MOST_ENTRIES} are read.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("encrypted", "Remove the password and call again.")
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            raise RefusedError("zip_ratio", f"{entry.filename[:80]} would grow {MOST_RATIO} times or more.")
    if sum(entry.file_size for entry in entries) > MOST_TOTAL or any(e.file_size > MOST_PART for e in entries):
        raise RefusedError("zip_size", "Unpacked it would be larger than the limit.")
    with archive:
        yield archive


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """
    Read one member, never more than it declares.

    Raises
    ------
    RefusedError
        ``corrupt_zip``.
    """
    try:
        size = archive.getinfo(name).file_size
        with archive.open(name) as stream:
            content = stream.read(min(size, MOST_PART) + 1)
            if len(content) != size or stream.read(1):
                raise RefusedError("corrupt_zip", f"{name[:80]} is not as long as declared.")
    except BROKEN as error:
        raise RefusedError("corrupt_zip", str(error)[:200]) from error
    return content


def check_xml(content: bytes) -> bytes:
    """
    Return XML that declares no entities and no document type.

    Raises
    ------
    RefusedError
        ``xml_entity``.
    """
    if _ENTITY.search(content.replace(b"\0", b"")):
        raise RefusedError("xml_entity", "Office files hold no document type declaration.")
    return content
