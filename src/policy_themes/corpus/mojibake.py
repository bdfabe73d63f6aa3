"""Text that an earlier program decoded wrongly: undone where that is exact, flagged where it is not."""

import re

from policy_themes.text.units import count_units

FEWEST = 8
# What UTF-8 of common Chinese becomes when it is read as GBK.
_TELLING = re.compile("[锛銆鐨勫叆鏂囦腑鍥戒汉鍙鍚鏄鎴璇绗浠鍦涓缁寮瀹鏈]")
_LATIN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


def repaired(text: str) -> tuple[str, str | None]:
    """
    Return a text with a wrong decoding undone, and a note; the same text and None where nothing is wrong.

    A repair is made only if it is exact: the bytes that the wrong reading came
    from must decode without an error, and the result must be Chinese.

    Examples
    --------
    >>> repaired("坚持和发展新时代枫桥经验".encode().decode("gb18030"))
    ('坚持和发展新时代枫桥经验', 'mojibake_repaired')
    >>> repaired("坚持和发展新时代枫桥经验")[1] is None
    True
    """
    han = count_units(text, "zh")
    if han >= FEWEST:
        whole = _undone(text, "gb18030", "utf-8")
        if whole is not None and count_units(whole, "zh") >= han // 3:
            return whole, "mojibake_repaired"
        if len(_TELLING.findall(text)) > 0.15 * han:
            return text, "mojibake"
    elif len(_LATIN.findall(text)) > 0.3 * max(FEWEST, len(text)):
        for wrong, right in (("latin-1", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "gb18030"), ("cp1252", "gb18030")):
            whole = _undone(text, wrong, right)
            if whole is not None and count_units(whole, "zh") >= max(FEWEST, 0.5 * len(whole)):
                return whole, "mojibake_repaired"
        return text, "mojibake"
    return text, None


def _undone(text: str, wrong: str, right: str) -> str | None:
    """Return the text that was read with the wrong encoding; None unless the way back is exact."""
    try:
        whole = text.encode(wrong).decode(right)
    except UnicodeError:
        return None
    return whole if whole != text and whole.encode(right).decode(wrong, "ignore") == text else None
