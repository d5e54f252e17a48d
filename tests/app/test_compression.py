"""What travels to a browser: pages and static files compressed, within what a slow line carries in a few seconds."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from secrets import token_bytes
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import Response, StreamingResponse

from guyub.app import create_app
from guyub.app.compression import Compressed
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.app.conftest import NOON
from tests.visits import NewVisitor, TestClient, visitors

FIRST_LOAD = 150_000
MONTH = "/f/rutan-pekalongan/"
STYLES = "/static/vendor/tabler.min.css"


@pytest.fixture
def whole(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=lambda: NOON)


@pytest.fixture
def come(whole: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(whole, database) as come:
        yield come


def on_the_wire(answer: Any) -> int:
    """Bytes of the answer as it was sent: its headers, and its body before it was unpacked."""
    body = answer.num_bytes_downloaded
    assert body == int(answer.headers["content-length"])
    return body + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)


def first_load(client: TestClient, path: str) -> int:
    """A page with all that a browser without a cache fetches for it."""
    page = client.get(path)
    assert page.status_code == 200
    needed = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text))
    assert any("tabler.min.css" in address for address in needed)
    return on_the_wire(page) + sum(on_the_wire(client.get(address)) for address in needed)


def test_the_first_page_of_a_new_browser_is_small(whole: FastAPI):
    with TestClient(whole) as client:
        assert first_load(client, "/sign-in") < FIRST_LOAD, first_load(client, "/sign-in")


def test_the_month_of_a_facility_is_small_at_first_sight(come: NewVisitor):
    assert first_load(come("kasubsi").client, MONTH) < FIRST_LOAD


def test_who_cannot_unpack_gets_everything_as_it_is(come: NewVisitor):
    client = come("kasubsi").client
    for refused in ("identity", "gzip;q=0", "gzip; q=0.000, br", ""):
        for path in (MONTH, STYLES):
            answer = client.get(path, headers={"accept-encoding": refused})
            assert "content-encoding" not in answer.headers
            assert answer.headers["vary"] == "Accept-Encoding"
    assert client.get(MONTH, headers={"accept-encoding": "br, gzip;q=0.5"}).headers["content-encoding"] == "gzip"


def test_a_static_file_has_a_mark_for_each_of_its_two_bodies(whole: FastAPI):
    with TestClient(whole) as client:
        packed = client.get(f"{STYLES}?v=x")
        plain = client.get(f"{STYLES}?v=x", headers={"accept-encoding": "identity"})
        assert packed.content == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]
        again = client.get(f"{STYLES}?v=x", headers={"if-none-match": packed.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == "Accept-Encoding"
        assert "immutable" in again.headers["cache-control"]
        other = client.get(f"{STYLES}?v=x", headers={"if-none-match": plain.headers["etag"]})
        assert other.status_code == 200


def test_a_static_file_is_compressed_once(whole: FastAPI, monkeypatch: pytest.MonkeyPatch):
    with TestClient(whole) as client:
        first = client.get(STYLES).content
        monkeypatch.setattr(gzip, "compress", None)
        assert client.get(STYLES).content == first


@pytest.mark.parametrize(
    ("media_type", "is_packed"),
    [
        ("application/pdf", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ("image/png", False),
        ("font/woff2", False),
        ("text/csv; charset=utf-8", True),
        ("application/json", True),
        ("image/svg+xml", True),
    ],
)
def test_files_that_are_packed_already_are_not_packed_again(media_type: str, is_packed: bool):
    answer = TestClient(Compressed(Response(b"contoh " * 1000, media_type=media_type))).get("/")
    assert len(answer.content) == 7000
    assert ("content-encoding" in answer.headers) == is_packed


def test_a_long_file_goes_out_piece_by_piece():
    made: list[int] = []
    sent: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(50):
            made.append(number)
            yield token_bytes(50_000).hex().encode()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body" and message.get("body"):
            sent.append(len(made))

    async def receive() -> Any:
        return await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compressed(StreamingResponse(pieces(), media_type="text/csv"))(scope, receive, send))
    assert sent[0] < 5
    assert len(sent) > 40


def test_the_token_of_a_form_is_written_differently_on_each_page_and_counts_on_each(come: NewVisitor):
    kasubsi = come("kasubsi")
    tokens = set()
    for _ in range(3):
        page = kasubsi.opens(MONTH).text
        found = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
        assert len(found) == 1
        tokens |= found
    assert len(tokens) == 3
    for token in tokens:
        answer = kasubsi.client.post("/theme", data={"csrf_token": token, "theme": "dark", "next": MONTH})
        assert answer.status_code == 303
    forged = [token[:-1] + ("0" if token[-1] != "0" else "1") for token in tokens] + ["", "00", "é", "0" * 128]
    for token in forged:
        assert kasubsi.client.post("/theme", data={"csrf_token": token, "theme": "dark"}).status_code == 403
