"""Receipts as JSON: what a funding source understands is checked, and booked as the form of its page is."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from guyub.funds import receipts
from guyub.funds.receipts import CheckedReceipt
from guyub.http import Clock, FacilityWork
from guyub.http.problems import OF_WRITING
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.sdk.text import Text

api = APIRouter(prefix="/f/{facility}/receipts")


_KEY = r"^[a-z][a-z0-9_]{0,62}$"
KeyOfSource = Annotated[str, Path(pattern=_KEY, description="The funding source of the plugin, such as csr.")]
KeyOfReceipt = Annotated[str, Path(pattern=_KEY, description="The kind of receipt, such as csr_goods.")]


class ReceiptIn(BaseModel):
    """``form`` has the fields of the receipt, as the README of its plugin explains them; ``late`` books one of a month that is
    closed today, ``again`` one that was recorded before."""

    model_config = ConfigDict(extra="forbid")

    form: dict[str, Any]
    late: bool = False
    again: bool = False


class ReceivedOut(BaseModel):
    """Goods of a receipt in the unit of the goods: ``accepted`` of what ``arrived`` enters the stock."""

    code: str
    unit: str
    arrived: Decimal
    damaged: Decimal
    accepted: Decimal
    value: int


class StandingOut(BaseModel):
    """How the promise of an agreement stands with this receipt; ``beyond`` is what arrived more than was promised."""

    code: str
    unit: str
    promised: Decimal
    arrived: Decimal
    expected: Decimal
    beyond: Decimal


class ReceiptOut(BaseModel):
    """A receipt as it is booked, or with ``preview`` as it would be; ``known`` are the documents of those recorded before,
    ``differences`` say which values are far from what was paid last."""

    booked: bool
    fund: str
    money: int
    goods: list[ReceivedOut]
    promised: list[StandingOut]
    received_on: date
    booked_on: date
    known: list[str]
    differences: list[Text]


@api.post("/{plugin}/{source}/{kind}", status_code=201, responses=OF_WRITING)
def receive(
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    plugin: PluginSlug,
    source: KeyOfSource,
    kind: KeyOfReceipt,
    asked: ReceiptIn,
    preview: bool = False,
) -> ReceiptOut:
    """Books a receipt of a funding source; with `preview` it is only checked. 422 with the field where it is not acceptable."""
    today = clock.today(work)
    checked = receipts.check(work, plugins, plugin, source, kind, asked.form, today, late=asked.late)
    if not preview:
        receipts.receive(work, plugins, plugin, source, kind, asked.form, today, late=asked.late, again=asked.again)
    return described(checked, booked=not preview)


def described(checked: CheckedReceipt, *, booked: bool) -> ReceiptOut:
    """Returns a receipt as JSON has it."""
    posting = checked.posting
    return ReceiptOut(
        booked=booked,
        fund=posting.fund.code,
        money=posting.money,
        goods=[
            ReceivedOut(
                code=line.code,
                unit=line.unit,
                arrived=line.quantity,
                damaged=line.damaged,
                accepted=line.accepted,
                value=line.value,
            )
            for line in posting.goods
        ],
        promised=[
            StandingOut(
                code=goods.code,
                unit=goods.unit,
                promised=goods.promised or Decimal(0),
                arrived=goods.arrived,
                expected=goods.expected,
                beyond=goods.beyond,
            )
            for goods in checked.promised
        ],
        received_on=posting.received_on,
        booked_on=checked.booked_on,
        known=[known.evidence for known in checked.recorded_before],
        differences=list(checked.differences),
    )
