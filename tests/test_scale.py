"""Spark: the same tables as one machine's, whatever the number of workers, also when one of them is lost."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from policy_themes.compare.rates import rates_of
from policy_themes.compare.tally_table import table_columns, tally_of
from policy_themes.compare.uncertainty.cells import without_intervals
from policy_themes.config import Settings
from policy_themes.corpus import Corpus, read_corpus
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import list_documents
from policy_themes.corpus.stored import TABLES, UNMARKED, WAITING, is_stored, load_corpus, n_parts, part_file
from policy_themes.corpus.walk import MAX_BYTES
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.regions import load_regions
from policy_themes.report.scaled import NOT_SOUGHT
from policy_themes.scale.look import lines_of, look
from policy_themes.scale.parts import Parts
from policy_themes.scale.plan import Piece, cut_lines, listed, plan, size_of_pieces, task_of
from policy_themes.scale.rates import SUMS, count_part, keys_of
from policy_themes.scale.read import read_piece
from policy_themes.scale.setup import Setup
from policy_themes.scale.words import words_of_part
from policy_themes.schema import rows
from policy_themes.study import Study, open_study
from policy_themes.topics import TopicSpec, doc_topics, fit_topics, topic_terms

ROOT = Path(__file__).parents[1]
BROKEN = '{"text": broken\n\n[1, 2]\n'
SECONDS = 170

spark = pytest.mark.skipif(
    not (find_spec("pyspark") and shutil.which("java")),
    reason="pyspark or Java is not installed here (`.ci/run` installs both)",
)


@pytest.fixture(scope="module")
def documents(demo_folder: Path) -> list[dict[str, str]]:
    """The demonstration corpus as rows, without what only one machine looks for: reprints and translations."""
    corpus = read_corpus(demo_folder, load_regions(), workers=0)
    own = corpus.documents
    own = own[~(own["similarity"] < 1).fillna(False) & own["translation_of"].isna()]
    return [
        {
            "title": row.title or "",
            "date": row.date or "",
            "outlet": row.outlet or "",
            "text": corpus.original(row.doc_id),
        }
        for row in rows(own)
    ]


@pytest.fixture(scope="module")
def tables(documents: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows in several files, some of them copies, some unreadable, and files of other kinds beside them."""
    folder = tmp_path_factory.mktemp("tables")
    half = len(documents) // 2
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in documents[:half])
    (folder / "a.jsonl").write_text(f"\ufeff{lines}{BROKEN}{lines[: lines.index(chr(10))]}", encoding="utf-8")
    (folder / "m").mkdir()
    pq.write_table(pa.Table.from_pylist(documents[half:]), folder / "m" / "b.parquet", row_group_size=17)
    pq.write_table(pa.table({"number": [1, 2]}), folder / "m" / "c.parquet")
    (folder / "z.jsonl").write_text(json.dumps(documents[-1]), encoding="utf-8")
    (folder / "bad.parquet").write_bytes(b"PAR1 and no more")
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / ".git").mkdir()
    return folder


@pytest.fixture(scope="module")
def alone(tables: Path) -> Corpus:
    """What one machine makes of them."""
    return read_corpus(tables, load_regions(), workers=0)


def same(found: Corpus, wanted: Corpus, *names: str) -> None:
    for name in names:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(wanted, name), obj=name)


def read_in_pieces(folder: Path, place: Path, size: int) -> list[Piece]:
    """Do what workers do, one piece after the other, in this process; the last step, copies, needs Spark."""
    setup = Setup.of_study(Settings())
    files, entries = listed(list_documents(folder))
    whole = [piece for file in files for piece in (cut_lines(file, size) if file.kind == "jsonl" else [file])]
    pieces = plan(whole, [look(task_of(piece)) for piece in whole], entries, setup.columns, size)
    for piece in pieces:
        assert read_piece(setup.text, str(place), task_of(piece)) == {"changed": None}
    for name in WAITING:
        shutil.move(place / UNMARKED / name, place / name)
    return pieces


class TestPieces:
    @given(st.lists(st.binary(max_size=12).map(lambda own: own.replace(b"\n", b"")), max_size=20), st.integers(1, 40))
    def test_every_line_is_in_one_piece(self, lines: list[bytes], size: int) -> None:
        content = b"\n".join([b"first", *lines])
        with ExitStack() as stack:
            path = stack.enter_context(temporary(content))
            file = Piece(str(path), "a.jsonl", "jsonl", len(content), 0, 0, len(content))
            found = [line for piece in cut_lines(file, size) for line in lines_of(piece)]
        assert found == (content.removesuffix(b"\n")).split(b"\n")

    def test_a_line_longer_than_a_file_may_be_costs_itself(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes(b'{"text": "a"}\n' + b"x" * (MAX_BYTES + 10) + b"\n" + b'{"text": "b"}\n')
        whole = Piece(str(path), "a.jsonl", "jsonl", path.stat().st_size, 0, 0, path.stat().st_size)
        for pieces in ([whole], cut_lines(whole, MAX_BYTES // 3)):
            assert [line for piece in pieces for line in lines_of(piece)] == [b'{"text": "a"}', None, b'{"text": "b"}']

    @pytest.mark.parametrize("size", [11_000, 90_000, 10_000_000])
    def test_parts_of_any_size_are_the_tables_of_one_machine(
        self, size: int, tables: Path, alone: Corpus, tmp_path: Path
    ) -> None:
        pieces = read_in_pieces(tables, tmp_path, size)
        found = load_corpus(tmp_path)
        assert n_parts(tmp_path) == len(pieces) and is_stored(tmp_path)
        same(found, alone, "texts", "passages", "points", "removed")
        outcomes = alone.ledger.assign(outcome=alone.ledger["outcome"].replace("duplicate", "kept"))
        pd.testing.assert_frame_equal(found.ledger, outcomes)
        unmarked = ["duplicate_of", "similarity"]
        pd.testing.assert_frame_equal(found.documents.drop(columns=unmarked), alone.documents.drop(columns=unmarked))

    def test_pieces_follow_from_the_data(self) -> None:
        assert [size_of_pieces(n) >> 20 for n in (0, 1 << 26, 1 << 28, 1 << 40)] == [1, 1, 4, 16]

    def test_a_file_that_grows_while_it_is_read_is_told(self, tables: Path, tmp_path: Path) -> None:
        shutil.copy(tables / "z.jsonl", tmp_path / "z.jsonl")
        files, entries = listed(list_documents(tmp_path))
        (piece,) = plan(files, [look(task_of(file)) for file in files], entries, Columns(), 10_000)
        with (tmp_path / "z.jsonl").open("a") as stream:
            stream.write("\n{}")
        setup = Setup.of_study(Settings())
        assert read_piece(setup.text, str(tmp_path / "out"), task_of(piece)) == {"changed": "z.jsonl"}

    def test_a_row_that_takes_too_long_is_in_quarantine(
        self, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(*_: object) -> Mapping[str, object]:
            time.sleep(5)
            return {}

        monkeypatch.setattr("policy_themes.scale.read.SECONDS", 0.05)
        monkeypatch.setattr("policy_themes.scale.read.described", slow)
        shutil.copy(tables / "z.jsonl", tmp_path / "z.jsonl")
        read_in_pieces(tmp_path, tmp_path / "out", 10_000)
        ledger = load_corpus(tmp_path / "out").ledger
        assert ledger["reason"].tolist() == ["limit_time"] and ledger["record"].tolist() == ["1"]

    def test_a_folder_without_tables_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("现代化")
        files, entries = listed(list_documents(tmp_path))
        with pytest.raises(InsufficientDataError, match="unsupported_format"):
            plan(files, [], entries, Columns(), 10_000)

    def test_a_column_that_is_not_there_is_an_error(self, tables: Path) -> None:
        files, _ = listed(list_documents(tables))
        (file,) = (piece for piece in files if piece.shown == "z.jsonl")
        with pytest.raises(UsageError, match="'body'"):
            plan([file], [look(task_of(file))], [], Columns(text="body"), 10_000)


@pytest.fixture(scope="module")
def parts(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parts with copies among them; whose copies they are is not known yet, so that each counts."""
    place = tmp_path_factory.mktemp("parts")
    assert len(read_in_pieces(tables, place, 40_000)) > 4
    return place


@pytest.fixture(scope="module")
def whole(parts: Path) -> Study:
    """The same on one machine."""
    return open_study(parts)


class TestSums:
    def test_words_of_parts_add_up_to_those_of_the_whole(self, parts: Path, whole: Study, tmp_path: Path) -> None:
        setup = Setup.of_study(Settings())
        found = [words_of_part(setup.text, str(parts), str(tmp_path), task) for task in Parts(parts).tasks]
        sums = pd.concat(found).groupby(["what", "language", "term"])[["n", "kept"]].sum()
        for language in whole.languages:
            counts = whole.topic_counts(language)
            by_document = whole.doc_term(language, min_docs=2)
            n_docs = dict(zip(by_document.terms, np.bincount(by_document.counts.indices).tolist(), strict=True))
            terms = sums.loc["term"].loc[language]["n"]
            shown = frozenset(terms.index[terms >= 2]) - whole.masked
            assert tuple(sorted(shown)) == counts.terms == by_document.terms
            assert terms[sorted(shown)].to_dict() == n_docs
            assert sums.loc[("document", language, ""), "kept"] == len(counts.doc_ids)
        recall = whole.tokens.recall.sort_values(["language", "phrase"])
        assert sums.loc["recall"]["n"].tolist() == recall["n_text"].tolist()
        assert sums.loc["recall"]["kept"].tolist() == recall["n_kept"].tolist() and recall["n_text"].sum() > 100

    @pytest.mark.parametrize("by", [(), ("year",), ("region_code", "outlet")])
    def test_tallies_of_parts_add_up_to_rates_of_the_whole(
        self, by: tuple[str, ...], parts: Path, whole: Study
    ) -> None:
        setup = Setup.of_study(Settings())
        found = [count_part(setup.text, str(parts), by, True, task) for task in Parts(parts).tasks]
        assert len(found) > 4
        sums = pd.concat(found).groupby(table_columns(keys_of(by)), dropna=False)[list(SUMS)].sum().reset_index()
        english = {code: setup.regions.table[code].name_en for code in sums["region_code"].dropna().unique()}
        tallied = tally_of(sums, setup.lexicon, keys=keys_of(by), facets=True, english=english)
        table = without_intervals(rates_of(tallied, setup.lexicon, by=by), setup.settings)
        pd.testing.assert_frame_equal(table, whole.rates(by=by, facets=True))


class TestSetup:
    def test_what_a_worker_gets_is_text_and_becomes_the_same(self) -> None:
        setup = Setup.of_study(Settings())
        again = Setup.of_text(setup.text)
        assert isinstance(setup.text, str)
        assert again.lexicon == setup.lexicon
        assert again.regions == setup.regions
        assert again.stopwords == setup.stopwords

    @pytest.mark.parametrize("settings", [Settings(part="plan"), Settings(copies="weighted")])
    def test_what_needs_all_documents_at_once_is_refused(self, settings: Settings) -> None:
        with pytest.raises(UsageError, match="is not counted part by part"):
            Setup.of_study(settings)


@contextmanager
def temporary(content: bytes) -> Iterator[Path]:
    """A file that hypothesis can have anew each time."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.jsonl"
        path.write_bytes(content)
        yield path


# On Spark


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of everything that is started here, by which it is found; nothing of it may be left."""
    mark = uuid4().hex
    paths = [str(ROOT / "src"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(Path(path).resolve()) for path in paths),
        "POLICY_THEMES_TEST_MARK": mark,
        "POLICY_THEMES_TEST_PIECE": "25000",
        "POLICY_THEMES_CACHE": str(tmp_path_factory.mktemp("cache")),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "300m",
    }
    yield environment
    deadline = time.monotonic() + 20
    while (left := started(mark)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not [process.cmdline()[-3:] for process in left]


def started(mark: str) -> list[psutil.Process]:
    """Return the living processes that carry a mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("POLICY_THEMES_TEST_MARK") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def called(environment: Mapping[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Call the command line; it must succeed, or, where rows are unreadable, say so in its exit code."""
    command = [sys.executable, "-m", "policy_themes", *map(str, arguments), "--debug"]
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=SECONDS, check=False, cwd=ROOT
    )
    assert done.returncode in (0, 3), done.stderr[-3_000:]
    return done


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file of an output but its manifest."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".policy", "manifest")))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def ingested(marked: dict[str, str], tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Spark wrote on this machine."""
    out = tmp_path_factory.mktemp("local") / "结果 [1]*"
    done = called(marked, "ingest", tables, "--out", out, "--engine", "spark", "--master", "local[2]")
    assert NOT_SOUGHT in done.stdout
    return out


@spark
@pytest.mark.long
class TestLocal:
    def test_an_ingest_is_that_of_one_machine(self, ingested: Path, alone: Corpus) -> None:
        assert n_parts(ingested) > 6
        found = load_corpus(ingested)
        same(found, alone, *TABLES)
        assert (
            found.ledger["outcome"] == "duplicate"
        ).sum() >= 2  # a line and a file of one row, beside the demo's own
        manifest = json.loads((ingested / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["files"] == {**hashes(ingested)}
        read = pd.read_csv(ingested / "documents.csv", encoding="utf-8-sig")
        assert read["doc_id"].tolist() == alone.documents["doc_id"].tolist()

    def test_rates_are_those_of_one_machine_to_the_byte(
        self, ingested: Path, tables: Path, marked: dict[str, str], tmp_path: Path
    ) -> None:
        one, other = tmp_path / "one.csv", tmp_path / "other.csv"
        asked = ("--by", "year,region", "--facets")
        called(marked, "rates", ingested, *asked, "--engine", "spark", "--master", "local[1]", "--out", one)
        called(marked, "rates", tables, *asked, "--out", other)
        assert one.read_bytes() == other.read_bytes()
        assert len(one.read_text(encoding="utf-8").splitlines()) > 1_000

    def test_planted_topics_are_found_as_one_machine_finds_them(self, marked: dict[str, str], tmp_path: Path) -> None:
        folder, out = tmp_path / "planted", tmp_path / "out [1]"
        folder.mkdir()
        # Texts of so few words are alike; one machine would take them for reprints.
        (folder / "planted.jsonl").write_text("\n".join(map(json.dumps, planted_rows())), encoding="utf-8")
        (folder / "study.yml").write_text(
            "copies: all\ntopics:\n  unit: document\n  k: 4\n  iterations: 40\n", encoding="utf-8"
        )
        called({**marked, "POLICY_THEMES_TEST_PIECE": "60000"}, "topics", folder, "--engine", "spark", "--master", "local[2]", "--out", out)  # fmt: skip
        counts = open_study(folder).topic_counts("en")
        fit = fit_topics(counts, TopicSpec(4, unit="document", seed=1))
        tables = {
            name: pd.read_csv(out / f"{name}.csv", encoding="utf-8-sig") for name in ("topic_terms", "doc_topics")
        }
        found, own = tables["topic_terms"], topic_terms(fit)
        assert list(found.columns) == list(own.columns)
        cosines, order = matched_words(found, own)
        assert cosines.min() >= 0.95
        dealt = dict(zip(counts.terms, np.random.default_rng(1).permutation(counts.terms), strict=True))
        assert matched_words(found, own.assign(term=own["term"].map(dealt)))[0].max() < 0.5  # words of other topics
        sizes, theirs = (table.pivot(index="doc_id", columns="topic", values="gamma").to_numpy(float) for table in (tables["doc_topics"], doc_topics(fit)))  # fmt: skip
        assert np.abs(sizes - theirs[:, order]).mean() < 0.05
        assert tables["doc_topics"]["doc_id"].tolist() == doc_topics(fit)["doc_id"].tolist()
        years = open_study(folder).corpus.documents.set_index("doc_id")["year"]
        by_year = tables["doc_topics"].groupby([tables["doc_topics"]["doc_id"].map(years), "topic"])["gamma"].mean()
        prevalence = pd.read_csv(out / "topic_prevalence.csv", encoding="utf-8-sig")
        assert prevalence["n_docs"].sum() == 4 * len(years) and set(prevalence["by"]) == {"year"}
        assert np.allclose(prevalence["prevalence"], by_year.to_numpy(float), rtol=1e-8)


def planted_rows() -> list[dict[str, str]]:
    """Draw texts from four known topics over words that mean nothing and have no plural."""
    rng = np.random.default_rng(3)
    words = np.array([f"{a}{b}{c}o" for a in "bdfgk" for b in "aeiu" for c in "lmnrtvz"])
    beta = rng.dirichlet(np.full(len(words), 0.05), size=4)
    shares = rng.dirichlet(np.full(4, 0.3), size=240)
    texts = (" ".join(rng.choice(words, 90, p=share @ beta)) for share in shares)
    dates = [f"{2020 + number % 3}-05-04" for number in range(240)]
    return [
        {"title": f"Text {date}", "date": date, "text": f"{text}."} for date, text in zip(dates, texts, strict=True)
    ]


def matched_words(found: pd.DataFrame, own: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the cosines of matched topics by their twenty words, and which of ours each is."""
    both = [table.pivot(index="topic", columns="term", values="beta") for table in (found, own)]
    terms = sorted(set(both[0].columns) | set(both[1].columns))
    one, other = (table.reindex(columns=terms).fillna(0).to_numpy(float) for table in both)
    cosines = (one / np.linalg.norm(one, axis=1, keepdims=True)) @ (other / np.linalg.norm(other, axis=1, keepdims=True)).T  # fmt: skip
    rows, columns = linear_sum_assignment(-cosines)
    return cosines[rows, columns], columns


@contextmanager
def cluster(environment: Mapping[str, str], place: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A master and two workers that listen to this machine only; its address, and the workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spec = find_spec("pyspark")
    assert spec and spec.origin
    program = str(Path(spec.origin).parent / "bin" / "spark-class")
    address = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    listening = ("--host", "127.0.0.1", "--webui-port", "0")
    calls = [(f"{deploy}.master.Master", *listening, "--port", str(port))]
    calls += [
        (
            f"{deploy}.worker.Worker",
            *listening,
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            str(place / name),
            address,
        )
        for name in ("one", "other")
    ]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for call in calls:
            with (place / f"log-{len(running)}").open("wb") as log:
                running.append(
                    subprocess.Popen(
                        [program, *call], env=dict(environment), stdout=log, stderr=log, start_new_session=True
                    )
                )
        yield address, running[1:]
    finally:
        for process in running:
            end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and everything that it started, as if its machine were lost."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    for own in family:
        try:
            own.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait(timeout=20)


@spark
@pytest.mark.long
def test_a_cluster_that_loses_a_worker_writes_the_same_bytes(
    ingested: Path, tables: Path, marked: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with cluster(marked, tmp_path) as (address, workers):
        command = [sys.executable, "-m", "policy_themes", "ingest", str(tables), "--out", str(out), "--engine", "spark"]
        with subprocess.Popen(
            [*command, "--master", address],
            env=dict(marked),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        ) as run:
            written = 0
            while run.poll() is None and not written:
                written = len(list(out.glob(".policy-themes.staging-*/texts/*.parquet")))
                time.sleep(0.02)
            end(workers[0])
            missing = n_parts(ingested) - len(list(out.glob(".policy-themes.staging-*/texts/*.parquet")))
            _, said = run.communicate(timeout=SECONDS)
        assert run.returncode in (0, 3), said.decode()[-3_000:]
        assert missing > 0, "the worker was lost when nothing was left to do"
    assert hashes(out) == hashes(ingested)
    assert part_file(out, "texts", 0).is_file()
