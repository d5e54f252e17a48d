"""Reads what is sent: how much of it a route takes, and the form as handlers read it."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData

BODY = 1024 * 1024
"""Bytes of a form or of JSON, unless the route takes more."""
LARGER_BODY = "guyub_takes_up_to"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def takes_up_to(most: int) -> Callable[[_Endpoint], _Endpoint]:
    """Lets a route take larger bodies than others; it stands below its ``@router.post(…)``."""

    def marked(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, LARGER_BODY, most)
        return endpoint

    return marked


SECRET_FIELDS = "_secret"  # noqa: S105 - the name of a field
"""Under this name a form tells which of its fields are passwords or other secrets: no page ever shows their values."""


async def form_data(request: Request) -> FormData:
    """Returns what was sent, without control signs but for tabs and line breaks: people do not type them, and no document
    prints them."""
    sent = await request.form()
    return FormData(
        [
            (name, _CONTROLS.sub("", value) if isinstance(value, str) else value)
            for name, value in sent.multi_items()
            if name != SECRET_FIELDS
        ]
    )


FormInput = Annotated[FormData, Depends(form_data)]
