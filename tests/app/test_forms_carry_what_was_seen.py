"""Every form that writes says what its reader saw, or is named here with the reason why it need not."""

import inspect
import re
import sys
from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute

from guyub.app.rooms import ROOMS

SAYS_IT = re.compile(r'\bseen_in\(|\bversion_of\(|text_of\(form, "seen"\)|word\(form, "seen"\)|\bSEEN\b')
BY_DIGEST = "the plan that was read is applied, or none: its digest goes with the form"
NEW = "makes something new of what is typed; nothing that was read is overwritten"
OWN = "concerns the reader alone, and only they change it"
ONCE = "a record that never changes, which the address names, is decided once"
UNBOUND = {
    "/region/{region}/reminders": NEW,
    "/f/{facility}/reminders/{reminder}/seen": ONCE,
    "/f/{facility}/households": "searches by a number that no address may hold; nothing is written",
    "/f/{facility}/households/new": NEW,
    "/f/{facility}/households/{household_id}/reveal/{what}": "reveals, with a reason; nothing is written but the audit log",
    "/f/{facility}/programs/{plugin}/open": NEW,
    "/f/{facility}/cycles/{cycle}/replacements": "names the reserve that was read as the next one",
    "/f/{facility}/cycles/{cycle}/replacements/{replacement}/confirm": ONCE,
    "/f/{facility}/cycles/{cycle}/replacements/{replacement}/decline": ONCE,
    "/f/{facility}/cycles/{cycle}/documents": "makes documents of what holds, kept beside the earlier ones",
    "/f/{facility}/funds/stock/takes/{year:int}/{number:int}/documents": "makes documents of what holds",
    "/f/{facility}/funds/fund/{code}/receipts/{year:int}/{number:int}/documents": "makes documents of what holds",
    "/f/{facility}/funds/goods": NEW,
    "/region/{region}/goods": NEW,
    "/f/{facility}/funds/receive/{plugin}/{source}/{kind}": NEW,
    "/f/{facility}/funds/purchases/{cycle}/notes/{year:int}/{number:int}/cancel": ONCE,
    "/f/{facility}/funds/purchases/{cycle}/requests": NEW,
    "/f/{facility}/funds/purchases/{cycle}/requests/{asked_id}": ONCE,
    "/f/{facility}/funds/stock/takes/{year:int}/{number:int}/reverse": ONCE,
    "/f/{facility}/profile/close": "closes for good once; a facility that is closed, or has open months or money, is refused",
    "/f/{facility}/profile/reopen": "undoes the closing that stands; a facility that is open is refused",
    "/region/{region}/facilities/new": NEW,
    "/f/{facility}/plugins/managed-by": "sets one of two states, which the button names",
    "/region/{region}/configuration/managed-by/facilities": "sets one of two states, which the button names",
    "/region/{region}/configuration/managed-by": "sets one of two states, which the button names",
    "/f/{facility}/plugins/{slug}/activate": BY_DIGEST,
    "/f/{facility}/plugins/{slug}/deactivate": BY_DIGEST,
    "/f/{facility}/plugins/{slug}/configure": BY_DIGEST,
    "/region/{region}/plugins/{slug}/configure": BY_DIGEST,
    "/f/{facility}/plugins/{slug}/reset/{field}": BY_DIGEST,
    "/region/{region}/plugins/{slug}/reset/{field}": BY_DIGEST,
    "/region/{region}/configuration/changes/{id}/revert": BY_DIGEST,
    "/region/{region}/configuration/templates/new": NEW,
    "/region/{region}/configuration/templates/{id}": "the address names the version of the template that was read",
    "/region/{region}/configuration/templates/{id}/retire": "the address names the version of the template that was read",
    "/account/tokens": OWN,
    "/account/tokens/{token}/revoke": OWN,
    "/f/{facility}/purpose": OWN,
    "/f/{facility}/purpose/end": OWN,
}


def source_of(handler: Callable[..., Any], seen: set[Callable[..., Any]] | None = None) -> str:
    """The source of a handler with that of the functions of its module that it calls."""
    known = set() if seen is None else seen
    plain = inspect.unwrap(handler)
    if plain in known:
        return ""
    known.add(plain)
    text = inspect.getsource(plain)
    module = sys.modules[plain.__module__]
    called = (getattr(module, name, None) for name in set(re.findall(r"\b(\w+)\(", text)))
    return text + "".join(
        source_of(function, known)
        for function in called
        if inspect.isfunction(function) and function.__module__ == module.__name__
    )


def handlers() -> dict[str, Callable[..., Any]]:
    """What takes the forms of the rooms, by address."""
    routes = [route for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)]
    return {route.path: route.endpoint for route in routes if "POST" in route.methods}


def test_every_form_says_what_its_reader_saw_or_has_a_reason():
    silent = {path for path, handler in handlers().items() if not SAYS_IT.search(source_of(handler))}
    assert silent == set(UNBOUND)


def test_every_reason_is_of_a_form_that_there_is():
    assert set(UNBOUND) <= set(handlers())
    assert len(UNBOUND) < len(handlers()) * 2 / 3
