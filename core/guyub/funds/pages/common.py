"""Parts that the pages of funds share: months in addresses, what forms send."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.datastructures import FormData

from guyub.db.unit_of_work import Work
from guyub.funds import added_money, promises
from guyub.funds.promises import ToBuy
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import NotFound
from guyub.ui.parsing import parse_month
from guyub.ui.typed_values import rupiah_at, unread_month

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


def amount_to_add(work: Work, lines: Sequence[ToBuy], item: str, text: str, on: date) -> int:
    """Returns the money that is added for an item, as it was typed. Raises ``Invalid`` at "amount" for nothing, and for more than
    its funds may give on a day."""
    amount = rupiah_at(text, "amount")
    if amount <= 0:
        raise FundsRefusal.RUPIAH.invalid("amount")
    of_item = [line for line in lines if line.item == item]
    if of_item:
        added_money.demand_free(of_item, amount, promises.free_money(work, [line.fund_id for line in of_item], on))
    return amount
