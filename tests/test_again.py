"""A folder in which something has changed is read as if it were new, and only what has changed is opened."""

import shutil
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from policy_themes.config import Settings
from policy_themes.corpus import Corpus
from policy_themes.corpus import sandbox as sandbox_module
from policy_themes.corpus.source import read_source
from policy_themes.regions import load_regions
from policy_themes.store.cache import StageCache


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every file that a worker is asked to read."""
    names: list[str] = []
    ask = sandbox_module.Sandbox._ask

    def noted(self: object, process: object, found: object) -> object:
        names.append(found.shown)  # type: ignore[attr-defined]
        return ask(self, process, found)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox_module.Sandbox, "_ask", noted)
    return names


def same(one: Corpus, other: Corpus) -> None:
    """Compare all tables of two corpora."""
    for field in fields(Corpus):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(other, field.name))


def read(folder: Path, root: Path | None, *, fresh: bool = False) -> Corpus:
    return read_source(folder, Settings(), load_regions(), StageCache(root, fresh=fresh))


def test_what_has_not_changed_is_not_read_again(demo_folder: Path, tmp_path: Path, opened: list[str]) -> None:
    docs, cache = tmp_path / "docs", tmp_path / "cache"
    shutil.copytree(demo_folder, docs)
    (docs / "empty.txt").write_bytes(b"")
    read(docs, cache)
    every = sorted(opened)
    paths = sorted(path for path in docs.rglob("*.txt") if path.stat().st_size)
    changes = {
        "a new one": lambda: (docs / "aaa.txt").write_text("浙江省召开会议\n2021年3月5日\n推进现代化。\n", "utf-8"),
        "another text": lambda: paths[3].write_text(f"{paths[3].read_text('utf-8')}\n坚持枫桥经验。\n", "utf-8"),
        "another name": lambda: paths[5].rename(paths[5].with_name("zzz.txt")),
        "a copy": lambda: shutil.copy(paths[7], docs / "copy.txt"),
        "one fewer": lambda: paths[9].unlink(),
        "none": lambda: (docs / "empty.txt").unlink(),
    }
    wanted = {"a new one": ["aaa.txt"], "another text": [paths[3].relative_to(docs).as_posix()], "a copy": ["copy.txt"]}
    for name, change in changes.items():
        change()
        opened.clear()
        found = read(docs, cache)
        if name == "another name":
            assert [Path(one).name for one in opened] == ["zzz.txt"]
        else:
            assert opened == wanted.get(name, []), name
        same(found, read(docs, None))
    opened.clear()
    read(docs, cache, fresh=True)
    assert len(opened) >= len(every) - 1


def test_other_corrections_read_everything_again(demo_folder: Path, tmp_path: Path, opened: list[str]) -> None:
    docs, cache = tmp_path / "docs", StageCache(tmp_path / "cache")
    shutil.copytree(demo_folder, docs)
    read_source(docs, Settings(), load_regions(), cache)
    name = min(path.relative_to(docs).as_posix() for path in docs.rglob("*.txt"))
    (tmp_path / "own.csv").write_text(f"path,date\n{name},2001-02-03\n", encoding="utf-8")
    settings = Settings(overrides="own.csv", folder=tmp_path)
    opened.clear()
    corpus = read_source(docs, settings, load_regions(), cache)
    assert name in opened and len(opened) > 100
    assert corpus.documents.set_index("path").loc[name, "date"] == "2001-02-03"


def test_what_was_unlucky_is_tried_again(tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("a.txt", "b.mock"):
        (tmp_path / "docs" / name).write_text("hang 推进现代化，坚持枫桥经验。\n" * 3, encoding="utf-8")
    monkeypatch.setenv("POLICY_THEMES_TEST_READER", "1")
    monkeypatch.setenv("POLICY_THEMES_TEST_SECONDS", "2")
    first = read(tmp_path / "docs", tmp_path / "cache")
    assert first.ledger.set_index("path").loc["b.mock", "reason"] == "limit_time"
    (tmp_path / "docs" / "c.txt").write_text("推进平安建设。\n", encoding="utf-8")
    opened.clear()
    read(tmp_path / "docs", tmp_path / "cache")
    assert opened == ["b.mock", "c.txt"]
