"""Files for the reader, and whether a table of a page is asked for as one."""

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from guyub.ui.table_files import FILES

_PIECE = 64 * 1024


def download(content: bytes, filename: str, media_type: str, *, inline: bool = False) -> Response:
    """Returns a file for the reader; ``inline`` opens it in the browser where the browser can."""
    place = "inline" if inline else "attachment"
    return Response(
        content, media_type=media_type, headers={"content-disposition": f"{place}; filename*=utf-8''{quote(filename)}"}
    )


def stream(content: IO[bytes], filename: str, media_type: str) -> Response:
    """Returns a file of any length for the reader, sent piece by piece; it is closed at its end."""
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(filename)}"}
    return StreamingResponse(_pieces(content), media_type=media_type, headers=headers)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(_PIECE):
            yield piece


def exports(request: Request) -> bool:
    """Returns whether a table of the page is asked for as a file: then the work may take longer than a page does."""
    return request.method == "GET" and request.query_params.get("export", "") in FILES
