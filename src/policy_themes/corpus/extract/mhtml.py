"""Pages saved with their pictures as one file: MHTML, and Safari's webarchive."""

import email
import email.policy
import plistlib

from policy_themes.corpus.extract.page import read_page
from policy_themes.corpus.extract.records import Extracted, RefusedError


def read_mhtml(content: bytes) -> list[Extracted]:
    """
    Read the page of an MHTML file.

    Raises
    ------
    RefusedError
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        if not parts:
            raise RefusedError("corrupt", "There is no page in it.")
        page = parts[0].get_payload(decode=True)
        url = parts[0].get("Content-Location") or message.get("Snapshot-Content-Location")
        charset = parts[0].get_content_charset()
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise RefusedError("corrupt", str(error)[:200]) from error
    if not isinstance(page, bytes) or not page.strip():
        raise RefusedError("corrupt", "Its page is empty.")
    return read_page(page, charset=charset, url=str(url) if url else None)


def read_webarchive(content: bytes) -> list[Extracted]:
    """
    Read the page of a webarchive.

    Raises
    ------
    RefusedError
    """
    try:
        main = plistlib.loads(content, fmt=plistlib.FMT_BINARY)["WebMainResource"]
        page, charset, url = (
            main["WebResourceData"],
            main.get("WebResourceTextEncodingName"),
            main.get("WebResourceURL"),
        )
    except (
        plistlib.InvalidFileException,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        OverflowError,
        RecursionError,
    ) as error:
        raise RefusedError("corrupt", str(error)[:200]) from error
    if not isinstance(page, bytes):
        raise RefusedError("corrupt", "Its page is no bytes.")
    return read_page(page, charset=str(charset) if charset else None, url=str(url) if url else None)
