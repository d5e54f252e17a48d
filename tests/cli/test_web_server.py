"""Whose word about who asks is taken."""

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from guyub.cli.web_server import configured

PROXY, READER = "10.0.0.5", "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "asks", "seen"),
    [
        ([PROXY], PROXY, f"{READER} https"),
        ([PROXY], "127.0.0.1", "127.0.0.1 http"),
        ([], "127.0.0.1", "127.0.0.1 http"),
        ([], PROXY, f"{PROXY} http"),
    ],
)
def test_a_forwarded_address_counts_where_a_named_proxy_sends_it(proxies: list[str], asks: str, seen: str):
    app = FastAPI()

    @app.get("/who")
    def who(request: Request) -> str:
        assert request.client is not None
        return f"{request.client.host} {request.url.scheme}"

    config = configured(app, "127.0.0.1", 8017, proxies)
    config.load()
    headers = {"x-forwarded-for": READER, "x-forwarded-proto": "https"}
    answer = TestClient(config.loaded_app, client=(asks, 4711)).get("/who", headers=headers)
    assert answer.json() == seen
