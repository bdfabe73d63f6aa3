"""Zip archives of documents: every member stands in the ledger under the archive's path."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from policy_themes.corpus.extract.records import Extracted, Refused, RefusedError
from policy_themes.corpus.extract.zipped import member, opened
from policy_themes.corpus.walk import is_ignored

Reader = Callable[[bytes, str], Iterator[Extracted | Refused]]


def read_archive(content: bytes, read: Reader) -> Iterator[Extracted | Refused]:
    """
    Read the members of a zip, archives within archives excepted.

    Parameters
    ----------
    content : bytes
    read : callable
        Reads the bytes of one member under its name.

    Raises
    ------
    RefusedError
    """
    with opened(content) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if not entries:
            raise RefusedError("empty_file", "The archive is empty.")
        seen: set[str] = set()
        for entry in entries:
            name = _name(entry)
            while name in seen:
                name += "+"
            seen.add(name)
            yield from _member(archive, entry, name, read)


def _name(entry: ZipInfo) -> str:
    """Return a member's name; without the flag for UTF-8, Chinese names are in GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _member(archive: ZipFile, entry: ZipInfo, name: str, read: Reader) -> Iterator[Extracted | Refused]:
    """Read one member; its faults are its own."""
    if is_ignored(PurePosixPath(name)):
        yield Refused("ignored", name)
        return
    try:
        for item in read(member(archive, entry.filename), name):
            record = f"{name}:{item.record}" if item.record else name
            yield type(item)(**{**vars(item), "record": record})
    except RefusedError as error:
        yield Refused(error.refused.reason, name, error.refused.detail)
