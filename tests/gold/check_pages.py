"""Check the gold labels: files and bodies exist, bodies stand in their pages, codes, dates and halves are sound."""

import csv
import json
import re
import sys
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

GOLD = Path(__file__).parent
BINARY = {".docx", ".pdf", ".xlsx", ".mhtml"}  # written by make_pages.py
ENCODINGS = {  # what the bytes are, whatever the page says; all others are utf-8
    "ec01.html": "gb18030",
    "ec02.html": "gbk",
    "ec03.html": "gb18030",
    "ec04.html": "big5",
    "ec05.html": "gbk",
    "ec06.html": "gb18030",
    "tb01.csv": "utf-8-sig",
    "tx01.txt": "gbk",
    "tx03.txt": "gbk",
    "tx04.txt": "gbk",
}
KINDS = {"work report", "meeting news", "notice", "regulation", "speech", "news", "reading", "other"}
INSTITUTIONS = {
    "",
    "party committee",
    "government",
    "political-legal committee",
    "justice",
    "court",
    "procuratorate",
    "police",
    "congress",
    "other",
}
PRECISION = {10: "day", 7: "month", 4: "year", 0: ""}


class _Visible(HTMLParser):
    """Collect what a page shows, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.off = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave the text of scripts and styles out."""
        self.off = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        """Take text up again."""
        self.off = False

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self.off:
            self.text.append(data)


def visible(path: Path, record: str) -> str:
    """Return the text of a page, or of one row of a table, without white space."""
    text = path.read_bytes().decode(ENCODINGS.get(path.name, "utf-8"))
    if record and path.suffix == ".jsonl":
        text = json.loads(text.split("\n")[int(record) - 1])["content"]
    elif record:
        rows = csv.reader(text.splitlines(keepends=True), delimiter="\t" if path.suffix == ".tsv" else ",")
        text = list(rows)[int(record)][1]
    elif path.suffix == ".html":
        parser = _Visible()
        parser.feed(text)
        text = "".join(parser.text)
    elif path.suffix == ".md":
        text = text.replace("**", "")
    return re.sub(r"\s", "", text)


def problems(gold: Path = GOLD) -> list[str]:
    """Return what is wrong with the gold set, one line each."""
    with (gold / "pages.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found, seen = [], set()
    for row in rows:
        path, record = gold / "pages" / row["path"], row["record"]
        name = f"{row['path']} {record}".strip()
        body = gold / "bodies" / (path.stem + (f".{record}" if record else "") + ".txt")
        if (path.name, record) in seen:
            found.append(f"{name}: labelled twice")
        seen.add((path.name, record))
        if not body.exists() or not body.read_text("utf-8").strip():
            found.append(f"{name}: no body")
            continue
        if path.suffix not in BINARY:
            if not path.exists():
                found.append(f"{name}: no file")
                continue
            text = visible(path, record)
            for sentence in re.split(r"(?<=[。！？；])|\n", body.read_text("utf-8")):
                if re.sub(r"\s", "", sentence) not in text:
                    found.append(f"{name}: not on the page: {sentence}")
        if not re.fullmatch(r"(\d{6})?", row["region_code"]) or bool(row["region_code"]) != bool(row["region_level"]):
            found.append(f"{name}: region {row['region_code']} {row['region_level']}")
        for column in ("date", "event_date"):
            value = row[column]
            try:
                date.fromisoformat((value + "-01-01"[: 10 - len(value)])[:10] if value else "2000-01-01")
            except ValueError:
                found.append(f"{name}: {column} {value}")
        if row["date_precision"] != PRECISION.get(len(row["date"])):
            found.append(f"{name}: precision {row['date_precision']}")
        if row["event_date"] and row["date"] and row["event_date"] > row["date"]:
            found.append(f"{name}: event after publication")
        if row["kind"] not in KINDS or row["institution"] not in INSTITUTIONS or row["language"] not in {"zh", "en"}:
            found.append(f"{name}: kind, institution or language")
    labelled = {row["path"] for row in rows}
    found += [f"{p.name}: no label" for p in (gold / "pages").iterdir() if p.name not in labelled]
    bodies = {Path(row["path"]).stem + (f".{row['record']}" if row["record"] else "") for row in rows}
    found += [f"{p.name}: body without label" for p in (gold / "bodies").iterdir() if p.stem not in bodies]
    halves = Counter(row["half"] for row in rows)
    if set(halves) != {"a", "b"} or abs(halves["a"] - halves["b"]) > 3:
        found.append(f"halves: {dict(halves)}")
    return found


if __name__ == "__main__":
    lines = problems()
    sys.stdout.write("\n".join(lines) + "\n" if lines else "no problems\n")
    sys.exit(bool(lines))
