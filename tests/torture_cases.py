"""Awkward inputs: how each is made, and what may become of it.

The numbers are those of the torture list; those that begin with X are in the
contract without a number. Only the command line is used (`policy-themes
ingest`), so that these cases hold whatever the reading part looks like inside.

Left out, with the reason:

* T08 needs somebody who changes files while they are read; T01, T02, T13, T14
  are refusals of a whole folder: they stand in test_torture.py.
* T12: 300 files here, the 50,000 of the list as T12L (long); T46: 1,000 rows
  here, 10,000 as T46L (long).
* T47, T49, "E2 naming the column": that needs a key of study.yml (decision 8);
  here a table without a text column is quarantined.
* T06, T17, T26, T53, seconds for one file: only whole runs can be timed from
  outside; they have generous limits. T48 with 200 kB only; `too_large` is X02.
* T55, T81–T84, T40–T43, T98, T67, T68, T71, T72, T74–T79, T85–T103: other owners.
* T56, T57, T69, "excluded from plots", "said in report": figures and report;
  here the columns of `documents`. T66, "safe file names": here that ingest
  writes nothing but its own files.
* T70, "fit refused": `topics`; here that one document is read.
* T80: ids cannot collide by construction (hash of path and record); here a
  table that has an id column of its own, with doubles, and in test_torture.py
  a stored ingest whose ids were doubled by hand.
"""

import gzip
import hashlib
import json
import os
import re
import stat
import struct
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from policy_themes.corpus.stored import TABLES
from tests.torture_files import (
    Row,
    article,
    as_page,
    bomb_pdf,
    compound,
    csv_text,
    docx,
    docx_parts,
    encrypted_pdf,
    flagged,
    headline,
    html,
    jsonl_text,
    lying,
    mhtml,
    paragraph,
    parquet,
    pdf,
    pdf_objects,
    records,
    scanned_pdf,
    sentences,
    stream,
    valid_files,
    webarchive,
    written_pdf,
    xlsx,
    xlsx_parts,
    zip_of_many,
    zip_of_zeros,
    zipped,
)

Pair = tuple[str, str]
Allowed = frozenset[Pair]
Key = str | re.Pattern[str] | tuple[str, int | str]

GOOD = (
    "浙江省召开政法工作会议\n2024年1月15日 来源：浙江日报\n"
    "会议强调，要坚持和发展新时代枫桥经验，推进法治建设现代化，加强矛盾纠纷多元化解。\n"
    "会议要求，各级政法机关要落实责任，抓好队伍建设，提升公共法律服务水平，确保各项工作落到实处。\n"
)
CANARY = "CANARY-7f3a-outside"


def quarantined(*reasons: str) -> Allowed:
    """Return the outcomes of a file that is put aside for one of some reasons."""
    return frozenset(("quarantined", reason) for reason in reasons)


def skipped(*reasons: str) -> Allowed:
    """Return the outcomes of a file that is no input."""
    return frozenset(("skipped", reason) for reason in reasons)


KEPT: Allowed = frozenset({("kept", "*")})
COPY: Allowed = frozenset({("duplicate", "*")})
ROWS: Allowed = frozenset({("rows", "kept")})  # a file whose records are all kept
ANY: Allowed = frozenset({("kept", "*"), ("duplicate", "*"), ("quarantined", "*"), ("skipped", "*")})


def squash(text: str) -> str:
    """Return a text without blanks and in one width: neither layout nor ， for , says anything."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def must(condition: object, message: str) -> None:
    """Fail with a message (this module's asserts are not rewritten by pytest)."""
    if not condition:
        raise AssertionError(message)


@dataclass(frozen=True)
class Ledger:
    """One row of the ledger, its path relative to the case's folder."""

    path: str
    record: str | None
    outcome: str
    reason: str | None
    doc_id: str | None
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True)
class Run:
    """One call of `ingest` and what it left."""

    folder: Path
    out: Path
    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peak_mb: float
    connections: int
    opened: tuple[str, ...]
    left_over: tuple[str, ...]
    changed: tuple[str, ...]
    beside: tuple[str, ...]

    @cached_property
    def tables(self) -> Mapping[str, list[dict[str, object]]]:
        """Every table that was written, by name."""
        found = {}
        for name in TABLES:
            # A table, or the folder of its parts.
            places = [path for path in (self.out / f"{name}.parquet", self.out / name) if path.exists()]
            for path in places:
                frame = pd.read_parquet(path).astype(object)
                found[name] = frame.where(frame.notna(), None).to_dict("records")
        return found

    @cached_property
    def ledger(self) -> list[Ledger]:
        """The ledger, paths relative to the whole folder."""
        names = Ledger.__dataclass_fields__
        return [Ledger(**{name: row[name] for name in names}) for row in self.tables.get("ledger", [])]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Result:
    """What a run made of one case."""

    run: Run
    prefix: str

    @cached_property
    def ledger(self) -> list[Ledger]:
        """The case's rows."""
        return [
            Ledger(**{**vars(row), "path": row.path.removeprefix(self.prefix)})
            for row in self.run.ledger
            if row.path.startswith(self.prefix)
        ]

    @cached_property
    def numbered_from(self) -> dict[str, int]:
        """The number of the first record of each table: a file may count its heading as a row or not."""
        lowest: dict[str, int] = {}
        for row in self.ledger:
            number = _number(row.record)
            if number is not None and not row.path.endswith((".jsonl", ".zip")):
                lowest[row.path] = min(number, lowest.get(row.path, number))
        return lowest

    def find(self, key: Key) -> list[Ledger]:
        """Return the ledger's rows of a path, of a pattern of paths, or of (path, record)."""
        if isinstance(key, re.Pattern):
            return [row for row in self.ledger if key.fullmatch(row.path)]
        if isinstance(key, str):
            return [row for row in self.ledger if row.path == key and row.record is None]
        path, record = key
        if isinstance(record, str):  # a member of an archive: in `record`, or behind the archive's path
            named = [row for row in self.ledger if row.path.startswith(path)]
            return [row for row in named if (row.path[len(path) :] + (row.record or "")).endswith(record)]
        shift = self.numbered_from.get(path, 1) - 1
        must(shift in (-1, 0, 1), f"{path}: its records are numbered from {shift + 1}")
        shift = max(shift, 0)
        return [row for row in self.ledger if row.path == path and _number(row.record) == record + shift]

    def one(self, key: Key) -> Ledger:
        """Return the only row of a key."""
        rows = self.find(key)
        must(len(rows) == 1, f"{key}: {len(rows)} rows in the ledger")
        return rows[0]

    def outcome(self, key: Key) -> Pair:
        """Return a row's outcome; that of a file with records is summed up."""
        if isinstance(key, str) and (parts := [r for r in self.ledger if r.path == key and r.record is not None]):
            outcomes = {(row.outcome, row.reason or "") for row in parts}
            if all(outcome == "kept" for outcome, _ in outcomes):
                return "rows", "kept"
            return ("rows", next(iter(outcomes))[1]) if len(outcomes) == 1 else ("rows", "mixed")
        row = self.one(key)
        return row.outcome, row.reason or ""

    def kept(self, key: Key) -> bool:
        """Tell whether a path or record became a document."""
        rows = self.find(key)
        return len(rows) == 1 and rows[0].outcome in ("kept", "duplicate")

    def _of(self, table: str, key: Key) -> list[dict[str, object]]:
        """Return a document's rows of a table."""
        doc_id = self.one(key).doc_id
        must(doc_id, f"{key}: no doc_id in the ledger ({self.outcome(key)})")
        return [row for row in self.run.tables[table] if row["doc_id"] == doc_id]

    def document(self, key: Key) -> dict[str, object]:
        """Return a document's row of `documents`."""
        rows = self._of("documents", key)
        must(len(rows) == 1, f"{key}: {len(rows)} rows in documents")
        return rows[0]

    def original(self, key: Key) -> str:
        """Return a document's text as decoded."""
        return str(self._of("texts", key)[0]["original"])

    def normalized(self, key: Key) -> str:
        """Return a document's text as matched."""
        return str(self._of("texts", key)[0]["normalized"])

    def counted(self, key: Key) -> str:
        """Return the title and body of a document: what is counted."""
        text = self.normalized(key)
        return "\n".join(text[int(str(row["start"])) : int(str(row["end"]))] for row in self._of("passages", key))

    def says(self, key: Key) -> str:
        """Return everything that any table but the texts says of a document."""
        row = self.one(key)
        said = [row.reason or ""]
        for name, table in self.run.tables.items():
            if name not in ("texts", "passages", "removed", "ledger"):
                said += [
                    str(cell)
                    for item in table
                    if item.get("doc_id") == row.doc_id
                    for cell in item.values()
                    if cell is not None
                ]
        return "\n".join(said)


def _number(record: str | None) -> int | None:
    """Return the number in a record's name: `7`, `row 7`, `line 7`."""
    found = re.search(r"(\d+)\s*$", record or "")
    return int(found[1]) if found else None


def _nothing(_result: Result) -> None:
    """Check nothing further."""


@dataclass(frozen=True)
class Case:
    """
    One awkward input.

    Attributes
    ----------
    id, title : str
    make : callable
        Writes it into a folder of its own.
    outcomes : mapping
        Path, pattern of paths, or (path, record) → what may become of it.
        The record is a number from 1 (of a jsonl: its line) or a member's name.
    check : callable
        Further assertions.
    exits : frozenset of int
        Allowed exit codes of the run it is part of.
    family : str
        Cases of one family share a folder and a run; empty: a run of its own.
    others : frozenset
        What may become of rows that `outcomes` does not name.
    optional : frozenset of str
        Paths that cannot be made everywhere.
    env : mapping
        Environment of a run of its own.
    good : bool
        Whether good.txt is put beside it.
    long : bool
        Only with the long tests.
    unprivileged : bool
        Root has to drop its privileges.
    """

    id: str
    title: str
    make: Callable[[Path], None]
    outcomes: Mapping[Key, Allowed]
    check: Callable[[Result], None] = _nothing
    exits: frozenset[int] = frozenset({0, 3})
    family: str = ""
    others: Allowed = frozenset()
    optional: frozenset[str] = frozenset()
    env: Mapping[str, str] = field(default_factory=dict)
    good: bool = True
    long: bool = False
    unprivileged: bool = False


CASES: list[Case] = []


def case(id: str, title: str, outcomes: Mapping[Key, Allowed], **more: object) -> Callable[[Callable], Callable]:  # type: ignore[type-arg]
    """Make a case of the function that writes it."""

    def add(make: Callable[[Path], None]) -> Callable[[Path], None]:
        CASES.append(Case(id, title, make, outcomes, **more))  # type: ignore[arg-type]
        return make

    return add


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def all_of(names: Iterator[str] | list[str] | tuple[str, ...], allowed: Allowed) -> dict[Key, Allowed]:
    """Return the same outcomes for several paths."""
    return dict.fromkeys(names, allowed)


def rows_of(path: str, count: int, allowed: Allowed = KEPT) -> dict[Key, Allowed]:
    """Return the same outcomes for the first records of a table."""
    return {(path, number): allowed for number in range(1, count + 1)}


def outside(folder: Path) -> Path:
    """Return the folder that no run may open: it lies beside the one that is read."""
    return next(parent / "outside" for parent in (folder, *folder.parents) if (parent / "outside").is_dir())


def port(folder: Path) -> int:
    """Return the port on which any connection is counted."""
    return int((outside(folder) / "port").read_text())


def right(key: Key, expected: str) -> Callable[[Result], None]:
    """Return a check that the text is the expected one, if it was kept at all."""

    def check(result: Result) -> None:
        if result.kept(key):
            got, want = squash(result.original(key)), squash(expected)
            must(want in got, f"{key}: text is not right: {got[:200]!r} instead of {want[:200]!r}")

    return check


def every(*checks: Callable[[Result], None]) -> Callable[[Result], None]:
    """Return all checks as one that tells all failures."""

    def check(result: Result) -> None:
        faults = []
        for one in checks:
            try:
                one(result)
            except AssertionError as error:
                faults.append(str(error))
        must(not faults, "\n".join(faults))

    return check


def _body(key: str) -> str:
    """Return the body of an article."""
    return "\n".join(article(key).splitlines()[2:])


# ---------------------------------------------------------------------------------------------------------------------
# Every format, healthy


def _healthy(result: Result) -> None:
    """Check that each format gives its whole text and its date."""
    every(
        *(right(f"a.{kind}", _body(f"T00 {kind}")) for kind in ("txt", "md", "html", "mhtml", "webarchive", "docx")),
        right("a.pdf", _body("T00 pdf")),
        *(
            right((f"a.{kind}", number), str(records(f"T00 {kind}", 3)[number - 1]["text"]))
            for kind in ("csv", "tsv", "xlsx", "jsonl", "json", "parquet")
            for number in (1, 3)
        ),
        right(("a.zip", "b.txt"), _body("T00 zip b")),
        right(("a.zip", "c.html"), _body("T00 zip c")),
    )(result)
    dated: dict[Key, str] = {f"a.{kind}": "2023-05-06" for kind in ("txt", "html", "docx", "mhtml", "webarchive")}
    dated |= {(f"a.{kind}", 2): "2023-05-03" for kind in ("csv", "tsv", "xlsx", "jsonl", "json", "parquet")}
    for key, date in dated.items():
        must(result.document(key)["date"] == date, f"{key}: date {result.document(key)['date']} is not {date}")
    row = result.document(("a.csv", 2))
    must(row["title"] == records("T00 csv", 3)[1]["title"], f"a.csv row 2 has the title {row['title']!r}")
    must(len(result.ledger) in range(26, 36), f"{len(result.ledger)} rows in the ledger")


_TABLES = ("csv", "tsv", "xlsx", "jsonl", "json", "parquet")


@case(
    "T00",
    "one healthy file of each format",
    {
        **all_of([f"a.{kind}" for kind in ("txt", "md", "html", "mhtml", "webarchive", "docx", "pdf")], KEPT),
        **{key: KEPT for kind in _TABLES for key in rows_of(f"a.{kind}", 3)},
        ("a.zip", "b.txt"): KEPT,
        ("a.zip", "c.html"): KEPT,
    },
    check=_healthy,
    family="formats",
)
def _t00(folder: Path) -> None:
    put(folder, valid_files("T00"))


# ---------------------------------------------------------------------------------------------------------------------
# Folder and files


_EMPTY = tuple(f"a.{kind}" for kind in ("txt", "html", "docx", "pdf", "csv", "xlsx", "jsonl", "json", "parquet", "zip"))


@case("T03", "zero-byte files", all_of(_EMPTY, quarantined("empty_file")), family="files")
def _t03(folder: Path) -> None:
    put(folder, dict.fromkeys(_EMPTY, b""))


@case(
    "T04",
    "nothing but blanks, or a byte-order mark",
    {
        **all_of(("blank.txt", "bom.txt", "bom16.txt", "blank.md"), quarantined("empty_text")),
        "blank.html": quarantined("empty_text", "extraction_empty", "boilerplate_only"),
    },
    family="files",
)
def _t04(folder: Path) -> None:
    put(
        folder,
        {
            "blank.txt": " \n\t\r\n\u3000\n",
            "bom.txt": b"\xef\xbb\xbf",
            "bom16.txt": b"\xff\xfe",
            "blank.html": "<html><body> \n </body></html>",
            "blank.md": "\ufeff \n\u200b\n",
        },
    )


@case(
    "T05",
    "links: to a file, to a folder, in a circle, to nothing",
    all_of(("passwd.txt", "secret.txt", "folder", "circle/self", "dangling.txt", "own.txt"), skipped("symlink"))
    | {"circle/real.txt": KEPT},
    family="files",
)
def _t05(folder: Path) -> None:
    put(folder, {"circle/real.txt": article("T05")})
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "secret.txt").symlink_to(outside(folder) / "canary.txt")
    (folder / "folder").symlink_to(outside(folder), target_is_directory=True)
    (folder / "circle" / "self").symlink_to("../circle", target_is_directory=True)
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "own.txt").symlink_to("circle/real.txt")


@case(
    "T06",
    "a pipe, a socket and a device that are named like texts",
    all_of(("pipe.txt", "pipe.docx", "socket.txt", "device.txt"), skipped("not_regular")),
    family="files",
    optional=frozenset({"socket.txt", "device.txt"}),
)
def _t06(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "pipe.docx")
    with suppress(OSError):
        os.mknod(folder / "socket.txt", stat.S_IFSOCK | 0o600)
    with suppress(OSError):
        os.mknod(folder / "device.txt", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero


@case(
    "T07",
    "a file that may not be read",
    {
        "closed.txt": quarantined("unreadable"),
        "closed.docx": quarantined("unreadable"),
        "shut": quarantined("unreadable"),
    },
    unprivileged=True,
)
def _t07(folder: Path) -> None:
    put(folder, {"closed.txt": article("T07"), "closed.docx": docx(article("T07 docx")), "shut/in.txt": "x"})
    for name in ("closed.txt", "closed.docx", "shut"):
        (folder / name).chmod(0)


_NAMES = {
    os.fsdecode(b"bad\xff.txt"): re.compile(r"bad.{1,20}\.txt"),
    "two\nlines.txt": re.compile(r"(?s)two.{1,8}lines\.txt"),
    "right\u202egnp.txt": re.compile(r"right.{1,12}gnp\.txt"),
    ";rm -rf ~.txt": re.compile(r";rm -rf ~\.txt"),
    "$(touch PWNED).txt": re.compile(r"\$\(touch PWNED\)\.txt"),
    "-x.txt": re.compile(r"-x\.txt"),
    "\x1b[31mred.txt": re.compile(r".{1,8}\[31mred\.txt"),
    "=cmd|' -C calc'!A0.txt": re.compile(r"=cmd.*"),
    f"{'长' * 83}aa.txt": re.compile("长{83}aa.txt"),
    "%s%n{0}.txt": re.compile(r"%s%n\{0\}\.txt"),
}


def _names(result: Result) -> None:
    """Check that no name does anything to the terminal, and that each has its own text."""
    for char, name in (("\u202e", "right-to-left override"), ("\x1b[31m", "escape sequence"), ("\udcff", "byte")):
        must(char not in result.run.stdout + result.run.stderr, f"the console shows a raw {name}")
    for number, pattern in enumerate(_NAMES.values()):
        right(pattern, _body(f"T09 {number}"))(result)


@case(
    "T09",
    "names: no UTF-8, a line end, right-to-left, commands, 255 bytes",
    dict.fromkeys(_NAMES.values(), KEPT),
    check=_names,
    family="files",
)
def _t09(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(_NAMES):
        place = os.open(folder, os.O_RDONLY)
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=place)
        os.write(descriptor, article(f"T09 {number}").encode())
        os.close(descriptor)
        os.close(place)


_ACCENTS = ("\u00e9.txt", "e\u0301.txt")


@case(
    "T10",
    "é as one character and as two",
    all_of(_ACCENTS, KEPT),
    check=every(*(right(name, _body(f"T10 {len(name)}")) for name in _ACCENTS)),
    family="files",
)
def _t10(folder: Path) -> None:
    put(folder, {name: article(f"T10 {len(name)}") for name in _ACCENTS})


@case(
    "T11",
    "A.txt and a.txt",
    all_of(("A.txt", "a.txt"), KEPT),
    check=every(right("A.txt", _body("T11 A")), right("a.txt", _body("T11 a"))),
    family="files",
)
def _t11(folder: Path) -> None:
    put(folder, {"A.txt": article("T11 A"), "a.txt": article("T11 a")})


def _tiny(count: int) -> Callable[[Path], None]:
    """Return the maker of very many tiny files."""

    def make(folder: Path) -> None:
        for number in range(count):
            put(
                folder,
                {f"{number // 1000:03d}/{number:06d}.txt": f"会议{number}\n{sentences(f'T12 {number}', 1)[0]}\n"},
            )

    return make


def _all_there(count: int) -> Callable[[Result], None]:
    """Return a check of how many files stand in the ledger."""

    def check(result: Result) -> None:
        must(len(result.ledger) == count, f"{len(result.ledger)} rows for {count} files")
        must(not result.run.peak_mb or result.run.peak_mb < 800, f"{result.run.peak_mb:.0f} MB")

    return check


case("T12", "300 tiny files", {}, others=KEPT | COPY, check=_all_there(300), exits=frozenset({0}))(_tiny(300))
case("T12L", "50,000 tiny files", {}, others=KEPT | COPY, check=_all_there(50_000), exits=frozenset({0}), long=True)(
    _tiny(50_000)
)


@case(
    "T15",
    "an ending that does not fit",
    {
        "pdf.txt": KEPT | quarantined("type_mismatch"),
        "html.docx": KEPT | quarantined("type_mismatch"),
        "docx.pdf": KEPT | quarantined("type_mismatch"),
        "text.docx": KEPT | quarantined("type_mismatch", "corrupt_zip"),
        "picture.txt": quarantined("type_mismatch", "encoding_uncertain", "unsupported_format"),
        "program.txt": quarantined("type_mismatch", "encoding_uncertain", "unsupported_format"),
    },
    check=every(
        right("pdf.txt", _body("T15 pdf")), right("html.docx", _body("T15 html")), right("docx.pdf", _body("T15 docx"))
    ),
    family="files",
)
def _t15(folder: Path) -> None:
    put(
        folder,
        {
            "pdf.txt": written_pdf(article("T15 pdf")),
            "html.docx": html("T15 html"),
            "docx.pdf": docx(article("T15 docx")),
            "text.docx": article("T15 text"),
            "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
            "program.txt": b"\x7fELF\x02\x01\x01" + bytes(200) + bytes(range(256)),
        },
    )


@case(
    "T16",
    "what no one means to be read",
    {
        re.compile(r"\.git(/config)?"): skipped("ignored"),
        "~$doc.docx": skipped("ignored"),
        ".DS_Store": skipped("ignored"),
        "Thumbs.db": skipped("ignored"),
        re.compile(r"__MACOSX(/\._a\.txt)?"): skipped("ignored"),
        "._b.txt": skipped("ignored"),
    },
    family="files",
)
def _t16(folder: Path) -> None:
    names = (".git/config", "~$doc.docx", ".DS_Store", "Thumbs.db", "__MACOSX/._a.txt", "._b.txt")
    put(folder, dict.fromkeys(names, "[core]\n"))


@case(
    "X01",
    "a saved page with its folder",
    {
        "page.html": KEPT,
        re.compile(r"page_files(/.*)?"): skipped("page_files"),
        "other_files/a.txt": KEPT,  # beside no page
    },
    family="files",
)
def _x01(folder: Path) -> None:
    put(
        folder,
        {
            "page.html": html("X01"),
            "page_files/a.js": "alert(1)",
            "page_files/deep/b.css": "p {}",
            "page_files/c.html": "<p>advertisement</p>",
            "other_files/a.txt": article("X01 other"),
        },
    )


@case(
    "X02",
    "more than 50 MB, and endings that no reader is for",
    {
        "large.txt": quarantined("too_large"),
        "large.docx": quarantined("too_large"),
        "a.exe": quarantined("unsupported_format"),
        "a.png": quarantined("unsupported_format"),
    },
    family="files",
)
def _x02(folder: Path) -> None:
    put(folder, {"large.txt": "", "large.docx": "", "a.exe": b"MZ\x90\0", "a.png": b"\x89PNG\r\n\x1a\n"})
    for name in ("large.txt", "large.docx"):
        os.truncate(folder / name, 60_000_000)  # sparse


# ---------------------------------------------------------------------------------------------------------------------
# Containers


def _small(result: Result) -> None:
    """Check that a bomb was not unpacked into memory."""
    must(not result.run.peak_mb or result.run.peak_mb < 300, f"{result.run.peak_mb:.0f} MB")
    _in_time(result)


def _in_time(result: Result) -> None:
    """Check that a run did not work through what it should have put aside."""
    must(result.run.seconds < 90, f"{result.run.seconds:.0f} s")


@case(
    "T17",
    "docx, xlsx and zip of 300 kB that hold 300 MB",
    all_of(("a.docx", "a.xlsx", "a.zip"), quarantined("zip_ratio")),
    check=_small,
)
def _t17(folder: Path) -> None:
    start = "word/document.xml"
    parts = docx_parts(paragraph("x"))
    parts.pop(start)
    bomb = zip_of_zeros(parts, start, 300)
    put(folder, {"a.docx": bomb, "a.xlsx": bomb.replace(b"word/document.xml", b"xl/sharedString.x"), "a.zip": bomb})


@case(
    "T18",
    "docx with 70,000 entries; zip with 70,000 texts",
    all_of(("a.docx", "a.zip"), quarantined("zip_entries")),
    family="containers",
)
def _t18(folder: Path) -> None:
    many = zip_of_many(docx_parts(paragraph("x")), 70_000)
    put(folder, {"a.docx": many, "a.zip": many})


@case(
    "T19",
    "containers whose sizes or checksums lie",
    {
        **all_of(("short.docx", "long.docx", "sum.docx", "short.xlsx"), quarantined("corrupt_zip")),
        "bomb.docx": quarantined("corrupt_zip", "zip_ratio", "zip_size"),
        # Nothing is lost by these two; a reader may take the directory's word or the end's.
        "entries.docx": quarantined("corrupt_zip") | KEPT,
        "twice.docx": quarantined("corrupt_zip") | KEPT,
        "short.zip": quarantined("corrupt_zip") | frozenset({("rows", "corrupt_zip")}),
    },
    check=every(right("entries.docx", _body("T19 entries")), right("twice.docx", _body("T19 twice"))),
    family="containers",
    others=quarantined("corrupt_zip"),  # a member of short.zip
)
def _t19(folder: Path) -> None:
    start = "word/document.xml"
    whole = docx(article("T19", length=30))
    parts = docx_parts(paragraph("x"))
    parts.pop(start)
    bomb = lying(zip_of_zeros(parts, start, 30), start, size=1_000)
    entries, twice = bytearray(docx(article("T19 entries"))), docx(article("T19 twice"))
    struct.pack_into("<HH", entries, entries.rfind(b"PK\5\6") + 8, 2_000, 2_000)
    put(
        folder,
        {
            "short.docx": lying(whole, start, size=100),
            "long.docx": lying(whole, start, size=1_000_000),
            "sum.docx": lying(whole, start, crc=0x12345678),
            "short.xlsx": lying(xlsx(records("T19 xlsx", 3)), "xl/worksheets/sheet1.xml", size=10),
            "bomb.docx": bomb,
            "entries.docx": bytes(entries),
            "twice.docx": twice + twice,  # offsets of the second do not begin at 0
            "short.zip": lying(zipped({"b.txt": article("T19 zip").encode()}), "b.txt", size=10),
        },
    )


_TENTHS = tuple(f"cut{tenth}0.docx" for tenth in range(1, 10))


@case(
    "T20",
    "docx cut at every tenth; xlsx and zip cut in the middle",
    all_of((*_TENTHS, "cut.xlsx", "cut.zip"), quarantined("corrupt_zip")),
    family="containers",
)
def _t20(folder: Path) -> None:
    whole = docx(article("T20", length=60))
    for tenth, name in enumerate(_TENTHS, 1):
        put(folder, {name: whole[: len(whole) * tenth // 10]})
    for name, content in (
        ("cut.xlsx", xlsx(records("T20", 9))),
        ("cut.zip", zipped({"a.txt": article("T20 zip").encode()})),
    ):
        put(folder, {name: content[: len(content) // 2]})


def _doctypes(folder: Path) -> dict[str, tuple[str, str]]:
    """Return document types that attack, each with the reference that sets it off."""
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    server = f"http://127.0.0.1:{port(folder)}"
    return {
        "laughs": (f"<!DOCTYPE x [{laughs}]>", "&a9;"),
        "quadratic": (f'<!DOCTYPE x [<!ENTITY a "{"A" * 50_000}">]>', "&a;" * 2_000),
        "cyclic": ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        "external": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "{(outside(folder) / "canary.txt").as_uri()}">]>', "&a;"),
        "remote": (f'<!DOCTYPE x SYSTEM "{server}/x.dtd" [<!ENTITY % r SYSTEM "{server}/y.dtd"> %r;]>', "x"),
        "plain": ('<!DOCTYPE x [<!ENTITY a "法治">]>', "&a;"),  # harmless, but no office program writes it
    }


_ATTACKS = ("laughs", "quadratic", "cyclic", "external", "remote", "plain")


@case(
    "T21",
    "docx and xlsx with entities: billion laughs, quadratic, cyclic, external, remote",
    {
        **all_of([f"{name}.{kind}" for name in _ATTACKS for kind in ("docx", "xlsx")], quarantined("xml_entity")),
        "links.html": KEPT,
        "template.docx": KEPT,
    },
    family="containers",
)
def _t21(folder: Path) -> None:
    for name, (doctype, used) in _doctypes(folder).items():
        body = "".join(map(paragraph, article(f"T21 {name}").splitlines())) + paragraph(used)
        rows = records(f"T21 {name}", 2)
        extra = f'<row r="9"><c r="A9" t="inlineStr"><is><t>{used}</t></is></c></row>'
        put(
            folder,
            {
                f"{name}.docx": zipped(docx_parts(body, doctype=doctype), stored=True),
                f"{name}.xlsx": zipped(xlsx_parts(rows, doctype=doctype, extra=extra), stored=True),
            },
        )
    server = f"http://127.0.0.1:{port(folder)}"
    head = (
        f'<link rel="stylesheet" href="{server}/a.css"><script src="{server}/a.js"></script><base href="{server}/">'
        f'<meta http-equiv="refresh" content="0; url={server}/">'
    )
    put(
        folder,
        {"links.html": html("T21 html", head=head, after=f'<img src="{server}/a.png"><iframe src="/b"></iframe>')},
    )
    parts = docx_parts("".join(map(paragraph, article("T21 template").splitlines())))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    parts["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{server}/t.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    put(folder, {"template.docx": zipped(parts)})


_DELETED = "此处文字已被删除不应统计"
_BOXED, _TABLED, _INSERTED, _NOTED = (
    "文本框中的枫桥经验论述不可遗漏。",
    "表格里的多元化解数据应当保留。",
    "修订时新插入的文字应当保留。",
    "脚注补充说明了数据来源。",
)


def _word(result: Result) -> None:
    """Check what of a Word file is text."""
    text = squash(result.counted("all.docx"))
    for wanted in (_BOXED, _TABLED, _INSERTED):
        must(text.count(squash(wanted)) == 1, f"{wanted} stands {text.count(squash(wanted))} times in the text")
    must(_DELETED not in squash(result.original("all.docx")), "deleted text is counted")
    must(text.count(_NOTED) <= 1, "the footnote is counted twice")
    for name, wanted in (("table.docx", sentences("T22 table", 6)[2]), ("box.docx", sentences("T22 box", 6)[2])):
        must(squash(wanted) in squash(result.counted(name)), f"{name}: {wanted} is missing")


@case(
    "T22",
    "docx: tables, text boxes, footnotes, tracked changes",
    {
        "all.docx": KEPT,
        "table.docx": KEPT,
        "box.docx": KEPT,
        "deleted.docx": quarantined("empty_text", "extraction_empty"),
    },
    check=_word,
    family="containers",
)
def _t22(folder: Path) -> None:
    def cell(text: str) -> str:
        return f"<w:tbl><w:tr><w:tc>{paragraph(text)}</w:tc></w:tr></w:tbl>"

    def box(text: str) -> str:
        inside = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
        return (
            '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData>'
            f"<wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        )

    def change(kind: str, text: str) -> str:
        tag = "delText" if kind == "del" else "t"
        return f'<w:p><w:{kind} w:id="1" w:author="a"><w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}></w:p>'

    plain = "".join(map(paragraph, article("T22").splitlines()))
    note = '<w:p><w:r><w:t>正文引出脚注。</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = f'<w:footnote w:id="2">{paragraph(_NOTED)}</w:footnote>'
    body = plain + cell(_TABLED) + box(_BOXED) + change("del", _DELETED) + change("ins", _INSERTED) + note
    for name, wrap in (("table", cell), ("box", box)):
        text = [headline(f"T22 {name}"), *sentences(f"T22 {name}", 6)]
        put(folder, {f"{name}.docx": zipped(docx_parts("".join(map(wrap, text))))})
    put(
        folder,
        {
            "all.docx": zipped(docx_parts(body, footnotes=notes)),
            "deleted.docx": zipped(docx_parts(change("del", _DELETED * 9))),
        },
    )


@case(
    "T23",
    "old Word and Excel files; office files under a password",
    {
        **all_of(("old.doc", "old.xls"), quarantined("unsupported_format")),
        **all_of(("locked.docx", "locked.xlsx"), quarantined("encrypted")),
        "flagged.docx": quarantined("encrypted", "corrupt_zip"),
    },
    family="containers",
)
def _t23(folder: Path) -> None:
    locked = compound({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0<encryption/>", "EncryptedPackage": bytes(5_000)})
    put(
        folder,
        {
            "old.doc": compound({"WordDocument": b"\xec\xa5\xc1\0", "1Table": b"\0"}),
            "old.xls": compound({"Workbook": b"\x09\x08\x10\0\0\6\5\0"}),
            "locked.docx": locked,
            "locked.xlsx": locked,
            "flagged.docx": flagged(docx(article("T23")), 0),
        },
    )


def _archives(result: Result) -> None:
    """Check that nothing was written by unpacking and that no link's target was read."""
    above = [*result.run.folder.parents[:3], result.run.out, result.run.folder]
    climbed = [
        path for path in (Path("/tmp/climbed-abs.txt"), *(one / "climbed.txt" for one in above)) if path.exists()
    ]
    must(not climbed, f"unpacked to {climbed}")
    right(("plain.zip", "b.txt"), _body("X03 b"))(result)
    right(("plain.zip", "e.txt"), _body("X03 e"))(result)
    for row in result.ledger:
        must(".." not in Path(row.path).parts, f"the ledger has the path {row.path}")


@case(
    "X03",
    "archives: climbing names, archives within, links, bombs, passwords, names in GBK",
    {
        ("plain.zip", "b.txt"): KEPT,
        ("plain.zip", "e.txt"): KEPT,
        "locked.zip": quarantined("encrypted", "corrupt_zip"),
        "empty.zip": quarantined("empty_text", "empty_file", "extraction_empty", "corrupt_zip"),
        "not.zip": quarantined("corrupt_zip", "type_mismatch"),
    },
    check=_archives,
    family="containers",
    others=ANY,
)
def _x03(folder: Path) -> None:
    import zipfile

    one = article("X03 inner").encode()
    link = zipfile.ZipInfo("link.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "link.zip", "w") as archive:
        archive.writestr(link, str(outside(folder) / "canary.txt"))
        archive.writestr(zipfile.ZipInfo("real.txt"), article("X03 real"))
    name = "会议.txt".encode("gbk")
    holder = zipped({"X" * len(name): article("X03 gbk").encode()}).replace(b"X" * len(name), name)
    put(
        folder,
        {
            "plain.zip": zipped({"d/b.txt": article("X03 b").encode(), "e.txt": article("X03 e").encode()}),
            "climb.zip": zipped({"../../climbed.txt": article("X03 c").encode(), "/tmp/climbed-abs.txt": one}),
            "within.zip": zipped({"inner.zip": zipped({"deep.txt": article("X03 deep").encode()})}),
            "bad_member.zip": zipped({"a.docx": b"PK\3\4", "b.bin": b"\0\1\2", "c.txt": b""}),
            "gbk.zip": holder,
            "locked.zip": flagged(zipped({"a.txt": article("X03 locked").encode()}), 0),
            "empty.zip": zipped({}),
            "not.zip": article("X03 not"),
        },
    )


# ---------------------------------------------------------------------------------------------------------------------
# PDF


@case(
    "T24",
    "pdf under a password; pdf that only its owner may change",
    {"locked.pdf": quarantined("encrypted"), "owner.pdf": KEPT | quarantined("encrypted")},
    check=right("owner.pdf", _body("T24 owner")),
    family="pdf",
)
def _t24(folder: Path) -> None:
    put(
        folder,
        {"locked.pdf": encrypted_pdf(article("T24"), b"secret"), "owner.pdf": encrypted_pdf(article("T24 owner"), b"")},
    )


@case(
    "T25",
    "pdf of pictures; pdf of empty pages",
    all_of(("scan.pdf", "empty.pdf"), quarantined("no_text_layer")),
    family="pdf",
)
def _t25(folder: Path) -> None:
    put(folder, {"scan.pdf": scanned_pdf(), "empty.pdf": pdf(pdf_objects([]))})


# Where the limit of memory is met in native code, all that is seen of it may be a crash.
_STUCK = quarantined("limit_time", "limit_memory", "limit_size", "corrupt", "crash", "no_text_layer", "garbled_text")


@case(
    "T26",
    "pdf: xref in a circle, deflated twice, a million pages, a page tree in a circle",
    {
        "xref.pdf": _STUCK | KEPT,  # read rightly by a reader that rebuilds the table
        "twice.pdf": _STUCK,
        "million.pdf": _STUCK | KEPT,
        "circle.pdf": _STUCK | KEPT,
        "cut.pdf": quarantined("corrupt", "no_text_layer") | KEPT,
        "junk.pdf": quarantined("corrupt"),
    },
    check=every(
        right("xref.pdf", _body("T26 xref")),
        right("million.pdf", _body("T26 million")),
        right("circle.pdf", _body("T26 circle")),
        right("cut.pdf", _body("T26 cut")),
        _in_time,
    ),
    env={"POLICY_THEMES_TEST_READER": "1", "POLICY_THEMES_TEST_SECONDS": "6"},
)
def _t26(folder: Path) -> None:
    circle = pdf_objects(as_page(article("T26 circle")))
    circle[1] = b"<< /Type /Pages /Kids [3 0 R 2 0 R 2 0 R] /Count 3 >>"
    whole = written_pdf(article("T26 cut"))
    put(
        folder,
        {
            "xref.pdf": pdf(pdf_objects(as_page(article("T26 xref"))), trailer="/Prev {start}"),
            "twice.pdf": bomb_pdf(1_000),
            "million.pdf": pdf(pdf_objects(as_page(article("T26 million")), count=1_000_000)),
            "circle.pdf": pdf(circle),
            "cut.pdf": whole[: whole.rfind(b"endobj") - 40],
            "junk.pdf": b"%PDF-1.7\n" + stream(bytes(range(256)) * 20),
        },
    )


@case(
    "T27",
    "pdf whose font says nonsense",
    {
        "private.pdf": quarantined("garbled_text"),
        "mixed.pdf": quarantined("garbled_text"),
        "without.pdf": quarantined("garbled_text", "no_text_layer"),
    },
    family="pdf",
)
def _t27(folder: Path) -> None:
    def private(char: str) -> str:
        return chr(0xE000 + ord(char) % 0x1800)

    def mixed(char: str) -> str:
        return "ƏßŊ¤¦þƿĦ¶§ŧŁ×÷ʬʭ"[ord(char) % 16] + ("" if ord(char) % 3 else "\u0007")

    for name, reads_as in (("private", private), ("mixed", mixed), ("without", lambda _: None)):
        put(folder, {f"{name}.pdf": pdf(pdf_objects(as_page(article(f"T27 {name}")), reads_as=reads_as))})


def _columns(result: Result) -> None:
    """Check that two columns are read one after the other, or that the file says it may not be so."""
    if result.kept("two.pdf") and "column" not in result.says("two.pdf"):
        text = squash(result.original("two.pdf"))
        for name in ("left", "right"):
            for wanted in sentences(f"T28 {name}", 9):
                must(squash(wanted) in text, f"two.pdf: the columns are mixed; missing: {wanted}")
        places = [text.find(squash(sentences(f"T28 {name}", 9)[0])) for name in ("left", "right")]
        must(places[0] < places[1], "two.pdf: the right column stands first")


@case("T28", "pdf in two columns", {"two.pdf": KEPT | quarantined("garbled_text")}, check=_columns, family="pdf")
def _t28(folder: Path) -> None:
    columns = {
        60: "".join(sentences("T28 left", 9)),
        320: "".join(sentences("T28 right", 9)),
    }
    lines = {x: [text[at : at + 16] for at in range(0, len(text), 16)] for x, text in columns.items()}
    # Drawn line by line across the page: the order of drawing is not the order of reading.
    page = [(60, 800, headline("T28")), (60, 780, "2023年5月6日 来源：法治日报")]
    for number in range(max(map(len, lines.values()))):
        page += [(x, 740 - 18 * number, rows[number]) for x, rows in lines.items() if number < len(rows)]
    put(folder, {"two.pdf": pdf(pdf_objects(page))})


# ---------------------------------------------------------------------------------------------------------------------
# Web pages


def _almost_all(key: str, expected: int) -> Callable[[Result], None]:
    """Return a check that a text is nearly as long as it should be."""

    def check(result: Result) -> None:
        if result.kept(key):
            got = len(squash(result.original(key)))
            must(got >= 0.95 * expected, f"{key}: {got} characters of {expected}")

    return check


_HEAVY = KEPT | quarantined("extraction_empty", "limit_time", "limit_memory")
_DEEP = len(squash(_body("T29 deep"))) + len(squash("".join(sentences("T29 deep+", 120))))


@case(
    "T29",
    "html: 200,000 <div> in each other, 200,000 <p>, one <p> of 5,000,000 characters",
    all_of(("deep.html", "many.html", "long.html"), _HEAVY),
    check=every(
        _almost_all("deep.html", _DEEP),
        _almost_all("many.html", 200_000 * 12),
        _almost_all("long.html", 5_000_000),
    ),
    env={"POLICY_THEMES_TEST_READER": "1", "POLICY_THEMES_TEST_SECONDS": "8"},
)
def _t29(folder: Path) -> None:
    text = _body("T29 deep") + "".join(sentences("T29 deep+", 120))
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>会议</title></head><body><h1>会议召开</h1>'
    unit = "".join(sentences("T29 long", 100))
    long = (unit * (5_000_000 // len(unit) + 1))[:5_000_000]
    put(
        folder,
        {
            "deep.html": f"{head}{'<div>' * 200_000}<p>{text}</p>{'</div>' * 200_000}</body></html>",
            "many.html": head
            + "".join(f"<p>第{number:06d}项工作完成</p>" for number in range(200_000))
            + "</body></html>",
            "long.html": f"{head}<p>{long}</p></body></html>",
        },
    )


_CHROME = {
    "script": "<script>var 脚本里的文字 = '法治法治';</script>",
    "noscript": "<noscript><p>请启用脚本才能浏览本页面</p></noscript>",
    "style": "<style>.p:before { content: '样式里的文字' }</style>",
    "comment": "<!-- 注释里的枫桥经验不算数 -->",
    "hidden": '<p hidden>属性隐藏的段落平安平安</p><p style="display:none">样式隐藏的段落法治法治</p>',
    "template": "<template><p>模板里的段落尚未显示</p></template>",
    "cookie": '<div id="cookie-banner" class="cookie-notice"><p>本网站使用Cookie改善您的体验，点击同意</p><button>同意</button></div>',
    "share": '<div class="share-bar"><ul><li><a href="#">分享到微博</a></li><li><a href="#">分享到微信</a></li></ul></div>',
    "nav": "<nav><ul><li><a href='/'>网站首页</a></li><li><a href='/a'>机构概况</a></li><li><a href='/b'>互动交流</a></li></ul></nav>",
    "footer": "<footer><p>主办单位：某某办公室 备案号：京ICP备00000000号 网站标识码：0000000000</p></footer>",
}
_NOT_TEXT = (
    "脚本里的文字", "请启用脚本", "样式里的文字", "注释里的", "属性隐藏", "样式隐藏", "模板里的", "使用Cookie", "分享到微博",
    "机构概况", "网站标识码",
)  # fmt: skip


def _chrome(result: Result) -> None:
    """Check that of a page the article stays and nothing else."""
    text = squash(result.counted("page.html"))
    found = [wanted for wanted in _NOT_TEXT if wanted in text]
    must(not found, f"page.html: chrome is counted: {found}")
    body = sentences("T30", 9)
    kept = sum(len(wanted) for wanted in body if squash(wanted) in text)
    must(kept >= 0.95 * sum(map(len, body)), f"page.html: only {kept} characters of {sum(map(len, body))} are kept")
    must(result.document("page.html")["title"] == headline("T30"), f"title {result.document('page.html')['title']!r}")


@case(
    "T30",
    "html: scripts, hidden text, comments, cookie banner, share bar",
    {"page.html": KEPT},
    check=_chrome,
    family="html",
)
def _t30(folder: Path) -> None:
    before = "".join(_CHROME[name] for name in ("nav", "cookie", "script", "comment", "hidden"))
    after = "".join(_CHROME[name] for name in ("share", "noscript", "template", "footer"))
    put(folder, {"page.html": html("T30", head=_CHROME["style"], before=before, after=after)})


@case(
    "T31",
    "html without an article: navigation, 404, log-in",
    all_of(("navigation.html", "404.html", "login.html"), quarantined("boilerplate_only")),
    family="html",
)
def _t31(folder: Path) -> None:
    items = re.findall(
        r"\w+",
        "首页 机构设置 政务公开 办事服务 互动交流 专题专栏 数据发布 通知公告 领导信息 工作动态 法律法规 网站地图",
    )
    links = "".join(f'<li><a href="/{number}">{item}</a></li>' for number, item in enumerate(items * 4))
    frame = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>'
    put(
        folder,
        {
            "navigation.html": frame.format("某某网站", f"<nav><ul>{links}</ul></nav>{_CHROME['footer']}"),
            "404.html": frame.format(
                "404 Not Found",
                "<h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><p><a href='/'>返回首页</a></p>",
            ),
            "login.html": frame.format(
                "用户登录",
                "<form action='/login'><h2>用户登录</h2><label>用户名<input></label><label>密码<input type='password'>"
                "</label><label>验证码<input></label><button>登录</button><a href='/r'>注册账号</a> <a href='/f'>忘记密码</a></form>",
            ),
        },
    )


# ---------------------------------------------------------------------------------------------------------------------
# A reader that misbehaves


@case(
    "T32",
    "a reader that crashes, exits, hangs, takes all memory, raises, recurses",
    {
        "a_segfault.mock": quarantined("crash"),
        "b_exit.mock": quarantined("exit"),
        "c_hang.mock": quarantined("limit_time"),
        "d_memory.mock": quarantined("limit_memory"),
        "e_raise.mock": quarantined("crash"),
        "f_recursion.mock": quarantined("crash", "limit_memory"),
        "z_after.txt": KEPT,
    },
    check=every(right("z_after.txt", _body("T32")), _in_time),
    env={"POLICY_THEMES_TEST_READER": "1", "POLICY_THEMES_TEST_SECONDS": "3"},
)
def _t32(folder: Path) -> None:
    words = ("segfault", "exit", "hang", "memory", "raise", "recursion")
    put(folder, {f"{letter}_{word}.mock": f"{word} \n" for letter, word in zip("abcdef", words, strict=True)})
    put(folder, {"z_after.txt": article("T32")})


@case(
    "X04",
    "files that ask for a misbehaving reader, where no test asks for one",
    {"segfault.mock": quarantined("unsupported_format") | KEPT},  # plain text under an unknown ending
    family="files",
)
def _x04(folder: Path) -> None:
    put(folder, {"segfault.mock": "segfault\n"})


# ---------------------------------------------------------------------------------------------------------------------
# Encodings


_RARE = "国务院原总理朱镕基曾就此作出批示，地名𠮷野与㐂寿等生僻字也应当完整保留。"


def _gb(result: Result) -> None:
    """Check that a page declared as gb2312 is whole."""
    for name in ("page.html", "page.mhtml"):
        every(right(name, _RARE), right(name, sentences(f"T33 {name}", 9)[-1]))(result)
        encoding = str(result.document(name)["encoding"]).lower()
        must(encoding == "gb18030", f"{name}: encoding {encoding!r}")


@case(
    "T33",
    "declared gb2312, with 镕 and 𠮷",
    {"page.html": KEPT, "page.mhtml": KEPT},
    check=_gb,
    family="text",
)
def _t33(folder: Path) -> None:
    put(
        folder,
        {
            "page.html": html("T33 page.html", charset="gb2312", more=_RARE).encode("gb18030"),
            "page.mhtml": mhtml("T33 page.mhtml", charset="gb2312", coded="gb18030", more=_RARE),
        },
    )


_BIG5 = (
    "浙江省召開政法工作會議\n2023年5月6日 來源：法治日報\n"
    "會議強調，要堅持和發展新時代楓橋經驗，推進法治建設現代化，加強矛盾糾紛多元化解，維護社會和諧穩定。\n"
    "會議要求，各級政法機關要認真落實責任，加強隊伍建設，提升公共法律服務水平，確保各項工作落到實處，"
    "讓人民群眾在每一個司法案件中感受到公平正義，為經濟社會發展提供有力的法治保障。\n"
)
_CODINGS = {
    "gbk": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf8bom": "utf-8-sig",
    "utf16bom": "utf-16",
}


def _coded(name: str) -> str:
    """Return the text that is written under a name: `gbk.txt`, `gbk.html`."""
    coding, kind = name.split(".")
    if coding == "big5":
        return _BIG5 if kind == "txt" else _BIG5.replace("會議強調", "會議指出").replace("會議要求", "會議決定")
    return article(f"T34 {name}") + ("𠮷野㐂寿\n" if coding == "gb18030" else "")


def _undeclared(name: str) -> str:
    """Return the text, or a page of it that declares no encoding."""
    if name.endswith("txt"):
        return _coded(name)
    first, *rest = _coded(name).splitlines()
    body = "".join(f"<p>{line}</p>" for line in rest)
    return f"<html><head><title>{first}</title></head><body><h1>{first}</h1>{body}</body></html>"


_CODED = {f"{coding}.{kind}": python for coding, python in _CODINGS.items() for kind in ("txt", "html")}


@case(
    "T34",
    "no declaration: GBK, GB18030, Big5, UTF-16, UTF-8 with a mark",
    {name: KEPT if "bom" in name else KEPT | quarantined("encoding_uncertain") for name in _CODED}
    # One article in two files: either may be the copy of the other; big5.html sorts first and represents it.
    | {name: KEPT | quarantined("encoding_uncertain") | COPY for name in ("big5.html", "big5.txt")},
    check=every(*(right(name, line) for name in _CODED for line in _coded(name).splitlines()[2:4])),
    family="text",
)
def _t34(folder: Path) -> None:
    put(folder, {name: _undeclared(name).encode(python) for name, python in _CODED.items()})


@case("T35", "HZ, which looks like ASCII", {"hz.txt": quarantined("encoding_uncertain")}, family="text")
def _t35(folder: Path) -> None:
    put(folder, {"hz.txt": "".join(c for c in article("T35") if c.isascii() or _in(c, "gb2312")).encode("hz")})


def _in(char: str, encoding: str) -> bool:
    """Tell whether an encoding has a character."""
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _conflict(result: Result) -> None:
    """Check that the bytes win over the declaration, and that this is said."""
    for name in ("page.html", "page.mhtml"):
        right(name, sentences(f"T36 {name}", 9)[-1])(result)
        must("encoding_conflict" in result.says(name), f"{name}: encoding_conflict is not recorded")


@case(
    "T36",
    "declared utf-8, written in GBK",
    {"page.html": KEPT, "page.mhtml": KEPT},
    check=_conflict,
    family="text",
)
def _t36(folder: Path) -> None:
    put(
        folder,
        {
            "page.html": html("T36 page.html", charset="utf-8").encode("gbk"),
            "page.mhtml": mhtml("T36 page.mhtml", charset="utf-8", coded="gbk"),
        },
    )


def _phrases(key: str) -> list[str]:
    """Return phrases whose UTF-8, read as GBK, loses nothing."""
    good = []
    for phrase in re.findall(r"[\u4e00-\u9fff]+", article(key, length=200)):
        with suppress(UnicodeDecodeError):
            if phrase.encode().decode("gbk").encode("gbk").decode() == phrase:
                good.append(phrase)
    return good


def _mojibake(result: Result) -> None:
    """Check that garbled text never counts as text unflagged."""
    for name in ("utf8_as_gbk.txt", "gbk_as_latin1.txt", "lossy.txt"):
        if result.kept(name):
            said = result.says(name).lower()
            must(re.search("mojibake|repair|garbled|replace", said), f"{name}: kept, and not flagged")
    for name, wanted in (("utf8_as_gbk.txt", _phrases("T37 a")[-1]), ("gbk_as_latin1.txt", sentences("T37 b", 20)[-1])):
        if result.kept(name) and "repair" in result.says(name).lower():
            must(squash(wanted) in squash(result.normalized(name)), f"{name}: repaired, and not to what it was")
    if result.kept("lossy.txt"):
        must("?" in result.original("lossy.txt") or "\ufffd" in result.original("lossy.txt"), "lossy.txt was invented")


_FLAGGED = KEPT | quarantined("garbled_text", "encoding_uncertain", "bad_unicode", "mojibake")


@case(
    "T37",
    "text garbled before it was saved",
    {"utf8_as_gbk.txt": _FLAGGED, "gbk_as_latin1.txt": _FLAGGED | skipped("language"), "lossy.txt": _FLAGGED},
    check=_mojibake,
    family="text",
)
def _t37(folder: Path) -> None:
    exact = "\n".join(phrase.encode().decode("gbk") for phrase in _phrases("T37 a"))
    must(len(exact) > 500, "too little is garbled")
    put(
        folder,
        {
            "utf8_as_gbk.txt": exact,
            "gbk_as_latin1.txt": article("T37 b", length=20).encode("gbk").decode("latin-1"),
            "lossy.txt": article("T37 c", length=20).encode().decode("gbk", "replace"),
        },
    )


_CUT = {"utf8.txt": "utf-8", "gbk.txt": "gbk", "utf16.txt": "utf-16", "page.html": "utf-8"}


def _one_replacement(result: Result) -> None:
    """Check that a cut file is put aside, or has lost one character and says so."""
    for name in _CUT:
        if result.kept(name):
            count = result.original(name).count("\ufffd")
            must(count <= 1, f"{name}: {count} replacements")
            said = result.says(name).lower()
            must("replace" in said or "truncated" in said, f"{name}: kept, and the loss is not recorded")


@case(
    "T38",
    "cut in the middle of a character",
    all_of(tuple(_CUT), KEPT | quarantined("truncated_encoding")),
    check=_one_replacement,
    family="text",
)
def _t38(folder: Path) -> None:
    for name, coding in _CUT.items():
        text = html(f"T38 {name}") if name.endswith("html") else article(f"T38 {name}")
        text = text[: text.rfind("。")].rstrip()
        put(folder, {name: text.encode(coding)[:-1]})


def _invisible(result: Result) -> None:
    """Check that invisible characters do not hide a theme."""
    for name in ("nul.txt", "zero_width.txt", "page.html"):
        text = result.normalized(name)
        must("枫桥经验" in text, f"{name}: 枫桥经验 is not found")
        left = sorted(
            {f"U+{ord(char):04X}" for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"}
        )
        must(not left, f"{name}: {left} are left")


@case(
    "T39",
    "NUL, control characters, U+FEFF, zero-width characters inside 枫桥经验",
    all_of(("nul.txt", "zero_width.txt", "page.html"), KEPT),
    check=_invisible,
    family="text",
)
def _t39(folder: Path) -> None:
    inside = "坚持\x01枫\u200b桥\ufeff经\u200d验，落实\x07各项\x1b责任。"
    put(
        folder,
        {
            "nul.txt": article("T39 a") + "坚持枫桥\0经验，落实\0责任。\n",
            "zero_width.txt": article("T39 b") + inside + "\n",
            "page.html": html("T39 c", more=inside),
        },
    )


def _planes(result: Result) -> None:
    """Check that characters beyond the first plane survive, and that half of one does not."""
    text = result.original("planes.txt")
    must("😀" in text and "𠮷" in text and "\ue000" in text, "planes.txt: characters are lost")
    for key in (("lone.jsonl", 2), "lone.json", ("pair.jsonl", 1)):
        if result.kept(key):
            text = result.original(key)
            must(not re.search("[\ud800-\udfff]", text), f"{key}: half a character is in the text")
    if result.kept(("lone.jsonl", 2)):
        said = result.says(("lone.jsonl", 2)).lower()
        must("\ufffd" in result.original(("lone.jsonl", 2)), "lone.jsonl: no replacement")
        must("replace" in said or "unicode" in said, "lone.jsonl: the replacement is not recorded")
    must("😀" in result.original(("pair.jsonl", 1)), "pair.jsonl: a pair of escapes is one character")


@case(
    "T44",
    "emoji, rare and private characters; half a character in json",
    {
        "planes.txt": KEPT,
        ("lone.jsonl", 1): KEPT,
        ("lone.jsonl", 2): KEPT | quarantined("bad_unicode"),
        "lone.json": ROWS | KEPT | quarantined("bad_unicode") | frozenset({("rows", "bad_unicode")}),
        ("pair.jsonl", 1): KEPT,
    },
    check=_planes,
    family="text",
)
def _t44(folder: Path) -> None:
    good, bad, alone, pair = records("T44", 4)
    put(
        folder,
        {
            "planes.txt": article("T44") + "表情😀与生僻字𠮷和自造字\ue000都在这里。\n",
            "lone.jsonl": jsonl_text([good]) + json.dumps({**bad, "text": f"{bad['text']}\ud800"}) + "\n",
            "lone.json": json.dumps({**alone, "text": f"{alone['text']}\udc00"}),
            "pair.jsonl": json.dumps({**pair, "text": f"{pair['text']}😀"}) + "\n",
        },
    )


def _languages(result: Result) -> None:
    """Check the language that is recorded."""
    must(result.document("mixed.txt")["language"] == "zh", "mixed.txt is Chinese")
    must(result.document("english.txt")["language"] == "en", "english.txt is English")


_ENGLISH = (
    "Province held a meeting on political and legal work\nMay 6, 2023 Source: Legal Daily\n"
    "The meeting stressed that the rule of law must be advanced and that disputes be resolved at the source. "
    "It was required that every department take up its responsibility, build its team (队伍) and serve the public.\n"
)


@case(
    "T45",
    "two languages in a sentence; Tibetan; Uyghur; Cyrillic",
    {
        "mixed.txt": KEPT,
        "english.txt": KEPT,
        **all_of(("tibetan.txt", "uyghur.txt", "russian.txt", "tibetan.html"), skipped("language")),
    },
    check=_languages,
    family="text",
)
def _t45(folder: Path) -> None:
    tibetan = "བོད་རང་སྐྱོང་ལྗོངས་མི་དམངས་སྲིད་གཞུང་གི་ལས་དོན་སྙན་ཞུ། " * 20
    put(
        folder,
        {
            "mixed.txt": article("T45") + "会议讨论了 rule of law 与 modernization 的关系。\n",
            "english.txt": _ENGLISH,
            "tibetan.txt": tibetan,
            "uyghur.txt": "شىنجاڭ ئۇيغۇر ئاپتونوم رايونلۇق خەلق ھۆكۈمىتى خىزمەت دوكلاتى. " * 20,
            "russian.txt": "Совещание по вопросам правовой работы состоялось в столице. " * 20,
            "tibetan.html": f'<html><head><meta charset="utf-8"><title>བོད</title></head><body><p>{tibetan}</p></body></html>',
        },
    )


# ---------------------------------------------------------------------------------------------------------------------
# Tables


def _never_giant(result: Result) -> None:
    """Check that an open quote swallows no other row unseen."""
    rows = [row for row in result.ledger if row.path == "open.csv" and row.record is not None]
    first, second = result.find(("open.csv", 1)), result.find(("open.csv", 2))
    must(len(first) == 1 and first[0].outcome == "kept", "open.csv: row 1 is not kept")
    must(
        len(second) == 1 and (second[0].outcome, second[0].reason) == ("quarantined", "csv_quote"),
        f"open.csv: row 2 is {second}",
    )
    longest = max(len(result.original(("open.csv", int(str(_number(row.record)))))) for row in first)
    must(longest < 2_000, "open.csv: one giant document")
    giant = max((len(str(row["original"])) for row in result.run.tables["texts"]), default=0)
    must(giant < 5_000, f"open.csv: a document of {giant} characters")
    kept = sum(row.outcome in ("kept", "duplicate") for row in rows)
    # Forty healthy files stand beside it: one row put aside is no reason for exit 3, the swallowed ones are.
    if result.run.returncode == 0:
        must(kept >= 0.95 * _OPEN[result.prefix], f"open.csv: exit 0 with {kept} rows kept")


_OPEN = {"T46/": 1_000, "T46L/": 10_000}


def _open_quote(count: int) -> Callable[[Path], None]:
    """Return the maker of a csv whose second row opens a quote that never closes."""

    def make(folder: Path) -> None:
        rows = [
            {"title": f"第{number}号会议", "text": f"{number}号：{sentences(f'T46 {number}', 1)[0]}"}
            for number in range(1, count + 1)
        ]
        lines = csv_text(rows).splitlines()
        lines[2] = lines[2].replace(",", ',"', 1)
        put(folder, {"open.csv": "\r\n".join(lines) + "\r\n"})
        put(folder, {f"beside/{number:02d}.txt": article(f"T46 beside {number}") for number in range(40)})

    return make


_OPEN_ROWS = KEPT | COPY | quarantined("csv_quote", "csv_row")
case("T46", "csv of 1,000 rows, the second with an open quote", {}, others=_OPEN_ROWS, check=_never_giant)(
    _open_quote(1_000)
)
# The clock of a record, not of a file: all rows together take longer than this.
case(
    "T46L", "the same with 10,000 rows", {}, others=_OPEN_ROWS, check=_never_giant, long=True,
    env={"POLICY_THEMES_TEST_SECONDS": "3"},
)(_open_quote(10_000))  # fmt: skip

_RAGGED = quarantined("csv_row", "bad_row")


@case(
    "T47",
    "csv: ragged rows, two columns of one name, no text column",
    {
        ("ragged.csv", 1): KEPT,
        ("ragged.csv", 2): _RAGGED,
        ("ragged.csv", 3): _RAGGED,
        ("ragged.csv", 4): KEPT,
        "twins.csv": ROWS | quarantined("no_text_column", "bad_header", "csv_row", "bad_row", "corrupt"),
        "textless.csv": quarantined("no_text_column"),
        "textless.xlsx": quarantined("no_text_column"),
        "textless.jsonl": quarantined("no_text_column") | frozenset({("rows", "no_text_column")}),
        "textless.parquet": quarantined("no_text_column"),
        "heading.csv": quarantined("empty_file", "empty_text", "no_text_column", "extraction_empty", "bad_row"),
    },
    family="tables",
    others=_RAGGED | KEPT | quarantined("no_text_column"),  # records of twins.csv, textless.jsonl
)
def _t47(folder: Path) -> None:
    rows = records("T47", 4)
    lines = csv_text(rows).splitlines()
    lines[2] = lines[2].split(",")[0]
    lines[3] += ",多余,一列,又一列"
    textless: list[Row] = [{"year": 2020 + n, "value": n * 1.5, "code": f"{n:06d}"} for n in range(4)]
    twins = csv_text(records("T47 twins", 2)).replace("title,date,text", "text,date,text", 1)
    put(
        folder,
        {
            "ragged.csv": "\r\n".join(lines) + "\r\n",
            "twins.csv": twins,
            "textless.csv": csv_text(textless),
            "textless.xlsx": xlsx(textless),
            "textless.jsonl": jsonl_text(textless),
            "textless.parquet": parquet(textless),
            "heading.csv": "title,date,text\r\n",
        },
    )


_CELL = "".join(sentences("T48", 2_400))


@case(
    "T48",
    "csv with a cell of 200 kB",
    {("cell.csv", 1): KEPT, ("cell.csv", 2): KEPT},
    check=every(right(("cell.csv", 1), _CELL[-300:]), right(("cell.csv", 1), _CELL[:300])),
    family="tables",
)
def _t48(folder: Path) -> None:
    must(len(_CELL.encode()) > 200_000, "the cell is too small")
    one, two = records("T48", 2)
    put(folder, {"cell.csv": csv_text([{**one, "text": _CELL}, two])})


_SEPARATED = {
    "semicolon.csv": (";", "utf-8"),
    "tab.csv": ("\t", "utf-8"),
    "tab.tsv": ("\t", "utf-8"),
    "excel.csv": ("\t", "utf-16"),
    "mark.csv": (",", "utf-8-sig"),
    "gbk.csv": (",", "gb18030"),
    "chinese.csv": (",", "utf-8"),
}


def _separated_rows(name: str) -> list[dict[str, object]]:
    """Return the rows of a csv, its headings in Chinese for one of them."""
    rows = records(f"T49 {name}", 2)
    if name != "chinese.csv":
        return rows
    return [{"标题": row["title"], "日期": row["date"], "正文": row["text"]} for row in rows]


def _columns_right(result: Result) -> None:
    """Check that each column was taken for what it is."""
    for name in _SEPARATED:
        if not result.find(name):
            for number, want in enumerate(records(f"T49 {name}", 2), 1):
                got = result.document((name, number))
                must(got["title"] == want["title"], f"{name} {number}: title {got['title']!r}")
                must(got["date"] == want["date"], f"{name} {number}: date {got['date']!r}")
                right((name, number), str(want["text"]))(result)


@case(
    "T49",
    "csv: semicolons, tabs, UTF-16 of Excel, a mark, GBK, Chinese headings",
    {
        **all_of(("tab.tsv", "mark.csv", "gbk.csv", "chinese.csv"), ROWS),
        **all_of(("semicolon.csv", "tab.csv"), ROWS | quarantined("no_text_column")),
        "excel.csv": ROWS | quarantined("no_text_column", "encoding_uncertain"),
    },
    check=_columns_right,
    family="tables",
    others=KEPT,
)
def _t49(folder: Path) -> None:
    for name, (delimiter, coding) in _SEPARATED.items():
        put(folder, {name: csv_text(_separated_rows(name), delimiter=delimiter).encode(coding)})


_MISSING = ("NA", "null", "None", "001", "nan", "-", "TRUE", "1e5")


def _as_text(result: Result) -> None:
    """Check that no cell is taken for a missing one or for a number."""
    for kind in ("csv", "jsonl", "parquet", "xlsx"):
        for number, value in enumerate(_MISSING, 1):
            title = result.document((f"na.{kind}", number))["title"]
            must(title == value, f"na.{kind} {number}: the title {value!r} became {title!r}")


@case(
    "T50",
    "cells NA, null, None, 001",
    {key: KEPT for kind in ("csv", "jsonl", "parquet", "xlsx") for key in rows_of(f"na.{kind}", len(_MISSING))},
    check=_as_text,
    family="tables",
)
def _t50(folder: Path) -> None:
    for kind, write in (("csv", csv_text), ("jsonl", jsonl_text), ("parquet", parquet), ("xlsx", xlsx)):
        rows = [
            {**row, "title": value, "region": value}
            for row, value in zip(records(f"T50 {kind}", len(_MISSING)), _MISSING, strict=True)
        ]
        content = write(rows)  # type: ignore[operator]
        put(folder, {f"na.{kind}": content})


def _one_each(result: Result) -> None:
    """Check that a line ends where its line feed stands."""
    rows = [row for row in result.ledger if row.path == "ends.jsonl" and row.record is not None]
    must(len(rows) == 3, f"ends.jsonl: {len(rows)} records of 3")
    right(("ends.jsonl", 2), str(records("T51", 3)[1]["text"]))(result)


@case("T51", "jsonl with U+2028 and U+0085 inside", rows_of("ends.jsonl", 3), check=_one_each, family="tables")
def _t51(folder: Path) -> None:
    rows = [{**row, "text": f"{row['text']}\n其一\u2028其二\u2029其三\x85其四\u000c其五"} for row in records("T51", 3)]
    put(folder, {"ends.jsonl": jsonl_text(rows).replace("\n", "\r\n")})


@case(
    "T52",
    "jsonl whose line 7 is bad, and line 3 empty",
    {("bad.jsonl", line): quarantined("bad_json") if line in (7, 9) else KEPT for line in range(1, 12) if line != 3},
    family="tables",
    others=skipped("empty", "ignored") | quarantined("empty_text"),  # line 3, if it is listed at all
)
def _t52(folder: Path) -> None:
    lines = jsonl_text(records("T52", 11)).splitlines()
    lines[2] = ""
    lines[6] = lines[6][:-9]
    lines[8] = "[1, 2]"
    put(folder, {"bad.jsonl": "\n".join(lines)})


def _bad_lines(key: str = "") -> dict[str, str]:
    """Return lines of json that no strict reader takes."""
    text = "".join(sentences(f"T53 bad {key}", 3))
    return {
        "twice": json.dumps({"title": "会议", "text": text})[:-1] + ', "text": "另一个"}',
        "nan": json.dumps({"text": text, "score": float("nan")}),
        "infinite": json.dumps({"text": f"{text}其一", "score": 0})[:-2] + "1e999}",
        "long": json.dumps({"text": text, "score": 0})[:-2] + "1" * 5_001 + "}",
        "deep": '{"text": "' + "[" * 10 + '", "deep": ' + "[" * 200_000 + "]" * 200_000 + "}",
        "open": "[" * 200_000,
        "utf8": '{"text": "\\ud800\\u0000"',
    }


@case(
    "T53",
    "json: a key twice, NaN, 1e999, an integer of 5,001 digits, 200,000 levels",
    {
        **{(f"{name}.jsonl", 1): KEPT for name in _bad_lines()},
        **{(f"{name}.jsonl", 2): quarantined("bad_json") for name in _bad_lines()},
        **{(f"{name}.jsonl", 3): KEPT for name in _bad_lines()},
        **{f"{name}.json": quarantined("bad_json") for name in _bad_lines()},
        # Grammatical, and infinite to most readers: refused or read, but never lost.
        ("infinite.jsonl", 2): KEPT | quarantined("bad_json"),
        "infinite.json": KEPT | ROWS | quarantined("bad_json"),
    },
    family="tables",
)
def _t53(folder: Path) -> None:
    for name, line in _bad_lines().items():
        alone = _bad_lines("alone")[name]
        one, two = (json.dumps(row, ensure_ascii=False) for row in records(f"T53 {name}", 2))
        put(folder, {f"{name}.jsonl": f"{one}\n{line}\n{two}\n", f"{name}.json": alone})


@case(
    "T54",
    "jsonl that is an array, or compressed; json that is lines",
    {
        "array.jsonl": ROWS | quarantined("bad_json", "type_mismatch") | frozenset({("rows", "bad_json")}),
        "pretty.jsonl": ROWS | quarantined("bad_json", "type_mismatch") | frozenset({("rows", "bad_json")}),
        "gzip.jsonl": ROWS | quarantined("bad_json", "type_mismatch", "unsupported_format", "encoding_uncertain"),
        "lines.json": ROWS | quarantined("bad_json", "type_mismatch"),
        "one.json": KEPT | ROWS,
    },
    family="tables",
    others=KEPT | quarantined("bad_json"),
)
def _t54(folder: Path) -> None:
    put(
        folder,
        {
            "array.jsonl": json.dumps(records("T54 array", 2), ensure_ascii=False),
            "pretty.jsonl": json.dumps(records("T54 pretty", 2), ensure_ascii=False, indent=1),
            "gzip.jsonl": gzip.compress(jsonl_text(records("T54 gzip", 2)).encode(), mtime=0),
            "lines.json": jsonl_text(records("T54 lines", 2)),
            "one.json": json.dumps(records("T54 one", 1)[0], ensure_ascii=False),
        },
    )


# ---------------------------------------------------------------------------------------------------------------------
# Dates, places, sources


def dated(key: Key, *dates: str | None, precision: str = "", says: str = "") -> Callable[[Result], None]:
    """Return a check of a document's date, its precision and what is said of it."""

    def check(result: Result) -> None:
        row = result.document(key)
        must(row["date"] in dates, f"{key}: date {row['date']!r}, and {' or '.join(map(repr, dates))} is right")
        if row["date"] is not None:
            must(row["date_precision"] == precision or not precision, f"{key}: precision {row['date_precision']!r}")
            must(row["year"] == int(str(row["date"])[:4]), f"{key}: year {row['year']}")
        else:
            must(row["year"] is None and row["date_precision"] is None, f"{key}: no date, but year {row['year']}")
            must(row["date_source"], f"{key}: no reason is given for the missing date")
        must(not says or says in result.says(key), f"{key}: {says} is not recorded")

    return check


@case("T56", "no date", {"none.txt": KEPT}, check=dated("none.txt", None), family="dates")
def _t56(folder: Path) -> None:
    put(folder, {"none.txt": article("T56", header="来源：法治日报")})


@case(
    "T57",
    "only a year, only a month",
    {"year.txt": KEPT, ("table.csv", 1): KEPT, ("table.csv", 2): KEPT},
    check=every(
        dated("year.txt", "2021", precision="year"),
        dated(("table.csv", 1), "2021", precision="year"),
        dated(("table.csv", 2), "2021-03", precision="month"),
    ),
    family="dates",
)
def _t57(folder: Path) -> None:
    one, two = records("T57", 2)
    put(
        folder,
        {
            "year.txt": article("T57", title="2021年普法工作综述", header=""),
            "table.csv": csv_text([{**one, "date": "2021"}, {**two, "date": "2021-03"}]),
        },
    )


_IMPOSSIBLE = ("2023-02-29", "2023-13-01", "0001-01-01", "2023-00-10", "2023-04-31")


@case(
    "T58",
    "days that no calendar has",
    all_of([f"d{_IMPOSSIBLE.index(date)}.txt" for date in _IMPOSSIBLE], KEPT) | rows_of("table.csv", len(_IMPOSSIBLE)),
    check=every(
        *(dated(f"d{_IMPOSSIBLE.index(date)}.txt", None, says="invalid_date") for date in _IMPOSSIBLE),
        *(dated(("table.csv", number), None, says="invalid_date") for number in range(1, len(_IMPOSSIBLE) + 1)),
    ),
    family="dates",
)
def _t58(folder: Path) -> None:
    rows = [{**row, "date": date} for row, date in zip(records("T58", len(_IMPOSSIBLE)), _IMPOSSIBLE, strict=True)]
    put(folder, {"table.csv": csv_text(rows)})
    for date in _IMPOSSIBLE:
        put(folder, {f"d{_IMPOSSIBLE.index(date)}.txt": article(f"T58 {date}", header=f"{date} 来源：法治日报")})


@case(
    "T59",
    "days to come",
    {"header.txt": KEPT, "title.txt": KEPT, "body.txt": KEPT, ("table.csv", 1): KEPT},
    check=every(
        dated("header.txt", None, says="future_date"),
        dated(("table.csv", 1), None, says="future_date"),
        dated("title.txt", "2023-05-06", precision="day"),
        dated("body.txt", None),
    ),
    family="dates",
)
def _t59(folder: Path) -> None:
    put(
        folder,
        {
            "header.txt": article("T59 header", header="2050年1月1日 来源：法治日报"),
            "title.txt": article("T59 title", title="到2035年基本建成法治社会的远景目标"),
            "body.txt": article("T59 body", header="") + "到2035年，法治社会基本建成；到2049年12月31日前全面实现。\n",
            "table.csv": csv_text([{**records("T59", 1)[0], "date": "2050-01-01"}]),
        },
    )


def _candidates(result: Result) -> None:
    """Check that one of three dates is taken and that all are recorded."""
    row = result.document("page.html")
    must(row["date"] in ("2019-03-04", "2021-05-06", "2020-07-08"), f"date {row['date']!r}")
    said = result.says("page.html")
    missing = [one for one in ("date_conflict", "2019", "2020", "2021") if one not in said]
    must(not missing, f"not recorded: {missing}")


@case(
    "T60", "three dates that differ: metadata, header, address", {"page.html": KEPT}, check=_candidates, family="dates"
)
def _t60(folder: Path) -> None:
    address = "http://www.example.invalid/2020/0708/t20200708_1.html"
    head = (
        '<meta name="PubDate" content="2019-03-04"><meta property="article:published_time" content="2019-03-04">'
        f'<link rel="canonical" href="{address}"><meta property="og:url" content="{address}">'
    )
    put(folder, {"page.html": html("T60", head=head).replace("2023年5月6日", "2021年5月6日")})


def _ambiguous(result: Result) -> None:
    """Check that of 03/04/2020 no more than the year is taken."""
    for key in ("zh.txt", "en.txt", ("table.csv", 1)):
        row = result.document(key)
        must(row["date"] in (None, "2020"), f"{key}: 03/04/2020 was guessed to be {row['date']}")
        must(row["date"] is None or row["date_precision"] == "year", f"{key}: precision {row['date_precision']}")
    row = result.document(("table.csv", 2))
    must(row["date"] in (None, "2020", "2020-04-13"), f"13/04/2020 became {row['date']}")


@case(
    "T61",
    "03/04/2020",
    {"zh.txt": KEPT, "en.txt": KEPT, ("table.csv", 1): KEPT, ("table.csv", 2): KEPT},
    check=_ambiguous,
    family="dates",
)
def _t61(folder: Path) -> None:
    one, two = records("T61", 2)
    put(
        folder,
        {
            "zh.txt": article("T61", header="03/04/2020 来源：法治日报"),
            "en.txt": _ENGLISH.replace("May 6, 2023", "03/04/2020").replace("Province", "Region", 1),
            "table.csv": csv_text([{**one, "date": "03/04/2020"}, {**two, "date": "13/04/2020"}]),
        },
    )


_WRITTEN: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    "wide.txt": ("２０２３年５月１日 来源：法治日报", ("2023-05-01",)),
    "chinese.txt": ("二〇二三年五月", ("2023-05", None)),
    "chinese_day.txt": ("二〇二三年五月一日 来源：法治日报", ("2023-05-01", None)),
    "republic.txt": ("民国三十八年五月", ("1949-05", "1949", None)),
    "lunar.txt": ("农历癸卯年正月初五", (None, "2023", "2023-01", "2023-01-26")),
    "lunar_day.txt": ("农历五月初五 来源：法治日报", (None,)),
    "month.txt": ("5月1日 来源：法治日报", (None,)),
    "number.txt": ("国发〔2021〕4号", (None, "2021")),
}


def _never_today(result: Result) -> None:
    """Check the written forms, and that nothing is filled up from today."""
    today = time.strftime("%Y-%m-%d")
    faults = []
    for name, (_, dates) in _WRITTEN.items():
        row = result.document(name)
        if row["date"] not in dates or row["date"] == today:
            faults.append(f"{name}: {row['date']!r}, and {dates} is right")
    must(not faults, "\n".join(faults))


@case(
    "T62",
    "dates in full-width and Chinese figures, of the Republic, lunar",
    all_of(tuple(_WRITTEN), KEPT),
    check=_never_today,
    family="dates",
)
def _t62(folder: Path) -> None:
    for name, (header, _) in _WRITTEN.items():
        put(folder, {name: article(f"T62 {name}", header=header)})


@case(
    "T63",
    "time stamps of files",
    {"old.txt": KEPT, "new.txt": KEPT, "old.docx": KEPT},
    check=every(dated("old.txt", None), dated("new.txt", None), dated("old.docx", None)),
    family="dates",
)
def _t63(folder: Path) -> None:
    put(
        folder,
        {
            "old.txt": article("T63 a", header=""),
            "new.txt": article("T63 b", header=""),
            "old.docx": docx(article("T63 c", header="")),
        },
    )
    for name, moment in (("old.txt", 1_433_000_000), ("new.txt", 4_000_000_000), ("old.docx", 1_433_000_000)):
        os.utime(folder / name, (moment, moment))


def placed(key: Key, *codes: str | None) -> Callable[[Result], None]:
    """Return a check of a document's region."""

    def check(result: Result) -> None:
        row = result.document(key)
        must(row["region_code"] in codes, f"{key}: region {row['region_code']!r} ({row['region_source']}), not {codes}")
        must(row["region_source"], f"{key}: no reason is given for the region")

    return check


_FIVE = "会议交流了浙江省、江苏省、四川省、广东省、湖北省的经验做法，五省代表先后发言。"


def _several(result: Result) -> None:
    """Check that a page which names five provinces belongs to none, and says so."""
    placed("five.txt", None, "multiple")(result)
    said = result.says("five.txt").lower()
    must("multiple" in said or "several" in said, "five.txt: several regions are not recorded")
    placed("title.txt", "330000")(result)
    placed("source.txt", "510000")(result)


@case(
    "T64",
    "five provinces on a page",
    {"five.txt": KEPT, "title.txt": KEPT, "source.txt": KEPT},
    check=_several,
    family="dates",
)
def _t64(folder: Path) -> None:
    put(
        folder,
        {
            "five.txt": article("T64 five") + _FIVE + "\n",
            "title.txt": article("T64 title", title="浙江省召开平安建设推进会") + _FIVE + "另有补充。\n",
            "source.txt": article("T64 source", header="2023年5月6日 来源：四川日报") + _FIVE + "还有说明。\n",
        },
    )


_GAZETTEER: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    "p0.txt": ("吉林省吉林市召开政法工作会议", ("220000", "220200")),
    "p1.txt": ("广州市北京路开展普法宣传活动", ("440000", "440100", None)),
    "p2.txt": ("武汉市上海路派出所化解矛盾纠纷", ("420000", "420100", None)),
    "p3.txt": ("青海省海南州召开政法工作会议", ("630000", "632500")),
    "p4.txt": ("海南藏族自治州召开政法工作会议", ("630000", "632500", None)),
    "p5.txt": ("海南省召开政法工作会议", ("460000",)),
    "p6.txt": ("陕西省召开政法工作会议部署工作", ("610000",)),
    "p7.txt": ("山西省召开政法工作会议部署工作", ("140000",)),
    "p8.txt": ("辽宁省朝阳市召开政法工作会议", ("210000", "211300")),
}


@case(
    "T65",
    "places that share a name",
    all_of(tuple(_GAZETTEER), KEPT),
    check=every(*(placed(name, *codes) for name, (_, codes) in _GAZETTEER.items())),
    family="dates",
)
def _t65(folder: Path) -> None:
    for name, (title, _) in _GAZETTEER.items():
        put(folder, {name: article(f"T65 {name}", title=title)})


_REGIONS = ("北京/上海", "../../../x", "😀", "长" * 300, "CON", "a\0b".replace("\0", "\u2400"), "=1+1", "</script>")


def _only_ours(result: Result) -> None:
    """Check that a region's name became no file name."""
    names = {path.name for path in result.run.out.rglob("*") if path.is_file()}
    foreign = sorted(name for name in names if not re.fullmatch(r"[a-z_.-]+", name))
    must(not foreign, f"files in the output: {foreign}")


@case(
    "T66",
    "regions named ../../x, 😀 and 300 characters long",
    rows_of("regions.csv", len(_REGIONS)),
    check=_only_ours,
    family="dates",
)
def _t66(folder: Path) -> None:
    rows = [{**row, "region": name} for row, name in zip(records("T66", len(_REGIONS)), _REGIONS, strict=True)]
    put(folder, {"regions.csv": csv_text(rows)})


def _sourceless(result: Result) -> None:
    """Check that a missing source is unknown, not another document's."""
    for name in ("a.txt", "b.txt"):
        outlet = result.document(name)["outlet"]
        must(outlet in (None, "unknown"), f"{name}: outlet {outlet!r}")
    must(result.document("c.txt")["outlet"], "c.txt: its source is not found")


@case("T69", "no source", all_of(("a.txt", "b.txt", "c.txt"), KEPT), check=_sourceless, family="dates")
def _t69(folder: Path) -> None:
    put(
        folder,
        {
            "a.txt": article("T69 a", header="2023年5月6日"),
            "b.txt": article("T69 b", header="2023年5月7日"),
            "c.txt": article("T69 c", header="2023年5月8日 来源：法治日报"),
        },
    )


# ---------------------------------------------------------------------------------------------------------------------
# The whole folder


def _alone(result: Result) -> None:
    """Check that one document is a corpus."""
    must(len(result.run.tables["documents"]) == 1, f"{len(result.run.tables['documents'])} documents")


@case("T70", "one document", {"only.txt": KEPT}, check=_alone, exits=frozenset({0}), good=False)
def _t70(folder: Path) -> None:
    put(folder, {"only.txt": article("T70")})


_REPRINTED, _ORIGINALS = 40, 60


def _reprints(result: Result) -> None:
    """Check that reprints are found by whatever the tables offer: copies, clusters."""
    documents = {
        str(row["path"]).removeprefix(result.prefix): row
        for row in result.run.tables["documents"]
        if str(row["path"]).startswith(result.prefix)
    }
    grouping = [name for name in next(iter(documents.values())) if re.search(r"cluster|near|reprint|copies|copy", name)]

    def linked(one: str, other: str) -> bool:
        mine, yours = documents[one], documents[other]
        if mine["doc_id"] == yours["duplicate_of"] or yours["doc_id"] == mine["duplicate_of"]:
            return True
        return any(
            (mine[name] is not None and mine[name] in (yours[name], yours["doc_id"]))
            or (yours[name] is not None and yours[name] == mine["doc_id"])
            for name in grouping
        )  # fmt: skip

    found = sum(linked(f"o{number:02d}.txt", f"r{number:02d}.txt") for number in range(_REPRINTED))
    must(found >= 0.95 * _REPRINTED, f"{found} of {_REPRINTED} reprints are found")
    wrong = sum(linked(f"o{number:02d}.txt", f"o{number + 1:02d}.txt") for number in range(_ORIGINALS - 1))
    must(wrong == 0, f"{wrong} originals are taken for reprints of each other")


@case(
    "T73",
    "40 reprints among 100 documents, header and footer changed",
    {},
    others=KEPT | COPY,
    check=_reprints,
    exits=frozenset({0}),
)
def _t73(folder: Path) -> None:
    for number in range(_ORIGINALS):
        title = headline(f"T73 {number}")
        body = _body(f"T73 {number}")
        put(
            folder,
            {f"o{number:02d}.txt": f"{title}\n2023年5月{number % 28 + 1}日 来源：法治日报\n{body}\n责任编辑：张三\n"},
        )
        if number < _REPRINTED:
            put(
                folder,
                {
                    f"r{number:02d}.txt": (
                        f"某某新闻网 > 要闻 > 正文\n{title}\n2023-06-{number % 28 + 1:02d} 来源：人民网\n{body}\n"
                        f"（责编：李四、王五{number}）\n分享让更多人看到\n"
                    )
                },
            )


def _own_ids(result: Result) -> None:
    """Check that ids stay unique whatever a table says of its own."""
    if result.run.returncode != 2:
        ids = [row["doc_id"] for row in result.run.tables["documents"]]
        must(len(ids) == len(set(ids)), "document ids are not unique")
        rows = [row for row in result.ledger if row.path.startswith("ids.")]
        must(len(rows) >= 2, "the rows of the tables are not in the ledger")


@case(
    "T80",
    "tables with doubled document ids",
    {},
    others=KEPT | quarantined("bad_row", "csv_row", "bad_json", "duplicate_id"),
    check=_own_ids,
    exits=frozenset({0, 2, 3}),
)
def _t80(folder: Path) -> None:
    for kind, write in (("csv", csv_text), ("jsonl", jsonl_text), ("parquet", parquet)):
        rows = [{"doc_id": "same", "id": "same", **row} for row in records(f"T80 {kind}", 2)]
        put(folder, {f"ids.{kind}": write(rows)})  # type: ignore[operator]


@case(
    "X05",
    "files of known formats that cannot be parsed",
    {
        "a.parquet": quarantined("corrupt"),
        "cut.parquet": quarantined("corrupt"),
        "a.webarchive": quarantined("corrupt"),
        "a.mhtml": quarantined("corrupt", "empty_text", "extraction_empty", "type_mismatch", "boilerplate_only") | KEPT,
        "a.json": quarantined("bad_json"),
        "empty.json": quarantined("bad_json", "empty_text", "no_text_column", "extraction_empty"),
        "number.json": quarantined("bad_json", "no_text_column"),
        "no_sheet.xlsx": quarantined("corrupt", "corrupt_zip", "empty_text", "no_text_column"),
        "no_document.docx": quarantined("corrupt", "corrupt_zip", "type_mismatch"),
        "no_xml.docx": quarantined("corrupt", "corrupt_zip"),
    },
    family="containers",
    others=ANY,
)
def _x05(folder: Path) -> None:
    whole = parquet(records("X05", 5))
    put(
        folder,
        {
            "a.parquet": b"PAR1" + bytes(range(200)) + b"PAR1",
            "cut.parquet": whole[: len(whole) * 2 // 3],
            "a.webarchive": webarchive("X05")[:-40],
            "a.mhtml": article("X05 mhtml"),
            "a.json": '{"text": "会议',
            "empty.json": "[]",
            "number.json": "7",
            "no_sheet.xlsx": zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
            "no_document.docx": zipped({"[Content_Types].xml": b"<Types/>"}),
            "no_xml.docx": zipped({**docx_parts(""), "word/document.xml": b"<w:document><w:body>"}),
        },
    )


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
