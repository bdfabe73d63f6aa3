"""The command line as a person calls it: real processes, every exit code, hostile input, Ctrl-C."""

import csv
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from policy_themes import __version__
from policy_themes.cli import main
from policy_themes.compare import find_hits
from policy_themes.config import Settings, load_settings
from policy_themes.corpus import Corpus, read_corpus
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.schema import TABLES
from policy_themes.store.files import LOCK, STAGING, OutputFolder

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
Done = subprocess.CompletedProcess[str]
HEAVY = ("numpy", "pandas", "matplotlib", "sklearn", "gensim", "tomotopy", "jieba", "pydantic", "scipy", "pyarrow")
# What even a command that computes does without until it is needed.
SLOW = ("matplotlib", "sklearn", "gensim", "tomotopy", "scipy.stats", "scipy.optimize", "pyspark")
ONE = {"a.txt": "浙江省召开会议\n2021年3月5日 来源：浙江日报\n推进现代化。坚持枫桥经验。\n"}
FORMULA = tuple("=+-@\t\r\0＝＋－＠")
NAMES = (
    "report",
    "notebooks",
    "ingest",
    "rates",
    "contrast",
    "trends",
    "surface",
    "diffusion",
    "effects",
    "kwic",
    "topics",
    "drift",
    "terms",
    "lexicon",
    "coding",
    "init",
    "demo",
    "doctor",
)
# Root reads and writes everything; without these two capabilities it is bound by permissions like anybody else.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def call(
    *arguments: object, cwd: Path, env: Mapping[str, str] | None = None, prefix: Sequence[str] = (), bugs: bool = False
) -> Done:
    """Call the command line; whatever is asked of it, it never ends in a traceback or in 1."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "policy_themes", *map(os.fspath, map(_text, arguments))],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        timeout=300,
        check=False,
    )
    said = [os.fsdecode(stream).replace("\r\n", "\n") for stream in (done.stdout, done.stderr)]
    if not bugs:
        assert "Traceback" not in said[1], said[1]
        assert done.returncode != 1, said[1]
    return subprocess.CompletedProcess(done.args, done.returncode, *said)


def _text(argument: object) -> str | bytes:
    return argument if isinstance(argument, bytes) else str(argument)


Call = Callable[..., Done]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the same entry in this process: for the many cases beside the one that has a process of its own."""

    def done(*arguments: object, cwd: Path, real: bool = False) -> Done:
        if real:
            return call(*arguments, cwd=cwd)
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["policy-themes", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert ended.value.code != 1, said.err
        return subprocess.CompletedProcess(sys.argv, int(ended.value.code or 0), said.out, said.err)

    return done


def refused(done: Done, code: int, *said: str) -> str:
    """Check exit code and message: one complaint on stderr, nothing on stdout."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("policy-themes: ")
    assert done.stderr.count("policy-themes: ") == 1
    for part in said:
        assert part in done.stderr
    return done.stderr


def hashes(folder: Path) -> dict[str, str]:
    """Hash every file but the lock, whose pid is that of the last run."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="module")
def toy_folder(place: Path, toy_files: Mapping[str, str]) -> Path:
    for name, content in toy_files.items():
        (place / "toy" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "toy" / name).write_text(content, encoding="utf-8")
    return place / "toy"


@pytest.fixture(scope="module")
def toy_corpus(toy_folder: Path) -> Corpus:
    return read_corpus(toy_folder, load_regions())


@pytest.fixture(scope="module")
def ingested(place: Path, toy_folder: Path) -> Path:
    done = call("ingest", toy_folder, "--out", "toy-ingest", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "toy-ingest"


# Help, and what an import costs


def test_help_names_every_command_in_both_languages(tmp_path: Path) -> None:
    done = call("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    for command in NAMES:
        assert re.search(rf"^\s+{command}\s", done.stdout, re.MULTILINE), command
    assert "政策主题" in done.stdout
    assert call("-h", cwd=tmp_path).stdout == done.stdout


def test_version(tmp_path: Path) -> None:
    done = call("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"policy-themes {__version__}\n", "")


@pytest.mark.parametrize("command", NAMES)
def test_every_command_has_help(command: str, tmp_path: Path, quick: Call) -> None:
    done = quick(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "--help" in done.stdout


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("policy_themes", HEAVY),
        ("policy_themes.cli", HEAVY),
        ("policy_themes.study", SLOW),
        ("policy_themes.report.ingest", SLOW),
        ("policy_themes.topics.worker", SLOW),
    ],
)
def test_an_import_loads_nothing_heavy_and_writes_nothing(module: str, heavy: tuple[str, ...], tmp_path: Path) -> None:
    code = f"import sys, {module}; print(sorted({set(heavy)!r} & set(sys.modules)))"
    homes = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")}
    environment = {**os.environ, **homes, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("POLICY_THEMES_CACHE", None)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
    assert list(tmp_path.rglob("*")) == []


def test_help_and_version_write_nothing_either(tmp_path: Path) -> None:
    homes = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "MPLCONFIGDIR")}
    for option in ("--help", "--version"):
        call(option, cwd=tmp_path, env={**homes, "PYTHONDONTWRITEBYTECODE": "1"})
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    "arguments",
    [(), ("reprot",), ("report",), ("rates", "x"), ("rates", "x", "--out"), ("topics", "x", "--out", "y", "--k", "many"),
     ("topics", "x", "--out", "y", "--k", "1"), ("topics", "x", "--out", "y", "--engine", "magic"),
     ("topics", "x", "--out", "y", "--seed", "-1"), ("kwic", "x", "--out", "y.csv"),
     ("kwic", "x", "--out", "y.csv", "--theme", "a", "--phrase", "b"), ("kwic", "x", "--out", "y.csv", "--phrase", ""),
     ("kwic", "x", "--out", "y.csv", "--year", "MMXX"), ("rates", "x", "--out", "y.csv", "--by", "month"),
     ("kwic", "x", "--out", "y.csv", "--phrase", "b", "--sort", "up"), ("terms", "x", "--out", "y.csv", "--top", "0"),
     ("kwic", "x", "--out", "y.csv", "--phrase", "b", "--window", "-1"), ("terms", "x"), ("lexicon", "check"),
     ("lexicon", "check", "a", "b", "x"), ("lexicon", "check", "none.yml", "x"),
     ("lexicon", "check", "x", "--aligned", "none.jsonl"),
     ("contrast", "x", "--out", "y.csv", "--by", "year,region"), ("contrast", "x", "--out", "y.csv", "--at", "2020"),
     ("contrast", "x", "--out", "y.csv", "--group", "Atlantis"), ("contrast", "x", "--out", "y.csv", "--around", "a"),
     ("contrast", "x", "--out", "y.csv", "--by", "year", "--at", "2020", "--group", "2021"),
     ("contrast", "x", "--out", "y.csv", "--by", "year", "--group", "1066"),
     ("contrast", "x", "--out", "y.csv", "--of", "letters"), ("contrast", "x", "--out", "y.csv", "--theme", "safe_china"),
     ("contrast", "x", "--out", "y.csv", "--of", "themes", "--split"),
     ("contrast", "x", "--out", "y.csv", "--of", "themes", "--theme", "peace"),
     ("contrast", "x", "--out", "y.csv", "--split", "--word", "law"),
     ("rates", "x", "--out", "y.csv", "--by", "year,year"), ("rates", "x", "--out", "y.csv", "--by", "kind,outlet"),
     ("rates", "x", "--out", "y.csv", "--interval", "wald"), ("trends", "x", "--out", "y.csv", "--periods", "2012-2017"),
     ("trends", "x", "--out", "y.csv", "--periods", "2012-2017,2015-2020"), ("diffusion", "x", "--out", "y.csv"),
     ("effects", "x", "--out", "y.csv", "--outcome", "safe_china", "--formula", "~ weather"),
     ("effects", "x", "--out", "y.csv", "--outcome", "peace", "--formula", "~ year"),
     ("effects", "x", "--out", "y.csv", "--outcome", "safe_china", "--formula", "~ year", "--cluster", "region"),
     ("surface", "x", "--out", "y.csv"), ("surface", "x", "--out", "y.csv", "--theme", "nothing"),
     ("diffusion", "x", "--out", "y.csv", "--theme", "modernization", "--by", "month"), ("rates", "x", "--out", "y.csv", "--colour")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_in_2(arguments: tuple[str, ...], tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "x", ONE)
    done = quick(*arguments, cwd=tmp_path, real=arguments[:1] == ("reprot",))
    assert done.returncode == 2
    assert done.stderr.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]


# Folders that cannot be read

COMMANDS = {
    "report": ("--out", "out"),
    "ingest": ("--out", "out"),
    "topics": ("--out", "out"),
    "notebooks": ("--out", "out"),
    "rates": ("--out", "out.csv"),
    "contrast": ("--out", "out.csv"),
    "trends": ("--out", "out.csv"),
    "surface": ("--theme", "modernization", "--out", "out.csv"),
    "diffusion": ("--theme", "modernization", "--out", "out.csv"),
    "effects": ("--outcome", "modernization", "--formula", "~ region", "--out", "out.csv"),
    "drift": ("--out", "out"),
    "kwic": ("--phrase", "现代化", "--out", "out.csv"),
    "terms": ("--out", "out.csv"),
}
each_command = pytest.mark.parametrize("command", COMMANDS)


@each_command
def test_an_empty_folder_ends_in_4(command: str, tmp_path: Path, quick: Call) -> None:
    (tmp_path / "empty").mkdir()
    done = quick(command, "empty", *COMMANDS[command], cwd=tmp_path, real=command == "report")
    assert done.returncode == 4
    assert "no files" in refused(done, 4, "empty", ".txt")


@each_command
def test_a_missing_folder_ends_in_2(command: str, tmp_path: Path, quick: Call) -> None:
    refused(
        quick(command, "nowhere", *COMMANDS[command], cwd=tmp_path, real=command == "report"),
        2,
        "nowhere",
        "is not there",
    )


@each_command
def test_a_file_instead_of_a_folder_ends_in_2(command: str, tmp_path: Path, quick: Call) -> None:
    (tmp_path / "page.txt").write_text("现代化", encoding="utf-8")
    refused(
        quick(command, "page.txt", *COMMANDS[command], cwd=tmp_path, real=command == "report"),
        2,
        "page.txt",
        "is a file",
    )


@each_command
def test_an_output_inside_the_input_ends_in_2_and_writes_nothing(
    command: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    write_files(tmp_path / "docs", ONE)
    *options, out = COMMANDS[command]
    refused(quick(command, "docs", *options, f"docs/deep/{out}", cwd=tmp_path, real=command == "report"), 2, "inside")
    assert list(hashes(tmp_path)) == ["docs/a.txt"]


@pytest.mark.parametrize("command", ["report", "ingest", "topics", "notebooks"])
def test_an_input_inside_the_output_ends_in_2_and_writes_nothing(
    command: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    write_files(tmp_path / "all" / "docs", ONE)
    refused(quick(command, "all/docs", "--out", "all", cwd=tmp_path, real=command == "report"), 2, "inside")
    assert list(hashes(tmp_path)) == ["all/docs/a.txt"]


def test_the_same_folder_for_both_ends_in_2(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    refused(quick("report", "docs", "--out", "docs", cwd=tmp_path), 2, "inside")


def test_a_link_does_not_hide_that_the_output_is_inside(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    refused(quick("ingest", "docs", "--out", "link/out", cwd=tmp_path), 2, "inside")


def test_an_output_that_is_a_file_ends_in_2(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    (tmp_path / "out").write_text("mine")
    refused(quick("ingest", "docs", "--out", "out", cwd=tmp_path), 2, "is a file")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_of_unusable_files_ends_in_4_and_says_why(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", {"a.txt": b"", "b.pdf": b"%PDF-1.4"})
    refused(quick("rates", "docs", "--out", "r.csv", cwd=tmp_path), 4, "empty_file", "corrupt")


# Files that cannot be read


def _anybody() -> Sequence[str]:
    if os.name == "nt":
        pytest.skip("permissions of another kind")
    if os.geteuid() != 0:
        return ()
    if not shutil.which(AS_ANYBODY[0]) or subprocess.run([*AS_ANYBODY, "true"], capture_output=True).returncode:
        pytest.skip("root reads everything")
    return AS_ANYBODY


def test_each_bad_file_has_its_reason_and_the_others_go_on(tmp_path: Path, write_files: Write) -> None:
    prefix = _anybody()
    folder = write_files(
        tmp_path / "docs",
        {
            **{
                f"good{number}.txt": f"浙江省召开会议\n2021年3月{number}日\n推进现代化{number}。\n"
                for number in range(1, 4)
            },
            "empty.txt": b"",
            "blank.txt": b"\xef\xbb\xbf \n\t\n",
            "scan.pdf": b"%PDF-1.4",
            "binary.txt": b"\x00\x01\xff\xfe\x80\x00\x00",
            "secret.txt": "机密",
            "tibetan.txt": "བོད་ལྗོངས་ཀྱི་གཞུང་།",
            ".DS_Store": b"x",
        },
    )
    (folder / "secret.txt").chmod(0)
    (folder / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    done = call("ingest", "docs", "--out", "out", cwd=tmp_path, prefix=prefix)
    assert done.returncode == 3
    ledger = {row["path"]: (row["outcome"], row["reason"]) for row in table(tmp_path / "out" / "ledger.csv")}
    assert ledger == {
        "good1.txt": ("kept", ""),
        "good2.txt": ("kept", ""),
        "good3.txt": ("kept", ""),
        "empty.txt": ("quarantined", "empty_file"),
        "blank.txt": ("quarantined", "empty_text"),
        "scan.pdf": ("quarantined", "corrupt"),
        "binary.txt": ("quarantined", "encoding_uncertain"),
        "secret.txt": ("quarantined", "unreadable"),
        "tibetan.txt": ("skipped", "language"),
        ".DS_Store": ("skipped", "ignored"),
        "link.txt": ("skipped", "symlink"),
        "pipe.txt": ("skipped", "not_regular"),
    }
    assert len(table(tmp_path / "out" / "documents.csv")) == 3
    assert "root:" not in (tmp_path / "out" / "texts.parquet").read_bytes().decode("latin-1")
    for reason in ("empty_file 1", "unreadable 1", "encoding_uncertain 1"):
        assert reason in done.stdout
        assert reason in done.stderr


def test_quarantine_over_the_limit_ends_in_3_after_the_results_are_written(
    tmp_path: Path, quick: Call, write_files: Write
) -> None:
    pages = {f"{n:02}.txt": f"浙江省召开会议\n2021年3月{n}日\n推进现代化{n}。\n" for n in range(1, 25)}
    write_files(tmp_path / "docs", {**pages, "empty.txt": b""})  # 1 of 25 is 4 %
    assert quick("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    strict = quick("ingest", "docs", "--out", "strict", "--strict", cwd=tmp_path)
    assert strict.returncode == 3
    assert "1 of 25 files" in strict.stderr
    assert "limit is 0%" in strict.stderr
    assert len(table(tmp_path / "strict" / "documents.csv")) == 24
    write_files(tmp_path / "docs", {"empty2.txt": b""})  # 2 of 26 are 8 %
    over = quick("ingest", "docs", "--out", "out", cwd=tmp_path)
    assert over.returncode == 3
    assert "empty_file 2" in over.stderr
    assert len(table(tmp_path / "out" / "documents.csv")) == 24
    (tmp_path / "lax.yml").write_text("quarantine_limit: 0.5\n")
    assert quick("ingest", "docs", "--out", "out", "--study", "lax.yml", cwd=tmp_path).returncode == 0


# Too many topics


def test_too_many_topics_end_in_2_and_the_number_that_is_named_works(seeds: Path, tmp_path: Path) -> None:
    said = refused(call("topics", seeds, "--out", "out", "--k", "999", cwd=tmp_path), 2, "999", "passages")
    found = re.search(r"largest sensible number here is (\d+)", said)
    assert found
    assert not (tmp_path / "out" / "topic_terms.csv").exists()
    done = call("topics", seeds, "--out", "out", "--k", found[1], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {row["topic"] for row in table(tmp_path / "out" / "topic_terms.csv")} == set(
        map(str, range(1, int(found[1]) + 1))
    )


def test_too_few_passages_for_any_topic_end_in_4(tmp_path: Path, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    refused(call("topics", "docs", "--out", "out", cwd=tmp_path), 4, "at least 10 passages", "Add documents")


def test_topics_over_time_refuse_thin_years_with_a_width_that_works(seeds: Path, tmp_path: Path) -> None:
    pytest.importorskip("topica")
    ask = ("drift", seeds, "--out", "out", "--refits", "1")
    refused(call(*ask, cwd=tmp_path), 4, "hold 10 passages", "Set --width 2")
    refused(call(*ask, "--width", "2", "--k", "1", cwd=tmp_path), 2, "at least 2")
    refused(call(*ask, "--width", "2", "--k", "2", "--topic", "9", cwd=tmp_path), 2, "from 1 to 2")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.csv"))
    done = call(*ask, "--width", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("slices", "topic_slices", "slice_terms", "word_movement"):
        assert list(table(tmp_path / "out" / f"{name}.csv")[0]) == list(TABLES[name])
    assert len(list((tmp_path / "out").glob("topic_drift_*_en.svg"))) == 1


def test_topics_of_the_seeds_have_the_columns_of_the_schema(seeds: Path, tmp_path: Path) -> None:
    done = call("topics", seeds, "--out", "out", "--k", "3", "--seed", "7", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("topic_terms", "doc_topics", "topic_prevalence", "theme_topics"):
        assert columns(tmp_path / "out" / f"{name}.csv") == list(TABLES[name])
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["settings"]["seed"] == 7


@pytest.mark.parametrize("engine", ["tomotopy", "gensim", "nmf"])
def test_the_same_seed_gives_the_same_files(engine: str, seeds: Path, tmp_path: Path) -> None:
    for out, hashing in (("a", "1"), ("b", "2")):
        environment = {"PYTHONHASHSEED": hashing, "POLICY_THEMES_CACHE": "", "OMP_NUM_THREADS": hashing}
        done = call("topics", seeds, "--out", out, "--k", "3", "--engine", engine, cwd=tmp_path, env=environment)
        assert done.returncode == 0, done.stderr
    for path in (tmp_path / "a").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_engine_and_unit_come_from_the_call_or_the_study_file(tmp_path: Path, write_files: Write) -> None:
    assert call("demo", "docs", cwd=tmp_path).returncode == 0
    write_files(tmp_path, {"own.yml": "topics:\n  engine: nmf\n  unit: document\n  k: 4\n"})
    for out, more in (("a", ("--study", "own.yml")), ("b", ("--engine", "nmf", "--unit", "document", "--k", "4"))):
        done = call("topics", "docs", "--out", out, *more, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert table(tmp_path / "a" / "topic_terms.csv") == table(tmp_path / "b" / "topic_terms.csv")
    assert {row["passage"] for row in table(tmp_path / "a" / "exemplars.csv")} == {"-1"}
    refused(call("topics", "docs", "--out", "c", "--engine", "magic", cwd=tmp_path), 2, "magic", "tomotopy", "nmf")
    refused(call("topics", "docs", "--out", "c", "--unit", "line", cwd=tmp_path), 2, "line", "section")

    # Names survive a refit with another K.
    names = (tmp_path / "a" / "topic_names.csv").read_text(encoding="utf-8-sig").splitlines()
    names[1] = names[1].replace("zh,1,,", "zh,1,会议名,", 1).replace("en,1,,", "en,1,会议名,", 1)
    write_files(tmp_path, {"names.csv": "\n".join(names), "own.yml": "topic_names: names.csv\n"})
    done = call("topics", "docs", "--out", "d", "--k", "3", "--engine", "nmf", "--study", "own.yml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    named = [row for row in table(tmp_path / "d" / "topic_names.csv") if row["name"]]
    assert [row["name"] for row in named] == ["会议名"] and float(named[0]["likeness"]) > 0.5


def test_quality_and_intrusion_of_a_folder(tmp_path: Path, write_files: Write) -> None:
    assert call("demo", "docs", cwd=tmp_path).returncode == 0
    write_files(tmp_path, {"own.yml": "topics:\n  iterations: 20\n"})
    study = ("--study", "own.yml")
    done = call("quality", "docs", "--out", "q", "--k", "4", "--k", "5", "--seeds", "2", *study, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("topic_quality", "topic_stability"):
        assert columns(tmp_path / "q" / f"{name}.csv") == list(TABLES[name])
    assert [row["k"] for row in table(tmp_path / "q" / "topic_quality.csv")] == ["4", "5", "4", "5"]
    assert "best" not in done.stdout
    refused(call("quality", "docs", "--out", "q", "--k", "99999", cwd=tmp_path), 2, "99999", "passages")

    done = call("intrusion", "sheet", "docs", "--out", "i.csv", "--k", "5", *study, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert columns(tmp_path / "i.csv") == list(TABLES["intrusion_sheet"])
    refused(call("intrusion", "read", "i.csv", cwd=tmp_path), 4, "No task is answered")
    key = table(tmp_path / "i.key.csv")
    write_files(tmp_path, {"i.csv": "row,coder_1\n" + "\n".join(f"{row['row']},{row['intruder']}" for row in key)})
    done = call("intrusion", "read", "i.csv", cwd=tmp_path)
    assert done.returncode == 0 and "1.00" in done.stdout and "by chance 0.17" in done.stdout
    refused(call("intrusion", "sheet", "docs", "--out", "j.csv", "--k", "3", *study, cwd=tmp_path), 4, "there are 3")


def test_a_seed_that_is_too_large_ends_in_2(seeds: Path, tmp_path: Path) -> None:
    done = call("topics", seeds, "--out", "out", "--seed", 2**40, cwd=tmp_path, bugs=True)
    assert done.returncode == 2


# Settings with faults

STUDIES = {
    "unknown key": ("seed: 1\nthmes: [modernization]\n", ("line 2", "thmes", "`themes`")),
    "unknown inner key": ("topics:\n  enigne: nmf\n", ("line 2", "topics.enigne", "`engine`")),
    "duplicate key": ("seed: 1\ntitle: a\nseed: 2\n", ("line 3", "`seed` stands twice")),
    "tab": ("topics:\n\tk: 3\n", ("line 2", "tabs")),
    "alias bomb": (
        "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        ("line 1", "aliases"),
    ),
    "alias": ("themes: [modernization]\nsearch_terms: *themes\n", ("line 2", "aliases")),
    "brackets": ("[" * 5_000, ("line 1", "nested")),
    "tag": ("title: !!python/object/apply:os.system ['touch PWNED']\n", ("line 1", "tag")),
    "wrong type": ("title: ok\nseed: NO\n", ("line 2", "seed")),
    "out of range": ("quarantine_limit: 2\n", ("line 1", "quarantine_limit")),
    "wrong choice": ("\n\nlabels: german\n", ("line 3", "labels", "'both'")),
    "two faults": ("labels: german\nsed: 1\n", ("2 fault(s)", "line 1", "line 2", "`seed`")),
    "a list": ("- a\n- b\n", ("line 1",)),
    "text": ("现代化\n", ("line 1",)),
    "second document": ("seed: 1\n---\nseed: 2\n", ("line 2",)),
    "folder": ("folder: /etc\n", ("line 1", "folder")),
    "GBK": ("title: 现代化".encode("gbk"), ("UTF-8",)),
    "NUL": (b"seed: 1\x00\n", ("special characters",)),
    "lexicon missing": ("lexicon: nowhere.yml\n", ("lexicon", "nowhere.yml")),
    "too large": ("#" * 2_000_001, ("larger than",)),
}


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_file_with_a_fault_ends_in_2_with_its_line(
    name: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    content, said = STUDIES[name]
    write_files(tmp_path / "docs", {**ONE, "study.yml": content})
    refused(
        quick(
            "rates",
            "docs",
            "--out",
            "r.csv",
            cwd=tmp_path,
            real=name in ("unknown key", "duplicate key", "tab", "alias bomb", "brackets"),
        ),
        2,
        "study.yml",
        *said,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs"]


def test_a_study_file_that_is_not_there_ends_in_2(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    refused(quick("rates", "docs", "--out", "r.csv", "--study", "no.yml", cwd=tmp_path), 2, "no.yml", "init")


DICTIONARIES = {
    "GBK": ("枫桥经验 10 n\n新时代\n".encode("gbk"), ("words.txt line 1", "UTF-8", "GBK")),
    "GBK below": (b"a\n\n" + "枫桥经验\n".encode("gbk"), ("words.txt line 3", "UTF-8")),
    "ambiguous": ("枫桥经验 10 n\n新 时代\n", ("words.txt line 2", "several ways")),
    "three words": ("# note\n\n一 二 三\n", ("words.txt line 3", "several ways")),
    "zero": ("枫桥经验 0\n", ("words.txt line 1", "is 0")),
}


@pytest.mark.parametrize("name", DICTIONARIES)
def test_a_dictionary_with_a_fault_ends_in_2_with_its_line(
    name: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    content, said = DICTIONARIES[name]
    write_files(tmp_path / "docs", {**ONE, "study.yml": "dictionary: words.txt\n", "words.txt": content})
    refused(quick("topics", "docs", "--out", "out", cwd=tmp_path, real=name in ("GBK", "ambiguous")), 2, *said)


def lexicon(pattern: str, *, name: str = "harmony", zh: str = "和谐") -> str:
    return (
        f'version: "7"\nthemes:\n  - id: {name}\n    label: {{en: Harmony, zh: 和谐}}\n'
        f'    count:\n      zh: [{zh}]\n      en: ["{pattern}"]\n'
    )


LEXICONS = {
    "unknown key": (lexicon("harmony").replace("count:", "cuont:"), ("line 5", "cuont", "`count`")),
    "identifier": (lexicon("harmony", name="No-Good"), ("line 3", "id")),
    "pattern": (lexicon("(a|b"), ("line 7",)),
    "explosion": (lexicon("(a|b)" * 40), ("line 7", "more than")),
}


@pytest.mark.parametrize("name", LEXICONS)
def test_a_lexicon_with_a_fault_ends_in_2_with_its_line(
    name: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    content, said = LEXICONS[name]
    write_files(tmp_path / "docs", {**ONE, "study.yml": "lexicon: own.yml\n", "own.yml": content})
    refused(quick("rates", "docs", "--out", "r.csv", cwd=tmp_path), 2, "own.yml", *said)


def test_a_deeply_nested_pattern_ends_in_2(tmp_path: Path, write_files: Write) -> None:
    own = lexicon("(" * 3_000 + "a" + ")" * 3_000)
    write_files(tmp_path / "docs", {**ONE, "study.yml": "lexicon: own.yml\n", "own.yml": own})
    done = call("rates", "docs", "--out", "r.csv", cwd=tmp_path, bugs=True)
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("option", "name", "content", "said"),
    [
        ("regions", "own.csv", "code,name_en\n1,A\n", "name_zh"),
        ("regions", "own.csv", "code,name_en,name_zh\n1,A,甲\n2,A,乙\n", "'A'"),
        ("regions", "own.csv", "地区".encode("gbk"), "UTF-8"),
        ("overrides", "own.csv", "path,yaer\na.txt,2020\n", "yaer"),
        ("overrides", "own.csv", "date\n2020\n", "path"),
        ("overrides", "own.csv", "path,date\na.txt,yesterday\n", "yesterday"),
        ("overrides", "own.csv", "path,region_code\na.txt,999\n", "999"),
        ("stopwords", "own.txt", "的".encode("gbk"), "UTF-8"),
    ],
)
def test_own_tables_with_a_fault_end_in_2(
    option: str, name: str, content: str | bytes, said: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    write_files(tmp_path / "docs", ONE)
    write_files(tmp_path, {"study.yml": f"{option}: {name}\n", name: content})
    command = "topics" if option == "stopwords" else "ingest"
    if option == "stopwords":  # enough text to come to the stop words
        pages = "\n".join(f"{chr(0x4E00 + n)}地推进现代化建设，加强法治。" for n in range(30))
        write_files(tmp_path / "docs", {"b.txt": pages})
    refused(quick(command, "docs", "--out", "out", "--study", "study.yml", cwd=tmp_path), 2, said)


# The output folder


@pytest.mark.parametrize("command", ["report", "ingest", "topics", "notebooks"])
def test_foreign_files_in_the_output_end_in_6_and_stay(
    command: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    write_files(tmp_path / "docs", ONE)
    write_files(tmp_path / "out", {"thesis.docx": "mine", "report.html": "mine too"})
    before = hashes(tmp_path / "out")
    refused(
        quick(command, "docs", "--out", "out", cwd=tmp_path, real=command == "report"),
        6,
        "not ours",
        "report.html",
        "Nothing was touched",
    )
    assert hashes(tmp_path / "out") == before


@pytest.mark.parametrize("command", ["report", "ingest"])
def test_a_locked_output_ends_in_6_and_names_the_pid(command: str, tmp_path: Path, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    start = time.monotonic()
    with OutputFolder(tmp_path / "out"):
        refused(call(command, "docs", "--out", "out", cwd=tmp_path), 6, f"pid {os.getpid()}", "locked")
    assert time.monotonic() - start < 60


def test_a_lock_left_by_a_killed_run_is_taken_over(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    write_files(tmp_path / "out", {LOCK: "pid 999999", f"{STAGING}dead/half.csv": "x"})
    assert quick("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    assert not list((tmp_path / "out").glob(f"{STAGING}*"))


@pytest.mark.parametrize(("command", "out"), [("ingest", "shut/out"), ("rates", "shut/r.csv")])
def test_an_output_that_cannot_be_written_ends_in_6(command: str, out: str, tmp_path: Path, write_files: Write) -> None:
    prefix = _anybody()
    write_files(tmp_path / "docs", ONE)
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut").chmod(0o555)
    refused(call(command, "docs", "--out", out, cwd=tmp_path, prefix=prefix), 6, "cannot be written")


def test_a_read_only_cache_and_no_home_are_no_failure(tmp_path: Path, write_files: Write) -> None:
    prefix = _anybody()
    write_files(tmp_path / "docs", ONE)
    (tmp_path / "cache").mkdir(mode=0o555)
    environment = {"POLICY_THEMES_CACHE": str(tmp_path / "cache"), "HOME": "/nonexistent", "LANG": "C", "LC_ALL": "C"}
    done = call(
        "kwic", "docs", "--theme", "modernization", "--out", "k.csv", cwd=tmp_path, env=environment, prefix=prefix
    )
    assert done.returncode == 0, done.stderr
    assert len(table(tmp_path / "k.csv")) == 1


def test_a_foreign_file_beside_our_results_is_never_replaced(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    assert quick("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    write_files(tmp_path / "out", {"notes.txt": "mine", "tables/mine.csv": "mine"})
    assert quick("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "out" / "tables" / "mine.csv").read_text() == "mine"


@pytest.mark.long
def test_a_failed_run_leaves_the_last_good_output(seeds: Path, tmp_path: Path) -> None:
    assert call("topics", seeds, "--out", "out", cwd=tmp_path).returncode == 0
    before = hashes(tmp_path / "out")
    (tmp_path / "greedy.yml").write_text("topics: {k: 400}\n")
    (tmp_path / "void").mkdir()
    refused(call("report", seeds, "--out", "out", "--study", "greedy.yml", cwd=tmp_path), 2, "400")
    refused(call("topics", seeds, "--out", "out", "--k", "400", cwd=tmp_path), 2, "400")
    refused(call("report", "void", "--out", "out", cwd=tmp_path), 4, "no files")
    refused(call("ingest", "gone", "--out", "out", cwd=tmp_path), 2, "gone")
    assert hashes(tmp_path / "out") == before
    assert not list((tmp_path / "out").glob(f"{STAGING}*"))


# Ctrl-C


def interrupt(folder: Path, out: Path, *, moment: str, to_group: bool) -> tuple[int, float, str]:
    """Start a report, send SIGINT once it computes or draws; return exit code, seconds until the end, stderr."""
    run = subprocess.Popen(
        [sys.executable, "-m", "policy_themes", "report", folder, "--out", out],
        cwd=out.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        # A suite that is started in the background ignores SIGINT, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        pattern = f"{STAGING}*" if moment == "computing" else f"{STAGING}*/new/*.svg"
        deadline = time.monotonic() + 240
        while not any(out.glob(pattern)):
            assert run.poll() is None, run.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.5)
        start = time.monotonic()
        (os.killpg if to_group else os.kill)(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=120)
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
    return run.returncode, time.monotonic() - start, said.decode()


@pytest.mark.long
@pytest.mark.parametrize(("moment", "to_group"), [("computing", False), ("drawing", False), ("drawing", True)])
def test_an_interrupted_report_ends_in_130_and_changes_nothing(
    moment: str, to_group: bool, tmp_path: Path, toy_folder: Path
) -> None:
    out = tmp_path / "out"
    assert call("ingest", toy_folder, "--out", out, cwd=tmp_path).returncode == 0
    before = hashes(out)
    code, took, said = interrupt(toy_folder, out, moment=moment, to_group=to_group)
    assert code == 130
    assert took < 10
    assert hashes(out) == before
    assert not list(out.glob(f"{STAGING}*"))
    assert to_group or "Traceback" not in said


@pytest.mark.long
def test_an_interrupted_run_says_that_the_results_are_as_they_were(tmp_path: Path, toy_folder: Path) -> None:
    _, _, said = interrupt(toy_folder, tmp_path / "out", moment="computing", to_group=False)
    assert "Interrupted; the last good results are as they were." in said


@pytest.mark.long
def test_an_interrupted_terminal_shows_no_traceback(tmp_path: Path, toy_folder: Path) -> None:
    _, _, said = interrupt(toy_folder, tmp_path / "out", moment="drawing", to_group=True)
    assert "Traceback" not in said


# What commands write


def test_an_ingest_of_what_has_not_changed_writes_nothing_and_says_the_same(tmp_path: Path, toy_folder: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    shutil.copytree(toy_folder, docs)
    first = call("ingest", docs, "--out", out, cwd=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    again = call("ingest", docs, "--out", out, cwd=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
    assert again.stdout.startswith(first.stdout.rstrip()) and "nothing has changed" in again.stdout
    assert again.returncode == first.returncode

    for change in ("a document", "a setting", "the output"):
        if change == "a document":
            (docs / "new.txt").write_text("依法治国，推进平安建设。" * 9, encoding="utf-8")
        elif change == "a setting":
            (docs / "study.yml").write_text("region_level: county\n", encoding="utf-8")
        else:
            (out / "documents.csv").write_text("spoilt", encoding="utf-8")
        done = call("ingest", docs, "--out", out, cwd=tmp_path)
        assert "nothing has changed" not in done.stdout, change
        assert "nothing has changed" in call("ingest", docs, "--out", out, cwd=tmp_path).stdout, change
    assert columns(out / "documents.csv") == list(TABLES["documents"])


def test_a_report_of_what_has_not_changed_writes_nothing(tmp_path: Path, toy_folder: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    shutil.copytree(toy_folder, docs)
    (docs / "study.yml").write_text("sections: [corpus]\nstopwords: own.txt\n", encoding="utf-8")
    (docs / "own.txt").write_text("推进\n", encoding="utf-8")
    first = call("report", docs, "--out", out, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    again = call("report", docs, "--out", out, cwd=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()} == before
    assert again.stdout == f"{first.stdout}nothing has changed since; {out} is as it was\n"
    for change in ("a document", "a file that the settings name", "the output", "the call"):
        if change == "a document":
            (docs / "new.txt").write_text("依法治国，推进平安建设。" * 9, encoding="utf-8")
        elif change == "a file that the settings name":
            (docs / "own.txt").write_text("加强\n", encoding="utf-8")
        elif change == "the output":
            (out / "coverage.csv").write_text("spoilt", encoding="utf-8")
        options = ("--fresh",) if change == "the call" else ()
        done = call("report", docs, "--out", out, *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "nothing has changed" not in done.stdout, change


def test_an_ingest_that_changed_nothing_still_ends_in_3_where_too_much_is_in_quarantine(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("依法治国，推进平安建设。" * 9, encoding="utf-8")
    (docs / "b.txt").write_bytes(b"")
    for _ in range(2):
        done = call("ingest", docs, "--out", tmp_path / "out", cwd=tmp_path)
        assert done.returncode == 3 and "empty_file 1" in done.stderr


def test_ingest_writes_the_tables_of_the_schema(ingested: Path) -> None:
    for name in ("documents", "ledger", "removed"):
        assert columns(ingested / f"{name}.csv") == list(TABLES[name])
    for name in ("documents", "ledger", "texts", "passages", "removed"):
        assert list(pd.read_parquet(ingested / f"{name}.parquet").columns) == list(TABLES[name])
    assert len(table(ingested / "ledger.csv")) == 11
    manifest = json.loads((ingested / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "policy-themes ingest toy --out toy-ingest"
    assert sorted(manifest["files"]) == sorted(set(hashes(ingested)) - {"manifest.json", ".policy-themes"})


def test_ingest_says_what_became_of_the_files(toy_folder: Path, tmp_path: Path) -> None:
    done = call("ingest", toy_folder, "--out", "out", cwd=tmp_path)
    for said in ("11 files", "duplicate", "10 documents without copies", "zh/undated.txt", "2021: 3", "Zhejiang"):
        assert said in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("rates", "--by", "year,region", "--facets"),
        ("rates", "--by", "region", "--theme", "modernization"),
        ("contrast", "--by", "region"),
        ("contrast", "--by", "year", "--at", "2022"),
        ("kwic", "--theme", "modernization"),
        ("kwic", "--phrase", "现代化"),
    ],
    ids=" ".join,
)
def test_an_ingest_folder_gives_what_the_raw_one_gives(
    arguments: tuple[str, ...], toy_folder: Path, ingested: Path, tmp_path: Path, quick: Call
) -> None:
    command, *options = arguments
    for name, folder in (("raw.csv", toy_folder), ("stored.csv", ingested)):
        assert quick(command, folder, *options, "--out", name, cwd=tmp_path).returncode == 0
    assert (tmp_path / "raw.csv").read_bytes() == (tmp_path / "stored.csv").read_bytes()
    assert table(tmp_path / "raw.csv")


@pytest.mark.long
def test_topics_of_an_ingest_folder_are_those_of_the_raw_one(seeds: Path, tmp_path: Path) -> None:
    assert call("ingest", seeds, "--out", "stored", cwd=tmp_path).returncode == 0
    for out, folder in (("a", seeds), ("b", "stored")):
        done = call("topics", folder, "--out", out, "--k", "2", "--fresh", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    first, second = ({k: v for k, v in hashes(tmp_path / x).items() if k.endswith(".csv")} for x in "ab")
    assert first == second
    assert len(first) == 8


def test_a_damaged_ingest_ends_in_2(ingested: Path, tmp_path: Path, quick: Call) -> None:
    shutil.copytree(ingested, tmp_path / "stored")
    (tmp_path / "stored" / "documents.parquet").write_bytes(b"PAR1 no")
    refused(quick("rates", "stored", "--out", "r.csv", cwd=tmp_path), 2, "damaged", "ingest")


def test_an_ingest_of_other_types_ends_in_2(ingested: Path, tmp_path: Path, quick: Call) -> None:
    shutil.copytree(ingested, tmp_path / "stored")
    frame = pd.read_parquet(tmp_path / "stored" / "passages.parquet")
    frame.assign(start=0.5).to_parquet(tmp_path / "stored" / "passages.parquet")
    done = quick("rates", "stored", "--out", "r.csv", cwd=tmp_path)
    refused(done, 2, "damaged", "ingest")


@pytest.mark.parametrize("theme", ["modernization", "fengqiao_experience", "safe_china"])
def test_kwic_of_a_theme_has_a_row_for_every_hit(
    theme: str, toy_folder: Path, toy_corpus: Corpus, tmp_path: Path, quick: Call
) -> None:
    done = quick("kwic", toy_folder, "--theme", theme, "--out", "k.csv", cwd=tmp_path, real=theme == "modernization")
    assert done.returncode == 0, done.stderr
    found = table(tmp_path / "k.csv")
    counted = find_hits(toy_corpus, load_lexicon()).table
    counted = counted[counted["doc_id"].isin(toy_corpus.unique["doc_id"])]
    counted = counted[(counted["theme"] == theme) & counted["facet"].isna()]
    assert sum(row["counted"] == "True" for row in found) == counted["n_hits"].sum()
    assert sum(row["excluded_by"] != "" for row in found) == counted["n_excluded"].sum()
    assert done.stdout.startswith(f"{len(found)} occurrences in {len({row['path'] for row in found})} documents")
    assert columns(tmp_path / "k.csv") == list(TABLES["evidence"])


def test_kwic_of_a_phrase_quotes_each_place_in_its_file(toy_folder: Path, tmp_path: Path) -> None:
    assert call("kwic", toy_folder, "--phrase", "现代化", "--out", "k.csv", cwd=tmp_path).returncode == 0
    found = table(tmp_path / "k.csv")
    pages = {path: (toy_folder / path).read_text(encoding="utf-8") for path in {row["path"] for row in found}}
    assert len(found) == 1 + 2 + 3 + 1  # a, b (its copy counts once), d, undated
    for row in found:
        assert pages[row["path"]][int(row["start"]) : int(row["end"])] == row["match"] == "现代化"
        assert row["left"] + row["match"] + row["right"] in pages[row["path"]]


def test_kwic_of_a_year_and_a_region(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    for region in ("330000", "浙江", "Zhejiang"):
        done = quick(
            "kwic",
            toy_folder,
            "--phrase",
            "现代化",
            "--year",
            "2022",
            "--region",
            region,
            "--out",
            "k.csv",
            cwd=tmp_path,
        )
        assert done.returncode == 0
        assert [row["path"] for row in table(tmp_path / "k.csv")] == ["zh/b.txt", "zh/b.txt"]


def test_kwic_of_blanks_ends_in_2(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    assert quick("kwic", toy_folder, "--phrase", " ", "--out", "k.csv", cwd=tmp_path).returncode == 2


def test_rates_by_year_and_region_add_up(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    sums = {}
    for by in ("year", "region", "year,region", "region,year"):
        assert quick("rates", toy_folder, "--by", by, "--out", "r.csv", cwd=tmp_path).returncode == 0
        assert columns(tmp_path / "r.csv") == list(TABLES["theme_rates"])
        found = [
            row for row in table(tmp_path / "r.csv") if row["theme"] == "modernization" and row["language"] == "zh"
        ]
        sums[by] = (sum(int(row["n_hits"]) for row in found), sum(int(row["n_docs"]) for row in found))
        if "," in by:
            cells = {(row["year"], row["region_en"]): (row["n_hits"], row["mark"]) for row in found}
            assert cells["2022", "Zhejiang"][0] == "2"
            assert cells["2023", "Zhejiang"] == ("0", "absent")
    # Six dated and placed Chinese documents with six hits but for the undated one, which has a region.
    assert sums["year"] == (6, 5)
    assert sums["region"] == (7, 6)
    assert sums["year,region"] == sums["region,year"] == (6, 5)


def test_contrast_ranks_words_and_says_why_nothing_is_tested(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    done = quick("contrast", toy_folder, "--group", "浙江", "--out", "c.csv", cwd=tmp_path)
    assert done.returncode == 0 and "en 330000  province" in done.stdout
    assert "no test: how the documents were collected is not said" in done.stdout
    assert columns(tmp_path / "c.csv") == list(TABLES["contrasts"])
    assert {row["group"] for row in table(tmp_path / "c.csv")} == {"330000"}


def test_contrast_of_themes_gives_what_the_regions_have(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    asked = ("--of", "themes", "--theme", "modernization", "--group", "浙江", "--against", "陕西")
    done = quick("contrast", toy_folder, *asked, "--out", "d.csv", cwd=tmp_path)
    assert done.returncode == 0 and "zh 330000 : 610000  modernization" in done.stdout
    assert "no test: how the documents were collected is not said" in done.stdout
    assert columns(tmp_path / "d.csv") == list(TABLES["differences"])
    (chinese,) = [row for row in table(tmp_path / "d.csv") if row["language"] == "zh"]
    assert (chinese["n_hits_group"], chinese["n_hits_other"], chinese["measure"]) == ("3", "3", "rate")


def test_words_found_on_one_half_are_tested_on_the_other(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    done = quick("contrast", toy_folder, "--by", "region", "--split", "--out", "s.csv", cwd=tmp_path)
    assert done.returncode in (0, 4)
    if done.returncode == 0:
        assert all("one half" in row["method"] for row in table(tmp_path / "s.csv"))


def test_rates_by_another_column_add_up(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    assert quick("rates", toy_folder, "--by", "unit,year", "--out", "r.csv", cwd=tmp_path).returncode == 0
    found = [row for row in table(tmp_path / "r.csv") if row["theme"] == "modernization"]
    assert {(row["language"], row["grouping"], row["group"]) for row in found} == {
        ("zh", "unit", "han"), ("en", "unit", "word")
    }  # fmt: skip
    assert sum(int(row["n_hits"]) for row in found if row["language"] == "zh") == 6
    said = refused(quick("rates", toy_folder, "--by", "outlets", "--out", "r.csv", cwd=tmp_path), 2, "outlets")
    assert "Did you mean `outlet`?" in said


@pytest.mark.parametrize(
    ("collected", "asked", "said"),
    [
        (None, None, "none: `collected` does not say"),
        ("census", None, "none: all documents of their kind"),
        ("convenience", None, "none: documents that were at hand"),
        ("search", None, "none: 1 document, 5 are needed"),
        ("search", "none", "none: not asked for"),
        (None, "sample", "none: 1 document, 5 are needed"),
    ],
)
def test_an_interval_follows_from_how_documents_were_collected(
    collected: str | None, asked: str | None, said: str, toy_folder: Path, tmp_path: Path, quick: Call
) -> None:
    (tmp_path / "s.yml").write_text(f"collected: {collected}\n" if collected else "{}\n", encoding="utf-8")
    option = ("--interval", asked) if asked else ()
    done = quick("rates", toy_folder, "--study", "s.yml", "--out", "r.csv", *option, cwd=tmp_path)
    assert done.returncode == 0
    assert any(row["interval"].startswith(said) and row["rate_per_10k"] for row in table(tmp_path / "r.csv"))


@pytest.mark.parametrize("collected", ["census", "convenience"])
def test_what_is_no_sample_has_no_sample_interval(
    collected: str, toy_folder: Path, tmp_path: Path, quick: Call
) -> None:
    (tmp_path / "s.yml").write_text(f"collected: {collected}\n", encoding="utf-8")
    arguments = ("rates", toy_folder, "--study", "s.yml", "--out", "r.csv", "--interval", "sample")
    refused(quick(*arguments, cwd=tmp_path), 2, "--interval", collected)
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("trends", "--theme", "modernization"), "trends"),
        (("trends", "--periods", "2021-2021,2022-2023"), "trends"),
        (("diffusion", "--theme", "fengqiao_experience"), "diffusion"),
        (("effects", "--outcome", "modernization", "--formula", "~ region + year"), "effects"),
        (("diffusion", "--theme", "fengqiao_experience", "--by", "year"), "adoption"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_trends_and_diffusion_have_their_columns(
    arguments: tuple[str, ...], name: str, toy_folder: Path, tmp_path: Path, quick: Call
) -> None:
    command, *options = arguments
    assert quick(command, toy_folder, *options, "--out", "t.csv", cwd=tmp_path).returncode == 0
    assert columns(tmp_path / "t.csv") == list(TABLES[name])
    found = table(tmp_path / "t.csv")
    assert found
    if "--theme" in options:
        assert {row["theme"] for row in found} == {options[1]}
    if options[0] == "--theme" and name == "trends":
        assert {row["note"] for row in found} >= {"none: 3 years, 6 are needed"}
    if name == "diffusion":
        first = next(row for row in found if row["region_en"] == "Zhejiang" and row["language"] == "zh")
        assert (first["first_year"], first["first_sentence"], first["censored"]) == ("2021", "坚持枫桥经验。", "left")


@pytest.mark.parametrize(
    ("pages", "command", "said"),
    [
        ({"a.txt": "浙江省召开会议\n2021年3月5日\n推进现代化。\n"}, "trends", "2021"),
        ({"a.txt": "浙江省召开会议\n推进现代化。\n"}, "trends", "No document has a year"),
        ({"a.txt": "浙江省召开会议\n2021年3月5日\n推进现代化。\n", "b.txt": "陕西省召开会议\n2021年3月6日\n加强法治。\n"},
         "diffusion", "1 year"),
        ({"a.txt": "浙江省召开会议\n2021年3月5日\n推进现代化。\n", "b.txt": "浙江省部署工作\n2022年3月6日\n加强法治。\n"},
         "diffusion", "1 region"),
        ({"a.txt": "浙江省召开会议\n2021年3月5日\n推进现代化。\n\n加强政法队伍建设，推动政法工作再上新的台阶，保障人民安居乐业、社会安定有序。\n"},
         "surface", "1 region(s) and 1 year(s)"),
    ],
    ids=["one document", "no year", "one year", "one region", "one cell"],
)  # fmt: skip
def test_nothing_to_compare_ends_in_4_and_rates_are_printed(
    pages: dict[str, str], command: str, said: str, tmp_path: Path, quick: Call, write_files: Write
) -> None:
    write_files(tmp_path / "docs", pages)
    option = ("--theme", "modernization") if command in ("diffusion", "surface") else ()
    refused(quick(command, "docs", *option, "--out", "t.csv", cwd=tmp_path), 4, said, "policy-themes rates")
    assert not (tmp_path / "t.csv").exists()
    assert quick("rates", "docs", "--by", "region", "--out", "r.csv", cwd=tmp_path).returncode == 0
    assert any(row["rate_per_10k"] for row in table(tmp_path / "r.csv"))


def test_an_unknown_theme_or_region_ends_in_2_with_a_suggestion(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    said = refused(
        quick("rates", toy_folder, "--theme", "modernisation", "--out", "r.csv", cwd=tmp_path), 2, "`modernisation`"
    )
    assert "Did you mean `modernization`?" in said
    refused(quick("kwic", toy_folder, "--theme", "fengqiao", "--out", "k.csv", cwd=tmp_path), 2, "fengqiao_experience")
    said = refused(
        quick("kwic", toy_folder, "--phrase", "a", "--region", "Zejiang", "--out", "k.csv", cwd=tmp_path),
        2,
        "'Zejiang'",
    )
    assert "Did you mean `Zhejiang`?" in said
    assert not list(tmp_path.iterdir())


def test_init_writes_a_study_file_that_loads_and_never_replaces_one(tmp_path: Path, write_files: Write) -> None:
    write_files(tmp_path / "docs", ONE)
    done = call("init", "docs", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, str(Path("docs/study.yml")))
    path = tmp_path / "docs" / "study.yml"
    assert load_settings(path).model_dump() == Settings().model_dump()
    assert call("rates", "docs", "--out", "r.csv", cwd=tmp_path).returncode == 0
    path.write_text("seed: 3\n")
    refused(call("init", "docs", cwd=tmp_path), 6, "left as it is")
    assert path.read_text() == "seed: 3\n"
    refused(call("init", "nowhere", cwd=tmp_path), 2, "nowhere")


def test_demo_writes_the_corpus_once(tmp_path: Path) -> None:
    done = call("demo", "corpus", cwd=tmp_path)
    assert done.returncode == 0
    before = hashes(tmp_path / "corpus")
    assert len(before) == 192
    assert "192 files" in done.stdout
    refused(call("demo", "corpus", cwd=tmp_path), 6, "not empty")
    (tmp_path / "file").write_text("mine")
    refused(call("demo", "file", cwd=tmp_path), 2, "is a file")
    assert hashes(tmp_path / "corpus") == before
    (tmp_path / "empty").mkdir()
    assert call("demo", "empty", "--seed", "1", cwd=tmp_path).returncode == 0
    assert hashes(tmp_path / "empty") == before


def test_doctor_finds_everything_here(tmp_path: Path) -> None:
    done = call("doctor", cwd=tmp_path, env={"PYTHONUTF8": "1"})
    assert done.returncode == 0
    assert done.stdout.startswith(f"policy-themes {__version__}, Python ")
    assert "MISSING" not in done.stdout
    assert "Noto Sans SC draws Chinese" in done.stdout
    assert os.environ["POLICY_THEMES_CACHE"] in done.stdout


def test_doctor_lists_the_themes(tmp_path: Path, quick: Call) -> None:
    done = quick("doctor", "--themes", cwd=tmp_path)
    assert tuple(line.split()[0] for line in done.stdout.splitlines()) == load_lexicon().ids


# Files of one's own


def test_a_study_with_files_of_its_own_is_taken_into_account(tmp_path: Path, quick: Call, write_files: Write) -> None:
    body = "".join(f"和谐社区建设第{n}件事，推进现代化，谋划蓝图愿景甲，落实工作。\n" for n in "一二三四五六七八九十")
    write_files(tmp_path / "docs", {f"{n}.txt": f"会议{n}召开\n{n}\n{body}{n}地\n" for n in ("甲", "乙", "丙")})
    write_files(
        tmp_path / "own",
        {
            "study.yml": "copies: all\nthemes: [harmony]\nlexicon: themes.yml\ndictionary: words.txt\nstopwords: stop.txt\n"
            "overrides: fix.csv\nquarantine_limit: 0.5\n",
            "themes.yml": lexicon("harmony"),
            "words.txt": "# mine\n蓝图愿景甲 5 n\n",
            "stop.txt": "# mine\n会议\n",
            "fix.csv": "path,date,region_code,outlet\n甲.txt,2019-05-06,610000,某报\n",
        },
    )
    study = ("--study", "own/study.yml")
    assert quick("ingest", "docs", "--out", "in", *study, cwd=tmp_path).returncode == 0
    fixed = {row["path"]: row for row in table(tmp_path / "in" / "documents.csv")}["甲.txt"]
    assert (fixed["date"], fixed["year"], fixed["region_en"], fixed["outlet"]) == (
        "2019-05-06",
        "2019",
        "Shaanxi",
        "某报",
    )
    assert (fixed["date_source"], fixed["region_source"]) == ("override", "override")

    assert quick("rates", "docs", "--out", "r.csv", *study, cwd=tmp_path).returncode == 0
    rows = table(tmp_path / "r.csv")
    assert [(row["theme"], row["year"], row["n_hits"]) for row in rows if row["theme"] == "harmony"] == [
        ("harmony", "2019", "10")
    ]
    assert "modernization" in {row["theme"] for row in rows}

    assert quick("topics", "docs", "--out", "t", "--k", "2", *study, cwd=tmp_path).returncode == 0
    terms = {row["term"] for row in table(tmp_path / "t" / "topic_terms.csv")}
    assert "蓝图愿景甲" in terms
    assert "会议" not in terms
    write_files(tmp_path, {"plain.yml": "copies: all\n"})
    assert quick("topics", "docs", "--out", "t", "--k", "2", "--study", "plain.yml", cwd=tmp_path).returncode == 0
    terms = {row["term"] for row in table(tmp_path / "t" / "topic_terms.csv")}
    assert "蓝图愿景甲" not in terms
    assert "会议" in terms

    write_files(tmp_path / "own", {"alone.yml": "lexicon: themes.yml\nlexicon_mode: replace\noverrides: fix.csv\n"})
    assert quick("rates", "docs", "--out", "r.csv", "--study", "own/alone.yml", cwd=tmp_path).returncode == 0
    assert {row["theme"] for row in table(tmp_path / "r.csv")} == {"harmony"}


def test_a_region_table_of_ones_own(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", {"a.txt": "Bavaria plans ahead\nMay 5, 2021\nModernization in Bavaria goes on.\n"})
    write_files(tmp_path, {"s.yml": "regions: r.csv\n", "r.csv": "code,name_en,name_zh\nBY,Bavaria,巴伐利亚\n"})
    assert (
        quick("rates", "docs", "--by", "region", "--out", "out.csv", "--study", "s.yml", cwd=tmp_path).returncode == 0
    )
    assert {(row["region_code"], row["region_en"]) for row in table(tmp_path / "out.csv")} == {("BY", "Bavaria")}


# Hostile text

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'",
    "{{7*7}}{% raw %}",
    "$\\frac{1}{$",
    "[x](javascript:alert(1))",
    "\x1b[31mred\x07",
    "\u202egnp.exe",
)
VOID = {"meta", "img", "br", "col", "hr", "link", "input"}


class Page(HTMLParser):
    """Collect what a page could load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def hostile(place: Path) -> Iterator[Path]:
    folder = place / "hostile <b>folder"
    folder.mkdir()
    for number, text in enumerate(HOSTILE):
        name = "".join(char for char in text if char not in "/\0")[:40]
        page = (
            f"{text}\n2021年3月{number + 1}日 来源：{text}\n浙江省推进现代化{text}并坚持枫桥经验。{text}\n"
            f"我们继续努力。\n{text}现代化第{number}次。\n"
        )
        (folder / f"{number}<b>{name}.txt").write_text(page, encoding="utf-8")
    (folder / "new\nline.txt").write_text("=1+1\n无日期的现代化。\n", encoding="utf-8")
    label = (
        '{en: "</script><script>alert(2)</script>--><script/> $\\\\frac{1}{$ b", zh: "<img onerror=alert(3)>现代化"}'
    )
    own = f'version: "<script>9</script>"\nthemes:\n  - id: modern\n    label: {label}\n    count: {{zh: [现代化]}}\n'
    (place / "hostile.yml").write_text(
        'title: "<script>alert(4)</script>{{7*7}}"\nlexicon: evil.yml\nquarantine_limit: 0.5\n'
    )
    (place / "evil.yml").write_text(own, encoding="utf-8")
    done = call("report", folder, "--out", "hostile-out", "--study", "hostile.yml", cwd=place)
    assert done.returncode == 0, done.stderr
    yield place / "hostile-out"
    shutil.rmtree(place / "hostile-out")


@pytest.mark.long
def test_hostile_text_is_inert_in_the_page(hostile: Path) -> None:
    source = (hostile / "report.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(source)
    page.close()
    assert page.open == []
    assert not {"script", "iframe", "object", "embed", "link", "base", "form", "svg"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    targets = [value for name, value in page.attributes if name in ("src", "href", "action", "data", "srcset")]
    assert targets
    assert not [value for value in targets if not value.startswith(("#", "data:image/png;base64,"))]
    assert "49" not in source[source.index("<title>") : source.index("</title>")]
    assert "{{7*7}}" in source
    policy = dict(page.attributes).get("http-equiv")
    assert policy == "Content-Security-Policy"
    for number in (2, 4):  # in the name of a theme, in the title
        assert f"&lt;script&gt;alert({number})&lt;/script&gt;" in source
    for said in ("<b><script><script>alert(1)<script>.txt", "浙江省推进现代化=cmd|' /C calc'!"):  # a name, a sentence
        assert said in "".join(page.text)


@pytest.mark.long
def test_hostile_text_is_inert_in_every_csv(hostile: Path) -> None:
    paths = sorted(hostile.rglob("*.csv"))
    assert len(paths) > 20
    for path in paths:
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)):
            for cell in row:
                assert not cell.startswith(FORMULA) or re.fullmatch(r"-?[\d.e+-]+", cell), (path.name, cell)
    quoted = {row["left"] for row in table(hostile / "tables" / "evidence.csv")}
    assert "'@SUM(1+1)*cmd|' /C calc'" in quoted


@pytest.mark.long
def test_hostile_text_is_inert_in_pictures_and_word(hostile: Path) -> None:
    paths = list(hostile.glob("*.svg"))
    assert len(paths) > 5
    for path in paths:
        for element in ElementTree.parse(path).iter():
            assert str(element.tag).rpartition("}")[2] not in ("script", "foreignObject", "a", "iframe")
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert not name.endswith("href") or value.startswith(("#", "data:"))
    with zipfile.ZipFile(hostile / "report.docx") as archive:
        relations = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels")]
    assert not [text for text in relations if 'TargetMode="External"' in text]


@pytest.mark.long
def test_hostile_text_does_not_reach_the_terminal(place: Path, hostile: Path) -> None:
    done = call("ingest", "hostile <b>folder", "--out", "hostile-ingest", "--study", "hostile.yml", cwd=place)
    assert done.returncode == 0
    assert hostile.is_dir()
    assert "new" in done.stdout


def test_control_characters_of_names_do_not_reach_the_terminal(tmp_path: Path, quick: Call, write_files: Write) -> None:
    write_files(tmp_path / "docs", {"\x1b[31mred\n.txt": "会议召开\n推进现代化。\n"})
    done = quick("ingest", "docs", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "red\n" not in done.stdout


@pytest.mark.parametrize("which", ["input", "output"])
def test_a_folder_whose_name_is_not_utf8(which: str, tmp_path: Path, write_files: Write) -> None:
    name = os.fsdecode(b"fold\xff")
    folder, out = (name, "out") if which == "input" else ("docs", name)
    write_files(tmp_path / folder, ONE)
    done = call("ingest", folder, "--out", out, cwd=tmp_path, bugs=True)
    assert done.returncode == 0


def test_file_names_that_are_not_utf8_or_very_long(tmp_path: Path, write_files: Write) -> None:
    names = (os.fsdecode(b"bad\xff.txt"), "x" * 251 + ".txt", "e\u0301.txt", "é.txt", ";rm -rf.txt", "-x.txt")
    write_files(
        tmp_path / "docs", dict.fromkeys(names, "") | {n: f"会议{i}\n现代化{i}。\n" for i, n in enumerate(names)}
    )
    done = call("kwic", "docs", "--phrase", "现代化", "--out", "k.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len({row["path"] for row in table(tmp_path / "k.csv")}) == len(names)


# Words


def test_lexicon_check_says_what_a_lexicon_catches(toy_folder: Path, tmp_path: Path) -> None:
    done = call("lexicon", "check", toy_folder, "--out", "check", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    assert re.search(r"^fengqiao_experience +zh +\d+ ", done.stdout, re.MULTILINE)
    written = {path.stem for path in (tmp_path / "check").glob("*.csv")}
    assert written == {
        "theme_checks", "phrase_hits", "theme_overlaps", "removed_hits", "language_agreement", "language_leaks"
    }  # fmt: skip
    checks = pd.read_csv(tmp_path / "check" / "theme_checks.csv")
    assert list(checks.columns) == list(TABLES["theme_checks"])
    removed = pd.read_csv(tmp_path / "check" / "removed_hits.csv")
    assert len(removed) == checks["n_removed"].sum() or removed["counted"].eq(False).all()


def test_lexicon_check_of_ones_own_file(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    (tmp_path / "mine.yml").write_text(
        "version: '1'\nthemes:\n  - id: mine\n    label: {en: Mine, zh: 我}\n    count: {zh: [召开会议]}\n",
        encoding="utf-8",
    )
    done = quick("lexicon", "check", "mine.yml", toy_folder, cwd=tmp_path)
    assert done.returncode == 0 and re.search(r"^mine +zh +\d+ ", done.stdout, re.MULTILINE)
    (tmp_path / "mine.yml").write_text("version: '1'\nthemes:\n  - id: Mine\n", encoding="utf-8")
    refused(quick("lexicon", "check", "mine.yml", toy_folder, cwd=tmp_path), 2, "line 3")


def test_lexicon_check_between_two_languages(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    rows = [{"zh": "建设法治社会", "en": "a society under the rule of law"}, {"zh": "推进法治", "en": "go on"}]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = quick("lexicon", "check", toy_folder, "--aligned", "two.jsonl", "--out", "check", cwd=tmp_path)
    assert "rule_of_law                  P 1.00  R 0.50" in done.stdout
    leaks = pd.read_csv(tmp_path / "check" / "language_leaks.csv")
    assert leaks[["theme", "only", "segment"]].to_numpy().tolist() == [["rule_of_law", "zh", 2]]


def test_accepted_terms_are_a_dictionary(tmp_path: Path, write_files: Write, quick: Call) -> None:
    text = "今年{}扩建云轨快线，市民都说云轨快线好。建成云轨快线，乘坐云轨快线{}。"
    pages = {f"{year}.txt": f"{year}年1月5日\n" + text.format(year, "去上班" if year % 2 else "去上学") * 3
             for year in range(2015, 2021)}  # fmt: skip
    write_files(tmp_path / "docs", pages)
    assert quick("terms", "docs", "--out", "terms.csv", cwd=tmp_path).returncode == 0
    table = pd.read_csv(tmp_path / "terms.csv", dtype=object)
    assert list(table.columns) == list(TABLES["candidate_terms"]) and "云轨快线" in set(table["term"])
    table.loc[table["term"] == "云轨快线", "accept"] = "yes"
    table.to_csv(tmp_path / "docs" / "terms.csv", index=False, encoding="utf-8-sig")
    (tmp_path / "docs" / "study.yml").write_text("dictionary: terms.csv\n", encoding="utf-8")
    # Among the documents it is no document.
    assert quick("ingest", "docs", "--out", "read", cwd=tmp_path).returncode == 0
    ledger = pd.read_csv(tmp_path / "read" / "ledger.csv").set_index("path")
    assert ledger.loc["terms.csv", ["outcome", "reason"]].tolist() == ["skipped", "study_file"]
    assert quick("terms", "docs", "--out", "again.csv", cwd=tmp_path).returncode == 0
    assert "云轨快线" not in set(pd.read_csv(tmp_path / "again.csv")["term"])


def test_kwic_sorted_with_a_window(toy_folder: Path, tmp_path: Path, quick: Call) -> None:
    call_ = ("kwic", toy_folder, "--phrase", "现代化", "--window", "5", "--sort", "right", "--out", "k.csv")
    assert quick(*call_, cwd=tmp_path).returncode == 0
    table = pd.read_csv(tmp_path / "k.csv", keep_default_na=False)
    assert table["right"].str.len().max() <= 6 and table["left"].str.len().max() <= 6
    right = [text.lstrip("'").lstrip().lower() for text in table["right"]]
    assert len(right) > 1 and right == sorted(right)


def test_structural_models_need_a_formula_of_columns_that_there_are(seeds: Path, tmp_path: Path, quick: Call) -> None:
    ask = ("topics", seeds, "--out", "out", "--k", "3")
    refused(quick(*ask, "--engine", "structural", cwd=tmp_path), 2, "needs a formula", "--prevalence")
    refused(quick(*ask, "--engine", "structural", "--prevalence", "~ moon", cwd=tmp_path), 2, "moon", "institution")
    refused(quick(*ask, "--prevalence", "~ region", cwd=tmp_path), 2, "--engine structural")
    refused(quick(*ask, "--drop-one", "rule_of_law", cwd=tmp_path), 2, "--engine seeded")
    refused(quick(*ask, "--engine", "seeded", "--content", "region", cwd=tmp_path), 2, "--engine structural")
    refused(quick(*ask, "--engine", "seeded", "--drop-one", "rule_of_la", cwd=tmp_path), 2, "`rule_of_law`?")


@pytest.mark.long
def test_keywords_are_left_out_one_by_one(demo_folder: Path, tmp_path: Path, write_files: Write, quick: Call) -> None:
    write_files(tmp_path, {"own.yml": "topics:\n  engine: seeded\n  iterations: 20\n  k: 8\n"})
    ask = ("topics", demo_folder, "--out", "out", "--study", "own.yml", "--prevalence", "~ region + s(year)")
    refused(quick(*ask, "--drop-one", "fengqiao_experience", cwd=tmp_path), 4, "no two keywords", "枫桥经验")
    refused(quick(*ask, "--drop-one", "revitalization", cwd=tmp_path), 2, "No topic begins", "rule_of_law")
    done = quick(*ask, "--drop-one", "modernization", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "out" / "keyword_influence.csv").set_index(["language", "keyword"])
    shares = pd.read_csv(tmp_path / "out" / "keyword_shares.csv").query("theme == 'modernization' and n > 0")
    assert set(found.index) == set(zip(shares["language"], shares["keyword"], strict=True)) and len(found) >= 4
    assert found[["cosine", "share", "share_without"]].map(lambda value: 0 < value <= 1).all(axis=None)
    # Most hits of the theme are this word: without it the topic is another.
    assert found.loc["zh", "cosine"].idxmin() == "现代化"


@pytest.mark.long
@pytest.mark.parametrize("engine", ["structural", "seeded"])
def test_quality_of_models_that_need_more_than_counts(
    engine: str, demo_folder: Path, tmp_path: Path, write_files: Write, quick: Call
) -> None:
    write_files(tmp_path, {"own.yml": f"topics:\n  engine: {engine}\n  iterations: 10\n"})
    ask = ("quality", demo_folder, "--out", "q", "--seeds", "2", "--study", "own.yml", "--prevalence", "~ region")
    done = quick(*ask, "--k", "8", "--k", "10", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "q" / "topic_quality.csv")
    assert found[["language", "k"]].values.tolist() == [["zh", 8], ["zh", 10], ["en", 8], ["en", 10]]
    assert found[["perplexity", "npmi", "exclusivity", "cosine"]].notna().all(axis=None)
    assert found["engine"].eq(engine).all()
    if engine == "seeded":
        refused(quick(*ask, "--k", "2", cwd=tmp_path), 2, "cannot hold")


def test_outcomes_of_effects_are_themes_topics_or_topics_of_themes(seeds: Path, tmp_path: Path) -> None:
    ask = ("effects", seeds, "--out", "out.csv", "--formula", "~ n_units", "--k", "3", "--outcome")
    refused(call(*ask, "topics:9", cwd=tmp_path), 2, "`topic:3`")
    refused(call(*ask, "topic:9", cwd=tmp_path), 2, "Topics are 1 to 3")
    refused(call(*ask, "theme-topics:rule_of_la", cwd=tmp_path), 2, "rule_of_law")
    done = call(*ask, "topic:1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "out.csv")
    assert set(table["outcome"]) == {"topic:1"} and table["uncertainty"].str.contains("drawn 25 times").all()
