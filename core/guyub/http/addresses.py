"""Addresses within this application; none leads elsewhere."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request


def address_of(request: Request) -> str:
    """Returns the path of the request with what follows it."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def keep_in_address(request: Request, **values: object) -> None:
    """Writes into the address of the page in view what it was read as, so that its files and its switches of language
    and look are of the same."""
    request.state.kept_in_address = {name: str(value) for name, value in values.items()}


def asked_again_as(request: Request, **values: object) -> None:
    """Writes into the address of a page that a form asked for what asks for it without the form: so its tables come as files.
    Like ``keep_in_address``."""
    keep_in_address(request, **values)
    request.state.is_asked_by_address = True


def can_be_asked_again(request: Request) -> bool:
    """Returns whether the address in view alone shows the page in view."""
    return request.method == "GET" or getattr(request.state, "is_asked_by_address", False)


def address_in_view(request: Request) -> str:
    """Returns the address with what ``keep_in_address`` names in it."""
    kept: dict[str, str] = getattr(request.state, "kept_in_address", {})
    if not kept:
        return address_of(request)
    query = [pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] not in kept]
    return f"{request.url.path}?{urlencode([*query, *kept.items()])}"


def way_back(request: Request) -> str:
    """Returns the page of ours that the reader came from, else the beginning."""
    referer = urlsplit(request.headers.get("referer", ""))
    if referer.netloc != request.headers.get("host", ""):
        return "/"
    return local_path(f"{referer.path}?{referer.query}" if referer.query else referer.path)


def local_path(path: str) -> str:
    """Returns the path itself when it stays within this application, else the beginning: no redirect leads elsewhere."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_local else "/"
