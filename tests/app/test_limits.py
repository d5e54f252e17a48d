"""What is too large is refused before it is read, in words; who opens connections and says nothing takes nobody's place."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
from fastapi import APIRouter, FastAPI, Request

from guyub.app import create_app
from guyub.app.connections import LARGEST_HEADERS, LINGER_BYTES, Guarded
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.http import takes_up_to
from guyub.plugins.plugin_registry import PluginRegistry

MB = 1024 * 1024
PIECE = 64 * 1024
FORM = (b"content-type", b"application/x-www-form-urlencoded")

router = APIRouter()


@router.put("/large")
@takes_up_to(3 * MB)
async def large(request: Request) -> int:
    return len(await request.body())


@pytest.fixture
def app(plugins: PluginRegistry, protector: Protector, tmp_path: Path) -> Iterator[FastAPI]:
    """Without a database: who has not signed in needs none to be refused."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2", "key")
    room = Room("sample", tmp_path, router, None, None, None)
    yield create_app(database, plugins, protector=protector, rooms=[room])
    database.close()


def drive(
    app: FastAPI, method: str, path: str, headers: list[tuple[bytes, bytes]], piece: bytes = b"", query: bytes = b""
) -> tuple[int, bytes, int]:
    """Status and body of the answer to a sender who never ends, and how many bytes the application took from them."""
    taken = 0
    answer: list[Any] = []

    async def receive() -> Any:
        nonlocal taken
        taken += len(piece)
        assert taken < 50 * MB, "it reads without end"
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Any) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"contoh"), *headers],
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("contoh", 80),
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in answer[1:])
    return answer[0]["status"], body, taken


@pytest.mark.parametrize("path", ["/sign-in", "/f/rutan-pekalongan/", "/nowhere", "/static/guyub.css"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "GET"])
def test_a_body_that_announces_itself_as_too_large_is_not_read(app: FastAPI, method: str, path: str):
    status, body, taken = drive(app, method, path, [FORM, (b"content-length", b"1200000000")], b"x" * PIECE)
    assert (status, taken) == (413, 0)
    assert b"</html>" in body
    assert b"1 MB" in body


def test_under_the_api_the_same_is_a_problem_in_json(app: FastAPI):
    length = (b"content-length", b"9" * 400)
    status, body, taken = drive(app, "PATCH", "/api/v1/f/x/plugins/bansos/configuration", [length], b"x" * PIECE)
    assert (status, taken) == (413, 0)
    assert json.loads(body)["code"] == "web.too_large"


@pytest.mark.parametrize(
    "content_type", [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=b", b"application/json"]
)
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/x"])
def test_a_body_of_unknown_length_is_read_up_to_the_limit_and_no_further(app: FastAPI, path: str, content_type: bytes):
    piece = b"x" * PIECE
    if content_type.startswith(b"multipart"):
        piece = b'--b\r\ncontent-disposition: form-data; name="x"; filename="y"\r\n\r\n' + piece + b"\r\n"
    status, _, taken = drive(app, "POST", path, [(b"content-type", content_type)], piece)
    assert status in (413, 404, 403)
    assert taken <= MB + 2 * len(piece)
    if path == "/sign-in" and content_type != b"application/json":
        assert status == 413


def test_a_form_of_a_million_empty_fields_is_not_parsed(app: FastAPI):
    status, body, taken = drive(app, "POST", "/sign-in", [FORM], b"&" * PIECE)
    assert (status, taken) == (413, PIECE)
    assert b"1000" in body


def test_an_address_and_headers_without_end_are_refused_in_words(app: FastAPI):
    assert drive(app, "GET", "/sign-in", [], query=b"next=" + b"a" * 8190)[0] == 414
    status, body, _ = drive(app, "GET", "/sign-in", [(b"cookie", b"a" * 16_400)])
    assert status == 431
    assert b"cookie" in body
    assert drive(app, "GET", "/sign-in", [], query=b"next=" + b"a" * 8000)[0] == 200


def test_only_a_route_that_says_so_takes_more(app: FastAPI):
    length = (b"content-length", str(2 * MB).encode())
    assert drive(app, "PUT", "/large/", [length])[0] == 413
    # It passes the limit and is refused for its missing token only.
    assert drive(app, "PUT", "/large", [length])[0] == 403
    assert drive(app, "PUT", "/large", [(b"content-length", str(3 * MB + 1).encode())])[0] == 413


# --- over real sockets -------------------------------------------------------------------------------------------


@contextmanager
def served(app: FastAPI, protocol: type[Guarded] = Guarded) -> Iterator[int]:
    """The port of that application, served as ``guyub serve`` does."""
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        0,
        log_level="critical",
        lifespan="off",
        http=protocol,
        ws="none",
        h11_max_incomplete_event_size=LARGEST_HEADERS,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def ask(port: int, path: str) -> bytes:
    with connect(port) as reader:
        reader.sendall(f"GET {path} HTTP/1.1\r\nhost: contoh\r\nconnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: reader.recv(65536), b""))


def is_cut_off(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_sender_of_a_gigabyte_reads_the_answer_and_is_then_cut_off(app: FastAPI):
    with served(app) as port, connect(port) as sender:
        head = "PATCH /sign-in HTTP/1.1\r\nhost: contoh\r\ncontent-length: 1200000000\r\n\r\n"
        sender.sendall(head.encode() + b"x" * PIECE)
        answer = sender.recv(65536)
        assert answer.startswith(b"HTTP/1.1 413 ")
        sent = PIECE
        with suppress(ConnectionError):
            while sent < 1_200_000_000:
                sent += sender.send(b"x" * PIECE)
        assert sent < LINGER_BYTES + 30 * MB, "what lies in the buffers of both sides"
        assert b"200 OK" in ask(port, "/healthz")


def test_connections_that_ask_for_nothing_make_room_for_those_that_do(app: FastAPI):
    class Small(Guarded):
        most_connections = 20

    with served(app, Small) as port:
        silent = [connect(port) for _ in range(60)]
        for connection in silent[::2]:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: con") if not is_readable(connection) else None
        assert b"200 OK" in ask(port, "/sign-in")
        assert is_cut_off(silent[0])
        for connection in silent:
            connection.close()


def is_readable(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(30)
    return True


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /sign-in HTTP/1.1\r\nhost: con",
        b"POST /sign-in HTTP/1.1\r\nhost: contoh\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        b"content-length: 1000\r\n\r\nlogin=",
        b"GET /healthz HTTP/1.1\r\nhost: contoh\r\n\r\nGET /sign-in HTTP/1.1\r\nhost: con",
    ],
    ids=["nothing", "half of the headers", "half of the form", "half of a second request"],
)
def test_who_sends_half_of_a_request_is_not_waited_for_long(app: FastAPI, beginning: bytes):
    class Hasty(Guarded):
        seconds = {"headers": 0.2, "body": 0.2, "linger": 0.2}  # noqa: RUF012 - as in its base

    with served(app, Hasty) as port, connect(port) as sender:
        sender.sendall(beginning)
        rest = b""
        with suppress(ConnectionResetError):
            while piece := sender.recv(65536):
                rest += piece
        assert not rest or b"200 OK" in rest
        assert b"200 OK" in ask(port, "/healthz")
