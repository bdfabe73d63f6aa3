"""Text and Markdown files."""

import re
from collections.abc import Mapping

from policy_themes.corpus.decode import decode
from policy_themes.corpus.extract.records import Extracted, RefusedError


def read_plain(content: bytes) -> list[Extracted]:
    """
    Read a text file.

    Raises
    ------
    RefusedError
        ``encoding_uncertain``, ``truncated_encoding`` or ``bad_unicode``.
    """
    decoded = decode(content)
    if decoded is None:
        raise RefusedError("encoding_uncertain", "Save it as UTF-8 and call again.")
    return [Extracted(decoded.text, decoded.encoding, "text", notes=decoded.notes)]


_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<fields>.{0,5000}?)\r?\n---[ \t]*\r?\n", re.S)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_]{1,30}) ?: ?[\"']?(?P<value>[^\"'\n\[{]{1,300})[\"']?[ \t]*$", re.M)
_MARKUP = (
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)"), ""),
    (re.compile(r"(?<!!)\[([^\]\n]{1,300})\]\([^)\n]{0,1000}\)"), r"\1"),
    (re.compile(r"^ {0,3}(?:#{1,6}|>|[*+-](?= ))[ \t]*", re.M), ""),
    (re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,2000}?)\1"), r"\2"),
    (re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$", re.M), ""),
)
ROLES = {"title": "title", "date": "date", "source": "outlet", "author": "reporter", "url": "url", "link": "url"}


def read_markdown(content: bytes) -> list[Extracted]:
    """
    Read a Markdown file without its markup; its front matter is metadata.

    Raises
    ------
    RefusedError
    """
    plain = read_plain(content)[0]
    front = _FRONT.match(plain.text)
    said: Mapping[str, str] = {}
    text = plain.text
    if front:
        fields = {match["name"].lower(): match["value"].strip() for match in _FIELD.finditer(front["fields"])}
        said = {ROLES[name]: value for name, value in fields.items() if name in ROLES}
        text = text[front.end() :]
    for pattern, form in _MARKUP:
        text = pattern.sub(form, text)
    heading = bool(re.match(r"\s*#{1,2}\s", plain.text[front.end() :] if front else plain.text))
    return [Extracted(text, plain.encoding, "markdown", titled=heading, said=said, notes=plain.notes)]
