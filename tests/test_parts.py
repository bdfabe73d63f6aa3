"""Many documents: read into parts in flat memory, counted part by part, the same numbers as of a corpus in memory."""

import errno
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TextIO, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes import scale
from policy_themes.compare import IntervalKind, corpus_rates
from policy_themes.config import Settings
from policy_themes.corpus import read_corpus
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.gathered import cut
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.sample import load_sample
from policy_themes.corpus.sandbox import Sandbox
from policy_themes.corpus.source import read_source, stored_source
from policy_themes.corpus.stored import TABLES, load_corpus, n_parts
from policy_themes.corpus.walk import Found, walk
from policy_themes.errors import OutputError
from policy_themes.regions import load_regions
from policy_themes.scale.quoted import quotes_of_part
from policy_themes.store.cache import StageCache
from policy_themes.store.crew import Crew
from policy_themes.store.files import write_atomic
from policy_themes.store.spool import Spool
from policy_themes.store.unfinished import begun, finished, left_over
from policy_themes.study import Study, open_study


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part holds at most seven files."""
    monkeypatch.setattr("policy_themes.corpus.read.cut", partial(cut, files=7))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that another test read, into parts of another size, is known."""
    monkeypatch.setenv("POLICY_THEMES_CACHE", str(tmp_path / "cache"))


def same(found: object, wanted: object) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(wanted, name), obj=name)


class TestCut:
    @given(st.lists(st.integers(0, 30), min_size=1), st.integers(1, 5), st.integers(1, 40))
    def test_every_path_is_in_one_part_in_order(self, sizes: list[int], files: int, n_bytes: int) -> None:
        found = [Found(Path(str(number)), str(number), size=size) for number, size in enumerate(sizes)]
        parts = cut(found, files=files, n_bytes=n_bytes)
        assert [item for part in parts for item in part] == found
        for part in parts:
            assert 1 <= len(part) <= files
            assert len(part) == 1 or sum(item.size or 0 for item in part) <= n_bytes


@given(st.lists(st.binary(max_size=50), max_size=60), st.integers(1, 200), st.randoms(use_true_random=False))
def test_what_is_spooled_comes_back(pieces: list[bytes], in_memory: int, chance: object) -> None:
    with Spool(in_memory) as spool:
        numbers = [spool.add(piece) for piece in pieces]
        for number in sorted(numbers, key=lambda _: chance.random()):  # type: ignore[attr-defined]
            assert spool[number] == pieces[number]
        with pytest.raises(IndexError):
            spool[len(pieces)]


class TestReading:
    @pytest.mark.usefixtures("small_parts")
    def test_parts_are_the_whole(self, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with stored_source(demo_folder, Settings(), load_regions(), StageCache(tmp_path)) as place:
            assert n_parts(place) > 20
            found = load_corpus(place)
        monkeypatch.undo()
        same(found, read_corpus(demo_folder, load_regions(), workers=0))

    @pytest.mark.usefixtures("small_parts")
    def test_one_document_more_leaves_what_a_new_reading_leaves(self, demo_folder: Path, tmp_path: Path) -> None:
        docs, cache = tmp_path / "docs", tmp_path / "cache"
        docs.mkdir()
        for path in sorted(demo_folder.rglob("*.txt"))[::3]:
            shutil.copy(path, docs / path.name)
        read_source(docs, Settings(), load_regions(), StageCache(cache))
        some = sorted(docs.rglob("*.txt"))
        (docs / "0000.txt").write_text("浙江省召开会议\n2021年3月5日\n推进现代化。\n", encoding="utf-8")
        shutil.copy(some[20], some[20].with_name("000 copy.txt"))
        some[40].unlink()
        with (
            stored_source(docs, Settings(), load_regions(), StageCache(cache)) as again,
            stored_source(docs, Settings(), load_regions(), StageCache(None)) as new,
        ):
            files = {path.relative_to(new): path.read_bytes() for path in new.rglob("*.parquet")}
            assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*.parquet")} == files
            place = new
        assert not place.exists()  # what is not remembered is gone

    @pytest.mark.usefixtures("small_parts")
    def test_what_an_interrupted_reading_finished_is_not_read_again(
        self, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        docs, cache = tmp_path / "docs", StageCache(tmp_path / "cache")
        docs.mkdir()
        for path in sorted(demo_folder.rglob("*.txt"))[::5]:
            shutil.copy(path, docs / path.name)
        read: list[str] = []
        ask = Sandbox._ask

        def noted(self: Sandbox, process: object, found: Found) -> object:
            read.append(found.shown)
            if len(read) == 25 and first:
                raise KeyboardInterrupt
            return ask(self, process, found)  # type: ignore[arg-type]

        first = [True]
        monkeypatch.setattr(Sandbox, "_ask", noted)
        with pytest.raises(KeyboardInterrupt):
            read_source(docs, Settings(), load_regions(), cache)
        (left,) = (tmp_path / "cache").glob(".new-*")
        kept = pd.concat(pd.read_parquet(path) for path in (left / "unmarked" / "ledger").iterdir())
        first.clear()
        read.clear()
        found = read_source(docs, Settings(), load_regions(), cache)
        assert sorted(read) == sorted({path.name for path in docs.iterdir()} - set(kept["path"]))
        assert 0 < len(read) < len(list(docs.iterdir()))
        assert not list((tmp_path / "cache").glob(".new-*"))
        same(found, read_source(docs, Settings(), load_regions(), StageCache(None)))

    def test_what_another_run_is_filling_is_left_alone(self, tmp_path: Path) -> None:
        with begun(tmp_path, "corpus") as own:
            with left_over(tmp_path, "corpus") as found:
                assert found == []
            assert own.is_dir()
        assert not own.exists()

    def test_what_another_run_still_reads_is_left_alone(self, tmp_path: Path) -> None:
        """What is not remembered is read where it was written, until the run that wrote it is done."""
        cache = StageCache(tmp_path)

        def write(folder: Path, _: object) -> bool:
            (folder / "a").touch()
            return False

        with cache.folder("corpus", "key", whose="me", write=write) as own:
            with cache.folder("corpus", "key", whose="me", write=write):
                pass
            assert (own / "a").is_file()
        assert not list(tmp_path.iterdir())

    def test_a_full_disk_is_told_from_a_full_output(self, tmp_path: Path) -> None:
        def write(folder: Path, _: object) -> bool:
            (folder / "texts").touch()
            write_atomic(folder / "texts" / "part", b"")
            return True

        root = tmp_path / "cache"
        for cache, variable in ((StageCache(root), "POLICY_THEMES_CACHE"), (StageCache(None), "TMPDIR")):
            with pytest.raises(OutputError, match=variable), cache.folder("corpus", "key", whose="me", write=write):
                pass
        assert not list(root.iterdir())

    @pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors have no names here")
    def test_a_cache_without_room_for_a_lock_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A folder can be made on a disk on which not a byte can be written."""
        write = os.write

        def full(descriptor: int, content: bytes) -> int:
            if Path(f"/proc/self/fd/{descriptor}").resolve().is_relative_to(tmp_path):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(descriptor, content)

        monkeypatch.setattr(os, "write", full)
        with begun(tmp_path, "corpus") as own:
            assert not own.is_relative_to(tmp_path)
        assert not own.exists() and not list(tmp_path.iterdir())

    def test_what_is_being_filled_for_days_is_no_rest(self, tmp_path: Path) -> None:
        with begun(tmp_path, "corpus") as own:
            os.utime(own, (0, 0))
            StageCache(tmp_path).put("other", "key", None, save=lambda _, folder: (folder / "a").touch())
            assert own.is_dir()

    def test_workers_do_not_run_far_ahead_of_who_takes_their_rows(
        self, demo_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("policy_themes.corpus.sandbox.AHEAD", 5)
        files = list(walk(demo_folder))[:40]
        asked = threading.Semaphore(0)
        ask = Sandbox._ask

        def noted(self: Sandbox, process: object, found: Found) -> object:
            asked.release()
            return ask(self, process, found)  # type: ignore[arg-type]

        monkeypatch.setattr(Sandbox, "_ask", noted)
        rows = Sandbox(load_regions(), Columns(), Overrides(), workers=2).read(files)
        taken = [next(rows)[0]]
        assert all(asked.acquire(timeout=30) for _ in range(5))
        assert not asked.acquire(timeout=1)  # the first is still in the hands of who took it
        taken += [number for number, _ in rows]
        assert sorted(taken) == list(range(40))

    def test_a_folder_on_its_way_to_its_place_is_its_owners(self, tmp_path: Path) -> None:
        with begun(tmp_path, "corpus") as own:
            finished(own)
            with left_over(tmp_path, "corpus") as found:
                assert found == []
            assert own.is_dir() and not list(own.iterdir())

    def test_of_two_runs_at_once_the_second_reads_what_the_first_made(self, tmp_path: Path) -> None:
        cache = StageCache(tmp_path)

        def first(folder: Path, _: object) -> bool:
            (folder / "a").touch()
            return True

        with ExitStack() as held:

            def second(folder: Path, left: object) -> bool:  # meanwhile the first run ends, and reads what it made
                place = held.enter_context(cache.folder("corpus", "key", whose="one", write=first))
                read.append(held.enter_context((place / "a").open()))
                return first(folder, left)

            read: list[TextIO] = []
            with cache.folder("corpus", "key", whose="other", write=second) as place:
                assert os.path.samestat(os.fstat(read[0].fileno()), (place / "a").stat())

    @pytest.mark.usefixtures("small_parts", "own_cache")
    def test_an_ingest_in_parts_is_where_everything_can_start_from(
        self, demo_folder: Path, tmp_path: Path, write_files: Callable[[Path, dict[str, str]], Path]
    ) -> None:
        from policy_themes.report.ingest import ingest

        few = write_files(tmp_path / "docs", {f"{number}.txt": f"法治第{number}条。" for number in range(15)})
        ingest(few, None, tmp_path / "few", command="ingest")
        assert n_parts(tmp_path / "few") == 0  # a few parts are tables as everyone expects them
        same(load_corpus(tmp_path / "few"), open_study(few).source)
        done = ingest(demo_folder, None, tmp_path / "out", command="ingest")
        assert n_parts(tmp_path / "out") > 20
        study, whole = open_study(tmp_path / "out"), open_study(demo_folder)
        same(study.source, whole.source)
        written = pd.read_csv(tmp_path / "out" / "documents.csv", encoding="utf-8-sig")
        assert list(written["doc_id"]) == list(whole.source.documents["doc_id"])
        assert done.summary.startswith(f"{whole.source.ledger['path'].nunique()} files")
        assert not ingest(demo_folder, None, tmp_path / "out", command="ingest").changed

    @pytest.mark.usefixtures("small_parts", "own_cache")
    def test_an_output_without_room_is_said_to_be_that(
        self, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from policy_themes.report.ingest import ingest

        def full(source: Path, _: Path) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source))

        monkeypatch.setattr("policy_themes.report.stored.shutil.copyfile", full)
        with pytest.raises(OutputError, match="out cannot be written: No space left"):
            ingest(demo_folder, None, tmp_path / "out", command="ingest")
        assert not list((tmp_path / "out").iterdir())


@pytest.fixture(scope="module")
def whole(demo_folder: Path) -> Study:
    return open_study(demo_folder)


SETTINGS = Settings(collected="search", search_terms=["平安"])


@pytest.fixture(scope="module")
def parted(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same documents, read into parts of forty."""
    place = tmp_path_factory.mktemp("parted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policy_themes.corpus.read.cut", partial(cut, files=40))
        with stored_source(demo_folder, Settings(), load_regions(), StageCache(None)) as found:
            for name in TABLES:
                shutil.copytree(found / name, place / name)
    return place


@pytest.fixture
def large(parted: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study of them where they are too many to lie in memory."""
    monkeypatch.setattr("policy_themes.study.documents.MANY_PARTS", 2)
    return Study(parted, SETTINGS, cache=StageCache(None))


class TestCounting:
    @pytest.mark.parametrize(
        ("by", "interval"),
        [(["year"], None), (["year", "region_code"], "none"), ([], "sample"), (["institution"], "none")],
    )
    def test_rates_are_those_of_the_whole(
        self, large: Study, whole: Study, by: list[str], interval: IntervalKind | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("policy_themes.scale.sampled.TOGETHER", 2_000)  # a few themes at a time
        found = large.rates(by=by, facets=True, interval=interval)
        assert "source" not in large.__dict__  # nothing was loaded
        wanted = corpus_rates(whole.hits, whole.corpus, whole.lexicon, SETTINGS, by=by, facets=True, interval=interval)
        assert (wanted["ci_low"].notna().any()) == (interval != "none")
        pd.testing.assert_frame_equal(found, wanted)

    def test_what_needs_all_documents_gets_them(self, large: Study, whole: Study) -> None:
        found = large.rates(by=["year"], interval="pooled")
        assert "source" in large.__dict__
        pd.testing.assert_frame_equal(found, whole.rates(by=["year"], interval="pooled"))

    def test_the_vocabulary_is_that_of_the_whole(self, large: Study, whole: Study) -> None:
        table = large.vocabulary(min_docs=3)
        assert "source" not in large.__dict__
        for language in whole.languages:
            counts = whole.doc_term(language, min_docs=3)
            n_docs = np.bincount(counts.counts.indices, minlength=len(counts.terms))
            own = table[table["language"] == language]
            assert dict(zip(own["term"], own["n_docs"], strict=True)) == dict(zip(counts.terms, n_docs, strict=True))
            assert set(own["of_docs"]) == {whole._n_docs(language)}
            assert own["n_docs"].is_monotonic_decreasing

    def test_quotations_are_those_of_the_whole(self, large: Study, whole: Study) -> None:
        themes = ["fengqiao_experience", "modernization"]
        for window in (None, 12):
            pd.testing.assert_frame_equal(
                large.evidence(themes=themes, window=window), whole.evidence(themes=themes, window=window)
            )
        phrases = large.phrase_evidence("枫桥经验"), whole.phrase_evidence("枫桥经验")
        assert len(phrases[0])
        pd.testing.assert_frame_equal(*phrases)
        assert "source" not in large.__dict__

    def test_the_number_of_processes_makes_no_difference(self, large: Study) -> None:
        with large.stored() as place:
            parts = scale.Parts(place)
            tables = [
                scale.rates(scale.Here(n), parts, large._setup, by=["year"], interval="sample") for n in (1, 2, 3)
            ]
        pd.testing.assert_frame_equal(tables[0], tables[1])

    def test_a_process_that_is_killed_costs_time_only(self, large: Study, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = Crew.ask
        killed = []

        def kill_first(crew: Crew, message: bytes) -> bytes:
            if not killed:
                killed.append(crew._processes[0].pid)
                os.kill(killed[0], signal.SIGKILL)
            return asked(crew, message)

        with large.stored() as place:
            wanted = scale.rates(scale.Here(1), scale.Parts(place), large._setup, by=["year"])
            monkeypatch.setattr(Crew, "ask", kill_first)
            found = scale.rates(scale.Here(2), scale.Parts(place), large._setup, by=["year"])
        assert killed
        pd.testing.assert_frame_equal(found, wanted)

    @pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
    def test_who_breaks_off_waits_for_no_process(self, large: Study, monkeypatch: pytest.MonkeyPatch) -> None:
        """T91: a part may take longer than whoever presses Ctrl-C will wait."""
        crews: list[Crew] = []
        init, here = Crew.__init__, []

        def noted(crew: Crew, module: str, greeting: bytes, workers: int) -> None:
            init(crew, module, greeting, workers)
            crews.append(crew)

        monkeypatch.setattr(Crew, "__init__", noted)
        monkeypatch.setattr("policy_themes.scale.here.answer", lambda _, task: here.append(task) or b"")
        with large.stored() as place:
            parts = scale.Parts(place)
            work = partial(quotes_of_part, large._setup.text, parts.place, ["modernization"], None, None)
            tables = cast("Generator[pd.DataFrame]", scale.Here(2).tables(work, parts.tasks * 3))
            next(tables)
            for process in crews[0]._processes:
                process.send_signal(signal.SIGSTOP)  # both are at work on something that takes for ever
            ending = threading.Thread(target=tables.close, daemon=True)
            ending.start()
            ending.join(5)
            waited = ending.is_alive()
            crews[0].end()
            ending.join()
        assert not waited and not here
        assert all(process.poll() is not None for process in crews[0]._processes)


class TestSample:
    def test_a_sample_is_some_documents_whole(self, parted: Path, whole: Study) -> None:
        study = Study(parted, Settings(sample=40), cache=whole.cache)
        own = study.corpus.documents
        assert len(own) == 40 and own["duplicate_of"].isna().all()
        assert set(own["doc_id"]) <= set(whole.corpus.unique["doc_id"])
        quoted, every = study.evidence(), whole.evidence()
        kept = every[every["doc_id"].isin(own["doc_id"])].reset_index(drop=True)
        pd.testing.assert_frame_equal(quoted, kept)
        other = Study(parted, Settings(sample=40, seed=2), cache=whole.cache).corpus.documents
        assert set(other["doc_id"]) != set(own["doc_id"])

    def test_a_translation_whose_original_was_not_drawn_is_no_pair(self, parted: Path, whole: Study) -> None:
        study = Study(parted, Settings(sample=60), cache=whole.cache)
        own = study.corpus.documents
        pairs = own["translation_of"].isin(own["doc_id"])
        assert 0 < pairs.sum() < own["translation_of"].notna().sum()
        assert len(study.aligned) == pairs.sum()

    @pytest.mark.parametrize("changed", [{"sample": 60}, {"copies": "weighted"}, {"copies": "all"}])
    def test_the_vocabulary_is_of_what_is_asked_for(
        self, parted: Path, whole: Study, changed: dict[str, object]
    ) -> None:
        study = Study(parted, Settings(**changed), cache=whole.cache)  # type: ignore[arg-type]
        table = study.vocabulary(min_docs=3)
        for language in study.languages:
            counts = study.doc_term(language, min_docs=3)
            own = table[table["language"] == language]
            assert set(own["term"]) == set(counts.terms)
            assert set(own["of_docs"]) == {study._n_docs(language)}
        assert changed.keys() != {"sample"} or table.drop_duplicates("language")["of_docs"].sum() == 60

    def test_a_larger_sample_holds_the_smaller(self, parted: Path, whole: Study) -> None:
        few, more = (set(load_sample(parted, n, seed=1).documents["doc_id"]) for n in (20, 60))
        every = load_sample(parted, 10_000, seed=1).documents["doc_id"]
        assert few < more
        assert list(every) == list(whole.source.documents.query("duplicate_of.isna()")["doc_id"])


@pytest.mark.long
def test_memory_is_flat(tmp_path: Path) -> None:
    """T97: 20,000 documents, read, counted and cut within one GiB."""
    sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
    from grow import generate
    from timing import CLI, measure

    generate(tmp_path / "docs", 20_000)
    out, cache = tmp_path / "out", tmp_path / "cache"
    commands = [
        (*CLI, "ingest", tmp_path / "docs", "--out", out),
        (*CLI, "rates", out, "--by", "year", "--out", tmp_path / "rates.csv"),
        (*CLI, "vocabulary", out, "--out", tmp_path / "words.csv"),
    ]
    for command in commands:
        seconds, peak = measure([*map(str, command)], cache)
        assert peak < 1024, (command[3], peak, seconds)
    assert n_parts(out) > 8
    rates = pd.read_csv(tmp_path / "rates.csv", encoding="utf-8-sig")
    assert rates[rates["theme"] == "fengqiao_experience"]["n_docs"].sum() == 20_000
