"""Bytes → text, with the encoding that was used.

A byte-order mark decides; then strict UTF-8; then detection, where the older
Chinese encodings are all read as gb18030, which holds them. Strict gb18030 is
never tried first: it accepts Big5 and Shift_JIS without an error and gives
nonsense.
"""

import codecs
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHINESE = frozenset({"gb2312", "gbk", "cp936", "gb18030", "hz"})
SAMPLE = 100_000


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding it was read with."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded | None:
    """
    Decode the bytes of a text file; None where no encoding can be trusted.

    Examples
    --------
    >>> decode("枫桥经验".encode("utf-8-sig"))
    Decoded(text='枫桥经验', encoding='utf-8-sig')
    >>> decode("朱镕基总理在会议上强调要坚持依法行政，建设法治政府。".encode("gb18030")).encoding
    'gb18030'
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return _strict(content, name)
    if b"\0" not in content:
        utf8 = _strict(content, "utf-8")
        if utf8 is not None:
            return utf8
    return _detected(content)


def _strict(content: bytes, encoding: str) -> Decoded | None:
    """Decode without tolerating a single bad byte."""
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _detected(content: bytes) -> Decoded | None:
    """Decode by detection, refused where controls show that it went wrong."""
    from charset_normalizer import from_bytes

    best = from_bytes(content[:SAMPLE]).best()
    if best is None:
        return None
    encoding = "gb18030" if best.encoding in CHINESE else best.encoding
    decoded = _strict(content, encoding)
    if decoded is None or any(ord(char) < 32 and char not in "\t\n\r\f\v" for char in decoded.text[:SAMPLE]):
        return None
    return decoded
