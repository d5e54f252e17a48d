"""A form counts once: what was sent from one page with the same content is the same form, however often it comes.

The token of a page is drawn anew each time that it is shown, so token, address and content name a form. Whoever takes it
waits for those who take the same (an advisory lock); once it has led somewhere, those after it are led there too.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from fastapi import Request
from sqlalchemy import LargeBinary, Text, func, literal, select
from starlette.datastructures import FormData, UploadFile

from guyub.db.unit_of_work import Work
from guyub.http.addresses import address_of

_OWN_ANSWER = "guyub_answers_repeats_itself"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


class SentBefore(Exception):
    """This very form has done what it was sent for; ``led_to`` is where its sender was led."""

    def __init__(self, led_to: str) -> None:
        super().__init__(led_to)
        self.led_to = led_to


def answers_repeats_itself(endpoint: _Endpoint) -> _Endpoint:
    """Marks a route that sees by itself that something is done already and says by whom; it stands below its
    ``@router.post(…)``."""
    setattr(endpoint, _OWN_ANSWER, True)
    return endpoint


def key_of_form(request: Request) -> bytes | None:
    """Returns what names the form of this request; None where none was sent from a page."""
    sent: FormData | None = getattr(request.state, "sent", None)
    token = sent.get("csrf_token") if sent is not None else None
    if sent is None or not isinstance(token, str) or hasattr(request.scope.get("endpoint"), _OWN_ANSWER):
        return None
    parts = [address_of(request), *(f"{name}={_content(value)}" for name, value in sent.multi_items())]
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8) + encoded)
    return digest.digest()


def _content(value: str | UploadFile) -> str:
    return value if isinstance(value, str) else f"{value.filename} {value.size}"


def refuse_repeat(work: Work, key: bytes) -> None:
    """Waits for those who take the same form. Raises ``SentBefore`` once it has been taken."""
    led_to = work.scalar(select(func.guyub.where_form_led(literal(key, LargeBinary)).cast(Text)))
    if led_to is not None:
        raise SentBefore(led_to)


def keep_form(work: Work, key: bytes, led_to: str) -> None:
    """Remembers that a form has done what it was sent for, with the transaction that did it."""
    work.scalar(select(func.guyub.keep_form(literal(key, LargeBinary), led_to)))
