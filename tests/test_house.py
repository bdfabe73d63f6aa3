"""The house rules hold: layers, one lock, tables as documented, the runner, headers of data, nothing left lying about."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from policy_themes.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "policy_themes"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted(PACKAGE.rglob("*.py"))
PYTHONS = ("3.11.7", "3.12.6", "3.13.1")
SEEDS = (
    "000_f65f19f0b65bf261.txt",
    "001_b7bab0eb4a900e73.txt",
    "002_23d64e590de66c9f.txt",
    "003_c575fb58e92d1fa5.txt",
    "004_ddfe9305454b6290.txt",
)


# Layers


def contracts(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Check the contracts of a folder's package; the folder stands before the installed package on the path."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from importlinter.cli import lint_imports_command as c; c()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(folder), "--no-cache", "--config", "pyproject.toml"],
        cwd=folder.parent if folder.name == "src" else folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold() -> None:
    done = contracts(ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"Contracts: {len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken", done.stdout)


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("text/units.py", "import policy_themes.corpus", "Layers"),
        ("figures/terms.py", "import gensim", "Drawing knows no model"),
        ("compare/rates.py", "import matplotlib", "Only figures and report draw"),
        ("study.py", "import jieba", "Segmenters"),
        ("report/run.py", "import gensim", "Topic engines"),
        ("report/scaled.py", "import pyspark", "Spark is used in scale only"),
        ("helpers.py", "import json", "Layers"),  # a module that no layer names
    ],
)
def test_the_contracts_bite(module: str, line: str, contract: str, tmp_path: Path) -> None:
    shutil.copytree(
        PACKAGE,
        tmp_path / "policy_themes",
        ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "policy_themes" / module).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
    done = contracts(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [row for row in done.stdout.splitlines() if " BROKEN" in row]
    if module == "helpers.py":  # stops the check with a message of its own
        assert "helpers" in done.stdout + done.stderr
    else:
        assert [row for row in broken if row.startswith(contract)]


# One lock


# Half a gigabyte that needs Java: a newcomer's environment is without it, and `.ci/run` adds it.
UNLOCKED = {"spark"}


def direct() -> list[Requirement]:
    extras = [own for name, own in PROJECT["project"]["optional-dependencies"].items() if name not in UNLOCKED]
    return [Requirement(text) for group in [PROJECT["project"]["dependencies"], *extras] for text in group]


def test_what_is_not_locked_is_installed_pinned_where_everything_is_tested() -> None:
    recipe = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    names = {canonicalize_name(pin.name) for pin in locked()}
    for extra in UNLOCKED:
        for wanted in map(Requirement, PROJECT["project"]["optional-dependencies"][extra]):
            found = re.search(rf"\b{wanted.name}==([0-9.]+)", recipe)
            assert found and wanted.specifier.contains(found[1]), wanted
            assert canonicalize_name(wanted.name) not in names


def locked() -> list[Requirement]:
    return [Requirement(line) for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines() if line]


def environment(python: str, system: str = "linux") -> dict[str, str]:
    own = {key: str(value) for key, value in default_environment().items()}
    names = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}[system]
    return own | {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "sys_platform": system,
        "os_name": names[0],
        "platform_system": names[1],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


def pins(python: str, system: str = "linux") -> dict[str, str]:
    """Return the one version of every library that the lock gives a Python."""
    found: dict[str, str] = {}
    for pin in locked():
        if pin.marker is None or pin.marker.evaluate(environment(python, system)):
            name = canonicalize_name(pin.name)
            assert name not in found, f"{name} is pinned twice for {python} on {system}"
            found[name] = next(iter(pin.specifier)).version
    return found


def test_the_lock_holds_versions_and_nothing_else() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.+]*( ; .+)?", line), line
        assert not re.search(r"://|--|@|\\|#|\.\./|^-", line), line
    assert [line.partition("==")[0] for line in lines] == sorted(line.partition("==")[0] for line in lines)
    assert "policy-themes" not in {canonicalize_name(pin.name) for pin in locked()}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_direct_dependency_is_pinned_within_its_range(python: str, system: str) -> None:
    assert python in SpecifierSet(PROJECT["project"]["requires-python"])
    have = pins(python, system)
    for wanted in direct():
        name = canonicalize_name(wanted.name)
        assert name in have, f"{name} is not in the lock"
        assert wanted.specifier.contains(have[name], prereleases=True), f"{name} {have[name]} is not {wanted.specifier}"
    for text in PROJECT["build-system"]["requires"]:
        assert Requirement(text).specifier.contains(have[canonicalize_name(Requirement(text).name)])


def test_this_environment_is_the_lock() -> None:
    here = ".".join(map(str, sys.version_info[:3]))
    have = {}
    for name in pins(here, sys.platform):
        try:
            have[name] = version(name)
        except PackageNotFoundError:
            have[name] = "missing"
    assert have == pins(here, sys.platform)


def conda() -> tuple[str, list[str], list[str]]:
    """Return the Python, the other packages and the pip section of environment.yml."""
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert set(content) == {"name", "channels", "dependencies"}
    assert content["name"] == PROJECT["project"]["name"]
    assert content["channels"] == ["conda-forge"]
    plain = [one for one in content["dependencies"] if isinstance(one, str)]
    (sections,) = [one for one in content["dependencies"] if isinstance(one, dict)]
    assert set(sections) == {"pip"}
    (python,) = [one for one in plain if re.match(r"python\b", one)]
    return python, [one for one in plain if one != python], sections["pip"]


def test_environment_yml_takes_the_same_lock() -> None:
    python, others, pip = conda()
    found = re.fullmatch(r"python\s*=+\s*(\d+\.\d+)(\.\d+)?(\.\*)?", python)
    assert found, python
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(f"{found[1]}.5")
    assert [re.split("[=<>]", one)[0] for one in others] == ["pip"]
    assert pip == ["-r requirements.lock", "-e ."]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_pip_section_of_environment_yml_makes_a_working_suite(tmp_path: Path) -> None:
    venv.create(tmp_path / "fresh", with_pip=True)
    programs = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    arguments = [part for line in conda()[2] for part in line.split(" ", 1)]
    # Not compiled: this installation is called three times.
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-compile", *arguments]
    done = subprocess.run(install, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    doctor = subprocess.run(
        [str(programs / "policy-themes"), "doctor"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert doctor.returncode == 0, doctor.stderr
    assert "MISSING" not in doctor.stdout
    assert "absent   nbclient" not in doctor.stdout
    here = subprocess.run(
        [str(programs / "python"), "-m", "pip", "check"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert here.returncode == 0, here.stdout


# Tables as documented


def documented() -> dict[str, list[str]]:
    """Return the columns of each table that DESIGN.md lists under a heading of its own."""
    found: dict[str, list[str]] = {}
    table, named = "", set(TABLES)
    for line in (ROOT / "DESIGN.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip().strip("`")
            table = heading if line.startswith("### ") and heading in named else ""
            if table:
                assert table not in found, f"{table} is described twice"
                found[table] = []
        elif table and (column := re.match(r"\|\s*`(\w+)`\s*\|", line)):
            found[table].append(column[1])
    return found


def test_design_describes_the_columns_of_every_table() -> None:
    assert documented() == {name: list(columns) for name, columns in TABLES.items()}


def test_design_describes_the_tables_in_their_order() -> None:
    assert list(documented()) == list(TABLES)


# The runner


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """Copy run.py to where it has nothing to remove."""
    shutil.copy(ROOT / "run.py", tmp_path / "run.py")
    return tmp_path


def run(folder: Path, *arguments: str, before: str = "") -> "subprocess.CompletedProcess[str]":
    code = (
        f"import sys, runpy; sys.argv = ['run.py', *{list(arguments)!r}]\n{before}\n"
        "runpy.run_path('run.py', run_name='__main__')"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def one_sentence(done: "subprocess.CompletedProcess[str]", *said: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("run.py: ")
    assert done.stderr.count("\n") == 1
    for part in said:
        assert part in done.stderr


@pytest.mark.parametrize("have", [(2, 7, 18), (3, 6, 1), (3, 8, 0), (3, 10, 12), (3, 14, 0)])
def test_a_python_of_another_age_is_refused_in_one_sentence(have: tuple[int, ...], runner: Path) -> None:
    done = run(runner, "report", before=f"sys.version_info = {have!r}")
    one_sentence(done, f"Python {have[0]}.{have[1]} ", "3.11 to 3.13", "python3.11 run.py report")
    assert [path.name for path in runner.iterdir()] == ["run.py"]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_refused_in_one_sentence(module: str, runner: Path) -> None:
    done = run(runner, "test", before=f"sys.modules[{module!r}] = None")
    one_sentence(done, "venv", "sudo apt install python3.")
    assert [path.name for path in runner.iterdir()] == ["run.py"]


def test_an_unknown_verb_is_refused_with_the_known_ones(runner: Path) -> None:
    one_sentence(run(runner, "reprot"), "`reprot`", "report, test, lint, lab, bench, clean")
    assert [path.name for path in runner.iterdir()] == ["run.py"]


def test_the_runner_says_what_it_does(runner: Path) -> None:
    shown, bare = run(runner, "--help"), run(runner)
    assert (shown.returncode, bare.returncode) == (0, 2)
    assert shown.stdout == bare.stdout
    for verb in ("report", "test", "lab", "lint", "bench", "clean"):
        assert re.search(rf"run\.py {verb}\b", shown.stdout)


def test_clean_removes_what_can_be_made_again_and_nothing_else(runner: Path) -> None:
    for name in (".venv/bin", ".mypy_cache", "my-report", "figures", ".git"):
        (runner / name).mkdir(parents=True)
        (runner / name / "file").write_text("x")
    assert run(runner, "clean").returncode == 0
    assert {path.name for path in runner.iterdir()} == {"run.py", "my-report", "figures", ".git"}


def test_an_old_python_can_parse_the_runner() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    imported = {
        (node.names[0].name if isinstance(node, ast.Import) else node.module)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {str(name).split(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]


def test_the_runner_and_the_project_want_the_same_python() -> None:
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    found = re.search(r"OLDEST, NEWEST = \((\d+), (\d+)\), \((\d+), (\d+)\)", source)
    assert found
    oldest, newest = f"{found[1]}.{found[2]}", f"{found[3]}.{found[4]}"
    wanted = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [
        name for name in ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15") if wanted.contains(f"{name}.5")
    ] == [f"3.{minor}" for minor in range(int(oldest.split(".")[1]), int(newest.split(".")[1]) + 1)]


# Code and data


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_nothing_prints_evaluates_or_unpickles() -> None:
    never = {"print", "eval", "exec", "input", "os.system", "pickle.load", "pickle.loads", "joblib.load", "breakpoint"}
    never |= {"plt.show", "np.random.seed", "yaml.load"}
    assert {(path.name, name) for path in SOURCES for name in calls(path) if name in never} == set()


def test_no_file_and_no_function_is_too_long() -> None:
    long_files = {path.name for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 300}
    assert long_files == set()


DATA = sorted(
    path
    for path in (PACKAGE / "data").rglob("*")
    if path.suffix in (".yml", ".txt") and "fonts" not in path.parts and path.name != "study.yml"
)


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_every_data_file_says_where_it_comes_from(path: Path) -> None:
    """The font has OFL.txt beside it, and study.yml is a form to fill in, not data."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = "\n".join(line for line in lines[:15] if line.startswith("#")).lower()
    for word in ("contributors", "licence:", "date:"):
        assert word in head, f"{path.name} does not say its {word}"
    assert re.search(r"20\d\d(-\d\d)?", head)


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_every_data_file_names_its_source(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "source:" in "\n".join(line for line in lines[:15] if line.startswith("#")).lower()


def test_the_seeds_are_the_five_documents_and_a_readme(seeds: Path, shared: Path) -> None:
    assert sorted(path.name for path in seeds.iterdir()) == [*SEEDS, "README.md"]
    for name in SEEDS:
        assert (seeds / name).read_bytes() == (shared / "seeds" / name).read_bytes()


def kept() -> list[Path]:
    """Return every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return [Path(os.fsdecode(name)) for name in listed.stdout.split(b"\0") if name]


def test_there_are_no_further_folders() -> None:
    folders = {path.parts[0] for path in kept() if len(path.parts) > 1}
    assert folders - {".ci"} == {"notebooks", "src", "tests", "figures", "seeds"}


def test_nothing_that_can_be_made_again_is_kept() -> None:
    made = {path for path in kept() if path.suffix in (".pyc", ".egg-info", ".log") or "__pycache__" in path.parts}
    assert made == set()
    committed = {path.parts[1] for path in kept() if path.parts[0] == "figures" and len(path.parts) > 1}
    assert not committed & {
        "report.html",
        "report.docx",
        "report.pdf",
        "manifest.json",
        "tables",
        "notebooks",
        ".policy-themes.lock",
    }
