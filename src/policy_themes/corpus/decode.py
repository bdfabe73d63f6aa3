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
    if b"\0" in content:
        return _unmarked_utf16(content)
    utf8 = _strict(content, "utf-8")
    if utf8 is not None:
        # HZ writes Chinese in plain ASCII between ~{ and ~}; nothing else does.
        return None if "~{" in utf8.text and "~}" in utf8.text else utf8
    return _detected(content)


def _unmarked_utf16(content: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark; anything else that holds NUL is no text."""
    if len(content) % 2:
        return None
    found = [decoded for name in ("utf-16-le", "utf-16-be") if (decoded := _strict(content, name))]
    plain = [decoded for decoded in found if _looks_written(decoded.text)]
    return plain[0] if len(plain) == 1 else None


def _looks_written(text: str) -> bool:
    """Tell whether nearly all characters are ones that people write: Latin, Chinese, their punctuation."""
    written = sum(
        char in "\t\n\r" or " " <= char <= "~" or "\u2010" <= char <= "\u2027" or "\u3000" <= char <= "\u303f"
        or "\u4e00" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"
        for char in text
    )  # fmt: skip
    return len(text) >= 20 and written >= 0.98 * len(text)


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
