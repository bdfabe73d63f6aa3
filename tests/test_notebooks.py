"""The notebooks: paired and thin as they are kept, and running to the end on any folder."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import jupytext
import nbformat
import pytest

from policy_themes import execute
from policy_themes.demo import demo_documents
from policy_themes.errors import NotebookError
from policy_themes.execute import Executed, execute_notebooks, notebook_paths

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
STEMS = (
    "00_start", "01_corpus", "02_words", "03_years", "04_regions", "05_difference", "06_topics", "07_two_languages",
    "08_report", "09_explorer",
    "10_structure",
)  # fmt: skip
WITHOUT_PICTURE = ("02_words", "10_structure")
PARAMETERS = 'FOLDER = "../seeds"\nSTUDY = None'
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.If)
LOADS = re.compile(
    r"<script\b|<(?:link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//|url\(\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)

notebook = pytest.mark.parametrize("stem", STEMS)


def read(stem: str) -> Any:
    return nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)


def code_of(stem: str) -> list[str]:
    return [cell.source for cell in read(stem).cells if cell.cell_type == "code"]


def code_lines(source: str) -> int:
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in source.splitlines())


def test_the_suite_is_complete_and_described() -> None:
    assert tuple(path.stem for path in notebook_paths()) == STEMS
    assert {path.stem for path in NOTEBOOKS.glob("*.py")} == set(STEMS)
    described = re.findall(r"^\| `(\w+)` \|", (NOTEBOOKS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(described) == STEMS


@notebook
def test_the_pair_is_in_step(stem: str) -> None:
    text, kept = jupytext.read(NOTEBOOKS / f"{stem}.py"), read(stem)
    assert text.metadata["jupytext"]["formats"] == kept.metadata["jupytext"]["formats"] == "ipynb,py:percent"
    assert text.metadata["kernelspec"]["name"] == kept.metadata["kernelspec"]["name"] == "python3"
    pairs = [[(cell.cell_type, cell.source, cell.metadata.get("tags")) for cell in one.cells] for one in (text, kept)]
    assert pairs[0] == pairs[1]


@notebook
def test_nothing_that_a_run_leaves_is_kept(stem: str) -> None:
    kept = read(stem)
    assert [cell["id"] for cell in kept.cells] == [
        f"{stem.replace('_', '-')}-{number:02d}" for number in range(len(kept.cells))
    ]
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert set(kept.metadata) == {"jupytext", "kernelspec"}


@notebook
def test_one_cell_holds_the_two_parameters(stem: str) -> None:
    tagged = [cell.source for cell in read(stem).cells if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == [PARAMETERS]
    assert code_of(stem)[0] == PARAMETERS


@notebook
def test_it_holds_no_logic(stem: str) -> None:
    found = [type(node).__name__ for source in code_of(stem) for node in ast.walk(ast.parse(source))]
    assert not {kind.__name__ for kind in LOGIC} & set(found)
    lengths = [code_lines(source) for source in code_of(stem)]
    assert median(lengths) <= 3
    assert max(lengths) <= 12


@notebook
def test_it_opens_with_a_question_and_closes_with_limits(stem: str) -> None:
    cells = read(stem).cells
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert prose[0].startswith(f"# {stem[:2]} · ")
    assert re.search(r"[\u4e00-\u9fff]", prose[0].splitlines()[-1])
    assert cells[-1].source.startswith("## What may be concluded, what may not · 结论与限度")
    assert "five seeds" in cells[-1].source
    assert len(prose) >= len(code_of(stem)) - 1


def pictures(executed: Executed) -> int:
    cells = nbformat.reads(executed.notebook.decode(), as_version=4).cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def outputs_of(executed: Executed) -> str:
    cells = nbformat.reads(executed.notebook.decode(), as_version=4).cells
    return "\n".join(
        str({kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"})
        + str(output.get("text"))
        for cell in cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


def check(done: Sequence[Executed], folder: Path) -> None:
    assert tuple(executed.stem for executed in done) == STEMS
    for executed in done:
        assert (pictures(executed) > 0) != (executed.stem in WITHOUT_PICTURE), executed.stem
        assert not LOADS.findall(executed.page.decode()), executed.stem
        said = outputs_of(executed)
        assert str(folder) not in said, executed.stem
        assert str(ROOT) not in said, executed.stem
        assert "/tmp" not in said, executed.stem


@pytest.fixture(scope="module")
def of_the_seeds(seeds: Path) -> Sequence[Executed]:
    before = sorted(NOTEBOOKS.iterdir())
    done = execute_notebooks(seeds, None)
    assert sorted(NOTEBOOKS.iterdir()) == before
    return done


def test_all_run_on_the_seeds(seeds: Path, of_the_seeds: Sequence[Executed]) -> None:
    check(of_the_seeds, seeds)
    for executed in of_the_seeds:
        page = executed.page.decode()
        assert "<h1" in page, executed.stem
        assert "&lt;p&gt;" not in page, executed.stem
        assert "&lt;th&gt;" not in page, executed.stem


FOLDERS = {
    "tiny_english_without_a_date": {
        "a.txt": "Notice\nThe office will be closed next week for repairs to the heating.\n"
    },
    "chinese_without_a_theme": {"a.txt": "通知\n办公室下周因暖气维修暂停开放，请各位读者谅解，特此告知。\n"},
    "two_that_share_no_word": {"a.txt": "Alpha beta gamma delta epsilon.\n", "b.txt": "法治建设取得新成效。\n"},
    "demo": {document.path: document.content for document in demo_documents()},
}


@pytest.mark.long
@pytest.mark.parametrize("name", FOLDERS)
def test_all_run_on_any_folder(name: str, tmp_path: Path, write_files: Any) -> None:
    folder = write_files(tmp_path / name, FOLDERS[name])
    check(execute_notebooks(folder, None), folder)


@pytest.mark.long
def test_two_runs_give_the_same_bytes(seeds: Path, of_the_seeds: Sequence[Executed]) -> None:
    stems = ("05_difference", "06_topics")
    paths = [path for path in notebook_paths() if path.stem in stems]
    again = execute_notebooks(seeds, None, paths=paths)
    assert again == [executed for executed in of_the_seeds if executed.stem in stems]


BROKEN = {
    "raise ValueError('as ordered')": "cell 2, failed: ValueError: as ordered",
    "while True: pass": "cell 2: CellTimeoutError",
    "import os; os.kill(os.getpid(), 9)": "cell 2: DeadKernelError",
    "input()": "cell 2, failed: StdinNotImplementedError",
    "import sys; sys.exit(0)": "cell 2, failed: SystemExit",
}


@pytest.mark.long
@pytest.mark.parametrize("source", BROKEN)
def test_a_cell_that_does_not_end_well_is_named(
    source: str, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T92."""
    monkeypatch.setattr(execute, "SECONDS", 5)
    path = written(tmp_path, source)
    with pytest.raises(NotebookError) as caught:
        execute_notebooks(seeds, None, paths=[path])
    assert caught.value.exit_code == 5
    assert f"00_made.ipynb, {BROKEN[source]}" in str(caught.value)


@pytest.mark.long
def test_what_nobody_would_read_to_its_end_is_cut(seeds: Path, tmp_path: Path) -> None:
    """T92."""
    (done,) = execute_notebooks(seeds, None, paths=[written(tmp_path, "print('x' * 30_000_000)")])
    assert len(done.notebook) < 200_000
    assert b"(cut after 100,000 characters)" in done.notebook


def written(folder: Path, source: str) -> Path:
    """Write a notebook of one cell besides that of the parameters."""
    cells = [
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(source),
    ]
    path = folder / "00_made.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path
