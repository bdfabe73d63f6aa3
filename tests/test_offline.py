"""No network at run time: the whole main job where there is none, and where every attempt is noted."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

WATCH = """
import os, socket

def noted(name, real):
    def done(*given, **named):
        local = name == "connect" and given[0].family == getattr(socket, "AF_UNIX", None)
        if not local:
            with open(os.environ["POLICY_THEMES_TEST_NOTES"], "a") as stream:
                stream.write(f"{name} {given}\\n")
            raise OSError("no network in this test")
        return real(*given, **named)
    return done

for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, noted(name, getattr(socket.socket, name)))
for name in ("getaddrinfo", "gethostbyname"):
    setattr(socket, name, noted(name, getattr(socket, name)))
"""


def prefix() -> list[str]:
    """Return what gives a command a network of its own without any interface up, where that can be had."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-n"]
    return []


def run(code: tuple[str, ...], place: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command of this Python where every attempt to reach a network is noted and fails."""
    (place / "watch").mkdir(exist_ok=True)
    (place / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(place / "watch"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "POLICY_THEMES_TEST_NOTES": str(place / "notes.txt")}
    return subprocess.run(
        [*prefix(), sys.executable, *code], env=environment, cwd=place, capture_output=True, text=True, check=False
    )


def test_an_attempt_is_noted(tmp_path: Path) -> None:
    code = "import urllib.request as u; u.urlopen('http://192.0.2.1/')"
    assert run(("-c", code), tmp_path).returncode == 1
    assert "192.0.2.1" in (tmp_path / "notes.txt").read_text()


NOTEBOOK = """
from pathlib import Path
from policy_themes.execute import execute_notebooks, notebook_paths

done = execute_notebooks(Path("docs"), None, paths=notebook_paths()[:1])
Path("page.html").write_bytes(done[0].page)
"""


@pytest.mark.long
def test_the_main_job_needs_no_network(tmp_path: Path, toy_files: Mapping[str, str]) -> None:
    for name, content in toy_files.items():
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(content, encoding="utf-8")
    for code in (("-m", "policy_themes", "report", "docs", "--out", "out"), ("-c", NOTEBOOK)):
        done = run(code, tmp_path)
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "notes.txt").exists(), (tmp_path / "notes.txt").read_text()
    for name in ("out/report.html", "out/report.docx", "out/report.pdf", "page.html"):
        assert (tmp_path / name).stat().st_size > 1_000, name
