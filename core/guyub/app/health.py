"""Health checks: whether the process lives and the database answers, for whoever watches the server; and how many
requests run at a time.

Both answers are given in the event loop, so they come while every thread and every connection of the pages is taken.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from guyub import http
from guyub.db.errors import Unavailable, unavailable

THREADS = 16
"""Requests that are answered at the same time; the others wait for their turn, in the order in which they came. Each holds at
most one connection, and the pool has twenty: four are left for the worker and for what is asked beside a request."""
_SECONDS = 3
_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="guyub-readyz")

probes = APIRouter()


def limit_threads() -> None:
    """Limits the threads of the checks; it is called once, within the event loop that serves."""
    current_default_thread_limiter().total_tokens = THREADS


@probes.get("/healthz")
async def is_alive() -> Response:
    """Answers 200 while the process runs."""
    return PlainTextResponse("ok")


@probes.get("/readyz")
async def is_ready(request: Request) -> Response:
    """Answers 200 while the database answers too, 503 otherwise."""
    probe = http.state(request).database.probe
    try:
        await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(_asking, probe), _SECONDS)
    except Unavailable as refusal:
        return _not_ready(refusal)
    except TimeoutError:
        return _not_ready(unavailable())
    return PlainTextResponse("ok")


def _not_ready(refusal: Unavailable) -> Response:
    return PlainTextResponse(refusal.what.en, refusal.status, {"retry-after": str(refusal.retry_after)})
