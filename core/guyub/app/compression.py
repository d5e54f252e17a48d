"""Answers travel compressed: pages as they are made, static files once for all readers.

About BREACH: a compressed page betrays a secret that stands beside text of an attacker's choice by its length. The secret of
every page is the token of its forms, so it is masked anew for each answer (``guyub.http.signing.masked``). The session is a
SameSite=Lax cookie: another site can open a page of ours, but cannot ask for one in the background, thousands of times.
"""

import gzip
import mimetypes
from email.utils import formatdate
from functools import lru_cache
from hashlib import sha256
from os import PathLike, stat_result
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 1024
"""Bytes: below this the headers of an answer weigh more than what is saved."""
_PACKED_ALREADY = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/pdf",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_TEXT_FILES = frozenset(
    {
        "text/css",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "application/json",
        "text/plain",
        "text/html",
    }
)


class Compressed:
    """Around the application. What has an encoding of its own, as static files have, passes unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        # Level 6 takes a third of the time of 9 for pages a few per mille longer.
        self._compressing = GZipMiddleware(
            app, minimum_size=SMALLEST, compresslevel=6, exclude_content_types=_PACKED_ALREADY
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not accepts_gzip(Headers(scope=scope)):
            # The middleware looks for the word alone: "gzip;q=0" would count as a yes.
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._compressing(scope, receive, send)


def accepts_gzip(headers: Headers) -> bool:
    """Returns what the reader's program says it can unpack; silence means no."""
    for coding in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        name, _, terms = coding.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return terms.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


class LastingFiles(StaticFiles):
    """Static files, read and compressed once and kept in memory: at each request nothing is read but the file's state.

    What is sent plain gets its ``Vary`` from ``Compressed``, like every answer.

    Those whose address carries a digest of their content are kept by browsers for a year.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        # In the event loop, not in a thread: while all threads wait for the database, pages keep their looks.
        try:
            full_path, stat_result = self.lookup_path(path)
        except (OSError, ValueError):
            raise HTTPException(404) from None
        if stat_result is None or not Path(full_path).is_file():
            raise HTTPException(404)
        answer = self.file_response(full_path, stat_result, scope)
        is_pinned = scope["query_string"].startswith(b"v=")
        answer.headers["cache-control"] = "public, max-age=31536000, immutable" if is_pinned else "no-cache"
        return answer

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        plain, packed, etag = _read(str(full_path), stat_result.st_mtime_ns, stat_result.st_size)
        asked = Headers(scope=scope)
        is_packed = packed is not None and accepts_gzip(asked)
        headers = {
            # Two bodies of one address are two things to a cache.
            "etag": f'"{etag}-gz"' if is_packed else f'"{etag}"',
            "last-modified": formatdate(stat_result.st_mtime, usegmt=True),
        }
        if is_packed:
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        content = packed if is_packed and packed is not None else plain
        answer = Response(content, status_code, headers, media_type=_media_type(str(full_path)))
        if self.is_not_modified(answer.headers, asked):
            if packed is not None:
                answer.headers["vary"] = "Accept-Encoding"
            return NotModifiedResponse(answer.headers)
        return answer


@lru_cache(maxsize=512)
def _read(path: str, changed: int, size: int) -> tuple[bytes, bytes | None, str]:
    """Returns the file, the same compressed where that is worth it, and a digest; anew when its time or size is another."""
    plain = Path(path).read_bytes()
    packed = None
    if _media_type(path) in _TEXT_FILES and len(plain) >= SMALLEST:
        packed = gzip.compress(plain, 9, mtime=0)
    return plain, packed if packed is not None and len(packed) < len(plain) else None, sha256(plain).hexdigest()[:32]


def _media_type(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"
