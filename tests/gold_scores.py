"""How well the labelled pages are read: dates, regions, bodies. `python tests/gold_scores.py [half]` prints the table."""

import csv
import difflib
import importlib.util
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_themes.corpus import Corpus, read_corpus
from policy_themes.regions import load_regions
from policy_themes.schema import rows
from policy_themes.text.normalize import normalize

GOLD = Path(__file__).parent / "gold"


@dataclass(frozen=True)
class Score:
    """One labelled document: what was expected and what was found."""

    name: str
    half: str
    label: Mapping[str, str]
    found: Mapping[str, object] | None
    body_f1: float

    def right(self, column: str) -> bool:
        """Tell whether a column is exactly as labelled; empty means unknown."""
        return self.found is not None and (self.found[column] or "") == self.label[column]

    def invented(self, column: str) -> bool:
        """Tell whether a value was found where there is none."""
        return self.found is not None and not self.label[column] and bool(self.found[column])


def labels() -> Sequence[Mapping[str, str]]:
    """Return the labels."""
    with (GOLD / "pages.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_gold(folder: Path) -> Corpus:
    """Read all labelled files, the binary ones built first, from a folder."""
    for path in sorted((GOLD / "pages").iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
    spec = importlib.util.spec_from_file_location("make_pages", GOLD / "make_pages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(folder)
    return read_corpus(folder, load_regions())


def scores(corpus: Corpus) -> Iterator[Score]:
    """Compare every labelled document with what was read."""
    found = {(row.path, row.record or ""): row for row in rows(corpus.documents)}
    for label in labels():
        row = found.get((label["path"], label["record"]))
        name = Path(label["path"]).stem + (f".{label['record']}" if label["record"] else "")
        expected = normalize((GOLD / "bodies" / f"{name}.txt").read_text("utf-8")).text
        body = "" if row is None else _body(corpus, str(row.doc_id))
        yield Score(name, label["half"], label, None if row is None else row._asdict(), f1(expected, body))


def _body(corpus: Corpus, doc_id: str) -> str:
    """Return the body of a document: its passages without the title, and the paragraphs taken out of counting."""
    text = corpus.normalized(doc_id)
    own = corpus.passages[(corpus.passages["doc_id"] == doc_id) & (corpus.passages["role"] != "title")]
    apart = corpus.removed[(corpus.removed["doc_id"] == doc_id) & (corpus.removed["rule"] == "attendance")]
    spans = sorted([(row.start, row.end) for row in rows(own)] + [(row.start, row.end) for row in rows(apart)])
    return "\n".join(text[start:end] for start, end in spans)


def f1(expected: str, found: str) -> float:
    """Return the F1 of two texts by their characters in order, blanks apart."""
    one, other = "".join(expected.split()), "".join(found.split())
    if not one or not other:
        return float(one == other)
    same = sum(block.size for block in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return 2 * same / (len(one) + len(other))


def main() -> None:
    """Print every miss and the totals of both halves."""
    half = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory() as name:
        corpus = read_gold(Path(name))
    table = [score for score in scores(corpus) if not half or score.half == half]
    ledger = {(row.path, row.record or ""): (row.outcome, row.reason, row.detail) for row in rows(corpus.ledger)}
    for score in table:
        if score.found is None:
            print(f"{score.name:28} NOT KEPT {ledger.get((score.label['path'], score.label['record']))}")
            continue
        for column in ("date", "region_code", "event_date", "title", "document_number", "kind", "institution"):
            if not score.right(column) and (half or column in ("date", "region_code")):
                source = score.found[f"{column.split('_')[0]}_source"] if column in ("date", "region_code") else ""
                print(f"{score.name:28} {column:12} {score.label[column]!r} <> {score.found[column]!r} {source}")
        if score.body_f1 < 0.97:
            print(f"{score.name:28} body F1 {score.body_f1:.3f}")
    for name in ("a", "b"):
        own = [score for score in table if score.half == name]
        if own:
            shares = {
                c: sum(s.right(c) for s in own) / len(own)
                for c in ("date", "region_code", "event_date", "title", "kind", "institution")
            }
            body = sum(s.body_f1 for s in own) / len(own)
            invented = {c: sum(s.invented(c) for s in own) for c in ("date", "region_code")}
            print(f"half {name}: {len(own)} documents, " + ", ".join(f"{c} {v:.3f}" for c, v in shares.items()))
            print(f"  body F1 {body:.3f} (worst {min(s.body_f1 for s in own):.3f}), invented {invented}")


if __name__ == "__main__":
    main()
