"""The flash: a sentence that the next page shows once. It travels in a sealed cookie."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request
from starlette.responses import Response

from guyub.http.app_state import state
from guyub.http.cookies import set_cookie
from guyub.http.signing import seal, unseal
from guyub.sdk.text import Text
from guyub.ui.render import Flash

FLASH_COOKIE = "guyub_flash"


def put_flash(request: Request, answer: Response, flash: Text, kind: str) -> None:
    text = urlsafe_b64encode(json.dumps([kind, flash.id, flash.en]).encode()).decode()
    set_cookie(request, answer, FLASH_COOKIE, seal(state(request).service_key, "flash", text), max_age=60)


def flash_of(request: Request) -> Flash | None:
    """Returns the flash that the answer before left; None without one, and for a cookie that is not ours."""
    text = unseal(state(request).service_key, "flash", request.cookies.get(FLASH_COOKIE, ""))
    if text is None:
        return None
    kind, in_indonesian, in_english = json.loads(urlsafe_b64decode(text))
    return Flash(kind, Text(id=in_indonesian, en=in_english))
