"""Parts that the pages of funds share: months in addresses, what forms send."""

from collections.abc import Mapping
from datetime import date

from starlette.datastructures import FormData

from guyub.sdk.errors import NotFound
from guyub.ui.parsing import parse_month
from guyub.ui.typed_values import unread_month

CONFIRMED, CHANGE = "_confirmed", "_change"
"""What the buttons of a page that checks first send: book it, or go back to the form."""


def month_of(text: str) -> date:
    """Returns the first day of a month in an address. Raises ``NotFound``."""
    try:
        return parse_month(text)
    except ValueError as error:
        refusal = unread_month(error)
        raise NotFound(refusal.code, refusal.what, refusal.remedy) from None


def word(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def is_ticked(form: FormData, name: str) -> bool:
    return bool(word(form, name))


def carried_on(form: FormData, *boxes: str) -> Mapping[str, str]:
    """Returns what a page that checks first sends on: all that was typed, but for its own ``boxes`` and buttons."""
    own = ("csrf_token", *boxes)
    return {name: value for name, value in typed(form).items() if name not in own and not name.startswith("_")}


def typed(form: FormData) -> Mapping[str, str]:
    """Returns what was typed, to show it again beside what is wrong."""
    return {name: value for name, value in form.items() if isinstance(value, str)}
