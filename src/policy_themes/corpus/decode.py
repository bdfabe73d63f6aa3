"""Bytes → text, with the encoding that was used and what was odd about it.

A byte-order mark decides; then strict UTF-8; then what the page declares, by
the rules that browsers follow (gb2312 and gbk are read as gb18030, which holds
them); then detection. Strict gb18030 is never tried without a reason: it
accepts Big5 and Shift_JIS without an error and gives nonsense.
"""

import codecs
from dataclasses import dataclass, replace

from policy_themes.corpus.mojibake import repaired

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHINESE = frozenset({"gb2312", "gbk", "cp936", "gb18030", "x-gbk", "gb_2312-80", "chinese", "hz", "iso-ir-58"})
LATIN = frozenset({"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii", "windows-1252"})
SAMPLE = 100_000
CUT = 3


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was read with, and what was odd."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes, *, declared: str | None = None) -> Decoded | None:
    """
    Decode the bytes of a text file; None where no encoding can be trusted.

    Parameters
    ----------
    content : bytes
    declared : str, optional
        The encoding that a page names.

    Examples
    --------
    >>> decode("枫桥经验".encode("utf-8-sig"))
    Decoded(text='枫桥经验', encoding='utf-8-sig', notes=())
    >>> decode("朱镕基总理".encode("gb18030"), declared="gb2312")
    Decoded(text='朱镕基总理', encoding='gb18030', notes=())
    >>> decode("依法行政".encode("gb18030") * 9, declared="utf-8").notes
    ('encoding_conflict',)
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return _strict(content, name) or _cut(content, name)
    label = _label(declared)
    if b"\0" in content and label != "utf-8":
        return _unmarked_utf16(content)
    found = _strict(content, "utf-8") or _cut(content, "utf-8")
    if found is not None:
        if "~{" in found.text and "~}" in found.text:
            return None  # HZ writes Chinese in plain ASCII between ~{ and ~}; nothing else does.
        return _noted(found, label)
    if label and label not in LATIN and label != "utf-8":
        found = _strict(content, label) or _cut(content, label) or _tolerant(content, label)
        if found is not None and _is_text(found.text):
            return found
    found = _detected(content)
    return None if found is None else _noted(found, label)


def _label(declared: str | None) -> str | None:
    """Return the codec for a declared name, as browsers take it; None if there is none."""
    if not declared:
        return None
    name = declared.strip().lower()
    if name in CHINESE:
        return "gb18030"
    try:
        return "utf-8" if codecs.lookup(name).name == "utf-8" else codecs.lookup(name).name
    except LookupError:
        return None


def _noted(found: Decoded, label: str | None) -> Decoded:
    """Record a wrong declaration, and undo what an earlier program read wrongly."""
    notes = found.notes
    plain = found.encoding.removesuffix("-sig")
    if label and label not in LATIN and label != plain and not found.text.isascii():
        notes += ("encoding_conflict",)
    text, note = repaired(found.text)
    notes += (note,) if note else ()
    if "\ufffd" in text and not notes:
        notes += ("replaced_characters",)  # an earlier program put them there
    return replace(found, text=text, notes=notes)


def _unmarked_utf16(content: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark; text with a few stray NULs is read without them."""
    utf8 = _strict(content, "utf-8")
    if utf8 is not None and content.count(b"\0") < 0.05 * len(content):
        return replace(utf8, text=utf8.text.replace("\0", ""), notes=("nul_removed",))
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
    except (UnicodeDecodeError, LookupError):
        return None


def _cut(content: bytes, encoding: str) -> Decoded | None:
    """Decode a text that was cut off in the middle of its last character."""
    for missing in range(1, CUT + 1):
        found = _strict(content[:-missing], encoding)
        if found is not None and len(content) > 20 and not found.text.isascii():
            return replace(found, text=found.text + "\ufffd", notes=("truncated_encoding",))
    return None


def _tolerant(content: bytes, encoding: str) -> Decoded | None:
    """Decode what a page declares even where one character in a thousand is broken; say so."""
    text = content.decode(encoding, "replace")
    bad = text.count("\ufffd")
    return Decoded(text, encoding, ("bytes_replaced",)) if bad <= max(1, len(text) // 1000) else None


def _is_text(text: str) -> bool:
    """Tell whether a text is free of controls and of characters for private use."""
    sample = text[:SAMPLE]
    odd = sum((char < " " and char not in "\t\n\r\f\v") or "\ue000" <= char <= "\uf8ff" for char in sample)
    return odd <= 0.002 * len(sample)


def _detected(content: bytes) -> Decoded | None:
    """Decode by detection, refused where controls show that it went wrong."""
    from charset_normalizer import from_bytes

    # A text cut inside a character is none to the detector; without its last byte it may be.
    best = from_bytes(content[:SAMPLE]).best() or from_bytes(content[: min(SAMPLE, len(content)) - 1]).best()
    if best is None:
        return None
    encoding = "gb18030" if best.encoding in CHINESE else best.encoding
    decoded = _strict(content, encoding) or _cut(content, encoding)
    return decoded if decoded is not None and _is_text(decoded.text) else None
