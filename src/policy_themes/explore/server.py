"""A small server for one study, one person and one machine: the page, and answers to its questions.

It listens on the loopback address only, and even there to nobody without the token
that it printed: other people's programs on the same machine, and pages of other
sites that the browser has open, may knock as well. So the token is asked for, the
name in ``Host`` must be the loopback's (a foreign name that resolves to it is
refused), and a question from a page of another origin is not answered. No path of a
request ever becomes a path of the file system.
"""

import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from urllib.parse import parse_qs, urlsplit

from policy_themes.errors import OutputError
from policy_themes.explore.page import page, policy
from policy_themes.explore.plain import to_json
from policy_themes.explore.session import Session

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
LARGEST = 256 * 1024  # bytes of a question
SECONDS = 30.0  # a client that sends nothing is let go
WATCH = 1.0  # seconds between looks whether the parent is still there
COMMON = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Server(ThreadingHTTPServer):
    """
    The server of one session.

    Parameters
    ----------
    session : Session
    port : int, default 0
        0: any that is free.

    Raises
    ------
    OutputError
        If the port is taken.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would let two listen on one port

    def __init__(self, session: Session, port: int = 0) -> None:
        self.session = session
        self.token, self.pass_word = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise OutputError(
                f"Port {port} cannot be used: {error}.", hint="Leave --port away, or name another."
            ) from error

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """What to open; it lets in whoever has it."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; anything else is a bug."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    server_version, sys_version = "policy-themes", ""
    timeout = SECONDS
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: questions hold what somebody thinks about."""

    def do_GET(self) -> None:
        """Answer with the page."""
        parts = urlsplit(self.path)
        if not self._at_home():
            return self._refuse(HTTPStatus.FORBIDDEN)
        if parts.path != "/":
            return self._refuse(HTTPStatus.NOT_FOUND)
        given = parse_qs(parts.query).get("token", [])
        if not (self._known(given[0]) if given else self._been_here()):
            return self._refuse(HTTPStatus.FORBIDDEN)
        nonce = secrets.token_urlsafe(16)
        # So that the page can be loaded anew when the token has left its address; it opens no question.
        cookie = f"{self._cookie_name}={self.server.pass_word}; HttpOnly; SameSite=Strict; Path=/"
        more = {"Content-Security-Policy": policy(nonce), "Set-Cookie": cookie}
        self._send(HTTPStatus.OK, page(nonce).encode(), "text/html; charset=utf-8", more)
        return None

    @property
    def _cookie_name(self) -> str:
        """Name of this server's cookie: ports share them."""
        return f"policy-themes-{self.server.port}"

    def _been_here(self) -> bool:
        """Tell whether the browser was let in before."""
        pairs = [pair.strip().partition("=") for pair in self.headers.get("Cookie", "").split(";")]
        own = next((value for name, _, value in pairs if name == self._cookie_name), "")
        return secrets.compare_digest(own.encode("utf-8", "surrogatepass"), self.server.pass_word.encode())

    def do_POST(self) -> None:
        """Answer a question."""
        if not self._at_home() or not self._own_page() or not self._known(self.headers.get("X-Token", "")):
            return self._refuse(HTTPStatus.FORBIDDEN)
        if self.path != "/ask":
            return self._refuse(HTTPStatus.NOT_FOUND)
        if self.headers.get_content_type() != "application/json":
            return self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return self._refuse(HTTPStatus.LENGTH_REQUIRED)
        if len(length) > 9 or int(length) > LARGEST:
            return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            question = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return self._refuse(HTTPStatus.BAD_REQUEST)
        self._send(HTTPStatus.OK, to_json(self.server.session.answer(question)), "application/json")
        return None

    def _at_home(self) -> bool:
        """Tell whether the request names this server by its own name."""
        return self.headers.get("Host", "") in {f"{name}:{self.server.port}" for name in NAMES}

    def _own_page(self) -> bool:
        """Tell whether no page of another origin asks."""
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        return origin in (None, *(f"http://{name}:{self.server.port}" for name in NAMES)) and site == "same-origin"

    def _known(self, token: str) -> bool:
        """Tell whether a token is the right one, in a time that says nothing about it."""
        return secrets.compare_digest(token.encode("utf-8", "surrogatepass"), self.server.token.encode())

    def _refuse(self, status: HTTPStatus) -> None:
        """Refuse, and hang up: what was not read of the request must not be taken for the next one."""
        self.close_connection = True
        self._send(
            status, f"{status.value} {status.phrase}\n".encode(), "text/plain; charset=utf-8", {"Connection": "close"}
        )

    def _send(self, status: HTTPStatus, body: bytes, kind: str, more: Mapping[str, str] | None = None) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in {**COMMON, "Content-Type": kind, "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(server: Server, *, ready: Callable[[str], None], parent: int | None = None) -> None:
    """
    Serve until the person or the terminal ends it: Ctrl-C, SIGTERM, SIGHUP, or the parent gone.

    Parameters
    ----------
    server : Server
    ready : callable
        Told the address once it listens.
    parent : int, optional
        The process that started this one, as it was before anything was read; by default as it is now.
    """
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            with suppress(ValueError):  # only the main thread hears signals
                signal.signal(number, end)
    parent = os.getppid() if parent is None else parent
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        ready(server.address)
        # A terminal that dies without a signal leaves another parent behind.
        while not ended.wait(WATCH) and os.getppid() == parent:
            pass
    finally:
        server.shutdown()
        server.server_close()
