"""Writing is all or nothing, the output folder is ours alone, and nothing stale or foreign is taken from the cache."""

import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_themes.errors import OutputError, UsageError
from policy_themes.store.cache import MAX_STAGES, StageCache, default_root, digest
from policy_themes.store.files import LOCK, MARKER, OutputFolder, check_apart, write_atomic

HOLD = """
import sys
from pathlib import Path
from policy_themes.store.files import OutputFolder
with OutputFolder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def refuse_replace(_source: object, _target: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class TestWriteAtomic:
    def test_writes_and_replaces(self, tmp_path: Path) -> None:
        path = tmp_path / "deep" / "a.csv"
        write_atomic(path, b"old")
        write_atomic(path, b"new")
        assert path.read_bytes() == b"new" and names(tmp_path) == {"deep/a.csv"}

    def test_failure_leaves_the_old_file_and_no_other(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "a.csv"
        write_atomic(path, b"old")
        monkeypatch.setattr(os, "replace", refuse_replace)
        with pytest.raises(OutputError) as caught:
            write_atomic(path, b"new")
        assert str(caught.value) == (
            f"{path} cannot be written: No space left on device. Free some space, or name another place with --out."
        )
        assert path.read_bytes() == b"old" and names(tmp_path) == {"a.csv"}

    @pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
    def test_others_may_read_it_as_the_umask_says(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            write_atomic(tmp_path / "a", b"")
            assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
            assert os.umask(0o027) == 0o027
        finally:
            os.umask(before)


class TestApart:
    def test_neither_inside_the_other(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="lies inside the folder that is read"):
            check_apart(tmp_path / "in", tmp_path / "in" / "out")
        with pytest.raises(UsageError, match="lies inside the output"):
            check_apart(tmp_path / "out" / "in", tmp_path / "out")
        with pytest.raises(UsageError):
            check_apart(tmp_path, tmp_path)
        check_apart(tmp_path / "in", tmp_path / "in2")

    def test_a_link_does_not_hide_it(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "in")
        with pytest.raises(UsageError):
            check_apart(tmp_path / "in", tmp_path / "link" / "out")


class TestOutputFolder:
    def test_files_appear_together_at_the_end(self, tmp_path: Path) -> None:
        with OutputFolder(tmp_path / "out") as out:
            out.write("tables/a.csv", b"1")
            out.write("b.svg", b"2")
            assert not (tmp_path / "out" / "b.svg").exists()
            out.commit()
        assert names(tmp_path / "out") == {"tables/a.csv", "b.svg", MARKER}
        assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(f"{MARKER}.")]

    def test_foreign_files_are_refused_and_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.doc").write_text("mine")
        with pytest.raises(OutputError) as caught, OutputFolder(tmp_path):
            pass
        assert str(caught.value) == (
            f"The output folder {tmp_path} holds files that are not ours (for example 'thesis.doc'). "
            "Nothing was touched; name an empty or new folder with --out."
        )
        assert caught.value.exit_code == 6
        assert names(tmp_path) == {"thesis.doc"} and (tmp_path / "thesis.doc").read_text() == "mine"

    def test_what_others_put_into_our_folder_stays(self, tmp_path: Path) -> None:
        for content in (b"1", b"2"):
            with OutputFolder(tmp_path) as out:
                out.write("a.csv", content)
                out.commit()
            (tmp_path / "notes.txt").write_text("mine")
        assert names(tmp_path) == {"a.csv", "notes.txt", MARKER} and (tmp_path / "a.csv").read_bytes() == b"2"

    @pytest.mark.skipif(os.name == "nt", reason="flock")
    def test_locked_by_another_process(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        with subprocess.Popen(
            [sys.executable, "-c", HOLD, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as holder:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            with pytest.raises(OutputError) as caught, OutputFolder(out):
                pass
            assert str(caught.value) == (
                f"The output folder {out} is locked by pid {holder.pid}. "
                "Wait for that run to end, or name another place with --out."
            )
            assert (out / LOCK).exists()
            holder.kill()
        with OutputFolder(out) as mine:  # a lock whose owner is dead is none
            mine.write("a", b"")
            mine.commit()
        assert names(out) == {"a", MARKER}

    def test_failure_leaves_the_old_output(self, tmp_path: Path) -> None:
        with OutputFolder(tmp_path) as out:
            out.write("a.csv", b"old")
            out.commit()
        with pytest.raises(RuntimeError, match="half way"), OutputFolder(tmp_path) as out:
            out.write("a.csv", b"new")
            raise RuntimeError("half way")
        assert (tmp_path / "a.csv").read_bytes() == b"old" and names(tmp_path) == {"a.csv", MARKER}
        assert {path.name for path in tmp_path.iterdir()} == {"a.csv", MARKER}

    def test_failing_move_is_said_and_leaves_no_rest(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with OutputFolder(tmp_path) as out:
            out.write("a.csv", b"old")
            out.commit()
        with pytest.raises(OutputError, match="No space left"), OutputFolder(tmp_path) as out:
            out.write("a.csv", b"new")
            monkeypatch.setattr(os, "replace", refuse_replace)
            out.commit()
        assert (tmp_path / "a.csv").read_bytes() == b"old"
        assert {path.name for path in tmp_path.iterdir()} == {"a.csv", MARKER}

    def test_obsolete_files_go_and_only_inside_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.doc").write_text("mine")
        place = tmp_path / "out"
        with OutputFolder(place) as out:
            out.write("a.csv", b"")
            out.write("b.csv", b"")
            out.commit()
        with OutputFolder(place) as out:
            out.write("a.csv", b"")
            out.commit(obsolete=("b.csv", "never.csv", "../thesis.doc"))
        assert names(tmp_path) == {"thesis.doc", "out/a.csv", f"out/{MARKER}"}

    def test_rest_of_a_killed_run_is_removed(self, tmp_path: Path) -> None:
        stale = tmp_path / ".policy-themes.staging-dead"
        stale.mkdir()
        (stale / "half.csv").write_text("x")
        with OutputFolder(tmp_path) as out:
            out.commit()
        assert {path.name for path in tmp_path.iterdir()} == {MARKER}

    def test_output_that_is_a_file_is_wrong_usage(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("mine")
        with pytest.raises(UsageError, match="is a file"), OutputFolder(tmp_path / "out"):
            pass

    def test_interrupt_during_the_move_waits_for_its_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import signal

        real = os.replace

        def interrupted(source: str, target: str) -> None:
            signal.raise_signal(signal.SIGINT)
            real(source, target)

        with pytest.raises(KeyboardInterrupt), OutputFolder(tmp_path) as out:
            out.write("a.csv", b"1")
            out.write("b.csv", b"2")
            monkeypatch.setattr(os, "replace", interrupted)
            out.commit()
        assert names(tmp_path) == {"a.csv", "b.csv", MARKER}


class Stage:
    """A stage that counts how often it is made."""

    def __init__(self) -> None:
        self.made = 0

    def make(self) -> str:
        self.made += 1
        return f"result {self.made}"

    @staticmethod
    def save(value: str, folder: Path) -> None:
        (folder / "value.txt").write_text(value)

    @staticmethod
    def load(folder: Path) -> str:
        return (folder / "value.txt").read_text()

    def get(self, cache: StageCache, key: str = "k") -> str:
        return cache.get("stage", key, make=self.make, save=self.save, load=self.load)


class TestStageCache:
    def test_second_time_is_read_not_made(self, tmp_path: Path) -> None:
        stage = Stage()
        assert [stage.get(StageCache(tmp_path)) for _ in range(2)] == ["result 1"] * 2
        assert stage.made == 1

    def test_another_key_or_stage_is_made(self, tmp_path: Path) -> None:
        stage, cache = Stage(), StageCache(tmp_path)
        assert [stage.get(cache, key) for key in ("a", "b", "a")] == ["result 1", "result 2", "result 1"]
        assert cache.get("other", "a", make=stage.make, save=stage.save, load=stage.load) == "result 3"

    @pytest.mark.parametrize(
        "tamper",
        [
            lambda place: (place / "value.txt").write_text("planted"),
            lambda place: (place / "value.txt").unlink(),
            lambda place: (place / "more.pickle").write_text("x"),
            lambda place: (place / "manifest.json").write_text("{"),
            lambda place: (place / "manifest.json").unlink(),
        ],
    )
    def test_tampered_stage_is_made_anew(self, tamper: Callable[[Path], object], tmp_path: Path) -> None:
        stage, cache = Stage(), StageCache(tmp_path)
        stage.get(cache)
        (place,) = tmp_path.iterdir()
        tamper(place)
        assert [stage.get(cache), stage.get(cache)] == ["result 2"] * 2

    def test_fresh_makes_and_remembers(self, tmp_path: Path) -> None:
        stage = Stage()
        stage.get(StageCache(tmp_path))
        assert stage.get(StageCache(tmp_path, fresh=True)) == "result 2"
        assert stage.get(StageCache(tmp_path)) == "result 2"

    def test_without_a_root_nothing_is_kept(self, tmp_path: Path) -> None:
        stage = Stage()
        assert [stage.get(StageCache(None)) for _ in range(2)] == ["result 1", "result 2"]

    def test_place_that_cannot_be_written_is_no_failure(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert Stage().get(StageCache(tmp_path / "file")) == "result 1"

    def test_failed_stage_leaves_nothing(self, tmp_path: Path) -> None:
        def fail() -> str:
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            StageCache(tmp_path).get("stage", "k", make=fail, save=Stage.save, load=Stage.load)
        assert list(tmp_path.iterdir()) == []

    def test_oldest_stages_are_dropped(self, tmp_path: Path) -> None:
        stage, cache = Stage(), StageCache(tmp_path)
        for number in range(MAX_STAGES + 2):
            stage.get(cache, str(number))
            for place in tmp_path.iterdir():
                os.utime(place, (place.stat().st_atime - 10, place.stat().st_mtime - 10))
        assert len(list(tmp_path.iterdir())) == MAX_STAGES
        assert stage.get(cache, str(MAX_STAGES + 1)) == f"result {MAX_STAGES + 2}"
        assert stage.get(cache, "0") == f"result {MAX_STAGES + 3}"

    def test_what_would_be_too_large_is_dropped_but_not_what_was_just_made(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage, cache = Stage(), StageCache(tmp_path)
        for number in range(3):
            stage.get(cache, str(number))
            for place in tmp_path.iterdir():
                os.utime(place, (place.stat().st_atime - 10, place.stat().st_mtime - 10))
        monkeypatch.setattr("policy_themes.store.cache.MAX_BYTES", 1)
        stage.get(cache, "last")
        assert len(list(tmp_path.iterdir())) == 1
        assert stage.get(cache, "last") == "result 4"

    def test_what_a_killed_run_left_goes_after_a_day(self, tmp_path: Path) -> None:
        for name, age in ((".new-old", 100_000), (".new-young", 10)):
            (tmp_path / name).mkdir()
            os.utime(tmp_path / name, (time.time() - age, time.time() - age))
        Stage().get(StageCache(tmp_path))
        assert [path.name for path in tmp_path.glob(".new-*")] == [".new-young"]

    def test_folders_of_others_are_never_removed(self, tmp_path: Path) -> None:
        for number in range(MAX_STAGES + 5):
            (tmp_path / f"thesis{number}").mkdir()
            (tmp_path / f"thesis{number}" / "chapter.doc").write_text("mine")
        Stage().get(StageCache(tmp_path))
        assert len(list(tmp_path.glob("thesis*/chapter.doc"))) == MAX_STAGES + 5

    def test_digest_tells_values_and_kinds_apart(self) -> None:
        different = [("ab", "c"), ("a", "bc"), ("abc",), (["a", "bc"],), ("1",), (1,), (None,), ("",), ({"a": 1},)]
        assert len({digest(*parts) for parts in different}) == len(different)
        assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
        assert digest("\ud800") == digest("\ud800")

    def test_root_follows_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POLICY_THEMES_CACHE", str(tmp_path))
        assert default_root() == tmp_path
        monkeypatch.setenv("POLICY_THEMES_CACHE", "")
        assert default_root() is None
