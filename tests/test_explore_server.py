"""The small server: for this machine and whoever has the token; it ends with its terminal."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from policy_themes.explore import Session
from policy_themes.explore.server import HOST, LARGEST, Server
from policy_themes.study import open_study

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")


@pytest.fixture(scope="module")
def server(hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    session = Session(open_study(hostile_folder), out=tmp_path_factory.mktemp("kept") / "views")
    server = Server(session)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def call(server: Server, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes, Any]:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.headers
    connection.close()
    return found


def ask(server: Server, question: object, **headers: str) -> tuple[int, bytes, Any]:
    every = {"Content_Type": "application/json", "X_Token": server.token} | headers
    return call(server, "POST", "/ask", json.dumps(question).encode(), **every)


def test_a_question_with_the_token_is_answered(server: Server) -> None:
    status, body, _ = ask(server, {"ask": "options"})
    assert status == 200
    assert json.loads(body)["n_docs"] == 4


@pytest.mark.parametrize("token", ["", "x", "é", "None"])
def test_a_second_client_without_the_token_gets_403(token: str, server: Server) -> None:
    status, body, _ = ask(server, {"ask": "options"}, X_Token=token)
    assert (status, body) == (403, b"403 Forbidden\n")
    assert call(server, "GET", f"/?token={'wrong' if token else 'x'}")[0] == 403
    assert call(server, "GET", "/")[0] == 403
    assert call(server, "GET", "/", Cookie=f"policy-themes-{server.port}={token}")[0] == 403
    assert call(server, "POST", "/ask", b"{}", Content_Type="application/json")[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.nip.io:1", "[::1]:1", ""])
def test_a_foreign_name_is_refused(host: str, server: Server) -> None:
    """A page elsewhere whose name comes to mean this machine (DNS rebinding) names itself as the host."""
    assert ask(server, {"ask": "options"}, Host=host)[0] == 403
    assert call(server, "GET", f"/?token={server.token}", Host=host)[0] == 403


def test_a_page_of_another_origin_is_refused(server: Server) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"http://{HOST}:1"},
                    {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):  # fmt: skip
        assert ask(server, {"ask": "options"}, **headers)[0] == 403
    assert (
        ask(server, {"ask": "options"}, Origin=f"http://{HOST}:{server.port}", Sec_Fetch_Site="same-origin")[0] == 200
    )


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/../study.yml", "/%2e%2e/x", "/app.js", "//evil.example/", "/ask", "/ask/../ask", "/x?token="],
)
def test_no_path_is_one_of_the_disk(path: str, server: Server) -> None:
    status, body, _ = call(server, "GET", path)
    assert status in (403, 404)
    assert len(body) < 40


def test_what_is_no_question_is_refused(server: Server) -> None:
    known = {"X_Token": server.token}
    kind = {"Content_Type": "application/json"}
    assert call(server, "POST", "/ask", b"{}", **known, Content_Type="text/plain")[0] == 415
    assert call(server, "POST", "/ask", b"{", **known, **kind)[0] == 400
    assert call(server, "POST", "/ask", b"[" * 90_000, **known, **kind)[0] == 400
    assert call(server, "POST", "/other", b"{}", **known, **kind)[0] == 404
    assert call(server, "POST", "/ask", b"", **known, **kind, Content_Length=str(LARGEST + 1))[0] == 413
    assert call(server, "POST", "/ask", b"", **known, **kind, Content_Length="9" * 40)[0] == 413
    assert call(server, "POST", "/ask", b"", **known, **kind, Content_Length="-1")[0] == 411
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert call(server, method, "/ask", b"{}", **known, **kind)[0] == 501
    status, body, _ = ask(server, ["ask"])
    assert status == 200
    assert "error" in json.loads(body)


def test_the_page_may_run_and_load_nothing_but_itself(server: Server) -> None:
    status, body, headers = call(server, "GET", f"/?token={server.token}")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert nonce
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    text = body.decode()
    assert text.count(f'nonce="{nonce[1]}"') == 2
    assert server.token not in text
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text)
    for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert name not in text
    assert (headers["Cache-Control"], headers["X-Frame-Options"]) == ("no-store", "DENY")
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert server.token not in headers["Set-Cookie"]
    again = call(server, "GET", "/", Cookie=f"x=1; {cookie}")
    assert again[0] == 200
    assert nonce[1] not in again[1].decode()
    assert call(server, "POST", "/ask", b"{}", Content_Type="application/json", Cookie=cookie)[0] == 403


def test_it_listens_on_the_loopback_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    for family in psutil.net_if_addrs().values():
        for one in family:
            if one.family == socket.AF_INET and not one.address.startswith("127."):
                with socket.socket() as other:
                    other.settimeout(1)
                    assert other.connect_ex((one.address, server.port)) != 0


def test_hostile_names_save_nothing_outside(server: Server) -> None:
    out = server.session.out
    for name in ("../x", "/etc/x", "..\\x", "a/b", "\u202ex", "x" * 150, "nul", ".policy-themes", "."):
        question = {"ask": "save", "panel": "trend", "view": {"language": "zh"}, "name": name}
        answer = json.loads(ask(server, question)[1])
        assert "files" in answer, answer
        assert all(
            (out / file).resolve().parent == out.resolve() and (out / file).is_file() for file in answer["files"]
        )
    assert {path.name for path in out.parent.iterdir()} == {"views"}


def test_hostile_titles_come_as_they_are_and_never_as_markup(server: Server, hostile_texts: tuple[str, ...]) -> None:
    """T81: the answer is JSON, and the page sets text; nothing is escaped twice."""
    rows = json.loads(ask(server, {"ask": "passages", "view": {"language": "zh", "theme": "modernization"}})[1])["rows"]
    titles = " ".join(row["title"] for row in rows)
    assert hostile_texts[0] in titles
    assert hostile_texts[1] in titles


# The command


@pytest.fixture
def started(demo_folder: Path, tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    folder = tmp_path / "few"
    folder.mkdir()
    for path in sorted(demo_folder.rglob("*.txt"))[:4]:
        (folder / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "policy_themes", "explore", str(folder), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    found = re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{20,}", process.stdout.readline())
    assert found
    return found[0]


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_it_is_told_and_leaves_no_process(number: int, started: "subprocess.Popen[str]") -> None:
    port = int(address_of(started).split(":")[2].split("/")[0])
    family = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
    started.send_signal(number)
    assert started.wait(10) == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    with socket.socket() as other:
        assert other.connect_ex((HOST, port)) != 0
    assert started.stderr
    assert "Traceback" not in started.stderr.read()


@POSIX
def test_it_ends_with_its_terminal(demo_folder: Path, tmp_path: Path) -> None:
    """A shell on a terminal of its own starts it; the terminal goes away."""
    import pty

    folder = tmp_path / "few"
    folder.mkdir()
    for path in sorted(demo_folder.rglob("*.txt"))[:4]:
        (folder / path.name).write_bytes(path.read_bytes())
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover
        os.execv(sys.executable, [sys.executable, "-m", "policy_themes", "explore", str(folder), "--no-browser"])
    said = b""
    deadline = time.monotonic() + 60
    while b"token=" not in said and time.monotonic() < deadline:
        said += os.read(terminal, 4096)
    assert b"token=" in said
    process = psutil.Process(child)
    os.close(terminal)
    os.waitpid(child, 0)
    assert not process.is_running()


def test_a_port_that_is_taken_is_one_message(demo_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        command = ["explore", str(demo_folder), "--no-browser", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(
            [sys.executable, "-m", "policy_themes", *command], capture_output=True, text=True, check=False
        )
    assert done.returncode == 6
    assert "Leave --port away" in done.stderr
    assert "Traceback" not in done.stderr


def test_views_inside_the_documents_are_refused(demo_folder: Path) -> None:
    command = ["explore", str(demo_folder), "--no-browser", "--out", str(demo_folder / "x")]
    done = subprocess.run(
        [sys.executable, "-m", "policy_themes", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert not (demo_folder / "x").exists()
