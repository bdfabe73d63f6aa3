"""Healthy files with damaged bytes: whatever is done to them, the run ends well and every file is accounted for."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.torture_cases import GOOD, put
from tests.torture_files import valid_files

FORMATS = ("txt", "html", "mhtml", "docx", "pdf", "csv", "xlsx", "jsonl", "json", "parquet", "zip")
Mutator = Callable[[bytes, random.Random], bytes]


def truncate(content: bytes, pick: random.Random) -> bytes:
    """Leave off the end."""
    return content[: pick.randrange(1, len(content))]


def flip(content: bytes, pick: random.Random) -> bytes:
    """Change a few bits."""
    changed = bytearray(content)
    for _ in range(pick.choice((1, 3, 20))):
        changed[pick.randrange(len(changed))] ^= 1 << pick.randrange(8)
    return bytes(changed)


def delete(content: bytes, pick: random.Random) -> bytes:
    """Take some bytes out."""
    start = pick.randrange(len(content) - 1)
    return content[:start] + content[start + pick.choice((1, 4, 64)) :] or content[:1]


def insert(content: bytes, pick: random.Random) -> bytes:
    """Put some bytes in: arbitrary ones, or what a parser may stumble over."""
    start = pick.randrange(len(content))
    added = pick.choice((pick.randbytes(8), b"\0" * 9, b"\xff" * 5, b'"', b"<", b"{[", b"\r\n\r\n", "〇".encode()))
    return content[:start] + added + content[start:]


def swap(content: bytes, pick: random.Random) -> bytes:
    """Let two parts change places."""
    a, b, c, d = sorted(pick.randrange(len(content)) for _ in range(4))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


MUTATORS: Sequence[Mutator] = (truncate, flip, delete, insert, swap)


def mutants(count: int, seed: int) -> dict[str, bytes]:
    """Return damaged files by name, the formats and the ways of damage in turn."""
    healthy = valid_files("mutations")
    found = {}
    for number in range(count):
        kind = FORMATS[number % len(FORMATS)]
        mutate = MUTATORS[number // len(FORMATS) % len(MUTATORS)]
        pick = random.Random(f"{seed} {number}")
        content = mutate(healthy[f"a.{kind}"], pick)
        found[f"{number:04d}_{mutate.__name__}.{kind}"] = content
    return found


def survive(folder: Path, files: dict[str, bytes], limit: float) -> Counter[str]:
    """Read damaged files in one call and check what must hold of it; return the outcomes."""
    put(folder / "docs", {**files, "good.txt": GOOD})
    done = subprocess.run(
        [sys.executable, "-m", "policy_themes", "ingest", "docs", "--out", "out"],
        cwd=folder,
        env={**os.environ, "POLICY_THEMES_TEST_READER": "1", "POLICY_THEMES_TEST_SECONDS": "8"},
        capture_output=True,
        timeout=limit,
        check=False,
    )
    said = os.fsdecode(done.stderr)
    assert "Traceback" not in said, said[-3_000:]
    assert done.returncode in (0, 3, 4), (done.returncode, said[-3_000:])
    ledger = pd.read_parquet(folder / "out" / "ledger.parquet")
    assert not ledger.duplicated(["path", "record"]).any()
    listed = set(ledger["path"])
    unlisted = [name for name in [*files, "good.txt"] if not any(name == one or one.startswith(name) for one in listed)]
    assert not unlisted, unlisted[:10]
    foreign = [one for one in listed if not any(one.startswith(name) for name in [*files, "good.txt"])]
    assert not foreign, foreign[:10]
    assert set(ledger["outcome"]) <= {"kept", "duplicate", "quarantined", "skipped"}
    put_aside = ledger[ledger["outcome"].isin(["quarantined", "skipped"])]
    assert put_aside["reason"].notna().all(), put_aside[put_aside["reason"].isna()].head().to_string()
    documents = pd.read_parquet(folder / "out" / "documents.parquet")
    used = ledger[ledger["outcome"].isin(["kept", "duplicate"])]
    assert set(used["doc_id"]) == set(documents["doc_id"])
    assert documents["doc_id"].is_unique
    assert (documents["n_units"] > 0).all()
    texts = pd.read_parquet(folder / "out" / "texts.parquet")
    assert set(texts["doc_id"]) == set(documents["doc_id"])
    good = ledger[ledger["path"] == "good.txt"]
    assert list(good["outcome"]) == ["kept"], good.to_string()
    return Counter(f"{row.outcome} {row.reason}" for row in ledger.itertuples())


def test_mutants_differ_from_the_healthy_and_are_the_same_each_time() -> None:
    made = mutants(110, 1)
    assert made == mutants(110, 1)
    healthy = set(valid_files("mutations").values())
    assert sum(content in healthy for content in made.values()) <= 5  # two swapped parts may be alike


def test_a_hundred_damaged_files(tmp_path: Path) -> None:
    outcomes = survive(tmp_path, mutants(110, 1), 300)
    assert sum(outcomes.values()) >= 111


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_two_thousand_damaged_files(tmp_path: Path) -> None:
    outcomes = survive(tmp_path, mutants(2_000, 2), 1_700)
    assert sum(outcomes.values()) >= 2_001
    # Damage is seen: of truncated containers none passes for whole.
    ledger = pd.read_parquet(tmp_path / "out" / "ledger.parquet")
    cut = ledger[ledger["path"].str.contains(r"_truncate\.(?:docx|xlsx|zip|parquet)$")]
    assert (cut["outcome"] == "quarantined").all(), cut[cut["outcome"] != "quarantined"].head(20).to_string()
